"""XML, clinical documents, HTML and RTF, with a canary wherever a string may stand."""

import base64
import re
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

from conformance.sample import Sample


def xml(canary):
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<!-- {canary()} -->
<?note {canary()}?>
<!DOCTYPE registry [<!ELEMENT registry ANY> <!-- {canary()} -->]>
<registry xmlns="urn:example:registry" xmlns:x="urn:example:other">
  <row code='{canary()}' x:code="{canary()}">
    <word>{canary()}</word>
    <word><![CDATA[{canary()}]]></word>
    <words>stable <b>words</b> &amp; {canary()}</words>
    <page>&lt;p&gt;{canary()}&lt;/p&gt;</page>
    <data>{base64.b64encode(("stable words " * 20 + canary()).encode()).decode()}</data>
  </row>
</registry>
""".encode()


def cda(canary):
    inner = base64.b64encode(f"stable words\n{canary()}\n".encode()).decode()
    return f"""<?xml version="1.0"?>
<?xml-stylesheet type="text/xsl" href="CDA.xsl"?>
<ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
  <templateId root="2.16.840.1.113883.10.20.22.1.1" extension="2015-08-01"/>
  <code code="34133-9" codeSystem="2.16.840.1.113883.6.1" displayName="Summary"/>
  <title>Summary {canary()}</title>
  <recordTarget><patientRole>
    <telecom value="mailto:{canary()}" use="HP"/>
    <patient><languageCommunication><languageCode code="en-US"/></languageCommunication></patient>
  </patientRole></recordTarget>
  <component><structuredBody><component><section>
    <!-- {canary()} -->
    <title>Notes</title>
    <text>
      <table><thead><tr><th>Word</th></tr></thead>
        <tbody><tr><td ID="w1">stable <content styleCode="Bold">{canary()}</content></td></tr></tbody>
      </table>
      <list><item>{canary()}</item></list>
      <paragraph>{canary().replace("@", "<sub>@</sub>")}</paragraph>
      <linkHtml href="mailto:{canary()}">stable</linkHtml>
    </text>
    <entry><observation classCode="OBS" moodCode="EVN">
      <value xsi:type="ST">{canary()}</value>
      <value xsi:type="PQ" value="7.4" unit="g/dL"/>
      <value xsi:type="ED" mediaType="text/plain" representation="B64">{inner}</value>
    </observation></entry>
  </section></component></structuredBody></component>
</ClinicalDocument>
""".encode()


def html(canary):
    data = base64.b64encode(f"stable words {canary()}".encode()).decode()
    return f"""<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>stable {canary()}</title>
<meta name="description" content="{canary()}">
<style>p {{ color: red }} /* {canary()} */</style>
<script>const word = "{canary()}";</script>
<script type="application/ld+json">{{"word": "{canary()}"}}</script>
</head><body data-word="{canary()}"><!-- {canary()} -->
<p title='{canary()}'>stable <b>words</b> &amp; {canary()}
<p>{canary().replace("@", "<i>&#64;</i>")}<br>
<table><tr><th>Word<th>Next<tr><td>{canary()}<td>stable</table>
<a href="mailto:{canary()}">stable</a> <input name=word value={canary()}>
<textarea>{canary()}</textarea> <{canary()}> <img alt="{canary()}" src="stable">
<a href="data:text/plain;base64,{data}">stable</a>
</body></html>
""".encode()


def rtf(canary):
    spelt = "".join(f"\\'{ord(c):02x}" for c in canary())
    wide = "".join(f"\\u{ord(c)}?" for c in canary())
    first, at, last = canary().partition("@")
    return (
        r"{\rtf1\ansi\ansicpg1252\deff0\uc1{\fonttbl{\f0\fnil\fcharset0 Arial;}}"
        rf"{{\*\revtbl {{Unknown;}}{{{canary()};}}}}"
        rf"{{\info{{\title stable {canary()}}}{{\author {canary()}}}}}"
        rf"{{\*\userprops{{\propname word}}\proptype30{{\staticval {canary()}}}}}"
        "\n"
        rf"{{\header {canary()}\par}}\pard\plain\f0 stable {spelt} words\par "
        rf"{wide}\par {{\b {first}}}{at}{{\i {last}}}\line {{\v {canary()}}}\par"
        "\n"
        rf"{{\field{{\*\fldinst{{HYPERLINK \"mailto:{canary()}\"}}}}{{\fldrslt stable}}}}"
        rf"{{\footnote {canary()}}}{{\*\bkmkstart {canary()}}}{{\*\annotation {canary()}}}\par "
        rf"\trowd\cellx1\pard\intbl {canary()}\cell\row\pard "
        rf"{{\*\oldcprops {canary()}}}{{\deleted {canary()}}}\par"
        "}\n"
    ).encode()


def unpacked_base64(data):
    for match in re.finditer(rb"[A-Za-z0-9+/]{24,}={0,2}", data):
        text = match[0]
        yield base64.b64decode(text + b"=" * (-len(text) % 4))
    text = re.sub(rb"</?(?:sub|i)>|&#64;", lambda m: b"@" if m[0] == b"&#64;" else b"", data)
    yield text


def shape(element):
    return element.tag, sorted(element.attrib), [shape(each) for each in element]


def elements(data):
    return shape(ET.fromstring(data))  # noqa: S314 - made above


class Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.seen = []

    def handle_starttag(self, tag, attrs):
        if "@" not in tag and not tag.startswith(("zq", "stable", "[")):
            self.seen.append((tag, [name for name, _ in attrs]))


def tags(data):
    parser = Tags()
    parser.feed(data.decode())
    return parser.seen


def words(data):
    plain = re.sub(rb"\\u-?\d+\?|\\'[0-9a-f]{2}", b"", data)
    return data.count(b"{"), data.count(b"}"), re.findall(rb"\\[a-z]+-?\d*|\\\*", plain)


def rtf_text(data):
    yield re.sub(rb"\\'([0-9a-f]{2})", lambda m: bytes([int(m[1], 16)]), data)
    yield re.sub(rb"\\u(\d+)\?", lambda m: bytes([int(m[1])]), data)
    yield re.sub(rb"\}@\{\\i ", b"@", data)


SAMPLES = [
    Sample("registry.xml", xml, elements, unpacked_base64, 10),
    Sample("summary.ccda", cda, elements, unpacked_base64, 9),
    Sample("page.html", html, tags, unpacked_base64, 15),
    Sample("letter.rtf", rtf, words, rtf_text, 15),
]

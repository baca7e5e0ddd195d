"""XML, clinical documents, HTML and RTF of about a size, and their bare parsers."""

from html.parser import HTMLParser
from pathlib import Path
from xml.parsers import expat

ENTRY = """<entry typeCode="DRIV"><observation classCode="OBS" moodCode="EVN">
<templateId root="2.16.840.1.113883.10.20.22.4.2" extension="2015-08-01"/>
<id root="2.16.840.1.113883.19.5" extension="RES-{n}"/>
<code code="718-7" codeSystem="2.16.840.1.113883.6.1" displayName="Hemoglobin"/>
<effectiveTime value="2019{m:02}03"/><value xsi:type="PQ" value="13.{m}" unit="g/dL"/>
</observation></entry>
"""
ROW = "<tr><td>Result {n}</td><td>03/{m:02}/2019</td><td>seen <b>with</b> Dr. Thorn</td></tr>\n"
PARAGRAPH = "\\pard Result {n} of 03/{m:02}/2019: seen {{\\b with}} Dr. Thorn\\'2e\\par\n"


def _write(path: Path, megabytes: int, head: str, each: str, tail: str) -> None:
    with path.open("w", encoding="utf-8") as file:
        size, n = file.write(head), 0
        while size < megabytes << 20:
            size += file.write(each.format(n=n, m=n % 12 + 1))
            n += 1
        file.write(tail)


def cda(path: Path, megabytes: int) -> None:
    head = (
        '<?xml version="1.0"?>\n<ClinicalDocument xmlns="urn:hl7-org:v3"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><recordTarget><patientRole>'
        '<id root="2.16.840.1.113883.19.5" extension="MRN-5521"/></patientRole></recordTarget>'
        "<component><structuredBody><component><section>"
    )
    tail = "</section></component></structuredBody></component></ClinicalDocument>"
    _write(path, megabytes, head, ENTRY, tail)


def html(path: Path, megabytes: int) -> None:
    _write(path, megabytes, "<!DOCTYPE html><table>\n", ROW, "</table>\n")


def rtf(path: Path, megabytes: int) -> None:
    _write(path, megabytes, "{\\rtf1\\ansi\n", PARAGRAPH, "}")


def bare_xml(path: Path) -> None:
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda *_: None
    parser.CharacterDataHandler = lambda _: None
    parser.Parse(path.read_bytes(), True)


def bare_html(path: Path) -> None:
    HTMLParser().feed(path.read_text(encoding="utf-8"))


def bare_rtf(path: Path) -> None:
    path.read_bytes().decode("latin-1")


CASES = [("xml", cda, bare_xml), ("html", html, bare_html), ("rtf", rtf, bare_rtf)]

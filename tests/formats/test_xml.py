"""XML and clinical documents: what is searched, what it is called, and that the rest stays."""

import base64

import pytest

from formats.reading import edited, open_bytes, read, read_until_error, rewritten, texts
from phisweep.formats.base import ReadOptions
from phisweep.model import Edit

CDA = b"""<?xml version='1.0' encoding="UTF-8"?>\r
<ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
 <id root="2.16.840.1.113883.19.5" extension="DOC-77"/>
 <recordTarget><patientRole>
  <id root="2.16.840.1.113883.4.1" extension="900-55-0117"/>
  <id extension='MRN-5521' root="2.16.840.1.113883.19.5.9"/>
  <telecom value="tel:+1(555)555-0117" use="HP"/>
  <patient><name><given>Zephyrine</given><family>Quillfeather</family></name>
   <birthTime value="19480325"/></patient>
 </patientRole></recordTarget>
 <author><assignedAuthor><id root="2.16.840.1.113883.4.6" extension="1234567893"/>
  <assignedPerson><name>Dr. <given>Barnaby</given> <family>Thorn</family></name></assignedPerson>
 </assignedAuthor></author>
 <component><structuredBody><component><section>
  <text><table><thead><tr><th>Provider</th><th>Date</th></tr></thead><tbody><tr>
   <td>Bar<content>naby</content> Thorn</td><td>March 3,
     2019</td></tr></tbody></table>
   <list><item>one &amp; <sub>two</sub><br/>three</item></list></text>
  <entry><observation><value xsi:type="IVL_TS"><low value="20190303"/></value>
   <value xsi:type="PQ" value="93" unit="a"/></observation></entry>
 </section></component></structuredBody></component>
</ClinicalDocument>
"""
AWKWARD = (
    b"<a/>",
    b'\xef\xbb\xbf<a b=\'"\' c="&lt;&#10;&#x41;"><![CDATA[<x>]]>&gt;<!-- -- --></a>'.replace(
        b" -- ", b" - "
    ),
    b"<?xml version='1.0'?><?pi x?><!DOCTYPE a [<!ELEMENT a ANY>]><x:a xmlns:x='u'>t<x:b/>u</x:a>\r\n",
    "<?xml version='1.0' encoding='UTF-16'?><a>\u00e9\U0001f600</a>".encode("utf-16"),
    "<?xml version='1.0' encoding='ISO-8859-1'?><a b='\u00e9'>\u00fc</a>".encode("latin-1"),
    b"",
    CDA,
)


def by_address(chunks):
    return {text.location.address: text for text in texts(chunks)}


@pytest.mark.parametrize("data", AWKWARD)
def test_without_edits_every_byte_stays(data):
    assert rewritten(read("x.xml", data)) == data


def test_one_edit_changes_its_text_and_nothing_else():
    chunks = read("x.xml", b"<a>\n <b c='one'>two &amp; three</b><!--four--></a>")
    out = edited(
        chunks, {"/a[1]/b[1]": [Edit(4, 5, "<\u00e9>")], "/a[1]/b[1]/@c": [Edit(0, 3, "'")]}
    )
    assert out.decode() == "<a>\n <b c='&apos;'>two &lt;\u00e9&gt; three</b><!--four--></a>"


def test_what_a_code_lacks_is_written_as_a_number():
    data = "<?xml version='1.0' encoding='ISO-8859-1'?><a>\u00e9</a>".encode("latin-1")
    out = edited(read("x.xml", data), {"/a[1]": [Edit(0, 1, "\u0416")]})
    assert out.endswith(b"<a>&#1046;</a>")


def test_a_patient_s_places_labels_and_owner_are_told():
    found = by_address(read("x.ccda", CDA))
    patient = "/ClinicalDocument[1]/recordTarget[1]/patientRole[1]"
    family = found[f"{patient}/patient[1]/name[1]/family[1]"]
    assert (family.label, family.owner) == ("family", "MRN-5521")
    assert family.path == "cda:recordTarget.patientRole.patient.name.family"
    assert found[f"{patient}/id[1]/@extension"].path.endswith("id.@extension-ssn")
    assert found[f"{patient}/id[2]/@extension"].label == "mrn"
    assert found[f"{patient}/telecom[1]/@value"].text == "+1(555)555-0117"
    assert found[f"{patient}/patient[1]/birthTime[1]/@value"].label == "birth_date"
    assert all(text.owner == "MRN-5521" for text in found.values() if text.path.startswith("cda:"))


def test_a_document_of_two_patients_is_nobody_s():
    two = CDA.replace(b"</recordTarget>", b"</recordTarget><recordTarget><patientRole>"
                      b"<id extension='OTHER'/></patientRole></recordTarget>")  # fmt: skip
    assert {text.owner for text in texts(read("x.xml", two))} == {""}


def test_names_with_words_and_elements_in_them_are_one_text():
    found = {text.text: text for text in texts(read("x.xml", CDA))}
    assert "Dr. Barnaby Thorn" in found
    assert found["Dr. Barnaby Thorn"].label == "provider_name"
    assert found["1234567893"].path == "cda:author.assignedAuthor.id.@extension-npi"
    assert found["20190303"].path.endswith("value-TS.low.@value")
    assert found["93"].label == "age"


def test_a_narrative_s_cells_are_joined_and_labelled_by_their_headings():
    found = {text.text: text for text in texts(read("x.xml", CDA))}
    assert found["Barnaby Thorn"].label == "Provider"
    assert found["March 3, 2019"].label == "Date"
    assert "one & two\nthree" in found


def test_an_edit_over_an_inline_tag_leaves_the_tag():
    chunks = read("x.xml", CDA)
    cell = next(text for text in texts(chunks) if text.text == "Barnaby Thorn")
    out = edited(chunks, {cell.location.address: [Edit(0, 13, "[NAME]")]})
    assert out == CDA.replace(b"Bar<content>naby</content> Thorn", b"[NAME]<content></content>")


def test_a_document_in_base64_is_opened_and_closed_again():
    inner = base64.b64encode(b"seen by quill@example.org today")
    data = b"<a><text mediaType='text/plain' representation='B64'>" + inner + b"</text></a>"
    chunks = read("x.xml", data)
    assert rewritten(chunks) == data
    block = next(text for text in texts(chunks) if "quill" in text.text)
    out = edited(chunks, {block.location.address: [Edit(8, 25, "[EMAIL]")]})
    assert base64.b64encode(b"seen by [EMAIL] today") in out


def test_a_name_of_an_element_is_searched_and_renamed_everywhere():
    chunks = read("x.xml", b"<a><quill x='1'>t</quill><quill/></a>")
    key = next(text for text in texts(chunks) if text.kind == "key" and text.text == "quill")
    out = edited(chunks, {key.location.address: [Edit(0, 5, "[NAME]")]})
    assert out == b"<a><_NAME_ x='1'>t</_NAME_><_NAME_/></a>"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"<a><b>quill", "E210"),
        (b"<a>x</b>", "E210"),
        (b"<!DOCTYPE a [<!ENTITY x 'lol'>]><a>&x;</a>", "E219"),
        (b"<a>" * 300 + b"</a>" * 300, "E209"),
        (b"<?xml version='1.0' encoding='x-none'?><a/>", "E203"),
        (b"<a>\xff\xfe\xc3\xa9</a>", "E203"),
        (b"<a>\0</a>", "E204"),
    ],
)
def test_what_is_wrong_is_an_error_without_a_value(data, code):
    _, error = read_until_error("x.xml", data)
    assert f"[{code}]" in error
    assert "quill" not in error


def test_what_cannot_be_parsed_is_searched_all_the_same():
    chunks, error = read_until_error("x.xml", b"<a><b>one</b><c>two quill@example.org <")
    assert "[E210]" in error
    assert any("quill@example.org" in text.text for text in texts(chunks))


def test_content_decides_before_the_suffix():
    assert open_bytes("x.txt", CDA).structure == "lines"
    assert len(texts(read("x.csv", b"<?xml version='1.0'?><a>one</a>"))) == 2


def test_small_chunks_give_the_same_texts_and_bytes():
    rows = b"".join(b"<row n='%d'><v>word %d</v></row>" % (i, i) for i in range(3000))
    data = b"<rows>" + rows + b"</rows>"
    small = read("x.xml", data, ReadOptions(chunk_bytes=4096))
    assert len(small) > 5
    assert rewritten(small) == data
    assert [t.text for t in texts(small)] == [t.text for t in texts(read("x.xml", data))]

"""FHIR: every element by its place in the standard, and references that go on naming what they named."""

import base64
import json
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from formats.reading import edited, open_bytes, read, read_until_error, rewritten, texts
from phisweep.analysis import Job
from phisweep.config import Config
from phisweep.formats.base import EMPTIED, ReadOptions
from phisweep.formats.choose import choose_format
from phisweep.keys import Key
from phisweep.model import Edit, Media, Source
from phisweep.pipeline import Worker
from phisweep.ruleset.schema import Treatment
from phisweep.session import Session
from phisweep.transform.codes import random_codes

TINY = ReadOptions(chunk_bytes=8)
UUID = "00000000-1111-2222-3333-{:012d}"
PATIENT, VISIT = UUID.format(1), UUID.format(2)


def entry(url, resource):
    return {"fullUrl": url, "resource": resource}


def bundle(*entries, **more):
    return json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries} | more)


def found(data):
    return {t.location.address: t for t in texts(read("x.json", data.encode()))}


def of(resource):
    return found(json.dumps(resource))


BUNDLE = bundle(
    entry(
        f"urn:uuid:{PATIENT}",
        {
            "resourceType": "Patient",
            "id": PATIENT,
            "identifier": [{"type": {"coding": [{"code": "MR"}]}, "value": "10203040"}],
            "name": [{"family": "Quill", "given": ["Tamsin", "Odo"]}],
            "birthDate": "1950-03-04",
        },
    ),
    entry(
        f"urn:uuid:{VISIT}",
        {
            "resourceType": "Encounter",
            "id": VISIT,
            "status": "finished",
            "subject": {"reference": f"urn:uuid:{PATIENT}", "display": "Tamsin Quill"},
            "period": {"start": "2021-03-04T10:11:12Z"},
        },
    ),
    entry(
        f"https://ehr.example/fhir/Observation/{UUID.format(3)}",
        {
            "resourceType": "Observation",
            "id": UUID.format(3),
            "code": {"coding": [{"system": "http://loinc.org", "code": "8302-2"}]},
            "subject": {"reference": f"urn:uuid:{PATIENT}"},
            "encounter": {"reference": f"urn:uuid:{VISIT}"},
            "hasMember": [{"reference": f"https://ehr.example/fhir/Observation/{UUID.format(3)}"}],
            "valueQuantity": {"value": 170, "unit": "cm"},
        },
    ),
)

UNCHANGED = {
    "numbers as they are written": '{"resourceType":"Observation","valueQuantity":{"value":1.7E+2,'
    '"low":476.90}}',
    "spaces": ' \r\n{ "resourceType" :\t"Patient" ,"name":[ ] }\n\n',
    "escapes": r'{"resourceType":"Patient","name":[{"family":"Qu\u00efll\/\ud83d\ude00"}]}',
    "a narrative": json.dumps(
        {"resourceType": "Patient", "text": {"div": "<div>a<b>b</b>&amp;<br/>\u00fc <5 </div>"}}
    ),
    "a bundle": json.dumps(json.loads(BUNDLE), indent=3),
    "duplicate keys": '{"resourceType":"Patient","id":"a1","id":"a2","name":[{"text":"a"}]}',
}


@pytest.mark.parametrize("data", UNCHANGED.values(), ids=UNCHANGED)
@pytest.mark.parametrize("options", [ReadOptions(), TINY], ids=["one chunk", "many chunks"])
def test_without_changes_the_bytes_are_the_source_s(data, options):
    for raw in (data.encode(), b"\xef\xbb\xbf" + data.encode()):
        chunks = read("x.json", raw, options)
        assert rewritten(chunks) == raw
        addresses = [t.location.address for t in texts(chunks)]
        assert len(set(addresses)) == len(addresses)


@pytest.mark.parametrize(
    ("name", "data", "expect"),
    [
        ("a.json", '{"resourceType":"Patient"}', "fhir"),
        ("a.txt", '{"id":"1","meta":{},"resourceType":"Patient"}', "fhir"),
        ("a", '{\n "resourceType": "Bundle", "entry": [', "fhir"),
        ("a.json", '{"a":{"resourceType":"Patient"}}', "json"),
        ("a.json", '{"resourceType":"a b"}', "json"),
        ("a.json", '["resourceType"]', "json"),
        ("a.csv", '{"resourceType":"Patient"}\n{"resourceType":"Patient"}\n', "fhir-ndjson"),
        ("a.ndjson", '{"resourceType":"Patient"}\n', "fhir-ndjson"),
        ("a.ndjson", '{"resourceType":"Binary","data":"' + "A" * 70_000, "fhir-ndjson"),
        ("a.json", '{"resourceType":"Binary","data":"' + "A" * 70_000, "fhir"),
        ("a.ndjson", '{"a":"Patient"}\n{"resourceType":"Patient"}\n', "jsonl"),
    ],
)
def test_its_content_decides_whatever_it_is_called(name, data, expect):
    source = Source(Path(name), name, len(data), name, data.encode())
    assert choose_format(source, ReadOptions()).name == expect


def test_every_value_has_its_place_its_owner_and_its_words():
    seen = found(BUNDLE)
    told = {
        a.removeprefix("/entry/"): (t.path.removeprefix("fhir:"), t.owner, t.label)
        for a, t in seen.items()
        if not a.endswith("(key)")
    }
    assert told["0/resource/name/0/family"] == ("Patient.name.family", PATIENT, "family")
    assert told["0/resource/name/0/given/1"] == ("Patient.name.given", PATIENT, "given")
    assert told["0/resource/identifier/0/value"][0] == "Patient.identifier.value.MR"
    assert told["1/resource/subject/display"][:2] == ("Encounter.subject.display.Patient", PATIENT)
    assert told["2/resource/valueQuantity/value"][:2] == (
        "Observation.valueQuantity.value",
        PATIENT,
    )
    assert told["0/fullUrl"][:2] == ("Bundle.entry.fullUrl.Patient", "")
    assert seen["/entry/0/fullUrl"].text == PATIENT
    assert seen["/entry/1/resource/subject/reference"].text == PATIENT
    assert seen["/entry/2/fullUrl"].text == UUID.format(3)
    assert seen["/entry/2/fullUrl/base"].text == "https://ehr.example/fhir"


@pytest.mark.parametrize("element", ["subject", "patient", "beneficiary", "individual"])
@pytest.mark.parametrize("form", ["Patient/p1", "https://a.example/r4/Patient/p1/_history/2"])
def test_whoever_a_resource_is_about_owns_its_texts(element, form):
    seen = of({"note": [{"text": "a"}], "resourceType": "List", element: {"reference": form}})
    assert {t.owner for t in seen.values() if t.kind != "key"} == {"p1"}


def test_nobody_owns_what_is_about_two_or_about_a_professional():
    two = {"resourceType": "Account", "subject": [{"reference": f"Patient/{i}"} for i in "ab"]}
    assert {t.owner for t in of(two).values()} == {""}
    doctor = {"resourceType": "Practitioner", "name": [{"family": "Grove"}]}
    held = {
        "resourceType": "Observation",
        "contained": [doctor, {"resourceType": "Specimen", "note": [{"text": "a"}]}],
        "subject": {"reference": "Patient/p1"},
    }
    seen = of(held)
    assert seen["/contained/0/name/0/family"].owner == ""
    assert seen["/contained/0/name/0/family"].path == "fhir:Practitioner.name.family"
    assert seen["/contained/1/note/0/text"].owner == "p1"


def test_what_stands_beside_a_value_says_what_it_is():
    seen = of(
        {
            "resourceType": "Patient",
            "identifier": [{"system": "http://hl7.org/fhir/sid/us-ssn", "value": "900-00-1234"}],
            "telecom": [{"value": "555-0100", "system": "phone"}, {"value": "x"}],
            "contact": [{"name": {"family": "Grove"}}],
            "extension": [
                {
                    "url": "http://hl7.org/fhir/StructureDefinition/patient-mothersMaidenName",
                    "valueString": "Alder",
                },
                {"valueString": "7", "url": "http://x.example/StructureDefinition/patient-mrn"},
            ],
            "_birthDate": {"extension": [{"url": "b", "valueDateTime": "1950-03-04T01:00:00Z"}]},
        }
    )
    told = {a: (t.path.removeprefix("fhir:Patient."), t.label) for a, t in seen.items()}
    assert told["/identifier/0/value"] == ("identifier.value.SS", "value")
    assert told["/telecom/0/value"] == ("telecom.value.phone", "phone")
    assert told["/telecom/1/value"] == ("telecom.value", "value")
    assert told["/contact/0/name/family"] == ("contact.name.family", "contact_family")
    assert told["/extension/0/valueString"][0] == "extension.mothersMaidenName.valueString"
    assert told["/extension/1/valueString"] == ("extension.valueString", "mrn")
    assert told["/_birthDate/extension/0/valueDateTime"][0] == "birthDate.extension.valueDateTime"


def test_an_observed_age_is_an_age_and_no_measure():
    age = {"coding": [{"system": "http://loinc.org", "code": "30525-0"}]}
    seen = of({"resourceType": "Observation", "code": age, "valueQuantity": {"value": 91}})
    assert seen["/valueQuantity/value"].path == "fhir:Observation.valueQuantity.value.age"


def test_words_of_published_codes_are_told_from_those_of_a_site():
    codes = [
        {"system": "http://loinc.org", "code": "1", "display": "Sodium"},
        {"system": "http://site.example", "code": "2", "display": "Sodium"},
    ]
    seen = of({"resourceType": "Observation", "code": {"coding": codes}})
    shown = [seen[f"/code/coding/{i}/display"] for i in (0, 1)]
    assert [t.path.rpartition(".")[2] for t in shown] == ["published", "display"]
    assert {t.label for t in shown} == {"coding"}


def test_titles_are_running_text_and_names_of_files():
    files = [{"title": "Letter of Tam"}, {"title": "quill_tam.pdf"}]
    seen = of({"resourceType": "List", "note": files})
    assert [seen[f"/note/{i}/title"].kind for i in (0, 1)] == ["prose", "filename"]


def test_an_answer_goes_under_its_question():
    item = {"linkId": "1", "text": "Your name?", "answer": [{"valueString": "Tam Quill"}]}
    seen = of({"resourceType": "QuestionnaireResponse", "item": [{"item": [item]}]})
    assert seen["/item/0/item/0/answer/0/valueString"].label == "Your name?"
    seen = of({"resourceType": "Parameters", "parameter": [{"name": "mrn", "valueString": "7"}]})
    assert seen["/parameter/0/valueString"].label == "mrn"


@pytest.mark.parametrize(
    ("value", "expect"),
    [
        ("Patient/a-1", {"": ("a-1", "Patient")}),
        ("/Patient/a-1", {"": ("a-1", "Patient")}),
        ("Patient/a-1/_history/3", {"": ("a-1", "Patient")}),
        ("urn:uuid:ab-cd", {"": ("ab-cd", "Patient")}),
        ("urn:oid:1.2.3", {"": ("1.2.3", "Patient")}),
        ("#p1", {"": ("p1", "contained.other")}),
        ("http://h.example/x/Patient/a-1", {"": ("a-1", "Patient"), "/base": ("http://h.example/x", "base")}),
        (
            "Practitioner?identifier=http://x.example|77&active=true",
            {
                "/parameter/1/system": ("http://x.example", "system"),
                "/parameter/1": ("77", "search.Practitioner.identifier"),
                "/parameter/2": ("true", "search.Practitioner.active"),
            },
        ),
        ("[URL]/Patient/[MRN-BCDFGHJKLM]", {"/base": ("[URL]", "base"), "": ("[MRN-BCDFGHJKLM]", "Patient")}),
        ("nothing at all", {"": ("nothing at all", "rest")}),
    ],
)  # fmt: skip
def test_the_id_in_a_reference_is_a_block_of_its_own(value, expect):
    seen = of({"resourceType": "Observation", "subject": {"reference": value}})
    at = "/subject/reference"
    told = {
        a.removeprefix(at): (t.text, t.path.removeprefix("fhir:Observation.subject.reference."))
        for a, t in seen.items()
        if a.startswith(at) and t.kind != "key"
    }
    assert told == expect


def test_a_narrative_is_read_through_its_tags_and_keeps_them():
    page = '<div xmlns="http://www.w3.org/1999/xhtml"><p title="of Odo">For Tam<b>sin</b> &amp; Odo</p></div>'
    raw = json.dumps({"resourceType": "Patient", "text": {"div": page}}).encode()
    chunks = read("x.json", raw)
    seen = {t.location.address: t.text for t in texts(chunks)}
    assert seen["/text/div/text/1"].strip() == "For Tamsin & Odo"
    assert seen["/text/div/attribute/1"] == "of Odo"
    out = edited(
        chunks,
        {"/text/div/text/1": [Edit(4, 10, "<X>")], "/text/div/attribute/1": [Edit(3, 6, '"')]},
    )
    page = page.replace("Tam<b>sin</b> &amp;", "&lt;X&gt;<b></b> &amp;").replace(
        "of Odo", "of &quot;"
    )
    assert json.loads(out)["text"]["div"] == page


def test_cells_of_a_narrative_s_table_have_the_head_of_their_column():
    page = (
        "<div><table><tr><th>Name</th><th>Born</th></tr><tr><td>Tam</td><td>1950</td></tr></table>"
        "<table><tr><td>Phone</td><td>555-0100</td></tr></table></div>"
    )
    seen = of({"resourceType": "Patient", "text": {"div": page}})
    told = {t.text: t.label for a, t in seen.items() if "/cell/" in a}
    assert told["Tam"] == "Name"
    assert told["1950"] == "Born"
    assert told["555-0100"] == "Phone"


def attachment(data, kind="text/plain"):
    packed = base64.b64encode(data).decode()
    content = {"attachment": {"data": packed, "contentType": kind}}
    return {"resourceType": "DocumentReference", "content": [content]}


def test_an_attachment_is_decoded_cleaned_and_encoded_again():
    raw = json.dumps(attachment(b"Dear Tam,\nbye")).encode()
    chunks = read("x.json", raw)
    at = "/content/0/attachment/data!text"
    assert [t.text for t in texts(chunks) if t.location.address == at] == ["Dear Tam,\nbye"]
    out = json.loads(edited(chunks, {at: [Edit(5, 8, "[NAME]")]}))
    data = out["content"][0]["attachment"]["data"]
    assert base64.b64decode(data) == b"Dear [NAME],\nbye"


def test_base64_of_a_few_letters_is_decoded_as_well():
    seen = of({"resourceType": "Binary", "contentType": "text/plain", "data": "VGFtIFF1aWxs"})
    assert seen["/data!text"].text == "Tam Quill"


@pytest.mark.parametrize(
    ("data", "kind", "what"),
    [
        (b"\x89PNG\r\n\x1a\n123", "image/png", "picture, image/png"),
        (b"RIFF1234", "audio/wav", "recording, audio/wav"),
        (b"\x00\x01\x02\x03" * 9, "application/x-tam-quill", "application/x-tam-quill"),
    ],
)
def test_what_cannot_be_assessed_is_emptied(data, kind, what):
    chunks = read("x.json", json.dumps(attachment(data, kind)).encode())
    (media,) = [b for c in chunks for b in c.blocks if isinstance(b, Media)]
    if "quill" not in kind:
        assert media.what == what
    out = json.loads(edited(chunks, {media.location.address: EMPTIED}))
    left = base64.b64decode(out["content"][0]["attachment"]["data"])
    assert left
    assert data not in left


def test_base64_that_is_none_and_a_broken_document_are_emptied():
    for bad in (
        {"data": "*** Tam ***"},
        {"data": "JVBERi0xLjQK", "contentType": "application/pdf"},
    ):
        chunks = read("x.json", json.dumps({"resourceType": "Binary"} | bad).encode())
        blocks = [b for c in chunks for b in c.blocks if "data" in b.location.address]
        media = [b for b in blocks if isinstance(b, Media)]
        assert len(media) == 1, blocks
        assert "Tam" not in repr(media)
        assert "Tam" not in edited(chunks, {media[0].location.address: EMPTIED}).decode()


def test_sampled_data_are_numbers_and_no_attachment():
    seen = of({"resourceType": "Observation", "valueSampledData": {"data": "1 2 E 12"}})
    assert seen["/valueSampledData/data"].text == "1 2 E 12"


def test_a_document_in_a_data_url_is_read():
    url = "data:text/plain;base64," + base64.b64encode(b"Dear Tam").decode()
    resource = {"resourceType": "List", "a": {"b": f"see {url}!"}}
    chunks = read("x.json", json.dumps(resource).encode())
    out = json.loads(edited(chunks, {"/a/b/data/1!text": [Edit(5, 8, "X")]}))
    assert base64.b64decode(out["a"]["b"].partition(",")[2][:-1]) == b"Dear X"


def test_lines_of_bulk_data_are_told_by_their_line():
    data = b'{"resourceType":"Patient","id":"p1","name":[{"family":"Quill"}]}\n\n'
    data += b'{"resourceType":"Condition","subject":{"reference":"Patient/p1"},"note":[{"text":"a"}]}\r\n'
    chunks = read("x.ndjson", data, TINY)
    assert rewritten(chunks) == data
    seen = {t.location.address: t for t in texts(chunks)}
    family = seen["line 1: /name/0/family"]
    assert (family.text, family.line, family.col, family.owner) == ("Quill", 1, 56, "p1")
    assert seen["line 3: /subject/reference"].text == "p1"
    assert seen["line 3: /note/0/text"].owner == "p1"
    out = edited(chunks, {"line 3: /subject/reference": [Edit(0, 2, "[X]")]})
    assert out == data.replace(b"Patient/p1", b"Patient/[X]")


@pytest.mark.parametrize("options", [ReadOptions(), TINY], ids=["one chunk", "many chunks"])
def test_a_broken_bundle_is_searched_and_then_fails(options):
    cut = BUNDLE.index("Tamsin Quill") + 40
    chunks, error = read_until_error("x.json", BUNDLE[:cut].encode(), options)
    assert error.startswith("error[E210]: x.json: the JSON ends before it is complete: byte ")
    assert "Tamsin Quill" in {t.text for t in texts(chunks)}
    assert "Quill" not in error
    assert rewritten(chunks) == BUNDLE[:cut].encode()


def test_deep_resources_and_broken_lines_are_errors():
    deep = '{"resourceType":"List","a":' + "[" * 300 + "]" * 300 + "}"
    assert "E209" in read_until_error("x.json", deep.encode())[1]
    lines = b'{"resourceType":"Patient"}\n{"resourceType":"Patient"\n{"resourceType":"Group"}\n'
    chunks, error = read_until_error("x.ndjson", lines)
    assert "E210" in error
    assert rewritten(chunks) == lines


def resolved(raw):
    """Return for each reference of a bundle the number of the entry that it names."""
    entries = json.loads(raw)["entry"]
    urls = {entry["fullUrl"]: i for i, entry in enumerate(entries)}
    ids = {
        f"{e['resource']['resourceType']}/{e['resource']['id']}": i for i, e in enumerate(entries)
    }
    named = []
    todo = [entries]
    while todo:
        value = todo.pop()
        if isinstance(value, dict):
            if isinstance(value.get("reference"), str):
                named.append(urls.get(value["reference"], ids.get(value["reference"])))
            todo += value.values()
        elif isinstance(value, list):
            todo += value
    return named


RELATIVE = bundle(
    entry("https://e.example/Patient/p-10203", {"resourceType": "Patient", "id": "p-10203"}),
    entry(
        "https://e.example/Encounter/v-1020",
        {"resourceType": "Encounter", "id": "v-1020", "subject": {"reference": "Patient/p-10203"}},
    ),
    entry(
        "https://e.example/List/l-1020",
        {
            "resourceType": "List",
            "id": "l-1020",
            "subject": {"reference": "https://e.example/Patient/p-10203"},
            "encounter": {"reference": "Encounter/v-1020"},
        },
    ),
)


@pytest.fixture(scope="module")
def detector():
    return Worker(Session(Config(engine="rules", jobs=1), Key.draw()).spec).detector


@pytest.mark.parametrize("operator", ["code", "hmac-token", "surrogate"])
@pytest.mark.parametrize("data", [BUNDLE, RELATIVE], ids=["urn", "relative"])
def test_references_still_resolve_in_a_copy(data, operator, detector, tmp_path):
    key = Key(b"k" * 32, "the tests")
    spec = Session(Config(engine="rules", jobs=1), key).spec
    policy = spec.policy
    if operator != "code":
        replaced = {n: Treatment(action="replace", operator=operator) for n in ("mrn", "other_id")}
        policy = policy.model_copy(
            update={"method": "expert", "treatments": {**policy.treatments, **replaced}}
        )
    source = tmp_path / "x.json"
    source.write_text(data)
    with random_codes(key) as codes:
        worker = Worker(
            replace(
                spec,
                policy=policy,
                write=True,
                records=False,
                spool=tmp_path,
                codes=codes,
                surrogates=operator == "surrogate",
            ),
            detector,
        )
        job = Job(Source(source, "x.json", len(data), "x.json"), tmp_path / "y.json", "y.json")
        outcome = worker(job)
    assert (outcome.status, outcome.error) == ("changed", "")
    copy = (tmp_path / "y.json").read_text()
    before, after = resolved(data), resolved(copy)
    assert None not in before
    assert after == before
    for gone in (PATIENT, VISIT, "Quill", "p-10203", "v-1020", "10203040", "1950-03"):
        assert gone not in copy
    for kept in ("8302-2", '"value": 170', "http://loinc.org") if data is BUNDLE else ():
        assert kept in copy
    with closing(open_bytes("y.json", copy.encode())) as document:
        assert choose_format(job.source, ReadOptions()).name == "fhir"
        assert list(document.chunks())

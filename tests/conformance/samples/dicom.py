"""DICOM: a file with sequences, private blocks and a report in it, naked data sets, JSON."""

import base64
import io
import json
import warnings
import zlib

import pydicom
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
)

from conformance.sample import Sample
from phisweep.marks import uid

MARKS = {0x00080005, 0x00120062, 0x00120063, 0x00120064, 0x00280303}
COMPREHENSIVE_SR = "1.2.840.10008.5.1.4.1.1.88.33"


def of(**elements):
    made = Dataset()
    for keyword, value in elements.items():
        setattr(made, keyword, value)
    return made


def text(canary, said):
    return of(
        RelationshipType="CONTAINS",
        ValueType="TEXT",
        ConceptNameCodeSequence=[
            of(CodeValue="121070", CodingSchemeDesignator="DCM", CodeMeaning=canary())
        ],
        TextValue=f"{said} {canary()}",
    )


def report(canary):
    made = of(
        SpecificCharacterSet="ISO_IR 100",
        ImageType=["DERIVED", "SECONDARY", canary()],
        SOPClassUID=COMPREHENSIVE_SR,
        Modality="SR",
        StudyDescription=f"please write to {canary()}",
        SeriesDescription=canary(),
        FilterType=canary(),
        ImageComments=f"first line\r\nand {canary()} in the second",
        ContentSequence=[
            text(canary, "nothing of note"),
            of(ValueType="CONTAINER", ContentSequence=[text(canary, "deeper")]),
        ],
        LongCodeValue=canary(),
    )
    block = made.private_block(0x0009, "INVENTED 1.0", create=True)
    block.add_new(1, "LO", canary())
    block.add_new(2, "SQ", [of(SeriesDescription=canary())])
    block.add_new(3, "UT", f"a long one {canary()}")
    made.add_new(0x60001500, "LO", canary())
    return made


def encapsulated(canary):
    cda = (
        '<?xml version="1.0"?><ClinicalDocument xmlns="urn:hl7-org:v3"><title>stable</title>'
        f"<component><nonXMLBody><text>mail {canary()}</text></nonXMLBody></component>"
        "</ClinicalDocument>"
    ).encode()
    made = of(
        SOPClassUID="1.2.840.10008.5.1.4.1.1.104.2",
        SeriesDescription=canary(),
        MIMETypeOfEncapsulatedDocument="text/xml",
    )
    made.add_new(0x00420011, "OB", cda + b"\0" * (len(cda) % 2))
    return made


def written(made, syntax):
    made.file_meta = FileMetaDataset()
    made.file_meta.MediaStorageSOPClassUID = made.SOPClassUID
    made.file_meta.MediaStorageSOPInstanceUID = uid(bytes(32))
    made.file_meta.TransferSyntaxUID = syntax
    out = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pydicom.dcmwrite(out, made, enforce_file_format=True)
    return out.getvalue()


def part_10(syntax, make=report):
    return lambda canary: quietly(lambda: written(make(canary), syntax))


def naked(implicit, little):
    def make(canary):
        out = io.BytesIO()
        made = report(canary)
        pydicom.dcmwrite(out, made, implicit_vr=implicit, little_endian=little)
        return out.getvalue()

    return lambda canary: quietly(lambda: make(canary))


def model(canary):
    """Two data sets of a server's answer, as JSON."""

    def one():
        made = report(canary).to_json_dict()
        made["00104000"] = {"vr": "LT", "Value": [canary()]}
        made["0009100A"] = {"vr": "UN", "InlineBinary": base64.b64encode(b"\1\2").decode()}
        return made

    return json.dumps(quietly(lambda: [one(), one()])).encode()


def quietly(make):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return make()


def told(made):
    """Return tags, types and how many items there are, of what is no mark and nothing private."""
    return [
        (int(e.tag), e.VR, [told(item) for item in e.value] if e.VR == "SQ" else None)
        for e in made
        if e.tag not in MARKS and not e.tag.is_private and e.tag.group != 0x6000
    ]


def structure(data):
    return quietly(lambda: told(pydicom.dcmread(io.BytesIO(data), force=True)))


def structure_of_json(data):
    return quietly(lambda: [told(Dataset.from_json(each)) for each in json.loads(data)])


def unpacked(data):
    yield data
    if DeflatedExplicitVRLittleEndian.encode() in data[:400]:
        length = int.from_bytes(data[140:144], "little")
        yield zlib.decompressobj(-zlib.MAX_WBITS).decompress(data[144 + length :])


SAMPLES = [
    Sample("report.dcm", part_10(ExplicitVRLittleEndian), structure, least=14),
    Sample("implicit.dcm", part_10(ImplicitVRLittleEndian), structure, least=14),
    Sample("big.dcm", part_10(ExplicitVRBigEndian), structure, least=14),
    Sample("deflated.dcm", part_10(DeflatedExplicitVRLittleEndian), structure, unpacked, least=14),
    Sample("IM000001", naked(implicit=True, little=True), structure, least=14),
    Sample("IM000002", naked(implicit=False, little=False), structure, least=14),
    Sample("letter.dcm", part_10(ExplicitVRLittleEndian, encapsulated), structure, least=2),
    Sample("answer.json", model, structure_of_json, least=28),
]

"""The files of a study of nobody, with canaries in every place that holds text."""

import base64
import io
import json
import warnings

import pydicom
from pydicom.datadict import tag_for_keyword
from pydicom.dataset import Dataset
from pydicom.fileset import FileSet
from pydicom.sequence import Sequence
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
)
from reportlab.pdfgen.canvas import Canvas

from conformance.imaging.planting import (
    CT,
    LONG,
    binaries,
    element,
    nested,
    repeated,
    sequences,
    texts,
    written,
)

FUNCTIONAL, SERIES, CONTENT, DERIVATION = 0x52009229, 0x00081115, 0x0040A730, 0x00089215
DEPTHS = 5
SR, PDF, CDA = (f"1.2.840.10008.5.1.4.1.1.{n}" for n in ("88.33", "104.1", "104.2"))
#: Character sets, transfer syntaxes, and the sequence in which elements directly lie.
KINDS = (
    (["ISO_IR 100"], ExplicitVRLittleEndian, FUNCTIONAL),
    (["ISO_IR 192"], ImplicitVRLittleEndian, SERIES),
    (["", "ISO 2022 IR 87"], ExplicitVRBigEndian, CONTENT),
    ([], DeflatedExplicitVRLittleEndian, DERIVATION),
    (["ISO_IR 13", "ISO 2022 IR 87"], ExplicitVRLittleEndian, FUNCTIONAL),
)


def base(planter, charset=(), sop_class=CT):
    """What every file needs to be somebody's, and to have a name of its own."""
    made, new = Dataset(), planter.canaries
    if charset:
        made.SpecificCharacterSet = list(charset)
    made.SOPClassUID = sop_class
    made.Modality = "CT"
    for keyword in ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID"):
        setattr(made, keyword, new.uid(f"{planter.name}: {keyword}"))
    for keyword in ("PatientID", "PatientName"):
        setattr(made, keyword, new.word(f"{planter.name}: {keyword}"))
    return made


def everywhere(planter, folder, number, name):
    """Every element that holds text, each at one depth of five; five such files have it at all."""
    charset, syntax, parent = KINDS[number]
    planter.name = name
    levels = [base(planter, charset), *(Dataset() for _ in range(DEPTHS - 1))]
    for index, (tag, vr) in enumerate(texts()):
        depth = (index + number) % DEPTHS
        planter.put(levels[depth], tag, vr, depth, parent if depth else 0)
        if number == 0 and vr in LONG and index % 3 == 0 and tag in levels[depth]:
            raw = str(levels[depth][tag].value).encode()
            levels[depth][tag] = element(tag, "UN", raw)
    foreign(levels, number)
    chain = [parent]
    for depth, above in enumerate((0x52009230, 0x00081199, 0x300A0010, 0), 1):
        nested(levels[0], chain, levels[depth])
        chain = [above, *chain]
    return written(levels[0], folder / f"{name}.dcm", syntax)


def foreign(levels, number):
    """Give names their groups in other scripts."""
    if number not in (1, 2, 4):
        return
    for level in levels:
        for each in level:
            if each.VR == "PN":
                level[each.tag] = element(each.tag, "PN", f"{each.value}=山田^太郎=やまだ^たろう")


def in_sequences(planter, folder, name):
    """Every sequence with an item that names somebody, and with a private block in it."""
    planter.name, new = name, planter.canaries
    made = base(planter, ["ISO_IR 192"])
    for tag in sequences():
        where = f"{name}: in {tag:08X}"
        item = Dataset()
        item[0x00100010] = element(0x00100010, "PN", new.word(where))
        item[0x00080104] = element(0x00080104, "LO", f"for Dr. {new.word(where)}")
        block = item.private_block(0x0011, f"WARD OF {new.word(where)}", create=True)
        block.add_new(1, "LO", new.word(where))
        made[tag] = element(tag, "SQ", Sequence([item]))
    return written(made, folder / f"{name}.dcm", ExplicitVRLittleEndian)


def private(planter, folder, name, syntax):
    """Private blocks of creators that are known, unknown, and themselves somebody's name."""
    planter.name, new = name, planter.canaries
    made, deep = base(planter, ["ISO_IR 100"]), Dataset()
    for depth, at in ((0, made), (2, deep)):
        for group in (0x0009, 0x0019, 0x0029, 0x0099):
            for creator in ("SIEMENS CSA HEADER", f"OF {new.word(f'{name} creator')}", "ELSE 1.0"):
                block = at.private_block(group, creator, create=True)
                for number, vr in enumerate(
                    ("LO", "LT", "PN", "SH", "ST", "UT", "UC", "UN", "OB", "CS", "AE", "UI"), 1
                ):
                    where = f"{name} depth {depth}: ({group:04X},xx{number:02X}) {vr}"
                    word = new.uid(where) if vr == "UI" else new.word(where)
                    value = word.encode() if vr in ("UN", "OB") else word
                    block.add_new(number, vr, value)
                inner = Dataset()
                inner.PatientName = new.word(f"{name} depth {depth + 1}: private sequence")
                block.add_new(0x20, "SQ", Sequence([inner]))
        safe = at.private_block(0x0019, "GEMS_ACQU_01", create=True)
        for number in (0x02, 0x23, 0x24, 0x27):
            said = new.known(f"{name} depth {depth}: safe private {number:02X}", "DS")
            at[safe.get_tag(number)] = element(safe.get_tag(number), "DS", said)
    nested(made, (FUNCTIONAL, SERIES), deep)
    return written(made, folder / f"{name}.dcm", syntax)


def hidden(planter, folder, name):
    """Preamble, file meta information, bytes, repeating groups, small pictures, padding."""
    planter.name, new = name, planter.canaries
    made = base(planter, ["ISO_IR 100"])
    for tag, vr in (*repeated(), *binaries()):
        planter.put(made, tag, vr)
    for tag in (0x60023000, 0x50023000):
        raw = new.word(f"{name}: {tag:08X}").encode() * 2
        made[tag] = element(tag, "OB", raw)
    made[0x60020010] = element(0x60020010, "US", 4)
    made[0x60020011] = element(0x60020011, "US", 32)
    icon = Dataset()
    icon.Rows, icon.Columns, icon.BitsAllocated = 2, 8, 8
    icon[0x7FE00010] = element(0x7FE00010, "OB", new.word(f"{name}: icon").encode() * 2)
    made[0x00880200] = element(0x00880200, "SQ", Sequence([icon]))
    meta = {
        "ImplementationVersionName": new.word(f"{name}: meta version"),
        "SourceApplicationEntityTitle": new.word(f"{name}: meta title"),
        "SendingApplicationEntityTitle": new.word(f"{name}: meta sender"),
        "ReceivingApplicationEntityTitle": new.word(f"{name}: meta receiver"),
        "ImplementationClassUID": new.uid(f"{name}: meta implementation"),
        "PrivateInformationCreatorUID": new.uid(f"{name}: meta creator"),
        "PrivateInformation": new.word(f"{name}: meta private").encode() + b"\0",
    }
    preamble = f"II*\0 {new.word(f'{name}: preamble')} ".encode().ljust(128, b"\0")
    path = folder / f"{name}.dcm"
    written(made, path, ExplicitVRLittleEndian, preamble, meta)
    word = new.word(f"{name}: padding behind the data set").encode()
    with path.open("ab") as file:
        file.write(b"\xfc\xff\xfc\xffOB\0\0" + len(word).to_bytes(4, "little") + word)
    return path


def report(planter, folder, name):
    """A structured report and annotations of a waveform, with a canary of each kind of value."""
    planter.name, new = name, planter.canaries
    made = base(planter, ["ISO_IR 192"], SR)
    made.ContentSequence = Sequence([content(new, name, 0)])
    note = Dataset()
    note.UnformattedTextValue = f"told by Dr. {new.word(f'{name}: annotation')}"
    note.ConceptNameCodeSequence = Sequence([code(new, f"{name}: annotation code")])
    made.WaveformAnnotationSequence = Sequence([note])
    return written(made, folder / f"{name}.dcm", ExplicitVRLittleEndian)


def content(new, name, depth):
    where = f"{name} content {depth}"
    made = Dataset()
    made.RelationshipType, made.ValueType = "CONTAINS", "CONTAINER"
    made.TextValue = (
        f"the patient, Mr. {new.word(where)}, MRN {new.new(where, f'00478{depth:05d}')}"
    )
    made.PersonName = f"{new.word(where)}^{new.word(where)}"
    made.UID = new.uid(where)
    made.ConceptNameCodeSequence = Sequence([code(new, where)])
    made.ConceptCodeSequence = Sequence([code(new, where)])
    if depth < 4:
        made.ContentSequence = Sequence([content(new, name, depth + 1)])
    return made


def code(new, where):
    made = Dataset()
    made.CodeValue, made.CodingSchemeDesignator = new.known(f"{where} code", "SH"), "99LOCAL"
    made.CodeMeaning = f"as Dr. {new.word(f'{where} meaning')} says"
    return made


def encapsulated(planter, folder, name, document, kind, sop_class):
    planter.name = name
    made = base(planter, ["ISO_IR 192"], sop_class)
    made.MIMETypeOfEncapsulatedDocument = kind
    made.DocumentTitle = f"of Dr. {planter.canaries.word(f'{name}: title')}"
    made[0x00420011] = element(0x00420011, "OB", document + b"\0" * (len(document) % 2))
    return written(made, folder / f"{name}.dcm", ExplicitVRLittleEndian)


def pdf(new, name):
    out = io.BytesIO()
    canvas = Canvas(out, pageCompression=0)
    canvas.setAuthor(f"Dr. {new.word(f'{name}: author')}")
    canvas.setTitle(f"for Mrs. {new.word(f'{name}: title of the document')}")
    canvas.drawString(72, 700, f"seen by Dr. {new.word(f'{name}: page')} in the morning")
    canvas.drawString(72, 680, f"{new.word(f'{name}: mail')}.quill@northfield-clinic.org")
    canvas.save()
    return out.getvalue()


def cda(new, name):
    said = (
        '<?xml version="1.0"?><ClinicalDocument xmlns="urn:hl7-org:v3"><title>letter</title>'
        "<recordTarget><patientRole><patient><name><given>{}</given><family>{}</family></name>"
        "</patient></patientRole></recordTarget><component><nonXMLBody><text>seen by Dr. {}</text>"
        "</nonXMLBody></component></ClinicalDocument>"
    )
    return said.format(*(new.word(f"{name}: {n}") for n in ("given", "family", "text"))).encode()


def as_json(planter, folder, name):
    """The elements of one data set as JSON of a server, with what only JSON has."""
    planter.name, new = name, planter.canaries
    made = base(planter, ["ISO_IR 192"])
    for tag, vr in texts():
        if vr not in ("DS", "IS", "AS", "DA", "DT", "TM"):
            planter.put(made, tag, vr)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        told = made.to_json_dict()
    word = new.word(f"{name}: InlineBinary").encode()
    told["0009100A"] = {"vr": "UN", "InlineBinary": base64.b64encode(word).decode()}
    address = f"http://pacs.example/{new.word(f'{name}: BulkDataURI')}"
    told["54001010"] = {"vr": "OW", "BulkDataURI": address}
    path = folder / f"{name}.json"
    path.parent.mkdir()
    path.write_text(json.dumps([told]))
    return path


def directory(planter, folder, name):
    """A directory of two patients, as a medium has it; the paths of its files."""
    planter.name, made = name, FileSet()
    for number in range(2):
        one = base(planter, ["ISO_IR 100"])
        one.SeriesNumber, one.InstanceNumber = 1, 1
        for keyword, vr in (("StudyDate", "DA"), ("StudyTime", "TM")):
            said = planter.value(tag_for_keyword(keyword), vr, 0, 0)
            setattr(one, keyword, said or ("19800102" if vr == "DA" else "1200"))
        for keyword in ("StudyID", "AccessionNumber"):
            setattr(one, keyword, planter.canaries.word(f"{name}: {keyword} {number}"))
        one.StudyDescription = f"for Dr. {planter.canaries.word(f'{name}: description {number}')}"
        made.add(pydicom.dcmread(written(one, folder / f"{number}.dcm", ExplicitVRLittleEndian)))
    made.ID = planter.canaries.word(f"{name}: id").upper()
    made.write(folder / "medium")
    made._stage["t"].cleanup()  # which it leaves to the interpreter
    for number in range(2):
        (folder / f"{number}.dcm").unlink()
    return {str(p): p for p in (folder / "medium").rglob("*") if p.is_file()}

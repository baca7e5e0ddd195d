"""
Data sets of nobody in which every element that holds text holds an invented value, a canary.

Where the profile takes an element away, the canary is a word that no rule knows; where the element
stays and is searched, it is an identifier that the rules find.
"""

import base64
import contextlib
import datetime as dt
import itertools
import re
import warnings
import zlib
from dataclasses import dataclass, field

import pydicom
from pydicom import config
from pydicom.datadict import DicomDictionary, RepeatersDictionary, keyword_for_tag
from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.tag import Tag

LETTERS = "bcdfghjklmnpqrstvwxz"
AREAS = (
    201,
    202,
    203,
    205,
    206,
    207,
    208,
    209,
    210,
    212,
    213,
    214,
    215,
    216,
    217,
    218,
    219,
    224,
    225,
)
ROOT = "1.2.826.0.1.3680043.9.7777"
CT = "1.2.840.10008.5.1.4.1.1.2"
LONG = ("LO", "LT", "PN", "SH", "ST", "UC", "UT")
TEXT = ("AE", "AS", "CS", "DA", "DS", "DT", "IS", "TM", "UI", "UR", *LONG)
SHORT = ("AE", "CS", "DS", "IS", "SH")
BYTES = ("OB", "UN", "OB or OW")
#: Of every canary of any kind, wherever it stands in bytes.
SEEN = re.compile(
    rb"zqu[b-z]{4}x|(?<!\d)\d{3}-555-01\d\d|(?<![\w.])0047\d{6}|(?<![\w.])19[34]\d{5}2359\d\d"
    rb"|(?<![\w.])19[34]\d{5}|(?<!\d)\d{6}\.77\d{4}|(?<!\d)09\dY|"
    + re.escape(ROOT).encode()
    + rb"\.\d+",
    re.IGNORECASE,
)
_DIGESTS = re.compile(rb"[0-9a-f]{32,}")
_STREAMS = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)
_BASE64 = re.compile(rb'"InlineBinary": ?"([^"]+)"')
#: What says how a file is to be read; documents and pictures have canaries of their own.
NOT_PLANTED = {
    0x00080005,  # SpecificCharacterSet
    0x00080006,  # LanguageCodeSequence
    0x00080016,  # SOPClassUID
    0x00420011,  # EncapsulatedDocument
    0x00420012,  # MIMETypeOfEncapsulatedDocument
    0x00880200,  # IconImageSequence
    0xFFFCFFFC,  # DataSetTrailingPadding: behind the data set
}
#: UIDs that name a class, a syntax, a dictionary: the same for everyone.
CLASSES = re.compile(
    "(?:.*(?:ClassUID|SchemeUID|TransferSyntaxUID|TemplateUID)|MappingResourceUID|ContextUID)"
)
#: Bytes of measurements and colours, which nobody reads as words.
MEASURED = {
    "BadPixelImage",
    "ChannelMaximumValue",
    "ChannelMinimumValue",
    "CoordinateSystemAxisValues",
    "FillPattern",
    "ICCProfile",
    "PixelData",
    "WaveformData",
    "WaveformPaddingValue",
}


@dataclass
class Canaries:
    """What was planted: the value to look for -> where it stands."""

    planted: dict = field(default_factory=dict)
    _numbers: itertools.count = field(default_factory=itertools.count)

    def new(self, where, made):
        self.planted[made.lower().encode()] = where
        return made

    def word(self, where):
        number, name = next(self._numbers), ""
        for _ in range(4):
            number, letter = divmod(number, len(LETTERS))
            name += LETTERS[letter]
        return self.new(where, f"Zqu{name}x")  # a vowel: no code that is drawn has one

    def known(self, where, vr):
        """An identifier that a rule knows."""
        number = next(self._numbers)
        if vr in SHORT:
            area, line = divmod(number % (100 * len(AREAS)), 100)
            return self.new(where, f"{AREAS[area]}-555-01{line:02d}")
        if vr == "UI":
            return self.uid(where)
        kinds = (
            lambda: f"{self.word(where)}.quill@northfield-clinic.org",
            lambda: f"seen by Dr. {self.word(where)}",
            lambda: "MRN " + self.new(where, f"0047{number:06d}"),
        )
        return kinds[number % 3]()

    def uid(self, where):
        return self.new(where, f"{ROOT}.{next(self._numbers) + 100000}")

    def treated(self, where, vr):
        """What only its place tells to be an identifier."""
        if vr in ("DA", "DT", "TM", "AS"):
            return self.new(where, self.moment(vr, next(self._numbers)))
        if vr in ("UI", "DS", "IS"):
            return self.known(where, vr)
        if vr == "PN":
            return f"{self.word(where)}^{self.word(where)}"
        return self.word(where).upper() if vr == "CS" else self.word(where)

    @staticmethod
    def moment(vr, number):
        if vr == "TM":
            return f"{number % 24:02d}3741.77{number % 10000:04d}"
        if vr == "AS":
            return f"09{number % 9 + 1}Y"
        day = dt.date(1931, 2, 3) + dt.timedelta(days=number % 5000)
        day += dt.timedelta(days=(day.month, day.day) == (1, 1))
        return f"{day:%Y%m%d}" + (f"2359{number % 60:02d}" if vr == "DT" else "")

    def left(self, data):
        """Return where those stand that are seen in bytes."""
        found = {m.group().lower() for m in SEEN.finditer(data)}
        return sorted({self.planted[value] for value in found if value in self.planted})


@dataclass
class Planter:
    """
    Fills data sets. `action` gives what the profile does with a tag and type, in a sequence or not;
    `dates` says whether days are identifiers under the policy.
    """

    action: object
    canaries: Canaries = field(default_factory=Canaries)
    dates: bool = True
    name: str = ""

    def value(self, tag, vr, depth, within):
        where = f"{self.name} depth {depth}: {keyword_for_tag(tag) or Tag(tag)} {vr}"
        action = self.action(tag, vr, within)
        if action == "K":  # the policy asks for it
            return None
        treated = action in ("X", "Z", "D", "U") or vr == "PN"
        if vr in ("DA", "DT", "TM", "AS"):
            return self.canaries.treated(where, vr) if treated and self.dates else None
        return (self.canaries.treated if treated else self.canaries.known)(where, vr)

    def put(self, dataset, tag, vr, depth=0, within=0):
        if tag in dataset:
            return
        if vr in BYTES:
            if self.action(tag, "OB", within) == "K":  # the policy asks for it
                return
            where = f"{self.name} depth {depth}: {keyword_for_tag(tag) or Tag(tag)} {vr}"
            raw = b"\1\2" + self.canaries.word(where).encode() + b"\0\3"
            dataset[tag] = element(tag, "UN" if vr == "UN" else "OB", raw)
            return
        value = self.value(tag, vr, depth, within)
        if value is not None:
            dataset[tag] = element(tag, vr, value)


def element(tag, vr, value):
    """Return an element that holds a value, whether its type allows it or not."""
    made = DataElement(tag, "LO", value, validation_mode=config.IGNORE)
    if vr not in SHORT:
        return DataElement(tag, vr, value, validation_mode=config.IGNORE)
    made.VR = vr
    return made


def texts():
    """Yield tag and type of every element that can hold a text, by the dictionary of pydicom."""
    for tag, (vr, *_rest) in sorted(DicomDictionary.items()):
        group = tag >> 16
        named = tag in NOT_PLANTED or CLASSES.fullmatch(keyword_for_tag(tag))
        if vr in TEXT and not named and group not in (0, 2, 4, 0xFFFE):
            yield tag, vr


def repeated():
    """Yield those of repeating groups, in one of the groups."""
    for tag, (vr, *_rest) in sorted(RepeatersDictionary.items()):
        told = tag.replace("x", "2") if tag.startswith(("5", "6")) else tag.replace("x", "0")
        if vr in (*TEXT, *BYTES) and not told.startswith(("0028", "7F")):
            yield int(told, 16), vr


def binaries():
    for tag, (vr, *_rest) in sorted(DicomDictionary.items()):
        named = tag in NOT_PLANTED or keyword_for_tag(tag) in MEASURED
        if vr in BYTES and not named and tag >> 16 not in (0, 2, 4, 0x7FE0, 0xFFFE):
            yield tag, vr


def sequences():
    for tag, (vr, *_rest) in sorted(DicomDictionary.items()):
        if vr == "SQ" and tag not in NOT_PLANTED and tag >> 16 not in (4, 0xFFFE):
            yield tag


def written(dataset, path, syntax, preamble=b"\0" * 128, meta=None):
    """Write a data set, whatever its values are."""
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.MediaStorageSOPClassUID = dataset.SOPClassUID
    dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    dataset.file_meta.TransferSyntaxUID = syntax
    for keyword, value in (meta or {}).items():
        setattr(dataset.file_meta, keyword, value)
    dataset.preamble = preamble
    path.parent.mkdir(parents=True, exist_ok=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pydicom.dcmwrite(path, dataset, enforce_file_format=True)
    return path


def nested(dataset, chain, inner):
    """Put a data set below sequences that lie in each other."""
    for tag in reversed(chain):
        outer = Dataset()
        outer[tag] = DataElement(tag, "SQ", Sequence([inner]))
        inner = outer
    for each in inner:
        dataset[each.tag] = each


def unpacked(data):
    """
    Yield every form of bytes in which something may hide: UTF-16, deflated, base64, streams of PDF.

    Digests go: in a million of them stands any number.
    """
    plain = _DIGESTS.sub(b"", data)
    yield plain
    yield plain.replace(b"\0", b"")
    yield from (base64.b64decode(found) for found in _BASE64.findall(data))
    for found in _STREAMS.findall(data):
        with contextlib.suppress(zlib.error):
            yield zlib.decompressobj().decompress(found)
    if b"1.2.840.10008.1.2.1.99" in data[:400]:
        length = int.from_bytes(data[140:144], "little")
        yield zlib.decompressobj(-zlib.MAX_WBITS).decompress(data[144 + length :])

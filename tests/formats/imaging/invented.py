"""DICOM of invented people, made by pydicom, and what becomes of it."""

import io
import warnings
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

import pydicom
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian

from phisweep.analysis import Job
from phisweep.config import Config
from phisweep.formats.base import Imaging, ReadOptions
from phisweep.formats.imaging.opening import document
from phisweep.keys import Key
from phisweep.model import Source
from phisweep.pipeline import Worker
from phisweep.session import Session
from phisweep.transform.codes import random_codes

KEY = Key(b"k" * 32, "the tests")
CT = "1.2.840.10008.5.1.4.1.1.2"
ROOT = "1.3.6.1.4.1.5962.99.1"


def quietly(make):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return make()


def of(**elements):
    made = Dataset()
    for keyword, value in elements.items():
        setattr(made, keyword, value)
    return made


def slice_of(number=1, *, patient="0012345", study=1, **elements):
    """A slice of an invented abdomen, without pixels."""
    return of(
        **{
            "SOPClassUID": CT,
            "SOPInstanceUID": f"{ROOT}.{study}.1.{number}",
            "StudyInstanceUID": f"{ROOT}.{study}",
            "SeriesInstanceUID": f"{ROOT}.{study}.1",
            "FrameOfReferenceUID": f"{ROOT}.{study}.7",
            "StudyDate": "20190304",
            "StudyTime": "101500",
            "AccessionNumber": "A77",
            "Modality": "CT",
            "Manufacturer": "SIEMENS",
            "ReferringPhysicianName": "Quillfeather^Odalys",
            "StudyDescription": "abdomen, for Dr. Brambleton",
            "PatientName": "Brambleton^Thessaly^M",
            "PatientID": patient,
            "PatientBirthDate": "19700506",
            "PatientSex": "F",
            "PatientAge": "048Y",
            "BodyPartExamined": "ABDOMEN",
            "StudyID": "1",
            "SeriesNumber": 1,
            "InstanceNumber": number,
            **elements,
        }
    )


def part_10(made, syntax=ExplicitVRLittleEndian, preamble=b""):
    """The bytes of a file."""
    made.file_meta = FileMetaDataset()
    made.file_meta.MediaStorageSOPClassUID = made.get("SOPClassUID", CT)
    made.file_meta.MediaStorageSOPInstanceUID = made.get("SOPInstanceUID", ROOT)
    made.file_meta.TransferSyntaxUID = syntax
    made.file_meta.SourceApplicationEntityTitle = "BRAMBLE_AE"
    out = io.BytesIO()
    quietly(lambda: pydicom.dcmwrite(out, made, enforce_file_format=True))
    data = out.getvalue()
    return preamble.ljust(128, b"\0") + data[128:] if preamble else data


def naked(made, *, implicit=True, little=True):
    """The bytes of a data set alone."""
    out = io.BytesIO()
    quietly(lambda: pydicom.dcmwrite(out, made, implicit_vr=implicit, little_endian=little))
    return out.getvalue()


def source_of(data, name="image.dcm"):
    return Source(None, name, len(data), name, data)


def opened(data, name="image.dcm", **imaging):
    return document(source_of(data, name), ReadOptions(imaging=Imaging(**imaging)))


@dataclass
class Desk:
    """Makes copies, all under one key, and searches them."""

    folder: object
    codes: object = field(repr=False)
    session: Session = field(repr=False)

    def __post_init__(self):
        (self.folder / "spool").mkdir()
        self.spec = replace(
            self.session.spec,
            write=True,
            records=False,
            spool=self.folder / "spool",
            codes=self.codes,
        )
        self.worker = Worker(self.spec)
        self.reader = Worker(
            replace(self.session.spec, records=True, reveal=True, min_score=0.3),
            self.worker.detector,
        )

    def source(self, data, name="image.dcm"):
        path = self.folder / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return Source(path, name, len(data), name)

    def copy(self, data, name="image.dcm"):
        """Return the outcome and the copy's bytes, None where there is none."""
        outcome = self.worker(Job(self.source(data, name), self.folder / "out" / name, name))
        copy = self.folder / "out" / outcome.output
        return outcome, copy.read_bytes() if outcome.output else None

    def read(self, data, name="image.dcm"):
        """Return the copy as pydicom reads it."""
        outcome, copy = self.copy(data, name)
        assert copy is not None, (outcome.error, outcome.reason)
        return quietly(lambda: pydicom.dcmread(io.BytesIO(copy), force=True))

    def found(self, data, name="image.dcm"):
        """Return the records of a search."""
        outcome = self.reader(Job(self.source(data, f"again/{name}")))
        assert not outcome.error
        return outcome.records


@contextmanager
def desk(folder, **config):
    """Yield a desk under a policy."""
    session = Session(Config(engine="rules", jobs=1, **config), KEY)
    folder.mkdir(exist_ok=True)
    with random_codes(KEY) as codes:
        yield Desk(folder, codes, session)

"""
Measure DICOM headers beside dicognito and dicom-anonymizer, on the same folder in the same run.

    python benchmarks/imaging.py                        300 and 1,800 slices, then 10,000 for memory
    python benchmarks/imaging.py --slices 100 600 --tree 1000

The slices are invented: a header of some 90 elements, a small frame, no words in it. Speed is told
twice, in seconds of CPU and by the clock: those of the larger folder less those of the smaller, for
the files between them, so that what a program needs to begin is not counted; the least of some
rounds, in which the programs take turns. `deid` reads each file three times, to learn who is who, to
copy, and to search the copy; the others once, in one process. Memory is the peak of `deid` in one
process on a tree of folders, on a tenth and on a hundredth of it. Prints a table and keeps it as JSON
in benchmarks/results/.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pydicom
from figures import provenance
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian, generate_uid

HERE = Path(__file__).parent
_PEAK = """
import resource, sys
from phisweep.cli import main
try:
    main(["deid", sys.argv[1], "-o", sys.argv[2], "--engine", "rules", "--jobs", "1"])
finally:
    print("peak", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, file=sys.stderr)
"""
_PHISWEEP = [sys.executable, "-m", "phisweep", "deid", "{in}", "-o", "{out}", "--engine", "rules"]
PROGRAMS = {
    "phisweep deid": _PHISWEEP,
    "phisweep deid, one job": [*_PHISWEEP, "--jobs", "1"],
    "phisweep deid, one job, copies not searched": [*_PHISWEEP, "--jobs", "1", "--no-verify"],
    "dicognito": [sys.executable, "-m", "dicognito", "{in}", "-o", "{out}", "-q"],
    "dicom-anonymizer": [str(Path(sys.executable).with_name("dicom-anonymizer")), "{in}", "{out}"],
}


def slice_of(series: str, study: str, number: int) -> Dataset:
    """Return an invented slice of an abdomen."""
    made = Dataset()
    made.file_meta = FileMetaDataset()
    made.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    made.file_meta.MediaStorageSOPClassUID = made.SOPClassUID = CTImageStorage
    made.SOPInstanceUID = made.file_meta.MediaStorageSOPInstanceUID = generate_uid()
    made.StudyInstanceUID, made.SeriesInstanceUID, made.FrameOfReferenceUID = study, series, study
    told = {
        "ImageType": ["ORIGINAL", "PRIMARY", "AXIAL"], "Modality": "CT", "Manufacturer": "SIEMENS",
        "StudyDate": "20190304", "SeriesDate": "20190304", "AcquisitionDate": "20190304",
        "ContentDate": "20190304", "StudyTime": "101500", "SeriesTime": "101600",
        "AcquisitionTime": f"1016{number % 60:02d}", "ContentTime": "101700",
        "AccessionNumber": "A770012", "InstitutionName": "Northfield Clinic",
        "InstitutionAddress": "1 Mill Lane, Northfield", "ReferringPhysicianName": "Quill^Odalys",
        "StationName": "CT01", "StudyDescription": "Abdomen with contrast",
        "SeriesDescription": "axial 5 mm", "PerformingPhysicianName": "Quill^O",
        "OperatorsName": "Tamm^I", "ManufacturerModelName": "SOMATOM",
        "PatientName": "Brambleton^Thessaly", "PatientID": "0012345",
        "PatientBirthDate": "19700506", "PatientSex": "F", "PatientAge": "048Y",
        "PatientWeight": "70", "BodyPartExamined": "ABDOMEN", "ScanOptions": "HELICAL MODE",
        "SliceThickness": "5", "KVP": "120", "DeviceSerialNumber": "55123",
        "SoftwareVersions": "VA40", "ProtocolName": "Abdomen routine",
        "ReconstructionDiameter": "400", "GantryDetectorTilt": "0", "TableHeight": "150",
        "ExposureTime": "500", "XRayTubeCurrent": "200", "ConvolutionKernel": "B30f",
        "PatientPosition": "HFS", "StudyID": "1", "SeriesNumber": "1", "AcquisitionNumber": "1",
        "InstanceNumber": str(number), "ImagePositionPatient": [-200, -200, number],
        "ImageOrientationPatient": [1, 0, 0, 0, 1, 0], "SliceLocation": str(number),
        "SamplesPerPixel": 1, "PhotometricInterpretation": "MONOCHROME2", "Rows": 32, "Columns": 32,
        "PixelSpacing": [0.8, 0.8], "BitsAllocated": 16, "BitsStored": 12, "HighBit": 11,
        "PixelRepresentation": 0, "WindowCenter": "40", "WindowWidth": "400",
        "RescaleIntercept": "-1024", "RescaleSlope": "1", "RequestedProcedureDescription": "CT",
    }  # fmt: skip
    for keyword, value in told.items():
        setattr(made, keyword, value)
    made.PixelData = np.arange(1024, dtype=np.uint16).tobytes()
    return made


def fill(folder: Path, count: int, *, flat: bool = False) -> None:
    """Write slices, 200 in a series; each in a folder of its own, or all in one."""
    for number in range(count):
        if number % 200 == 0:
            study, series = generate_uid(), generate_uid()
            below = folder if flat else folder / f"ST{number // 200:04d}"
            below.mkdir(parents=True, exist_ok=True)
        made = slice_of(series, study, number)
        pydicom.dcmwrite(below / f"IM{number:06d}.dcm", made, enforce_file_format=True)


def seconds(program: str, folder: Path, out: Path) -> tuple[float, float]:
    """Return seconds of CPU and of the clock. Raises RuntimeError where nothing was done."""
    out.mkdir()
    command = [part.format(**{"in": folder, "out": out}) for part in PROGRAMS[program]]
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    subprocess.run(command, check=True, capture_output=True)
    took = time.monotonic() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if not any(path.is_file() for path in out.rglob("*")):
        raise RuntimeError(f"{program} wrote nothing")
    shutil.rmtree(out)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, took


def peak(folder: Path, out: Path) -> int:
    """Return the peak of `deid` in MB."""
    command = [sys.executable, "-c", _PEAK, str(folder), str(out)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    return int(done.stderr.rpartition("peak")[2])


def main() -> None:
    """Measure, print and keep."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0])
    parser.add_argument("--slices", type=int, nargs=2, default=(300, 1_800))
    parser.add_argument("--tree", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=2)
    asked = parser.parse_args()
    found: dict[str, object] = {**provenance(), "slices": asked.slices, "speed": {}}
    with tempfile.TemporaryDirectory(prefix="phisweep-imaging-") as place:
        root, taken = Path(place), {}
        for count in asked.slices:
            fill(root / f"in{count}", count, flat=True)
        for _ in range(asked.rounds):
            for count in asked.slices:
                for program in PROGRAMS:
                    now = seconds(program, root / f"in{count}", root / "out")
                    least = taken.get((program, count), now)
                    taken[program, count] = min(now[0], least[0]), min(now[1], least[1])
        few, many = asked.slices
        print(f"{'milliseconds a file':45} {'CPU':>8} {'clock':>8}   files a second, all of {many}")
        for program in PROGRAMS:
            cpu, clock = (
                (taken[program, many][i] - taken[program, few][i]) / (many - few) * 1000
                for i in (0, 1)
            )
            rate = many / taken[program, many][1]
            found["speed"][program] = {
                "ms": round(cpu, 2), "clock": round(clock, 2), "files": round(rate)
            }  # fmt: skip
            print(f"{program:45} {cpu:8.2f} {clock:8.2f} {rate:12.0f}")
        memory = {}
        for count in (asked.tree // 100, asked.tree // 10, asked.tree):
            fill(root / f"tree{count}", count)
            memory[count] = peak(root / f"tree{count}", root / f"treeout{count}")
            print(f"peak of deid on a tree of {count} files: {memory[count]} MB")
        found["memory"] = memory
    path = HERE / "results" / f"imaging-{time.strftime('%Y-%m-%d')}.json"
    path.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

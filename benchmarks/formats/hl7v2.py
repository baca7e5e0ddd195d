"""HL7 v2: results of laboratories, a batch of them; the bare parser splits at separators."""

from pathlib import Path

_HEAD = "FHS|^~\\&|LAB\rBHS|^~\\&|LAB\r"
_TAIL = "BTS|1\rFTS|1\r"


def _message(number: int) -> str:
    segments = [
        f"MSH|^~\\&|LAB|NORTH|EHR|SOUTH|20240105113000-0500||ORU^R01|M{number:07}|P|2.5.1",
        f"PID|1||{number:07}^^^NORTH^MR||Quillfeather^Oona^B||19480612|F|||{number % 999} Alder Row",
        f"OBR|1|P{number}|F{number}|58410-2^CBC panel^LN|||20240105080000",
        *(
            f"OBX|{i}|NM|{i}718-7^Hemoglobin^LN||{i}.5|g/dL|12-16|N|||F|||20240105080000"
            for i in range(1, 13)
        ),
        *(f"NTE|{i}||seen by the laboratory, no further remark on this day" for i in range(1, 4)),
        "",
    ]
    return "\r".join(segments)


def make(path: Path, megabytes: int) -> None:
    size, number = len(_HEAD), 0
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(_HEAD)
        while size < megabytes << 20:
            number += 1
            size += file.write(_message(number))
        file.write(_TAIL)


def bare(path: Path) -> None:
    for line in path.read_text(encoding="utf-8").split("\r"):
        for field in line.split("|"):
            for repetition in field.split("~"):
                repetition.split("^")


CASES = [("hl7v2", make, bare)]

"""X12: professional claims of subscribers in one transaction; the bare parser splits at separators."""

from pathlib import Path

_ISA = (
    "ISA*00*          *00*          *ZZ*NFCLINIC       *ZZ*ALDERMUT       "
    "*240105*1130*^*00501*000000017*0*T*:~"
)
_HEAD = _ISA + "GS*HC*NF*AM*20240105*1130*1*X*005010X222A1~ST*837*0001*005010X222A1~"


def _claim(number: int) -> str:
    return (
        f"HL*{number}**22*0~SBR*P*18*2222-SJ******CI~"
        f"NM1*IL*1*QUILLFEATHER*OONA*B***MI*XQ{number:07}~N3*{number % 999} ALDER ROW~"
        "N4*NORTHFIELD*MA*021551234~DMG*D8*19480612*F~"
        "NM1*PR*2*ALDER MUTUAL INSURANCE*****PI*54321~"
        f"CLM*A-{number:07}*100***11:B:1*Y*A*Y*I~DTP*431*D8*20240103~HI*ABK:J45909*ABF:R0602~"
        "LX*1~SV1*HC:99213*100*UN*1***1~DTP*472*D8*20240105~"
    )


def make(path: Path, megabytes: int) -> None:
    size, number = len(_HEAD), 0
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(_HEAD)
        while size < megabytes << 20:
            number += 1
            size += file.write(_claim(number))
        file.write(f"SE*{13 * number + 2}*0001~GE*1*1~IEA*1*000000017~")


def bare(path: Path) -> None:
    for segment in path.read_text(encoding="utf-8").split("~"):
        for element in segment.split("*"):
            element.split(":")


CASES = [("x12", make, bare)]

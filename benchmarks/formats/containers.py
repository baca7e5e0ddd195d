"""Archives, packed files and mail of about a size, and their bare parsers."""

import base64
import email
import gzip
import io
import random
import tarfile
import zipfile
from pathlib import Path

WORDS = (
    "morning",
    "evening",
    "stable",
    "glucose",
    "sodium",
    "walks",
    "sleeps",
    "well",
    "5.5",
    "141",
)
NOTE = 2_000  # bytes of one member


def note(chance: random.Random) -> bytes:
    lines = (" ".join(chance.choices(WORDS, k=12)) for _ in range(NOTE // 70))
    return "\n".join(lines).encode()


def notes(megabytes: int):
    chance = random.Random(7)
    for number in range(megabytes * (1 << 20) // NOTE):
        yield f"notes/{number % 50}/n{number}.txt", note(chance)


def make_zip(path: Path, megabytes: int) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in notes(megabytes):
            archive.writestr(name, data)


def bare_zip(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        for info in archive.infolist():
            archive.read(info)


def make_tar(path: Path, megabytes: int) -> None:
    with tarfile.open(path, "w:gz") as archive:
        for name, data in notes(megabytes):
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))


def bare_tar(path: Path) -> None:
    with tarfile.open(path) as archive:
        for member in archive:
            archive.extractfile(member).read()


def make_gzip(path: Path, megabytes: int) -> None:
    with gzip.open(path, "wb") as file:
        for _, data in notes(megabytes):
            file.write(data + b"\n")


def bare_gzip(path: Path) -> None:
    with gzip.open(path) as file:
        while file.read(1 << 20):
            pass


def make_mbox(path: Path, megabytes: int) -> None:
    with path.open("wb") as file:
        for name, data in notes(megabytes):
            coded = base64.encodebytes(data)
            file.write(
                b"From nobody 00:00:00 1970\nSubject: " + name.encode() + b"\nContent-Type: "
            )
            file.write(b"text/plain\nContent-Transfer-Encoding: base64\n\n" + coded + b"\n")


def bare_mbox(path: Path) -> None:
    for message in path.read_bytes().split(b"\nFrom "):
        email.message_from_bytes(message).get_payload(decode=True)


CASES = [
    ("zip", make_zip, bare_zip),
    ("tar", make_tar, bare_tar),
    ("packed", make_gzip, bare_gzip),
    ("mbox", make_mbox, bare_mbox),
]

"""What a format gives the conformance tests: a document to make, and ways to look into it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field


def whole(data: bytes) -> Iterable[bytes]:
    return [data]


@dataclass(frozen=True)
class Sample:
    """
    `make` builds a document in which `canary()` stands wherever a string may: each call returns a
    new one, a mail address that the rules find by themselves; for a document without findings it
    returns the same neutral word each time. The same calls must give the same document otherwise.

    `structure` opens a document with the format's own, independent reader and returns what must
    stay the same (counts of rows, sheets, segments, elements; keys without values). `unpacked` yields
    every byte string that may hide something: members of a zip, decoded base64, pages, statistics.

    `least` is how many canaries `make` asks for, so that none is forgotten unnoticed. `lossy` says
    that a copy with changes is of another format (`structure_of_copy` then looks into it).
    """

    name: str
    make: Callable[[Callable[[], str]], bytes]
    structure: Callable[[bytes], object]
    unpacked: Callable[[bytes], Iterable[bytes]] = whole
    least: int = 3
    structure_of_copy: Callable[[bytes], object] | None = None
    #: Places of canaries that are found by another identifier's rule and so on; rarely needed.
    notes: str = field(default="")

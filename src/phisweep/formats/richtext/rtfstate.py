"""What holds at a place of an RTF document: the group, its texts, the code of its bytes."""

from __future__ import annotations

import codecs
from dataclasses import dataclass, field

from phisweep.formats.richtext import rtfwords as words
from phisweep.formats.richtext.grid import Grid
from phisweep.formats.richtext.pieces import Joined
from phisweep.formats.richtext.rtfwords import Destination


@dataclass(slots=True)
class Run:
    """The texts of one destination: what is gathered, and how many there were."""

    destination: Destination
    called: str
    joined: Joined = field(default_factory=Joined, repr=False)
    texts: int = 0
    grid: Grid | None = None


@dataclass(slots=True)
class Group:
    """
    What holds within a group; inner groups begin with a copy.

    `data` are the half-open bytes of a picture and what is to stand there, `time` the parts of a
    point of time that was told at `span`.
    """

    run: Run
    font: int | None = None
    uc: int = 1
    fresh: bool = True
    star: bool = False
    table: bool = False
    data: list[tuple[int, int, str]] | None = field(default=None, repr=False)
    png: bool = False
    time: dict[str, int] | None = field(default=None, repr=False)
    span: tuple[int, int] = (0, 0)


class Codes:
    """The codes of a document's fonts, and its bytes that are not ASCII."""

    def __init__(self) -> None:
        self.own = "cp1252"
        self._fonts: dict[int, str] = {}
        self._default: int | None = None
        self._defined: int | None = None
        self._codec = "cp1252"
        self._decoder = codecs.getincrementaldecoder("cp1252")("replace")
        self._begun: int | None = None

    @property
    def half(self) -> bool:
        """Say whether a character is begun that another byte ends."""
        return self._begun is not None

    def take(self, word: str, number: int | None) -> None:
        """Take in what a control word says of codes."""
        if word in words.CODES:
            self.own = words.CODES[word]
        elif word == "ansicpg":
            self.own = _page(number) or self.own
        elif word == "deff":
            self._default = number
        elif word in ("fcharset", "cpg") and self._defined is not None:
            code = _page(number) if word == "cpg" else words.CHARSETS.get(number or 0)
            if code:
                self._fonts[self._defined] = code

    def define(self, font: int) -> None:
        """Take in which font is being defined."""
        self._defined = font

    def byte(self, byte: int, start: int, font: int | None) -> tuple[str, int]:
        """Return what a byte ends, "" where another must come, and where that began."""
        font = self._default if font is None else font
        codec = self.own if font is None else self._fonts.get(font, self.own)
        if codec != self._codec:
            self.settle()
            self._decoder, self._codec = codecs.getincrementaldecoder(codec)("replace"), codec
        begun = start if self._begun is None else self._begun
        text = self._decoder.decode(bytes([byte]))
        self._begun = None if text else begun
        return text, begun

    def settle(self) -> None:
        """Forget the half of a character."""
        if self._begun is not None:
            self._decoder.reset()
            self._begun = None


def _page(number: int | None) -> str | None:
    """Return the codec of a code page, None where there is none."""
    name = words.PAGES.get(number or 0, f"cp{number}")
    try:
        return codecs.lookup(name).name
    except LookupError:
        return None

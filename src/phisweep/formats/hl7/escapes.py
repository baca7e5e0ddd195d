r"""
The escapes of HL7 v2 (2.7 of chapter 2): \F\, \.br\, \X0D\ and the rest.

What they stand for is searched; they are written again only where text changed.
"""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass
from functools import lru_cache

from phisweep.formats.spots import Stretch

_COMMANDS = {"br": "\n", "ce": "\n"}  # a new line; that of .ce is centred
_BREAKS = re.compile(r"\r\n|[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]")
_MOST = 99  # lines or spaces that one command may ask for


@dataclass(frozen=True, slots=True)
class Separators:
    """The characters that a message's MSH-1 and MSH-2 name; "" where it names none."""

    field: str
    component: str = ""
    repetition: str = ""
    escape: str = ""
    subcomponent: str = ""
    truncation: str = ""
    codec: str = dataclasses.field(default="utf-8", compare=False)

    def written(self, text: str) -> str:
        """Return a text as it is written inside a field; without an escape character, blanks."""
        names = zip("EFSTRP", self._escaped(), strict=True)
        table = {c: f"{self.escape}{name}{self.escape}" for name, c in names if c}
        line = f"{self.escape}.br{self.escape}"
        if not self.escape:
            table, line = dict.fromkeys(filter(None, self._escaped()), " "), " "
        return "".join(table.get(c, c) for c in _BREAKS.sub("\n", text)).replace("\n", line)

    def stands_for(self, body: str) -> str | None:
        """Return what an escape without its escape characters stands for, None where nothing known."""
        if body in "FSTREP" and len(body) == 1:
            named = dict(zip("EFSTRP", self._escaped(), strict=True))
            return named[body] or {"T": "&", "P": "#"}.get(body, " ")
        if body[0] == "X":
            return self._of_hex(body[1:])
        if body[0] == ".":
            name, count = body[1:3].lower(), min(abs(int(body[3:] or 1)), _MOST)
            return {"sp": "\n" * count, "sk": " " * count}.get(name, _COMMANDS.get(name, ""))
        return ""  # highlighting, and changes of the character set

    def _escaped(self) -> tuple[str, ...]:
        return (
            self.escape,
            self.field,
            self.component,
            self.subcomponent,
            self.repetition,
            self.truncation,
        )

    def _of_hex(self, digits: str) -> str | None:
        data = bytes.fromhex(digits)
        for codec in (self.codec, "cp1252"):
            try:
                return data.decode(codec)
            except UnicodeDecodeError:
                continue
        return None


@lru_cache(maxsize=64)
def _pattern(escape: str) -> re.Pattern[str]:
    mark = re.escape(escape)
    return re.compile(
        rf"{mark}([FSTREPHN]|X(?:[0-9A-Fa-f]{{2}})+|\.[A-Za-z]{{2}}[+-]?\d{{0,3}}"
        rf"|C[0-9A-Fa-f]{{4}}|M[0-9A-Fa-f]{{4,6}}){mark}"
    )


def resolved(raw: str, start: int, end: int, separators: Separators) -> Stretch:
    """Return the stretch of half-open code points of a raw text, its escapes resolved."""
    text = raw[start:end]
    if not separators.escape or separators.escape not in text:
        return Stretch(start, end, text)
    parts: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    at = 0
    for match in _pattern(separators.escape).finditer(text):
        meant = separators.stands_for(match[1])
        if meant is None:
            continue
        parts += (text[at : match.start()], meant)
        starts += [*range(start + at, start + match.start()), *[start + match.start()] * len(meant)]
        ends += [*range(start + at + 1, start + match.start() + 1)]
        ends += [start + match.end()] * len(meant)
        at = match.end()
    if not parts:
        return Stretch(start, end, text)
    parts.append(text[at:])
    starts += range(start + at, end)
    ends += range(start + at + 1, end + 1)
    return Stretch(start, end, "".join(parts), starts, ends)

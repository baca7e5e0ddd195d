"""How texts are written in RTF."""

from __future__ import annotations

from dataclasses import dataclass

from phisweep.formats.richtext.pieces import Piece

GLUED = "g"
_HALF = 1 << 15  # \u takes a signed number of 16 bits


@dataclass(frozen=True, slots=True)
class RtfWriting:
    """
    Writes texts of RTF, in ASCII.

    A piece's role is how many characters stand for one of Unicode there (uc), and `g` behind a
    control word that no space ends.
    """

    def escape(self, text: str, role: str) -> str:
        """Return a text as it is written at that place."""
        skipped = int(role.rstrip(GLUED) or 1)
        return "".join([_escaped(character, skipped) for character in text])

    def joint(self, new: str, piece: Piece, at: int, following: str) -> str:
        """Return it with a space before it, where it would run on a control word."""
        first = (new + following)[:1]
        if piece.role.endswith(GLUED) and at == piece.start and (first.isalnum() or first in " -"):
            return f" {new}" if first else new
        return new


def _escaped(character: str, skipped: int) -> str:
    if character in "\\{}":
        return f"\\{character}"
    if character == "\n":
        return "\\line "
    if character == "\t":
        return "\\tab "
    if " " <= character < "\x7f":
        return character
    if character < " ":
        return ""
    units = character.encode("utf-16-le", "replace")
    end = "?" * skipped or " "
    numbers = (int.from_bytes(units[i : i + 2], "little") for i in range(0, len(units), 2))
    return "".join(f"\\u{n - 2 * _HALF if n >= _HALF else n}{end}" for n in numbers)

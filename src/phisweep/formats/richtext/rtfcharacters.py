"""Characters of RTF, whatever writes them: bytes of a code, escapes, Unicode with what replaces it."""

from __future__ import annotations

from phisweep.formats.richtext.pieces import Piece
from phisweep.formats.richtext.rtfstate import Codes, Group, Run
from phisweep.formats.richtext.rtftokens import Token
from phisweep.formats.richtext.rtfwriting import GLUED

_ASCII = 0x80  # the first byte beyond it
_UNITS = range(-0x8000, 0x10000)  # what \u may say
_HIGH, _LOW = range(0xD800, 0xDC00), range(0xDC00, 0xE000)  # the halves of a character


class Characters:
    """Adds characters to the texts of the group that is open."""

    def __init__(self, body: Run) -> None:
        self.groups = [Group(body)]
        self.codes = Codes()
        self.skip = 0  # characters that stand for the last one of Unicode
        self.glued = False  # the last token is a control word that no space ends
        self.high: Piece | None = None  # the first half of a character of Unicode

    def _end(self, run: Run) -> None:
        """Add the text that is gathered."""
        raise NotImplementedError

    def _plain(self, text: str, start: int) -> None:
        """Add ASCII; in a list it ends at semicolons."""
        self._settle()
        run = self.groups[-1].run
        if run.destination.holds != "list":
            self._add(text, start, start + len(text))
            return
        for number, part in enumerate(text.split(";")):
            if number:
                self._end(run)
                start += 1
                self.glued = False
            if part:
                self._add(part, start, start + len(part))
                start += len(part)

    def _byte(self, byte: int, start: int, end: int) -> None:
        if byte < _ASCII and not self.codes.half:
            self._plain(chr(byte), start) if end - start == 1 else self._add(chr(byte), start, end)
            return
        self.skip = 0
        text, begun = self.codes.byte(byte, start, self.groups[-1].font)
        if text:
            self._add(text, begun, end)

    def _settle(self) -> None:
        """End what was begun: nothing that comes belongs to the character before."""
        self.skip = 0
        self.codes.settle()

    def _unicode(self, token: Token, number: int) -> None:
        r"""Add what \u says; two of them may be the halves of one character."""
        self._settle()
        unit = number % 0x10000 if number in _UNITS else 0xFFFD
        high, here = self.high, self.groups[-1]
        pieces = here.run.joined.pieces
        if unit in _LOW and high is not None and pieces and pieces[-1] is high:
            point = 0x10000 + ((ord(high.text) & 0x3FF) << 10) + (unit & 0x3FF)
            pieces[-1] = high._replace(text=chr(point), end=token.end)
        else:
            self._add(chr(unit), token.start, token.end)
            if unit in _HIGH:
                self.high = pieces[-1]
        self.skip = here.uc

    def _skipped(self, token: Token) -> bool:
        """Say whether a byte is what readers without Unicode show."""
        if not self.skip:
            return False
        self.skip -= 1
        self._extend(token.end)
        return True

    def _extend(self, end: int) -> None:
        pieces = self.groups[-1].run.joined.pieces
        if pieces:
            was = pieces[-1]
            pieces[-1] = was._replace(end=end)
            self.high = pieces[-1] if was is self.high else self.high

    def _add(self, text: str, start: int, end: int) -> None:
        here = self.groups[-1]
        here.run.joined.add(text, start, end, f"{here.uc}{GLUED if self.glued else ''}")
        self.high = None

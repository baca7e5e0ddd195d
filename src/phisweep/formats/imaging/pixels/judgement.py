"""What is said of a file's pixels before and after they are cleaned."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

from phisweep.formats.imaging.pixels.boxes import Box


@dataclass(frozen=True, slots=True)
class Judged:
    """
    What a header says of its pixels.

    `held` says why no copy may be written, "" where one may; `blank` are the regions that recipes
    name. `read` says what else is done: "words" are looked for by OCR and by their looks, and
    blanked; by their "looks" alone, and the file is held where there are any. `notes` go into the
    report: what nobody has seen.
    """

    held: str = ""
    blank: tuple[Box, ...] = ()
    notes: tuple[str, ...] = ()
    read: Literal["", "looks", "words"] = ""

    @property
    def work(self) -> bool:
        """Whether `clean` is to be called when a copy is written, whatever the policy says."""
        return not self.held and (bool(self.read) or bool(self.blank))

    @property
    def cleans(self) -> bool:
        """Whether pixels are cleaned, as the option Clean Pixel Data says; a look cleans nothing."""
        return not self.held and (self.read == "words" or bool(self.blank))

    def noted(self, note: str) -> Judged:
        """Return it with another note."""
        return replace(self, notes=(*self.notes, note))

    def holding(self, reason: str) -> Judged:
        """Return it with another reason to hold the file back."""
        return replace(self, held="; ".join(filter(None, (self.held, reason))))


@dataclass(frozen=True, slots=True)
class Cleaned:
    """
    What became of the pixels; `held` says why no copy may be written after all.

    `boxes` are to be blanked in every frame; without any the pixels stay as they are coded. `words`
    are what OCR read, for counts alone.
    """

    held: str = ""
    notes: tuple[str, ...] = ()
    words: tuple[str, ...] = field(default=(), repr=False)
    boxes: tuple[Box, ...] = ()

"""Documents of which a standard says what becomes of each place: DICOM's attributes, counted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from os.path import commonpath

from phisweep.formats.base import Fate
from phisweep.model import Finding
from phisweep.proposal.counting import Memo, Reader, Reading
from phisweep.proposal.evidence import Gathered

_ITEM = re.compile(r"\[\d+\]|^data set \d+, ")
_PRIVATE = re.compile(r"\([0-9A-F]{3}[13579BDF],[0-9A-F]{4}\)")
_PRIVATE_PLACE = "private elements"
#: Of what nothing is told where nothing is searched: it says nothing of anybody.
_SPARED = ("", "as it is", "cleaned")


class Attributes:
    """The attributes of one document after the other, a place each, however many files there are."""

    def __init__(self, reader: Reader, reading: Reading) -> None:
        self.reader = reader
        self.reading = reading
        self.memos: dict[str, Memo] = {}

    def read(self, fates: Iterable[Fate]) -> None:
        """Count what stands in the places of a document, and what becomes of it."""
        self.reading.standard = True
        for fate in fates:
            if fate.address and (fate.texts or fate.short not in _SPARED):
                self._fate(fate)

    def _fate(self, fate: Fate) -> None:
        place = _ITEM.sub("", fate.address)
        short = fate.short
        if _PRIVATE.search(place):
            place = _PRIVATE_PLACE if short == "removed" else place
        gathered = self.reading.places.get(place)
        if gathered is None:
            label = place.rpartition(" ")[2]
            gathered = self.reading.places[place] = Gathered(label, place, "", fate=fate.lines[:-1])
        gathered.fates[short or "cleaned"] += 1
        if not fate.texts:
            gathered.rows += 1
            gathered.filled += 1
            return
        texts, reader = fate.texts, self.reader

        def search() -> Sequence[Finding]:
            return [found for text in texts for found in reader.detector.find(text)]

        memo = self.memos.setdefault(place, Memo())
        value = "\\".join(text.text for text in texts)
        prose = any(text.kind == "prose" for text in texts)
        reader.enter(gathered, memo, value, 1, search, prose=prose)


def over(globs: Sequence[str]) -> str:
    """Return one pattern for the files of a tree of folders: `dicom/*.dcm`, `*`."""
    folders = {glob.rpartition("/")[0] for glob in globs}
    shared = "" if "" in folders else commonpath(folders)
    suffixes = {glob.rpartition("/")[2].rpartition(".")[2] for glob in globs if "." in glob}
    suffix = f".{suffixes.pop()}" if len(suffixes) == 1 and all("." in g for g in globs) else ""
    if len(globs) == 1:
        return globs[0]
    return f"{shared}/*{suffix}" if shared else f"*{suffix}"

"""The bundled model as a searcher of texts."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property
from itertools import islice
from pathlib import Path

import numpy as np

from phisweep.detect.names.around import REACH, denied
from phisweep.detect.names.floors import NEVER, Floors
from phisweep.detect.names.gate import Gate
from phisweep.detect.names.kinds import Kinds
from phisweep.detect.names.network import Network, Scores
from phisweep.detect.names.pieces import Pieces
from phisweep.detect.names.reader import Page, Reader
from phisweep.detect.names.spans import GROUPS, Span, spans
from phisweep.detect.names.store import Store, open_store
from phisweep.detect.names.windows import centred, needed, whole
from phisweep.detect.names.words import Words, words
from phisweep.detect.normal import normalise
from phisweep.model import NAMES_MODEL, Finding, Text
from phisweep.ruleset.load import Ruleset

#: What a number is, nobody can say where no words stand around it: rules decide by its form.
_NUMBERS = frozenset({"ID", "CONTACT", "DATE", "AGE"})
_LETTERS = re.compile(r"(?<![\w-])[^\W\d_]{2,}(?!\w)")  # words, not the letters of codes
_FEW = 3  # words that make a context


class NamesModel:
    """Finds names and places by the network; its weights are read when first asked."""

    def __init__(self, store: Store, kinds: Kinds, abbreviations: Collection[str]) -> None:
        self.store = store
        self._kinds = kinds
        self._floors = Floors(kinds, abbreviations)

    @classmethod
    def load(cls, ruleset: Ruleset, folder: Path | None = None) -> NamesModel:
        """Open a model's folder. Raises ComponentError where it is not whole."""
        kinds = Kinds.of_rules(ruleset)
        return cls(open_store(folder), kinds, ruleset.members("abbreviations"))

    @cached_property
    def _pieces(self) -> Pieces:
        return Pieces.read(self.store.folder / "vocab.txt")

    @cached_property
    def _reader(self) -> Reader:
        return Reader(self._kinds, self._pieces)

    @cached_property
    def _network(self) -> Network:
        temperature = float(self.store.manifest["temperature"])
        ends = self._pieces.start, self._pieces.end
        return Network(str(self.store.folder / "names.onnx"), ends, temperature)

    @cached_property
    def _gate(self) -> Gate | None:
        least = self.store.manifest.get("gate")
        if least is None:
            return None
        return Gate(str(self.store.folder / "gate.onnx"), float(least))

    @cached_property
    def _least(self) -> Mapping[str, float]:
        return dict(self.store.manifest["thresholds"])

    def find(
        self, block: Text, min_score: float, known: Sequence[tuple[int, int]] = ()
    ) -> list[Finding]:
        """
        Return the model's findings in the block's own code points, from `min_score` on.

        Words that lie in `known` spans, of which rules are sure, are not asked about by
        themselves; where they stand beside others that are, they take part.
        """
        normal = normalise(block.text)
        if normal.offsets is not None:
            known = ()  # told in other code points, and it is rare
        found: list[Finding] = []
        alone = sum(1 for _ in islice(_LETTERS.finditer(normal.text), _FEW)) < _FEW
        for span in self.spans(normal.text, known):
            if span.score < min_score or (alone and span.label in _NUMBERS):
                continue
            start, end = normal.source_span(span.start, span.end)
            found.append(
                Finding(
                    block.location,
                    start,
                    end,
                    GROUPS[span.label],
                    f"{NAMES_MODEL}/{span.label.lower()}",
                    round(span.score, 3),
                    "high",
                    (f"the names model: {span.label.lower()} {span.score:.2f}",),
                )
            )
        return found

    def spans(self, text: str, known: Sequence[tuple[int, int]] = ()) -> list[Span]:
        """Return the spans of a normalised text."""
        seen = words(text)
        scores = self.scores(text, seen, known)
        found = spans(text, seen, scores, self.store.labels, self._least)
        return [span for span in found if span.score >= self._floor(text, seen, span)]

    def _floor(self, text: str, seen: Words, span: Span) -> float:
        before = text[max(0, span.start - REACH) : span.start]
        after = text[span.end : span.end + REACH]
        if denied(span.label, text[span.start : span.end], before, after):
            return NEVER
        read = (text[a:b] for a, b in seen.spans[slice(*span.words)])
        words_ = [word for word in read if word[0].isalnum()]
        return self._floors.of(span.label, text[span.start : span.end], words_)

    def scores(
        self,
        text: str,
        seen: Words,
        known: Sequence[tuple[int, int]] = (),
        *,
        gated: bool = True,
    ) -> Scores:
        """
        Return (words, labels) of probabilities for a text's words.

        Words that the gate does not ask about, and that stand in no window with one it does, are
        no identifier for sure. Without the gate every word is read.
        """
        out = np.zeros((len(seen.spans), len(self.store.labels)), np.float32)
        out[:, 0] = 1
        if not seen.spans:
            return out
        page = self._reader.page(text, seen)
        windows = list(self._windows(page, seen, known) if gated else whole(page.sizes.tolist()))
        if not windows:
            return out
        best = np.array(centred(windows, len(out)))
        for w, answer in enumerate(self._network.scores(page, windows)):
            start, end = windows[w]
            own = best[start:end] == w
            out[start:end][own] = answer[own]
        return out

    def _windows(
        self, page: Page, seen: Words, known: Sequence[tuple[int, int]]
    ) -> Iterable[tuple[int, int]]:
        """Return windows around the words that the gate asks about, or over all words."""
        sizes = page.sizes.tolist()
        if self._gate is None:
            return whole(sizes)
        return needed(sizes, _unknown(self._gate.asked(page).tolist(), seen, known))


def _unknown(asked: Sequence[int], seen: Words, known: Sequence[tuple[int, int]]) -> Sequence[int]:
    """Return those of the words `asked` that end outside of what is known."""
    if not known or not asked:
        return asked
    ends = sorted(known)
    out: list[int] = []
    at = 0
    reach = -1
    for i in asked:
        start, end = seen.spans[i]
        while at < len(ends) and ends[at][0] <= start:
            reach = max(reach, ends[at][1])
            at += 1
        if end > reach:
            out.append(i)
    return out

"""A corpus -> numbered examples of at most 126 pieces, cut between words."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch

from corpus.marks import UNDECIDED
from encoder import LABELS, pretrained
from phisweep.detect.names.kinds import Kinds
from phisweep.detect.names.pieces import LONGEST, Pieces
from phisweep.detect.names.words import SHAPES, shape, words
from phisweep.detect.normal import normalise
from phisweep.ruleset.load import load_ruleset

LENGTH = 126  # pieces of one example, [CLS] and [SEP] apart
IGNORED = -100
_LABELS = {name: i for i, name in enumerate(LABELS)} | {UNDECIDED: IGNORED}


class Reader:
    """Reads texts as the model will see them."""

    def __init__(self) -> None:
        self.pieces = Pieces.read(pretrained() / "vocab.txt")
        self.kinds = Kinds.of_rules(load_ruleset())

    def rows(self, text: str, spans: Sequence[tuple[int, int, str]]) -> list[np.ndarray]:
        """Return a (5, pieces) array for each word of a text."""
        normal = normalise(text)
        seen = words(normal.text)
        out: list[np.ndarray] = []
        spans = sorted(spans)
        at = 0
        for (start, end), gap in zip(seen.spans, seen.gaps, strict=True):
            a, b = normal.source_span(start, end)
            while at < len(spans) and spans[at][1] <= a:
                at += 1
            label = _LABELS[spans[at][2]] if at < len(spans) and spans[at][0] < b else 0
            word = normal.text[start : min(end, start + LONGEST + 1)]
            ids = self.pieces.of(word)
            n = len(ids)
            look = shape(word)
            rows = np.empty((5, n), np.int16)
            rows[0] = ids
            rows[1] = look + len(SHAPES)
            rows[1, 0] = look
            rows[2] = 0
            rows[2, 0] = gap
            rows[3] = self.kinds.of(word)
            rows[4] = label
            out.append(rows)
        return out


def examples(path: Path) -> Iterator[np.ndarray]:
    """Yield the examples of a corpus."""
    reader = Reader()
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            held: list[np.ndarray] = []
            size = 0
            for word in reader.rows(row["text"], [tuple(s) for s in row["spans"]]):
                if size + word.shape[1] > LENGTH:
                    yield np.concatenate(held, 1)
                    held, size = [], 0
                held.append(word[:, :LENGTH])
                size += held[-1].shape[1]
            if size > 2:
                yield np.concatenate(held, 1)


def batch(rows: Sequence[np.ndarray], r: random.Random, unsaid: float) -> list[torch.Tensor]:
    """
    Return pieces, shapes, gaps, kinds, mask, labels of (batch, length), [CLS] and [SEP] added.

    A share `unsaid` of words loses what the lists say, or is called unknown, so that the model
    does not lean on lists which will never be whole; of one example in ten all words do.
    """
    length = max(x.shape[1] for x in rows) + 2
    out = np.zeros((6, len(rows), length), np.int64)
    out[5] = IGNORED
    for i, x in enumerate(rows):
        n = x.shape[1]
        out[:4, i, 1 : n + 1] = x[:4]
        out[0, i, 0], out[0, i, n + 1] = 101, 102
        out[4, i, : n + 2] = 1
        out[5, i, 1 : n + 1] = x[4]
        if unsaid:
            lost = np.array([r.random() for _ in range(n)]) < (1.0 if r.random() < 0.1 else unsaid)
            lost &= x[3] != 8  # signs stay signs
            out[3, i, 1 : n + 1][lost] = 0 if r.random() < 0.5 else 2
    return [torch.from_numpy(t) for t in out]

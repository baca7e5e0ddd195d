"""
Which words need the network: a small net of convolutions over words' pieces.

Most of a chart is ordinary clinical words. The gate reads each word with seven on both sides and
asks for the network wherever a name or place is not all but excluded.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from phisweep.detect.names.network import session
from phisweep.detect.names.reader import Numbers, Page

INPUTS = ("pieces", "second", "third", "heads", "tails", "shapes", "gaps", "kinds")
REACH = 7  # words that one word's answer depends on, on each side
_CHUNK = 8_192  # words that are read at once


class Gate:
    """Says which words of a text need the network."""

    def __init__(self, path: str, least: float) -> None:
        self._session: Any = session(path)
        self._least = least

    def asked(self, page: Page) -> Numbers:
        """Return the indices of the words that need the network, sorted."""
        n = page.inputs.shape[1]
        out: list[Numbers] = []
        for start in range(0, n, _CHUNK):
            first = max(0, start - REACH)
            piece = page.inputs[:, first : start + _CHUNK + REACH]
            logits = self._session.run(None, dict(zip(INPUTS, piece, strict=True)))[0]
            logits = logits[start - first : start - first + _CHUNK]
            out.append(np.flatnonzero(logits >= self._least) + start)
        return np.concatenate(out)

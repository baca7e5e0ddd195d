"""The network itself, run by onnxruntime on the CPU."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from phisweep.detect.names.pieces import Pieces
from phisweep.detect.names.words import SHAPES
from phisweep.errors import ComponentError

Scores = npt.NDArray[np.float32]
THREADS = 1  # a run has its own processes; threads beside them only get in each other's way
_BATCH = 2_048  # pieces that are asked at once
#: What the network sees of a word: its pieces, shape, gap and kind.
Word = tuple[tuple[int, ...], int, int, int]
Window = tuple[Word, ...]


def session(path: str) -> Any:
    """Return onnxruntime's session. Raises ComponentError (E411) where it is not installed or fails."""
    try:
        import onnxruntime as ort  # noqa: PLC0415 - 0.1 s that the rules alone never need
    except ImportError:
        raise ComponentError(
            "E411", "onnxruntime is not installed", todo="pip install onnxruntime"
        ) from None
    options = ort.SessionOptions()
    options.intra_op_num_threads = THREADS
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    try:
        return ort.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # noqa: BLE001 - onnxruntime's own tree of errors
        raise ComponentError(
            "E411", f"the names model cannot be loaded ({type(error).__name__})"
        ) from None


class Network:
    """Windows of words -> a row of scores for each word."""

    def __init__(self, path: str, pieces: Pieces, temperature: float = 1.0) -> None:
        self._session = session(path)
        self._pieces = pieces
        self._temperature = temperature

    def scores(self, windows: Sequence[Sequence[Word]]) -> list[Scores]:
        """
        Return for each window an array (words, labels) of probabilities.

        Windows of like length go together, and one that occurs again is asked once.
        """
        keys = [tuple(window) for window in windows]
        answers: dict[Window, Scores] = {}
        for held in _batches(dict.fromkeys(keys)):
            answers |= zip(held, self._ask(held), strict=True)
        return [answers[key] for key in keys]

    def _ask(self, windows: Sequence[Window]) -> list[Scores]:
        sizes = [[len(word[0]) for word in window] for window in windows]
        length = max(map(sum, sizes)) + 2
        fed = np.zeros((5, len(windows), length), np.int64)
        fed[0, :, 0] = self._pieces.start
        for row, (window, counts) in enumerate(zip(windows, sizes, strict=True)):
            n = sum(counts)
            fed[0, row, 1 : n + 1] = [piece for word in window for piece in word[0]]
            fed[0, row, n + 1] = self._pieces.end
            at = 1
            for word, count in zip(window, counts, strict=True):
                fed[1, row, at] = word[1]
                fed[1, row, at + 1 : at + count] = word[1] + len(SHAPES)
                fed[2, row, at] = word[2]
                fed[3, row, at : at + count] = word[3]
                at += count
            fed[4, row, : n + 2] = 1
        names = ("pieces", "shapes", "gaps", "kinds", "mask")
        logits = self._session.run(None, dict(zip(names, fed, strict=True)))[0]
        logits = np.asarray(logits, np.float32)
        logits = (logits - logits.max(-1, keepdims=True)) / np.float32(self._temperature)
        np.exp(logits, out=logits)
        logits /= logits.sum(-1, keepdims=True)
        out: list[Scores] = []
        for row, counts in enumerate(sizes):
            starts = np.concatenate(([0], np.cumsum(counts)[:-1]))
            summed = np.add.reduceat(logits[row, 1 : sum(counts) + 1], starts, axis=0)
            out.append((summed / np.asarray(counts, np.float32)[:, None]).astype(np.float32))
        return out


def _batches(windows: Iterable[Window]) -> Iterator[list[Window]]:
    """Yield windows by length, as many at once as fill `_BATCH` pieces, one at least."""
    held: list[Window] = []
    for window in sorted(windows, key=_size):
        if held and (_size(window) + 2) * (len(held) + 1) > _BATCH:
            yield held
            held = []
        held.append(window)
    if held:
        yield held


def _size(window: Window) -> int:
    return sum(len(word[0]) for word in window)

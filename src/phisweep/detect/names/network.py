"""The network itself, run by onnxruntime on the CPU."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from phisweep.detect.names.reader import Page
from phisweep.errors import ComponentError

Scores = npt.NDArray[np.float32]
THREADS = 1  # a run has its own processes; threads beside them only get in each other's way
INPUTS = ("pieces", "shapes", "gaps", "kinds")


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

    def __init__(self, path: str, ends: tuple[int, int], temperature: float = 1.0) -> None:
        self._session = session(path)
        self._ends = ends
        self._temperature = np.float32(temperature)

    def scores(self, page: Page, windows: Sequence[tuple[int, int]]) -> list[Scores]:
        """
        Return for each window, half-open word indices, an array (words, labels) of probabilities.

        Each is asked alone: what stands beside it cannot change its answer, nothing is padded, and
        it takes no longer than in a batch. One that occurs again is asked once.
        """
        rows = page.rows()
        at = np.concatenate(([0], np.cumsum(page.sizes)))
        answers: dict[bytes, Scores] = {}
        out: list[Scores] = []
        for start, end in windows:
            fed = np.zeros((len(INPUTS), at[end] - at[start] + 2), np.int64)
            fed[:, 1:-1] = rows[:, at[start] : at[end]]
            fed[0, 0], fed[0, -1] = self._ends
            key = fed.tobytes()
            if key not in answers:
                logits = self._session.run(None, dict(zip(INPUTS, fed, strict=True)))[0][1:-1]
                answers[key] = self._of_words(logits, at[start:end] - at[start])
            out.append(answers[key])
        return out

    def _of_words(self, logits: Scores, starts: npt.NDArray[np.int64]) -> Scores:
        """Return the mean probabilities of each word's pieces."""
        p: Scores = np.exp((logits - logits.max(-1, keepdims=True)) / self._temperature)
        p /= p.sum(-1, keepdims=True)
        if len(starts) == len(p):
            return p
        sizes = np.diff(starts, append=len(p))[:, None]
        means: Scores = (np.add.reduceat(p, starts, axis=0) / sizes).astype(np.float32)
        return means

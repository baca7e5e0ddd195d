"""What was predicted and what went wrong, kept where somebody asked for it: in files of mode 0600."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from phisweep.errors import UsageError
from phisweep.evaluate.values import UNKNOWN, Document, Mistake, Span
from phisweep.legible import legible


@contextmanager
def private(path: Path) -> Iterator[Callable[[str], None]]:
    """
    Yield what writes lines into a new file for its owner alone; it is whole or not there.

    Raises UsageError (E195).
    """
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise _unwritten(path, error) from None
    try:
        with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as file:
            yield lambda line: print(line, file=file)
        draft.replace(path)
    except OSError as error:
        raise _unwritten(path, error) from None
    finally:
        draft.unlink(missing_ok=True)


def _unwritten(path: Path, error: OSError) -> UsageError:
    return UsageError(
        "E195",
        f"it cannot be written: {error.strerror}",
        where=legible(str(path)),
        todo="Name a new file in a folder that is there.",
    )


def prediction_line(document: Document, spans: Sequence[Span]) -> str:
    """Return the line of a document's predictions, without its text."""
    rows = [
        {
            "start": start,
            "end": end,
            "class": span.kind or UNKNOWN,
            "score": span.score,
            "rule": span.rule,
        }
        for span in spans
        for start, end in span.parts
    ]
    return json.dumps({"id": document.id, "spans": rows})


def mistake_line(mistake: Mistake) -> str:
    """Return a mistake as JSON, with the text."""
    return json.dumps(
        {
            "document": mistake.document,
            "kind": mistake.kind,
            "class": mistake.label,
            "start": mistake.start,
            "end": mistake.end,
            "text": mistake.text,
            "before": mistake.before,
            "after": mistake.after,
            "rule": mistake.rule,
            "score": mistake.score,
        },
        ensure_ascii=False,
    )


def mistake_words(mistake: Mistake) -> str:
    """Return a mistake as a line for a terminal, with the text; it acts on nobody's screen."""
    text = f"{mistake.before}>>{mistake.text}<<{mistake.after}"
    told = f"{mistake.rule} {mistake.score:.2f}" if mistake.score is not None else mistake.rule
    place = f"{mistake.document}:{mistake.start}"
    line = f"{mistake.kind:<8} {mistake.label:<11} {legible(place)}  {legible(text)}"
    return f"{line}  {legible(told)}" if told else line

"""
CoNLL: a token a line with its tag (IOB1, BIO, BILOU, BIOES), sentences apart by an empty line.

The text is made of the tokens again: joined by spaces, but for what belongs to the word before or
behind it. Documents begin at -DOCSTART- or `# newdoc`; without either, each sentence is one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from phisweep.evaluate import faults
from phisweep.evaluate.checking import Marked
from phisweep.evaluate.gold.lines import lines
from phisweep.evaluate.gold.raw import Raw
from phisweep.legible import legible

_TAG = re.compile(r"O|[BILUES]-\S+")
_NEWDOC = re.compile(r"#\s*newdoc(?:\s+id\s*=\s*(?P<id>\S+))?", re.IGNORECASE)
_SEEN = 400  # lines that say which columns hold tokens and tags
#: Tokens that stand right behind the one before, or right before the next, or between digits.
_BEFORE = {*",.;:!?)]}%'", "'s", "n't", "'re", "'ve", "'ll", "'d", "'m"}
_BEHIND = {*"([{$#"}
_WITHIN = {*"-/@:"}


#: Tokens with their tags.
Sentence = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class _Columns:
    token: int
    tag: int


def looks_so(head: str) -> bool:
    """Say whether a text is lines of columns, one of which holds tags."""
    return _columns(head.splitlines()[:_SEEN]) is not None


def read(path: Path, name: str, encoding: str = "") -> Iterator[Raw]:
    """Yield the documents of a file. Raises UsageError E176."""
    first = [line for _, line in islice(lines(path, name, encoding), _SEEN)]
    columns = _columns(first)
    if columns is None:
        raise faults.unreadable(legible(name), "no column of it holds tags like B-PER and O")
    marked = any(_is_start(line) for line in first)
    id_, number = "", 0
    held: list[Sentence] = []
    for start, tokens in _sentences(path, name, encoding, columns):
        if held and (start is not None or not marked):
            number += 1
            yield _document(held, id_, name, number)
            held, id_ = [], ""
        if start is not None:
            id_ = start
        if tokens:
            held.append(tokens)
    if held:
        yield _document(held, id_, name, number + 1)


def _sentences(
    path: Path, name: str, encoding: str, columns: _Columns
) -> Iterator[tuple[str | None, Sentence]]:
    """Yield sentences; before the first of a document its id, "" where it has none."""
    tokens: Sentence = []
    for at, line in lines(path, name, encoding):
        if _is_start(line) or not line.strip():
            if tokens:
                yield None, tokens
                tokens = []
            if line.strip():
                match = _NEWDOC.match(line)
                yield (match["id"] or "" if match else ""), []
        elif not line.startswith("# "):
            tokens.append(_token(line, columns, f"{legible(name)}: line {at:,}"))
    if tokens:
        yield None, tokens


def _is_start(line: str) -> bool:
    return line.startswith("-DOCSTART-") or bool(_NEWDOC.match(line))


def _columns(seen: Sequence[str]) -> _Columns | None:
    """Return which columns hold the tokens and the tags, None where no column can."""
    rows = [
        _split(line)
        for line in seen
        if line.strip() and not line.startswith("# ") and not _is_start(line)
    ]
    if not rows:
        return None
    width = min(map(len, rows))
    tags = [i for i in range(1, width) if all(_TAG.fullmatch(row[i]) for row in rows)]
    if not tags:
        return None
    numbered = width > 2 and all(row[0].isdigit() for row in rows)  # noqa: PLR2004 - number, token, tag
    return _Columns(1 if numbered and 1 not in tags else 0, tags[-1])


def _split(line: str) -> list[str]:
    line = line.rstrip("\r")
    return line.split("\t") if "\t" in line else line.split()


def _token(line: str, columns: _Columns, where: str) -> tuple[str, str]:
    row = _split(line)
    if len(row) <= max(columns.tag, columns.token) or not _TAG.fullmatch(row[columns.tag]):
        raise faults.unreadable(where, "it has no token and tag where the lines before have them")
    return row[columns.token], row[columns.tag]


def _document(sentences: Sequence[Sentence], id_: str, name: str, number: int) -> Raw:
    pieces: list[str] = []
    spans: list[Marked] = []
    at = 0
    for i, sentence in enumerate(sentences):
        if i:
            pieces.append("\n")
            at += 1
        text, marked = _sentence(sentence)
        pieces.append(text)
        spans += [
            Marked(((at + mark.parts[0][0], at + mark.parts[0][1]),), mark.label) for mark in marked
        ]
        at += len(text)
    told = id_ or (f"{name}:{number}" if number else "")
    return Raw(told, "".join(pieces), tuple(spans), name)


def _sentence(tokens: Sentence) -> tuple[str, list[Marked]]:
    """Return the text of a sentence and its marks."""
    text = ""
    places: list[tuple[int, int]] = []
    words = ["", "", *(token for token, _ in tokens), ""]
    for i, (token, _) in enumerate(tokens, 2):
        if i > 2 and not _joined(words[i - 1], token, words[i + 1], words[i - 2]):  # noqa: PLR2004
            text += " "
        places.append((len(text), len(text) + len(token)))
        text += token
    spans: list[Marked] = []
    label, start, end = "", 0, 0
    for (begin, stop), (_, tag) in zip(places, tokens, strict=True):
        prefix, _, kind = tag.partition("-")
        if label and (prefix in "OBUS" or kind != label):
            spans.append(Marked(((start, end),), label))
            label = ""
        if prefix == "O":
            continue
        start = start if label else begin
        label, end = kind, stop
        if prefix in "LEUS":
            spans.append(Marked(((start, end),), label))
            label = ""
    if label:
        spans.append(Marked(((start, end),), label))
    return text, spans


def _joined(before: str, here: str, after: str, earlier: str) -> bool:
    """Say whether a token stands right behind the one before it; `earlier` is before that."""
    if before in _BEHIND or (here in _BEFORE and not (here == ":" and _digits(before))):
        return True
    if here in _WITHIN:
        return _digits(before) and _digits(after)
    return before in _WITHIN and _digits(here) and _digits(earlier)


def _digits(token: str) -> bool:
    return token[:1].isdigit() or token[-1:].isdigit()

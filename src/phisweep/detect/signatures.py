"""
Initials that sign: whoever is named in full may be meant by two to four letters elsewhere.

Where an entry of a log ends, the initials of a found name are that name. In other places where only
a person stands - before a time, a colon, a stroke, at the beginning of a line - they are, too,
unless they are an abbreviation.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from phisweep.detect.namewords import plain
from phisweep.detect.vocabulary import Vocabulary
from phisweep.model import Finding

RULE = "name/propagated"
WEAKER = 0.9  # a repeated name is somewhat less certain than the one it repeats
LEAST = 0.5  # a weaker guess is not spread
#: Where initials sign: behind a stop, a dash or a stroke, and before the end of the line. The sign
#: before them is read first, and what ends a line before all else: both stand seldom.
_SIGNED = re.compile(
    r"[ /~>-](?=[A-Za-z])"
    r"(?=(?P<phi>(?:[A-Z]{2,4}|[a-z]{2,4}|(?:[A-Z]\. ?){1,3}[A-Z]\.?)(?!\w)"
    r"(?=[ \t]*[.,;]?[ \t]*(?:\n|\Z)|  )))"
    r"(?:(?<=[.!?)\]\"'] )|(?<=- )|(?<=[-/~>])|(?<=[ \t]/ )|(?<=\bby )|(?<=\bper )|(?<=\bw/ )|(?<=\d )|(?<=  ))"
    r"(?P=phi)"
)
_STOPPED = re.compile(r"[.!?)\]\"'] \Z|[-/~>] ?\Z")
#: Where they stand for somebody elsewhere, if it is known for whom.
_TOLD = re.compile(
    r"(?:(?<![^\n])|(?<=[|>~:/-] )|(?<=[|/>~:])|(?<=  )|(?<=\d )|(?<=[\dap][.m] )|(?<=\dm )"
    r"|(?<=[.!?;,)] )|(?<=\b[BbPp][YyEe] )|(?<=\b[Pp]er )|(?<=[sr]ev )|(?<=\wed ))"
    r"(?P<phi>[A-Z]{2,4}|[a-z]{2,4})(?![\w'])"
    r"(?= ?[:/] ?(?!\d)|[ \t]{2}|[ \t]*(?:\n|\Z)| (?:[Aa][Tt]|@) \d| \d{3,4}(?!\d)"
    r"| \d{1,2}[/:-]?(?:\d|[A-Z][a-z]{2})| (?i:noted|aware|lic|rn|lpn|md|np|pa|notified|called)(?!\w))"
)
#: Two who sign together, side by side: who dictated and who typed.
_PAIRED = re.compile(r"(?<=[A-Za-z])[:/](?P<phi>[a-z]{2,3}|[A-Z]{2,3})(?=[ \t]*(?:\n|\Z)|  )")
#: Where even an abbreviation is somebody: one of two who sign, alone on their line or at its end.
_BESIDE = re.compile(
    r"(?<![^\n])[A-Za-z]{2,4}[:/][A-Za-z]{2,3}(?=[ \t]*(?:\n|\Z)|  )"
    r"|[a-z]{2,4} (?:noted|aware) \d"
)
_MANY = 40  # initials: of so many, one reading of the text finds all faster than one of each
_TIMES = 2  # entries that unknown initials must sign
#: Letters at the end of a line that are somebody's initials by accident.
_COMMON = frozenset(
    {
        *("pt", "ot", "rn", "md", "np", "pa", "iv", "po", "im", "pr", "ok"),
        *("am", "pm", "no", "na", "cp", "ma", "rt", "st", "or", "er", "ed"),
        *("ct", "us", "nd", "do", "be", "go", "he", "me", "we", "so", "it"),
        *("is", "in", "on", "at", "to", "of", "as", "an", "if", "up", "by"),
        *("my", "hs", "ac", "pc", "sc", "sq", "sl", "bm", "bp", "hr", "rr"),
        *("tx", "rx", "hx", "dx", "sx", "fu", "sw", "cm", "cc"),
    }
)


def signatures(
    text: str,
    first: Finding,
    names: Sequence[Finding],
    covered: Sequence[tuple[int, int]],
    vocabulary: Vocabulary,
) -> Iterator[Finding]:
    """
    Yield initials: those of a found name, and others that sign entries repeatedly.

    They are written like the `first` finding of the text; offsets are half-open code points. They
    touch none of `covered`, which are sorted and apart, nor each other.
    """
    known = _initials(text, names)
    taken: set[int] = set()
    unknown: dict[str, list[tuple[int, int]]] = {}
    for start, end in outside((found.span("phi") for found in _SIGNED.finditer(text)), covered):
        letters = _letters(text[start:end])
        stopped = bool(_STOPPED.search(text, max(0, start - 3), start))
        if letters in known and (stopped or letters not in _COMMON):
            if letters not in vocabulary.abbreviations or stopped:
                taken.add(start)
                yield _signature(known[letters], start, end)
        elif stopped and not _is_word(letters, vocabulary):
            unknown.setdefault(text[start:end], []).append((start, end))
    if known:
        yield from _told(text, known, covered, vocabulary, taken)
    for spans in unknown.values():
        if len(spans) >= _TIMES:
            for start, end in spans:
                if start not in taken:
                    yield replace(
                        _signature(first, start, end),
                        identifier="name",
                        score=0.6,
                        explanation=("initials that sign several entries",),
                    )


def _told(
    text: str,
    known: Mapping[str, Finding],
    covered: Sequence[tuple[int, int]],
    vocabulary: Vocabulary,
    taken: set[int],
) -> Iterator[Finding]:
    """Yield the initials of found names that stand for them elsewhere, and whose are beside them."""
    beside: dict[tuple[int, int], Finding] = {}
    for start, end in outside(_places(text, known), covered):
        if start in taken:
            continue
        letters = _letters(text[start:end])
        word = letters in _COMMON or _is_word(letters, vocabulary)
        if word and _BESIDE.match(text, start) is None:
            continue
        taken.add(start)
        yield _signature(known[letters], start, end)
        other = _PAIRED.match(text, end)
        if other:
            beside[other.span("phi")] = known[letters]
    for start, end in outside(sorted(beside), covered):
        if start not in taken:
            yield _signature(beside[start, end], start, end)


def _places(text: str, known: Collection[str]) -> Iterator[tuple[int, int]]:
    """Yield where known initials stand as `_TOLD` wants them, in order."""
    if len(known) > _MANY:
        spans = (found.span("phi") for found in _TOLD.finditer(text))
        yield from ((a, b) for a, b in spans if _letters(text[a:b]) in known)
        return
    places = []
    for form in (cased for letters in known for cased in (letters, letters.upper())):
        at = text.find(form)
        while at >= 0:
            found = _TOLD.match(text, at)
            if found and found.end("phi") - at == len(form):
                places.append((at, at + len(form)))
            at = text.find(form, at + len(form))
    yield from sorted(set(places))


def outside(
    spans: Iterable[tuple[int, int]], covered: Sequence[tuple[int, int]]
) -> Iterator[tuple[int, int]]:
    """Yield the spans that touch no covered one; both come sorted, the covered ones apart."""
    at = 0
    for start, end in spans:
        while at < len(covered) and covered[at][1] <= start:
            at += 1
        if at == len(covered) or covered[at][0] >= end:
            yield start, end


def _is_word(letters: str, vocabulary: Vocabulary) -> bool:
    return letters in vocabulary.abbreviations or letters in vocabulary.ordinary


def _letters(initials: str) -> str:
    return "".join(c for c in initials.casefold() if c.isalpha())


def _initials(text: str, names: Sequence[Finding]) -> Mapping[str, Finding]:
    """Return the initials of the found names of two words and more, and those found as such."""
    out: dict[str, Finding] = {}
    for found in names:
        name = text[found.start : found.end]
        if "/initials" in found.rule:
            out[_letters(name)] = found
            continue
        last, comma, first = name.partition(",")
        parts = re.findall(
            r"[^\W\d_]+(?:['\u2019][^\W\d_]+)*", f"{first} {last}" if comma else name
        )
        parts = [p for p in parts if p[0].isupper() or name.islower()]
        if not 1 < len(parts) <= len("abcd"):
            continue
        letters = "".join(plain(part)[:1] for part in parts)
        out[letters] = found
        if "-" in name:
            out[letters[:2]] = found
        out[letters[0] + letters[-1]] = found
    return out


def _signature(source: Finding, start: int, end: int) -> Finding:
    return replace(
        source,
        start=start,
        end=end,
        rule=RULE,
        score=round(max(LEAST, source.score * WEAKER), 3),
        explanation=(f"the initials of a name found by {source.rule}",),
    )

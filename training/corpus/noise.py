"""
What happens to text on its way into a record: capitals, scanners, haste, lost line breaks.

Every function takes and returns parts, so that labels stay where they were.
"""

from __future__ import annotations

import random
import re

from corpus.people import Part

_SCAN = (
    ("o", "0"),
    ("O", "0"),
    ("l", "1"),
    ("i", "1"),
    ("I", "l"),
    ("m", "rn"),
    ("1", "l"),
    ("0", "O"),
    ("5", "S"),
    ("S", "5"),
    ("B", "8"),
    ("g", "q"),
    ("e", "c"),
    ("h", "b"),
    ("rn", "m"),
    ("cl", "d"),
)
_WORD = re.compile(r"[A-Za-z]{4,}")


def upper(parts: list[Part]) -> list[Part]:
    """Write everything in capitals."""
    return [(t.upper(), label) for t, label in parts]


def lower(parts: list[Part]) -> list[Part]:
    """Write everything in small letters."""
    return [(t.lower(), label) for t, label in parts]


def names_lower(parts: list[Part]) -> list[Part]:
    """Write names and places in small letters in a text that has capitals."""
    return [
        (t.lower() if label in {"NAME", "PLACE", "FACILITY", "ORG"} else t, label)
        for t, label in parts
    ]


def names_upper(parts: list[Part]) -> list[Part]:
    """Write names in capitals, as many systems do."""
    return [(t.upper() if label == "NAME" else t, label) for t, label in parts]


def scanned(parts: list[Part], r: random.Random, rate: float) -> list[Part]:
    """Confuse letters as a scanner does, and set blanks where none were."""

    def spoil(text: str) -> str:
        out: list[str] = []
        i = 0
        while i < len(text):
            for seen, read in _SCAN:
                if text.startswith(seen, i) and r.random() < rate:
                    out.append(read)
                    i += len(seen)
                    break
            else:
                out.append(text[i])
                if text[i].isalnum() and r.random() < rate * 0.06:
                    out.append(" ")
                elif text[i] in ".,:" and r.random() < rate:
                    out[-1] = " " + text[i]
                i += 1
        return "".join(out)

    return [(spoil(t), label) for t, label in parts]


def confused(parts: list[Part], r: random.Random) -> list[Part]:
    """Confuse one to four pairs of letters nearly always, as one bad scan does from top to bottom."""
    pairs = r.sample(
        [
            ("o", "0"),
            ("O", "0"),
            ("l", "1"),
            ("i", "1"),
            ("I", "l"),
            ("m", "rn"),
            ("1", "l"),
            ("0", "O"),
            ("rn", "m"),
            ("5", "S"),
            ("li", "h"),
            ("e", "c"),
        ],
        r.choice([1, 2, 3, 4]),
    )
    rate = r.choice([0.5, 0.9, 1.0])

    def spoil(text: str) -> str:
        for seen, read in pairs:
            text = "".join(
                read if piece == seen and r.random() < rate else piece
                for piece in re.split(f"({seen})", text)
            )
        return text

    return [(spoil(t), label) for t, label in parts]


#: What a bad fax makes of one sign.
_FAX = {
    "l": "1|I", "o": "0", "i": "1l|", "I": "l1|", "O": "0", "1": "lI|", "0": "O",
    "s": "5", "S": "5", "5": "S", "2": "Z", "8": "B", "B": "8",
}  # fmt: skip


def faxed(parts: list[Part], r: random.Random) -> list[Part]:
    """Spoil a page as a bad fax does: figures and letters for each other, doubled and lost blanks."""
    rate, gaps = r.choice([0.2, 0.4, 0.8]), r.choice([0, 0.1, 0.3])
    splits = r.choice([0, 0.004, 0.015])
    often = {c: r.random() < 0.6 for c in _FAX}  # what this scanner confuses

    def spoil(text: str) -> str:
        out: list[str] = []
        for c in text:
            if often.get(c) and r.random() < rate * (1 if c in "loIiO10" else 0.3):
                out.append(r.choice(_FAX[c]))
            elif c == "m" and often["l"] and r.random() < rate * 0.4:
                out.append("rn")
            elif c == " " and r.random() < gaps:
                out.append("  ")
            elif c in ".,:;" and r.random() < gaps:
                out.append(" " + c)
            else:
                out.append(c)
            if c.isalnum() and r.random() < splits:
                out.append(" ")
        return "".join(out)

    return [(spoil(t), label) for t, label in parts]


def typos(parts: list[Part], r: random.Random, rate: float) -> list[Part]:
    """Swap, drop and double letters of longer words."""

    def spoil(match: re.Match[str]) -> str:
        word = match[0]
        if r.random() > rate:
            return word
        i = r.randrange(1, len(word) - 1)
        return r.choice(
            [
                word[:i] + word[i + 1] + word[i] + word[i + 2 :],
                word[:i] + word[i + 1 :],
                word[:i] + word[i] + word[i:],
            ]
        )

    return [(_WORD.sub(spoil, t), label) for t, label in parts]


def glued(parts: list[Part], r: random.Random, rate: float) -> list[Part]:
    """Lose blanks between parts, and beside punctuation."""
    out: list[Part] = []
    for text, label in parts:
        if label is not None or r.random() > rate:
            out.append((text, label))
        elif r.random() < 0.6:
            out.append((re.sub(r"([,;:.)]) (?=\w)", r"\1", text), None))
        else:
            out.append((text.strip(" ") or text, None))
    return out


def one_line(parts: list[Part], r: random.Random) -> list[Part]:
    """Lose the line breaks."""
    joint = r.choice([" ", "  ", " | ", " / "])
    return [(re.sub(r"\s*\n\s*", joint, t), label) for t, label in parts]


def wrapped(parts: list[Part], width: int) -> list[Part]:
    """Break lines at a width, names and addresses too."""
    out: list[Part] = []
    column = 0
    for text, label in parts:
        pieces: list[str] = []
        for piece in re.split(r"( |\n)", text):
            broken = piece == "\n" or (piece == " " and column > width)
            column = 0 if broken else column + len(piece)
            pieces.append("\n" if broken else piece)
        out.append(("".join(pieces), label))
    return out


_TAGS = {
    "NAME": "NAME",
    "PLACE": "LOCATION",
    "FACILITY": "LOCATION",
    "ORG": "LOCATION",
    "DATE": "DATE",
    "ID": "OTHER_ID",
    "CONTACT": "PHONE",
    "AGE": "AGE",
}


def redacted(parts: list[Part], r: random.Random, share: float) -> list[Part]:
    """Replace labelled parts by what de-identification leaves: tags, years, codes, other tools' marks."""
    style = r.random()
    out: list[Part] = []
    for text, label in parts:
        if label not in _TAGS or r.random() > share:
            out.append((text, label))
            continue
        tag = _TAGS[label]
        if style < 0.7:
            mark = f"[{tag}]"
            if label == "DATE" and r.random() < 0.5:
                mark = str(r.randint(1995, 2026))
            elif label == "ID":
                mark = f"[MRN-{''.join(r.choice('BCDFGHJKLMNPQRSTVWXZ') for _ in range(10))}]"
        else:
            mark = r.choice(
                [f"[**{tag.title()}**]", f"<{tag}>", "XXX", "***", "_____", "[redacted]"]
            )
        out.append((mark, None))
    return out


def quotes(parts: list[Part]) -> list[Part]:
    """Use typographic quotes and dashes."""
    return [(t.replace("'", "\u2019").replace(" - ", " \u2013 "), label) for t, label in parts]


def misread(parts: list[Part], r: random.Random) -> list[Part]:
    """Misread a page in one of three ways."""
    u = r.random()
    if u < 0.3:
        return scanned(parts, r, r.choice([0.04, 0.12, 0.3]))
    return confused(parts, r) if u < 0.6 else faxed(parts, r)


def noisy(parts: list[Part], r: random.Random) -> list[Part]:
    """Return the parts with the noise that one text has, two texts in five none."""
    u = r.random()
    if u < 0.12:
        parts = lower(parts)
    elif u < 0.19:
        parts = upper(parts)
    elif u < 0.25:
        parts = names_lower(parts)
    elif u < 0.30:
        parts = names_upper(parts)
    elif u < 0.40:
        parts = misread(parts, r)
    if r.random() < 0.07:
        parts = redacted(parts, r, r.choice([0.5, 0.9, 1.0]))
    if r.random() < 0.18:
        parts = typos(parts, r, r.choice([0.02, 0.06, 0.15]))
    if r.random() < 0.10:
        parts = glued(parts, r, 0.3)
    u = r.random()
    if u < 0.10:
        parts = one_line(parts, r)
    elif u < 0.22:
        parts = wrapped(parts, r.choice([48, 64, 72, 80, 100]))
    if r.random() < 0.06:
        parts = quotes(parts)
    return parts

"""Parameters of a MIME header: names of files, boundaries; plain, encoded or in pieces (RFC 2231)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import quote, unquote_to_bytes

from phisweep.formats.message.words import decoded_words

_KIND = re.compile(rb"\s*([A-Za-z0-9!#$&.+^_-]+(?:/[A-Za-z0-9!#$&.+^_-]+)?)")
_PARAMETER = re.compile(
    rb";\s*([A-Za-z0-9_.-]+)(?:\*(\d+))?(\*)?\s*=\s*(?:\"((?:[^\"\\]|\\.)*)\"|([^;\s]*))", re.DOTALL
)
_QUOTED_PAIR = re.compile(r"\\(.)")
_FOLD = re.compile(r"\r?\n(?=[ \t])")
_PLAIN = re.compile(r"[\x20-\x7e]*")


@dataclass(frozen=True, slots=True)
class Parameter:
    """
    One parameter: `value` is its text, `spans` the half-open bytes of its pieces.

    A piece is the whole of `; name*0*=value`, from its semicolon; `extended`: it is encoded or in
    pieces, so that its text stands nowhere in the header.
    """

    name: str
    value: str = field(repr=False)
    spans: Sequence[tuple[int, int]]
    extended: bool

    def written(self, value: str) -> bytes:
        """Return the parameter with another value."""
        if _PLAIN.fullmatch(value):
            escaped = value.replace("\\", "\\\\").replace('"', '\\"')
            return f'; {self.name}="{escaped}"'.encode()
        safe = quote(value.encode("utf-8", "replace"))
        return f"; {self.name}*=utf-8''{safe}".encode()


def parameters(value: bytes, start: int) -> tuple[str, list[Parameter]]:
    """Return the kind that a header tells, in lower case, and its parameters; it begins at `start`."""
    kind = _KIND.match(value)
    pieces: dict[str, list[tuple[int, bool, str, tuple[int, int]]]] = {}
    for match in _PARAMETER.finditer(value, kind.end() if kind else 0):
        name = match[1].decode("ascii").lower()
        if match[4] is not None:
            text = _QUOTED_PAIR.sub(r"\1", _FOLD.sub("", _text(match[4])))
        else:
            text = _text(match[5])
        number = int(match[2]) if match[2] and len(match[2]) < 6 else 0  # noqa: PLR2004 - pieces
        span = (start + match.start(), start + match.end())
        encoded = match[3] is not None
        pieces.setdefault(name, []).append((number, encoded, text, span))
    made = [_parameter(name, found) for name, found in pieces.items()]
    return (kind[1].decode("ascii").lower() if kind else ""), made


def _parameter(name: str, pieces: list[tuple[int, bool, str, tuple[int, int]]]) -> Parameter:
    pieces.sort(key=lambda piece: piece[0])
    spans = [piece[3] for piece in pieces]
    if not any(piece[1] for piece in pieces):
        value = "".join(piece[2] for piece in pieces)
        extended = len(pieces) > 1
        return Parameter(name, value if extended else decoded_words(value), spans, extended)
    code, raw = "utf-8", b""
    for i, (_, encoded, text, _) in enumerate(pieces):
        if not encoded:
            raw += text.encode("utf-8", "surrogateescape")
            continue
        if not i and text.count("'") > 1:
            told, _, rest = text.split("'", 2)
            code = told or code
            raw += unquote_to_bytes(rest)
            continue
        raw += unquote_to_bytes(text)
    try:
        value = raw.decode(code)
    except (LookupError, UnicodeError):
        value = raw.decode("latin-1")
    return Parameter(name, value, spans, True)


def _text(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("latin-1")

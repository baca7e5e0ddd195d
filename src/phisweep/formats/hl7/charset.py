"""Which code a file of HL7 v2 is in: MSH-18 says it where the bytes do not contradict."""

from __future__ import annotations

from typing import BinaryIO

from phisweep.errors import DocumentError
from phisweep.formats.encoding import HEAD, Encoding, detect
from phisweep.formats.hl7 import lexer
from phisweep.formats.stream import read
from phisweep.model import Source

#: Table 0211, by what Python calls it.
CODECS = {
    **{f"8859/{part}": f"iso8859-{part}" for part in (*range(1, 12), 13, 14, 15)},
    "ISO IR14": "iso2022_jp",
    "ISO IR87": "iso2022_jp_2",
    "ISO IR159": "iso2022_jp_2",
    "ISO IR6": "ascii",
    "GB 18030-2000": "gb18030",
    "KS X 1001": "euc_kr",
    "BIG-5": "big5",
    "UNICODE UTF-8": "utf-8",
    "UNICODE": "",
    "ASCII": "",
}
_SHIFTING = ("iso2022_jp", "iso2022_jp_2")  # seven bits, which any UTF-8 reader takes for ASCII
_CHARACTER_SET = 18


def code_of(stream: BinaryIO, source: Source, chosen: str) -> Encoding:
    """
    Return the code: of a byte order mark, of the user's, UTF-8, of MSH-18, else cp1252.

    A code that shifts between sets by escapes looks like ASCII, hence MSH-18 comes first for it.
    What MSH-18 says in vain is warned of. Raises DocumentError E203, E204; UsageError E125.
    """
    names = () if chosen else declared(read(stream, 0, HEAD, source))
    said = next((codec for name in names if (codec := CODECS.get(name))), "")
    if said in _SHIFTING:
        return detect(stream, source, said)
    try:
        found = detect(stream, source, chosen)
    except DocumentError as error:
        if error.code != "E203" or said in ("", "utf-8"):
            raise
        return detect(stream, source, said)
    if said and found.codec == "cp1252":
        return detect(stream, source, said)
    return found


def declared(head: bytes) -> tuple[str, ...]:
    """Return what the first MSH of a file says of its character sets."""
    text = head.decode("latin-1")
    for line in lexer.lines(text, 1):
        if lexer.header(text, line) != "MSH":
            continue
        separators = lexer.separators(text, line, "ascii")
        if separators is None:
            return ()
        for number, start, end in lexer.fields(text, line, "MSH", separators.field):
            if number == _CHARACTER_SET:
                every = text[start:end].split(separators.repetition or "\n")
                return tuple(name.strip().upper() for name in every)
        return ()
    return ()

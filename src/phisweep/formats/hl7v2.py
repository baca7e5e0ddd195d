r"""
HL7 v2: messages, batches of them, and MLLP frames; searched value by value and written by splicing.

The separators are those of each message's MSH-1 and MSH-2. Every field of every segment is
searched, those of unknown and Z segments too, and so is what stands outside of messages and between
their segments. Escapes (\T\, \.br\, \X0D\) are resolved to be searched, and only what is replaced
is written with escapes again. Consecutive OBX of text with the same OBX-3, and consecutive NTE, are
one text whose lines they are. Data in OBX-5 (ED, RP; base64, hexadecimal) are documents of their own.

Addresses: `message 2, PID-5.1`, `message 2, PID-3[2].1` (its second repetition), `message 2,
OBX[3]-5` (the third OBX of the message), `BHS-4`, `line 3` (outside of segments). A segment that is
neither of the standard nor a Z segment is called `other`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from phisweep.formats.base import FormatDefaults, ReadOptions, register
from phisweep.formats.stream import Opened, raw_stream
from phisweep.model import Source
from phisweep.values import dataclass

if TYPE_CHECKING:
    from phisweep.formats.hl7.document import Hl7Document

_HEAD = re.compile(
    rb"(?:\xef\xbb\xbf)?[\s\x0b\x1c]*(?:MSH|FHS|BHS)([^\w\s])(?!\1)[^\w\s]{1,4}(?:\1|[\r\n])"
)


@dataclass(slots=True)
class Hl7(FormatDefaults):
    """HL7 v2 messages, in the encoding of bars and carets; XML is another format."""

    name: str = "hl7v2"
    suffixes: tuple[str, ...] = (".hl7", ".hl7v2", ".er7", ".mllp")
    unread: tuple[str, ...] = (
        "what an address in a message leads to (RP, URLs)",
        "base64 and other codes in fields that do not say so",
    )
    structured: bool = True

    def certain(self, head: bytes, source: Source) -> bool:  # noqa: ARG002 - the contract's
        """Say whether it begins with the header of a message or batch, in a frame or not."""
        return _HEAD.match(head) is not None

    def open(self, source: Source, options: ReadOptions) -> Hl7Document:
        """Open the messages. Raises DocumentError E201, E203, E204."""
        from phisweep.formats.hl7.charset import code_of  # noqa: PLC0415 - where one is read
        from phisweep.formats.hl7.document import Hl7Document  # noqa: PLC0415

        stream = raw_stream(source)
        try:
            code = code_of(stream, source, options.encoding)
        except BaseException:
            stream.close()
            raise
        return Hl7Document(Opened(source, options, code, stream))


register(Hl7())

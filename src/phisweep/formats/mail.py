"""
Mail: single messages, and mbox files of many.

Headers are searched decoded (RFC 2047, RFC 2231), bodies as text or HTML, attachments each by its
own format. What is changed is written again in the same place, in the same transfer encoding and
charset; every other byte stays. An attachment that cannot be assessed is empty in a copy.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from phisweep.formats.base import (
    FormatDefaults,
    ReadOptions,
    failed,
    register,
)
from phisweep.formats.stream import raw_stream, read
from phisweep.model import Source
from phisweep.values import dataclass

if TYPE_CHECKING:
    from phisweep.formats.message.mailbox import MailDocument
_OLE = b"\xd0\xcf\x11\xe0"
_FROM = re.compile(rb"^From [^\r\n]*\d\d:\d\d[^\r\n]*\r?\n", re.MULTILINE)
_FIELD = re.compile(rb"([!-9;-~]+)[ \t]*:")
_SIGNS = {"from", "received", "message-id", "mime-version", "return-path", "delivered-to"}
_LEAST = 3  # headers that make a mail of a text without a suffix
UNREAD = (
    "what is encoded inside a text: uuencode, yEnc, base64",
    "encrypted parts and winmail.dat (a copy has nothing of them)",
    "in attachments: what their own formats do not look at, told under warnings",
)


@dataclass(slots=True)
class Mail(FormatDefaults):
    """Single messages."""

    name: str = "mail"
    suffixes: tuple[str, ...] = (".eml", ".mht", ".mhtml", ".msg")
    unread: tuple[str, ...] = UNREAD
    structured: bool = True

    def sniff(self, head: bytes) -> bool:
        """Say whether it begins with headers of a mail, one of those that only mails have."""
        names = []
        for line in head.splitlines():
            match = _FIELD.match(line)
            if match:
                names.append(match[1].decode("ascii").lower())
            elif not line.startswith((b" ", b"\t")):
                break
        if len(names) < _LEAST:
            return False
        from phisweep.formats.message.headings import KNOWN  # noqa: PLC0415 - for few files

        known = [name for name in names if name in KNOWN]
        return len(known) >= _LEAST and bool(_SIGNS & {*known})

    def open(self, source: Source, options: ReadOptions) -> MailDocument:
        """Open the message. Raises DocumentError E201, E263."""
        from phisweep.formats.message.mailbox import MailDocument  # noqa: PLC0415 - where one is read

        stream = raw_stream(source)
        try:
            ole = read(stream, 0, 8, source).startswith(_OLE)
        finally:
            stream.close()
        if ole:
            what = "a message of Outlook's own format (.msg) is not read"
            raise failed("E263", source, what, "Save it as .eml.")
        return MailDocument(source, options, many=False)


@dataclass(slots=True)
class Mbox(FormatDefaults):
    """Many messages in one file."""

    name: str = "mbox"
    suffixes: tuple[str, ...] = (".mbox", ".mbx")
    unread: tuple[str, ...] = UNREAD
    structured: bool = True

    def certain(self, head: bytes, source: Source) -> bool:  # noqa: ARG002 - the contract's
        """Say whether it begins with the line before a message, and a header."""
        match = _FROM.match(head)
        return match is not None and _FIELD.match(head, match.end()) is not None

    def open(self, source: Source, options: ReadOptions) -> MailDocument:
        """Open the messages. Raises DocumentError E201."""
        from phisweep.formats.message.mailbox import MailDocument  # noqa: PLC0415 - where one is read

        return MailDocument(source, options, many=True)


register(Mail())
register(Mbox())

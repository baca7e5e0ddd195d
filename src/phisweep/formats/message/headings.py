"""What is known of headers: names that are no data, and whose names and addresses stand where."""

from __future__ import annotations

import re
from collections.abc import Iterator

#: Headers of the standards, whose names may stand in a report.
KNOWN = frozenset(
    [
        "from",
        "to",
        "cc",
        "bcc",
        "subject",
        "date",
        "sender",
        "reply-to",
        "received",
        "return-path",
        "message-id",
        "in-reply-to",
        "references",
        "mime-version",
        "content-type",
        "content-transfer-encoding",
        "content-disposition",
        "content-id",
        "content-description",
        "content-location",
        "content-language",
        "content-base",
        "content-md5",
        "delivered-to",
        "x-original-to",
        "x-mailer",
        "user-agent",
        "organization",
        "list-id",
        "list-unsubscribe",
        "list-post",
        "list-help",
        "list-subscribe",
        "list-archive",
        "precedence",
        "priority",
        "importance",
        "sensitivity",
        "x-priority",
        "errors-to",
        "x-msmail-priority",
        "x-originating-ip",
        "x-forwarded-to",
        "dkim-signature",
        "domainkey-signature",
        "received-spf",
        "authentication-results",
        "arc-seal",
        "arc-message-signature",
        "arc-authentication-results",
        "auto-submitted",
        "disposition-notification-to",
        "resent-from",
        "resent-to",
        "resent-cc",
        "resent-date",
        "resent-sender",
        "resent-message-id",
        "keywords",
        "comments",
        "status",
        "x-status",
        "x-keywords",
        "x-uid",
        "thread-topic",
        "thread-index",
        "autocrypt",
        "envelope-to",
        "x-envelope-from",
        "x-envelope-to",
        "x-spam-status",
        "x-spam-score",
        "x-spam-level",
        "x-spam-checker-version",
        "x-virus-scanned",
        "encoding",
        "lines",
        "bytes",
        "newsgroups",
        "path",
        "x-mozilla-status",
        "x-mozilla-status2",
        "original-recipient",
        "final-recipient",
        "return-receipt-to",
    ]
)
STRUCTURED = ("content-type", "content-disposition")
#: Headers of people: what stands before an address in angles is a name.
PEOPLE = frozenset(
    [
        "from",
        "to",
        "cc",
        "bcc",
        "sender",
        "reply-to",
        "resent-from",
        "resent-to",
        "resent-cc",
        "resent-sender",
        "errors-to",
        "disposition-notification-to",
        "return-receipt-to",
        "x-original-to",
        "delivered-to",
    ]
)
_MAILBOX = re.compile(r"(?P<name>\"(?:[^\"\\]|\\.)*\"|[^,;<>\"]*[^,;<>\"\s])\s*<[^<>]*>")
_QUOTES = "\"' \t"
_VALUE = re.compile(
    r";\s*(?P<name>[A-Za-z0-9_.*-]+)\s*=\s*(?:\"(?P<quoted>(?:[^\"\\]|\\.)*)\"|(?P<plain>[^;\s]*))"
)
_OF_FILES = ("name", "filename")
_PARAMETERS = frozenset(
    [
        "name",
        "filename",
        "charset",
        "format",
        "delsp",
        "type",
        "start",
        "start-info",
        "boundary",
        "micalg",
        "protocol",
        "report-type",
        "method",
        "component",
        "access-type",
        "size",
        "creation-date",
        "modification-date",
        "read-date",
        "x-unix-mode",
        "reply-type",
        "profile",
        "version",
        "smime-type",
        "handling",
    ]
)


def segments(name: str, text: str, shape: str) -> Iterator[tuple[int, int, str]]:
    """
    Yield half-open characters of a header's text that are searched together, and their path.

    `shape` is the text with the signs in encoded words masked, so that they part nothing.
    """
    path = f"mail:{name.title()}" if name in KNOWN else ""
    if name in STRUCTURED:
        yield from _parameters(text, path)
    elif name in PEOPLE:
        yield from _people(text, shape, path)
    elif text.strip():
        yield 0, len(text), path


def _people(text: str, shape: str, path: str) -> Iterator[tuple[int, int, str]]:
    at = 0
    for match in _MAILBOX.finditer(shape):
        start, end = match.span("name")
        start += len(text[start:end]) - len(text[start:end].lstrip(_QUOTES))
        end = start + len(text[start:end].rstrip(_QUOTES))
        if end <= start or "@" in text[start:end]:
            continue
        if text[at:start].strip(_QUOTES + ","):
            yield at, start, path
        yield start, end, f"{path}.name"
        at = end
    if text[at:].strip():
        yield at, len(text), path


def _parameters(text: str, path: str) -> Iterator[tuple[int, int, str]]:
    """Yield the kind, and the value of each parameter; a name of none that is known with it."""
    kind = len(text.partition(";")[0])
    if text[:kind].strip():
        yield 0, kind, f"{path}.kind"
    at = kind
    for match in _VALUE.finditer(text, kind):
        if text[at : match.start()].strip("; \t"):
            yield at, match.start(), path
        name = match["name"].lower()
        group = "plain" if match["quoted"] is None else "quoted"
        start, end = match.span(group)
        if name.rstrip("*0123456789") not in _PARAMETERS:
            yield match.start(), end, path
        elif end > start:
            yield start, end, f"{path}.filename" if name in _OF_FILES else f"{path}.parameter"
        at = match.end()
    if text[at:].strip("; \t"):
        yield at, len(text), path

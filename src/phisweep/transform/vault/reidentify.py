"""Codes and surrogates led back to what they stand for; the audit is written before it is shown."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from phisweep import marks
from phisweep.errors import UsageError, VerificationError
from phisweep.transform.operators.encrypt import decrypt
from phisweep.transform.vault import Original, Vault
from phisweep.transform.vault.audit import Asked, Request, record
from phisweep.transform.vault.file import new_file

#: Codes, and what is encrypted; surrogates look like any other text.
_MARK = re.compile(f"{marks.CODE.pattern}|{marks.SEALED.pattern}")


@dataclass(frozen=True, slots=True)
class Answer:
    """What was asked for, and the originals that it stands for: none where it is not known."""

    asked: str = field(repr=False)
    originals: Sequence[Original]


@dataclass(slots=True)
class _Pass:
    """One reading of what is asked for: counts, and digests of what went in and out."""

    written: hmac.HMAC
    read: hashlib._Hash | None = None
    asked: int = 0
    found: int = 0

    def result(self) -> Asked:
        """Return what the audit says of it."""
        read = self.read.hexdigest() if self.read else ""
        return Asked(self.asked, self.found, read, self.written.hexdigest())


def answers(vault: Vault, request: Request, asked: Sequence[str]) -> Sequence[Answer]:
    """
    Return an answer for each code or surrogate; a code may be given without its brackets.

    Raises UsageError where the reason holds an original, ComponentError where the vault or the
    audit cannot be used.
    """
    found = _looked_up(vault, request, asked)
    record(vault, request, Asked(len(found), sum(bool(each.originals) for each in found)))
    return found


def write_answers(vault: Vault, request: Request, asked: Sequence[str], out: Path) -> Asked:
    """
    Write the answers into a new file of mode 0600, one JSON object a line, and return the counts.

    Raises as `answers` does, and UsageError where the file is there already.
    """

    def lines(seen: _Pass) -> Iterator[bytes]:
        for each in _looked_up(vault, request, asked):
            seen.asked += 1
            seen.found += bool(each.originals)
            originals = [{"identifier": o.identifier, "text": o.text} for o in each.originals]
            line = json.dumps({"asked": each.asked, "originals": originals})
            yield line.encode() + b"\n"

    return _written(vault, request, lines, out, _Pass)


def restore(vault: Vault, request: Request, source: Path, out: Path) -> Asked:
    """
    Copy a UTF-8 file line by line, each code in it replaced by its original, into a new file.

    So is what `encrypt` wrote under the vault's key. What the vault does not know stays. The file is read twice, so that the audit comes first:
    nothing is written before it. Raises as `write_answers` does, and UsageError where the file
    cannot be read, is not UTF-8, or changes meanwhile.
    """

    def lines(seen: _Pass) -> Iterator[bytes]:
        def original(match: re.Match[str]) -> str:
            seen.asked += 1
            for found in _originals(vault, match[0]):
                seen.found += 1
                request.see_silent(found.text)
                return found.text
            return match[0]

        assert seen.read is not None  # noqa: S101 - made below
        offset = 0
        for line in _lines(source):
            seen.read.update(line)
            try:
                text = line.decode()
            except UnicodeDecodeError as error:
                raise _unreadable(f"byte {offset + error.start} is not UTF-8") from None
            offset += len(line)
            yield _MARK.sub(original, text).encode(errors="surrogatepass")

    return _written(vault, request, lines, out, lambda d: _Pass(d, hashlib.sha256()))


def _looked_up(vault: Vault, request: Request, asked: Sequence[str]) -> Sequence[Answer]:
    found = []
    for text in asked:
        bracketed = f"[{text.strip()}]"
        known = _originals(vault, bracketed if marks.is_code(bracketed) else text)
        for original in known:
            request.see_silent(original.text)
        found.append(Answer(text, known))
    return found


def _originals(vault: Vault, text: str) -> Sequence[Original]:
    """Return what a code, a surrogate, or a mark of `encrypt` under the vault's key stands for."""
    sealed = marks.unsealed(text)
    if sealed is None:
        return vault.originals(text)
    try:
        return (Original(sealed[0], decrypt(text.strip(), vault.key), ""),)
    except VerificationError:  # encrypted under another key
        return ()


def _written(
    vault: Vault,
    request: Request,
    lines: Callable[[_Pass], Iterator[bytes]],
    out: Path,
    start: Callable[[hmac.HMAC], _Pass],
) -> Asked:
    """Make OUT, go through the lines for the audit, write it, and go through them again for OUT."""
    with os.fdopen(new_file(out), "wb") as file:
        try:
            first = start(vault.digester())
            for line in lines(first):
                first.written.update(line)
            result = first.result()
            record(vault, request, result)
            second = start(vault.digester())
            for line in lines(second):
                second.written.update(line)
                file.write(line)
            _see_unchanged(result, second.result())
        except BaseException:
            out.unlink(missing_ok=True)
            raise
    return result


def _see_unchanged(first: Asked, second: Asked) -> None:
    if first != second:
        raise _unreadable("it changed while it was read")


def _lines(source: Path) -> Iterator[bytes]:
    try:
        with source.open("rb") as file:
            yield from file
    except OSError as error:
        raise _unreadable(error.strerror or "unknown") from None


def _unreadable(why: str) -> UsageError:
    return UsageError(
        "E144",
        f"--in cannot be read as UTF-8 text: {why}",
        todo="Give a UTF-8 text file that nobody writes to.",
    )

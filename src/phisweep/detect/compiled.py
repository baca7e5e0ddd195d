"""
Compiled regular expressions, kept between runs as Python keeps its bytecode.

`re` takes milliseconds to compile an expression of ours, and a note of ten lines asks for two
hundred. What it makes of one is a list of numbers, which its matching machine checks and takes in
microseconds. Those lists are kept with what they were made of, which names them: an expression
from here equals the one that `re.compile` returns. Where none is kept, or it is not as it was
written, or another Python runs, all is compiled as ever. A site's own expressions are never kept.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
import weakref
from array import array
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, AnyStr

from phisweep import caches

try:  # no public name leads there
    import _sre  # type: ignore[import-not-found]
    from re import _parser  # type: ignore[attr-defined]
    from re._compiler import _code  # type: ignore[import-not-found]
except ImportError:  # pragma: no cover - a Python that is made otherwise
    _sre = None

_KIND = "regexes"
_WORD = "I"  # the array of numbers of a machine
_Record = tuple[
    list[Any], bytes | memoryview
]  # what is told of an expression; its machine's numbers, its text


class Compiled:
    """
    The regular expressions that belong to a name, by what each is made of.

    What is compiled anew is kept for the next run when this one ends. An empty name keeps nothing.
    """

    def __init__(self, name: str = "") -> None:
        told = f"{name}{sys.version}{_sre.MAGIC}{_sre.CODESIZE}" if name and _sre else ""
        self._file = f"{_KIND}-{hashlib.sha256(told.encode()).hexdigest()[:32]}.bin" if told else ""
        self._new: dict[str, _Record] = {}
        if self._file:
            weakref.finalize(self, _keep, self._file, self._new)

    @cached_property
    def _kept(self) -> Mapping[str, _Record]:
        return caches.load_bytes(self._file, _unpacked) or {}

    def get(
        self, made_of: AnyStr, source: Callable[[], AnyStr], flags: int = 0
    ) -> re.Pattern[AnyStr]:
        """
        Return the expression that `source` returns, compiled.

        `made_of` says all of which source is made, with flags, beside what the name says.
        """
        if not self._file:
            return re.compile(source(), flags)
        said = repr((flags, made_of)).encode("utf-8", "surrogatepass")
        key = hashlib.sha256(said).hexdigest()[:32]
        record = self._kept.get(key)
        pattern = _machine(*record) if record else None
        if pattern is None:
            record = self._new[key] = _record(source(), flags)
            pattern = _machine(*record)
        return pattern or re.compile(source(), flags)


def _record(source: str | bytes, flags: int) -> _Record:
    """Compile an expression as `re` does."""
    tree = _parser.parse(source, flags)
    code = array(_WORD, _code(tree, flags)).tobytes()
    state = tree.state
    text = source.encode("utf-8", "surrogatepass") if isinstance(source, str) else source
    told = [isinstance(source, str), flags | state.flags, state.groups - 1, state.groupdict]
    return [*told, len(code), _seal(code + text)], code + text


def _machine(told: list[Any], data: bytes | memoryview) -> re.Pattern[Any] | None:
    """Return an expression from what is kept of it; None where it is not as it was written."""
    try:
        is_text, flags, groups, names, size, seal = told
        if _seal(data) != seal:
            return None
        code = array(_WORD, bytes(data[:size])).tolist()
        text = bytes(data[size:])
        source = text.decode("utf-8", "surrogatepass") if is_text else text
        by_number = [None] * (groups + 1)
        for name, number in names.items():
            by_number[number] = name
        return _sre.compile(source, flags, code, groups, names, tuple(by_number))  # type: ignore[no-any-return]
    except (ValueError, TypeError, AttributeError, LookupError, RuntimeError, OverflowError):
        return None


def _keep(file: str, new: Mapping[str, _Record]) -> None:
    """Write what was compiled, beside what is kept by now."""
    if new:
        caches.save_bytes(file, _packed({**(caches.load_bytes(file, _unpacked) or {}), **new}))


def _packed(records: Mapping[str, _Record]) -> bytes:
    """Return records as a line that tells of all, sealed, and the numbers and texts of each."""
    at = 0
    index = {}
    for key, (told, data) in records.items():
        index[key] = [at, at + len(data), *told]
        at += len(data)
    head = json.dumps(index, separators=(",", ":")).encode()
    return b"\n".join([_seal(head).encode(), head, b"".join(d for _, d in records.values())])


def _unpacked(data: bytes) -> Mapping[str, _Record]:
    """Return the records of a file. Raises ValueError where it is not as it was written."""
    first = data.index(b"\n")
    second = data.index(b"\n", first + 1)
    head, rest = data[first + 1 : second], memoryview(data)[second + 1 :]
    if _seal(head).encode() != data[:first]:
        raise ValueError("not as it was written")
    return {key: (told, rest[a:b]) for key, (a, b, *told) in json.loads(head).items()}


def _seal(data: bytes | memoryview) -> str:
    """Return what tells that bytes are as they were; it keeps out accidents, not people."""
    return hashlib.sha256(data).hexdigest()[:16]

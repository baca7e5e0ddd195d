"""Which format reads a source: by what it certainly is, by its suffix, else by how it looks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

from phisweep.formats.base import Format, ReadOptions, failed, load
from phisweep.formats.code import is_known
from phisweep.formats.encoding import HEAD, looks_like_text
from phisweep.formats.stream import raw_stream, read
from phisweep.model import Source

#: What macOS keeps beside a file, under its name (AppleSingle, AppleDouble): no file of that kind.
_FORKS = (b"\0\5\x16\0", b"\0\5\x16\7")


def choose_format(source: Source, options: ReadOptions) -> Format:
    """
    Return the format that reads the source.

    Its first 64 KiB decide where they are certainly of one format, whatever its name says: a
    workbook under `.csv` is a workbook. Else a known suffix does, so that a binary under `.txt` is
    an error of that format and not another kind of file. Else each format is asked to look at the
    head; the one that also takes files without a suffix is asked last. Raises DocumentError E201
    (it cannot be read), E202 (no format takes it).
    """
    stream = raw_stream(source)
    try:
        head = read(stream, 0, HEAD, source)
    finally:
        stream.close()
    for format_ in _ranked():
        if format_.certain(head, source):
            return format_
    if not head.startswith(_FORKS) and (suffixed := by_suffix(source.name)):
        return suffixed
    for format_ in sorted(load().values(), key=lambda f: ("" in f.suffixes, f.rank, f.name)):
        if format_.sniff(head):
            return format_
        if "" in format_.suffixes and looks_like_text(head, options.encoding):
            return format_
    raise failed(
        "E202",
        source,
        "no reader for this kind of file",
        "Exclude it, or convert it to a format that `phisweep doctor` lists.",
    )


def by_suffix(name: str) -> Format | None:
    """Return the format of the longest known suffix of a name, None where it has none."""
    last = name.lower().rpartition("/")[2]
    known = _suffixes()
    at = last.find(".", 1)
    while at > 0:
        if format_ := known.get(last[at:]):
            return format_
        at = last.find(".", at + 1)
    return None


def named_code(name: str) -> bool:
    """Say whether a path is that of source code, by its suffix or by custom."""
    suffixed = by_suffix(name)
    return is_known(name) or (suffixed is not None and suffixed.name == "code")


@cache
def _ranked() -> Sequence[Format]:
    return sorted(load().values(), key=lambda f: (f.rank, f.name))


@cache
def _suffixes() -> Mapping[str, Format]:
    return {suffix: format_ for format_ in load().values() for suffix in format_.suffixes}

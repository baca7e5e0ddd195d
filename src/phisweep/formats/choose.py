"""Which format reads a source: by its suffix, else by its first bytes."""

from __future__ import annotations

from pathlib import PurePosixPath

from phisweep.formats.base import Format, ReadOptions, failed, load
from phisweep.formats.encoding import HEAD, looks_like_text
from phisweep.formats.stream import raw_stream, read
from phisweep.model import Source


def choose_format(source: Source, options: ReadOptions) -> Format:
    """
    Return the format that reads the source.

    A known suffix decides, so that a binary under `.txt` is an error of that format and not
    another kind of file. Else each format is asked to look at the first 64 KiB; the one that also
    takes files without a suffix is asked last. Raises DocumentError E201 (it cannot be read),
    E202 (no format takes it).
    """
    formats = load()
    suffix = PurePosixPath(source.name).suffix.lower()
    for format_ in formats.values():
        if suffix and suffix in format_.suffixes:
            return format_
    stream = raw_stream(source)
    try:
        head = read(stream, 0, HEAD, source)
    finally:
        stream.close()
    for format_ in sorted(formats.values(), key=lambda f: "" in f.suffixes):
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

"""
One source read for a proposal: its first rows, or its first two megabytes, counted place by place.

A column is judged as a run judges it, by its name and values together; a JSON value is judged by
itself, as in a run. The rules search, and no model does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from itertools import islice

from phisweep.detect.fields import normal_name
from phisweep.errors import PhisweepError
from phisweep.formats.base import Format, ReadOptions
from phisweep.model import Source
from phisweep.proposal.columns import Table
from phisweep.proposal.counting import Reader, Reading
from phisweep.proposal.evidence import Gathered
from phisweep.proposal.paths import Tree

PARTS = 1_000  # of one source that are looked at
_CHUNK_BYTES = 2 << 20


def labels(reader: Reader, source: Source, format_: Format, number: int = 1) -> tuple[str, ...]:
    """Return the names of a table's columns, () for what is none, or cannot be read."""
    options = replace(reader.options, sample_records=1)
    try:
        with closing(format_.open(source, options)) as document:
            for part in islice(document.parts(), number - 1, number):
                return tuple(normal_name(column.label) for column in part.sample())
    except (PhisweepError, OSError):
        pass
    return ()


def named_parts(options: ReadOptions, source: Source, format_: Format) -> tuple[str, ...]:
    """Return what the parts of a source are called, the first thousand; ("",) where it is one."""
    try:
        with closing(format_.open(source, options)) as document:
            return tuple(part.name for part in islice(document.parts(), PARTS)) or ("",)
    except (PhisweepError, OSError):
        return ("",)


def read(reader: Reader, source: Source, format_: Format, number: int = 1) -> Reading:
    """Count what stands in a part of a source; what is wrong with it stands in `error`."""
    reading = Reading(source, format_.name)
    try:
        options = replace(reader.options, chunk_bytes=_CHUNK_BYTES)
        with closing(format_.open(source, options)) as document:
            for part in islice(document.parts(), number - 1, number):
                columns = part.sample()
                if columns or part.structure == "rows":
                    Table(reader, reading).read(part, columns)
                else:
                    Tree(reader, reading).read(document, part)
            reading.held = reading.held or document.held
    except PhisweepError as error:
        reading.error = str(error)
    except OSError as error:
        reading.error = f"cannot be read: {error.strerror}"
    return reading


def merged(readings: Sequence[Reading]) -> Mapping[str, Gathered]:
    """Return the places of several sources, one place each for those of one name."""
    places: dict[str, Gathered] = {}
    for reading in readings:
        for key, gathered in reading.places.items():
            if key in places:
                places[key].take(gathered)
            else:
                places[key] = gathered
    return places

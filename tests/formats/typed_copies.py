"""Reads a typed table as blocks, and copies it with replacements by value."""

import io
from contextlib import closing

import pyarrow as pa
import pyarrow.parquet as pq

from formats.reading import DEFAULT, open_bytes
from phisweep.errors import DocumentError
from phisweep.formats.base import EMPTIED, Replaced
from phisweep.model import Column, Edit, Media


def blocks_of(name, data, options=DEFAULT):
    with closing(open_bytes(name, data, options)) as document:
        return [b for part in document.parts() for c in part.chunks() for b in c.blocks]


def cells_of(name, data, options=DEFAULT):
    """Return the cells of each column, by its label."""
    found = {}
    for block in blocks_of(name, data, options):
        if isinstance(block, Column):
            found.setdefault(block.label, []).extend(block.values.to_pylist())
    return found


def texts_of(name, data, options=DEFAULT):
    return {
        b.location.address: b.text
        for b in blocks_of(name, data, options)
        if not isinstance(b, Column | Media)
    }


def copied(name, data, new, options=DEFAULT):
    """Return the copy in which cells, names and texts are what `new` says, and the warnings."""
    with closing(open_bytes(name, data, options)) as document:
        out = []
        for part in document.parts():
            part.sample()
            for chunk in part.chunks():
                edits, columns = {}, {}
                for block in chunk.blocks:
                    at = block.location.address
                    if isinstance(block, Media):
                        edits[at] = EMPTIED
                    elif isinstance(block, Column):
                        made = [new.get(v) for v in block.values.dictionary.to_pylist()]
                        if any(value is not None for value in made):
                            columns[at] = Replaced(made)
                    elif block.text in new:
                        edits[at] = [Edit(0, len(block.text), new[block.text])]
                out.append(chunk.write(edits, columns))
        return b"".join([*out, *document.finish()]), document.warnings


def error_of(name, data, options=DEFAULT):
    try:
        blocks_of(name, data, options)
    except DocumentError as error:
        return error.code
    return ""


def parquet(table, **how):
    sink = io.BytesIO()
    pq.write_table(table, sink, **how)
    return sink.getvalue()


def read_parquet(data):
    with pq.ParquetFile(pa.BufferReader(data)) as file:
        return file.read(use_threads=False)


def ipc(table, make=pa.ipc.new_file, **options):
    sink = io.BytesIO()
    how = pa.ipc.IpcWriteOptions(use_threads=False, **options)
    with make(sink, table.schema, options=how) as writer:
        writer.write_table(table)
    return sink.getvalue()

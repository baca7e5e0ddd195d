"""By which codec the batches of an Arrow file are packed, which its library does not tell."""

from __future__ import annotations

import struct

import pyarrow as pa

CODECS = ("lz4", "zstd")  # BodyCompression.codec of Message.fbs
_HEADER, _COMPRESSION, _CODEC = 2, 3, 0  # fields of Message, RecordBatch, BodyCompression


def codec_of(file: pa.NativeFile, begin: int) -> str | None:
    """
    Return the codec of the first record batch behind a byte, None where it is packed by none.

    Raises what Arrow raises, ValueError.
    """
    file.seek(begin)
    for message in pa.ipc.MessageReader.open_stream(file):
        if message.type == "record batch":
            data = message.metadata.to_pybytes()
            return _codec(data)
    return None


def _codec(data: bytes) -> str | None:
    """Return the codec that the flatbuffer of a record batch names."""
    try:
        batch = _table(data, struct.unpack_from("<I", data)[0], _HEADER)
        packing = _table(data, batch, _COMPRESSION) if batch else 0
        if not packing:
            return None
        at = _field(data, packing, _CODEC)
        return CODECS[data[at] if at else 0]
    except (struct.error, IndexError):
        raise ValueError from None


def _field(data: bytes, table: int, number: int) -> int:
    """Return where a field of a table stands, 0 where it has its default."""
    index = table - struct.unpack_from("<i", data, table)[0]
    size = struct.unpack_from("<H", data, index)[0]
    entry = 4 + 2 * number
    offset = struct.unpack_from("<H", data, index + entry)[0] if entry < size else 0
    return table + offset if offset else 0


def _table(data: bytes, table: int, number: int) -> int:
    """Return where a table begins that is a field of another, 0 where it has none."""
    at = _field(data, table, number)
    return int(at + struct.unpack_from("<I", data, at)[0]) if at else 0

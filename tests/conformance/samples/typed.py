"""Typed tables: Parquet, Arrow, and those of SAS, Stata, SPSS and R."""

import base64
import gzip
import io
import tempfile
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyreadr
import pyreadstat

from conformance.sample import Sample

KEY = b"ARROW:schema"


def table(canary):
    owner = pa.field("mail", pa.string(), metadata={"remark": canary()})
    address = pa.struct([("line", pa.string()), ("units", pa.int32())])
    fields = [
        pa.field("id", pa.int64()),
        owner,
        pa.field("done", pa.bool_()),
        pa.field("kind", pa.dictionary(pa.int32(), pa.string())),
        pa.field("address", address),
        pa.field("contacts", pa.list_(pa.struct([("value", pa.string())]))),
        pa.field("extra", pa.map_(pa.string(), pa.string())),
        pa.field("raw", pa.binary()),
        pa.field(f"of {canary()}", pa.float64()),
    ]
    metadata = {"author": canary(), "about": f'{{"who": ["{canary()}"]}}'}
    rows = [
        {
            "id": number,
            "mail": canary() if number else None,
            "done": True,
            "kind": canary(),
            "address": {"line": canary(), "units": 7} if number else None,
            "contacts": [{"value": canary()}, None] if number else [],
            "extra": [(canary(), canary())],
            "raw": canary().encode(),
            fields[-1].name: 1.5,
        }
        for number in range(4)
    ]
    return pa.Table.from_pylist(rows, schema=pa.schema(fields, metadata=metadata))


def parquet(canary):
    sink = io.BytesIO()
    pq.write_table(table(canary), sink, row_group_size=2, compression="none")
    return sink.getvalue()


def arrow(make):
    def made(canary):
        sink = io.BytesIO()
        whole = table(canary)
        with make(sink, whole.schema) as writer:
            for batch in whole.to_batches(max_chunksize=2):
                writer.write_batch(batch, custom_metadata={"by": canary()})
        return sink.getvalue()

    return made


def parquet_structure(data):
    with pq.ParquetFile(io.BytesIO(data)) as file:
        told = file.metadata
        return (
            [told.row_group(i).num_rows for i in range(told.num_row_groups)],
            [str(each.type) for each in file.schema_arrow],
            sorted(file.schema_arrow.metadata),
        )


def parquet_bytes(data):
    yield data
    with pq.ParquetFile(io.BytesIO(data)) as file:
        if packed := (file.metadata.metadata or {}).get(KEY):
            yield base64.b64decode(packed)


def arrow_structure(opens):
    def structure(data):
        whole = opens(io.BytesIO(data)).read_all()
        chunks = [len(batch) for batch in whole.to_batches()]
        return chunks, [str(each.type) for each in whole.schema], sorted(whole.schema.metadata)

    return structure


def stat(suffix):
    def make(canary):
        frame = pd.DataFrame(
            {"units": [1.0, 2.0], "mail": [canary(), canary()], "dose": [1.5, None]}
        )
        told = {"column_labels": ["number", f"of {canary()}", "amount"]}
        if suffix != "por":  # which has room for 20 characters
            told["file_label"] = canary()
        if suffix in ("sav", "zsav", "dta"):
            told["variable_value_labels"] = {"units": {1: canary(), 2: "none"}}
        if suffix in ("sav", "zsav"):
            told |= {"note": canary(), "compress": suffix == "zsav"}
        writer = {"xpt": "xport", "zsav": "sav"}.get(suffix, suffix)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, f"x.{suffix}")
            getattr(pyreadstat, f"write_{writer}")(frame, str(path), **told)
            return path.read_bytes()

    return make


def stat_structure(suffix):
    reader = {"xpt": "xport", "zsav": "sav"}.get(suffix, suffix)

    def structure(data):
        frame, told = getattr(pyreadstat, f"read_{reader}")(io.BytesIO(data))
        return len(frame), list(told.column_names)

    return structure


def copy_structure(data):
    with pq.ParquetFile(io.BytesIO(data)) as file:
        return file.metadata.num_rows, list(file.schema_arrow.names)


def r_file(write):
    def make(canary):
        levels = pd.Categorical.from_codes([0, 1], [canary(), canary() + " b", canary() + " c"])
        frame = pd.DataFrame({"mail": [canary(), canary()], "n": [1.0, 2.0], "kind": levels})
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "x.rds")
            write(str(path), frame, compress="gzip")
            return path.read_bytes()

    return make


def r_structure(data):
    frame = next(iter(pyreadr.read_r(io.BytesIO(data)).values()))
    return len(frame), list(frame.columns)


def unwrapped(data):
    return [data.replace(b"\r\n", b"")]


def without_gzip(data):
    return [gzip.decompress(data)]


SAMPLES = [
    Sample("t.parquet", parquet, parquet_structure, parquet_bytes, least=20),
    Sample("t.arrow", arrow(pa.ipc.new_file), arrow_structure(pa.ipc.open_file), least=20),
    Sample("t.arrows", arrow(pa.ipc.new_stream), arrow_structure(pa.ipc.open_stream), least=20),
    *(
        Sample(
            f"t.{suffix}", stat(suffix), stat_structure(suffix), structure_of_copy=copy_structure
        )
        for suffix in ("sav", "dta", "xpt")
    ),
    Sample(
        "t.por", stat("por"), stat_structure("por"), unwrapped, structure_of_copy=copy_structure
    ),
    *(
        Sample(name, r_file(write), r_structure, without_gzip, structure_of_copy=copy_structure)
        for name, write in (("t.rds", pyreadr.write_rds), ("t.RData", pyreadr.write_rdata))
    ),
]

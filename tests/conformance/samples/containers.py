"""Archives, packed files and mail."""

import base64
import bz2
import email
import gzip
import io
import json
import lzma
import mailbox
import tarfile
import tempfile
import zipfile
from email import policy

import pyarrow as pa

from conformance.sample import Sample


def table(canary):
    return f"part,remark\nmorning,{canary()}\nevening,{canary()}\n".encode()


def tree(canary):
    return json.dumps({"a": [1.50, canary()], "b": {"c": canary()}}).encode()


def small_zip(canary):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_BZIP2) as archive:
        archive.writestr(zipfile.ZipInfo("deep/tree.json"), tree(canary))
    return out.getvalue()


def whole_zip(canary):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.comment = f"for {canary()}".encode()
        folder = f"of {canary()}"
        for name, data in (
            (f"{folder}/", b""),
            (f"{folder}/note.txt", f"Write to {canary()}.\n".encode()),
            (f"{folder}/b.csv", table(canary)),
            ("inner.zip", small_zip(canary)),
            ("same.txt", b"nothing of anybody\n" * 50),
            ("empty.txt", b""),
        ):
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, data)
        info = zipfile.ZipInfo("told.txt")
        info.comment = f"as {canary()} said".encode()
        archive.writestr(info, b"stable")
    return out.getvalue()


def members(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return [(i.filename.count("/"), i.is_dir(), i.compress_type) for i in archive.infolist()]


def unzipped(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        yield archive.comment
        for info in archive.infolist():
            yield from (info.filename.encode(), info.comment, info.extra)
            inner = archive.read(info)
            yield inner
            if inner.startswith(b"PK"):
                yield from unzipped(inner)


def tarred(canary, mode="w", form=tarfile.PAX_FORMAT):
    out = io.BytesIO()
    told = {"comment": f"from {canary()}"} if form == tarfile.PAX_FORMAT else {}
    with tarfile.open(fileobj=out, mode=mode, format=form, pax_headers=told) as archive:
        folder = f"of {canary()}/" + "long/" * 30
        for name, data in (
            (f"{folder}note.txt", f"Write to {canary()}.\n".encode()),
            ("b.csv", table(canary)),
            ("inner.zip", small_zip(canary)),
        ):
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
        for kind, name in ((tarfile.SYMTYPE, "soft"), (tarfile.LNKTYPE, "hard")):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, f"{folder}note.txt"
            archive.addfile(info)
    return out.getvalue()


def tar_members(data):
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        names = archive.getnames()
        return [(m.type, m.name.count("/"), m.linkname in ("", *names)) for m in archive]


def untarred(data):
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        yield repr(archive.pax_headers).encode()
        for member in archive:
            yield f"{member.name} {member.linkname} {member.uname} {member.pax_headers}".encode()
            inner = archive.extractfile(member).read() if member.isfile() else b""
            yield inner
            if inner.startswith(b"PK"):
                yield from unzipped(inner)


def note(canary):
    filled = "Seen today, and nothing else of note.\n" * 20
    return f"{filled}Write to {canary()} or\n{canary()}.\nEnd: {canary()}\n{filled}".encode()


def zstd(data):
    sink = pa.BufferOutputStream()
    with pa.CompressedOutputStream(sink, "zstd") as out:
        out.write(data)
    return sink.getvalue().to_pybytes()


def unzstd(data):
    return pa.CompressedInputStream(pa.BufferReader(data), "zstd").read()


def packed(name, pack, unpack):
    return Sample(
        name,
        lambda canary: pack(note(canary)),
        lambda data: unpack(data).count(b"\n"),
        lambda data: [unpack(data)],
    )


def coded(data):
    return base64.encodebytes(data).decode().strip()


def letter(canary, end="\r\n"):
    text = f"""From: {canary()}
To: {canary()},
 =?iso-8859-1?q?{canary().replace("@", "=40").replace("_", "=5F")}?=
Subject: =?utf-8?q?=C3=BCber?=
 {canary()}
X-Own-Field: {canary()}
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="outer"

before {canary()}
--outer
Content-Type: multipart/alternative; boundary=inner

--inner
Content-Type: text/plain; charset=utf-8; format=flowed
Content-Transfer-Encoding: quoted-printable

Gr=C3=BC=C3=9Fe, write to {canary().replace("x", "=78")} =
soon.
--inner
Content-Type: text/html; charset=iso-8859-1
Content-Transfer-Encoding: base64

{coded(f"<p>café {canary()}</p>".encode("latin-1"))}
--inner--

--outer
Content-Type: text/csv
Content-Disposition: attachment; filename*0="people of ";
 filename*1*=%F0%9F%99%82{canary()}; filename*2=".csv"

{table(canary).decode().strip()}
--outer
Content-Type: application/zip; name="a.zip"
Content-Transfer-Encoding: base64

{coded(small_zip(canary))}
--outer
Content-Type: message/rfc822

From: {canary()}
Subject: inner

Call {canary()}

--outer--
after {canary()}
"""
    return text.replace("\n", end).encode()


def parsed(data):
    return email.message_from_bytes(data, policy=policy.compat32)


def shape(data):
    return [
        (part.get_content_type(), part["Content-Transfer-Encoding"]) for part in parsed(data).walk()
    ]


def opened(data):
    for part in email.message_from_bytes(data, policy=policy.default).walk():
        for name, value in part.items():
            yield f"{name}: {value}".encode("utf-8", "replace")
        if part.get_filename():
            yield part.get_filename().encode("utf-8", "replace")
        yield f"{part.preamble} {part.epilogue}".encode("utf-8", "replace")
        body = part.get_payload(decode=True)
        if isinstance(body, bytes):
            yield body
            if body.startswith(b"PK"):
                yield from unzipped(body)


def letters(canary):
    out = []
    for _ in range(2):
        body = letter(canary, "\n").replace(b"\nFrom ", b"\n>From ")
        out.append(f"From {canary()} 00:00:00 1970\n".encode() + body + b"\n")
    return b"".join(out)


def boxed(data):
    with tempfile.NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        box = mailbox.mbox(file.name)
        try:
            return [bytes(message) for message in box]
        finally:
            box.close()


SAMPLES = [
    Sample("bundle.zip", whole_zip, members, unzipped, least=8),
    Sample("bundle.tar", tarred, tar_members, untarred, least=6),
    Sample("old.tar", lambda c: tarred(c, form=tarfile.GNU_FORMAT), tar_members, untarred, least=6),
    Sample("bundle.tar.xz", lambda c: tarred(c, "w:xz"), tar_members, untarred, least=6),
    packed("note.txt.gz", lambda data: gzip.compress(data, mtime=0), gzip.decompress),
    packed("note.txt.bz2", bz2.compress, bz2.decompress),
    packed("note.txt.xz", lzma.compress, lzma.decompress),
    packed("note.txt.zst", zstd, unzstd),
    Sample("letter.eml", letter, shape, opened, least=12),
    Sample(
        "box.mbox",
        letters,
        lambda data: [shape(message) for message in boxed(data)],
        lambda data: [each for message in boxed(data) for each in opened(message)],
        least=20,
    ),
]

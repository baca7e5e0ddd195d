"""Archives and packed files: every member read, nothing unpacked to where it says, no bomb."""

import gzip
import io
import lzma
import os
import struct
import tarfile
import zipfile
from contextlib import closing

import pyarrow as pa
import pytest

from formats.reading import DEFAULT, open_bytes
from phisweep.errors import DocumentError
from phisweep.formats.base import EMPTIED, ReadOptions, Replaced
from phisweep.formats.choose import choose_format
from phisweep.formats.container import store
from phisweep.formats.container.names import renamed
from phisweep.model import Column, Edit, Media, Source

PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)


def zipped(*members, comment=b"", method=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        archive.comment = comment
        for name, data in members:
            archive.writestr(zipfile.ZipInfo(name), data, compress_type=method)
    return out.getvalue()


def tarred(*members, mode="w"):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as archive:
        for member in members:
            info, data = member if isinstance(member[0], tarfile.TarInfo) else (None, member[1])
            if info is None:
                info = tarfile.TarInfo(member[0])
                info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def run(name, data, old="", new="", options=DEFAULT, *, write=True):
    """Return what was read by part, the copy, and the document; every `old` becomes `new`."""
    seen, out = [], []
    with closing(open_bytes(name, data, options)) as document:
        for part in document.parts():
            for chunk in part.chunks():
                seen += ((part.name, told) for block in chunk.blocks for told in told_by(block))
                if write:
                    out.append(chunk.write(*changes(chunk.blocks, old, new)))
        if write:
            out += document.finish()
    return seen, b"".join(out), document


def told_by(block):
    if isinstance(block, Column):
        return block.values.to_pylist()
    return [block.what if isinstance(block, Media) else block.text]


def changes(blocks, old, new):
    edits, columns = {}, {}
    for block in blocks:
        address = block.location.address
        if isinstance(block, Media):
            edits[address] = EMPTIED
        elif isinstance(block, Column):
            known = block.values.dictionary.to_pylist()
            if old and any(old in value for value in known):
                made = [value.replace(old, new) if old in value else None for value in known]
                columns[address] = Replaced(made)
        elif old and old in block.text:
            at = block.text.index(old)
            edits[address] = [Edit(at, at + len(old), new)]
    return edits, columns


def failure(name, data, options=DEFAULT):
    try:
        run(name, data, options=options, write=False)
    except DocumentError as error:
        return str(error)
    return ""


def names(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.namelist()


@pytest.mark.parametrize(
    ("name", "data", "expect"),
    [
        ("a.txt", zipped(("x.txt", b"x")), "zip"),
        ("a.txt", tarred(("x.txt", b"x")), "tar"),
        ("a.csv", tarred(("x.txt", b"x"), mode="w:gz"), "tar"),
        ("a.csv", tarred(("x.txt", b"x"), mode="w:xz"), "tar"),
        ("a.csv", gzip.compress(b"x", mtime=0), "packed"),
        ("a", lzma.compress(b"x"), "packed"),
        ("a.tar.gz", b"no gzip", "tar"),
        ("a.txt.gz", b"no gzip", "packed"),
    ],
    ids=lambda each: each if isinstance(each, str) else "bytes",
)
def test_what_it_is_decides_before_what_it_is_called(name, data, expect):
    source = Source(None, name, len(data), name, data)
    assert choose_format(source, ReadOptions()).name == expect


def test_a_member_keeps_its_compressed_bytes_where_another_one_changed():
    data = zipped(("a.txt", b"stays " * 500), ("b.txt", b"Zed was here"))
    _, copy, _ = run("a.zip", data, "Zed", "[NAME]")
    with zipfile.ZipFile(io.BytesIO(copy)) as archive:
        assert archive.read("b.txt") == b"[NAME] was here"
        assert archive.read("a.txt") == b"stays " * 500
    deflated = zipped(("a.txt", b"stays " * 500))[35:60]
    assert deflated in data
    assert deflated in copy


@pytest.mark.parametrize("method", [0, 8, 12, 14])
def test_a_changed_member_is_compressed_as_before(method):
    _, copy, _ = run("a.zip", zipped(("b.txt", b"Zed"), method=method), "Zed", "X")
    with zipfile.ZipFile(io.BytesIO(copy)) as archive:
        assert [i.compress_type for i in archive.infolist()] == [method]
        assert archive.read("b.txt") == b"X"


def test_members_of_members_are_read_and_written():
    inner = zipped(("deep/n.txt", b"Zed"))
    middle = tarred(("inner.zip", inner), mode="w:gz")
    seen, copy, _ = run("a.zip", zipped(("m.tar.gz", middle)), "Zed", "X")
    assert ("m.tar.gz!inner.zip!deep/n.txt", "Zed") in seen
    with zipfile.ZipFile(io.BytesIO(copy)) as archive:
        data = archive.read("m.tar.gz")
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        deep = archive.extractfile("inner.zip").read()
    with zipfile.ZipFile(io.BytesIO(deep)) as archive:
        assert archive.read("deep/n.txt") == b"X"


def test_names_of_members_change_alike_and_stay_different():
    data = zipped(("Zed/a.txt", b"1"), ("Zed/b.txt", b"2"), ("Zed.txt", b"3"), ("X.txt", b"4"))
    _, copy, _ = run("a.zip", data, "Zed", "X")
    assert names(copy) == ["X/a.txt", "X/b.txt", "X-2.txt", "X.txt"]


def test_a_folder_found_in_one_name_is_changed_in_all():
    edits = {0: [Edit(0, 3, "[NAME]")]}
    assert renamed(["Zed/a", "Zed/b", "Zed/"], edits) == ["[NAME]/a", "[NAME]/b", "[NAME]/"]


@pytest.mark.parametrize("new", ["../../x", "a/b", "..", "", "a\0b", "\ud800"])
def test_no_replacement_leads_out_of_its_folder(new):
    name = renamed(["f/Zed.txt", "g"], {0: [Edit(2, 5, new)]})[0]
    assert name.startswith("f/")
    assert name.count("/") == 1
    assert ".." not in name.split("/")
    name.encode()


def test_different_people_stay_in_different_folders():
    edits = {0: [Edit(0, 3, "[NAME]")], 1: [Edit(0, 3, "[NAME]")]}
    assert renamed(["Zed/a", "Ann/a"], edits) == ["[NAME]/a", "[NAME]-2/a"]


def test_many_names_that_become_one_cost_little():
    many = [f"{i:05d}.txt" for i in range(20_000)]
    made = renamed(many, {i: [Edit(0, 5, "[MRN]")] for i in range(20_000)})
    assert len(set(made)) == 20_000


def test_what_no_format_reads_and_pictures_are_left_out_and_told():
    data = zipped(("a.bin", bytes(range(256))), ("p.png", PNG), ("._x.csv", b"\0\5\x16\7" + bytes(90)),
                  ("n.txt", b"note"))  # fmt: skip
    seen, copy, document = run("a.zip", data)
    assert names(copy) == ["n.txt"]
    assert ("a.bin", "a member of no known kind") in seen
    assert ("p.png", "a picture cannot be assessed") in seen
    assert any(w.startswith("members 1, 2, 3: cannot be assessed") for w in document.warnings)


def test_comments_are_searched_and_hidden_words_come_into_no_copy():
    data = bytearray(zipped(("a.txt", b"Zed"), comment=b"for Zed"))
    seen, copy, _ = run("a.zip", bytes(data), "Zed", "X")
    assert ("", "for Zed") in seen
    with zipfile.ZipFile(io.BytesIO(copy)) as archive:
        assert archive.comment == b"for X"


def test_words_in_an_extra_field_are_told():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        info = zipfile.ZipInfo("a.txt")
        info.extra = struct.pack("<2H", 0x7075, 9) + b"Zed's own"
        archive.writestr(info, b"x")
    seen, copy, document = run("a.zip", out.getvalue())
    assert ("", "Zed's own\nZed's own") in seen
    assert document.fidelity == "always"
    assert b"Zed" not in copy


@pytest.mark.parametrize("harm", ["before", "between"])
def test_bytes_that_belong_to_no_member_come_into_no_copy(harm):
    data = zipped(("a.txt", b"one"), ("b.txt", b"two"))
    data = b"before Zed" + data if harm == "before" else _between(data)
    _, copy, document = run("a.zip", data)
    assert document.fidelity == "always"
    assert b"Zed" not in copy
    assert names(copy) == ["a.txt", "b.txt"]


def test_bytes_behind_a_zip_file_s_end_come_into_no_copy():
    data = zipped(("a.txt", b"one")) + b"behind Zed"
    if "E216" not in failure("a.zip", data):
        assert b"Zed" not in run("a.zip", data)[1]


def _between(data):
    first = zipped(("a.txt", b"one"))
    end = first.index(b"PK\1\2")
    hidden = data[:end] + b"hid Zed" + data[end:]
    start = hidden.index(b"PK\1\2")
    second = hidden.index(b"PK\1\2", start + 1)
    changed = bytearray(hidden)
    for at, field in ((second + 42, end + 7), (hidden.rindex(b"PK\5\6") + 16, start)):
        changed[at : at + 4] = struct.pack("<L", field)
    return bytes(changed)


def test_a_member_that_cannot_be_read_is_told_by_number_when_all_others_were_read():
    data = zipped(("Zed.txt", b"a\0b"), ("b.txt", b"readable"))
    seen = []
    with closing(open_bytes("a.zip", data)) as document:
        message = ""
        try:
            for part in document.parts():
                for chunk in part.chunks():
                    seen += [block.text for block in chunk.blocks]
        except DocumentError as error:
            message = str(error)
    assert "readable" in seen
    assert message.startswith("error[E258]: a.zip: member 1 cannot be read whole: ")
    assert "Zed" not in message


def test_an_encrypted_member_is_an_error_of_its_own():
    data = bytearray(zipped(("a.txt", b"x"), ("b.txt", b"y")))
    at = data.index(b"PK\1\2")
    data[at + 8] |= 1
    data[6] |= 1
    assert failure("a.zip", bytes(data)).startswith("error[E217]: a.zip: member 1")


def test_a_method_that_is_not_read_is_an_error():
    data = bytearray(zipped(("a.txt", b"x" * 50)))
    for mark, offset in ((b"PK\3\4", 8), (b"PK\1\2", 10)):
        data[data.index(mark) + offset] = 93
    assert "E259" in failure("a.zip", bytes(data))


@pytest.mark.parametrize("pack", [gzip.compress, lzma.compress, lambda d: zipped(("a.txt", d))])
def test_a_bomb_is_an_error(pack):
    small = ReadOptions(chunk_bytes=1000, max_ratio=10)
    assert "E218" in failure("a", pack(bytes(1 << 20)), small)


def test_documents_in_documents_end_somewhere():
    data = zipped(("n.txt", b"x"))
    for _ in range(12):
        data = zipped(("a.zip", data))
    assert "E218" in failure("a.zip", data)


def test_what_all_members_hold_together_is_counted():
    inner = zipped(*((f"{i}.txt", os.urandom(50).hex().encode()) for i in range(10)))
    data = zipped(("a.zip", inner), ("b.zip", inner))
    assert failure("a.zip", data, ReadOptions(max_unpacked=10_000)) == ""
    assert "E218" in failure("a.zip", data, ReadOptions(max_unpacked=4_500))
    assert "E218" in failure("a.zip", data, ReadOptions(max_members=15))


def test_ten_thousand_members_are_read_in_one_go():
    data = zipped(*((f"{i % 10}/{i}.txt", b"n%d" % i) for i in range(2_000)))
    seen, copy, _ = run("a.zip", data, "n7", "X")
    assert len(seen) == 4_000
    assert len(names(copy)) == 2_000


def test_a_large_member_lies_in_a_private_file_while_it_is_read(monkeypatch):
    monkeypatch.setattr(store, "IN_MEMORY", 1000)
    rows = b"a,b\n" + b"".join(b"%d,x\n" % i for i in range(2_000))
    modes = []
    with closing(
        open_bytes("a.zip", zipped(("t.csv", rows), ("u.gz", gzip.compress(rows, mtime=0))))
    ) as document:
        kept = None
        for part in document.parts():
            inside = getattr(part, "inside", None)
            if inside is not None and inside.source.data is None:
                modes.append(inside.source.path.stat().st_mode & 0o777)
                kept = inside.source.path
            assert sum(1 for _ in part.chunks())
    assert modes == [0o600, 0o600]
    assert not kept.exists()


def test_links_and_devices_are_kept_and_never_followed():
    made = []
    for kind, name, target in (
        (tarfile.SYMTYPE, "soft", "Zed/n.txt"),
        (tarfile.LNKTYPE, "hard", "Zed/n.txt"),
        (tarfile.SYMTYPE, "out", "/etc/Zed"),
        (tarfile.FIFOTYPE, "pipe", ""),
    ):
        info = tarfile.TarInfo(name)
        info.type, info.linkname = kind, target
        made.append((info, b""))
    data = tarred(("Zed/n.txt", b"note"), ("/abs/../x.txt", b"far"), *made)
    seen, copy, _ = run("a.tar", data, "Zed", "X")
    assert ("/abs/../x.txt", "far") in seen
    with tarfile.open(fileobj=io.BytesIO(copy)) as archive:
        told = [(m.name, m.linkname) for m in archive]
    assert told == [
        ("X/n.txt", ""),
        ("/abs/../x.txt", ""),
        ("soft", "X/n.txt"),
        ("hard", "X/n.txt"),
        ("out", "/etc/X"),
        ("pipe", ""),
    ]


def test_owners_times_and_extended_headers_stand_in_no_changed_copy():
    info = tarfile.TarInfo("a.txt")
    info.size, info.uname, info.gname, info.mtime, info.uid = 3, "zedq", "wards", 1394755200, 512
    info.pax_headers = {"SCHILY.xattr.user.note": "of Zed"}
    seen, copy, _ = run("a.tar", tarred((info, b"Zed")), "Zed", "X")
    assert ("", "zedq") in seen
    assert ("", "SCHILY.xattr.user.note: of Zed") in seen
    with tarfile.open(fileobj=io.BytesIO(copy)) as archive:
        (new,) = archive.getmembers()
    assert (new.uname, new.gname, new.mtime, new.uid, new.pax_headers) == ("", "", 0, 0, {})


def test_a_file_with_holes_is_read_whole(tmp_path):
    blob = bytearray(tarred(("a.txt", b"x" * 512)))
    seen, _, _ = run("a.tar", bytes(blob))
    assert ("a.txt", "x" * 512) in seen


@pytest.mark.parametrize(
    "harm",
    [
        lambda data: data[:700],
        lambda data: data[:1024],
        lambda data: data + b"behind",
        lambda data: data[:1024] + b"x" + data[1025:],
    ],
)
def test_a_tar_that_does_not_end_as_it_should_is_an_error(harm):
    assert "E260" in failure("a.tar", harm(tarred(("a.txt", b"x" * 512))))


def test_what_stands_behind_a_file_in_its_block_comes_into_no_copy():
    data = bytearray(tarred(("a.txt", b"abc")))
    data[600:603] = b"Zed"
    _, copy, document = run("a.tar", bytes(data))
    assert document.fidelity == "always"
    assert b"Zed" not in copy


@pytest.mark.parametrize(
    "data",
    [
        gzip.compress(b"abc", mtime=0) + b"garbage",
        gzip.compress(b"abc", mtime=0)[:-1],
        gzip.compress(b"abc", mtime=0)[:-8] + bytes(8),
        lzma.compress(b"abc") + b"garbage!",
        lzma.compress(b"abc")[:-1],
        b"\x1f\x8b\x08\0" + bytes(6),
    ],
)
def test_what_is_packed_and_damaged_or_followed_by_others_is_an_error(data):
    assert "E260" in failure("a.txt.x", data)


def test_packed_members_one_behind_the_other_are_one_document():
    seen, copy, _ = run(
        "a.txt.gz", gzip.compress(b"Zed ", mtime=0) + gzip.compress(b"Zed", mtime=0), "Zed", "X"
    )
    assert ("a.txt", "Zed Zed") in seen
    assert gzip.decompress(copy) == b"X Zed"


def test_a_gzip_header_s_name_is_searched_and_not_copied():
    out = io.BytesIO()
    with gzip.GzipFile("Zed.txt", "wb", fileobj=out, mtime=1) as file:
        file.write(b"Zed")
    seen, copy, _ = run("a.txt.gz", out.getvalue(), "Zed", "X")
    assert ("a.txt", "Zed.txt") in seen or ("a.txt", "Zed") in seen
    assert copy[3:8] == bytes(5)
    assert b"Zed" not in copy


def test_a_packed_picture_is_held_as_a_picture():
    with closing(open_bytes("p.png.gz", gzip.compress(PNG, mtime=0))) as document:
        assert document.held.startswith("a picture cannot be assessed")


def test_frames_that_every_reader_skips_are_no_part_of_a_copy():
    sink = pa.BufferOutputStream()
    with pa.CompressedOutputStream(sink, "zstd") as out:
        out.write(b"note")
    hidden = struct.pack("<2L", 0x184D2A51, 3) + b"Zed"
    _, copy, document = run("a.txt.zst", sink.getvalue().to_pybytes() + hidden)
    assert document.fidelity == "always"
    assert b"Zed" not in copy
    assert "E260" in failure("a.txt.zst", sink.getvalue().to_pybytes() + b"behind")


def test_the_name_of_a_member_stands_in_no_repr():
    with closing(open_bytes("a.zip", zipped(("Zed.txt", b"x")))) as document:
        for part in document.parts():
            for chunk in part.chunks():
                assert "Zed" not in f"{part!r} {chunk!r}"

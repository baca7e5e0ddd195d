"""Whatever is wrong with a file: a clear error, no value in it, no copy, and the others are done."""

import json
import os
import re

import pytest

from phisweep.pipeline import worker

GOOD = "ssn 987-65-4320\n"
CANARY = "987-65-4329"
LIMIT = 4096
ERROR = re.compile(r"error\[(E\d{3})\]: (?P<where>[^:]+): (?P<what>.{10,})")


def long_line(path):
    path.write_text(f"ssn {CANARY} " + "x" * (2 * LIMIT))


def huge_line(path):
    path.write_bytes(b"ssn 987-65-4329 " + b"x" * (40 << 20))


def vanished(path):
    path.write_text(CANARY)


def unreadable(path):
    path.write_text(CANARY)
    path.chmod(0)


def link_out(path):
    target = path.parent.parent / "outside.txt"
    target.write_text(CANARY)
    path.symlink_to(target)


def write(data):
    return lambda path: path.write_bytes(data)


#: Name, maker, code, words that say where in the file.
BAD = [
    ("cut.json", write(b'{"ssn": "987-65-4329", "na'), "E210", "byte"),
    ("two.json", write(b'{"a": 1} "987-65-4329"'), "E210", "byte"),
    ("bad.jsonl", write(b'{"a": 1}\n{"ssn": "987-65-4329"\n'), "E210", "line 2"),
    ("ragged.csv", write(b"a,b\n1,987-65-4329\n1,2,3\n"), "E207", "record 2 (line 3)"),
    ("short.csv", write(b"a,b,c\n1,2,3\n987-65-4329\n"), "E207", "record 2 (line 3)"),
    ("open.csv", write(b'a,b\n1,"987-65-4329\n2,3\n'), "E208", "line 2"),
    ("nul.txt", write(b"ssn 987-65-4329\0\n"), "E204", ""),
    ("nul.csv", write(b"a,b\n987-65-4329,\0\n"), "E204", ""),
    ("code.txt", write(b"ssn 987-65-4329 \xc3\x28\n" + b"\xff\xfe\x81"), "E203", "byte"),
    ("program.txt", write(b"\x7fELF\x02\x01\0\0" + bytes(range(256))), "E204", ""),
    ("long.txt", long_line, "E205", "line 1"),
    ("long.csv", long_line, "E205", "line 1"),
    ("deep.json", write(b'["987-65-4329",' + b"[" * 5000 + b"]" * 5000 + b"]"), "E209", ""),
    ("unreadable.txt", unreadable, "E213", ""),
    ("link.txt", link_out, "E213", ""),
]


@pytest.fixture
def data(tmp_path, monkeypatch):
    folder = tmp_path / "data"
    folder.mkdir()
    # A test that runs as root can read whatever its mode is.
    access = os.access
    monkeypatch.setattr(os, "access", lambda p, m: "unreadable" not in str(p) and access(p, m))
    (folder / "good.txt").write_text(GOOD)
    (tmp_path / "phisweep.toml").write_text(f"[files]\nmax-line-bytes = {LIMIT}\n")
    return folder


def check(ran, path, code, where):
    everything = ran.out + ran.err
    assert "Traceback" not in everything
    assert CANARY not in everything
    assert "outside" not in everything
    document = json.loads(ran.out) if ran.out.startswith("{") else None
    if document:
        (error,) = [f["error"] for f in document["files"] if f["path"] == path]
    else:
        error = everything
    match = ERROR.search(error)
    assert match, error
    assert match[1] == code
    assert match["where"] == path
    assert where in match["what"]


@pytest.mark.parametrize(("name", "make", "code", "where"), BAD, ids=[b[0] for b in BAD])
def test_a_bad_file_is_told_by_scan_and_the_others_are_read(run, data, name, make, code, where):
    make(data / name)
    clean = run("scan", data, "--engine", "rules", "--format", "json", "--rule", "email")
    assert clean.status == 3
    check(clean, name, code, where)
    ran = run("scan", data, "--engine", "rules", "--format", "json")
    assert ran.status == 1  # that of the good file
    assert [f["identifier"] for f in json.loads(ran.out)["findings"] if f["path"] == "good.txt"]
    check(ran, name, code, where)


@pytest.mark.parametrize(("name", "make", "code", "where"), BAD, ids=[b[0] for b in BAD])
def test_a_bad_file_gets_no_copy_and_the_others_do(deid, data, tmp_path, name, make, code, where):
    make(data / name)
    ran = deid(data)
    assert ran.status == 3
    check(ran, name, code, where)
    out = tmp_path / "out"
    written = {p.relative_to(out).as_posix() for p in out.rglob("*") if p.is_file()}
    assert written == {"good.txt"} | {
        f"phisweep-report/{n}" for n in ("custody.jsonl", "run.json", "report.html", "report.md")
    }
    assert (out / "good.txt").read_text() == "ssn [SSN]\n"
    everything = b"".join((out / n).read_bytes() for n in written)
    assert CANARY.encode() not in everything
    left = {p.name for p in tmp_path.iterdir()} - {"outside.txt"}
    assert left == {"data", "out", "phisweep.toml"}


def test_a_line_of_40_mb_is_an_error_with_the_shipped_limit(deid, tmp_path):
    (tmp_path / "data").mkdir()
    huge_line(tmp_path / "data" / "huge.txt")
    (tmp_path / "data" / "good.txt").write_text(GOOD)
    ran = deid("data")
    assert ran.status == 3
    assert "E205" in ran.out
    assert CANARY not in ran.out
    assert not (tmp_path / "out" / "huge.txt").exists()
    assert (tmp_path / "out" / "good.txt").exists()


@pytest.mark.parametrize("command", ["scan", "deid"])
def test_a_file_that_vanishes_is_incomplete(run, data, tmp_path, monkeypatch, command):
    vanished(data / "gone.txt")
    real = worker.at_hand

    def gone(source):
        if source.name == "gone.txt":
            source.path.unlink()
        return real(source)

    monkeypatch.setattr(worker, "at_hand", gone)
    options = ["-o", "out"] if command == "deid" else ["--rule", "email"]
    ran = run(command, data, "--engine", "rules", *options)
    assert ran.status == 3
    check(ran, "gone.txt", "E201", "")
    if command == "deid":
        assert (tmp_path / "out" / "good.txt").exists()
        assert not (tmp_path / "out" / "gone.txt").exists()


@pytest.mark.parametrize("command", ["scan", "deid"])
def test_an_empty_folder_is_a_usage_error(run, tmp_path, command):
    (tmp_path / "data").mkdir()
    ran = run(command, "data", *(["-o", "out"] if command == "deid" else []))
    assert ran.status == 2
    assert ran.err.startswith("phisweep: error[E102]: ")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("content", "name"),
    [(b"", "empty.txt"), (b"", "empty.csv"), (b"", "empty.jsonl"), (b"a,b\n", "head.csv")],
)
def test_a_file_without_content_is_clean_and_copied(deid, tmp_path, content, name):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / name).write_bytes(content)
    assert deid("data").status == 0
    assert (tmp_path / "out" / name).read_bytes() == content


def test_an_encoding_that_is_given_is_used_and_one_that_is_wrong_is_told(run, data):
    (data / "good.txt").write_bytes("Größe, ssn 987-65-4320".encode("utf-16-le"))
    assert run("scan", data, "--engine", "rules", "--encoding", "utf-16-le").status == 1
    assert run("scan", data, "--engine", "rules", "--encoding", "no-such-code").status in {2, 3}

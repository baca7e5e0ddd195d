"""What records.jsonl promises: any line that is not as it was written is known by its number."""

import hashlib
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phisweep.integrity.records import Chained, Head, faults

RUN = "20261122T213533Z-2ea48f46"


def written(path, count):
    """A chain of so many records, and its head."""
    chained = Chained(RUN, ({"path": "a.txt", "line": i} for i in range(count)))
    path.write_bytes(b"".join(chained))
    return chained.head


@pytest.fixture(scope="module")
def chain(tmp_path_factory):
    path = tmp_path_factory.mktemp("chain") / "records.jsonl"
    return path, written(path, 5)


def named(problems):
    """The numbers of the lines that are told."""
    return [int(problem.split("line ")[1].split(":")[0].replace(",", "")) for problem in problems]


def of(tmp_path, lines, head, run=RUN):
    path = tmp_path / "records.jsonl"
    path.write_bytes(b"".join(lines))
    return faults(path, run, head)


@pytest.mark.parametrize("count", [0, 1, 2, 100])
def test_a_whole_chain_has_no_fault(tmp_path, count):
    head = written(tmp_path / "r", count)
    assert head.lines == count + 2
    assert faults(tmp_path / "r", RUN, head) == []
    assert faults(tmp_path / "r", RUN, None) == []
    assert faults(tmp_path / "r", "", None) == []


def test_each_line_holds_the_digest_of_the_line_before_and_its_number(chain):
    path, head = chain
    before = ""
    for number, line in enumerate(path.read_bytes().splitlines(), 1):
        data = json.loads(line)
        assert (data["n"], data["before"]) == (number, before)
        before = hashlib.sha256(line).hexdigest()
    assert before == head.sha256
    assert json.loads(line) == {"n": 7, "before": data["before"], "end": True, "records": 5}


@settings(max_examples=150, deadline=None)
@given(data=st.data())
@pytest.mark.parametrize("known", [True, False], ids=["head known", "head not known"])
def test_one_changed_byte_is_found_and_its_line_named(chain, tmp_path_factory, known, data):
    path, head = chain
    whole = path.read_bytes()
    at = data.draw(st.integers(0, len(whole) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda b: b != whole[at]))
    changed = whole[:at] + bytes([byte]) + whole[at + 1 :]
    broken = tmp_path_factory.getbasetemp() / "broken.jsonl"
    broken.write_bytes(changed)
    problems = faults(broken, RUN, head if known else None)
    line = whole.count(b"\n", 0, at) + 1
    if 0x0A in (whole[at], byte):  # two lines became one, or one two
        assert {line, line + 1} & {*named(problems)}
    elif line == 7 and not known and named(problems) == [6]:
        assert problems[0].endswith("was changed, or the line after it")
    else:
        assert line in named(problems)


@settings(max_examples=60, deadline=None)
@given(n=st.integers(1, 7))
def test_a_removed_line_is_found_where_it_stood(chain, tmp_path_factory, n):
    path, head = chain
    lines = path.read_bytes().splitlines(keepends=True)
    problems = of(tmp_path_factory.getbasetemp(), lines[: n - 1] + lines[n:], head)
    assert named(problems)[0] == min(n, 6)


@pytest.mark.parametrize("first", range(6))
def test_two_lines_in_the_other_order_are_found(chain, tmp_path, first):
    path, head = chain
    lines = path.read_bytes().splitlines(keepends=True)
    lines[first], lines[first + 1] = lines[first + 1], lines[first]
    assert named(of(tmp_path, lines, head))[0] == first + 1


@pytest.mark.parametrize("where", range(8))
def test_an_added_line_is_found(chain, tmp_path, where):
    path, head = chain
    lines = path.read_bytes().splitlines(keepends=True)
    lines.insert(where, b'{"n":%d,"before":"","path":"x"}\n' % (where + 1))
    assert where + 1 in named(of(tmp_path, lines, head))


def test_lines_that_were_cut_off_are_told_with_or_without_the_head(chain, tmp_path):
    path, head = chain
    lines = path.read_bytes().splitlines(keepends=True)
    assert "lines after it were removed" in of(tmp_path, lines[:4], head)[0]
    assert "it is not the end" in of(tmp_path, lines[:4], None)[0]
    assert of(tmp_path, [], head) == ["records.jsonl: is empty"]


def test_a_chain_made_anew_is_not_that_of_the_head(chain, tmp_path):
    _, head = chain
    other = Chained(RUN, ({"path": "a.txt", "line": i} for i in (0, 1, 2, 3, 9)))
    assert named(of(tmp_path, [*other], head)) == [7]


def test_a_chain_of_another_run_and_of_a_newer_schema_are_told(chain, tmp_path):
    path, head = chain
    lines = path.read_bytes().splitlines(keepends=True)
    assert "another run" in " ".join(of(tmp_path, lines, head, run="20270101T000000Z-00000000"))
    lines[0] = lines[0].replace(b"records/1", b"records/2")
    assert "phisweep-records/2, which this version does not read" in " ".join(
        of(tmp_path, lines, head)
    )


def test_a_file_of_another_kind_is_told_in_bounded_words(tmp_path):
    problems = of(tmp_path, [b"Ms. Quillfeather\n"] * 1000, Head(3, "0" * 64))
    assert len(problems) <= 52
    assert "Quillfeather" not in " ".join(problems)
    assert "does not end" in " ".join(of(tmp_path, [b"x" * (1 << 21)], None))


def test_nothing_is_collected(tmp_path):
    def endless():
        number = 0
        while True:
            number += 1
            yield {"path": "a.txt", "line": number}

    lines = iter(Chained(RUN, endless()))
    assert [json.loads(next(lines))["n"] for _ in range(50)] == [*range(1, 51)]

"""What a chain of custody promises: no step taken out, no file changed, nobody else's signature."""

import hashlib
import json

import jsonschema
import pytest

from phisweep.integrity import chain, custody
from phisweep.integrity.custody import Entry
from phisweep.integrity.digests import sha256_of
from phisweep.integrity.signatures import generate, private_key_from


def step(folder, name, files, signer=None):
    """Do a step: write its files, and enter it."""
    for path, text in files.items():
        (folder / path).write_text(text)
    entry = custody.entry_of(folder, name, custody.digests(folder), signer=signer)
    custody.append(folder, entry)
    return entry


@pytest.fixture
def report(tmp_path, signing):
    """A report of three steps, of which the last is signed."""
    folder = tmp_path / "report"
    folder.mkdir()
    step(folder, "deid", {"run.json": "{}", "report.html": "<p>1", "report.md": "1"})
    step(folder, "review", {"review.json": "{}", "report.html": "<p>2", "report.md": "2"})
    step(folder, "signoff", {"signoff.json": "{}", "report.html": "<p>3"}, signing)
    return folder


def lines(folder):
    return (folder / "custody.jsonl").read_bytes().splitlines(keepends=True)


def put(folder, chosen):
    (folder / "custody.jsonl").write_bytes(b"".join(chosen))


def test_a_whole_chain_has_no_problem(report, trusted):
    seen = chain.check(report, trusted)
    assert seen.problems == ()
    assert [entry.step for entry in seen.entries] == ["deid", "review", "signoff"]
    assert seen.vouched == (trusted[0].key_id,)
    assert any("line 2 (review) is not signed" in note for note in seen.notes)


def test_without_a_trusted_key_it_says_that_signatures_were_not_checked(report):
    seen = chain.check(report)
    assert seen.problems == ()
    assert any("not checked against a trusted key" in note for note in seen.notes)


def test_an_unsigned_chain_says_so(tmp_path, trusted):
    step(tmp_path, "deid", {"run.json": "{}"})
    assert "can make the report and its chain anew" in chain.check(tmp_path).notes[0]
    assert chain.check(tmp_path, trusted).problems == (
        "custody.jsonl: no line is signed by a key that was given",
    )


@pytest.mark.parametrize("name", ["run.json", "report.html", "report.md", "review.json"])
def test_a_changed_a_missing_and_an_added_file_are_named(report, name):
    (report / name).write_text("something else")
    assert f"{name}: is not as the last line" in chain.check(report).problems[0]
    (report / name).unlink()
    assert f"{name}: is missing" in chain.check(report).problems[0]


def test_added_files_and_links_are_named_as_far_as_they_may(report, tmp_path):
    (report / "Ms. Quillfeather.txt").write_text("x")
    seen = chain.check(report, shown=lambda name: name.replace("Quillfeather", "NAME"))
    assert seen.problems == ("Ms. NAME.txt: stands in the report, and no line of custody.jsonl knows it",)  # fmt: skip
    (report / "Ms. Quillfeather.txt").unlink()
    (report / "more").symlink_to(tmp_path)
    assert "more: is a link" in chain.check(report).problems[0]
    (report / "more").unlink()
    (report / "sub").mkdir()
    (report / "sub" / "custody.jsonl").write_text("x")
    assert "sub/custody.jsonl: stands in the report" in chain.check(report).problems[0]


def test_a_file_that_a_link_stands_for_is_missing(report, tmp_path):
    (tmp_path / "elsewhere").write_bytes((report / "run.json").read_bytes())
    (report / "run.json").unlink()
    (report / "run.json").symlink_to(tmp_path / "elsewhere")
    assert "run.json: is missing" in chain.check(report).problems[0]


@pytest.mark.parametrize("gone", [0, 1])
def test_a_removed_line_is_named(report, gone):
    whole = lines(report)
    put(report, whole[:gone] + whole[gone + 1 :])
    assert f"custody.jsonl: line {gone + 1}: bears the number" in chain.check(report).problems[0]


def test_a_removed_last_line_leaves_files_that_no_line_knows(report):
    put(report, lines(report)[:2])
    problems = chain.check(report).problems
    assert "report.html: is not as the last line of custody.jsonl says" in problems
    assert any(p.startswith("signoff.json: stands in the report") for p in problems)


def test_reordered_and_repeated_lines_are_named(report):
    first, second, third = lines(report)
    put(report, [second, first, third])
    assert "line 1: bears the number 2" in chain.check(report).problems[0]
    put(report, [first, second, second, third])
    assert "line 3: bears the number 2" in chain.check(report).problems[0]


@pytest.mark.parametrize("first", range(3))
def test_every_byte_of_the_chain_counts(report, first):
    whole = (report / "custody.jsonl").read_bytes()
    for at in range(first, len(whole), 7):
        changed = whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :]
        (report / "custody.jsonl").write_bytes(changed)
        line = whole.count(b"\n", 0, at) + 1
        problems = " ".join(chain.check(report).problems)
        assert f"custody.jsonl: line {line}: " in problems, at


def test_an_empty_chain_and_a_chain_without_an_end_are_told(report):
    whole = (report / "custody.jsonl").read_bytes()
    (report / "custody.jsonl").write_bytes(b"")
    assert chain.check(report).problems == ("custody.jsonl: is empty",)
    (report / "custody.jsonl").write_bytes(whole[:-1])
    assert "line 3: does not end" in chain.check(report).problems[0]


def test_a_chain_of_a_newer_schema_is_told(report):
    first, second, third = lines(report)
    put(report, [first, second, third.replace(b"custody/1", b"custody/2")])
    assert "phisweep-custody/2, which this version does not read" in chain.check(report).problems[0]


def test_who_makes_the_chain_anew_has_another_key(report, trusted, tmp_path):
    generate(tmp_path / "other")
    (report / "report.html").write_text("<p>all is well")
    (report / "custody.jsonl").unlink()
    step(report, "signoff", {}, private_key_from(tmp_path / "other"))
    assert chain.check(report).problems == ()
    seen = chain.check(report, trusted)
    assert seen.problems == ("custody.jsonl: no line is signed by a key that was given",)
    assert "a key that was not given" in seen.notes[0]


def test_what_comes_after_the_last_trusted_signature_is_named(report, trusted):
    step(report, "review", {"review.json": "other", "report.md": "other"})
    assert chain.check(report).problems == ()
    problems = chain.check(report, trusted).problems
    assert [problem.partition(":")[0] for problem in problems] == ["report.md", "review.json"]
    assert "after line 3" in problems[0]


def test_a_signature_cannot_be_taken_off_or_put_elsewhere(report, trusted):
    _, second, third = (json.loads(line) for line in lines(report))
    stripped = third | {"signature": None}
    put(report, [*lines(report)[:2], custody.canonical(stripped) + b"\n"])
    assert "line 3: its signature is missing" in " ".join(chain.check(report, trusted).problems)
    forged = second | {"public_key": third["public_key"], "signature": third["signature"]}
    said = {k: v for k, v in forged.items() if k not in ("sha256", "signature")}
    forged["sha256"] = hashlib.sha256(custody.canonical(said)).hexdigest()
    put(report, [lines(report)[0], custody.canonical(forged) + b"\n"])
    assert "not by the key that it names" in " ".join(chain.check(report, trusted).problems)


def test_a_step_that_changes_what_is_not_its_own_is_named_with_its_line(report):
    step(report, "risk", {"run.json": "[]", "risk.json": "{}"})
    problems = chain.check(report).problems
    assert problems == (
        "custody.jsonl: line 4: run.json was changed before the step risk, which does not write it",
    )


def test_nothing_is_built_on_what_is_not_as_the_chain_says(report):
    assert chain.differing(report, "risk") == []
    (report / "report.html").write_text("rendered anew anyway")
    (report / "risk-notes.txt").write_text("of the step itself")
    assert chain.differing(report, "risk") == []
    (report / "review.json").write_text("[]")
    (report / "evil.txt").write_text("x")
    assert [fault.partition(":")[0] for fault in chain.differing(report, "review")] == [
        "evil.txt", "review.json", "risk-notes.txt",
    ]  # fmt: skip
    put(report, lines(report)[1:])
    assert "line 1: bears the number 2" in chain.differing(report, "risk")[0]


def test_an_entry_is_what_its_schema_says(report):
    schema = Entry.model_json_schema(by_alias=True)
    for line in lines(report):
        jsonschema.validate(json.loads(line), schema)
    assert json.loads(lines(report)[-1])["files"]["run.json"] == sha256_of(report / "run.json")

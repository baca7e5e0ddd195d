"""What adding to a report promises: nothing is built on what is not as the chain says."""

import hashlib
import json

import pytest

from phisweep.errors import UsageError, VerificationError
from phisweep.integrity import chain
from phisweep.report.companions import signoff
from phisweep.report.write import attach, write_record
from report import runs


@pytest.fixture
def report(tmp_path):
    folder = tmp_path / "phisweep-report"
    write_record(runs.record_of_run(runs.verified()), folder)
    return folder


def companion(report, by="A. Specimen"):
    run = hashlib.sha256((report / "run.json").read_bytes()).hexdigest()
    decided = signoff.DecisionRecord(
        by=by, role="officer", at="2026-11-22T10:00:00Z", decision="reject",
        actual_knowledge="no", answers=(), purpose="", recipient="", remarks="", reassess="",
        checked=signoff.CheckRecord(ok=True, searched=True, files=0, problems=0), key_id="",
    )  # fmt: skip
    return signoff.Record(
        schema="phisweep-signoff/1", run_sha256=run, citation="", question="", decisions=(decided,)
    )


def test_a_step_is_entered_and_the_report_rendered_anew(report):
    attach(report, "signoff", companion(report))
    seen = chain.check(report)
    assert seen.problems == ()
    assert [entry.step for entry in seen.entries] == ["deid", "signoff"]
    assert "rejected by A. Specimen" in (report / "report.html").read_text()
    assert "rejected by A. Specimen" in (report / "report.md").read_text()


def test_a_step_may_be_signed_and_a_step_without_a_key_is_told(report, signing, trusted):
    attach(report, "signoff", companion(report), signer=signing)
    assert chain.check(report, trusted).problems == ()
    assert any("line 1 (deid) is not signed" in note for note in chain.check(report).notes)


def test_the_record_says_that_a_chain_stands_beside_it(report):
    assert json.loads((report / "run.json").read_text())["custody"]["chain"] == "custody.jsonl"


@pytest.mark.parametrize("name", ["run.json", "signoff.json", "added.txt"])
def test_nothing_is_built_on_a_report_that_was_changed(report, name):
    attach(report, "signoff", companion(report))
    path = report / name
    path.write_text((path.read_text() if path.exists() else "") + " ")
    before = {p.name: p.read_bytes() for p in report.iterdir()}
    with pytest.raises(VerificationError, match=rf"E502.*{name}"):
        attach(report, "signoff", companion(report, "B. Sample"))
    assert {p.name: p.read_bytes() for p in report.iterdir()} == before


def test_what_is_known_to_be_changed_can_be_recorded_and_stays_told(report):
    (report / "run.json").write_text((report / "run.json").read_text() + " ")
    attach(report, "signoff", companion(report), despite=True)
    problems = chain.check(report).problems
    assert problems == (
        "custody.jsonl: line 2: run.json was changed before the step signoff, which does not write it",
    )


@pytest.mark.parametrize("despite", [False, True])
def test_nothing_is_added_to_a_chain_whose_end_is_broken_or_newer(report, despite):
    path = report / "custody.jsonl"
    path.write_bytes(path.read_bytes().replace(b"custody/1", b"custody/2"))
    with pytest.raises(VerificationError, match="phisweep-custody/2, which this version does not"):
        attach(report, "signoff", companion(report), despite=despite)
    path.write_bytes(b"{}\n")
    with pytest.raises(VerificationError, match="E502"):
        attach(report, "signoff", companion(report), despite=despite)


def test_a_rendering_that_was_changed_is_made_anew(report):
    (report / "report.html").write_text("<p>all is well")
    attach(report, "signoff", companion(report))
    assert chain.check(report).problems == ()
    assert "all is well" not in (report / "report.html").read_text()


def test_a_report_of_an_earlier_version_gets_a_chain_with_its_first_step(report):
    (report / "custody.jsonl").unlink()
    attach(report, "signoff", companion(report))
    assert [entry.step for entry in chain.check(report).entries] == ["signoff"]


def test_what_fails_fails_before_the_report_changes(report, monkeypatch):
    before = {p.name: p.read_bytes() for p in report.iterdir()}
    monkeypatch.setattr(
        "phisweep.integrity.custody.entry_of", lambda *_, **__: (_ for _ in ()).throw(OSError(28, "No space left"))
    )  # fmt: skip
    with pytest.raises(UsageError, match=r"E134.*No space"):
        attach(report, "signoff", companion(report))
    assert {p.name: p.read_bytes() for p in report.iterdir()} == before


def test_a_companion_of_a_newer_schema_is_told(report):
    attach(report, "signoff", companion(report))
    path = report / "signoff.json"
    path.write_text(path.read_text().replace("signoff/1", "signoff/2"))
    with pytest.raises(VerificationError, match="E502"):
        attach(report, "risk", companion(report))
    (report / "custody.jsonl").unlink()
    with pytest.raises(UsageError, match="E150"):
        attach(report, "risk", companion(report))

"""What the second search promises: what is left in a copy is removed, or the run fails."""

import hashlib
from dataclasses import replace

import pytest

from phisweep.analysis import Job
from phisweep.config import Config
from phisweep.detect.known import Collector
from phisweep.keys import Key
from phisweep.model import Outcome, Source
from phisweep.pipeline import Worker
from phisweep.runs.checking import verify
from phisweep.runs.copying import deidentify
from phisweep.runs.settings import Settings
from phisweep.session import Session
from phisweep.verification import check_copies

NOTE = "Ms. Quillfeather, ssn 987-65-4320.\n"


@pytest.fixture
def session(small_rules):
    return Session(Config(engine="rules", jobs=1), Key(b"k" * 32, "the test"))


def work(spec, jobs):
    worker = Worker(spec)
    return [(i, worker(job)) for i, job in enumerate(jobs)]


def outcome(folder, name):
    path = folder / name
    source = Source(path, name, path.stat().st_size, name)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return Outcome(source, "clean", output=name, output_sha256=digest, output_bytes=source.size)


@pytest.fixture
def check(session, tmp_path):
    """Check copies as if they had been written by a run that removed the values."""
    folder, spool = tmp_path / "copies", tmp_path / "spool"
    folder.mkdir()
    spool.mkdir()

    def check_(copies, removed=(), do=work):
        for name, text in copies.items():
            (folder / name).write_text(text)
        collector = Collector(session.spec.key, frozenset())
        for value in removed:
            collector.add(value, "name")
        collector.finish().save(spool / "1.removed")
        spec = replace(session.spec, write=True, records=False, spool=spool)
        outcomes = [outcome(folder, name) for name in copies]
        return check_copies(outcomes, folder, spec, do, keep_digests=False)

    return check_


def test_clean_copies_are_left_as_they_are(check, tmp_path):
    checked = check({"a.txt": "nothing", "b.txt": "Ms. [NAME], [SSN], 2019, 90+, [MRN-BCDFGHJKLM]"})
    assert checked.verification.ok
    assert checked.verification.files == 2
    assert [o.status for o in checked.outcomes] == ["clean", "clean"]
    assert (tmp_path / "copies" / "a.txt").read_text() == "nothing"


def test_what_is_left_is_removed_and_the_hash_is_that_of_the_new_copy(check, tmp_path):
    checked = check({"a.txt": NOTE, "b.txt": "nothing"})
    assert checked.verification.ok
    assert (tmp_path / "copies" / "a.txt").read_text() == "Ms. [NAME], ssn [SSN].\n"
    assert [o.status for o in checked.outcomes] == ["changed", "clean"]
    assert checked.outcomes[0].output_sha256 == outcome(tmp_path / "copies", "a.txt").output_sha256


def test_a_value_removed_in_one_file_is_removed_from_all(check, tmp_path):
    copies = {"a.txt": "as Quillfeather told", "t.csv": "a,b\nQuillfeather,1\nx,2\n"}
    checked = check(copies, ["Quillfeather"])
    assert checked.verification.ok
    assert checked.verification.searched == 1
    assert (tmp_path / "copies" / "a.txt").read_text() == "as [NAME] told"
    assert (tmp_path / "copies" / "t.csv").read_text() == "a,b\n[NAME],1\nx,2\n"


def test_what_is_found_late_is_looked_for_in_every_copy(check, tmp_path):
    checked = check({"a.txt": "as Quillfeather told", "b.txt": NOTE})
    assert checked.verification.ok
    assert (tmp_path / "copies" / "a.txt").read_text() == "as [NAME] told"


def test_what_cannot_be_removed_fails(check, monkeypatch):
    monkeypatch.setattr("phisweep.pipeline.Worker.edits", lambda *_: [])
    verification = check({"a.txt": NOTE + "as Penhallow told"}, ["Penhallow"]).verification
    assert not verification.ok
    assert {r.rule for r in verification.residual} == {"name/title", "ssn/dashed"}
    assert {r.rule for r in verification.leaked} == {"name/known-value"}
    assert "Quillfeather" not in repr(verification)


def test_a_copy_that_cannot_be_mended_is_removed_and_its_document_incomplete(check, tmp_path):
    def failing(spec, jobs):
        done = work(spec, jobs)
        if not jobs or jobs[0].target is None:
            return done
        return [(i, replace(o, error="error[E701]: x", output="")) for i, o in done]

    checked = check({"a.txt": NOTE, "b.txt": "nothing"}, do=failing)
    assert [o.status for o in checked.outcomes] == ["incomplete", "clean"]
    assert checked.outcomes[0].output == ""
    assert not (tmp_path / "copies" / "a.txt").exists()


def test_a_copy_that_is_not_what_was_written_fails(check, session, tmp_path):
    def altering(spec, jobs):
        (tmp_path / "copies" / "a.txt").write_text("something else")
        return work(spec, jobs)

    verification = check({"a.txt": "nothing"}, do=altering).verification
    assert not verification.ok
    assert "SHA-256" in verification.problems[0]


def test_a_copy_that_cannot_be_searched_again_fails(check):
    verification = check({"a.json": '{"a": '}).verification
    assert not verification.ok
    assert "could not be searched again" in verification.problems[0]


def test_what_looks_only_a_little_like_an_identifier_is_noted(check):
    verification = check({"a.txt": "see WK123456"}).verification
    assert verification.ok
    assert verification.residual == ()
    assert "1 places look a little like an identifier" in verification.notes[0]


def test_a_policys_own_score_for_an_identifier_holds_in_both_searches(small_rules, tmp_path):
    (tmp_path / "n.txt").write_text("see WK123456, ssn 987-65-4320")
    treatments = {
        "other_id": {"action": "remove", "operator": "tag", "min_score": 0.2},
        "ssn": {"action": "remove", "operator": "tag", "min_score": 0.99},
    }
    config = Config.model_validate({"treatments": treatments, "engine": "rules", "jobs": 1})
    run = deidentify([str(tmp_path / "n.txt")], tmp_path / "out", Settings(config=config))
    assert run.verification.ok
    assert (tmp_path / "out" / "n.txt").read_text() == "see [OTHER_ID], ssn 987-65-4320"
    assert verify(tmp_path / "out", Settings(config=config)).verification.ok


def test_jobs_of_a_check_never_write_over_what_they_only_search(session, tmp_path):
    (tmp_path / "n.txt").write_text(NOTE)
    source = Source(tmp_path / "n.txt", "n.txt", 9, "n.txt")
    assert Worker(session.spec)(Job(source)).findings == 2
    assert (tmp_path / "n.txt").read_text() == NOTE

"""The laws of the house, over whole runs: on the sample hospital with the rules that we ship."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from phisweep.analysis import Job
from phisweep.config import Config
from phisweep.keys import Key
from phisweep.model import Location, Source, Text
from phisweep.pipeline import Worker
from phisweep.runs.copying import deidentify
from phisweep.runs.searching import scan
from phisweep.runs.settings import Settings
from phisweep.session import Session

SAMPLE = Path(__file__).parents[2] / "sample_data"
#: What finds beside our rules.
BESIDE = ("presidio/", "names-model/")
KEY = Key(b"k" * 32, "the test")


def copies(out):
    return {
        p.relative_to(out).as_posix(): p.read_bytes()
        for p in sorted(out.rglob("*"))
        if p.is_file() and "phisweep-report" not in p.parts
    }


def chosen(engine="rules", **more):
    config = Config.model_validate({"engine": engine, "jobs": 1, **more})
    return Settings(config=config, key=KEY)


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    """The files of the sample that are data."""
    folder = tmp_path_factory.mktemp("sample") / "data"
    folder.mkdir()
    for name in ("patients.csv", "encounters.csv", "messages.jsonl"):
        shutil.copy(SAMPLE / name, folder / name)
    shutil.copytree(SAMPLE / "notes", folder / "notes")
    return folder


@pytest.fixture(scope="module")
def release(sample, tmp_path_factory):
    """The sample, de-identified and verified."""
    out = tmp_path_factory.mktemp("release") / "out"
    run = deidentify([str(sample)], out, chosen())
    assert run.verification.ok
    assert not run.incomplete
    return out


def test_law_6_a_second_pass_finds_nothing_new_and_changes_no_byte(release, tmp_path):
    run = deidentify([str(release)], tmp_path / "again", chosen())
    new = {(o.source.name, t.place, t.rule): t.count for o in run.outcomes for t in o.tallies}
    assert new == {}
    assert copies(tmp_path / "again") == copies(release)


def test_law_5_the_full_engine_finds_all_that_the_rules_find(sample):
    session = Session(Config(engine="rules"), KEY)
    rules = Worker(session.spec)
    full = Worker(Session(Config(engine="full"), KEY).spec, like=rules.detector)
    for path in sorted((sample / "notes").iterdir()):
        block = Text(Location(path.name, "text"), path.read_text(encoding="utf-8"))
        ours, both = (
            {(f.start, f.end, f.identifier, f.rule) for f in w.find(block)} for w in (rules, full)
        )
        spread = {f for f in ours | both if f[3] == "name/propagated"}  # from what models found too
        assert ours - spread <= both
        assert all(rule.startswith(BESIDE) for *_, rule in both - ours - spread)
        assert all(
            any(start < last and first < end for first, last, *_ in both)
            for start, end, *_ in ours & spread
        )


def seen(run):
    return [
        (o.source.name, o.status, o.error, o.tallies, [(r.where, r.start, r.end, r.rule, r.line, r.col) for r in o.records])
        for o in run.outcomes
    ]  # fmt: skip


@pytest.fixture
def messy(tmp_path):
    """A folder with what is clean, what is not, and what cannot be read."""
    folder = tmp_path / "messy"
    (folder / "sub").mkdir(parents=True)
    note = "Ms. Quillfeather, ssn 987-65-4320, seen 2024-03-04.\n\n"
    (folder / "a.txt").write_text(note * 50)
    (folder / "b.csv").write_text(
        "mrn,note\n"
        + "".join(f"{41776 + i},{note.strip()!r}\n".replace("'", '"') for i in range(60))
    )
    (folder / "c.jsonl").write_text('{"ssn": "987-65-4320", "x": [1, "617-555-0123"]}\n' * 30)
    (folder / "sub" / "clean.txt").write_text("nothing")
    (folder / "bad.json").write_text('{"ssn": "987-65-4320"')
    return folder


def test_law_5_one_process_and_two_agree(small_rules, messy, monkeypatch):
    monkeypatch.setattr("phisweep.runs.working.WORTH_PROCESSES", 0)
    one, two = (
        scan([str(messy)], Settings(config=Config(engine="rules", jobs=n), key=KEY)) for n in (1, 2)
    )
    assert seen(one) == seen(two)


@pytest.mark.parametrize("size", [200, 500, 4096])
def test_law_5_chunk_borders_do_not_matter(small_rules, messy, size):
    whole = scan([str(messy)], chosen())
    parts = scan([str(messy)], chosen(files={"chunk-bytes": size}))
    for before, after in zip(whole.outcomes, parts.outcomes, strict=True):
        assert before.findings == after.findings
        one, other = (
            sorted((r.line, r.col, r.rule, r.shape) for r in o.records) for o in (before, after)
        )
        assert one == other


def test_law_1_what_is_incomplete_has_no_copy(small_rules, messy, tmp_path):
    run = deidentify([str(messy)], tmp_path / "out", chosen())
    assert {o.source.name for o in run.outcomes if o.status == "incomplete"} == {"bad.json"}
    assert set(copies(tmp_path / "out")) == {"a.txt", "b.csv", "c.jsonl", "sub/clean.txt"}


@pytest.fixture(scope="module")
def worker(rules_folder):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("phisweep.ruleset.load.default_folder", lambda: rules_folder)
        yield Worker(replace(Session(Config(engine="rules"), KEY).spec, write=True, records=False))


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    cut=st.integers(0, 400),
    flip=st.integers(0, 400),
    byte=st.integers(0, 255),
    suffix=st.sampled_from([".txt", ".csv", ".json", ".jsonl", ".bin"]),
)
def test_law_1_a_damaged_document_has_a_whole_copy_or_none(
    worker, tmp_path, cut, flip, byte, suffix
):
    data = bytearray('[{"ssn":"987-65-4320","n":"Ms. Quillfeather"},\n"a,b",1,"é"]\n'.encode() * 6)
    data[flip % len(data)] = byte
    path, target = tmp_path / f"x{suffix}", tmp_path / "copy"
    path.write_bytes(bytes(data[:cut]))
    target.unlink(missing_ok=True)
    outcome = worker(Job(Source(path, path.name, cut, path.name), target, "copy"))
    assert target.exists() == (not outcome.error) == bool(outcome.output)
    assert (outcome.status in {"incomplete", "skipped"}) == bool(outcome.error)
    assert "987-65-4320" not in outcome.error
    assert [p.name for p in tmp_path.iterdir() if p.name.endswith(".part")] == []
    if target.exists():
        assert b"987-65-4320" not in target.read_bytes()

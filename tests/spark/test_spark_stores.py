"""Runs over a bucket by `--runner spark`: workers fetch what they do, and nobody else."""

import fsspec
import pytest

import spark_store
from phisweep.config import Config
from phisweep.errors import ComponentError
from phisweep.keys import key_from_bytes
from phisweep.remote import reached
from phisweep.runs.copying import deidentify
from phisweep.runs.searching import scan
from phisweep.runs.settings import Settings

pytest.importorskip("s3fs", reason="pip install 'phisweep[cloud]'")
pytestmark = pytest.mark.usefixtures("context")
KEY = key_from_bytes(b"a secret that is long enough", "a test")
NOTE = "Ms. Ida Brambleton was seen on 2021-04-05; call 212-555-0187.\n"
POLICY = """
id: derived
title: Surrogates for all that may have one
extends: expert
method: expert
citation: 45 CFR 164.514(b)(1)
treatments: {mrn: {action: replace, operator: surrogate}}
"""


@pytest.fixture(scope="module")
def _store(spark_settings):
    with spark_store.bucket(spark_settings) as made:
        kept = dict(fsspec.config.conf)
        fsspec.config.set_conf_files(str(spark_settings), fsspec.config.conf)
        yield made
        fsspec.config.conf.clear()
        fsspec.config.conf.update(kept)


@pytest.fixture
def bucket(_store):
    """A table, notes in folders, one called by a patient, and what is to be left out."""
    rows = "".join(f"A10{i:05},Ida Brambleton{i}\n" for i in range(200))
    _store.objects = {
        "data/patients.csv": f"mrn,name\n{rows}".encode(),
        "data/notes/a.txt": NOTE.encode() * 100,
        "data/notes/Ida Brambleton.txt": NOTE.encode(),
        "data/tmp/c.txt": NOTE.encode(),
        "data/.phisweepignore": b"tmp/\n",
        "data/empty.txt": b"",
    }
    _store.fetched, _store.before = [], {}
    return _store


def settings(runner, *, resume=False, **given):
    config = Config(engine="rules", master="local[2]", runner=runner, **given)
    return Settings(config=config, key=KEY, records=False, verify=False, resume=resume)


def copies(out):
    return {
        str(path.relative_to(out)): path.read_bytes()
        for path in out.rglob("*")
        if path.is_file() and "phisweep-report" not in path.parts
    }


def told(run):
    return [(o.source.name, o.status, o.tallies, o.output, o.sha256) for o in run.outcomes]


def test_workers_fetch_what_they_do_and_copies_have_the_same_bytes(bucket, tmp_path):
    (tmp_path / "derived.yaml").write_text(POLICY)
    given = {"profile": str(tmp_path / "derived.yaml")}
    asked = settings("spark", resume=True, **given)
    there = deidentify(["s3a://site/data"], tmp_path / "there", asked)
    assert {"data/patients.csv", "data/notes/a.txt"} <= {*bucket.fetched}
    assert "data/tmp/c.txt" not in bucket.fetched
    here = deidentify(["s3://site/data"], tmp_path / "here", settings("local", **given))
    assert copies(tmp_path / "there") == copies(tmp_path / "here")
    assert told(there) == told(here)
    assert not any("Brambleton" in name for name in copies(tmp_path / "there"))


def test_what_was_changed_or_removed_since_it_was_listed_is_incomplete(bucket):
    def changed():
        bucket.objects["data/notes/a.txt"] = NOTE.encode() * 101

    bucket.before["data/notes/a.txt"] = changed
    bucket.before["data/patients.csv"] = lambda: bucket.objects.pop("data/patients.csv", None)
    run = scan(["s3a://site/data"], settings("spark"))
    found = {o.source.name: o for o in run.outcomes}
    for name in ("notes/a.txt", "patients.csv"):
        assert found[name].status == "incomplete"
        assert "E246" in found[name].error
    assert found["notes/Ida Brambleton.txt"].status == "changed"
    assert "Ida" not in "".join(o.error for o in run.outcomes)


def test_no_copy_is_made_where_what_an_object_says_is_not_known(bucket, tmp_path):
    bucket.before["data/patients.csv"] = lambda: bucket.objects.pop("data/patients.csv", None)
    with pytest.raises(ComponentError, match="E424"):
        deidentify(["s3a://site/data"], tmp_path / "out", settings("spark"))
    assert not (tmp_path / "out").exists()


def test_a_list_takes_no_space_and_nothing_is_left_where_it_was(bucket):
    bucket.objects["data/large.txt"] = b"x" * (1 << 22)
    with reached(["s3a://site/data"], listed=True) as here:
        assert bucket.fetched == []
        (large,) = (path for path in here.origins if path.name == "large.txt")
        assert large.stat().st_size == 1 << 22
        assert large.stat().st_blocks * 512 < 1 << 16
        assert "Brambleton" not in repr(here)
        here.forget()
        assert not any(path.exists() for path in here.origins)
    assert not large.parents[1].exists()


def test_events_of_spark_hold_no_credentials_and_no_names(spark_settings):
    logs = [path for path in (spark_settings / "events").rglob("*") if path.is_file()]
    text = b"".join(path.read_bytes() for path in logs)
    assert b"SparkListenerTaskEnd" in text
    for value in ("a-secret-of-the-machine", "s3a://site", "patients.csv", "Brambleton"):
        assert value.encode() not in text

"""Small texts are read ahead, once, and what cannot be read is told when its turn comes."""

from dataclasses import replace

import pytest

from phisweep.analysis import Job
from phisweep.config import Config
from phisweep.keys import Key
from phisweep.model import Source
from phisweep.pipeline.worker import Worker
from phisweep.session import Session


@pytest.fixture
def jobs(tmp_path):
    files = {
        "a.txt": b"Seen by Dr. Quillfeather on 3/4/2019.",
        "b.txt": b"",
        "c.txt": b"\xff\xfe\x00",
        "d.csv": b"name,ssn\nx,219-09-9999\n",
        "e.md": b"SSN 219-09-9999",
        "gone.txt": b"SSN 219-09-9999",
        "large.txt": b"no identifier here. " * 1_000,
        "z.txt": b"Dr. Quillfeather",
    }
    out = []
    for name, data in files.items():
        path = tmp_path / name
        path.write_bytes(data)
        out.append(Job(Source(path, name, len(data), name)))
    (tmp_path / "gone.txt").unlink()
    return out


def told(outcome):
    return replace(outcome, seconds=0.0)


def test_small_texts_have_the_findings_that_each_has_alone(jobs):
    session = Session(Config(engine="rules", jobs=1), Key.draw())
    alone = [told(Worker(session.spec, session.detector)(job)) for job in jobs]
    worker = Worker(session.spec, session.detector)
    worker.coming(jobs)
    assert [told(worker(job)) for job in jobs] == alone
    assert {o.status for o in alone} > {"clean", "incomplete"}


def test_a_text_that_changed_since_it_was_read_is_searched_as_it_is(jobs):
    session = Session(Config(engine="rules", jobs=1), Key.draw())
    worker = Worker(session.spec, session.detector)
    worker.coming(jobs)
    worker(jobs[0])
    jobs[-1].source.path.write_bytes(b"no name here")
    assert worker(replace(jobs[-1], source=replace(jobs[-1].source, size=12))).records == ()

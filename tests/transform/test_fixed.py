"""Codes for workers that share nothing: what is missing is wished for, and drawn in one place."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from phisweep import marks
from phisweep.keys import Key
from phisweep.transform import fixed
from phisweep.transform.codes import RandomCodes, random_codes
from phisweep.transform.fixed import Authority, FixedCodes, Wish

KEY = Key.draw()
SECRET = KEY.derive("codes")
VALUES = [f"{n:07}" for n in range(57)]


class Site:
    """A run whose workers have a folder each, and a copy of what was drawn so far."""

    def __init__(self, folder: Path, codes: RandomCodes) -> None:
        self.folder, self.codes, self._numbers = folder, codes, count()
        self.authority = Authority.over(codes, folder / "answers.sqlite", SECRET)

    def worker(self) -> FixedCodes:
        own = self.folder / str(next(self._numbers))
        own.mkdir()
        self.authority.copy(own / "codes.sqlite")
        return FixedCodes(own / "codes.sqlite", SECRET, own, lasting=False)

    def grant(self, worker: FixedCodes) -> list[Wish]:
        wishes = list(worker.wishes(noted(worker)))
        self.authority.grant(wishes)
        return wishes


def noted(worker: FixedCodes) -> bytes:
    return (worker._path.parent / fixed.WISHES).read_bytes()


@pytest.fixture
def site(tmp_path, monkeypatch) -> Iterator[Site]:
    monkeypatch.setattr(fixed, "_TOGETHER", 10)  # so that there are several sealed portions
    with random_codes(KEY) as codes:
        yield Site(tmp_path, codes)


def test_what_is_missing_is_wished_for_once_and_a_mark_stands_in_for_it(site):
    worker = site.worker()
    for _ in range(2):
        made = worker.codes_of("mrn", [*VALUES, VALUES[0]])
        assert all(map(marks.is_mark, made))
    worker.code("mrn", VALUES[3])
    assert worker.wished
    wishes = site.grant(worker)
    assert sorted(wish.value for wish in wishes) == VALUES
    assert {(wish.kind, wish.name) for wish in wishes} == {("code", "mrn")}


def test_every_worker_has_the_codes_that_were_granted_and_wishes_for_nothing_more(site):
    asking = site.worker()
    asking.codes_of("mrn", VALUES)
    site.grant(asking)
    drawn = site.codes.codes_of("mrn", VALUES)
    for worker in (site.worker(), site.worker()):
        assert worker.codes_of("mrn", VALUES) == drawn
        assert [worker.code("mrn", value) for value in VALUES] == drawn
        assert not worker.wished
    assert len(set(drawn)) == len(VALUES)


def test_wishes_of_several_workers_for_one_value_are_one_code(site):
    workers = [site.worker() for _ in range(3)]
    for i, worker in enumerate(workers):
        worker.codes_of("mrn", VALUES[i * 10 :])
        worker.code("other_id", VALUES[-1])
    for worker in workers:
        site.grant(worker)
    assert site.worker().codes_of("mrn", VALUES) == site.codes.codes_of("mrn", VALUES)


def test_seeds_and_claims_are_granted_between_codes(site):
    worker = site.worker()
    worker.code("mrn", VALUES[0])
    worker.seed("name", "Zyx", "")
    worker.codes_of("mrn", VALUES[1:5])
    site.grant(worker)
    again = site.worker()
    assert again.seed("name", "Zyx", "") == site.codes.seed("name", "Zyx", "")
    assert again.claim("id", "0000001", "0000002") == "0000002"
    site.grant(again)
    last = site.worker()
    assert last.claim("id", "0000001", "0000003") == "0000002"
    assert last.claim("id", "0000009", "0000002") is None
    assert last.codes_of("mrn", VALUES[:5]) == site.codes.codes_of("mrn", VALUES[:5])
    assert not last.wished


def test_no_wish_can_be_read_by_others(site):
    worker = site.worker()
    worker.codes_of("mrn", VALUES)
    assert not any(value.encode() in noted(worker) for value in VALUES)

"""Random codes and seeds: one a value throughout a run, another in the next, none derived."""

import hmac
import multiprocessing
import pickle
import re
import stat
import threading
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest

from phisweep import marks
from phisweep.errors import ComponentError
from phisweep.keys import Key
from phisweep.transform import codefile
from phisweep.transform import codes as module
from phisweep.transform.codes import RandomCodes, random_codes
from phisweep.transform.derived import DerivedSeeds

KEY = Key.draw()
VALUES = [f"{n:07}" for n in range(40)]


def codes_of(codes: RandomCodes) -> list[str]:
    return [codes.code("mrn", value) for value in VALUES]


def test_one_value_has_one_code_however_it_is_written():
    with random_codes(KEY) as codes:
        written = {codes.code("mrn", text) for text in ("AB-0012", "ab0012", "AB 00 12")}
    assert len(written) == 1


def test_two_values_never_share_a_code():
    with random_codes(KEY) as codes:
        made = {codes.code("mrn", value) for value in VALUES}
        assert len(made) == len(VALUES)
        assert codes.code("mrn", "-") != codes.code("mrn", "--")


def test_one_value_under_two_identifiers_has_one_code_so_that_tables_still_join():
    with random_codes(KEY) as codes:
        first = codes.code("other_id", "0012345")
        assert codes.code("mrn", "0012345") == first


def test_a_drawn_code_that_is_taken_is_drawn_again(monkeypatch):
    drawn = iter(["B" * 10, "B" * 10, "C" * 10])
    monkeypatch.setattr(codefile, "draw_letters", lambda: next(drawn))
    with random_codes(KEY) as codes:
        assert codes.code("mrn", "1") == "[MRN-BBBBBBBBBB]"
        assert codes.code("mrn", "2") == "[MRN-CCCCCCCCCC]"


def test_codes_are_marks_of_consonants():
    with random_codes(KEY) as codes:
        for identifier in ("mrn", "other_id"):
            code = codes.code(identifier, "0012345")
            assert marks.is_code(code)
            assert re.fullmatch(r"\[[A-Z_]+-[B-DF-HJ-NP-TV-Z]{10}\]", code)


def test_another_run_with_the_same_key_gives_other_codes():
    with random_codes(KEY) as one, random_codes(KEY) as other:
        assert not {*codes_of(one)} & {*codes_of(other)}


def test_a_pickled_copy_and_a_worker_process_give_the_same_codes():
    with random_codes(KEY) as codes:
        ours = codes_of(codes)
        copy = pickle.loads(pickle.dumps(codes))  # noqa: S301 - our own
        assert codes_of(copy) == ours
        copy.close()
        fresh = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(2, mp_context=fresh) as pool:
            theirs = list(pool.map(codes.code, ["mrn"] * 44, [*VALUES, "a", "b", "a", "b"]))
        assert theirs[:40] == ours
        assert theirs[40:42] == theirs[42:] == [codes.code("mrn", "a"), codes.code("mrn", "b")]


def test_threads_share_their_codes():
    with random_codes(KEY) as codes:
        results: list[list[str]] = []
        threads = [
            threading.Thread(target=lambda: results.append(codes_of(codes))) for _ in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(results) == 4
        assert len({tuple(result) for result in results}) == 1


def test_the_cache_is_bounded_and_forgetting_changes_no_code(monkeypatch):
    monkeypatch.setattr(module, "CACHED", 5)
    with random_codes(KEY) as codes:
        assert codes_of(codes) == codes_of(codes)
        assert len(codes._cache) == 5


def test_the_file_is_its_owners_holds_no_value_and_goes_with_the_run():
    with random_codes(KEY) as codes:
        codes.code("mrn", "CANARY0012345")
        path = codes._path
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
        for file in path.parent.iterdir():
            assert stat.S_IMODE(file.stat().st_mode) == 0o600
            assert b"canary" not in file.read_bytes().lower()
            assert b"0012345" not in file.read_bytes()
    assert not path.parent.exists()


def test_the_file_goes_when_the_run_fails():
    paths = []

    def fail() -> None:
        with random_codes(KEY) as codes:
            paths.append(codes._path)
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert not paths[0].parent.exists()


def test_a_file_that_is_gone_is_a_component_error(tmp_path: Path):
    codes = RandomCodes(tmp_path / "gone.sqlite", b"k" * 32)
    with pytest.raises(ComponentError, match="E421"):
        codes.code("mrn", "1")


def test_no_folder_for_the_file_is_a_component_error(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "missing"))
    with pytest.raises(ComponentError, match="E421"), random_codes(KEY):
        pass


def test_a_repr_shows_no_secret():
    with random_codes(KEY) as codes:
        assert KEY.derive("codes").hex() not in repr(codes)


SEEDED = [
    (("p", "Ab-1", "S 1"), ("p", "aB1", "s1"), True),
    (("p", "x", "S1"), ("q", "x", "S1"), False),
    (("p", "x", "S1"), ("p", "y", "S1"), False),
    (("p", "x", "S1"), ("p", "x", "S2"), False),
    (("p", "xs", ""), ("p", "x", "s"), False),
    (("p", "-", ""), ("p", "--", ""), False),
    (("p", "", ""), ("p", "-", ""), False),
    (("p", "\ud800", ""), ("p", "\ud800", ""), True),
]


@pytest.mark.parametrize(("one", "other", "same"), SEEDED)
def test_seeds_are_told_apart_by_purpose_value_and_subject(one, other, same):
    with random_codes(KEY) as codes:
        for seeds in (codes, DerivedSeeds(KEY)):
            assert len(seeds.seed(*one)) == 32
            assert (seeds.seed(*one) == seeds.seed(*other)) is same


def test_random_seeds_are_others_in_another_run_and_derived_ones_the_same():
    with random_codes(KEY) as one, random_codes(KEY) as other:
        assert one.seed("p", "x", "") != other.seed("p", "x", "")
        assert one.seed("p", "x", "") != DerivedSeeds(KEY).seed("p", "x", "")
    assert DerivedSeeds(KEY).seed("p", "x", "s") == DerivedSeeds(KEY).seed("p", "x", "s")
    assert DerivedSeeds(KEY).seed("p", "x", "s") != DerivedSeeds(Key.draw()).seed("p", "x", "s")


def test_derived_seeds_are_hmacs_of_their_parts_each_after_its_length():
    seeds = DerivedSeeds(Key(b"k" * 32))
    message = b"".join(len(p).to_bytes(8, "big") + p for p in (b"name", b"ab", b"s1"))
    expected = hmac.digest(Key(b"k" * 32).derive("seeds"), message, "sha256")
    assert seeds.seed("name", "A-b", "S 1") == expected
    copy = pickle.loads(pickle.dumps(seeds))  # noqa: S301 - our own
    assert copy.seed("name", "A-b", "S 1") == expected


def test_worker_processes_and_threads_share_their_seeds():
    def seeds_of(codes):
        return [codes.seed("name", value, "S1") for value in VALUES]

    with random_codes(KEY) as codes:
        fresh = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(2, mp_context=fresh) as pool:
            theirs = list(pool.map(codes.seed, ["name"] * 40, VALUES, ["S1"] * 40))
        results = []
        threads = [
            threading.Thread(target=lambda: results.append(seeds_of(codes))) for _ in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(set(theirs)) == 40
        assert all(result == theirs for result in results)
        assert codes.code("mrn", "1") == codes.code("mrn", "1")


def test_the_cache_of_seeds_is_bounded_and_forgetting_changes_none(monkeypatch):
    monkeypatch.setattr(module, "CACHED", 5)
    with random_codes(KEY) as codes:
        first = [codes.seed("p", value, "") for value in VALUES]
        assert [codes.seed("p", value, "") for value in VALUES] == first
        assert len(codes._seeds) == 5


def test_the_file_of_seeds_holds_no_value_and_no_subject():
    with random_codes(KEY) as codes:
        codes.seed("name", "CANARYfeather", "CANARYsubject")
        for file in codes._path.parent.iterdir():
            assert b"canary" not in file.read_bytes().lower()


def test_a_file_of_seeds_that_is_gone_is_a_component_error(tmp_path):
    with pytest.raises(ComponentError, match="E421"):
        RandomCodes(tmp_path / "gone.sqlite", b"k" * 32).seed("p", "x", "")


def test_a_repr_of_derived_seeds_shows_no_secret():
    assert KEY.derive("seeds").hex() not in repr(DerivedSeeds(KEY))

"""Our dataclasses are what `dataclasses` makes, only later."""

from __future__ import annotations

import copy
import dataclasses
import pickle
import threading
from dataclasses import field
from typing import ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phisweep.values import dataclass

ASKED = [{"frozen": True, "slots": True}, {"slots": True}]


def classes(make):
    """A class and one that extends it, as `make` makes them."""

    @make
    class Place:
        """Where something stands."""

        source: str
        line: int = 1
        KINDS: ClassVar[int] = 3
        notes: list = field(default_factory=list, repr=False)
        weight: float = field(default=0.5, compare=False)
        half: int = field(default=0, init=False)

        @property
        def before(self):
            return self.line - 1

    @make
    class Cell(Place):
        """A place with a column."""

        column: int = 0

        def __post_init__(self):
            if self.column < 0:
                raise ValueError("columns count from 0")

    for each in (Place, Cell):
        each.__qualname__ = each.__name__
    return Place, Cell


def _pairs():
    for asked in ASKED:
        yield from zip(
            classes(dataclass(**asked)), classes(dataclasses.dataclass(**asked)), strict=True
        )


PAIRS = [*_pairs()]


@pytest.mark.parametrize(("ours", "theirs"), PAIRS)
def test_a_class_has_what_dataclasses_gives_it(ours, theirs):
    for given_ in (("a.txt",), ("a.txt", 2, ["x"], 0.1)):
        mine, their = ours(*given_), theirs(*given_)
        assert repr(mine) == repr(their)
        assert dataclasses.asdict(mine) == dataclasses.asdict(their)
        assert [f.name for f in dataclasses.fields(mine)] == [
            f.name for f in dataclasses.fields(their)
        ]
        assert dataclasses.is_dataclass(ours)
        assert repr(dataclasses.replace(mine, line=9)) == repr(dataclasses.replace(their, line=9))
        assert mine.before == their.before
    assert ours.__match_args__[:2] == theirs.__match_args__[:2]
    assert ours.__slots__ == theirs.__slots__
    assert not hasattr(ours("a"), "__dict__")
    assert ours.KINDS == theirs.KINDS


@pytest.mark.parametrize(("ours", "theirs"), PAIRS)
def test_wrong_arguments_are_refused_in_the_same_words(ours, theirs):
    for given_, named in (((), {}), (("a", 1, [], 0.1, 5, 6), {}), (("a",), {"nothing": 1})):
        told = []
        for kind in (ours, theirs):
            with pytest.raises(TypeError) as error:
                kind(*given_, **named)
            told.append(str(error.value).rpartition("__init__()")[2])
        assert told[0] == told[1]


@given(st.lists(st.tuples(st.text(max_size=2), st.integers(0, 2), st.floats(0, 1)), max_size=6))
def test_equal_and_hashed_alike(rows):
    told = []
    for make in (dataclass(**ASKED[0]), dataclasses.dataclass(**ASKED[0])):
        place, cell = classes(make)
        made = [kind(a, b, (), c) for a, b, c in rows for kind in (place, cell)]
        told.append([[one == other for other in made] for one in made])
        assert all(hash(x) == hash(y) for x in made for y in made if x == y)
        told.append(len(set(made)))
    assert told[:2] == told[2:]


def test_what_is_frozen_stays_and_what_is_not_has_no_hash():
    frozen, _ = classes(dataclass(**ASKED[0]))
    loose, _ = classes(dataclass(**ASKED[1]))
    with pytest.raises(dataclasses.FrozenInstanceError):
        frozen("a").line = 2
    with pytest.raises(dataclasses.FrozenInstanceError):
        del frozen("a").line
    value = loose("a")
    value.line = 2
    assert value == loose("a", 2)
    with pytest.raises(TypeError):
        hash(value)


def test_a_check_of_the_class_is_run():
    _, cell = classes(dataclass(**ASKED[0]))
    with pytest.raises(ValueError, match="from 0"):
        cell("a", column=-1)


@dataclass(frozen=True, slots=True)
class Kept:
    """A value that travels."""

    name: str
    parts: tuple[Kept, ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class Ordered:
    """What asks for more than slots is made by `dataclasses` itself."""

    number: int


def test_a_value_travels_between_processes():
    value = Kept("a", (Kept("b"),))
    assert pickle.loads(pickle.dumps(value)) == value  # noqa: S301 - our own
    assert copy.deepcopy(value) == value == copy.copy(value)


def test_more_than_slots_is_made_by_dataclasses():
    assert sorted([Ordered(2), Ordered(1)]) == [Ordered(1), Ordered(2)]


def test_a_method_of_the_class_itself_stays():
    @dataclass(frozen=True, slots=True)
    class Own:  # noqa: PLW1641 - the decorator gives it one
        """Equal to all of its kind."""

        number: int

        def __eq__(self, other):
            return isinstance(other, Own)

        def __repr__(self):
            return "own"

    assert Own(1) == Own(2)
    assert repr(Own(1)) == "own"
    assert hash(Own(1)) == hash(Own(1))


def test_several_threads_may_make_the_first_value():
    place, _ = classes(dataclass(**ASKED[0]))
    made = []
    threads = [threading.Thread(target=lambda: made.append(place("a"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == [place("a")] * 8


def test_a_field_may_stay_out_of_the_hash():
    @dataclass(frozen=True, slots=True)
    class Known:
        name: str
        told: dict = field(hash=False)

    assert hash(Known("a", {"x": 1})) == hash(Known("a", {}))
    assert Known("a", {"x": 1}) != Known("a", {})

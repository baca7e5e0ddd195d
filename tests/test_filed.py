"""What files hold: checked by pydantic where it comes from a file, plain where we make it."""

from __future__ import annotations

import datetime as dt
import json
import pickle
from typing import Annotated, ClassVar, Literal

import pytest
from pydantic import ValidationError

from phisweep import filed
from phisweep.filed import Before, Checked, Model, field, frozen, place_of, thawed


class Part(Model):
    """A part of a file."""

    model_config: ClassVar = {"extra": "forbid", "frozen": True}

    name: str
    size: Annotated[int, Checked(ge=1)] = 1

    def _check(self):
        if self.name == "none":
            raise ValueError("a part has a name")


class Other(Model):
    """A part of another kind."""

    model_config: ClassVar = {"extra": "forbid"}

    title: str


Short = Annotated[Part, Before(lambda told: {"name": told} if isinstance(told, str) else told)]


class File(Model):
    """A file."""

    model_config: ClassVar = {"extra": "forbid", "strict": False}

    schema_: Literal["file/1"] = field(alias="schema")
    parts: tuple[Part | Other, ...] = ()
    first: Short | None = None
    made: dt.date | None = None
    named: dict[str, Part] = {}  # noqa: RUF012 - a model copies what is there by default


class Guarded(Model):
    """One that is checked when it is made."""

    guarded = True
    model_config: ClassVar = {"extra": "forbid", "strict": True}

    count: Annotated[int, Checked(ge=11)]
    parts: tuple[Part, ...] = ()


KINDS = {kind.__name__: kind for kind in (Part, Other, File)}
TOLD = {
    "schema": "file/1",
    "parts": [{"name": "a", "size": 2}, {"title": "b"}],
    "first": "c",
    "made": "2026-11-22",
    "named": {"d": {"name": "d"}},
}
MADE = File(
    schema="file/1",
    parts=(Part(name="a", size=2), Other(title="b")),
    first=Part(name="c"),
    made=dt.date(2026, 11, 22),
    named={"d": Part(name="d")},
)


def test_what_is_read_is_what_is_made():
    assert File.model_validate(TOLD) == MADE
    assert File.model_validate_json(json.dumps(TOLD)) == MADE
    assert hash(MADE.first) == hash(Part(name="c"))
    assert MADE.first != Other(title="c")


def test_what_is_written_is_read_again():
    told = json.loads(MADE.model_dump_json(by_alias=True))
    assert told == MADE.model_dump(mode="json", by_alias=True)
    assert File.model_validate(told) == MADE
    assert pickle.loads(pickle.dumps(MADE)) == MADE  # noqa: S301 - our own
    assert MADE.model_dump(include={"made"}) == {"made": dt.date(2026, 11, 22)}
    assert [*MADE.model_dump(exclude={"parts"})] == ["schema_", "first", "made", "named"]


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"schema": "file/2"}, "schema"),
        ({"nothing": 1}, "nothing"),
        ({"first": {"name": "a", "size": 0}}, "first.size"),
        ({"first": {"name": "none"}}, "first"),
        ({"parts": [{"name": "a", "sizes": 1}]}, "parts.0.Part.sizes"),
        ({"made": "soon"}, "made"),
    ],
)
def test_a_file_that_does_not_keep_its_contract_is_refused_by_place(change, place):
    with pytest.raises(ValidationError) as error:
        File.model_validate(TOLD | change)
    assert place in [place_of(fault["loc"]) for fault in error.value.errors()]


def test_what_we_make_is_unchecked_but_for_its_own_check():
    assert Part(name="a", size=0).size == 0
    with pytest.raises(ValueError, match="has a name"):
        Part(name="none")


@pytest.mark.parametrize("told", [{}, {"name": "a", "sizes": 1}, {"size": 1}])
def test_fields_that_are_missing_or_unknown_are_an_error_of_ours(told):
    with pytest.raises(TypeError, match="Part"):
        Part(**told)


def test_what_is_guarded_is_checked_when_it_is_made():
    assert Guarded(count=11, parts=(Part(name="a"),)).parts == (Part(name="a"),)
    for wrong in ({"count": 3}, {"count": "11"}, {"count": 11, "parts": [Part(name="a")]}):
        with pytest.raises(ValidationError):
            Guarded(**wrong)


def test_nothing_is_changed_in_place_and_no_default_is_shared():
    with pytest.raises(AttributeError):
        MADE.made = None
    with pytest.raises(AttributeError):
        del MADE.made
    assert File(schema="file/1").named is not File(schema="file/1").named
    changed = MADE.model_copy(update={"first": None})
    assert (changed.first, changed.parts) == (None, MADE.parts)


def test_what_is_kept_comes_back_without_pydantic():
    kept = json.dumps(frozen([MADE, File(schema="file/1")]))
    back = json.loads(kept, object_hook=thawed(KINDS))
    assert back == [MADE, File(schema="file/1")]
    assert back[1].named is not File(schema="file/1").named


@pytest.mark.parametrize(
    "kept", [{"=": "Part"}, {"=": "Part", "name": "a", "colour": 1}, {"=": "Gone", "name": "a"}]
)
def test_what_was_kept_of_other_kinds_is_refused(kept):
    with pytest.raises((LookupError, ValueError)):
        json.loads(json.dumps(kept), object_hook=thawed(KINDS))


def test_a_schema_is_that_of_pydantic():
    schema = File.model_json_schema()
    assert schema["properties"]["schema"] == {
        "const": "file/1", "title": "Schema", "type": "string",
    }  # fmt: skip
    assert schema["$defs"]["Part"]["properties"]["size"]["minimum"] == 1
    assert schema["$defs"]["Part"]["description"] == "A part of a file."
    assert filed.definitions([File])["File"]["required"] == ["schema"]
    assert File.model_fields["named"].default == {}

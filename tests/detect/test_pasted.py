"""Tables within texts: what stands under a column's name is what the name says."""

import pytest

from phisweep.detect.pasted import Pasted
from phisweep.model import Location, Text
from phisweep.ruleset.load import load_ruleset

LOG = """Rapid response log, nights
# | date | rm | MRN | pt | trigger | by
1 | 10/6 | 12b | G0071833 | Okafor, Ada | RR 34, sat 84 | kl
2 | 10.8 | 2W-7 | G0014476 | Blankenship | BG 31 | dbo
3 | 10/11 | R-5 | G0077150 | Quill | sat 79 | kl
End of log.
"""


@pytest.fixture(scope="module")
def found():
    pasted = Pasted(load_ruleset())

    def of(text, kind="prose"):
        block = Text(Location("t", "text"), text, kind=kind)
        return [(text[f.start : f.end], f.identifier) for f in pasted.find(block)]

    return of


def test_every_cell_is_what_its_column_says(found):
    cells = found(LOG)
    assert cells[:5] == [
        ("10/6", "date"), ("12b", "location"), ("G0071833", "mrn"), ("Okafor, Ada", "name"),
        ("kl", "name"),
    ]  # fmt: skip
    assert ("10.8", "date") in cells
    assert ("dbo", "name") in cells
    assert not any("sat" in cell or "BG" in cell for cell, _ in cells)


@pytest.mark.parametrize(
    "text",
    [
        LOG.replace("|", "\t"),
        "\n".join(f"| {line} |" if "|" in line else line for line in LOG.splitlines()),
        LOG.replace("\n1 |", "\n--|---|---|---|---|---|---\n1 |"),
        LOG.replace("\n2 |", "\n(code called, see | flow sheet)\n2 |"),
        LOG.replace("\n", "\r\n"),
    ],
    ids=["tabs", "bars-outside", "ruled", "a-remark-between", "windows"],
)
def test_other_ways_to_draw_a_table(found, text):
    assert sorted(found(text)) == sorted(found(LOG))


ALIGNED = """rm    pt               MRN        time   o2      by
12b   Okafor, Ada      G0071833   0340   4L nc   kl
2W-7  Blankenship      G0014476          ra      dbo
      (door shut)
R-5                    G0077150   0415   ra      kl

4 total"""


def test_cells_may_begin_where_the_names_of_their_columns_do(found):
    assert found(ALIGNED) == [
        ("12b", "location"), ("Okafor, Ada", "name"), ("G0071833", "mrn"), ("kl", "name"),
        ("2W-7", "location"), ("Blankenship", "name"), ("G0014476", "mrn"), ("dbo", "name"),
        ("R-5", "location"), ("G0077150", "mrn"), ("kl", "name"),
    ]  # fmt: skip


def test_cells_that_begin_elsewhere_are_under_no_name(found):
    shifted = "\n".join(
        " " * (i % 3) + line if i else line for i, line in enumerate(ALIGNED.splitlines())
    )
    assert len(found(shifted)) < len(found(ALIGNED))
    assert found(ALIGNED.replace("  ", " ")) == []


@pytest.mark.parametrize(
    "text",
    [
        "drug | dose | route | by\nheparin | 5000 | sq | po\nasa | 81 | po | po\n",
        "A | B | C\nOkafor | Quill | Diaz\nMoss | Lee | Rose\n",
        "PID|1||pt|by\nNK1|1||Okafor|kl\nPV1|1||Quill|db\n",
        "pt | rm | by\nOkafor | 12b | kl\n",
        "date | rm 402 | by\n1 | 2 | 3\n4 | 5 | 6\n",
    ],
    ids=["routes", "no-names", "segments", "one-row", "values-for-names"],
)
def test_what_is_no_table_of_people(found, text):
    assert found(text) == []


def test_a_file_of_values_is_read_as_such_and_not_here(found):
    assert found(LOG, kind="code") == []


def test_a_very_long_table_takes_time_in_proportion(found):
    rows = "\n".join(f"{i} | 10/{1 + i % 28} | kl" for i in range(20_000))
    assert len(found(f"# | date | by\n{rows}\n")) == 40_000

"""The charts of a report are its counts, and stay small however many files there are."""

from dataclasses import replace

from phisweep.model import LETTERS, Run
from phisweep.report import charted
from report import runs

RECORD = runs.record_of_run(runs.incomplete())


def test_every_letter_has_a_bar_and_a_zero_says_what_it_is_worth():
    rows = charted.by_letter(RECORD).rows
    assert [row.label[:3] for row in rows] == [f"({letter})" for letter in LETTERS]
    assert sum(row.value for row in rows) == RECORD.totals.findings
    assert {row.text for row in rows if not row.value} == {"none found", "not assessable"}


def many(n):
    met = tuple(
        runs.table(f"{i}.csv", [runs.tally("column 1", "ssn", 3 + i)], 9, 1) for i in range(n)
    )
    return runs.record_of_run(Run(runs.MANIFEST, met))


def test_the_twenty_files_with_most_findings_have_a_bar_and_the_rest_one():
    record = many(100)
    rows = charted.by_file(record).rows
    assert len(rows) == 21
    assert rows[0].label == "99.csv"
    assert rows[-1].label == "the other 80 with findings"
    assert sum(row.value for row in rows) == record.totals.findings


def test_one_file_is_compared_with_none():
    assert charted.by_file(many(1)) is None
    assert charted.by_file(runs.record_of_run(runs.empty())) is None


def test_scores_add_up_to_the_findings_and_say_where_they_are_not_known():
    chart = charted.scores(RECORD)
    assert sum(row.value for row in chart.rows) == RECORD.totals.findings
    assert chart.rows[0].label == "0.45"
    assert chart.rows[-1].label == "0.95"
    unknown = replace(runs.tally("text", "ssn", 5), scores=())
    met = runs.outcome("a.txt", tallies=[unknown, runs.tally("text", "url", 2)])
    said = charted.scores(runs.record_of_run(Run(runs.MANIFEST, (met,)))).description
    assert "Of 5 more the score was not counted." in said
    none = runs.record_of_run(Run(runs.MANIFEST, (runs.outcome("a.txt", tallies=[unknown]),)))
    assert charted.scores(none) is None


def test_the_heat_map_has_the_sixty_places_with_most_findings_in_their_order():
    tallies = [runs.tally(f"column {n}", "ssn", n) for n in range(1, 101)]
    tallies += [runs.tally("column 100", "url", 7)]
    record = runs.record_of_run(Run(runs.MANIFEST, (runs.table("a.csv", tallies, 9, 100),)))
    heat = charted.heat(record)
    assert heat.columns == ("(G)", "(N)")
    assert [label for label, _ in heat.rows] == [f"a.csv: column {n}" for n in range(41, 101)]
    assert heat.rows[-1][1] == (100, 7)
    assert "60 of 100" in heat.description
    assert charted.heat(runs.record_of_run(runs.empty())) is None

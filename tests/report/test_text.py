import json
import re
from dataclasses import replace

import pytest

from phisweep.model import Run, Suppressed
from phisweep.report.findings import finding
from phisweep.report.text import CAP, Style, file_lines, next_command, render, summary
from report import runs

PLAIN = Style(width=100)
CANARY = "219-09-9999"


def note(n, **more):
    records = tuple(runs.record(line=12 + i, col=5) for i in range(n))
    tallies = [runs.tally("text", "ssn", n, "dashed", "critical", done=False)] if n else []
    return runs.outcome("a.txt", "clean", tallies, records=records, **more)


def lines(run, style=PLAIN, **more):
    return list(render(run, runs.record_of_run(run), style, **more))


def test_a_clean_file_takes_no_line():
    assert list(file_lines(note(0), PLAIN)) == []


def test_a_finding_is_one_line_under_its_file():
    assert list(file_lines(note(1), PLAIN)) == [
        "a.txt",
        "  12:5     critical  (G) ssn          ssn/dashed  ddd-dd-dddd  0.85",
        "",
    ]


def test_a_narrow_terminal_takes_two_lines():
    assert list(file_lines(note(1), Style(width=40))) == [
        "a.txt",
        "  12:5 critical (G) ssn",
        "    ssn/dashed  ddd-dd-dddd  0.85",
        "",
    ]


@pytest.mark.parametrize("width", [40, 80, 200])
def test_lines_of_findings_fit_the_terminal(width):
    shown = lines(runs.searched(), Style(width=width))
    body = [line for line in shown if line.startswith("  ") and "warning" not in line]
    assert max(map(len, body)) <= width


def test_many_findings_are_capped_and_counted():
    shown = list(file_lines(note(CAP + 88), PLAIN))
    assert shown[-2] == "  ... and 88 more"
    assert len(shown) == CAP + 3


def test_stored_findings_are_shown_like_those_in_memory(tmp_path):
    path = tmp_path / "records.jsonl"
    path.write_text("".join(json.dumps(finding(r, "a.txt")) + "\n" for r in note(30).records))
    stored = replace(note(30), records=(), records_file=path)
    assert list(file_lines(stored, PLAIN)) == list(file_lines(note(30), PLAIN))


def test_a_table_is_told_by_column():
    met = runs.table("p.csv", [runs.tally("column 4", "ssn", 108, "dashed", "critical", done=False)], 108, 9)  # fmt: skip
    assert list(file_lines(met, PLAIN)) == ["p.csv", "  column 4: 108 x (G) ssn, critical", ""]


def test_what_could_not_be_read_is_told_with_its_reason():
    shown = "\n".join(lines(runs.incomplete()))
    assert "export/visits_old.csv\n  incomplete: error[E203]: " in shown
    assert "images/ct_head.dcm\n  skipped: no reader for this format" in shown
    assert "\n1 file could not be read whole: this release is NOT complete" in shown


def test_the_table_by_letter_names_every_letter():
    shown = "\n".join(lines(runs.searched()))
    assert "  (B)    216  location 108, zip 108" in shown
    assert "  none found: (J)-(M)" in shown
    assert "  not assessable: (P)-(Q)" in shown


def test_a_run_says_in_a_line_each_what_it_knows_of_persons():
    shown = "\n".join(lines(runs.linked()))
    assert (
        "  subjects: 439 rows and texts with one, 40 without; 47 findings had none\n"
        "  leaks: 3 found, 7 looked for and not found, 0 not looked for\n"
        "    NOT RESOLVED: A day counted from an event, and a full date of the same subject\n"
        "    A kept column holds a part of a removed one\n"
        "    A column holds unkeyed hashes of an identifier\n"
        "  dates moved: 436; without a subject: 47; not read: 0\n"
        "  surrogates: 440\n"
    ) in shown
    assert "subjects:" not in "\n".join(lines(runs.searched()))


def test_the_summary_is_the_line_of_the_contract():
    left_out = (Suppressed("line", "lot", "date", 2), Suppressed("baseline", "old", "ssn", 1))
    known = replace(note(0), suppressed=left_out)
    record = runs.record_of_run(Run(replace(runs.MANIFEST, command="scan"), (known,)))
    assert summary(record) == (
        "phisweep: 1 file, 5.7 kB; 0 findings (2 suppressed, 1 baseline);"
        " rules 2026.1, model none; 4.2 s. A clean scan is not proof of absence."
    )
    assert "45,264 rows" in summary(runs.record_of_run(runs.searched()))
    assert "11 files" in summary(runs.record_of_run(runs.incomplete()))
    assert "(1 INCOMPLETE, 1 skipped)" in summary(runs.record_of_run(runs.incomplete()))


def test_the_next_command_is_the_last_line_and_quoted():
    run = runs.searched()
    following = next_command(runs.record_of_run(run), ["my data"])
    assert following == "phisweep deid 'my data' -o OUT"
    assert lines(run, following=following)[-1] == "next: phisweep deid 'my data' -o OUT"
    assert next_command(runs.record_of_run(run), ["x"], out="out") == "phisweep verify out"
    assert next_command(runs.record_of_run(runs.empty()), ["x"]) == ""


def test_colour_adds_nothing_that_words_do_not_say():
    coloured = lines(runs.searched(), Style(width=100, colour=True))
    assert any("\x1b[" in line for line in coloured)
    assert [re.sub(r"\x1b\[[0-9;]*m", "", line) for line in coloured] == lines(runs.searched())


def test_no_name_acts_on_the_terminal():
    met = note(1, shown="a\x1b[2J\n\u202e.txt", warnings=("odd \x1b name",))
    for style in (PLAIN, Style(width=100, unicode=False)):
        shown = "\n".join(file_lines(met, style)).replace("\n", "")
        assert shown.isprintable()


def test_ascii_where_the_terminal_has_no_more():
    met = note(1, shown="caf\u00e9.txt")
    assert "\n".join(file_lines(met, Style(width=100, unicode=False))).isascii()
    assert "caf\u00e9.txt" in "\n".join(file_lines(met, PLAIN))


def test_true_names_and_values_are_shown_only_where_asked_for():
    secret = runs.outcome(
        f"{CANARY}.txt",
        "clean",
        [runs.tally("text", "ssn", 1, "dashed")],
        shown="[SSN].txt",
        records=(runs.record(),),
    )
    assert CANARY not in "\n".join(file_lines(secret, PLAIN))
    assert f"{CANARY}.txt" in "\n".join(file_lines(secret, Style(width=100, true_names=True)))
    revealed = replace(secret, records=(runs.record(reveal=CANARY),))
    assert CANARY in "\n".join(file_lines(revealed, PLAIN))

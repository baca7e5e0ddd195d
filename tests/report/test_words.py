"""Names and numbers as they are written, and the verdict."""

import pytest

from phisweep.figures import duration, plural, size
from phisweep.legible import legible, portable
from report import runs


@pytest.mark.parametrize(
    ("text", "expect"),
    [
        ("notes/a b.txt", "notes/a b.txt"),
        ("caf\u00e9/\u4e2d.txt", "caf\u00e9/\u4e2d.txt"),
        ("a\nb\t\x1b[31m", "a\\x0ab\\x09\\x1b[31m"),
        ("a\u202egpj.exe", "a\\u202egpj.exe"),
        ("a\u2028b", "a\\u2028b"),
        ("\udce9", "\\udce9"),
        ("\U000e0041", "\\U000e0041"),
    ],
)
def test_what_would_not_be_seen_is_written_as_an_escape(text, expect):
    assert legible(text) == expect


def test_ascii_only_escapes_the_rest_too():
    assert legible("caf\u00e9", ascii_only=True) == "caf\\xe9"


def test_portable_changes_lone_surrogates_only():
    assert portable("a\nb\u202e\udce9") == "a\nb\u202e\\udce9"


@pytest.mark.parametrize(
    ("n", "expect"),
    [(0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (3_100_000, "3.1 MB"), (999_960, "1.0 MB"),
     (5 * 10**12, "5.0 TB"), (2 * 10**9, "2.0 GB")],
)  # fmt: skip
def test_sizes_are_decimal(n, expect):
    assert size(n) == expect


@pytest.mark.parametrize(
    ("seconds", "expect"),
    [(0, "0.0 s"), (4.21, "4.2 s"), (59.97, "1 min 0 s"), (200.4, "3 min 20 s")],
)
def test_durations(seconds, expect):
    assert duration(seconds) == expect


def test_plurals():
    assert plural(1, "copy", "copies") == "1 copy"
    assert plural(1200, "copy", "copies") == "1,200 copies"


VERDICTS = {
    "verified": ("verified", "Complete and verified"),
    "incomplete": (
        "incomplete",
        "1 file could not be read whole: this release is NOT complete; 1 file was skipped",
    ),
    "failed": (
        "failed",
        "Verification failed: 1 problem, 2 findings in the copies, 1 removed value still in a copy",
    ),
    "searched": ("complete", "Complete: 46,998 findings in 9 files"),
    "empty": ("empty", "No file was read"),
    "linked": ("verified", "Complete and verified; 1 file was skipped; 1 leak left to a person"),
}


@pytest.mark.parametrize("name", sorted(runs.RUNS))
def test_the_verdict_in_words(name):
    verdict = runs.record_of_run(runs.RUNS[name]()).verdict
    assert (verdict.state, verdict.words) == VERDICTS[name]
    assert verdict.caveat


def test_an_unverified_release_does_not_pass_for_a_verified_one():
    run = runs.Run(runs.MANIFEST, runs.outcomes())
    assert runs.record_of_run(run).verdict.words == "Complete, but not verified"


def test_a_failed_verification_outweighs_an_incomplete_file_and_names_it():
    run = runs.Run(runs.MANIFEST, runs.incomplete().outcomes, runs.failed().verification)
    verdict = runs.record_of_run(run).verdict
    assert verdict.state == "failed"
    assert "NOT complete" in verdict.words


def test_findings_left_to_a_person_stand_in_the_verdict():
    waiting = runs.replace(runs.tally("text", "name", 3), action="review", operator="")
    run = runs.Run(runs.MANIFEST, (runs.outcome("a.txt", tallies=[waiting]),), runs.VERIFIED)
    assert runs.record_of_run(run).verdict.words == (
        "Complete and verified; 3 findings to be decided by a person"
    )

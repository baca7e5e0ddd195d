"""What a merged report promises: the sums of its runs, and all that they disagree about."""

import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import jsonschema
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phisweep.config import Config
from phisweep.intervals import exact_upper
from phisweep.keys import Key
from phisweep.report import mergedpage, mergedtext, mergedwords
from phisweep.report.companions import canary, evaluation, review
from phisweep.report.companions.review.model import BoundedRecord, GroupRecord
from phisweep.report.joining import most_wrong
from phisweep.report.merged import MergedRecord
from phisweep.report.mergedparts import floored_sum
from phisweep.report.merging import Site, merged_of
from phisweep.report.record import record_of
from phisweep.ruleset.load import load_ruleset
from phisweep.runs.searching import scan
from phisweep.runs.settings import Settings
from report import runs

SCHEMA = Path(__file__).parents[2] / "docs" / "schema" / "merged.schema.json"


def site(record, name):
    return Site(name, record, "", None, ())


def of(*made, **manifest):
    """Sites of these runs, each with an id of its own."""
    return [
        site(
            runs.record_of_run(replace(run, manifest=replace(run.manifest, run_id=f"r{i}"))),
            f"site {i}",
        )
        for i, run in enumerate(made)
    ]


def test_sums_are_those_of_the_runs_and_the_verdict_is_the_worst():
    sites = of(runs.verified(), runs.incomplete(), runs.searched())
    merged = merged_of(sites)
    records = [each.record for each in sites]
    for name in ("files", "rows", "findings", "incomplete", "skipped", "copies"):
        assert getattr(merged.totals, name) == sum(getattr(r.totals, name) for r in records)
    for i, letter in enumerate(merged.letters):
        assert letter.by_site == tuple(r.letters[i].count for r in records)
    assert merged.verdict.state == "incomplete"
    assert merged.verdict.words == "3 runs joined: 1 incomplete, 1 complete, 1 verified"
    assert merged.incomplete


@pytest.mark.parametrize(
    ("made", "state"),
    [
        ((runs.verified, runs.verified), "verified"),
        ((runs.verified, runs.searched), "complete"),
        ((runs.searched, runs.empty), "empty"),
        ((runs.empty, runs.incomplete), "incomplete"),
        ((runs.incomplete, runs.failed), "failed"),
    ],
)
def test_the_worst_run_decides(made, state):
    assert merged_of(of(*(make() for make in made))).verdict.state == state


def test_runs_that_were_made_alike_disagree_about_nothing():
    merged = merged_of(of(runs.verified(), runs.verified()))
    assert merged.disagreements == ()
    assert mergedwords.NO_DISAGREEMENT in mergedtext.as_markdown(merged)


@pytest.mark.parametrize(
    ("field", "what", "matters"),
    [
        ("ruleset_sha256", "rules", True),
        ("policy", "policy", True),
        ("engine", "engine", True),
        ("model", "model", True),
        ("version", "phisweep", True),
        ("census_table", "census table", True),
        ("reference_year", "reference year", False),
    ],
)
def test_each_disagreement_is_shown_with_who_has_which(field, what, matters):
    run = runs.verified()
    policy = next(name for name in runs.POLICIES if name != run.manifest.policy)
    values = {"engine": "full", "reference_year": 1999, "policy": policy}
    other = replace(run, manifest=replace(run.manifest, **{field: values.get(field, "other")}))
    merged = merged_of(of(run, other, other))
    (found,) = [each for each in merged.disagreements if each.what == what]
    assert found.matters is matters
    assert [value.sites for value in found.values] == [("site 0",), ("site 1", "site 2")]
    page, text = mergedpage.as_html(merged), mergedtext.as_markdown(merged)
    for shown in (page, text):
        assert "The runs were not made alike" in shown
    assert ("before comparing" in merged.verdict.caveat) is any(
        each.matters for each in merged.disagreements
    )


def test_different_lists_and_options_are_told_and_numbers_of_processes_are_not():
    run = runs.verified()
    name = next(iter(run.manifest.lists))
    manifest = replace(
        run.manifest,
        lists={**run.manifest.lists, name: "f" * 64},
        configuration={**run.manifest.configuration, "strict": "true", "jobs": "7"},
    )
    told = [e.what for e in merged_of(of(run, replace(run, manifest=manifest))).disagreements]
    assert f"list {name}" in told
    assert "option strict" in told
    assert "option jobs" not in told


def test_a_letter_is_not_assessable_where_it_is_nowhere_and_else_says_where():
    merged = merged_of(of(runs.empty(), runs.empty()))
    assert {letter.state for letter in merged.letters} == {"not assessable"}
    merged = merged_of(of(runs.verified(), runs.empty()))
    letter = next(x for x in merged.letters if not x.count and x.letter == "J")
    assert letter.state == "none found"
    assert any(reason.startswith("site 1: ") for reason in letter.reasons)


def test_what_is_floored_in_a_run_is_in_no_sum():
    assert floored_sum([0, 12, "<11", 30, "<11", None]).model_dump() == {"shown": 42, "hidden": 2}
    assert mergedwords.floored(floored_sum([12, "<11"])) == "12 and 1 count not shown"
    merged = merged_of(of(runs.linked(), runs.linked()))
    assert merged.subjects.sites == 2
    one = runs.record_of_run(runs.linked()).subjects
    hidden = one.several_keys if isinstance(one.several_keys, str) else None
    assert merged.subjects.several_keys.hidden == (2 if hidden else 0)


def test_no_name_of_a_file_of_a_site_is_in_it():
    merged = merged_of(of(runs.verified(), runs.incomplete()))
    names = {
        f.path for r in (runs.verified(), runs.incomplete()) for f in runs.record_of_run(r).files
    }
    texts = (mergedpage.as_json(merged), mergedtext.as_markdown(merged), mergedpage.as_html(merged))
    assert names
    assert not [name for name in names for text in texts if name in text]


def test_files_that_stand_in_several_runs_are_told():
    merged = merged_of(of(runs.verified(), runs.verified()))
    assert merged.repeated > 0
    assert "in more than one run" in mergedpage.as_html(merged)


def test_it_reads_back_and_keeps_its_schema():
    merged = merged_of(of(runs.verified(), runs.linked()))
    text = mergedpage.as_json(merged)
    assert MergedRecord.model_validate_json(text) == merged
    jsonschema.validate(json.loads(text), json.loads(SCHEMA.read_text()))
    broken = json.loads(text)
    broken["totals"]["findings"] += 1
    with pytest.raises(ValueError, match="do not add up"):
        MergedRecord.model_validate_json(json.dumps(broken))


# Shards

LINES = (
    "Ms. Quillfeather came", "ssn 987-65-4320", "call 617-555-0123", "MRN 0041776", "nothing",
    "seen 2024-03-04", "STU-417768 and WK123456",
)  # fmt: skip


def record(paths, key=b"k"):
    chosen = Settings(config=Config(engine="rules", jobs=1), key=Key(key * 32, "the test"))
    return record_of(scan([str(path) for path in paths], chosen), load_ruleset())


@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_shards_of_a_folder_count_what_the_folder_counts(small_rules_once, tmp_path_factory, data):
    folder = tmp_path_factory.mktemp("whole")
    texts = data.draw(
        st.lists(st.lists(st.sampled_from(LINES), max_size=4), min_size=2, max_size=6)
    )
    for i, lines in enumerate(texts):
        (folder / f"f{i}.txt").write_text("\n".join(lines) + "\n")
    files = sorted(folder.iterdir())
    cut = data.draw(st.integers(1, len(files) - 1))
    whole = record([folder])
    merged = merged_of([site(record(files[:cut]), "a"), site(record(files[cut:]), "b")])
    assert merged.totals == whole.totals
    assert [x.count for x in merged.letters] == [x.count for x in whole.letters]
    assert {x.rule: (x.count, x.min_score) for x in merged.rules} == {
        x.rule: (x.count, x.min_score) for x in whole.rules
    }
    assert {x.identifier: x.count for x in merged.identifiers} == {
        x.identifier: x.count for x in whole.identifiers
    }
    assert merged.disagreements == ()


@pytest.fixture(scope="module")
def small_rules_once(rules_folder):
    with pytest.MonkeyPatch.context() as patch:
        for module in ("ruleset.load", "runs.checking", "detect.selfcheck"):
            patch.setattr(f"phisweep.{module}.default_folder", lambda: rules_folder)
        yield


# Bounds of several reviews


def group(population, drawn, wrong, decided=None, weight=1.0):
    decided = drawn if decided is None else decided
    against = wrong + drawn - decided
    high = (
        min(1.0, weight * exact_upper(against, drawn))
        if drawn < population
        else against / population
    )
    return GroupRecord(
        group="text", words="passages", removed=False, population=population, drawn=drawn,
        decided=decided, unsure=0, disputed=0, wrong=wrong, stretches=wrong,
        share=BoundedRecord(estimate=wrong / drawn if drawn else None, low=0.0, high=high),
    )  # fmt: skip


def test_a_joined_bound_is_no_better_than_the_sample_of_all_and_no_worse_than_needed():
    one = group(1000, 100, 1)
    alone = exact_upper(1, 100) * 1000
    assert most_wrong([one]) == pytest.approx(alone)
    joined = most_wrong([one, one])
    assert 2 * alone < joined < 2.6 * alone
    assert joined > exact_upper(2, 200) * 2000


def test_what_was_drawn_whole_has_no_bound_and_takes_none_of_the_confidence():
    whole = group(50, 50, 3)
    assert most_wrong([whole, whole]) == 6
    assert most_wrong([whole, group(1000, 100, 1)]) == pytest.approx(3 + exact_upper(1, 100) * 1000)


def test_what_was_not_decided_counts_as_wrong():
    open_ = group(1000, 100, 1, decided=90)
    assert most_wrong([open_]) == pytest.approx(exact_upper(11, 100) * 1000)


def test_strata_of_a_site_weigh_in_the_joined_bound_too():
    plain, weighted = group(1000, 100, 1), group(1000, 100, 1, weight=1.8)
    assert most_wrong([weighted, plain]) > most_wrong([plain, plain])
    assert most_wrong([group(1000, 2, 2), plain]) >= 1000


def test_the_bound_holds_95_times_in_100():
    random = np.random.default_rng(11)
    misses = 0
    for _ in range(400):
        truth = [(900, 27), (300, 3)]
        groups = []
        for population, wrong in truth:
            drawn = int(random.hypergeometric(wrong, population - wrong, 60))
            groups.append(group(population, 60, drawn))
        misses += most_wrong(groups) < sum(wrong for _, wrong in truth)
    assert misses <= 0.05 * 400 + 9  # two deviations of chance


# What the sites measured


def part(kind, **told):
    """A companion of which nothing else is asked for."""
    made = object.__new__(kind)
    vars(made).update(told)
    return made


def reviewed(text):
    share = BoundedRecord(estimate=0.98, low=0.95, high=0.99)
    return part(
        review.Record, answered=110, drawn=120, recall=share, precision=share, groups=(text,)
    )


def measured():
    """Two sites: both reviewed, the second with canaries and a labelled corpus as well."""
    rate = canary.Rate(
        planted=90, found=88, elsewhere=1, partly=0, missed=1, recall=89 / 90, low=0.94, high=0.999
    )
    hits = SimpleNamespace(hits=97, of=100, low=0.91, high=0.99)
    total = SimpleNamespace(blind=SimpleNamespace(covered=SimpleNamespace(recall=hits)))
    tools = (SimpleNamespace(name="phisweep", total=total),)
    beside = [
        [reviewed(group(1000, 100, 1))],
        [
            reviewed(group(400, 60, 0)),
            part(canary.Record, total=rate),
            part(evaluation.Record, corpus="notes", tools=tools),
        ],
    ]
    return [
        replace(site, beside=[SimpleNamespace(record=record) for record in records])
        for site, records in zip(of(runs.verified(), runs.verified()), beside, strict=True)
    ]


def test_measures_stand_side_by_side_and_reviews_are_joined_by_kind():
    merged = merged_of(measured())
    told = [(m.by, m.what, m.basis) for m in merged.sites[1].measures]
    assert told == [
        ("review", "recall", "110 of 120 drawn units answered"),
        ("review", "precision", "110 of 120 drawn units answered"),
        ("canary", "recall of planted identifiers", "89 of 90 planted"),
        ("evaluation", "recall of phisweep, notes", "97 of 100 labelled"),
    ]
    (joined,) = merged.joined
    assert (joined.sites, joined.population, joined.drawn, joined.wrong) == (
        ("site 0", "site 1"), 1400, 160, 1,
    )  # fmt: skip
    assert exact_upper(1, 160) < joined.high < 0.1
    page, text = mergedpage.as_html(merged), mergedtext.as_markdown(merged)
    for shown in (page, text):
        assert "side by side" in shown
        assert f"{100 * joined.high:.1f}%" in shown
    assert "97.0% (91.0 to 99.0)" in page


def test_a_single_review_is_not_joined_with_nothing():
    first, second = measured()
    assert merged_of([first, replace(second, beside=())]).joined == ()

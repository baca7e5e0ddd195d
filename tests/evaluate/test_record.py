"""What an evaluation is kept as, and how it is shown: whole, and without a value."""

import dataclasses
import json
import shutil

import pytest

import invented_gold as invented
from invented_gold import CANARIES, MARKS, OTHER, TEXT
from phisweep.evaluate import results
from phisweep.report.companions import evaluation
from phisweep.report.companions.evaluation import record as records
from phisweep.report.companions.evaluation import terminal
from phisweep.report.text import Style
from phisweep.runs.evaluating import Asked, evaluate

CHROMIUM = shutil.which("chromium")


def spans(text, *marks, score=0.8):
    return [
        {"start": text.index(v), "end": text.index(v) + len(v), "class": k, "score": score}
        for k, v in marks
    ]


@pytest.fixture
def record(tmp_path):
    gold = invented.gold(tmp_path / "gold.jsonl")
    first = invented.jsonl(
        tmp_path / "first.jsonl",
        {"id": "a", "spans": spans(TEXT, *MARKS[:2], ("LOCATION", "or 12"))},
        {"id": "b", "spans": spans(OTHER, ("NAME", "Larkspur"), score=0.6)},
    )
    second = invented.jsonl(tmp_path / "second.jsonl", {"id": "a", "spans": spans(TEXT, *MARKS)})
    return evaluate(Asked(gold, {"first": first, "second": second}, draws=50))


def renderings(record):
    yield record.model_dump_json(by_alias=True)
    yield evaluation.page(record)
    yield str(evaluation.section(record))
    yield "\n".join(evaluation.markdown(record))
    yield "\n".join(terminal.render(record, Style(width=80)))


@pytest.mark.parametrize(
    ("made", "kept"),
    [
        (getattr(results, name), getattr(records, f"{name}Record"))
        for name in (
            "Share",
            "Reading",
            "Readings",
            "Group",
            "Estimate",
            "Bin",
            "Step",
            "Calibration",
            "Column",
            "Tool",
        )
    ],
)
def test_the_record_has_what_is_measured(made, kept):
    assert {f.name for f in dataclasses.fields(made)} == set(kept.model_fields)


def test_the_record_of_an_evaluation_has_it_too_and_survives_a_file(record):
    own = {"schema_", "run_sha256", "made"}
    fields = {f.name for f in dataclasses.fields(results.Evaluation)}
    assert fields == set(records.Record.model_fields) - own
    assert json.loads(record.model_dump_json(by_alias=True))["schema"] == "phisweep-evaluation/1"
    again = records.Record.model_validate_json(record.model_dump_json(by_alias=True))
    assert again == record


def test_no_rendering_holds_a_text_of_the_corpus(record):
    for text in renderings(record):
        assert not any(canary in text for canary in CANARIES)
        assert not any(piece in text for piece in ("Ada", "Munk", "0123"))


def test_a_terminal_of_80_columns_is_wide_enough(record):
    lines = list(terminal.render(record, Style(width=80)))
    assert max(map(len, lines)) <= 80
    table = [line for line in lines if line.startswith("(A) NAME")]
    assert table[0].split()[:4] == ["(A)", "NAME", "2", "50.0%"]


def test_ascii_terminals_are_served(record):
    assert all(line.isascii() for line in terminal.render(record, Style(unicode=False, width=80)))


def test_markdown_holds_whole_tables(record):
    lines = list(evaluation.markdown(record))
    assert "### Side by side" in lines
    for line in lines:
        if line.startswith("|"):
            assert line.count("|") in {10, 5}


def test_names_of_corpora_and_tools_act_on_nothing(tmp_path, record):
    wild = "<script>alert(1)</script>|\u202e\x1b[2J"
    tool = record.tools[0].model_copy(update={"name": wild})
    changed = record.model_copy(update={"corpus": wild, "tools": (tool, record.tools[1])})
    _, page, section, markdown, text = renderings(changed)
    for shown in (page, section):
        assert "<script>alert" not in shown
    for shown in (page, section, markdown, text):
        assert "\x1b" not in shown
        assert "\u202e" not in shown
    assert "\n| <script>" not in markdown


def test_all_or_none_is_said_of_all_or_none_alone(record):
    view = evaluation.view
    share = records.ShareRecord
    assert view.percent(share(hits=9999, of=10000, low=0.9, high=1.0)) == "99.9%"
    assert view.percent(share(hits=1, of=10000, low=0.0, high=0.1)) == "0.1%"
    assert view.percent(share(hits=3, of=3, low=0.3, high=1.0)) == "100.0%"
    assert view.percent(share(hits=0, of=0, low=0.0, high=1.0)) == "-"


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")
def test_the_page_in_a_browser(tmp_path, record):
    sync_api = pytest.importorskip("playwright.sync_api")
    page_file = tmp_path / "page.html"
    page_file.write_text(evaluation.page(record), encoding="utf-8")
    said = []
    with sync_api.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 400, "height": 800}, offline=True)
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(page_file.as_uri())
        assert page.title().startswith("Measured recall")
        assert page.locator("svg.chart").count() >= 5
        assert page.evaluate("document.documentElement.scrollWidth") <= 400
        ids = page.eval_on_selector_all("[id]", "all => all.map(e => e.id)")
        browser.close()
    assert len(ids) == len(set(ids))
    assert said == []

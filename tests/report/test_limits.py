"""A report says what its verdict does not mean, what nobody measured, and who had it in hand."""

import pytest

from phisweep.integrity import custody
from phisweep.report import html, limits, markdown, write
from phisweep.report.companions import Beside, load_companions
from report import runs


def said(run, *beside):
    return " ".join(limits.limits_of(runs.record_of_run(run), beside))


def test_no_verdict_says_how_much_was_missed_unless_somebody_measured_it():
    assert "how many identifiers were missed" in said(runs.verified())
    assert "estimated in a section of its own" in said(runs.verified(), "review")


def test_what_was_not_read_and_cannot_be_seen_is_no_part_of_the_verdict():
    text = said(runs.incomplete())
    assert "2 files not read, or not read whole" in text
    assert "(P), (Q)" in text
    assert "no legal advice: that nobody has actual knowledge" in text
    assert "what people decided" in said(runs.incomplete(), "signoff")
    assert "not read whole" not in said(runs.verified())


@pytest.mark.parametrize("kind", sorted(runs.RUNS))
@pytest.mark.parametrize("rendering", [html, markdown])
def test_every_report_says_them(kind, rendering):
    record = runs.record_of_run(runs.RUNS[kind]())
    text = rendering.render(record)
    assert "What it does not mean" in text
    for sentence in limits.unmeasured([]):
        assert sentence in text


def test_what_was_measured_is_not_called_missing():
    assert len(limits.unmeasured(["risk", "review"])) == len(limits.UNMEASURED) - 2
    assert limits.unmeasured(limits.UNMEASURED) == []


def test_the_steps_of_custody_stand_in_the_next_page(tmp_path):
    record = runs.record_of_run(runs.verified())
    write.write_record(record, tmp_path)
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "This page is the first step." in page
    beside = load_companions(tmp_path)
    (step,) = beside.custody
    assert (step.number, step.step, step.fault) == (1, "deid", "")
    assert step.files >= 3
    for rendering in (html, markdown):
        text = rendering.render(record, beside)
        assert step.at in text
        assert step.sha256[:12] in text


def test_a_line_that_was_changed_is_told_as_such(tmp_path):
    write.write_record(runs.record_of_run(runs.verified()), tmp_path)
    path = tmp_path / custody.FILE
    path.write_bytes(path.read_bytes().replace(b'"number":1', b'"number":9') + b"<b>no line</b>\n")
    steps = load_companions(tmp_path).custody
    assert all(step.fault and not step.step for step in steps)
    text = html.render(runs.record_of_run(runs.verified()), Beside(custody=steps))
    assert "was changed" in text
    assert "<b>no" not in text


def test_a_folder_without_a_chain_has_no_steps(tmp_path):
    assert load_companions(tmp_path) == Beside()
    assert len(Beside()) == 0

"""The page in a browser that has no network: from disk, with its filters, on paper, and very large."""

import json
import re
import subprocess
from dataclasses import replace

import pypdfium2
import pytest

from pages.browsing import BROWSER, CHROMIUM, launched, opened
from phisweep.model import IDENTIFIERS, Run
from phisweep.report import html
from report import runs

pytestmark = BROWSER
COLUMNS = 10_000


@pytest.fixture(scope="module")
def browser():
    with launched() as chromium:
        yield chromium


def written(folder, run, more=""):
    path = folder / "report.html"
    text = html.render(runs.record_of_run(run))
    path.write_text(text.replace("</main>", more + "</main>"), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return written(tmp_path_factory.mktemp("report"), runs.incomplete())


@pytest.fixture
def page(browser, path):
    with opened(browser, path) as seen:
        yield seen
        assert seen.said == []
        assert seen.asked == []


def test_the_page_opens_without_network_and_without_an_error(page):
    assert "11 shown, of 11" in page.texts(".tools output")
    assert page.page.locator("button.digest").count() > 0
    assert page.page.title().startswith("De-identification audit report: 1 file could not be read")


def test_a_page_that_would_ask_is_stopped_by_its_own_policy(browser, tmp_path):
    bad = "<script>1</script><img src='http://192.0.2.1/'>"
    with opened(browser, written(tmp_path, runs.empty(), bad)) as seen:
        assert len(seen.said) >= 2
        assert all("Content Security Policy" in line for line in seen.said)


def test_nothing_of_the_network_is_touched(path, tmp_path):
    """What the browser asks for by itself has no origin."""
    subprocess.run(
        [
            CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--dump-dom",
            "--no-first-run", "--disable-background-networking", "--disable-component-update",
            "--disable-sync", "--host-resolver-rules=MAP * ~NOTFOUND",
            f"--user-data-dir={tmp_path / 'profile'}", f"--log-net-log={tmp_path / 'net.json'}",
            path.as_uri(),
        ],
        capture_output=True, timeout=60, check=True,
    )  # fmt: skip
    log = json.loads((tmp_path / "net.json").read_text(encoding="utf-8"))
    given = [event.get("params", {}) for event in log["events"]]
    asked = [p["url"] for p in given if p.get("initiator", "not an origin") != "not an origin"]
    assert asked == []


def places(page):
    return page.texts("#places-table tbody tr")


def test_places_are_filtered_by_word_identifier_and_what_was_done(page):
    everything = len(places(page))
    page.page.get_by_label("Find in the places").fill("patients.csv")
    assert 0 < len(places(page)) < everything
    tools = page.page.locator("#places .tools")
    tools.get_by_label("Identifier").select_option("(G) ssn")
    (row,) = places(page)
    assert "ssn/dashed" in row
    tools.get_by_label("What was done").select_option("replaced: code")
    assert places(page) == []


def test_the_count_of_a_file_leads_to_its_places(page):
    page.page.locator("#files-table a[data-find='readme.md']").click()
    assert len(places(page)) == 2
    assert all("readme.md" in row for row in places(page))


def test_a_rule_leads_to_its_reasons_which_are_opened(page):
    link = page.page.locator("#places-table a", has_text="ssn/dashed").first
    link.click()
    name = link.get_attribute("href").removeprefix("#")
    row = page.page.locator(f"tr#{name}")
    row.wait_for(state="visible")
    group = row.locator("xpath=ancestor::details")
    for told in ("Social security numbers", "45 CFR 164.514(b)(2)(i)(G)", "as the regulation says"):
        assert told in group.inner_text()


def test_a_digest_is_shown_whole_by_key(page):
    button = page.page.locator("#files-table button.digest").first
    whole = button.get_attribute("title")
    button.focus()
    page.page.keyboard.press("Enter")
    assert button.inner_text() == whole
    assert len(whole) == 64


def test_files_are_sorted_by_key(page):
    page.page.locator("#files-table").get_by_role("button", name="Findings").focus()
    page.page.keyboard.press("Enter")
    found = [int(n.replace(",", "")) for n in page.texts("#files-table td:nth-child(6)")]
    assert found == sorted(found, reverse=True)


def test_whoever_cannot_see_hears_landmarks_headings_tables_and_charts(page):
    told = page.page.locator("body").aria_snapshot()
    for line in (
        "- banner:", "- main:", "- contentinfo:", '- navigation "Contents":',
        '- heading "De-identification audit report" [level=1]',
        '- heading "3 Columns and places" [level=2]', '- region "Columns and places"',
        '- img "Findings by score"', '- columnheader "File"', "- rowheader",
    ):  # fmt: skip
        assert line in told, line


@pytest.mark.parametrize("width", [380, 1200])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_is_as_wide_as_its_window(browser, path, width, scheme):
    size = {"width": width, "height": 800}
    with opened(browser, path, viewport=size, color_scheme=scheme) as seen:
        assert seen.page.evaluate("document.documentElement.scrollWidth") == width


def test_on_paper_every_page_is_readable_and_nothing_is_left_out(page, tmp_path):
    page.page.get_by_label("Find in the places").fill("readme.md")
    page.page.pdf(path=tmp_path / "report.pdf", prefer_css_page_size=True)
    document = pypdfium2.PdfDocument(tmp_path / "report.pdf")
    texts = [each.get_textpage().get_text_range() for each in document]
    assert len(texts) >= 5
    assert all(len(text.split()) > 10 for text in texts)
    assert all(f"{n} / {len(texts)}" in text for n, text in enumerate(texts, 1))
    whole = re.sub(r"\s", "", "".join(texts))
    record = runs.record_of_run(runs.incomplete())
    for file in record.files:
        assert file.path in whole
        assert file.sha256 in whole
        for found in file.found:
            assert record.places[found.place].rule in whole
    for rule in record.rules:
        assert re.sub(r"\s", "", rule.why) in whole


def large():
    """Ten files of a thousand columns each, with figures of what was kept."""
    names = list(IDENTIFIERS)
    kept = replace(
        runs.KEPT,
        columns=tuple(
            runs.column(f"column {n} (field_{n})", 2406, 0, 0, 2406, 131, 9)
            for n in range(1, COLUMNS // 10 + 1)
        ),
    )
    tallies = [
        runs.tally(f"column {n} (field_{n})", names[n % len(names)], 37 + n)
        for n in range(1, COLUMNS // 10 + 1)
    ]
    return Run(
        runs.MANIFEST,
        tuple(
            runs.table(f"export/part-{n:02}.csv", tallies, 2406, 1000, kept=kept) for n in range(10)
        ),
        runs.VERIFIED,
    )


def test_a_page_of_ten_thousand_columns_is_interactive_and_bounded(browser, tmp_path):
    path = written(tmp_path, large())
    assert path.stat().st_size < 12_000_000
    with opened(browser, path) as seen:
        assert seen.said == []
        assert len(places(seen)) == 100  # what is not asked for is not laid out
        assert seen.page.evaluate("document.documentElement.scrollHeight") < 40_000
        assert seen.page.evaluate("document.getElementsByTagName('*').length") < 300_000
        seen.page.get_by_label("Find in the places").fill("column 777 ")
        assert len(places(seen)) == 10
        seen.page.locator("#places-table").get_by_role("button", name="Count").click()
        assert "814" in places(seen)[0]

"""The page of a measurement in a browser that has no network."""

import shutil

import pytest
from playwright.sync_api import sync_playwright

from canary import hospital
from phisweep.canary import telling
from phisweep.config import Config
from phisweep.runs.planting import Wanted, canary
from phisweep.runs.settings import Settings

CHROMIUM = shutil.which("chromium")


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")
def test_the_page_shows_its_charts_and_logs_no_error(tmp_path):
    (tmp_path / "note.txt").write_text(hospital.NOTE)
    settings = Settings(config=Config(engine="rules", jobs=1))
    measured = canary([str(tmp_path / "note.txt")], Wanted(per_letter=2), settings)
    page = tmp_path / "page.html"
    page.write_text(telling.page(measured.record), encoding="utf-8")
    logged, asked = [], []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        tab = browser.new_page(offline=True)
        tab.on("console", lambda message: logged.append(message.text))
        tab.on("request", lambda request: asked.append(request.url))
        tab.goto(page.as_uri())
        assert tab.locator("svg.chart").count() == 2
        assert tab.locator("h1").inner_text() == "Recall on this data, by canaries"
        assert "(P) biometric" in tab.locator("main").inner_text()
        wide = tab.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        browser.close()
    assert logged == []
    assert asked == [page.as_uri()]
    assert wide <= 0

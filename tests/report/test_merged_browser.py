"""The merged page in a browser that has no network."""

from pages.browsing import BROWSER, launched, opened
from phisweep.report import mergedpage
from phisweep.report.merging import merged_of
from report.test_merged import measured

pytestmark = BROWSER


def test_the_page_opens_without_network_and_without_an_error(tmp_path):
    path = tmp_path / "merged.html"
    path.write_text(mergedpage.as_html(merged_of(measured())), encoding="utf-8")
    with launched() as chromium, opened(chromium, path) as seen:
        assert seen.page.title().startswith("Merged report: 2 runs joined")
        assert seen.page.locator("figure").count() == 2
        for width in (1200, 380):
            seen.page.set_viewport_size({"width": width, "height": 800})
            wide = seen.page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width
        assert seen.said == []
        assert seen.asked == []

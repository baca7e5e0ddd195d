import base64
import hashlib
import re
from html.parser import HTMLParser

import pytest

from phisweep.report import html
from report import runs

VOID = {"meta", "br", "input", "wbr"}


class Page(HTMLParser):
    """Elements with their attributes, and whether every one is closed in its order."""

    def __init__(self, text):
        super().__init__()
        self.open, self.elements, self.faults = [], [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.faults.append(tag)

    def all(self, tag):
        return [attrs for name, attrs in self.elements if name == tag]


@pytest.fixture(params=sorted(runs.RUNS))
def text(request):
    return html.render(runs.record_of_run(runs.RUNS[request.param]()))


def test_every_element_is_closed_in_its_order(text):
    page = Page(text)
    assert (page.open, page.faults) == ([], [])


def test_ids_are_unique_and_every_link_leads_to_one(text):
    page = Page(text)
    ids = [attrs["id"] for _, attrs in page.elements if "id" in attrs]
    assert len(ids) == len(set(ids))
    assert {attrs["href"] for attrs in page.all("a")} <= {f"#{name}" for name in ids}
    labels = [a["aria-labelledby"] for _, a in page.elements if "aria-labelledby" in a]
    assert set(labels) <= set(ids)


def test_nothing_is_fetched_from_anywhere(text):
    page = Page(text)
    for tag, attrs in page.elements:
        assert not {"src", "srcset", "action", "data", "poster", "style", "onclick"} & set(attrs), (
            tag
        )
        assert tag not in {"link", "img", "iframe", "object", "embed", "base", "font"}
    assert not re.search(r"url\(|@import|https?://", text)


def test_only_the_pages_own_style_and_script_may_run(text):
    policy = next(a["content"] for a in Page(text).all("meta") if "http-equiv" in a)
    assert policy.startswith("default-src 'none'")
    for tag in ("style", "script"):
        body = re.search(rf"<{tag}>(.*?)</{tag}>", text, re.DOTALL).group(1)
        name = base64.b64encode(hashlib.sha256(body.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{name}'" in policy


def test_tables_have_captions_scopes_and_a_region_to_scroll_by_key(text):
    page = Page(text)
    assert len(page.all("caption")) == len(page.all("table"))
    assert all(attrs.get("scope") in {"row", "col"} for attrs in page.all("th"))
    regions = [attrs for attrs in page.all("div") if attrs.get("class") == "scroll"]
    assert len(regions) == len(page.all("table"))
    assert all(a["role"] == "region" and a["tabindex"] == "0" and a["aria-label"] for a in regions)


def test_there_are_landmarks_one_first_heading_and_a_language(text):
    page = Page(text)
    for tag in ("header", "main", "nav", "footer", "h1"):
        assert len(page.all(tag)) == 1, tag
    assert text.split("</head>", maxsplit=1)[0].count("<title>") == 1
    assert page.all("html") == [{"lang": "en"}]


def test_the_verdict_is_in_the_title_and_in_words():
    text = html.render(runs.record_of_run(runs.incomplete()))
    assert text.count("1 file could not be read whole: this release is NOT complete") == 2


def test_whole_digests_stand_in_the_page_without_a_script():
    record = runs.record_of_run(runs.verified())
    text = html.render(record)
    for file in record.files:
        assert f"<code>{file.sha256}</code>" in text
        assert f"<code>{file.output_sha256}</code>" in text


def luminance(colour):
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one, other):
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_text_has_a_contrast_of_at_least_4_5(scheme):
    text = html.render(runs.record_of_run(runs.empty()))
    block = re.findall(r":root \{(.*?)\}", text, re.DOTALL)[scheme]
    colours = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", block))
    pairs = [(name, "paper") for name in ("ink", "soft", "accent", "good", "warn", "bad")]
    for name in ("good", "warn", "bad", "plain"):
        pairs += [(name, f"{name}-bg"), ("ink", f"{name}-bg")]
    for name, ground in pairs:
        assert contrast(colours[name], colours[ground]) >= 4.5, (name, ground)

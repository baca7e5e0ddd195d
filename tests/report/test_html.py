import base64
import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from phisweep.model import Run
from phisweep.report import html, markdown
from phisweep.report.cells import MOST
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
    assert all(a["role"] == "region" and a["tabindex"] == "0" and a["aria-label"] for a in regions)
    assert len(re.findall(r'tabindex="0">\n<(?:table|svg class="chart")', text)) == len(regions)
    assert text.count("<table") + text.count('<svg class="chart"') == len(regions)


def test_headings_go_down_by_one_and_every_section_has_one(text):
    levels = [int(tag[1]) for tag, _ in Page(text).elements if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert text.count("<section ") == text.count("<h2 ") - 1  # that of the contents


def test_pictures_are_named_or_stand_beside_their_figure(text):
    for attrs in Page(text).all("svg"):
        named = attrs.get("role") == "img" and "aria-labelledby" in attrs
        assert named or attrs.get("aria-hidden") == "true"


def test_long_tables_have_names_and_a_first_part_of_a_hundred_rows():
    found = [runs.tally(f"column {n}", "ssn", 3) for n in range(5)]
    many = [runs.table(f"{n}.csv", found if n < 50 else [], 9, 1) for n in range(250)]
    text = html.render(runs.record_of_run(Run(runs.MANIFEST, tuple(many))))
    for name in ("files-table", "digests-table", "places-table"):
        table = re.search(rf'id="{name}".*?</table>', text, re.DOTALL)[0]
        first, rest = re.split(r'<tbody class="rest">', table)
        assert first.partition("<tbody>")[2].count("<tr>") == 100
        assert rest.count("<tr>") == 150
    longs = [a["id"] for _, a in Page(text).elements if "data-long" in a]
    assert len(longs) == len(set(longs)) >= 4


def test_a_page_has_no_more_rows_than_it_can_show_and_says_so():
    tallies = [runs.tally(f"column {n}", "ssn", 3) for n in range(MOST + 5)]
    record = runs.record_of_run(
        Run(runs.MANIFEST, (runs.table("a.csv", tallies, 9, MOST + 5, kept=wide()),))
    )
    text = html.render(record)
    assert "Of 20,005 places the first 20,000 stand here" in text
    assert text.count("<tr>") < MOST + 2000
    assert "These are the first 20,000 of 20,005; run.json holds all." in markdown.render(record)


def wide():
    return replace(runs.KEPT, columns=runs.KEPT.columns * 100)


def test_what_was_kept_of_many_files_is_told_as_far_as_there_is_room():
    met = tuple(runs.table(f"{n}.csv", [], 9, 1, kept=wide()) for n in range(40))
    text = html.render(runs.record_of_run(Run(runs.MANIFEST, met)))
    told = text.count('class="kept tight"')
    assert 20 < told < 40
    assert f"The figures of {told} files stand here; those of {40 - told} more" in text


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


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_figures_of_a_heat_map_are_read_on_every_shade(scheme):
    text = html.render(runs.record_of_run(runs.empty()))
    block = re.findall(r":root \{(.*?)\}", text, re.DOTALL)[scheme]
    colours = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", block))
    deep = int(re.search(r"--deep: (\d+)%", block)[1]) / 100
    for n in range(9):
        pairs = [(int(colours[k][i : i + 2], 16) for i in (1, 3, 5)) for k in ("mark", "paper")]
        mixed = [round(m * n * deep + p * (1 - n * deep)) for m, p in zip(*pairs, strict=True)]
        assert contrast(colours["ink"], "#" + "".join(f"{c:02x}" for c in mixed)) >= 4.5, n

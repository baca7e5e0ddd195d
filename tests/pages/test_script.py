"""The script of all pages: long tables and lists are found in, chosen from and sorted, by key too."""

import pytest

from pages.browsing import BROWSER, launched, opened
from phisweep import pages

pytestmark = BROWSER
PAGE = """
{% extends "page.html.j2" %}
{% block title %}A page{% endblock %}
{% block body %}
<a id="asks" href="#many" data-in="many" data-find="file-7.csv">7</a>
<a id="leads" href="#inside">inside</a>
<div class="scroll"><table id="many" data-long="the rows">
<thead><tr><th scope="col">File</th><th scope="col" data-choose>Kind</th><th scope="col" class="num">Size</th></tr></thead>
<tbody>
{% for n in range(250) %}
{% if n == 100 %}</tbody><tbody class="rest">{% endif %}
<tr><th scope="row">file-{{ n }}.csv</th><td>{{ "odd" if n % 2 else "even" }}</td><td class="num" data-n="{{ n * 7 % 250 }}">{{ n }} B</td></tr>
{% endfor %}
</tbody></table></div>
<table id="few" data-long="few"><thead><tr><th>A</th></tr></thead><tbody><tr><td>b</td></tr><tr><td>a</td></tr></tbody></table>
<table id="none" data-long="none"><thead><tr><th>A</th></tr></thead><tbody></tbody></table>
<div id="list" data-long="the parts"><div>
{% for n in range(120) %}<details><summary>part {{ n }}</summary><p id="p{{ n }}">words of {{ n }}</p></details>{% endfor %}
</div></div>
<details id="closed"><summary>more</summary><p id="inside">here</p></details>
{% endblock %}
"""


@pytest.fixture(scope="module")
def browser():
    with launched() as chromium:
        yield chromium


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    folder = tmp_path_factory.mktemp("page")
    (folder / "made.html.j2").write_text(PAGE, encoding="utf-8")
    file = folder / "page.html"
    file.write_text(pages.render(folder, "made.html.j2", {}), encoding="utf-8")
    return file


@pytest.fixture
def page(browser, path):
    with opened(browser, path) as seen:
        yield seen
        assert seen.said == []
        assert seen.asked == []


def firsts(page, name="many"):
    return page.texts(f"#{name} tbody tr > :first-child")


def count(page):
    return page.texts(".tools output")[0]


def test_a_hundred_rows_are_shown_and_more_on_request(page):
    assert len(firsts(page)) == 100
    assert count(page) == "100 shown, of 250"
    page.page.get_by_role("button", name="Show 100 more").first.click()
    assert len(firsts(page)) == 200
    page.page.get_by_role("button", name="Show all").first.click()
    assert len(firsts(page)) == 250
    assert not page.page.locator(".more").first.is_visible()


def test_rows_that_were_not_shown_are_found_too(page):
    page.page.get_by_label("Find in the rows").fill("FILE-24")
    assert firsts(page) == ["file-24.csv", *(f"file-{n}.csv" for n in range(240, 250))]
    assert count(page) == "11 shown, of 11 found, of 250"
    page.page.get_by_label("Kind").select_option("odd")
    assert count(page) == "5 shown, of 5 found, of 250"
    page.page.get_by_label("Find in the rows").fill("")
    assert count(page) == "100 shown, of 125 found, of 250"


def test_a_value_in_quotes_is_a_whole_cell_and_a_link_may_ask_for_one(page):
    page.page.locator("#asks").click()
    assert firsts(page) == ["file-7.csv"]


def test_columns_are_sorted_by_key_as_figures_or_as_names(page):
    head = page.page.get_by_role("button", name="Size")
    head.focus()
    page.page.keyboard.press("Enter")
    sizes = page.page.eval_on_selector_all("#many tbody:first-of-type td.num", "a => a.map(e => +e.dataset.n)")  # fmt: skip
    assert sizes == sorted(sizes, reverse=True)
    assert max(sizes) == 249
    assert page.page.locator("#many th[aria-sort=descending]").inner_text() == "Size"
    page.page.keyboard.press("Space")
    sizes = page.page.eval_on_selector_all("#many tbody:first-of-type td.num", "a => a.map(e => +e.dataset.n)")  # fmt: skip
    assert sizes == sorted(sizes)
    assert min(sizes) == 0
    page.page.get_by_role("button", name="File", exact=True).click()
    assert firsts(page)[:3] == ["file-0.csv", "file-1.csv", "file-2.csv"]
    assert page.page.locator("#many th[aria-sort]").count() == 1


def test_a_short_table_is_sorted_and_has_nothing_to_look_for(page):
    page.page.locator("#few").get_by_role("button").click()
    assert page.texts("#few td") == ["a", "b"]
    assert page.page.get_by_label("Find in few").count() == 0
    assert page.page.locator("#none button").count() == 0


def test_a_list_is_looked_through_as_a_table_is(page):
    assert len(page.texts("#list summary")) == 100
    page.page.get_by_label("Find in the parts").fill("words of 11")
    assert page.texts("#list summary") == ["part 11", *(f"part {n}" for n in range(110, 120))]


def test_a_link_opens_what_it_leads_to(page):
    page.page.locator("#leads").click()
    page.page.wait_for_function("document.getElementById('closed').open")


def test_paper_shows_all_rows_whatever_was_looked_for(page):
    page.page.get_by_label("Find in the rows").fill("file-7.csv")
    page.page.emulate_media(media="print")
    assert len(firsts(page)) == 250
    assert not page.page.locator(".tools").first.is_visible()


def test_without_a_script_every_row_is_there(browser, path):
    with opened(browser, path, java_script_enabled=False) as seen:
        assert seen.page.locator("#many tr").count() == 251
        assert seen.page.locator(".tools").count() == 0
        assert seen.page.locator("#many tr").last.is_visible()

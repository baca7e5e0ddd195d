"""The page in Chromium, by keys alone."""

import json
import shutil
import threading
from contextlib import contextmanager

import pytest

from phisweep.review.server import ReviewServer
from review import hospital

playwright = pytest.importorskip("playwright.sync_api")
CHROMIUM = shutil.which("chromium")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed"),
]


@pytest.fixture(scope="module")
def chromium():
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@contextmanager
def reviewing(desk, chromium):
    """A page that is open at a desk; what it says on its console is an error."""
    server = ReviewServer(desk)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    context = chromium.new_context()
    page = context.new_page()
    told, asked = [], []
    page.on("console", lambda message: told.append(message.text))
    page.on("pageerror", lambda error: told.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(server.url)
    page.wait_for_selector("#card:not([hidden]), #over:not([hidden])")
    yield page
    context.close()
    server.shutdown()
    thread.join(10)
    server.server_close()
    assert told == []
    assert all(url.startswith((f"http://{server.name}/", "data:,")) for url in asked)


def press(page, key):
    """Press a key that answers, and wait for what comes next."""
    before = page.inner_text("#count")
    page.keyboard.press(key)
    page.wait_for_function(
        "before => document.getElementById('count').textContent !== before"
        " || !document.getElementById('over').hidden",
        arg=before,
    )


def judge(page, desk):
    """Answer what the page asks as one who knows, by keys."""
    verdict, words = hospital.truth(desk.current)
    at = 0
    for word in words:
        for _ in range(word - at):
            page.keyboard.press("ArrowRight")
        page.keyboard.press(" ")
        at = word
    press(page, {"yes": "y", "no": "n", "unsure": "u"}[verdict])


def test_all_is_answered_by_keys_and_the_answers_are_those_that_were_meant(desk, chromium, sample):
    anna = desk("anna")
    with reviewing(anna, chromium) as page:
        for _ in range(anna.total):
            judge(page, anna)
        assert page.inner_text("#over-title") == "All are answered"
        assert page.inner_text("#count") == f"{anna.total} of {anna.total} answered"
        page.keyboard.press("f")
        page.wait_for_function("() => document.getElementById('over-title').textContent === 'Done'")
        assert page.inner_text("#text") == ""  # nothing of the data is left on the page
    hospital.answer_all(desk("ben"))
    given = [
        json.loads(sample.with_name(f"sample.{name}.json").read_text())["answers"]
        for name in ("anna", "ben")
    ]
    assert given[0] == given[1]
    assert anna.finished


def test_one_stops_half_way_and_goes_on_there(desk, chromium):
    anna = desk()
    with reviewing(anna, chromium) as page:
        for _ in range(5):
            judge(page, anna)
        page.keyboard.press("f")
        page.wait_for_function(
            "() => document.getElementById('over-title').textContent === 'Stopped'"
        )
    again = desk()
    assert (again.done, again.finished) == (5, False)
    with reviewing(again, chromium) as page:
        assert page.inner_text("#count") == f"5 of {again.total} answered"
        judge(page, again)
    assert desk().done == 6


def test_an_answer_is_taken_back_with_its_marks(desk, chromium):
    anna = desk()
    with reviewing(anna, chromium) as page:
        while not (words := hospital.truth(anna.current)[1]):
            judge(page, anna)
        asked, done = anna.current.unit.id, anna.done
        judge(page, anna)
        press(page, "z")
        assert (anna.current.unit.id, anna.done) == (asked, done)
        marked = page.eval_on_selector_all(
            ".r-word[aria-selected=true]", "all => all.map(one => Number(one.id.slice(1)))"
        )
        assert marked == words
        press(page, "y")  # the marks are as they were
        assert anna.done == done + 1


def test_marks_and_verdict_must_fit(desk, chromium):
    anna = desk()
    with reviewing(anna, chromium) as page:
        while anna.current.unit.is_candidate:
            judge(page, anna)
        done = anna.done
        page.keyboard.press("y")  # nothing is marked
        page.keyboard.press(" ")
        page.keyboard.press("n")  # something is
        assert anna.done == done
        assert page.is_disabled("[data-do=no]")
        page.keyboard.press(" ")
        press(page, "n")
        assert anna.done == done + 1


def test_a_reload_shows_the_same_and_another_browser_nothing(desk, chromium):
    anna = desk()
    with reviewing(anna, chromium) as page:
        text = page.inner_text("#text")
        page.reload()
        page.wait_for_selector("#card:not([hidden])")
        assert page.inner_text("#text") == text
        other = chromium.new_context()
        answer = other.new_page().goto(page.url)
        assert answer.status == 403
        other.close()


def test_another_site_can_neither_ask_nor_answer(desk, chromium, tmp_path):
    """A page of another origin, in the same browser: its requests come without our cookie."""
    anna = desk()
    with reviewing(anna, chromium) as page:
        where = page.url
        other = page.context.new_page()
        other.goto("about:blank")
        seen = other.evaluate(
            """async where => {
                const tries = [];
                for (const method of ["GET", "POST"]) {
                    try {
                        const answer = await fetch(where + (method === "GET" ? "state" : "undo"), {
                            method, mode: "no-cors", credentials: "include",
                            body: method === "POST" ? "{}" : undefined });
                        tries.push(answer.type + answer.status + await answer.text());
                    } catch (error) { tries.push("refused"); }
                }
                return tries;
            }""",
            where,
        )
        assert all("pieces" not in one for one in seen)
        other.close()
    assert anna.done == 0


def test_without_the_server_the_page_says_what_to_do(desk, chromium):
    anna = desk()
    server = ReviewServer(anna)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    context = chromium.new_context()
    page = context.new_page()
    page.goto(server.url)
    page.wait_for_selector("#card:not([hidden])")
    server.shutdown()
    thread.join(10)
    server.server_close()
    page.route("**/*", lambda route: route.abort())
    page.keyboard.press("u")
    page.wait_for_selector("#trouble:not([hidden])")
    assert "run phisweep review again" in page.inner_text("#trouble")
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_read_on_a_narrow_screen(desk, chromium, scheme):
    with reviewing(desk(), chromium) as page:
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": 320, "height": 640})
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 320
        assert page.is_visible("[data-do=unsure]")

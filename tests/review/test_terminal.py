"""The view in a terminal, through a terminal that is none."""

import json
import os
import pty
import re
import select
import subprocess
import sys
import time
from contextlib import suppress
from io import StringIO

import pytest
from rich.console import Console

from phisweep.review import terminal
from review import hospital


class Keys:
    """What a reviewer who knows would press, unit by unit; then `f`."""

    def __init__(self, desk):
        self.desk = desk
        self.waiting = []

    def __call__(self):
        if not self.waiting:
            view = self.desk.current
            if view is None:
                return "f"
            verdict, words = hospital.truth(view)
            at = 0
            for word in words:
                self.waiting += ["\x1b[C"] * (word - at) + [" "]
                at = word
            self.waiting.append({"yes": "y", "no": "N", "unsure": "u"}[verdict])
        return self.waiting.pop(0)


def console():
    return Console(file=StringIO(), force_terminal=True, width=80, height=30)


def test_the_same_answers_come_of_it_as_of_the_page(desk, sample):
    anna = desk("anna")
    terminal.review(anna, console(), Keys(anna))
    hospital.answer_all(desk("ben"))
    given = [
        json.loads(sample.with_name(f"sample.{name}.json").read_text())["answers"]
        for name in ("anna", "ben")
    ]
    assert given[0] == given[1]


def test_undo_asks_again_and_keys_that_mean_nothing_do_nothing(desk):
    anna = desk()
    first = anna.current.unit.id
    keys = iter(["x", "\x1b[A", "u", "z", "f"])
    terminal.review(anna, console(), lambda: next(keys))
    assert (anna.done, anna.current.unit.id) == (0, first)


def test_marks_and_verdict_must_fit(desk):
    anna = desk()
    while anna.current.unit.is_candidate:
        assert anna.answer(anna.current.unit.id, "unsure")
    done = anna.done
    keys = iter(["y", " ", "n", "f"])
    terminal.review(anna, console(), lambda: next(keys))
    assert anna.done == done


def test_a_text_that_would_act_on_the_terminal_is_shown_and_does_nothing():
    shown = terminal._shown("a\x1b[2Jb\u202ec\td\ne")
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert shown.count("\n") == 1


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals")
def test_the_command_runs_in_a_terminal_and_leaves_nothing_on_it(sample):
    main, child = pty.openpty()
    command = [
        sys.executable, "-m", "phisweep", "review", "sample.json", "--data", "data", "--terminal",
    ]  # fmt: skip
    environment = os.environ | {"TERM": "xterm-256color", "COLUMNS": "80", "LINES": "30"}
    process = subprocess.Popen(
        command, stdin=child, stdout=child, stderr=child, cwd=sample.parent, env=environment
    )
    os.close(child)
    seen = b""
    for key in (b"u", b"u", b"f"):
        seen += read_until(main, rb"answered")
        os.write(main, key)
    seen += read_until(main, rb"next: ")
    assert process.wait(20) == 0
    os.close(main)
    text = seen.decode(errors="replace")
    begin, end = text.index("\x1b[?1049h"), text.index("\x1b[?1049l")  # a screen of its own
    for value in (*hospital.FOUND, *hospital.MISSED):
        assert value not in text[:begin] + text[end:]
    assert "2 of" in text[end:]


def read_until(handle, wanted, patience=30):
    seen, end = b"", time.monotonic() + patience
    while not re.search(wanted, seen):
        assert time.monotonic() < end, "the terminal stayed silent"
        if select.select([handle], [], [], 0.2)[0]:
            with suppress(OSError):
                seen += os.read(handle, 1 << 16)
    time.sleep(0.2)
    return seen


def test_without_a_terminal_nothing_is_shown(run, sample):
    done = run("review", "sample.json", "--data", "data", "--terminal")
    assert done.status == 2
    assert "E199" in done.err

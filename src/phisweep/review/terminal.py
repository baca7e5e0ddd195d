"""A review in a terminal: on a screen of its own, of which nothing stays behind."""

from __future__ import annotations

from collections.abc import Callable

from rich.align import Align
from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.progress_bar import ProgressBar
from rich.text import Text

from phisweep.legible import legible
from phisweep.review.desk import Desk
from phisweep.review.reading import View

_WIDEST = 90
_LEFT, _RIGHT = frozenset({"\x1b[D", "\x1bOD", "h"}), frozenset({"\x1b[C", "\x1bOC", "l"})
_VERDICTS = {"y": "yes", "n": "no", "u": "unsure"}


def review(desk: Desk, console: Console, read_key: Callable[[], str]) -> None:
    """
    Lay one unit after another before the reviewer, until they stop.

    `read_key` waits for a key, and returns what the terminal sends for it. Raises UsageError (E198).
    """
    with console.screen(hide_cursor=True) as screen:
        marked: set[int] = set(desk.marked)
        here, shown = 0, ""
        while not desk.finished:
            view = desk.current
            if view is not None and view.unit.id != shown:
                shown, here, marked = view.unit.id, 0, set(desk.marked)
            screen.update(_screen(desk, view, here, marked))
            key = read_key()
            key = key.lower() if len(key) == 1 else key
            if key == "f":
                desk.finish()
            elif key == "z":
                desk.undo()
                shown = ""
            elif view is not None:
                count = 0 if view.unit.is_candidate else len(view.words)
                if key in _RIGHT:
                    here = min(here + 1, max(0, count - 1))
                elif key in _LEFT:
                    here = max(0, here - 1)
                elif key == " " and count:
                    marked ^= {here}
                elif key in _VERDICTS:
                    _answer(desk, view, _VERDICTS[key], marked)


def _answer(desk: Desk, view: View, verdict: str, marked: set[int]) -> None:
    """Keep the answer, where marks and verdict fit."""
    words = sorted(marked) if verdict == "yes" and not view.unit.is_candidate else []
    if not view.unit.is_candidate and (verdict == "yes") != bool(words):
        return
    if not view.unit.is_candidate and verdict == "no" and marked:
        return
    desk.answer(view.unit.id, verdict, words)  # type: ignore[arg-type]  # of the table


def _screen(desk: Desk, view: View | None, here: int, marked: set[int]) -> RenderableType:
    head = Text(f"{desk.reviewer}: {desk.done} of {desk.total} answered", style="dim")
    bar = ProgressBar(total=max(1, desk.total), completed=desk.done)
    if view is None:
        card: RenderableType = Panel(Text("All are answered."), padding=(1, 3))
        keys = "[Z] undo   [F] finish"
    else:
        candidate = view.unit.is_candidate
        question = (
            "Does the marked part tell who somebody is?"
            if candidate
            else "Does anything here tell who somebody is?"
        )
        label = legible(view.label)
        body = Group(
            *([Text(label, style="bold"), Text("")] if label else []),
            _passage(view, here, marked),
            Text(""),
            Text(legible(view.where), style="dim"),
        )
        card = Panel(body, title=question, title_align="left", padding=(1, 3))
        keys = (
            "[Y] it does   [N] it does not   [U] not sure   [Z] undo   [F] stop"
            if candidate
            else "[arrows] move   [space] mark   [Y] the marked words do   [N] nothing does\n"
            "[U] not sure   [Z] undo   [F] stop"
        )
    return Align.center(Group(head, bar, Text(""), card, Text(""), Text(keys)), width=_WIDEST)


def _passage(view: View, here: int, marked: set[int]) -> Text:
    """Return the passage, with what is asked or marked shown so, and what stands around it dim."""
    text = Text()
    text.append(_shown(view.before), "dim")
    if view.unit.is_candidate:
        unit = view.unit
        text.append(_shown(view.text[view.start : unit.start]))
        text.append(_shown(view.text[unit.start : unit.end]), "reverse bold")
        text.append(_shown(view.text[unit.end : view.end]))
    else:
        for piece, number in view.pieces:
            style = "bold" if number == here else ""
            if number in marked:
                style += " reverse"
            if number == here:
                style += " underline"
            text.append(_shown(piece), style.strip())
    text.append(_shown(view.after), "dim")
    return text


def _shown(text: str) -> str:
    """Return a text without what would act on the terminal; its lines stay lines."""
    return "\n".join(legible(line) for line in text.replace("\t", "    ").splitlines()) + (
        "\n" if text.endswith(("\n", "\r")) else ""
    )

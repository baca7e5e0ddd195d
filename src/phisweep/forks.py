"""
What must not be open while the process forks.

A connection of SQLite may not cross a fork, not even to be closed: parent and child would each
take the other's locks for their own (https://www.sqlite.org/howtocorrupt.html, section 2.6).
"""

from __future__ import annotations

import os
import threading
import weakref
from typing import Protocol


class Forking(Protocol):
    """What is told of forks of its process."""

    def before_fork(self) -> None:
        """Close what may not cross a fork, and stay closed until `after_fork`."""

    def after_fork(self, *, child: bool) -> None:
        """Go on, in the parent or in the child."""


_ALL: weakref.WeakSet[Forking] = weakref.WeakSet()
_HELD: list[Forking] = []
_LOCK = threading.Lock()


def watch(thing: Forking) -> None:
    """Tell a thing of every fork, for as long as it lives."""
    with _LOCK:
        _ALL.add(thing)


def _before() -> None:
    _LOCK.acquire()
    for thing in _ALL:
        _HELD.append(thing)  # first, so that it goes on even where it could not be closed
        thing.before_fork()


def _after(*, child: bool) -> None:
    for thing in _HELD:
        thing.after_fork(child=child)
    _HELD.clear()
    _LOCK.release()


if hasattr(os, "register_at_fork"):  # where there are forks
    os.register_at_fork(
        before=_before,
        after_in_parent=lambda: _after(child=False),
        after_in_child=lambda: _after(child=True),
    )

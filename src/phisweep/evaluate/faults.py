"""The errors of this room: each says which document, and none what stands in it."""

from __future__ import annotations

import re

from phisweep.errors import UsageError
from phisweep.legible import legible

_PLAIN = re.compile(r"[\w.:/ +-]{1,80}")


def of(file: str, number: int, id_: str = "") -> str:
    """Return the place of a document: its file, its number, and its id where that is a plain one."""
    told = f" (id {id_})" if _PLAIN.fullmatch(id_) and id_ != str(number) else ""
    return f"{legible(file)}: document {number}{told}"


def unreadable(where: str, what: str, todo: str = "") -> UsageError:
    """Return the error of a gold or predictions that cannot be read."""
    return UsageError("E176", what, where=where, todo=todo)


def misplaced(where: str, what: str, todo: str = "") -> UsageError:
    """Return the error of spans that cannot be true."""
    return UsageError("E177", what, where=where, todo=todo)


def unrelated(where: str, what: str, todo: str = "") -> UsageError:
    """Return the error of predictions that are not of this gold."""
    return UsageError("E178", what, where=where, todo=todo)


def unlabelled(where: str, what: str, todo: str = "") -> UsageError:
    """Return the error of a label that says nothing to us."""
    return UsageError("E179", what, where=where, todo=todo)


def unusable(what: str, todo: str = "") -> UsageError:
    """Return the error of options that cannot be followed."""
    return UsageError("E195", what, todo=todo)

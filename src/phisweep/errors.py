"""
What can go wrong, and who must act.

    PhisweepError
    ├── UsageError          E1xx  exit 2   whoever typed the command or wrote the configuration
    │   └── RuleError       E15x  exit 2   whoever wrote the rule file
    ├── DocumentError       E2xx  exit 3   whoever owns the document: it could not be read whole
    ├── DetectionError      E3xx  exit 3   us, or the author of a rule: the document was not analysed whole
    ├── ComponentError      E4xx  exit 4   whoever installs: a model, key, vault or library is missing
    ├── VerificationError   E5xx  exit 5   the privacy officer: the output is not what it must be
    ├── PolicyConflict      E6xx  exit 6   whoever chose the policy
    └── InternalError       E7xx  exit 70  us

Every message says what, where, why and what to do. None ever holds a value of the data: an
error is raised `from None` wherever the cause could carry one.
"""

from __future__ import annotations

import traceback
from pathlib import Path
from typing import ClassVar


class PhisweepError(Exception):
    """An error with a code, an exit status and no value of the data in it."""

    status: ClassVar[int] = 70

    def __init__(self, code: str, what: str, *, where: str = "", todo: str = "") -> None:
        super().__init__(what)
        self.code = code
        self.what = what
        self.where = where
        self.todo = todo

    def at(self, where: str) -> PhisweepError:
        """Return the same error, told of another place."""
        return type(self)(self.code, self.what, where=where, todo=self.todo)

    def __reduce__(self) -> tuple[object, ...]:  # errors cross process borders
        return (_rebuild, (type(self), self.code, self.what, self.where, self.todo))

    def __str__(self) -> str:
        """`error[E203]: data/x.csv: not valid utf-8 at byte 88213. Set --encoding.`."""
        place = f"{self.where}: " if self.where else ""
        advice = f" {self.todo}" if self.todo else ""
        stop = "" if self.what.endswith((".", "?", "!")) else "."
        return f"error[{self.code}]: {place}{self.what}{stop}{advice}"


def _rebuild(
    kind: type[PhisweepError], code: str, what: str, where: str, todo: str
) -> PhisweepError:
    return kind(code, what, where=where, todo=todo)


class UsageError(PhisweepError):
    """The command, an option or the configuration cannot be followed."""

    status = 2


class RuleError(UsageError):
    """A rule, policy or list file does not keep its contract."""


class DocumentError(PhisweepError):
    """A document could not be read whole; it gets no clean copy."""

    status = 3


class DetectionError(PhisweepError):
    """A document was not analysed whole; silence is not evidence."""

    status = 3


class ComponentError(PhisweepError):
    """A model, key, vault or library is missing."""

    status = 4


class VerificationError(PhisweepError):
    """The output does not keep what the report says of it."""

    status = 5


class PolicyConflict(PhisweepError):  # noqa: N818 - the contract's own word for exit 6
    """The legal method does not permit what was asked for."""

    status = 6


class InternalError(PhisweepError):
    """A defect of phisweep: a value-free message and a crash id."""

    status = 70


def place_of(problem: BaseException) -> str:
    """Return an error's class and its place in the code; its message may hold a value."""
    frame = traceback.extract_tb(problem.__traceback__)[-1]
    return f"{type(problem).__name__} at {Path(frame.filename).name}:{frame.lineno}"


def crash(problem: BaseException, where: str = "") -> InternalError:
    """Return the error for what nobody foresaw."""
    todo = "Report this line; it holds no value of the data."
    return InternalError("E701", place_of(problem), where=where, todo=todo)


def trouble(problem: Exception, where: str) -> PhisweepError:
    """Return what was raised at a document, `where` its shown name, as an error of ours."""
    if isinstance(problem, DocumentError) and not problem.where:
        return problem.at(where)
    if isinstance(problem, PhisweepError):
        return problem
    if isinstance(problem, OSError):
        reason = problem.strerror or type(problem).__name__
        todo = "Give read permission, or exclude it."
        return DocumentError("E201", f"cannot be read: {reason}", where=where, todo=todo)
    if isinstance(problem, MemoryError | RecursionError):
        what = f"too large or too deep to analyse ({type(problem).__name__})"
        return DocumentError("E212", what, where=where)
    return crash(problem, where)

"""The run in one line, and what that line does not mean."""

from __future__ import annotations

from phisweep.figures import plural
from phisweep.report.parts import TotalsRecord, VerdictRecord, VerdictState, VerificationRecord

_CAVEATS: dict[VerdictState, str] = {
    "verified": (
        "This says that every file listed here as read was read whole, that its copy is the one"
        " listed, and that a second search of the copies found nothing. It does not say that no"
        " identifier is left where no rule reaches, nor that the data are de-identified in law:"
        " that takes the human answers at the end of this report."
    ),
    "complete": (
        "This says that every file listed here as read was read whole. It does not say that"
        " whatever was not found is not there: a clean search is not proof of absence."
    ),
    "incomplete": (
        "Silence about a file that was not read whole means nothing. The counts below cover only"
        " what was read, and no copy was made of a file that was not."
    ),
    "failed": (
        "Do not release these copies. That other checks passed does not make up for the one that"
        " failed."
    ),
    "empty": "Nothing was read, so nothing below says anything about the data.",
}


def verdict_of(
    command: str,
    totals: TotalsRecord,
    verification: VerificationRecord | None,
    unresolved: int = 0,
) -> VerdictRecord:
    """
    Return the verdict of a run of `command` ("scan", "deid", "verify", with or without arguments).

    A failed verification outweighs everything, an incomplete file outweighs what is left.
    `unresolved` counts kinds of leaks that were found and left as they are.
    """
    search = totals.actions == {} and "deid" not in command.split()
    incomplete = totals.incomplete and (
        f"{plural(totals.incomplete, 'file')} could not be read whole:"
        f" this {'search' if search else 'release'} is NOT complete"
    )
    state: VerdictState
    if verification is not None and not verification.ok:
        state, words = "failed", _failure(verification)
        words += f"; {incomplete}" if incomplete else ""
    elif incomplete:
        state, words = "incomplete", incomplete
    elif totals.clean + totals.changed == 0:
        state, words = "empty", "No file was read"
    elif verification is not None:
        state, words = "verified", "Complete and verified"
    elif search:
        state, words = "complete", _searched(totals)
    else:
        state, words = "complete", "Complete, but not verified"
    return VerdictRecord(
        state=state, words=words + _rest(totals, unresolved), caveat=_CAVEATS[state]
    )


def _failure(verification: VerificationRecord) -> str:
    found = sum(trace.count for trace in verification.residual)
    leaked = sum(trace.count for trace in verification.leaked)
    parts = [plural(len(verification.problems), "problem")] if verification.problems else []
    parts += [f"{plural(found, 'finding')} in the copies"] if found else []
    parts += [f"{plural(leaked, 'removed value')} still in a copy"] if leaked else []
    return "Verification failed" + (f": {', '.join(parts)}" if parts else "")


def _searched(totals: TotalsRecord) -> str:
    read = plural(totals.clean + totals.changed, "file")
    if totals.findings == 0:
        return f"Complete: nothing found in {read}"
    return f"Complete: {plural(totals.findings, 'finding')} in {read}"


def _rest(totals: TotalsRecord, unresolved: int) -> str:
    skipped = totals.skipped and (
        f"; {plural(totals.skipped, 'file')} {'was' if totals.skipped == 1 else 'were'} skipped"
    )
    review = totals.actions.get("review", 0)
    waiting = f"; {plural(review, 'finding')} to be decided by a person" if review else ""
    leaks = f"; {plural(unresolved, 'leak')} left to a person" if unresolved else ""
    return (skipped or "") + waiting + leaks

"""What was said to be left out, and leaves nothing out any more: told, so that it goes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from phisweep.model import Run


def unused(run: Run, globs: Iterable[str], allowed: Mapping[str, str]) -> Iterator[str]:
    """
    Yield a line for each of `globs` (per-path-ignores) and `allowed` reasons that did nothing.

    Meant for a run over all that they are for.
    """
    did = {(each.kind, each.detail) for outcome in run.outcomes for each in outcome.suppressed}
    for glob in globs:
        if ("path", glob) not in did:
            yield f"per-path-ignores, {glob}: leaves nothing out any more"
    for reason in sorted(set(allowed.values())):
        if ("allowed", reason) not in did:
            yield f"the list of allowed values, {reason}: leaves nothing out any more"

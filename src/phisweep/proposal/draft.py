"""A proposal -> what a policy file says, and as data for other programs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict

from phisweep.figures import number, plural
from phisweep.proposal.values import ColumnPlan, FilePlan, Proposal, SubjectKey
from phisweep.proposal.wording import counts, done, extent, holding
from phisweep.ruleset.schema import PolicyFile, Treatment
from phisweep.ruleset.writing import Draft, Entry, Section

_LINE = 96  # characters of a line of TOML
_KEEP = "write here why no value of it can identify anybody"
_HEAD = """
Proposed by `phisweep plan`, to be edited by hand; `phisweep deid PATHS --policy THIS_FILE` follows
it, with the same PATHS. As it stands it does what {profile} does: its decisions are comments, and
what is found in single values is treated, whatever is decided on the rest.

To decide on a column, delete the "# " before one of its lines, and of one alone. To keep a column
takes a reason of yours, which stands in the report. A line of the same shape may be written for any
other column, under its file.

`<<: {{}}` says nothing: with it a file may stand here of which all lines are comments.

No value of the data stands here; names of columns and counts do. Searched by rules alone.
"""


def draft(proposal: Proposal, standing: PolicyFile) -> Draft:
    """
    Return the policy file of a proposal.

    `standing` is the policy that it extends: what it says of columns under one of our patterns
    would be lost by saying something else there, and is said again.
    """
    return Draft(
        id="data-set",
        extends=proposal.profile,
        title="Proposed by phisweep plan for one data set",
        method=proposal.method,
        head=_paragraphs(_HEAD.format(profile=proposal.profile)),
        decide=_heading(proposal),
        sections=tuple(_section(file, standing) for file in proposal.files),
        tail=(*_seen(proposal), *_keys(proposal), *_others(proposal)),
    )


def _paragraphs(text: str) -> tuple[str, ...]:
    """Return paragraphs as one line each, with an empty one between them."""
    lines = [" ".join(part.split()) for part in text.split("\n\n")]
    return tuple(line for part in lines for line in (part, ""))[:-1]


def as_json(proposal: Proposal) -> str:
    """Return the proposal as JSON, with letters, and places in the order of the table."""
    data = asdict(proposal)
    for entry, file in zip(data["files"], proposal.files, strict=True):
        for column, plan in zip(entry["columns"], file.columns, strict=True):
            column["letter"] = plan.letter
            column["undecided"] = plan in file.undecided
    data["undecided"] = proposal.undecided
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def _heading(proposal: Proposal) -> tuple[str, ...]:
    places = plural(proposal.places, "column or path", "columns and paths")
    if not proposal.undecided:
        return (f"Nothing has to be decided: all {places} are told below.",)
    return (f"Decide these: {number(proposal.undecided)} of {places}, the first of each file.",)


def _section(file: FilePlan, standing: PolicyFile) -> Section:
    entries = [*map(_entry, file.undecided), *map(_keepable, file.removed)]
    kept = standing.columns.get(file.glob, {})
    return Section(file.glob, extent(file), tuple(entries), dict(kept))


def _entry(plan: ColumnPlan) -> Entry:
    """Return what is to be decided of a place."""
    identifier = plan.sort.identifier or "other_id"
    params: dict[str, str | int | bool] = {"identifier": identifier}
    choices = {
        "keep": Treatment(action="keep", operator="keep", reason=_KEEP),
        "code": Treatment(action="replace", operator="code", params=params),
        "tag": Treatment(action="remove", operator="tag", params=params),
    }
    notes = [f"{plan.name or plan.place}: {plan.sort.how}; {counts(plan.evidence)}"]
    notes += [holding(plan)] if holding(plan) else []
    if not plan.name:
        notes.append("its name may be data and is not written here; see the first row or the key")
        return Entry("", tuple(notes), {})
    notes.append(f"likely: {plan.sort.advice}")
    return Entry(plan.name, tuple(notes), choices)


def _keepable(plan: ColumnPlan) -> Entry:
    """Return the one choice of a place that the rules remove: to keep it."""
    told = f"could be kept: {done(plan)}; {counts(plan.evidence)}; {plan.sort.how}"
    keep = Treatment(action="keep", operator="keep", reason=_KEEP)
    return Entry(plan.name, (told,), {"keep": keep} if plan.name else {})


def _seen(proposal: Proposal) -> tuple[str, ...]:
    """Return what was seen of every place, as a table for each file."""
    lines: list[str] = ["What was seen, and what is done where nothing is said above.", ""]
    for file in proposal.files:
        lines.append(f"{file.glob}: {extent(file)}")
        width = min(32, max(len(plan.name or plan.place) for plan in file.columns))
        for plan in file.columns:
            told = "; ".join(p for p in (done(plan), counts(plan.evidence), holding(plan)) if p)
            how = f"rule {plan.sort.rule}" if plan.sort.rule else plan.sort.how
            called = plan.name or plan.place
            lines.append(f"  {called:<{width}}  {plan.sort.role}: {told}; {how}")
        lines.append("")
    return tuple(lines)


def _keys(proposal: Proposal) -> tuple[str, ...]:
    """Return where the keys of subjects seem to stand, as a line of phisweep.toml."""
    if not proposal.keys:
        return ()
    lines = ["Whose record it is, for phisweep.toml, so that a subject's dates move together:", ""]
    lines += toml({key.glob: key.key for key in proposal.keys})
    lines += ["", *(f"  {_why(key)}" for key in proposal.keys), ""]
    return tuple(lines)


def _why(key: SubjectKey) -> str:
    others = plural(key.shared, "other pattern of files", "other patterns of files")
    return f"{key.glob}: {key.why}" + (f"; {others} hold its values" if key.shared else "")


def toml(keys: Mapping[str, str]) -> list[str]:
    """Return `subject-key = {...}`, or a line for each file where one would be too long."""
    pairs = [f"{json.dumps(glob)} = {json.dumps(key)}" for glob, key in keys.items()]
    line = f"subject-key = {{{', '.join(pairs)}}}"
    return [line] if len(line) <= _LINE else [f"subject-key.{pair}" for pair in pairs]


def _others(proposal: Proposal) -> tuple[str, ...]:
    told: list[str] = []
    for heading, others in (
        (
            "Files without columns, and files that were not read:",
            (*proposal.texts, *proposal.unread),
        ),
        ("Held back: no copy is written, until somebody decides:", proposal.held),
    ):
        if others:
            told += ["", heading, ""]
        told += [
            f"  {other.glob}: {plural(other.files, 'file')}{other.what and ', ' + other.what}"
            for other in others
        ]
    return tuple(told[1:])

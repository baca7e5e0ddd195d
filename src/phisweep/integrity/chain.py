"""
A report's chain of custody checked: whole, signed by whom, and every file as the last entry says.

Nothing but the folder and the public keys is needed. Whatever is wrong is a sentence that names the
file, and of the chain and the records the line.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path

from phisweep.integrity import records
from phisweep.integrity.custody import FILE, RENDERINGS, Entry, Line, digests, own, read
from phisweep.integrity.digests import walked
from phisweep.integrity.records import Head
from phisweep.integrity.signatures import PublicKey
from phisweep.legible import legible
from phisweep.values import dataclass


@dataclass(frozen=True, slots=True)
class Chain:
    """
    What a check saw: its entries, problems, notes, and files that are not as the last entry says.

    `vouched` are the ids of the trusted keys whose signature covers the last state of the report.
    """

    entries: tuple[Entry, ...]
    problems: tuple[str, ...]
    notes: tuple[str, ...]
    changed: frozenset[str]
    vouched: tuple[str, ...] = ()

    @property
    def there(self) -> bool:
        """Say whether there is a chain at all."""
        return bool(self.entries or self.problems)


def check(
    folder: Path,
    trusted: Sequence[PublicKey] | None = None,
    *,
    run_id: str = "",
    shown: Callable[[str], str] = legible,
    only: Collection[str] | None = None,
) -> Chain:
    """
    Check the chain of a report's folder. Raises OSError.

    `trusted` are the keys whose signatures count; None asks for none. `run_id` is that of run.json,
    where it could be read. `shown` makes the name of a file that nobody knows fit to be told. `only`
    are the files that are compared, where they are there: who gets a record may not get the pages.
    """
    if not (folder / FILE).is_file():
        return _without(trusted)
    lines = read(folder)
    problems = [*_links(lines)] if lines else [f"{FILE}: is empty"]
    entries = tuple(line.entry for line in lines if line.entry is not None)
    last = lines[-1].entry if lines else None
    changed: frozenset[str] = frozenset()
    if last is not None:
        found, changed = _compared(folder, last, shown, only)
        problems += found
    elif lines:
        problems.append(f"{FILE}: its last line does not tell what the files must be")
    if records.FILE in changed or (last is None and (folder / records.FILE).is_file()):
        problems += _of_records(folder, run_id, last)
    whole = not problems
    vouched, unsure, notes = _trust(entries, trusted, shown, only)
    problems += unsure
    return Chain(entries, tuple(problems), tuple(notes), changed, vouched if whole else ())


def _without(trusted: Sequence[PublicKey] | None) -> Chain:
    what = f"{FILE}: there is none"
    if trusted is not None:
        return Chain((), (f"{what}, so nothing is signed",), (), frozenset())
    note = f"{what}: the report is of an earlier version, and only the copies were compared with it"
    return Chain((), (), (note,), frozenset())


def _links(lines: Sequence[Line]) -> Iterator[str]:
    """Yield what is wrong with the lines by themselves, and with each after the one before."""
    before: Line | None = None
    for number, line in enumerate(lines, 1):
        at = f"{FILE}: line {number}:"
        entry = line.entry
        if entry is None:
            yield f"{at} {line.fault}"
        else:
            if entry.number != number:
                yield (f"{at} bears the number {entry.number}: lines were removed, added or moved")
            elif entry.before != (before.sha256 if before else "") and (
                before is None or before.entry is not None
            ):
                yield f"{at} does not follow the line before it"
            if entry.public_key and not entry.signed:
                yield f"{at} its signature is missing, or not by the key that it names"
            if entry.signature and not entry.public_key:
                yield f"{at} names no key of its signature"
            if before is not None and before.entry is not None:
                yield from _step(at, before.entry, entry)
        before = line


def _step(at: str, old: Entry, new: Entry) -> Iterator[str]:
    """Yield the files that a step changed and that are not its own to write."""
    for name in sorted(old.files.keys() | new.files.keys()):
        if old.files.get(name) != new.files.get(name) and not own(new.step, name):
            yield f"{at} {legible(name)} was changed before the step {new.step}, which does not write it"
    if old.records != new.records:
        yield f"{at} names other records than the line before it"


def _compared(
    folder: Path, last: Entry, shown: Callable[[str], str], only: Collection[str] | None
) -> tuple[list[str], frozenset[str]]:
    """Return how the files of a report differ from what an entry says, and which do."""
    here = digests(folder, only)
    known = {name: sha for name, sha in last.files.items() if only is None or name in here}
    problems, changed = [], set()
    for name, sha256 in known.items():
        if name not in here:
            problems.append(f"{legible(name)}: is missing from the report")
        elif here[name] != sha256:
            problems.append(f"{legible(name)}: is not as the last line of {FILE} says")
        else:
            continue
        changed.add(name)
    problems += [
        f"{shown(name)}: stands in the report, and no line of {FILE} knows it"
        for name in here
        if name not in known
    ]
    problems += [
        f"{shown(name)}: is a link or no file, which no report holds"
        for name, plain in walked(folder)
        if not plain and name not in known and only is None
    ]
    return problems, frozenset(changed)


def _of_records(folder: Path, run_id: str, last: Entry | None) -> list[str]:
    """Return which lines of records.jsonl were changed."""
    path = folder / records.FILE
    if not path.is_file():
        return []
    told = last.records if last else None
    return records.faults(path, run_id, Head(told.lines, told.head) if told else None)


def _trust(
    entries: Sequence[Entry],
    trusted: Sequence[PublicKey] | None,
    shown: Callable[[str], str],
    only: Collection[str] | None,
) -> tuple[tuple[str, ...], list[str], list[str]]:
    """Return the trusted keys that vouch for the last state, what none vouches for, and notes."""
    if not entries:
        return (), [], []
    signed = [entry for entry in entries if entry.public_key]
    notes = [
        f"{FILE}: line {entry.number} ({entry.step}) is not signed"
        for entry in entries
        if signed and not entry.public_key
    ]
    if trusted is None:
        notes += [_unchecked(signed)]
        return (), [], notes
    ids = {key.raw.hex(): key.key_id for key in trusted}
    notes += [
        f"{FILE}: line {entry.number} ({entry.step}) is signed by {entry.signer.key_id}, a key that"
        " was not given"
        for entry in signed
        if entry.signer and entry.public_key not in ids
    ]
    covering = [entry for entry in signed if entry.public_key in ids and entry.signed]
    if not covering:
        return (), [f"{FILE}: no line is signed by a key that was given"], notes
    last, sure = entries[-1], covering[-1]
    open_ = [
        name
        for name in sorted(last.files.keys() | sure.files.keys())
        if last.files.get(name) != sure.files.get(name) and (only is None or name in only)
    ]
    problems = [
        f"{shown(name)}: was written after line {sure.number} of {FILE} ({sure.step}), the last one"
        " that is signed by a key that was given"
        for name in open_
    ]
    vouched = tuple(dict.fromkeys(ids[entry.public_key] for entry in covering))
    if not problems:
        notes.append(f"signed: {', '.join(vouched)}, for all of the report as it is")
    return vouched, problems, notes


def _unchecked(signed: Sequence[Entry]) -> str:
    if not signed:
        return (
            f"nothing in {FILE} is signed: whoever can write to the folder can make the report and"
            " its chain anew"
        )
    by = ", ".join(dict.fromkeys(entry.signer.key_id for entry in signed if entry.signer))
    return (
        f"signatures were not checked against a trusted key: {FILE} names {by}; give the public key"
        " that you know by --public-key"
    )


def ended(folder: Path) -> list[str]:
    """Return why nothing can be added to a chain whatever the files are; nothing where it can."""
    lines = read(folder)
    if not lines or lines[-1].entry is not None:
        return []
    return [f"{FILE}: line {len(lines)}: {lines[-1].fault}"]


def differing(folder: Path, step: str) -> list[str]:
    """
    Return what forbids adding a step to a report: the chain is broken, or files are not as it says.

    Renderings are left out, for they are made anew, and new files of the step; without a chain there
    is nothing to compare. Raises OSError.
    """
    lines = read(folder)
    if not lines:
        return []
    problems = [*_links(lines)]
    last = lines[-1].entry
    if last is None:
        return problems
    here = digests(folder)
    for name in sorted(last.files.keys() | here.keys()):
        new = name not in last.files and own(step, name)
        if name not in RENDERINGS and not new and here.get(name) != last.files.get(name):
            problems.append(f"{legible(name)}: is not as the last line of {FILE} says")
    return problems

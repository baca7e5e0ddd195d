"""The records of several runs added up. Pure functions; what is floored in a run stays so."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from phisweep.figures import plural, stamp
from phisweep.installed import version_of
from phisweep.integrity.chain import Chain
from phisweep.model import LETTERS, SEVERITIES
from phisweep.report import mergedparts, words
from phisweep.report.companions import Companion, review, signoff
from phisweep.report.disagreeing import disagreements_of
from phisweep.report.joining import joined_of, measures_of
from phisweep.report.merged import (
    SCHEMA,
    DisagreementRecord,
    MergedIdentifierRecord,
    MergedLetterRecord,
    MergedRecord,
    MergedRuleRecord,
    MergedVerificationRecord,
    SiteRecord,
)
from phisweep.report.parts import (
    HandlingRecord,
    IdentifierRecord,
    LetterState,
    OperatorRecord,
    TotalsRecord,
    VerdictRecord,
    VerdictState,
)
from phisweep.report.record import RunRecord

_WORST: tuple[VerdictState, ...] = ("failed", "incomplete", "empty", "complete", "verified")
_CAVEATS: dict[VerdictState, str] = {
    "verified": (
        "Every run says that what its own record lists as read was read whole, and that a second"
        " search of its copies found nothing. None says that no identifier is left where no rule"
        " reaches, nor that the data are de-identified in law: that takes people, at every site."
    ),
    "complete": (
        "At least one run was not verified, or made no copies. What was not found there need not be"
        " absent: a clean search is not proof of absence."
    ),
    "empty": "At least one run read nothing, so nothing below says anything about its data.",
    "incomplete": (
        "At least one run could not read all of its files. The counts below cover only what was read,"
        " and no copy was made of a file that was not."
    ),
    "failed": (
        "At least one run failed its verification: its copies must not be released. That the others"
        " passed does not make up for it."
    ),
}
_UNLIKE = (
    " The runs were not made alike: see what they disagree about before comparing one site with"
    " another."
)


@dataclass(frozen=True, slots=True)
class Site:
    """A run that is merged: its name here, its record, and what stands beside it."""

    name: str
    record: RunRecord
    run_sha256: str
    chain: Chain | None
    beside: Sequence[Companion]


def merged_of(sites: Sequence[Site]) -> MergedRecord:
    """Return one record of two or more runs, in the order given."""
    records = [site.record for site in sites]
    unlike = tuple(disagreements_of([(site.name, site.record) for site in sites]))
    reviews = {
        site.name: companion.record
        for site in sites
        for companion in site.beside
        if isinstance(companion.record, review.Record)
    }
    return MergedRecord(
        schema=SCHEMA,
        made=stamp(),
        tool=f"phisweep {version_of('phisweep')}",
        verdict=_verdict(records, unlike),
        incomplete=any(record.incomplete for record in records),
        sites=tuple(map(_site, sites)),
        disagreements=unlike,
        repeated=_repeated(records),
        totals=_totals(records),
        letters=tuple(_letter(sites, i) for i in range(len(LETTERS))),
        identifiers=tuple(_identifiers(records)),
        rules=tuple(_rules(records)),
        operators=tuple(_operators(records)),
        verification=_verification(records),
        subjects=mergedparts.subjects_of(records),
        leaks=tuple(mergedparts.leaks_of([(site.name, site.record) for site in sites])),
        suppressed=tuple(mergedparts.suppressed_of(records)),
        unread=tuple(mergedparts.unread_of(records)),
        joined=tuple(joined_of(reviews)),
        residual_risk=words.RESIDUAL_RISK,
    )


def _verdict(records: Sequence[RunRecord], unlike: Sequence[DisagreementRecord]) -> VerdictRecord:
    """Return the worst verdict, and how many runs have which."""
    states = Counter(record.verdict.state for record in records)
    worst = min(states, key=_WORST.index)
    told = ", ".join(f"{states[state]} {state}" for state in _WORST if states[state])
    return VerdictRecord(
        state=worst,
        words=f"{plural(len(records), 'run')} joined: {told}",
        caveat=_CAVEATS[worst] + (_UNLIKE if any(each.matters for each in unlike) else ""),
    )


def _site(site: Site) -> SiteRecord:
    record, seen = site.record, site.record.verification
    decided = [c.record for c in site.beside if isinstance(c.record, signoff.Record)]
    signers = (entry.signer for entry in site.chain.entries) if site.chain else ()
    return SiteRecord(
        name=site.name,
        run_id=record.manifest.run_id,
        run_sha256=site.run_sha256,
        command=record.manifest.command,
        version=record.manifest.version,
        started=record.manifest.started,
        finished=record.manifest.finished,
        key_id=record.manifest.key_id,
        verdict=record.verdict,
        totals=record.totals,
        verification="not verified" if seen is None else "passed" if seen.ok else "failed",
        custody="whole" if site.chain is not None and site.chain.there else "none",
        signed_by=tuple(dict.fromkeys(key.key_id for key in signers if key)),
        decision=decided[0].state if decided else "none",
        decisions=len(decided[0].decisions) if decided else 0,
        measures=tuple(measure for c in site.beside for measure in measures_of(c.record)),
    )


def _repeated(records: Sequence[RunRecord]) -> int:
    """Return how many sources stand, byte for byte, in more than one run."""
    seen: Counter[str] = Counter()
    for record in records:
        seen.update({file.sha256 for file in record.files if file.sha256 and file.bytes})
    return sum(1 for n in seen.values() if n > 1)


def _totals(records: Sequence[RunRecord]) -> TotalsRecord:
    sums: Counter[str] = Counter()
    actions: Counter[str] = Counter()
    for record in records:
        totals = record.totals.model_dump()
        actions.update(totals.pop("actions"))
        sums.update(totals)
    return TotalsRecord(**dict.fromkeys(_names(), 0) | sums, actions=dict(sorted(actions.items())))


def _names() -> Iterable[str]:
    return (name for name in TotalsRecord.model_keys() if name != "actions")


def _letter(sites: Sequence[Site], i: int) -> MergedLetterRecord:
    told = [site.record.letters[i] for site in sites]
    handling: Counter[tuple[str, str]] = Counter()
    for letter in told:
        for done in letter.handling:
            handling[done.action, done.operator] += done.count
    states = {letter.state for letter in told}
    state: LetterState = "none found"
    if "found" in states:
        state = "found"
    elif states == {"not assessable"}:
        state = "not assessable"
    return MergedLetterRecord(
        letter=LETTERS[i],
        citation=told[0].citation,
        law=max((letter.law for letter in told), key=len),
        count=sum(letter.count for letter in told),
        by_site=tuple(letter.count for letter in told),
        state=state,
        reasons=tuple(_reasons(sites, i)),
        handling=tuple(
            HandlingRecord(action=action, operator=operator, count=n)
            for (action, operator), n in sorted(handling.items())
        ),
    )


def _reasons(sites: Sequence[Site], i: int) -> Iterator[str]:
    """Yield what limits the counts of a letter, once, with the sites that it limits unless all."""
    by: defaultdict[str, list[str]] = defaultdict(list)
    for site in sites:
        letter = site.record.letters[i]
        if letter.reason:
            by[letter.reason].append(site.name)
        elif letter.state == "not assessable":
            by["Not assessable."].append(site.name)
    for reason, names in by.items():
        yield reason if len(names) == len(sites) else f"{', '.join(names)}: {reason}"


def _identifiers(records: Sequence[RunRecord]) -> Iterator[MergedIdentifierRecord]:
    counts: Counter[str] = Counter()
    first: dict[str, IdentifierRecord] = {}
    for record in records:
        for entry in record.identifiers:
            counts[entry.identifier] += entry.count
            first.setdefault(entry.identifier, entry)
    for entry in sorted(first.values(), key=lambda e: (e.letter, e.identifier)):
        yield MergedIdentifierRecord(
            identifier=entry.identifier,
            letter=entry.letter,
            title=entry.title,
            count=counts[entry.identifier],
        )


def _rules(records: Sequence[RunRecord]) -> Iterator[MergedRuleRecord]:
    fired = defaultdict(list)
    for record in records:
        for rule in record.rules:
            fired[rule.letter, rule.identifier, rule.rule].append(rule)
    for (letter, identifier, name), group in sorted(fired.items()):
        yield MergedRuleRecord(
            rule=name,
            identifier=identifier,
            letter=letter,
            severity=max((rule.severity for rule in group), key=SEVERITIES.index),
            count=sum(rule.count for rule in group),
            min_score=min(rule.min_score for rule in group),
            sites=len(group),
        )


def _operators(records: Sequence[RunRecord]) -> Iterator[OperatorRecord]:
    counts: Counter[str] = Counter()
    first: dict[str, OperatorRecord] = {}
    for record in records:
        for entry in record.operators:
            counts[entry.operator] += entry.count
            first.setdefault(entry.operator, entry)
    for name, entry in sorted(first.items()):
        yield entry.model_copy(update={"count": counts[name]})


def _verification(records: Sequence[RunRecord]) -> MergedVerificationRecord:
    seen = [record.verification for record in records if record.verification]
    return MergedVerificationRecord(
        passed=sum(each.ok for each in seen),
        failed=sum(not each.ok for each in seen),
        not_verified=len(records) - len(seen),
        files=sum(each.files for each in seen),
        searched=sum(each.searched for each in seen),
        unsearchable=sum(each.unsearchable for each in seen),
        problems=sum(len(each.problems) for each in seen),
        residual=sum(trace.count for each in seen for trace in each.residual),
        leaked=sum(trace.count for each in seen for trace in each.leaked),
    )

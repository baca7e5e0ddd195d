"""Sources -> a proposal: read, put files of one kind together, say what each place seems to be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace

from phisweep.decide import FORGOTTEN
from phisweep.detect.detector import Detector, stem_end
from phisweep.errors import DocumentError, PhisweepError
from phisweep.formats.base import Format, ReadOptions
from phisweep.formats.choose import choose_format
from phisweep.formats.imaging.paths import persons
from phisweep.formats.media import MediaFormat
from phisweep.keys import Key
from phisweep.model import Source
from phisweep.proposal.attributes import over
from phisweep.proposal.counting import Reader, Reading
from phisweep.proposal.evidence import Digests, Gathered, Words
from phisweep.proposal.names import common, family, fits, narrow, pattern, without
from phisweep.proposal.reading import labels, merged, named_parts, read
from phisweep.proposal.roles import sort
from phisweep.proposal.subjects import subject_keys
from phisweep.proposal.values import ROLES, ColumnPlan, FilePlan, Other, Proposal
from phisweep.ruleset.schema import PolicyFile

_ALIKE = 0.6  # of the paths of two kinds of JSON files, by which they are one entry
_Group = tuple[str, list[Reading]]
#: A pattern of files, and what is said of them.
_Told = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a proposal is made with. `profile` is what the policy is to extend."""

    detector: Detector
    policy: PolicyFile
    profile: str
    options: ReadOptions
    key: Key
    rows: int = 10_000


@dataclass(frozen=True, slots=True)
class _Met:
    """A part of a source, its name and the pattern of that, and the format that reads it."""

    source: Source
    name: str
    glob: str
    format: Format
    number: int = 1


def propose(
    sources: Sequence[Source], asked: Asked, unread: Sequence[tuple[Source, str]] = ()
) -> Proposal:
    """
    Return what a policy for these sources could say; `unread` are others, with the reason.

    Never raises for what is wrong with a document: it is among the unread of the proposal.
    """
    digests = Digests(asked.key.derive("proposal"))
    words = Words.of(asked.detector.ruleset)
    reader = Reader(asked.detector, asked.policy, asked.options, digests, words, asked.rows)
    hidden = persons(sources)
    refused = [(pattern(source.name, asked.detector), reason) for source, reason in unread]
    met: list[_Met] = []
    for source in sources:
        glob = without(pattern(source.name, asked.detector), source.name, hidden)
        named = replace(source, shown=glob)
        try:
            format_ = choose_format(named, asked.options)
        except DocumentError as error:
            refused.append((glob, error.what))
            continue
        parts = named_parts(asked.options, named, format_) if format_.structured else ("",)
        for number, part in enumerate(parts, 1):
            inner = f"{glob}!{pattern(part, asked.detector)}" if part else glob
            name = f"{named.name}!{part}" if part else named.name
            met.append(_Met(named, name, inner, format_, number))
    structured = [one for one in met if one.format.structured]
    groups, failed, held = _read(structured, reader)
    others = [one for one in met if not one.format.structured]
    media = _held_at_once(others, asked.options)
    held += media
    names = [one.name for one in structured]
    entries = [
        (glob, readings, places, [_plan(place, asked.policy) for place in places.values()])
        for glob, readings in sorted(groups, key=lambda group: narrow(group[0]))
        for places in (merged(readings),)
    ]
    files = tuple(_file(glob, readings, plans, names) for glob, readings, _, plans in entries)
    keys = subject_keys([(glob, places, plans) for glob, _, places, plans in entries])
    return Proposal(
        asked.profile,
        asked.policy.method,
        files,
        keys,
        _others([(one.glob, "") for one in others if one.glob not in dict(media)]),
        _others([*refused, *failed]),
        tuple(
            Other(over([glob for glob, why in held if why == reason]), n, reason)
            for reason, n in Counter(reason for _, reason in held).items()
        ),
    )


def _held_at_once(met: Sequence[_Met], options: ReadOptions) -> list[_Told]:
    """Return the pictures and recordings of which no copy would be written, with the reason."""
    held = []
    for one in met:
        if isinstance(one.format, MediaFormat):
            try:
                with closing(one.format.open(one.source, options)) as document:
                    held += [(one.glob, document.held)] if document.held else []
            except (PhisweepError, OSError):
                pass  # the run will say so
    return held


def _read(met: Sequence[_Met], reader: Reader) -> tuple[list[_Group], list[_Told], list[_Told]]:
    """
    Read all sources, group by group, so that one group's counts are held with its columns.

    Return the groups, and what could not be read and what is held, with the reasons.
    """
    failed: list[_Told] = []
    held: list[_Told] = []
    standards: dict[str, tuple[list[str], list[Reading]]] = {}
    tables: dict[tuple[str, str, tuple[str, ...]], list[_Met]] = {}
    others: dict[tuple[str, str], list[_Met]] = {}
    for one in met:
        folder = one.glob.rpartition("/")[0]
        columns = labels(reader, one.source, one.format, one.number)
        if columns:
            tables.setdefault((folder, one.format.name, columns), []).append(one)
        else:
            others.setdefault((folder, one.format.name), []).append(one)

    def readings(ones: Sequence[_Met]) -> Iterator[tuple[_Met, Reading]]:
        for one in ones:
            source = replace(one.source, shown=one.glob)
            reading = read(reader, source, one.format, one.number)
            reading.source = replace(source, name=one.name)
            failed.extend([(one.glob, f"not read whole: {reading.error}")] * bool(reading.error))
            held.extend([(one.glob, reading.held)] * bool(reading.held))
            if reading.standard:
                globs, known = standards.setdefault(one.format.name, ([], []))
                globs.append(one.glob)
                known.append(_folded(reading, known))
            elif reading.places:
                yield one, reading

    groups: list[_Group] = []
    for ones in tables.values():
        groups += _globs([list(readings(ones))], met)
    for ones in others.values():
        groups += _globs(_alike(list(readings(ones))), met)
    groups += [(over(globs), known) for globs, known in standards.values()]
    return groups, failed, held


def _folded(reading: Reading, known: Sequence[Reading]) -> Reading:
    """Give the places of a reading to the first of its kind: of a study there are thousands."""
    if known:
        known[0].places = dict(merged([known[0], reading]))
        reading.places = {}
    return reading


def _alike(pairs: Sequence[tuple[_Met, Reading]]) -> list[list[tuple[_Met, Reading]]]:
    """Put JSON files of one folder together that have one family of names, or like paths."""
    families: dict[str, list[tuple[_Met, Reading]]] = {}
    for pair in pairs:
        families.setdefault(family(pair[0].glob), []).append(pair)
    clusters: list[tuple[set[str], list[tuple[_Met, Reading]]]] = []
    for members in families.values():
        paths = {path for _, reading in members for path in reading.places}
        for known, cluster in clusters:
            if len(known & paths) >= _ALIKE * len(known | paths):
                known.update(paths)
                cluster.extend(members)
                break
        else:
            clusters.append((paths, [*members]))
    return [cluster for _, cluster in clusters]


def _globs(clusters: Sequence[Sequence[tuple[_Met, Reading]]], met: Sequence[_Met]) -> list[_Group]:
    """Give each cluster a pattern; where that fits other files too, one to each family of names."""
    groups: list[_Group] = []
    for cluster in clusters:
        if not cluster:
            continue
        globs = list(dict.fromkeys(one.glob for one, _ in cluster))
        families = list(dict.fromkeys(map(family, globs)))
        glob = globs[0] if len(globs) == 1 else families[0] if len(families) == 1 else common(globs)
        own = {one.name for one, _ in cluster}
        if not any(fits(glob, m.name) for m in met if m.name not in own):
            groups.append((glob, [reading for _, reading in cluster]))
            continue
        apart: dict[str, list[Reading]] = {}
        for one, reading in cluster:
            apart.setdefault(one.glob, []).append(reading)
        groups += apart.items()
    return groups


def _file(
    glob: str, readings: Sequence[Reading], plans: Sequence[ColumnPlan], names: Sequence[str]
) -> FilePlan:
    own = {reading.source.name for reading in readings}
    told = [plan for plan in plans if not _says_nothing(plan)]
    cut = next((reading.cut for reading in readings if reading.cut), "")
    return FilePlan(
        glob,
        len(readings),
        readings[0].format,
        sum(reading.rows for reading in readings),
        tuple(sorted(told, key=lambda plan: (ROLES.index(plan.sort.role), _order(plan)))),
        cut + (" of each" if cut and len(readings) > 1 else ""),
        sum(fits(glob, name) for name in names if name not in own),
        max(reading.hidden for reading in readings) + len(plans) - len(told),
    )


def _says_nothing(plan: ColumnPlan) -> bool:
    """Say whether a place is one of the many that its standard lets stay, with nothing found."""
    return plan.sort.role == "by its standard" and plan.operator == "cleaned"


def _order(plan: ColumnPlan) -> str:
    """Return the place of an attribute of DICOM, by its tag; other places stay in their order."""
    return plan.place if plan.place.startswith("(") else ""


def _plan(place: Gathered, policy: PolicyFile) -> ColumnPlan:
    sorted_ = sort(place)
    if place.fate is not None:
        told = ", ".join(f"{fate} {n:,}" for fate, n in sorted(place.fates.items()))
        only = next(iter(place.fates)) if len(place.fates) == 1 else told
        return ColumnPlan(place.place, "", sorted_, place.evidence(), "", only)
    treatment = place.treatment
    if treatment is None and sorted_.identifier:
        treatments = policy.treatments
        treatment = treatments.get(sorted_.rule) or treatments.get(sorted_.identifier) or FORGOTTEN
    if sorted_.role == "unknown" and place.treatment is None:
        treatment = None  # what is found in its values is treated, each by itself
    return ColumnPlan(
        place.place,
        place.name,
        sorted_,
        place.evidence(),
        treatment.action if treatment else "",
        treatment.operator if treatment else "",
        decided=place.treatment is not None,
    )


def _others(files: Sequence[tuple[str, str]]) -> tuple[Other, ...]:
    """Put files together, given as pattern and what is said of each, by folder and suffix."""
    groups: dict[tuple[str, str, str], list[str]] = {}
    for glob, what in sorted(files):
        folder, _, name = glob.rpartition("/")
        groups.setdefault((folder, name[stem_end(name) :], what), []).append(glob)
    return tuple(
        Other(globs[0] if len(globs) == 1 else common(globs), len(globs), what)
        for (_, _, what), globs in groups.items()
    )

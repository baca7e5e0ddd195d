"""What the first pass saw, put together: who is who, who is old, what leaks, what occurs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from phisweep import presence
from phisweep.analysis import Spec
from phisweep.decide import KEEPING
from phisweep.leaks.hashes import hashes_of, matches
from phisweep.leaks.joined import judged
from phisweep.leaks.kinds import DAYS_REMOVED, leak
from phisweep.model import Finding, Leak, Survey, Text
from phisweep.ruleset.load import Ruleset
from phisweep.subjects import namewords
from phisweep.subjects.store import DIGEST_BYTES, Subjects
from phisweep.subjects.whose import in_name
from phisweep.survey.reading import Surveyed

_NAMES = "namewords"
_ANCHOR = "relative-day-and-anchor"
_TRIED = 20_000  # identifiers whose hashes are compared with those of another file
#: Parts of records that somebody may have hashed.
_HASHED = frozenset({"mrn", "ssn", "email", "phone"})


class Joining:
    """Takes what workers saw of each source, and makes of it what the second pass has to know."""

    def __init__(self, spec: Spec) -> None:
        assert spec.spool is not None  # noqa: S101 - a run that is surveyed has one
        self._spool: Path = spec.spool
        self.subjects = Subjects.create(spec.spool / "subjects.sqlite", spec.key)
        self.spec = replace(spec, subjects=self.subjects)
        self._several = 0
        self._seen: list[Surveyed] = []

    def take(self, seen: Surveyed) -> None:
        """Take what was seen of one source."""
        self._seen += (seen, *seen.further)

    def join(self) -> None:
        """Find out which keys are one subject's. Raises ComponentError."""
        self._several = self.subjects.join()
        namewords.join(self._spool, self._spool / _NAMES)

    def in_name(self, ruleset: Ruleset) -> Callable[[Text], Sequence[Finding]]:
        """Return what finds the keys and names of subjects in the names of files."""
        ordinary = ruleset.members("ordinary-words")
        names = namewords.KnownNames(self._spool / _NAMES, self.spec.key, ordinary)
        return partial(in_name, self.spec.links, self.subjects, names)

    def finish(self, names: Mapping[str, str]) -> tuple[Spec, Survey]:
        """
        Return the spec of the second pass, and what the report tells.

        `names` gives sources the names under which they are shown. Raises ComponentError.
        """
        named = partial(_named, names)
        leaks = [
            replace(found, file=named(found.file))
            for seen in self._seen
            for found in seen.leaks
            if not (self._may_stay("age") and found.name == "ninetieth-birthday")
        ]
        stricter = {named(seen.shown): dict(seen.stricter) for seen in self._seen if seen.stricter}
        for seen, index, place, other in self._hashed():
            file = named(seen.shown)
            stricter.setdefault(file, {})[index] = other
            leaks.append(
                leak(
                    "hash-of-identifier",
                    file=file,
                    place=place,
                    other=f"{other} of another file",
                    count=1,
                )
            )
        leaks += self._anchored(named, stricter)
        old, counts = self._years()
        leaks += [
            leak(name, file="", place="", count=count) for name, count in counts.items() if count
        ]
        spec = replace(
            self.spec,
            old=old,
            stricter=stricter,
            disputed=self._disputed(),
            namewords=self._spool / _NAMES,
        )
        if spec.surrogates:
            folder = self._spool / "present"
            presence.join(self._spool, folder)
            spec = replace(spec, present=folder)
        leaks.sort(key=lambda found: (found.name, found.file, found.place))
        return spec, Survey(tuple(leaks), self._several)

    def _disputed(self) -> frozenset[bytes]:
        """Return the studies of images that files say to be of two patients."""
        patients: dict[bytes, bytes] = {}
        told = [seen.study for seen in self._seen if seen.study is not None]
        return frozenset(
            study for study, patient in told if patients.setdefault(study, patient) != patient
        )

    def _anchored(
        self, named: Callable[[str], str], stricter: dict[str, dict[int, str]]
    ) -> list[Leak]:
        """
        Return the days counted from an event, where a date of the same subjects is kept.

        Where dates may stay nothing is changed; where the policy keeps those of one column alone,
        the days are treated like the dates that it does not keep.
        """
        may_stay = self._may_stay("date")
        kept = [(seen, place) for seen in self._seen for place in seen.kept_dates]
        found = []
        for seen in self._seen:
            for index, place, rows in seen.relative_days:
                for other, anchor in kept:
                    linked = seen.linked and other.linked
                    if other is seen or linked:
                        where = f"{named(other.shown)}: {anchor}"
                        file = named(seen.shown)
                        met = leak(_ANCHOR, file=file, place=place, other=where, count=rows)
                        if not may_stay:
                            stricter.setdefault(file, {})[index] = "date"
                            met = replace(met, resolution=DAYS_REMOVED)
                        found.append(met)
                        break
        return found

    def _may_stay(self, identifier: str) -> bool:
        """Say whether the policy keeps an identifier; where ages may stay, nothing leaks by them."""
        treatment = self.spec.policy.treatments.get(identifier)
        return treatment is not None and treatment.operator in KEEPING

    def _years(self) -> tuple[Path | None, dict[str, int]]:
        """Return the file of those who are old, and the number of subjects by leak."""
        if self._may_stay("age"):
            return None, {}
        root = self.subjects.root if self.subjects.joined else None
        found = judged(self._spool, self.spec.reference_year, root, DIGEST_BYTES)
        if not found.told:
            return None, {}
        path = self._spool / "old.npy"
        found.old.save(path)
        return path, dict(found.counts)

    def _hashed(self) -> list[tuple[Surveyed, int, str, str]]:
        """Return the columns that hold hashes of an identifier of another file."""
        samples = [(seen, *column) for seen in self._seen for column in seen.hashes]
        if not samples:
            return []
        identifiers = self.subjects.values(_HASHED, _TRIED)
        told = {part: hashes_of(identifiers) for part, values in identifiers.items()}
        found = []
        for seen, index, place, values in samples:
            part = next((part for part, hashes in told.items() if matches(values, hashes)), "")
            if part:
                found.append((seen, index, place, part))
        return found


def _named(names: Mapping[str, str], shown: str) -> str:
    """Return what a source, or a part of one ("3!Sheet1"), is called outside."""
    source, sign, part = shown.partition("!")
    return names[source] + sign + part

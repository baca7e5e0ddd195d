"""The rule set, policy and options of one run, checked before the first file is read."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from functools import cached_property

from phisweep.analysis import Spec
from phisweep.config import Config
from phisweep.decide import check_policy
from phisweep.detect.detector import Detector, build_detector
from phisweep.detect.linking import Links
from phisweep.errors import RuleError, UsageError
from phisweep.formats.base import Imaging, ReadOptions
from phisweep.keys import Key
from phisweep.model import BESIDE, Engine
from phisweep.ruleset.imaging import check_imaging, options_of
from phisweep.ruleset.load import Ruleset, is_shipped, load_policy, load_ruleset
from phisweep.ruleset.schema import PatternEntry, PlaceEntry, PolicyFile
from phisweep.site import site_rules, with_columns
from phisweep.transform.operators import check_params, names


class Session:
    """
    What the use cases share.

    Raises UsageError, RuleError, ComponentError, PolicyConflict.
    """

    def __init__(
        self,
        config: Config,
        key: Key,
        reference_year: int = 0,
        only_rules: tuple[str, ...] | None = None,
        ignored_rules: tuple[str, ...] = (),
    ) -> None:
        self.config = config
        self.ruleset: Ruleset = load_ruleset()
        policy = load_policy(config.profile, self.ruleset)
        self.policy: PolicyFile = with_columns(policy, config)
        check_policy(self.policy, self.ruleset.operators, available=names())
        check_imaging(self.policy, self.ruleset.imaging)
        if not (is_shipped(config.profile, self.ruleset) and self.policy == policy):
            _try_params(self.policy)  # those of shipped policies are tried by tests
        _check_names((*(only_rules or ()), *ignored_rules), self.ruleset, config)
        self.engine: Engine = _engine(config)
        self.jobs = config.jobs or os.cpu_count() or 1
        self.spec = Spec(
            rules=self.ruleset.folder,
            policy=self.policy,
            key=key,
            engine=self.engine,
            options=ReadOptions(
                encoding=config.files.encoding,
                chunk_bytes=config.files.chunk_bytes,
                max_line_bytes=config.files.max_line_bytes,
                imaging=Imaging(
                    options=options_of(self.policy),
                    pixels=config.pixels or self.policy.imaging.pixels,
                    faces=config.faces or self.policy.imaging.faces,
                    policy=self.policy.id,
                ),
            ),
            reference_year=reference_year or time.gmtime().tm_year,
            only_rules=only_rules,
            ignored_rules=ignored_rules,
            min_score=config.min_score,
            strict=config.strict,
            nlp=config.nlp.model_dump(),
            site=tuple(site_rules(config)),
            links=Links.of(config.subject_key, automatic=config.link == "auto"),
            surrogates=asks_for(self.policy, "surrogate"),
            age_reference=config.age_reference,
        )

    @cached_property
    def detector(self) -> Detector:
        """A detector by rules alone, for file names; workers build their own."""
        spec = self.spec
        return build_detector(
            self.ruleset, self.policy, "rules", nlp={}, site=spec.site, strict=spec.strict
        )


def asks_for(policy: PolicyFile, operator: str) -> bool:
    """Say whether a policy uses an operator, for an identifier or a column."""
    columns = (t for named in policy.columns.values() for t in named.values())
    return any(t.operator == operator for t in (*policy.treatments.values(), *columns))


def _try_params(policy: PolicyFile) -> None:
    """See that every operator takes the params that the policy gives it. Raises RuleError."""
    columns = {f"{file}: {n}": t for file, c in policy.columns.items() for n, t in c.items()}
    for key, treatment in (*policy.treatments.items(), *columns.items()):
        identifier = str(treatment.params.get("identifier", "other_id"))
        if key in policy.treatments:
            identifier = key.partition("/")[0]
        try:
            check_params(treatment.operator, identifier, treatment.params)
        except RuleError as error:
            raise error.at(f"policy {policy.id}, {key}") from None


def _check_names(names_: Sequence[str], ruleset: Ruleset, config: Config) -> None:
    """Raise UsageError for a single rule that is not there: what it finds would be nothing."""
    if not names_:
        return
    from phisweep.report.explained import DERIVED  # noqa: PLC0415 - few runs name a rule

    known = {
        f"{rule.id}/{entry.pattern if isinstance(entry, PatternEntry) else entry.name}"
        for rule in (*ruleset.rules, *site_rules(config))
        for entry in rule.detect
    } | {
        f"{place.identifier}/{file.id}-{place.name}"
        for file in ruleset.fields
        for place in file.places
        if isinstance(place, PlaceEntry)
    }
    for name in names_:
        family, slash, rest = name.partition("/")
        if slash and name not in known and rest not in DERIVED and family not in BESIDE:
            import difflib  # noqa: PLC0415 - where a name is wrong

            near = difflib.get_close_matches(name, known, 1)
            raise UsageError(
                "E120",
                f"no rule is called {name!r}",
                todo=f"Did you mean {near[0]}?" if near else "See phisweep rules show.",
            )


def _engine(config: Config) -> Engine:
    """`auto`: rules in git hooks, where a second counts, full elsewhere."""
    if config.engine != "auto":
        return config.engine
    return "rules" if os.environ.get("PRE_COMMIT") else "full"

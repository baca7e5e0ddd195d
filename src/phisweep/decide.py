"""Finding + policy -> decision: what overlaps becomes one, and what is forgotten is removed."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from operator import attrgetter

from phisweep.errors import PolicyConflict, RuleError
from phisweep.model import IDENTIFIERS, NAMES_MODEL, SEVERITIES, Decision, Finding
from phisweep.ruleset.schema import OperatorRule, PolicyFile, Treatment

#: Lines of explanation that a finding keeps when others are merged into it.
EXPLAINED = 12
FORGOTTEN = Treatment(action="remove", operator="redact", reason="the policy does not name it")
DISPUTED = Treatment(action="remove", operator="tag", reason="rules for two identifiers overlap")
#: Operators whose result holds nothing of the text: right whatever the identifier is.
WHOLE = frozenset({"redact", "tag", "code", "uid", "cover", "omit"})
KEEPING = frozenset({"keep", "presidio-keep"})
#: Operators whose results a rule may find. The others leave marks, or what is settled.
READABLE = frozenset(
    [
        "date-shift",
        "surrogate",
        "presidio-encrypt",
        "presidio-hash",
        "presidio-mask",
        "presidio-replace",
    ]
)
_MODEL = f"{NAMES_MODEL}/"
#: The identifiers of which the names model is a judge.
_CLAIMS = frozenset({"name", "location"})
#: Identifiers that are numbers of a known kind.
_NUMBERS = frozenset(
    ["phone", "fax", "ssn", "mrn", "health_plan", "account", "license", "vehicle", "device"]
)
#: 11-FEB-2014 has the looks of a code too; a code that is labelled is no guess.
_GUESS, _SURE = 0.5, 0.8
_RANK = {severity: rank for rank, severity in enumerate(SEVERITIES)}


def resolve(findings: Sequence[Finding]) -> list[Finding]:
    """
    Leave no two findings of a place overlapping, and no covered character uncovered.

    Overlapping findings become one over their union, named by the one of highest score (then the
    longer, the more severe, the rule's name), as severe as the most severe of them, and disputed
    if their identifiers differ. Findings that cover nothing are dropped. Sorted by start; places
    stay in the order in which they came.
    """
    if len(findings) == 1 and findings[0].start < findings[0].end:
        return list(findings)
    places = {finding.location: None for finding in findings}
    order = {location: at for at, location in enumerate(places)}
    found = sorted(
        (f for f in findings if f.start < f.end), key=lambda f: (order[f.location], f.start, f.end)
    )
    return [_merged(cluster) for cluster in _clusters(found)]


def _clusters(found: Sequence[Finding]) -> Iterator[list[Finding]]:
    """Yield the groups of sorted findings that overlap, each with one before it in its group."""
    cluster: list[Finding] = []
    end = 0
    for finding in found:
        if cluster and finding.location == cluster[0].location and finding.start < end:
            cluster.append(finding)
            end = max(end, finding.end)
            continue
        if cluster:
            yield cluster
        cluster, end = [finding], finding.end
    if cluster:
        yield cluster


def _merged(cluster: Sequence[Finding]) -> Finding:
    cluster = _named_by_rules(cluster)
    if len(cluster) == 1:
        return cluster[0]
    ranked = sorted(
        cluster,
        key=lambda f: (
            _is_unspecific(f),
            -f.score,
            f.start - f.end,
            -_RANK[f.severity],
            f.rule,
            f.identifier,
            f.start,
        ),
    )
    first = ranked[0]
    lines = [*first.explanation]
    for other in ranked[1:]:
        lines += [f"merged with {other.rule} ({other.score:.2f})", *other.explanation]
    return replace(
        first,
        start=min(map(attrgetter("start"), cluster)),
        end=max(map(attrgetter("end"), cluster)),
        severity=max((f.severity for f in cluster), key=_RANK.__getitem__),
        explanation=tuple(dict.fromkeys(lines))[:EXPLAINED],
        disputed=any(f.disputed or not _agrees(f, first) for f in cluster),
    )


def _named_by_rules(cluster: Sequence[Finding]) -> Sequence[Finding]:
    """
    Leave out what the names model says inside of what a rule found, where both may be right.

    A rule knows an SSN, an e-mail address or a ZIP code for what it is; the model knows numbers,
    contact, places. What the model calls a name and a rule something else stays in dispute.
    """
    if len(cluster) == 1 or not any(f.rule.startswith(_MODEL) for f in cluster):
        return cluster
    rules = [f for f in cluster if not f.rule.startswith(_MODEL)]
    return [
        f
        for f in cluster
        if not f.rule.startswith(_MODEL)
        or not any(
            o.start <= f.start
            and f.end <= o.end
            and (o.letter == f.letter or f.identifier not in _CLAIMS)
            for o in rules
        )
    ]


def _is_unspecific(finding: Finding) -> bool:
    """Say whether the names model only knows that a number, a date, an age stands there."""
    return finding.rule.startswith(_MODEL) and finding.identifier not in _CLAIMS


def _agrees(other: Finding, first: Finding) -> bool:
    """Say whether a finding says nothing else than the one that names the cluster."""
    if _kin(other) == _kin(first) or _is_unspecific(other):
        return True
    # "Any other unique number" is what a number is while no rule knows which one.
    if other.identifier != "other_id" or not first.start <= other.start <= other.end <= first.end:
        return False
    guess = other.score <= _GUESS and first.score >= _SURE
    return first.identifier in _NUMBERS or (first.identifier == "date" and guess)


def _kin(finding: Finding) -> str:
    """A date of birth that tells an age over 89 is a date and an age; `<=1936` stands for both."""
    return "date" if finding.identifier == "age" else finding.identifier


def decide(
    findings: Sequence[Finding], policy: PolicyFile, *, column: Treatment | None = None
) -> list[Decision]:
    """
    Return what the policy does with each finding, in their order.

    `column` is the policy's treatment of the column that they stand in, which goes before that of
    a rule ("location/city"), and that before its identifier's. What the policy forgot is redacted;
    what is disputed is removed whole, never generalised or kept.
    """
    return [_decision(finding, policy, column) for finding in findings]


def _decision(finding: Finding, policy: PolicyFile, column: Treatment | None) -> Decision:
    treatments = policy.treatments
    chosen = (
        column or treatments.get(finding.rule) or treatments.get(finding.identifier) or FORGOTTEN
    )
    if finding.disputed and column is None and chosen.operator not in WHOLE:
        chosen = DISPUTED
    return Decision(
        finding,
        chosen.action,
        chosen.operator,
        chosen.params,
        chosen.citation or paragraph(finding.identifier),
    )


def paragraph(identifier: str) -> str:
    """Return the paragraph that makes the identifier one."""
    return f"45 CFR 164.514(b)(2)(i)({IDENTIFIERS[identifier]})"


def check_policy(
    policy: PolicyFile,
    operators: Mapping[str, OperatorRule],
    *,
    available: Collection[str] | None = None,
) -> None:
    """
    See that the policy asks for nothing that its legal method does not permit.

    `operators` is the law (rules/operators.yaml), `available` the operators that are built, if
    that is to be checked too. Raises PolicyConflict for an operator that the method does not
    permit (for that identifier), RuleError for one that is not known or not built, for an unknown
    identifier, for what is kept without a reason, and for an action and an operator that
    contradict each other.
    """
    for key, treatment in policy.treatments.items():
        identifier = _identifier(key, policy)
        rule = _consistent(key, treatment, policy, operators)
        _permitted(key, identifier, treatment, policy, rule)
        _built(key, treatment, policy, available)
    for file, columns in policy.columns.items():
        for name, treatment in columns.items():
            rule = _consistent(f"{file}: {name}", treatment, policy, operators)
            # To keep a column is to say, with the reason, that no identifier stands in it.
            if treatment.action != "keep" and policy.method not in rule.permits:
                raise _conflict(f"{file}: {name}", "", treatment, policy, rule)
            _built(f"{file}: {name}", treatment, policy, available)


def _identifier(key: str, policy: PolicyFile) -> str:
    """Return the identifier of a treatment's key, `location` or `location/city`."""
    identifier = key.partition("/")[0]
    if identifier not in IDENTIFIERS:
        near = difflib.get_close_matches(identifier, IDENTIFIERS, n=1)
        todo = f"Did you mean {near[0]}?" if near else f"Known: {', '.join(IDENTIFIERS)}."
        raise RuleError("E172", f"{key}: no such identifier", where=_where(policy), todo=todo)
    return identifier


def _consistent(
    key: str,
    treatment: Treatment,
    policy: PolicyFile,
    operators: Mapping[str, OperatorRule],
) -> OperatorRule:
    """Return the law on the treatment's operator, if the treatment is one that can be followed."""
    name = treatment.operator
    if name not in operators:
        raise RuleError(
            "E160",
            f"{key}: the operator {name!r} does not exist",
            where=_where(policy),
            todo=f"Known: {', '.join(sorted(operators))}.",
        )
    if (treatment.action == "keep") != (name in KEEPING):
        raise RuleError(
            "E173",
            f"{key}: the action {treatment.action} and the operator {name} contradict each other",
            where=_where(policy),
        )
    if treatment.action == "keep" and not treatment.reason.strip():
        raise RuleError(
            "E171",
            f"{key}: keep needs a reason",
            where=_where(policy),
            todo="Say why it may stay; the reason stands in the report.",
        )
    return operators[name]


def _built(
    key: str, treatment: Treatment, policy: PolicyFile, available: Collection[str] | None
) -> None:
    """Raise RuleError for an operator that the law knows and this version has not."""
    if available is not None and treatment.operator not in available:
        raise RuleError(
            "E167",
            f"{key}: the operator {treatment.operator!r} is not part of this version",
            where=_where(policy),
            todo=f"It has: {', '.join(sorted(available))}.",
        )


def _permitted(
    key: str, identifier: str, treatment: Treatment, policy: PolicyFile, rule: OperatorRule
) -> None:
    limits = rule.limits.get(policy.method, ())
    if (
        policy.method not in rule.permits
        or (rule.identifiers and identifier not in rule.identifiers)
        or (limits and not {key, identifier} & {*limits})
    ):
        raise _conflict(key, identifier, treatment, policy, rule)


def _conflict(
    key: str, identifier: str, treatment: Treatment, policy: PolicyFile, rule: OperatorRule
) -> PolicyConflict:
    paragraphs = [rule.citation, *([paragraph(identifier)] if identifier else [])]
    if identifier and rule.identifiers and identifier not in rule.identifiers:
        why = f"It works on {', '.join(rule.identifiers)} only"
    else:
        why = rule.why.rstrip(".")
    return PolicyConflict(
        "E601",
        f"{key}: {policy.method} does not permit the operator {treatment.operator} here. "
        f"{why} ({', '.join(dict.fromkeys(paragraphs))})",
        where=_where(policy),
        todo=rule.instead,
    )


def _where(policy: PolicyFile) -> str:
    return f"policy {policy.id}"

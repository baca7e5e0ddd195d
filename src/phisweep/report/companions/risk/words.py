"""What was measured, in words and figures as a reader wants them."""

from __future__ import annotations

from collections.abc import Sequence

from phisweep.figures import number, plural
from phisweep.legible import legible
from phisweep.report.companions.risk.records import (
    AssessmentRecord,
    AttackRecord,
    CandidateRecord,
    SensitiveRecord,
    ShownShare,
    SizeRecord,
    SubsetRecord,
    SuggestionRecord,
    SuggestionsRecord,
)

SENSITIVE = ("Distinct l", "Entropy l", "c of (c,2)", "c of (c,3)", "t", "In classes of one value")
GAIN = ("k", "Loss", "Rows left out", "Mean risk")
#: What the use of a column is called.
USES = {
    "quasi": "quasi-identifier",
    "sensitive": "sensitive",
    "remove": "to be removed",
    "neither": "not proposed",
}
_HIDDEN = {"<11": "fewer than 11", "11+": "11 or more", "not shown": "not shown"}
_NAMED = 3


def files(one: AssessmentRecord) -> str:
    """Return the names of the files, the first three of many."""
    names = [file.path for file in one.files]
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return legible(", ".join(names[:_NAMED]) + more)


def summary(one: AssessmentRecord) -> str:
    """Return what was counted, in a sentence."""
    who = plural(one.people, "person", "people")
    counted = plural(one.rows, "row") + (
        f" of {who}, by their key" if one.by_subject else ", each counted as a person"
    )
    how = "proposed" if one.proposed else "chosen"
    names = ", ".join(column.name for column in one.quasi_identifiers)
    return legible(f"{counted}; {how} quasi-identifiers: {names}.")


def verdict(one: AssessmentRecord) -> str:
    """Say whether what was asked for is met, "" where nothing was."""
    asked = [f"k of {one.asked_k}"] if one.asked_k is not None else []
    asked += [f"a highest risk of {one.asked_risk:g}"] if one.asked_risk is not None else []
    if not asked:
        return ""
    they = ("It is", "It is not") if len(asked) == 1 else ("Both are", "They are not both")
    return f"Asked for: {' and '.join(asked)}. {they[not one.met]} met."


def figures(one: AssessmentRecord) -> list[tuple[str, str]]:
    """Return the figures: what each is, and its value."""
    out = [
        ("Smallest class (k)", f"{one.k:,}"),
        ("Classes", f"{one.classes:,}"),
        ("Mean size of a class", f"{one.mean_size:,.1f}"),
        ("Alone in a class", shown(one.unique)),
        ("In classes under 11", shown(one.small)),
    ]
    if one.population is not None:
        told = one.population
        by = f"about {percent(told.estimate)}, by {told.by.capitalize()}"
        out.append((f"Unique among {told.size:,}", by))
    if one.loosened is not None:
        out.append(("k, missing agrees with all", f"{one.loosened.least:,}"))
        out.append(("Alone, missing agrees", shown(one.loosened.unique)))
    return out


def attackers(one: AssessmentRecord) -> list[tuple[str, str, str, str]]:
    """Return the three attackers: name, highest risk, mean, people above the threshold."""
    told = (
        ("prosecutor", one.prosecutor),
        ("journalist", one.journalist),
        ("marketer", one.marketer),
    )
    return [(name, percent(a.highest), percent(a.mean), _above(a)) for name, a in told]


def over(one: AssessmentRecord) -> str:
    """Return what stands over the people above the threshold."""
    return f"Above {one.threshold:g}"


def sensitive(told: SensitiveRecord) -> tuple[str, ...]:
    """Return the figures of a sensitive column, its name first."""
    least = dict(told.recursive)
    kind = "ordered" if told.ordered else "equal distance"
    return (
        told.name,
        f"{told.distinct_l:,}",
        f"{told.entropy_l:.2f}",
        *("none" if least.get(n) is None else f"over {least[n]:.2f}" for n in (2, 3)),
        f"{told.closeness:.3f} ({kind})",
        count(told.one_value),
    )


def known(one: AssessmentRecord, subset: SubsetRecord) -> str:
    """Return which quasi-identifiers are known."""
    if len(subset.columns) == len(one.quasi_identifiers) > 1:
        return "all"
    return legible(" + ".join(subset.columns))


def shares(subset: SubsetRecord) -> tuple[str, str]:
    """Return people who are alone, and in classes under 11."""
    return shown(subset.unique), shown(subset.small)


def suggested(told: SuggestionsRecord) -> str:
    """Return what was suggested, in a sentence or two."""
    if told.reached:
        return f"Every class has {told.k} members or more: nothing has to be generalised."
    if not told.best:
        limit = f" with up to {percent(told.limit)} of the rows left out" if told.limit else ""
        left = f" These alone do as they are: {', '.join(told.without)}." if told.without else ""
        return legible(f"No generalisation of these columns reaches k = {told.k}{limit}.{left}")
    of = f"{number(told.judged)} of {number(told.nodes)} combinations were counted"
    if told.exact:
        return (
            f"These reach k = {told.k}. No other combination of what operators do loses less than"
            f" the first: {of}, which decide on all others."
        )
    return f"These reach k = {told.k}. Others may lose less: {of}, and there are too many for all."


def steps(best: SuggestionRecord) -> str:
    """Return the steps of a suggestion in one line."""
    hand = " (partly by hand)" if best.by_hand else ""
    return legible("; ".join(f"{step.name}: {step.words}" for step in best.steps)) + hand


def gain(best: SuggestionRecord) -> tuple[str, str, str, str]:
    """Return what a suggestion reaches and costs."""
    return f"{best.least:,}", f"{best.loss:.3f}", shown(best.left_out_share), percent(best.mean)


def candidate(told: CandidateRecord) -> tuple[str, str, str, str, str]:
    """Return a column that was looked at: name, use, values, what they tell, why."""
    values = ">200,000" if told.distinct is None else f"{told.distinct:,}"
    tells = "" if told.entropy is None else f"{told.entropy:.1f} of {told.most_entropy:.1f} bits"
    rare = "" if told.rare in {0.0, "not shown"} else f"; rare values: {shown(told.rare)} of rows"
    why = f"{told.role}: {told.why} ({told.how}{rare})"
    return told.name, USES[told.use], values, tells, legible(why)


def filled(sizes: Sequence[SizeRecord]) -> Sequence[SizeRecord]:
    """Return the sizes without the largest ones that nobody has."""
    last = max((i for i, size in enumerate(sizes) if size.people), default=0)
    return sizes[: last + 1]


def shown(share: ShownShare | None) -> str:
    """Return a share in per cent, or in words what may be told of it."""
    return _HIDDEN[share] if isinstance(share, str) else percent(share)


def percent(share: float | None) -> str:
    """`0.4561` -> `45.6%`; neither what is little nor what is nearly all is rounded away."""
    if share is None:
        return ""
    per = 100 * share
    if 0 < per < 0.1:  # noqa: PLR2004
        return "<0.1%"
    return f"{per:.0f}%" if per in {0.0, 100.0} else f"{min(per, 99.9):.1f}%"


def count(n: int | str) -> str:
    """`48213` -> `48,213`; a word stays."""
    return n if isinstance(n, str) else number(n)


def _above(attack: AttackRecord) -> str:
    return shown(attack.above)

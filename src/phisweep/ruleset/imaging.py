"""A policy's options for DICOM: whether its legal method permits them, and what they come to."""

from __future__ import annotations

from collections.abc import Mapping

from phisweep.errors import PolicyConflict
from phisweep.ruleset.schema import ImagingOption, OptionRule, PolicyFile

_FULL: ImagingOption = "retain-longitudinal-full-dates"
_MODIFIED: ImagingOption = "retain-longitudinal-modified-dates"


def options_of(policy: PolicyFile) -> frozenset[str]:
    """
    Return the options that hold under a policy.

    Dates that an option keeps are kept as the policy's treatment of date says: where it changes
    them, they are modified ones.
    """
    options = frozenset(policy.imaging.options)
    if _FULL in options and not _keeps_dates(policy):
        return options - {_FULL} | {_MODIFIED}
    return options


def check_imaging(policy: PolicyFile, rules: Mapping[str, OptionRule]) -> None:
    """
    See that the method permits every option of the policy, and that none contradicts another.

    Raises PolicyConflict, which says what to choose instead. What `rules` does not name is not
    permitted.
    """
    for option in policy.imaging.options:
        rule = rules.get(option)
        if rule is None or policy.method not in rule.permits:
            _refuse(policy, option, rule)
    asked = {*policy.imaging.options}
    if {_FULL, _MODIFIED} <= asked:
        what, todo = f"{_FULL} and {_MODIFIED} exclude each other", "Choose one of them."
    elif _MODIFIED in asked and _keeps_dates(policy):
        what = f"{_MODIFIED} changes dates, and the policy's treatment of date keeps them"
        todo = f"Choose {_FULL}, or a treatment such as year or date-shift."
    else:
        return
    raise PolicyConflict(
        "E603", f"imaging: {what} (DICOM PS3.15 E.3.6)", where=f"policy {policy.id}", todo=todo
    )


def _keeps_dates(policy: PolicyFile) -> bool:
    told = policy.treatments.get("date/dicom-date") or policy.treatments.get("date")
    return told is not None and told.action == "keep"


def _refuse(policy: PolicyFile, option: str, rule: OptionRule | None) -> None:
    why = f"{rule.why.rstrip('.')} ({rule.citation})" if rule else "The rules do not name it"
    raise PolicyConflict(
        "E602",
        f"imaging: {policy.method} does not permit the option {option}. {why}",
        where=f"policy {policy.id}",
        todo=rule.instead if rule else "",
    )

"""
Our rules, our names model and our operators for Presidio's engines.

    for recognizer in phisweep.presidio.recognizers():
        analyzer.registry.add_recognizer(recognizer)
    results = analyzer.analyze(text, "en")
    AnonymizerEngine().anonymize(text, results, operators=phisweep.presidio.operators())

Our entities are called `PHI_` and the identifier: PHI_NAME, PHI_SSN, PHI_MRN, ... The law holds here
too: an operator that the legal method does not permit raises PolicyConflict.
"""

from __future__ import annotations

import weakref
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from phisweep.calls import Call
from phisweep.decide import KEEPING
from phisweep.detect.presidio import FAMILIES, NamesRecognizer, RulesRecognizer, recognizers
from phisweep.errors import RuleError
from phisweep.model import IDENTIFIERS, Finding, Location, Text
from phisweep.pipeline import Worker
from phisweep.splicing import splice
from phisweep.transform.operators import load
from phisweep.transform.operators.presidio import anonymizer, custom

if TYPE_CHECKING:
    from phisweep.transform.codes import RandomCodes
    from phisweep.transform.operators.presidio import OperatorConfig, PresidioOperator
    from phisweep.transform.vault import Vault

__all__ = [
    "NamesRecognizer",
    "RulesRecognizer",
    "anonymizers",
    "operator",
    "operators",
    "recognizers",
]

Params = Mapping[str, str | int | bool]
_OURS = "PHI_"
_NAMED = "phisweep-"
_NONE: Params = MappingProxyType({})
#: Their entities by our identifiers: those of the analyzer, and dates, which are ours to find.
_ENTITIES: Mapping[str, str] = {
    **{f"{_OURS}{identifier.upper()}": identifier for identifier in IDENTIFIERS},
    **FAMILIES,
    "DATE_TIME": "date",
}
#: What is of no kind that we know.
_OTHER = "other_id"
#: Params of an OperatorConfig that are not the operator's own.
_ABOUT = frozenset({"entity_type", "identifier", "subject", "reason"})
_TAGGED = {"action": "remove", "operator": "tag"}


def operators(
    *,
    profile: str = "safe-harbor",
    policy: str | None = None,
    key: bytes | None = None,
    vault: str | Path | None = None,
    subject: str = "",
) -> dict[str, OperatorConfig]:
    """
    Return what `AnonymizerEngine.anonymize` takes as operators, as the policy treats each entity.

    That is for our entities and for Presidio's own; what is neither is tagged, [OTHER_ID], by
    DEFAULT. `subject` is the key of whoever the texts are about, as for `phisweep.deidentify_text`,
    and the other options are those of `phisweep.Detector`. Codes are the same for as long as the
    operators are held, or the vault is. Raises UsageError, RuleError, ComponentError,
    PolicyConflict.
    """
    call = Call.of(policy or profile, "rules", key, vault)
    desk = _Desk(call)
    found = {
        entity: custom(partial(desk.replaced, identifier=identifier, subject=subject))
        for entity, identifier in _ENTITIES.items()
    }
    tagged = _Desk(call.also({"treatments": {_OTHER: _TAGGED}}))
    found["DEFAULT"] = custom(partial(tagged.replaced, identifier=_OTHER, subject=subject))
    return found


def operator(
    name: str,
    *,
    identifier: str,
    subject: str = "",
    params: Params = _NONE,
    profile: str = "safe-harbor",
    policy: str | None = None,
    key: bytes | None = None,
    vault: str | Path | None = None,
    reason: str = "",
) -> OperatorConfig:
    """
    Return one of our operators, for an entity that is this identifier.

    `params` are the operator's own; to keep takes a `reason`. Raises as `operators` does:
    PolicyConflict where the legal method does not permit the operator for the identifier.
    """
    treatment = _treatment(name, params, reason)
    call = Call.of(
        policy or profile, "rules", key, vault, treatments={_known(identifier): treatment}
    )
    return custom(partial(_Desk(call).replaced, identifier=identifier, subject=subject))


def anonymizers(
    *,
    profile: str = "safe-harbor",
    policy: str | None = None,
    key: bytes | None = None,
    vault: str | Path | None = None,
) -> list[type[PresidioOperator]]:
    """
    Return our operators as classes for `AnonymizerEngine.add_anonymizer`.

    They are called "phisweep-date-shift", "phisweep-code", ... The params of an OperatorConfig are
    the operator's own, with `subject`, with `identifier` where the entity does not say it, and
    `reason` where something is kept. Codes are the same in all of them, for as long as they are
    held. Raises as `operators` does, and each when it is used.
    """
    call = Call.of(policy or profile, "rules", key, vault)
    shared = _Shared(call)
    return [
        anonymizer(_NAMED + name, partial(_validate, shared, name), partial(_operate, shared, name))
        for name in sorted(load())
    ]


class _Desk:
    """Replaces single values as a call's policy treats them; its codes go when it goes."""

    def __init__(self, call: Call, codes: RandomCodes | Vault | None = None) -> None:
        self._call = call
        if codes is None:
            codes = _held(self, call)
        self._codes = codes
        self._worker = Worker(replace(call.session.spec, write=True, codes=codes))

    def replaced(self, text: str, *, identifier: str, subject: str = "") -> str:
        """Return what stands in place of a value that is this identifier."""
        block = Text(
            Location("text", "text"), text, subject=self._call.subject(subject), kind="value"
        )
        rule = f"{identifier}/presidio"
        found = Finding(block.location, 0, len(text), identifier, rule, 1.0)
        decisions = self._worker.decide([found])
        edits = self._worker.edits(block, decisions)
        new = splice(text, edits)
        if edits and decisions[0].operator == "surrogate":
            self._codes.remember(identifier, text, new)
            self._codes.flush()
        return new


class _Shared:
    """The desks of the treatments that were asked for, with the same codes in all."""

    def __init__(self, call: Call) -> None:
        self._call = call
        self._codes = _held(self, call)
        self._desks: dict[tuple[object, ...], _Desk] = {}

    def desk(self, identifier: str, name: str, params: Params, reason: str) -> _Desk:
        """Return the desk at which the identifier is treated so."""
        asked = (identifier, name, tuple(sorted(params.items())), reason)
        if asked not in self._desks:
            treatment = _treatment(name, params, reason)
            call = self._call.also({"treatments": {identifier: treatment}})
            self._desks[asked] = _Desk(call, self._codes)
        return self._desks[asked]


def _held(owner: object, call: Call) -> RandomCodes | Vault:
    """Return the call's codes, which are closed when their owner is gone."""
    stack = ExitStack()
    codes = stack.enter_context(call.codes())
    weakref.finalize(owner, stack.close)
    return codes


def _validate(shared: _Shared, name: str, params: Mapping[str, Any]) -> None:
    _desk_of(shared, name, params)


def _operate(shared: _Shared, name: str, text: str, params: Mapping[str, Any]) -> str:
    desk, identifier = _desk_of(shared, name, params)
    return desk.replaced(text, identifier=identifier, subject=str(params.get("subject", "")))


def _desk_of(shared: _Shared, name: str, params: Mapping[str, Any]) -> tuple[_Desk, str]:
    entity = str(params.get("entity_type", ""))
    identifier = str(params.get("identifier") or _ENTITIES.get(entity, _OTHER))
    own = {key: value for key, value in params.items() if key not in _ABOUT}
    reason = str(params.get("reason", ""))
    return shared.desk(_known(identifier), name, own, reason), identifier


def _treatment(name: str, params: Params, reason: str) -> dict[str, object]:
    """Return a treatment in the form of the configuration."""
    action = "keep" if name in KEEPING else "replace"
    return {"action": action, "operator": name, "params": dict(params), "reason": reason}


def _known(identifier: str) -> str:
    if identifier not in IDENTIFIERS:
        raise RuleError(
            "E172",
            f"{identifier}: no such identifier",
            todo=f"Known: {', '.join(IDENTIFIERS)}.",
        )
    return identifier

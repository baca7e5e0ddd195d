"""
The bridge to Presidio's operators, both ways; the only file that imports presidio_anonymizer.

Not offered: `custom` (code in a policy) and surrogates that a service on the network makes. Hash
and encrypt take their key from the run, never from a policy, so that none stands in a file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from presidio_anonymizer.entities import InvalidParamError, OperatorConfig
from presidio_anonymizer.operators import Operator as PresidioOperator
from presidio_anonymizer.operators import OperatorsFactory, OperatorType

from phisweep.errors import RuleError
from phisweep.transform.operators import BRIDGE, BRIDGED, Context, Operator, Params, get

__all__ = [
    "OperatorConfig",
    "PresidioOperator",
    "anonymizer",
    "as_presidio_operator",
    "custom",
    "presidio",
]

_NONE: Params = MappingProxyType({})
#: Presidio's operators that need a secret, and the param that takes it.
_KEYED = MappingProxyType({"hash": "salt", "encrypt": "key"})
_WORDS = MappingProxyType(
    {
        "encrypt": "Encrypt the text (AES) under a key of the run.",
        "hash": "Replace the text by its hash, salted with a key of the run.",
        "keep": "Leave the text as it is, for the reason that the policy gives.",
        "mask": "Write a sign over some or all characters of the text.",
        "redact": "Take the text out, leaving nothing in its place.",
        "replace": "Replace the text by the policy's own words, or by its kind: <NAME>.",
    }
)


def presidio(name: str, params: Params = _NONE) -> Operator:
    """
    Return one of Presidio's operators, `presidio-mask`, as one of ours.

    `params` are the defaults for those of the call. Raises RuleError where no such operator is
    offered, and (the operator too) where Presidio does not accept the params.
    """
    if name not in BRIDGED:
        raise RuleError(
            "E160", f"no operator is called {name!r}", todo=f"Known: {', '.join(BRIDGED)}."
        )
    short = name.removeprefix(BRIDGE)
    made = OperatorsFactory().create_operator_class(short, OperatorType.Anonymize)

    def bridged(text: str, context: Context, given: Params) -> str:
        return _operate(made, short, text, context, {**params, **given})

    bridged.__name__ = name.replace("-", "_")
    bridged.__doc__ = _WORDS[short]
    return bridged


def as_presidio_operator(
    name: str, context: Context | None = None, params: Params = _NONE
) -> OperatorConfig:
    """
    Return our operator as an OperatorConfig for Presidio's AnonymizerEngine.

    `context` says which identifier the entity is; without one it is `other_id`. Raises RuleError.
    """
    ours, known = get(name), context or Context("other_id")
    return custom(lambda text: ours(text, known, params))


def custom(replaced: Callable[[str], str]) -> OperatorConfig:
    """Return what an AnonymizerEngine takes for an operator that is a function of the text."""
    return OperatorConfig("custom", {"lambda": replaced})


def anonymizer(
    name: str,
    checked: Callable[[Mapping[str, Any]], None],
    replaced: Callable[[str, Mapping[str, Any]], str],
) -> type[PresidioOperator]:
    """
    Return a class of operators for `AnonymizerEngine.add_anonymizer`, under this name.

    Both functions are given the params of an OperatorConfig, with the entity as `entity_type`.
    `checked` raises for what they may not be, before `replaced` is given a text.
    """

    class Ours(PresidioOperator):  # type: ignore[misc]  # Presidio is untyped here
        """An operator of phisweep."""

        def operate(self, text: str, params: Mapping[str, Any] | None = None) -> str:
            """Return what stands in place of the text."""
            return replaced(text, params or {})

        def validate(self, params: Mapping[str, Any] | None = None) -> None:
            """Raise for params that it does not take, and for what the law does not permit."""
            checked(params or {})

        def operator_name(self) -> str:
            """Return the name under which an OperatorConfig asks for it."""
            return name

        def operator_type(self) -> OperatorType:
            """Return that it takes identifiers out."""
            return OperatorType.Anonymize

    Ours.__name__ = Ours.__qualname__ = "".join(word.title() for word in name.split("-"))
    return Ours


def _operate(
    made: PresidioOperator, short: str, text: str, context: Context, given: dict[str, str | int]
) -> str:
    secret = _KEYED.get(short)
    if secret in given:
        raise RuleError(
            "E174",
            f"{BRIDGE}{short}: a policy may not hold a {secret}",
            todo="Leave it out; it is derived from the key of the run.",
        )
    full: dict[str, object] = {
        "entity_type": context.identifier.upper(),
        **_defaults(short),
        **given,
    }
    if secret is not None:
        full[secret] = context.key.derive(f"{BRIDGE}{short}")
    try:
        made.validate(full)
    except InvalidParamError as error:
        raise RuleError("E174", f"{BRIDGE}{short}: {error.err_msg}") from None
    return str(made.operate(text, full))


def _defaults(short: str) -> dict[str, str]:
    return {"new_value": ""} if short == "replace" else {}

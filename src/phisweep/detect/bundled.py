"""The bundled names model: whether a configuration asks for it, and one of it in a process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from phisweep.detect.names import store
from phisweep.ruleset.load import Ruleset
from phisweep.values import dataclass

if TYPE_CHECKING:
    from phisweep.detect.names.model import NamesModel

#: From which score on a rule's finding needs no second opinion by the model.
SURE = 0.65
#: Read by the model before the first file is, so that what is missing is told then.
_TRIAL = "Ms. Jane Doe of Springfield"


def asked(nlp: Mapping[str, object]) -> bool:
    """
    Say whether the bundled model runs: as `bundled` says.

    Where that is not set, another model that is named, by `model` or `configuration`, stands in
    its place.
    """
    bundled = nlp.get("bundled")
    if bundled is None:
        return not (nlp.get("model") or nlp.get("configuration"))
    return bool(bundled)


def names_model(ruleset: Ruleset) -> NamesModel:
    """
    Return the bundled model with a rule set's lists, built and tried once in a process.

    Raises ComponentError (E410, E411) where it cannot be used.
    """
    return _built(_Key(ruleset.folder, ruleset.sha256, store.default_folder(), ruleset))


@dataclass(frozen=True, slots=True)
class _Key:
    """What tells one model from another: the folders of rules and weights, and the rules' digest."""

    rules: Path
    digest: str
    folder: Path
    ruleset: Ruleset = field(compare=False, repr=False)


@cache
def _built(key: _Key) -> NamesModel:
    from phisweep.detect.names.model import NamesModel  # noqa: PLC0415 - numpy takes 0.1 s

    model = NamesModel.load(key.ruleset)
    model.spans(_TRIAL)
    return model

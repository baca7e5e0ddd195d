"""The record of a run, and its conditions, so that a sample is drawn under the same."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress

from pydantic import TypeAdapter, ValidationError

from phisweep.config import Config
from phisweep.model import RunManifest
from phisweep.report.parts import ManifestRecord


def conditions(manifest: ManifestRecord, profile: str = "") -> tuple[Config, bool]:
    """
    Return the configuration of a run, and whether it is that in all; `profile` goes before its own.

    The engine is the one that ran. What this version cannot read is left at its default.
    """
    told: dict[str, object] = {}
    for name, field in Config.model_fields.items():
        key = field.alias or name
        written = manifest.configuration.get(key)
        if written is None:
            continue
        kind: TypeAdapter[object] = TypeAdapter(field.rebuild_annotation())
        with suppress(ValidationError, json.JSONDecodeError):
            try:  # a text stands as it is, all else as JSON
                told[key] = kind.validate_python(written)
            except ValidationError:
                told[key] = kind.validate_json(written)
    config = Config.model_validate(told)
    same = config.sha256() == manifest.config_sha256
    profile = profile or config.profile
    update = {"engine": manifest.engine, "jobs": 0, "profile": profile}
    return config.model_copy(update=update), same


def differences(ran: ManifestRecord, now: RunManifest, *, same: bool) -> Iterator[str]:
    """Yield in words in what a drawing is not under the conditions of the run."""
    if ran.version != now.version:
        yield f"the run was made by phisweep {ran.version}, the sample is drawn by {now.version}"
    if ran.ruleset_sha256 != now.ruleset_sha256:
        yield "the rules are not those of the run: what counts as kept or removed may differ"
    if ran.policy_sha256 != now.policy_sha256:
        yield "the policy is not that of the run: what counts as kept or removed may differ"
    if ran.model != now.model:
        yield "the model that finds names is not that of the run"
    if not same:
        yield "the configuration of the run could not be followed in all"

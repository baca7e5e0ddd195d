"""The head of every report: enough to repeat the run."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import secrets
from collections.abc import Mapping
from pathlib import Path

from phisweep.config import Config, Nlp
from phisweep.detect import bundled
from phisweep.detect.names.store import open_store
from phisweep.figures import stamp
from phisweep.installed import version_of
from phisweep.keys import Key
from phisweep.model import Engine, RunManifest
from phisweep.ruleset.load import Ruleset, load_ruleset
from phisweep.ruleset.schema import PolicyFile

_COMPONENTS = {
    "rules": ("ahocorasick_rs", "pyarrow", "numpy"),
    "full": ("ahocorasick_rs", "pyarrow", "numpy", "onnxruntime", "presidio-analyzer", "spacy"),
}


def start(
    command: str,
    ruleset: Ruleset,
    policy: PolicyFile,
    config: Config,
    *,
    engine: Engine,
    jobs: int,
    key: Key,
    reference_year: int,
) -> RunManifest:
    """Return the manifest of a run that starts now. Raises ComponentError (E410)."""
    now = dt.datetime.now(dt.UTC)
    census = ruleset.lists.get("zip3-2020")
    return RunManifest(
        run_id=f"{now:%Y%m%dT%H%M%SZ}-{secrets.token_hex(4)}",
        command=command,
        version=version_of("phisweep"),
        ruleset_version=ruleset.version,
        ruleset_sha256=ruleset.sha256,
        policy=policy.id,
        policy_sha256=digest(policy.model_dump(mode="json")),
        config_sha256=config.sha256(),
        engine=engine,
        runner=_runner(config, jobs),
        jobs=jobs,
        model=_models(config.nlp) if engine == "full" else "",
        lists={name: entry.sha256 for name, entry in sorted(ruleset.lists.items())},
        components={name: version_of(name) for name in _COMPONENTS[engine]},
        census_table=census.vintage if census else "",
        key_id=key.key_id,
        reference_year=reference_year,
        started=stamp(now),
        configuration=_settings(config),
    )


def made_by(rules: Path, engine: Engine, nlp: Mapping[str, object]) -> str:
    """
    Return version, digest of the rules and names model: what finds, on whichever machine it is.

    Raises RuleError, ComponentError.
    """
    model = open_store().name if engine == "full" and bundled.asked(nlp) else ""
    return f"{version_of('phisweep')} {load_ruleset(rules).sha256} {model}"


def _runner(config: Config, jobs: int) -> str:
    if config.runner == "auto":
        return "pool" if jobs > 1 else "local"
    return config.runner


def digest(data: Mapping[str, object]) -> str:
    """Return the SHA-256 of data as canonical JSON."""
    text = json.dumps(data, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _models(nlp: Nlp) -> str:
    """Return what finds names beside rules: the bundled model with its digest, the user's, both."""
    ours = open_store().name if bundled.asked(nlp.model_dump()) else ""
    return ", ".join(filter(None, (ours, nlp.model or nlp.configuration)))


def _settings(config: Config) -> Mapping[str, str]:
    flat: dict[str, str] = {}
    for key, value in config.model_dump(mode="json", by_alias=True).items():
        flat[key] = value if isinstance(value, str) else json.dumps(value, sort_keys=True)
    return flat

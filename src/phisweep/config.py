"""
The configuration: one TOML file, the first that is found; nothing is merged but by `extends`.

`--config`; `PHISWEEP_CONFIG`; then from the first PATH upward to the repository's root:
`phisweep.toml`, `.phisweep.toml`, `pyproject.toml` with `[tool.phisweep]`.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

from phisweep.errors import UsageError
from phisweep.filed import Checked, Model
from phisweep.plainly import plainly
from phisweep.ruleset.schema import Score, Slug, Treatment

NAMES = ("phisweep.toml", ".phisweep.toml", "pyproject.toml")


class _Part(Model):
    model_config: ClassVar[Mapping[str, Any]] = {
        "extra": "forbid", "frozen": True, "alias_generator": lambda n: n.replace("_", "-"),
        "populate_by_name": True,
    }  # fmt: skip


class Files(_Part):
    """How files are read."""

    encoding: str = ""
    max_file_size: int = 64 << 30
    max_line_bytes: int = 32 << 20
    chunk_bytes: int = 2 << 20


class SitePattern(_Part):
    """A site's own identifier; its examples are tests."""

    id: Slug
    letter: Annotated[str, Checked(pattern="^[A-R]$")]
    regex: str
    identifier: str = ""
    confidence: Score = 0.9
    examples: Annotated[tuple[str, ...], Checked(min_length=1)]
    counter_examples: tuple[str, ...] = ()


class Nlp(_Part):
    """
    The models of `--engine full`: our own, and Presidio's NLP engine and recognizers.

    `bundled` None: our names model runs where neither `model` nor `configuration` names another.
    """

    bundled: bool | None = None
    engine_name: str = "spacy"
    language: str = "en"
    model: str = ""
    configuration: str = ""
    recognizers: str = ""


class ColumnTreatment(_Part):
    """What to do with a column or field, whatever the detector says of it."""

    action: str
    letter: str = ""
    identifier: str = ""
    reason: str = ""


class Config(_Part):
    """The effective configuration: CLI over environment over file over default."""

    extends: str = ""
    profile: str = "safe-harbor"
    engine: Literal["auto", "rules", "full"] = "auto"
    fail_on: Literal["critical", "high", "medium", "low", "none"] = "medium"
    on_skip: Literal["fail", "warn", "ignore"] = "fail"
    paths: tuple[str, ...] = ()
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    jobs: Annotated[int, Checked(ge=0)] = 0
    #: Where documents are done; auto: in this process, or in several where that is worth it.
    runner: Literal["auto", "local", "pool", "spark"] = "auto"
    #: The cluster of the runner spark ("local[4]", "yarn", "k8s://..."); "": as Spark is set up.
    master: str = ""
    min_score: Score | None = None
    strict: bool = False
    census: Literal["2020", "strict"] | None = None
    #: Where the keys of subjects stand, by pattern of file names: see phisweep.detect.linking.
    subject_key: dict[str, str | tuple[str, ...]] = {}
    link: Literal["auto", "told"] = "auto"
    #: At which year ages are reckoned: run-date, latest-event, or column:NAME for the events' column.
    age_reference: Annotated[
        str, Checked(pattern=r"^(?:run-date|latest-event|column:.{1,100})$")
    ] = "run-date"
    columns: dict[str, dict[str, ColumnTreatment]] = {}
    #: A file of known findings, and identifiers or rules that are not looked for in files: searches
    #: leave both out and count them; copies leave nothing out.
    baseline: str = ""
    per_path_ignores: dict[str, tuple[str, ...]] = {}
    patterns: tuple[SitePattern, ...] = ()
    files: Files = Files()
    nlp: Nlp = Nlp()
    treatments: dict[str, Treatment] = {}
    #: What becomes of pictures, over what the policy says: see phisweep.ruleset.schema.ImagingPolicy.
    pixels: Literal["hold", "blank", "ocr"] | None = None
    faces: Literal["hold", "accept"] | None = None

    def sha256(self) -> str:
        """Return the digest of the effective configuration, canonical JSON."""
        data = json.dumps(self.model_dump(mode="json"), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(data.encode()).hexdigest()


def find_config(first: str | None, explicit: str | None) -> Path | None:
    """Return the file that holds, or None. Raises UsageError where a named one is missing."""
    named = explicit or os.environ.get("PHISWEEP_CONFIG")
    if named:
        if not Path(named).is_file():
            raise UsageError("E110", "no such configuration file", where=named)
        return Path(named)
    start = Path(first).resolve() if first and first != "-" else Path.cwd()
    folder = start if start.is_dir() else start.parent
    for here in (folder, *folder.parents):
        for name in NAMES:
            path = here / name
            if path.is_file() and (name != "pyproject.toml" or _table(path) is not None):
                return path
        if (here / ".git").exists():
            return None
    return None


def load_config(path: Path | None, overrides: Mapping[str, object]) -> Config:
    """Return the file's configuration with the command's options over it. Raises UsageError."""
    data = _extended(path, ()) if path else {}
    data |= {key: value for key, value in overrides.items() if value not in (None, ())}
    data = with_slashes(data) if os.name == "nt" else data
    return _validated(data, str(path) if path else "the options")


def with_slashes(data: Mapping[str, object]) -> dict[str, object]:
    """Return a configuration whose globs part folders as names in reports do, not as Windows does."""
    made = dict(data)
    for key, value in data.items():
        if key in ("include", "exclude") and isinstance(value, list | tuple):
            made[key] = [str(glob).replace("\\", "/") for glob in value]
        elif key in ("columns", "per-path-ignores", "subject-key") and isinstance(value, dict):
            made[key] = {str(glob).replace("\\", "/"): held for glob, held in value.items()}
    return made


def _extended(path: Path, seen: tuple[Path, ...]) -> dict[str, object]:
    if path.resolve() in seen:
        raise UsageError("E111", "the configuration extends itself", where=path.name)
    data = _table(path)
    if data is None:
        raise UsageError("E112", "holds no table [tool.phisweep] in TOML", where=str(path))
    parent = data.get("extends")
    if not parent:
        return data
    base = path.parent / str(parent)
    if not base.is_file():
        raise UsageError("E110", "the configuration that it extends is missing", where=path.name)
    return {**_extended(base, (*seen, path.resolve())), **data}


def _table(path: Path) -> dict[str, object] | None:
    import tomllib  # noqa: PLC0415 - where there is a file

    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        if path.name == "pyproject.toml":
            return None
        raise UsageError("E112", "is not TOML", where=str(path)) from None
    tool = data.get("tool", {}).get("phisweep") if isinstance(data.get("tool"), dict) else None
    if path.name == "pyproject.toml" or tool is not None:
        return tool if isinstance(tool, dict) else None
    return data


def _validated(data: Mapping[str, object], where: str) -> Config:
    for key in data:
        if "_" in key:  # the models know their fields by these names too
            right = key.replace("_", "-")
            raise UsageError("E114", f"unknown key {key!r}", where=where, todo=f"Write {right!r}.")
    known = plainly(Config, data)
    if known is not None:
        return known
    from pydantic import ValidationError  # noqa: PLC0415 - where something is to be judged

    try:
        return Config.model_validate(data)
    except ValidationError as error:
        faults = error.errors(include_input=False)
        first = min(faults, key=lambda fault: fault["type"] != "extra_forbidden")
        key = ".".join(map(str, first["loc"]))
        if first["type"] != "extra_forbidden":
            raise UsageError("E113", f"{key}: {first['msg']}", where=where) from None
        import difflib  # noqa: PLC0415 - where a key is wrong

        names = [n.replace("_", "-") for n in _keys_beside(first["loc"])]
        close = difflib.get_close_matches(str(first["loc"][-1]), names, 1)
        advice = f"Did you mean {close[0]!r}?" if close else f"Known: {', '.join(names)}."
        raise UsageError("E114", f"unknown key {key!r}", where=where, todo=advice) from None


def _keys_beside(loc: Sequence[str | int]) -> Sequence[str]:
    """Return the keys that are known where an unknown one stands."""
    parts: Mapping[str, type[Model]] = {
        "files": Files,
        "nlp": Nlp,
        "patterns": SitePattern,
        "columns": ColumnTreatment,
        "treatments": Treatment,
    }
    return list((parts[str(loc[0])] if len(loc) > 1 else Config).model_keys())

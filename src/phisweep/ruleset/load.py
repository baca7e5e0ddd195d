"""rules/ -> frozen objects. The only reader of YAML; every problem is a RuleError without values."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from phisweep import caches
from phisweep.errors import RuleError
from phisweep.ruleset.schema import (
    FieldsFile,
    ListFile,
    ListsFile,
    OperatorRule,
    OperatorsFile,
    OptionRule,
    PolicyFile,
    RuleFile,
)

RULES_VERSION = "2026.1"
_M = TypeVar("_M", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Ruleset:
    """
    The law as data: rules by letter and file name, operators, lists, and a digest over all files.

    `folder` is kept so that a worker can build the same set; lists are read when asked for.
    """

    folder: Path
    rules: tuple[RuleFile, ...]
    operators: Mapping[str, OperatorRule]
    lists: Mapping[str, ListFile]
    sha256: str
    version: str = RULES_VERSION
    fields: tuple[FieldsFile, ...] = ()
    imaging: Mapping[str, OptionRule] = field(default_factory=dict)
    _cache: dict[str, frozenset[str] | tuple[str, ...]] = field(default_factory=dict, repr=False)

    def entries(self, name: str) -> tuple[str, ...]:
        """
        Return a list's lines in their order, comments (`#`) and blanks taken out.

        Raises RuleError for an unknown list and for one whose bytes are not those of its digest.
        """
        if name not in self._cache:
            self._cache[name] = self._read_list(name)
        return tuple(self._cache[name])

    def members(self, name: str) -> frozenset[str]:
        """Return a list's lines, casefolded, as a set."""
        key = "=" + name
        if key not in self._cache:
            self._cache[key] = frozenset(line.casefold() for line in self.entries(name))
        return frozenset(self._cache[key])

    def _read_list(self, name: str) -> tuple[str, ...]:
        if name not in self.lists:
            known = ", ".join(sorted(self.lists))
            raise RuleError("E151", f"no list is called {name!r}; known: {known}")
        entry = self.lists[name]
        path = self.folder / "lists" / entry.file
        try:
            data = path.read_bytes()
        except OSError as error:
            raise RuleError(
                "E152", f"the list cannot be read: {error.strerror}", where=entry.file
            ) from None
        if hashlib.sha256(data).hexdigest() != entry.sha256:
            raise RuleError(
                "E153",
                "the list is not the one that index.yaml describes (SHA-256 differs)",
                where=entry.file,
                todo="Restore it, or review it and update its digest.",
            )
        lines = map(str.strip, data.decode().splitlines())
        return tuple([line for line in lines if line and line[0] != "#"])


def default_folder() -> Path:
    """Return the rules of the wheel, else those of the checkout."""
    shipped = Path(str(files("phisweep"))) / "_rules"
    return shipped if shipped.is_dir() else Path(__file__).parents[3] / "rules"


def load_ruleset(folder: Path | None = None) -> Ruleset:
    """Read rules/. Raises RuleError where a file does not keep its contract."""
    folder = folder or default_folder()
    paths = sorted((folder / "identifiers").glob("*.yaml"))
    if not paths:
        raise RuleError("E154", "no rules here", where=str(folder / "identifiers"))
    places = sorted((folder / "fields").glob("*.yaml"))
    operators_path, lists_path = folder / "operators.yaml", folder / "lists" / "index.yaml"
    kept = _kept([*paths, *places, operators_path, lists_path], folder, "rules")
    rules = tuple(_valid(kept[path], path, RuleFile) for path in paths)
    seen: set[str] = set()
    for rule, path in zip(rules, paths, strict=True):
        if rule.id in seen:
            raise RuleError("E155", "another file has the same id", where=path.name)
        seen.add(rule.id)
    law = _valid(kept[operators_path], operators_path, OperatorsFile)
    lists = _valid(kept[lists_path], lists_path, ListsFile).lists
    fields = tuple(_valid(kept[path], path, FieldsFile) for path in places)
    return Ruleset(
        folder,
        rules,
        law.operators,
        lists,
        _digest(folder),
        fields=fields,
        imaging={str(option): rule for option, rule in law.imaging.items()},
    )


def load_fields(name: str, folder: Path | None = None) -> FieldsFile:
    """Return one file of rules/fields/ without the others. Raises RuleError."""
    folder = folder or default_folder()
    path = folder / "fields" / f"{name}.yaml"
    return _valid(_kept([path], folder, "fields")[path], path, FieldsFile)


def load_policy(name: str, ruleset: Ruleset) -> PolicyFile:
    """
    Return the policy of that name, or of the file at that path, merged over what it extends.

    Raises RuleError.
    """
    known = ruleset.folder / "policies" / f"{name}.yaml"
    path = known if known.is_file() else Path(name)
    if not path.is_file():
        choices = ", ".join(sorted(p.stem for p in known.parent.glob("*.yaml")))
        raise RuleError(
            "E156", f"no policy is called that; shipped: {choices}", todo="Or give a file's path."
        )
    return _extended(path, ruleset, ())


def _extended(path: Path, ruleset: Ruleset, seen: tuple[Path, ...]) -> PolicyFile:
    if path.resolve() in seen:
        raise RuleError("E157", "the policy extends itself", where=path.name)
    policy = _valid(_kept([path], ruleset.folder, "policy")[path], path, PolicyFile)
    if policy.extends is None:
        return policy
    shipped = ruleset.folder / "policies" / f"{policy.extends}.yaml"
    parent_path = shipped if shipped.is_file() else path.parent / policy.extends
    if not parent_path.is_file():
        raise RuleError("E156", "the policy that it extends is not there", where=path.name)
    parent = _extended(parent_path, ruleset, (*seen, path.resolve()))
    told = policy.model_dump(exclude_unset=True)
    merged = {**parent.model_dump(), **told}
    merged["imaging"] = {**parent.imaging.model_dump(), **told.get("imaging", {})}
    merged["treatments"] = {
        **parent.model_dump()["treatments"],
        **policy.model_dump()["treatments"],
    }
    merged["settings"] = {**parent.settings, **policy.settings}
    merged["columns"] = {**parent.model_dump()["columns"], **policy.model_dump()["columns"]}
    return PolicyFile.model_validate(merged)


def read_file(path: Path, model: type[_M]) -> _M:
    """Read and validate one YAML file. Raises RuleError that names place and kind of each fault."""
    return _valid(_parsed(path, _text(path)), path, model)


def _kept(paths: Sequence[Path], folder: Path, kind: str) -> Mapping[Path, Any]:
    """Return what YAML files hold; shipped ones from the last run, if it read the very same texts."""
    texts = [_text(path) for path in paths]
    if folder != default_folder():
        return {path: _parsed(path, text) for path, text in zip(paths, texts, strict=True)}
    digest = hashlib.sha256("\0".join(texts).encode()).hexdigest()[:32]
    data = caches.load(kind, digest, list)
    if data is None or len(data) != len(paths):
        data = [_parsed(path, text) for path, text in zip(paths, texts, strict=True)]
        caches.save(kind, digest, data)
    return dict(zip(paths, data, strict=True))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise RuleError("E152", f"cannot be read: {error.strerror}", where=str(path)) from None
    except UnicodeDecodeError:
        raise RuleError("E152", "is not utf-8", where=str(path)) from None


def _parsed(path: Path, text: str) -> Any:
    import yaml  # noqa: PLC0415 - not where all files are those of the last run

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        return yaml.load(text, Loader=loader)  # noqa: S506 - a safe loader either way
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f" at line {mark.line + 1}" if mark else ""
        raise RuleError("E158", f"is not YAML{line}", where=str(path)) from None


def _valid(data: Any, path: Path, model: type[_M]) -> _M:
    try:
        return model.model_validate(data)
    except ValidationError as error:
        faults = "; ".join(_fault(e["loc"], e["msg"]) for e in error.errors(include_input=False))
        raise RuleError("E159", faults, where=path.name) from None


def _fault(loc: Sequence[str | int], message: str) -> str:
    place = ".".join(str(part) for part in loc) or "the file"
    return f"{place}: {message}"


def _digest(folder: Path) -> str:
    """SHA-256 over the sorted relative names and contents of every file of the rules."""
    total = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file() and p.suffix != ".json"):
        total.update(path.relative_to(folder).as_posix().encode() + b"\0")
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()

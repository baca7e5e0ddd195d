"""rules/ -> frozen objects. The only reader of YAML; every problem is a RuleError without values."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from pathlib import Path
from typing import Any, Protocol, Self, TypeVar

from phisweep import caches
from phisweep.errors import RuleError
from phisweep.filed import Model, frozen, place_of, thawed
from phisweep.ruleset import schema
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
from phisweep.values import dataclass

RULES_VERSION = "2026.1"


class _Readable(Protocol):
    """Model, or pydantic's."""

    @classmethod
    def model_validate(cls, data: Any, /) -> Self:
        """Return what a file held."""


_M = TypeVar("_M", bound=_Readable)


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
            text = "\n".join(self.entries(name))  # folded at once: names are many
            self._cache[key] = frozenset(text.casefold().splitlines())
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
    shipped = Path(__file__).parents[1] / "_rules"
    return shipped if shipped.is_dir() else Path(__file__).parents[3] / "rules"


def load_ruleset(folder: Path | None = None) -> Ruleset:
    """Read rules/. Raises RuleError where a file does not keep its contract."""
    folder = folder or default_folder()
    paths = sorted((folder / "identifiers").glob("*.yaml"))
    if not paths:
        raise RuleError("E154", "no rules here", where=str(folder / "identifiers"))
    places = sorted((folder / "fields").glob("*.yaml"))
    operators_path, lists_path = folder / "operators.yaml", folder / "lists" / "index.yaml"
    files: dict[Path, type[Model]] = dict.fromkeys(paths, RuleFile)
    files |= dict.fromkeys(places, FieldsFile)
    files |= {operators_path: OperatorsFile, lists_path: ListsFile}
    sha256 = _digest(folder)
    kept = _kept(files, "rules", sha256 if folder == default_folder() else "")
    rules = tuple(kept.of(RuleFile))
    seen: set[str] = set()
    for rule, path in zip(rules, paths, strict=True):
        if rule.id in seen:
            raise RuleError("E155", "another file has the same id", where=path.name)
        seen.add(rule.id)
    (law,) = kept.of(OperatorsFile)
    (lists,) = kept.of(ListsFile)
    return Ruleset(
        folder,
        rules,
        law.operators,
        lists.lists,
        sha256,
        fields=tuple(kept.of(FieldsFile)),
        imaging={str(option): rule for option, rule in law.imaging.items()},
    )


def load_fields(name: str, folder: Path | None = None) -> FieldsFile:
    """Return one file of rules/fields/ without the others. Raises RuleError."""
    folder = folder or default_folder()
    path = folder / "fields" / f"{name}.yaml"
    told = _text(path) if folder == default_folder() else ""
    (fields,) = _kept({path: FieldsFile}, "fields", told).of(FieldsFile)
    return fields


def is_shipped(policy: str, ruleset: Ruleset) -> bool:
    """Say whether a policy of that name is one of the wheel's own."""
    path = default_folder() / "policies" / f"{policy}.yaml"
    return ruleset.folder == default_folder() and path.is_file()


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
    shipped = path.parent == default_folder() / "policies"
    told = f"{path.name} {ruleset.sha256}" if shipped else ""
    (policy,) = _kept({path: PolicyFile}, "policy", told).of(PolicyFile)
    if policy.extends is None:
        return policy
    named = ruleset.folder / "policies" / f"{policy.extends}.yaml"
    parent_path = named if named.is_file() else path.parent / policy.extends
    if not parent_path.is_file():
        raise RuleError("E156", "the policy that it extends is not there", where=path.name)
    parent = _extended(parent_path, ruleset, (*seen, path.resolve()))
    own = _parsed(path, _text(path))
    merged = {**parent.model_dump(), **own}
    merged["imaging"] = {**parent.imaging.model_dump(), **own.get("imaging", {})}
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


class _Read(list[Model]):
    """What files hold, in their order."""

    def of(self, model: type[_M]) -> Iterator[_M]:
        """Yield what files of one kind hold."""
        return (one for one in self if isinstance(one, model))


def _kept(files: Mapping[Path, type[Model]], kind: str, told: str) -> _Read:
    """
    Return what YAML files hold.

    `told` names the texts of shipped ones, so that they may be as the last run left them; it is
    empty for a site's own.
    """
    name = hashlib.sha256(f"{told} {_text(Path(schema.__file__))}".encode()).hexdigest()[:32]
    known = caches.load(kind, name, _Read, _made) if told else None
    if known is None:
        known = _Read(
            _valid(_parsed(path, _text(path)), path, kind) for path, kind in files.items()
        )
        if told:
            caches.save(kind, name, frozen(known))
    return known


_made = thawed({name: kind for name, kind in vars(schema).items() if isinstance(kind, type)})


def _text(path: Path) -> str:
    try:
        return _bytes(path).decode("utf-8")
    except UnicodeDecodeError:
        raise RuleError("E152", "is not utf-8", where=str(path)) from None


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise RuleError("E152", f"cannot be read: {error.strerror}", where=str(path)) from None


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
    from pydantic import ValidationError  # noqa: PLC0415 - a file is read

    try:
        return model.model_validate(data)
    except ValidationError as error:
        faults = "; ".join(_fault(e["loc"], e["msg"]) for e in error.errors(include_input=False))
        raise RuleError("E159", faults, where=path.name) from None


def _fault(loc: Sequence[str | int], message: str) -> str:
    return f"{place_of(loc) or 'the file'}: {message}"


def _digest(folder: Path) -> str:
    """SHA-256 over the sorted relative names and contents of every file of the rules."""
    total = hashlib.sha256()
    found = [
        os.path.join(root, name)  # noqa: PTH118 - a path for each costs a start a millisecond
        for root, _, names in os.walk(folder, followlinks=True)
        for name in names
        if not name.endswith(".json")
    ]
    for path in map(Path, sorted(found, key=lambda name: name.split(os.sep))):  # noqa: PTH206
        total.update(path.relative_to(folder).as_posix().encode() + b"\0")
        total.update(hashlib.sha256(_bytes(path)).digest())
    return total.hexdigest()

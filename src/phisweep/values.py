"""
Dataclasses with slots that cost nothing until they are used.

`dataclasses` writes the methods of a class as text and compiles them when the class is defined: half
a millisecond for each of two hundred, most of which a run never makes. Here a method is written when
it is first called. What `dataclasses` does with its own (`fields`, `replace`, `asdict`), it does
with these.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import MISSING, Field, FrozenInstanceError, field
from functools import partial
from typing import Any, TypeVar, dataclass_transform, overload

_T = TypeVar("_T")


@overload
def dataclass(cls: type[_T], /) -> type[_T]: ...
@overload
def dataclass(
    *, frozen: bool = False, slots: bool = False, **more: bool
) -> Callable[[type[_T]], type[_T]]: ...
@dataclass_transform(field_specifiers=(field,))
def dataclass(
    cls: Any = None, /, *, frozen: bool = False, slots: bool = False, **more: bool
) -> Any:
    """Make of a class that annotates its fields what `dataclasses.dataclass` makes."""
    make: Any = partial(_made, frozen=frozen)
    if more or not slots:
        make = dataclasses.dataclass(frozen=frozen, slots=slots, **more)
    return make(cls) if cls else make


def _made(cls: type[Any], *, frozen: bool) -> type[Any]:
    body = {name: each for name, each in vars(cls).items() if name not in _OF_EVERY_CLASS}
    own = [name for name, kind in cls.__annotations__.items() if not kind.startswith("ClassVar")]
    before: dict[str, Any] = getattr(cls, "_told", {})
    told = before | {name: body.pop(name, MISSING) for name in own}
    if "__hash__" in body and body["__hash__"] is None:  # Python's, where __eq__ stands alone
        del body["__hash__"]
    late = [name for name in _WRITERS if name not in body]
    methods = {"__repr__": _repr} | (_FROZEN if frozen else {"__hash__": None})
    new = {
        "__slots__": tuple(name for name in own if name not in before),
        "__dataclass_fields__": _Fields(),
        "__match_args__": tuple(told),
        "_told": told,
    }
    meta: Any = type(cls)
    made: type[Any] = meta(cls.__name__, cls.__bases__, methods | body | new)
    made.__qualname__ = cls.__qualname__
    for name in late:
        if frozen or name not in _OF_FROZEN:
            setattr(made, name, _late(made, name))
    return made


def _late(cls: type[Any], name: str) -> Callable[..., Any]:
    """Return a method that is written when it is first called."""

    def method(self: Any, *given: Any, **named: Any) -> Any:
        if vars(cls)[name] is method:
            text, names = _WRITERS[name](cls)
            exec(text, names)  # noqa: S102 - of names of fields alone, as `dataclasses` does
            names[name].__qualname__ = f"{cls.__qualname__}.{name}"
            setattr(cls, name, names[name])
        return vars(cls)[name](self, *given, **named)

    return method


def _init(cls: Any) -> tuple[str, dict[str, Any]]:
    """Return the text of `__init__`, and what its names stand for."""
    names: dict[str, Any] = {"MISSING": MISSING}
    taken, lines = ["self"], []
    for name, told in cls._told.items():
        default: Any = told
        factory: Any = MISSING
        init = True
        if isinstance(told, Field):
            default, factory, init = told.default, told.default_factory, told.init
        names |= {f"set_{name}": getattr(cls, name).__set__, f"default_{name}": default}
        if factory is not MISSING:
            names[f"made_{name}"] = factory
            given = f"{name} if {name} is not MISSING else " if init else ""
            lines.append(f"set_{name}(self, {given}made_{name}())")
            default = MISSING
            taken += [f"{name}=MISSING"] if init else []
        elif init:
            lines.append(f"set_{name}(self, {name})")
            taken.append(name if default is MISSING else f"{name}=default_{name}")
        elif default is not MISSING:
            lines.append(f"set_{name}(self, default_{name})")
    if hasattr(cls, "__post_init__"):
        lines.append("self.__post_init__()")
    body = "\n  ".join(lines or ["pass"])
    return f"def __init__({', '.join(taken)}):\n  {body}", names


def _values(cls: Any, of: str, *, but: tuple[str, ...] = ()) -> str:
    """Return the text of a tuple of all that makes values alike."""
    compared = (name for name, told in cls._told.items() if getattr(told, "compare", True))
    named = [name for name in compared if name not in but]
    return f"({''.join(f'{of}.{name}, ' for name in named)})"


def _eq(cls: Any) -> tuple[str, dict[str, Any]]:
    alike = f"{_values(cls, 'self')} == {_values(cls, 'other')}"
    test = "other.__class__ is self.__class__"
    return f"def __eq__(self, other):\n  return {alike} if {test} else NotImplemented", {}


def _hash(cls: Any) -> tuple[str, dict[str, Any]]:
    but = tuple(name for name, told in cls._told.items() if getattr(told, "hash", None) is False)
    return f"def __hash__(self):\n  return hash({_values(cls, 'self', but=but)})", {}


def _getstate(cls: Any) -> tuple[str, dict[str, Any]]:
    state = "".join(f"self.{name}, " for name in cls._told)
    return f"def __getstate__(self):\n  return ({state})", {}


def _setstate(cls: Any) -> tuple[str, dict[str, Any]]:
    """Return the text of `__setstate__`: processes send each other values by the thousand."""
    names = {f"set_{name}": getattr(cls, name).__set__ for name in cls._told}
    state = "".join(f"{name}, " for name in cls._told)
    body = "; ".join(f"set_{name}(self, {name})" for name in cls._told) or "pass"
    return f"def __setstate__(self, state):\n  ({state}) = state\n  {body}", names


class _Fields:
    """`__dataclass_fields__`, made by `dataclasses` itself for who asks."""

    def __get__(self, _: object, cls: Any) -> dict[str, Field[Any]]:
        kinds: dict[str, Any] = {}
        for base in reversed(cls.__mro__):
            kinds |= vars(base).get("__annotations__", {})
        body = {name: each for name, each in cls._told.items() if each is not MISSING}
        body |= {"__annotations__": kinds, "__module__": cls.__module__}
        alike: Any = dataclasses.dataclass(type(cls.__name__, (), body))
        cls.__dataclass_fields__ = alike.__dataclass_fields__
        return dict(alike.__dataclass_fields__)


def _repr(self: Any) -> str:
    shown = [name for name, told in self._told.items() if getattr(told, "repr", True) is not False]
    told = ", ".join(f"{name}={getattr(self, name)!r}" for name in shown)
    return f"{type(self).__qualname__}({told})"


def _refuse(self: Any, name: str, *_: object) -> None:
    raise FrozenInstanceError(f"cannot assign to field {name!r} of {type(self).__name__}")


_OF_EVERY_CLASS = ("__dict__", "__weakref__")
_WRITERS: dict[str, Callable[[Any], tuple[str, dict[str, Any]]]] = {
    "__init__": _init, "__eq__": _eq, "__hash__": _hash,
    "__getstate__": _getstate, "__setstate__": _setstate,
}  # fmt: skip
_FROZEN: dict[str, Any] = {"__setattr__": _refuse, "__delattr__": _refuse}
#: What a class has only where its values cannot change.
_OF_FROZEN = ("__hash__", "__getstate__", "__setstate__")

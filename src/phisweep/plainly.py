"""What a file told, where it is plainly right: the common case, without importing pydantic."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from phisweep.filed import Checked, Model

_M = TypeVar("_M", bound=Model)
_KEEPS: Mapping[str, Callable[[Any, Any], bool]] = {
    "ge": lambda value, least: bool(value >= least),
    "le": lambda value, most: bool(value <= most),
    "min_length": lambda value, least: len(value) >= least,
    "pattern": lambda value, pattern: (  # "$" of pydantic's is no place before a line feed
        value.isascii() and value.isprintable() and bool(re.search(pattern, value))
    ),
}


class _UnsureError(Exception):
    """What pydantic is to judge."""


def plainly(kind: type[_M], data: object) -> _M | None:
    """
    Return the model that the data tells, None where pydantic is to judge it.

    What is returned is what pydantic would make of it: values are of the very types that are asked
    for, and lists become tuples.
    """
    try:
        made: _M = _model(kind, data)
    except _UnsureError:
        return None
    return made


def _model(kind: type[_M], data: Any) -> _M:
    names = {key: name for name, key in kind.model_keys().items()}
    if type(data) is not dict or not data.keys() <= names.keys():
        raise _UnsureError
    kinds = get_type_hints(kind, include_extras=True)
    told = {names[key]: _value(kinds[names[key]], value) for key, value in data.items()}
    try:
        return kind(**told)
    except (TypeError, ValueError):
        raise _UnsureError from None


def _value(kind: Any, value: Any) -> Any:
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return _either(inner, value)
    if origin is Annotated:
        return _kept(_value(inner[0], value), inner[1:])
    if origin is tuple and inner[1:] == (...,) and type(value) in (tuple, list):
        return tuple(_value(inner[0], each) for each in value)
    if origin is dict and type(value) is dict:
        return {_value(inner[0], key): _value(inner[1], each) for key, each in value.items()}
    if origin is Literal:
        right = type(value) is str and value in inner
    elif isinstance(kind, type) and issubclass(kind, Model):
        return _model(kind, value)
    else:
        right = kind in (str, int, float, bool, type(None)) and type(value) is kind
    if not right:
        raise _UnsureError
    return value


def _either(kinds: tuple[Any, ...], value: Any) -> Any:
    for kind in kinds:
        try:
            return _value(kind, value)
        except _UnsureError:
            continue
    raise _UnsureError


def _kept(value: Any, marks: tuple[Any, ...]) -> Any:
    """Return a value that is as it must be."""
    for mark in marks:
        told = mark.told if isinstance(mark, Checked) else {"": None}
        if not all(name in _KEEPS and _KEEPS[name](value, asked) for name, asked in told.items()):
            raise _UnsureError
    return value

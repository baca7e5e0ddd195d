"""
What files hold, as values: made by a plain class, checked by pydantic where a file enters.

A `Model` is written like one of pydantic's and has methods of the same names. To import pydantic and
to make its models takes longer than to search a small file; so what is made here is made without,
and unchecked, and the model of pydantic's that checks what somebody else wrote is made when the
first such file is read. Constraints stand in annotations, which are text until then.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import FrozenInstanceError
from typing import (
    TYPE_CHECKING,
    Annotated,
    Any,
    ClassVar,
    Literal,
    Self,
    dataclass_transform,
    get_type_hints,
)

if TYPE_CHECKING:
    from pydantic import BaseModel, TypeAdapter
    from pydantic.fields import FieldInfo
    from pydantic_core import CoreSchema


_KIND, _DAY = "=", "day"  # what names a kind in what is kept
_OURS = re.compile(r"function-after\[.*, (\w+)\]")  # as pydantic writes a kind of ours
_REQUIRED: Any = object()  # stands where a field has no default


class _Aliased:
    def __init__(self, alias: str, default: Any) -> None:
        self.alias = alias
        self.default = default


def field(*, alias: str, default: Any = _REQUIRED) -> Any:
    """Return what says that a field has another key in the file."""
    return _Aliased(alias, default)


class Checked:
    """What a value must keep, as in pydantic's `Field`: `Annotated[int, Checked(ge=0)]`."""

    def __init__(self, **told: Any) -> None:
        self.told = told

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> CoreSchema:
        """Tell pydantic."""
        from pydantic import Field  # noqa: PLC0415 - where a file is read

        made: CoreSchema = handler.generate_schema(Annotated[source, Field(**self.told)])
        return made


class Before:
    """What is done to a value before it is checked, as pydantic's `BeforeValidator`."""

    def __init__(self, function: Callable[[Any], Any]) -> None:
        self.function = function

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> CoreSchema:
        """Tell pydantic."""
        from pydantic_core import core_schema  # noqa: PLC0415 - where a file is read

        return core_schema.no_info_before_validator_function(self.function, handler(source))


class _Fields:
    """The fields of a class, as pydantic knows them."""

    def __get__(self, _: object, cls: type[Model]) -> dict[str, FieldInfo]:
        return dict(_twin(cls).model_fields)


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(field,))
class Model:
    """
    A frozen value with the fields that its class annotates.

    `model_config` is pydantic's, over that of the class before. `_check` raises ValueError for fields
    that do not agree, whoever made them; `_entered` is what a file held, made fit to be kept. Of a
    class with `guarded` set, pydantic checks what we make too.
    """

    guarded: ClassVar[bool] = False
    model_config: ClassVar[Mapping[str, Any]] = {}
    model_fields: ClassVar[_Fields] = _Fields()
    _defaults: ClassVar[dict[str, Any]] = {}
    _aliases: ClassVar[dict[str, str]] = {}
    _needed: ClassVar[frozenset[str]] = frozenset()
    _dicts: ClassVar[tuple[str, ...]] = ()  # whose default is {}, which no two models share

    def __init_subclass__(cls) -> None:
        kinds = cls.__annotations__.items()
        own = [name for name, kind in kinds if not kind.startswith("ClassVar")]
        cls._defaults, cls._aliases = dict(cls._defaults), dict(cls._aliases)
        alias = cls.model_config.get("alias_generator")
        for name in own:
            default, key = vars(cls).get(name, _REQUIRED), alias(name) if alias else name
            if isinstance(default, _Aliased):
                default, key = default.default, default.alias
            cls._defaults[name] = default
            if key != name:
                cls._aliases[key] = name
        cls._needed = frozenset(n for n, default in cls._defaults.items() if default is _REQUIRED)
        cls._dicts = tuple(n for n, default in cls._defaults.items() if type(default) is dict)

    def __init__(self, **told: Any) -> None:
        for key, name in self._aliases.items():
            if key in told:
                told[name] = told.pop(key)
        made = self._defaults | told
        if len(made) != len(self._defaults) or not self._needed <= told.keys():
            wrong = self._needed.difference(told) | told.keys() - self._defaults.keys()
            raise TypeError(f"{type(self).__name__}: missing, or no field of it: {sorted(wrong)}")
        for name in self._dicts:
            made[name] = told.get(name, {})
        if self.guarded:
            made = vars(self.model_validate({key: made[n] for n, key in self.model_keys().items()}))
            vars(self).update(made)
        else:
            vars(self).update(made)
            self._check()

    def _check(self) -> None:
        """See that the fields agree. Raises ValueError."""

    def _entered(self, _: dict[Any, Any]) -> Self:
        """Return what is kept of a value that a file held; the dict is for all of that file."""
        return self

    def __setattr__(self, name: str, value: object) -> None:
        raise FrozenInstanceError(f"cannot assign to field {name!r}")

    def __delattr__(self, name: str) -> None:
        raise FrozenInstanceError(f"cannot delete field {name!r}")

    def _values(self) -> tuple[Any, ...]:
        return tuple(map(vars(self).get, self._defaults))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Model) or type(other) is not type(self):
            return NotImplemented
        return self._values() == other._values()

    def __hash__(self) -> int:
        return hash((type(self), self._values()))

    def __repr__(self) -> str:
        told = zip(self._defaults, self._values(), strict=True)
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in told)})"

    def model_copy(self, *, update: Mapping[str, Any] | None = None) -> Self:
        """Return a copy with other values in some fields, unchecked."""
        made = object.__new__(type(self))
        told = zip(self._defaults, self._values(), strict=True)
        vars(made).update(dict(told), **(update or {}))
        return made

    def model_dump(
        self,
        *,
        mode: Literal["python", "json"] = "python",
        by_alias: bool = False,
        include: Collection[str] | None = None,
        exclude: Collection[str] = (),
    ) -> dict[str, Any]:
        """Return the fields as a dict, and what models they hold likewise; json: as JSON has it."""
        keys = self.model_keys()
        return {
            keys[name] if by_alias else name: _dumped(value, mode, by_alias=by_alias)
            for name, value in zip(self._defaults, self._values(), strict=True)
            if name not in exclude and (include is None or name in include)
        }

    def model_dump_json(self, *, by_alias: bool = False, indent: int | None = None) -> str:
        """Return the fields as JSON."""
        return text_of(self, by_alias=by_alias, indent=indent)

    @classmethod
    def model_keys(cls) -> dict[str, str]:
        """Return the names of the fields, each with its key in a file."""
        keys = {name: key for key, name in cls._aliases.items()}
        return {name: keys.get(name, name) for name in cls._defaults}

    @classmethod
    def model_validate(cls, data: object) -> Self:
        """Return what a file held. Raises pydantic's ValidationError."""
        made: Self = _adapter(cls).validate_python(data, context={})
        return made

    @classmethod
    def model_validate_json(cls, data: str | bytes) -> Self:
        """Return what JSON holds. Raises pydantic's ValidationError."""
        made: Self = _adapter(cls).validate_json(data, context={})
        return made

    @classmethod
    def model_json_schema(cls, *, by_alias: bool = True) -> dict[str, Any]:
        """Return the JSON schema of a file."""
        return _adapter(cls).json_schema(by_alias=by_alias)

    @classmethod
    def __get_pydantic_core_schema__(cls, _: Any, handler: Any) -> CoreSchema:
        """Tell pydantic: what its own model of the fields takes, made one of ours."""
        from pydantic_core import core_schema  # noqa: PLC0415 - where a file is read

        def made(twin: BaseModel, info: Any) -> Model:
            model = object.__new__(cls)
            vars(model).update(vars(twin))
            model._check()
            return model._entered(info.context)

        return core_schema.with_info_after_validator_function(
            made,
            handler.generate_schema(_twin(cls)),
            serialization=core_schema.plain_serializer_function_ser_schema(cls.model_dump),
        )


def frozen(value: Any) -> Any:
    """Return what holds models as JSON can keep it: of each its kind, and what is not as ever."""
    if isinstance(value, Model):
        told = zip(value._defaults.items(), value._values(), strict=True)  # noqa: SLF001 - its own
        kept = {name: frozen(each) for (name, default), each in told if each != default}
        return {_KIND: type(value).__name__, **kept}
    if isinstance(value, Mapping):
        return {key: frozen(each) for key, each in value.items()}
    if isinstance(value, tuple | list):
        return [frozen(each) for each in value]
    return {_KIND: _DAY, "of": value.isoformat()} if isinstance(value, dt.date) else value


def thawed(kinds: Mapping[str, type[Model]]) -> Callable[[dict[str, Any]], Any]:
    """
    Return what makes of an object of such JSON what it was, for `json.loads`; unchecked.

    It raises LookupError or ValueError where the kinds are others than they were. Lists are tuples.
    """

    def made(told: dict[str, Any]) -> Any:
        name = told.pop(_KIND, None)
        for key, value in told.items():
            if type(value) is list:
                told[key] = tuple(value)
        if name is None:
            return told
        if name == _DAY:
            return dt.date.fromisoformat(told["of"])
        kind = kinds[name]
        model = object.__new__(kind)
        fields = vars(model)
        fields.update(kind._defaults)  # noqa: SLF001 - of a class here
        for key in kind._dicts:  # noqa: SLF001
            fields[key] = {}
        fields.update(told)
        if len(fields) != len(kind._defaults) or not kind._needed <= told.keys():  # noqa: SLF001
            raise ValueError("the fields are others")
        return model

    return made


def definitions(kinds: Collection[type[Model]]) -> dict[str, Any]:
    """Return the JSON schemas of several kinds of files, with what they are made of, by name."""
    from pydantic import TypeAdapter  # noqa: PLC0415 - where a schema is asked for

    asked: list[tuple[str, Literal["validation"], TypeAdapter[Any]]]
    asked = [(kind.__name__, "validation", _adapter(kind)) for kind in kinds]
    found: dict[str, Any] = TypeAdapter.json_schemas(asked)[1]["$defs"]
    return found


def place_of(loc: Sequence[str | int]) -> str:
    """Return the place of a fault in a file, "" for the whole; of several kinds it names one."""
    return ".".join(_OURS.sub(r"\1", str(part)) for part in loc)


def text_of(value: object, *, by_alias: bool = True, indent: int | None = None) -> str:
    """Return a model, or what holds models, as JSON."""
    from pydantic_core import to_json  # noqa: PLC0415 - where JSON is written

    def plain(model: Model) -> dict[str, Any]:
        keys = model.model_keys() if by_alias else model._defaults  # noqa: SLF001 - of a class here
        return dict(zip(keys.values() if by_alias else keys, model._values(), strict=True))  # noqa: SLF001

    return to_json(value, fallback=plain, indent=indent).decode()


def _dumped(value: Any, mode: Literal["python", "json"], *, by_alias: bool) -> Any:
    if isinstance(value, Model):
        return value.model_dump(mode=mode, by_alias=by_alias)
    if isinstance(value, Mapping):
        return {key: _dumped(each, mode, by_alias=by_alias) for key, each in value.items()}
    if isinstance(value, tuple | list):
        items = [_dumped(each, mode, by_alias=by_alias) for each in value]
        return items if mode == "json" or isinstance(value, list) else tuple(items)
    return value.isoformat() if mode == "json" and isinstance(value, dt.date) else value


def _adapter(cls: type[Model]) -> TypeAdapter[Any]:
    """Return what reads files that hold a model."""
    if "_adapted" not in vars(cls):
        from pydantic import TypeAdapter  # noqa: PLC0415 - where a file is read

        cls._adapted = TypeAdapter(cls)  # type: ignore[attr-defined] # once a class
    made: TypeAdapter[Any] = vars(cls)["_adapted"]
    return made


def _twin(cls: type[Model]) -> type[BaseModel]:
    """Return pydantic's model of the same fields."""
    if "_twinned" not in vars(cls):
        from pydantic import Field, create_model  # noqa: PLC0415 - where a file is read

        kinds = get_type_hints(cls, include_extras=True)
        fields = {}
        for name, key in cls.model_keys().items():
            default = cls._defaults[name]
            given = ... if default is _REQUIRED else default
            fields[name] = (kinds[name], Field(given, alias=None if key == name else key))
        config: dict[str, Any] = {}
        for base in reversed(cls.__mro__):
            config |= vars(base).get("model_config", {})
        config.pop("alias_generator", None)  # what it gave stands at each field
        config["from_attributes"] = True  # a model of ours may stand in what we make
        named = {"__doc__": cls.__doc__, "__module__": cls.__module__, "__config__": config}
        cls._twinned = create_model(cls.__name__, **named, **fields)  # type: ignore[attr-defined,call-overload] # once a class
    made: type[BaseModel] = vars(cls)["_twinned"]
    return made

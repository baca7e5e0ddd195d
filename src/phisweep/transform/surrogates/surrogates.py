"""The surrogates of a run: for each identifier, the kind of invented value that takes its place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from phisweep.transform.operators import Context, Seeds
from phisweep.transform.surrogates import contact, keyed, names, network, numbers, places
from phisweep.transform.surrogates.alike import DrawOf
from phisweep.transform.surrogates.draws import Draw
from phisweep.transform.surrogates.email import email
from phisweep.transform.surrogates.knownnames import Formal, same
from phisweep.transform.surrogates.pools import Pools

#: What is a key of records is the same in whoever's record it stands.
_KEYS = frozenset({"other_id/key", "other_id/any-uuid", "other_id/fhir-id", "url/fhir-reference"})
_RECORD = "mrn"


@dataclass(frozen=True, slots=True)
class OurSurrogates:
    """
    Surrogates drawn from seeds and pools; it satisfies `operators.Surrogates`.

    A value has one surrogate for each subject; a record number, or another key, has one in all
    records. `formal` returns the formal form of a given name ("robert" for "bob").
    """

    seeds: Seeds = field(repr=False)
    pools: Pools = field(repr=False)
    formal: Formal = same

    def replace(self, text: str, context: Context) -> str | None:
        """
        Return a surrogate of the text with the white space around it, or None for a tag.

        None for identifiers that have a generalisation of their own (dates, ZIP codes, ages), and
        where no surrogate can be had that is no value of the data.
        """
        core = text.strip()
        make = _MAKERS.get(context.identifier)
        if make is None or not core:
            return None
        made = make(self, core, context)
        if made is None or made == core:
            return None
        begin = text.index(core)
        return text[:begin] + made + text[begin + len(core) :]

    @property
    def derived(self) -> bool:
        """Say whether they come of the value and a key, so that they are kept nowhere."""
        return self.seeds.derived

    def is_key(self, context: Context) -> bool:
        """Say whether the text is a key of records, so that two of them must not become one."""
        return context.identifier == _RECORD or context.rule in _KEYS

    def draw_of(self, context: Context) -> DrawOf:
        """Return what gives the stream of a purpose and a value of the context's subject."""
        subject = "" if self.is_key(context) else context.subject
        return lambda purpose, value: Draw(self.seeds.seed(purpose, value, subject))


def _name(all_: OurSurrogates, text: str, context: Context) -> str | None:
    draw_of = all_.draw_of(context)
    made = names.name(text, draw_of, all_.pools, context.person, formal=all_.formal)
    if made is None or not any(map(str.isdigit, made)):
        return made
    draw = draw_of("user-digits", text)  # of jsmith1962, which may tell a year of birth
    return "".join(str(draw.below(10)) if c.isdigit() else c for c in made)


def _place(all_: OurSurrogates, text: str, context: Context) -> str | None:
    pattern = context.rule.partition("/")[2] if context.rule.startswith("location/") else ""
    return places.place(text, pattern, all_.draw_of(context), all_.pools)


def _phone(all_: OurSurrogates, text: str, context: Context) -> str | None:
    return contact.phone(text, all_.draw_of(context), all_.pools)


def _email(all_: OurSurrogates, text: str, context: Context) -> str | None:
    return email(
        text,
        all_.draw_of(context),
        all_.pools,
        context.person,
        lambda name: _name(all_, name, context),
    )


def _url(all_: OurSurrogates, text: str, context: Context) -> str | None:
    pattern = context.rule.partition("/")[2]
    if pattern == "fhir-reference" and "/" in text:
        kind, _, value = text.rpartition("/")
        made = _number(all_, value, context)
        return None if made is None else f"{kind}/{made}"
    if pattern == "parameter":
        return _number(all_, text, context)
    return network.url(text, all_.draw_of(context), all_.pools)


def _ip(all_: OurSurrogates, text: str, context: Context) -> str | None:
    return network.address(text, all_.draw_of(context), all_.pools)


def _ssn(all_: OurSurrogates, text: str, context: Context) -> str | None:
    return numbers.ssn(text, all_.draw_of(context), all_.pools)


def _number(all_: OurSurrogates, text: str, context: Context) -> str | None:
    if all_.is_key(context):
        return keyed.key(text, numbers.places(text), all_.seeds, all_.pools)
    return numbers.number(text, all_.draw_of(context), all_.pools)


def _device(all_: OurSurrogates, text: str, context: Context) -> str | None:
    if network.HARDWARE.fullmatch(text):
        return network.hardware(text, all_.draw_of(context), all_.pools)
    return _number(all_, text, context)


_MAKERS: Mapping[str, Callable[[OurSurrogates, str, Context], str | None]] = {
    "name": _name,
    "location": _place,
    "phone": _phone,
    "fax": _phone,
    "email": _email,
    "url": _url,
    "ip": _ip,
    "ssn": _ssn,
    "device": _device,
} | dict.fromkeys(("mrn", "health_plan", "account", "license", "vehicle", "other_id"), _number)

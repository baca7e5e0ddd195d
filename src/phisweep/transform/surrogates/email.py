"""E-mail addresses: of domains kept for examples, with the person's invented names."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import product

from phisweep.keys import fold
from phisweep.transform.operators import Person
from phisweep.transform.surrogates.alike import DrawOf, alike, cased, redrawn, resembles
from phisweep.transform.surrogates.draws import Draw
from phisweep.transform.surrogates.pools import Pools

#: RFC 2606, section 3.
DOMAINS = ("org", "com", "net")
_AT = re.compile(r"\s*[(\[{<]\s*at\s*[)\]}>]\s*|\s+at\s+|\s*@\s*|%40", re.IGNORECASE)
_DOT = re.compile(r"\s*[(\[{<]\s*dot\s*[)\]}>]\s*|\s+dot\s+|\.", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+")

#: Returns the surrogate of a name of the subject, or None.
NameOf = Callable[[str], str | None]


def email(
    text: str, draw_of: DrawOf, pools: Pools, person: Person | None, name_of: NameOf
) -> str | None:
    """
    Return an address at example.org, example.com or example.net (RFC 2606), one for each domain.

    Names of the person in its first half, also as `jdoe` or `doe_jane`, become the person's
    surrogate names, all else letters and digits in its shape. "(at)" and "dot" stay as they are
    written. None where there is no at.
    """
    at = _AT.search(text)
    if at is None or not fold(text[: at.start()]):
        return None
    local, domain = text[: at.start()], text[at.end() :]
    dot = _DOT.search(domain)
    ending = DOMAINS[draw_of("email-domain", domain).below(len(DOMAINS))]
    host = f"example{dot[0] if dot else '.'}{ending}"
    draw = draw_of("email", _DOT.sub(".", local))
    known = _spellings(person, name_of) if person else {}

    def make() -> str:
        return f"{_dots_kept(local, known, draw)}{at[0]}{host}"

    return redrawn(
        make,
        lambda made: (
            resembles(local, made.partition(at[0])[0])
            or fold(made) == fold(text)
            or pools.occurs(made)
        ),
    )


def _dots_kept(local: str, known: dict[str, str], draw: Draw) -> str:
    """Return the local part drawn anew, between dots that may be words."""
    out, start = [], 0
    for dot in _DOT.finditer(local):
        out += [_part(local[start : dot.start()], known, draw), dot[0]]
        start = dot.end()
    return "".join([*out, _part(local[start:], known, draw)])


def _part(text: str, known: dict[str, str], draw: Draw) -> str:
    out, start = [], 0
    for word in _WORD.finditer(text):
        new = known.get(fold(word[0]))
        made = alike(word[0], draw) if new is None else cased(word[0], new)
        out += [alike(text[start : word.start()], draw), made]
        start = word.end()
    return "".join([*out, alike(text[start:], draw)])


def _spellings(person: Person, name_of: NameOf) -> dict[str, str]:
    """Return how the person's names, folded, stand in addresses, and the surrogates for it."""
    given = _surrogates(person.given, name_of)
    surnames = _surrogates(person.surnames, name_of)
    known = {name[0]: made[0] for name, made in given.items()} | given | surnames
    for (g, new_g), (s, new_s) in product(given.items(), surnames.items()):
        known |= {
            g + s: new_g + new_s,
            s + g: new_s + new_g,
            g[0] + s: new_g[0] + new_s,
            s + g[0]: new_s + new_g[0],
            g + s[0]: new_g + new_s[0],
            g[0] + s[0]: new_g[0] + new_s[0],
        }
    return known


def _surrogates(names: tuple[str, ...], name_of: NameOf) -> dict[str, str]:
    """Return the folded names that have a surrogate, with it in small letters alone."""
    pairs = ((fold(name), fold(name_of(name) or "")) for name in names if fold(name))
    return {name: made for name, made in pairs if made}

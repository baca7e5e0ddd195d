"""Invented mail and web addresses, of the domains that are kept for examples (RFC 2606)."""

from __future__ import annotations

from phisweep.canary.chance import Chance
from phisweep.canary.values.base import Invented, Kit, cased
from phisweep.canary.values.names import name_like
from phisweep.keys import fold

_ENDINGS = ("org", "com", "net")


def email(chance: Chance, kit: Kit) -> Invented:
    """Return a mail address for running text."""
    style = chance.weighted((("plain", 6), ("with digits", 2), ("in capitals", 1), ("(at)", 1)))
    local = ".".join(_words(chance, kit))
    host = f"example.{chance.pick(_ENDINGS)}"
    if style == "with digits":
        local += chance.digits(3)
    text = f"{local}(at){host}" if style == "(at)" else f"{local}@{host}"
    return Invented(text.upper() if style == "in capitals" else text, style, "email")


def plain_email(chance: Chance, kit: Kit) -> Invented:
    """Return a mail address as most are."""
    text = f"{'_'.join(_words(chance, kit))}@example.{chance.pick(_ENDINGS)}"
    return Invented(text, "plain", "email")


def email_like(chance: Chance, kit: Kit, like: str, label: str) -> Invented:  # noqa: ARG001 - as all
    """Return a mail address, in capitals where the one that stands there is."""
    made = plain_email(chance, kit)
    return Invented(cased(made.text, like), made.style, made.topic)


def url(chance: Chance, kit: Kit) -> Invented:
    """Return a web address for running text."""
    given, last = _words(chance, kit)
    style, text = chance.pick(
        (
            ("https", f"https://example.org/people/{given}-{last}"),
            ("https, query", f"https://portal.example.com/view?id={chance.digits(7)}"),
            ("http", f"http://www.example.net/~{given[0]}{last}"),
            ("www", f"www.example.com/{last}family"),
        )
    )
    return Invented(text, style, "url")


def plain_url(chance: Chance, kit: Kit) -> Invented:
    """Return a web address as most are."""
    given, last = _words(chance, kit)
    return Invented(f"https://example.org/people/{given}-{last}", "https", "url")


def url_like(chance: Chance, kit: Kit, like: str, label: str) -> Invented:  # noqa: ARG001 - as all
    """Return a web address."""
    return plain_url(chance, kit)


def _words(chance: Chance, kit: Kit) -> tuple[str, str]:
    """Return the words of an invented name, as they stand in addresses."""
    given, _, last = name_like(chance, kit, "First Last", "").text.partition(" ")
    return fold(given), fold(last)

"""URLs, IP and hardware addresses: of ranges kept for documentation."""

from __future__ import annotations

import ipaddress
import re

from phisweep.keys import fold
from phisweep.marks import CODE_LETTERS
from phisweep.transform.surrogates.alike import DrawOf, alike, redrawn
from phisweep.transform.surrogates.draws import Draw
from phisweep.transform.surrogates.pools import Pools

HARDWARE = re.compile(
    r"(?:[\dA-F]{2}[:-]){5}[\dA-F]{2}|(?:[\dA-F]{4}\.){2}[\dA-F]{4}", re.IGNORECASE
)
#: RFC 5737.
NETWORKS = ("192.0.2", "198.51.100", "203.0.113")
#: RFC 3849: 2001:db8::/32.
PREFIX = "2001:db8"
#: RFC 2606.
_HOST = "example.org"
_PART_LETTERS = 12  # at most, of one part of a path
_WEB = re.compile(
    r"(?:[a-z][a-z\d+.-]+://|www\.|(?:[a-z\d-]+\.)+[a-z]{2,}(?=[:/?#]|$))", re.IGNORECASE
)
_V4 = re.compile(r"(?P<host>\d{1,3}(?:\.\d{1,3}){3})(?P<rest>(?:[:/]\d{1,5})?)")
_V6 = re.compile(
    r"(?P<open>\[?)(?P<host>[\dA-F:.]+)(?P<rest>(?:%\w+)?\]?(?:[:/]\d{1,5})?)", re.IGNORECASE
)


def url(text: str, draw_of: DrawOf, pools: Pools) -> str | None:
    """
    Return https://example.org/ with as many parts of a path, each of drawn letters.

    A query and a fragment go. None for what is no web address, such as the path of a file.
    """
    start = _WEB.match(text.strip())
    if start is None:
        return None
    path = re.split(r"[?#]", text.strip())[0].partition("://")[2] or text.strip()
    parts = [part for part in re.split(r"[?#]", path)[0].split("/")[1:] if part]
    draw = draw_of("url", text)

    def make() -> str:
        return f"https://{_HOST}/" + "/".join(_letters(draw, len(part)) for part in parts)

    return redrawn(make, lambda made: fold(made) == fold(text) or pools.occurs(made))


def _letters(draw: Draw, length: int) -> str:
    return alike("a" * min(length, _PART_LETTERS), draw, CODE_LETTERS)


def address(text: str, draw_of: DrawOf, pools: Pools) -> str | None:
    """
    Return an IP address for documentation, with the port, prefix length or zone of the text.

    IPv4 from the three networks of RFC 5737, which have 762 hosts between them, IPv6 from
    2001:db8::/32 (RFC 3849). None for what is no address.
    """
    core = text.strip()
    four, six = _V4.fullmatch(core), _V6.fullmatch(core)
    try:
        host = ipaddress.ip_address((four or six or {"host": ""})["host"])
    except ValueError:
        return None
    draw = draw_of("ip", host.exploded)

    def make() -> str:
        if four:
            return f"{NETWORKS[draw.below(3)]}.{1 + draw.below(254)}{four['rest']}"
        groups = ":".join(f"{1 + draw.below(0xFFFF):x}" for _ in range(3))
        made = f"{PREFIX}:{groups}::{1 + draw.below(0xFFFF):x}"
        return f"{six['open']}{made}{six['rest']}" if six else made

    return redrawn(make, lambda made: fold(made) == fold(core) or pools.occurs(made))


def hardware(text: str, draw_of: DrawOf, pools: Pools) -> str | None:
    """
    Return a MAC address in the same form that no maker was given: it begins with 02.

    02 is a single, locally administered address (IEEE 802, 8.2.2). None for what is none.
    """
    core = text.strip()
    if HARDWARE.fullmatch(core) is None:
        return None
    draw = draw_of("mac", core)
    lower = core == core.lower()

    def make() -> str:
        drawn = iter(f"02{draw.below(1 << 40):010x}")
        made = "".join(next(drawn) if c.isalnum() else c for c in core)
        return made if lower else made.upper()

    return redrawn(make, lambda made: fold(made) == fold(core) or pools.occurs(made))

"""
Specimen values that can belong to nobody, because a standard keeps them for examples.

Telephone numbers 555-0100 to 555-0199 and 555-1212, which is directory assistance (NANPA), domains of
RFC 2606 and RFC 6761, addresses of RFC 5737 and RFC 3849, the loopback, the Medicare number on the
specimen cards of CMS. They are left out of a gate, and still removed from copies.
"""

from __future__ import annotations

import ipaddress
import re

_DOMAIN = re.compile(
    r"(?:^|[@./])(?:example\.(?:com|org|net)|[a-z0-9-]+\.(?:test|invalid|example)|localhost)(?=$|[/:?#])"
)
_NETWORKS = tuple(
    map(
        ipaddress.ip_network,
        (
            "192.0.2.0/24",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "2001:db8::/32",
            "127.0.0.0/8",
            "::1/128",
        ),
    )
)
_PHONE = re.compile(r"(?:1)?(?:\d{3})?555(?:01\d\d|1212)")
_MEDICARE = re.compile(r"1eg4-?te5-?mk7[23]")


def is_reserved(identifier: str, value: str) -> bool:
    """Say whether a value of an identifier is kept for examples."""
    value = value.strip().lower()
    if identifier in ("phone", "fax"):
        return bool(_PHONE.fullmatch("".join(filter(str.isdigit, value))))
    if identifier == "health_plan":
        return _MEDICARE.fullmatch(value) is not None
    if identifier in ("email", "url"):
        return bool(_DOMAIN.search(value))
    if identifier == "ip":
        try:
            address = ipaddress.ip_address(value.strip("[]"))
        except ValueError:
            return False
        return any(address in network for network in _NETWORKS)
    return False

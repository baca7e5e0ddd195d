"""Transfer syntaxes (PS3.5 annex A): how elements are written, as far as a reader must know."""

from __future__ import annotations

from dataclasses import dataclass

IMPLICIT = "1.2.840.10008.1.2"
EXPLICIT = "1.2.840.10008.1.2.1"
BIG = "1.2.840.10008.1.2.2"
#: The whole data set is packed.
DEFLATED = frozenset(("1.2.840.10008.1.2.1.99", "1.2.840.10008.1.2.4.95"))
#: GE's own, of which the pixels alone are big-endian.
_IMPLICIT = frozenset((IMPLICIT, "1.2.840.113619.5.2"))


@dataclass(frozen=True, slots=True)
class Syntax:
    """How the elements of a data set are written."""

    uid: str
    implicit: bool
    little: bool = True
    deflated: bool = False

    @staticmethod
    def of(uid: str) -> Syntax:
        """Return the syntax of that name; one that nobody knows is explicit, as the standard asks."""
        return Syntax(uid, uid in _IMPLICIT, uid != BIG, uid in DEFLATED)

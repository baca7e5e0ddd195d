"""The attributes of rows, cells and formulas, which hold no data; what else stands there is an error."""

from __future__ import annotations

import re
from collections.abc import Mapping

OF_ROW = frozenset({"r", "spans", "s", "customFormat", "ht", "hidden", "customHeight", "collapsed", "outlineLevel", "thickTop", "thickBot", "ph", "dyDescent", "style"})  # fmt: skip
OF_EVERY_CELL = frozenset({"r", "s", "t"})  # each is tested by its value
OF_CELL = frozenset({"r", "s", "t", "cm", "vm", "ph"})
OF_FORMULA = frozenset({"t", "ref", "si", "ca", "aca", "bx", "dt2D", "dtr", "del1", "del2", "r1", "r2", "space"})  # fmt: skip
_MARK = re.compile(
    r"[A-Z$]{0,4}\d[\d.:eE+\- A-Z$]{0,40}|true|false|normal|shared|array|dataTable|preserve|str"
    r"|inlineStr|[bdens]|"
)
NOTHING = frozenset({"space"})


def all_known(attributes: Mapping[str, str], known: frozenset[str]) -> bool:
    """Say whether attributes are of those names, and hold numbers, references and words of the format."""
    return all(
        key.startswith("xmlns") or (key.rpartition(":")[2] in known and _MARK.fullmatch(value))
        for key, value in attributes.items()
    )

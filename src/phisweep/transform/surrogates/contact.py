"""
Telephone and fax numbers: as they are written, in ranges where nobody answers.

555-0100 to 555-0199 of every area of the North American Numbering Plan is kept for fiction (the
guidelines of its administrator on 555), 01632 960xxx and 07700 900xxx by Ofcom of the United Kingdom, (0x) 5550 xxxx and a list
of mobile numbers by the ACMA of Australia.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from phisweep.transform.plain import plain
from phisweep.transform.surrogates.alike import (
    DrawOf,
    alike,
    digits,
    read,
    redrawn,
    resembles,
    written,
)
from phisweep.transform.surrogates.pools import Pools

#: Areas with land lines of their own in the 48 states, none of them toll-free.
_AREAS = (
    "201 203 205 206 207 208 212 213 214 215 216 217 218 219 224 225 228 229 231 234 239 240 248 251"
    " 252 253 254 256 260 262 267 269 270 276 281 301 302 303 304 305 307 308 309 310 312 313 314"
    " 315 316 317 318 319 320 321 330 334 336 337 352 360 361 386 402 404 405 406 407 409 410 412"
    " 413 414 415 417 419 423 425 434 440 479 501 502 503 504 505 507 508 509 512 513 515 516 517"
    " 518 520 530 540 541 559 561 563 570 573 580 601 602 603 605 606 607 608 609 612 614 615 616"
    " 617 618 619 620 641 651 660 662 701 702 704 706 707 712 713 715 716 717 718 719 724 731 734"
    " 740 757 760 763 765 770 772 775 781 785 801 802 803 804 806 810 812 814 815 816 817 818 828"
    " 830 843 845 847 850 859 860 863 864 865 870 901 903 904 906 907 909 910 912 913 914 915 916"
    " 918 919 920 925 931 936 937 940 941 949 952 956 970 972 973 979 985 989"
)
AREAS = tuple(_AREAS.split())
FICTION = "555"
_LINES = 100  # 0100 to 0199
_LOCAL, _NATIONAL = 7, 10
_EXTENSION = re.compile(
    r"[\s,;]*(?:(?<![a-z])(?:ext(?:ension|n)?|x)|#)[\s.:#=]*\d{1,6}\s*$", re.IGNORECASE
)
_VANITY = re.compile(r"(?:\+?1[-. ]?)?\(?8\d\d\)?[-. ]?(?=[A-Z\d-]*[A-Z]{3})(?:-?[A-Z\d]){7}")
_ABROAD = re.compile(r"\s*(?:\+|00|011[-. ])\s*")


@dataclass(frozen=True, slots=True)
class _Country:
    """
    A country code, how its numbers begin, and what is kept for drama.

    `layout` is what a number without a country code must look like to be one of it.
    """

    code: str
    begins: str
    digits: int  # of the national number, its trunk 0 not counted
    prefixes: tuple[str, ...]
    layout: re.Pattern[str]


_NEVER = re.compile(r"(?!)")
#: The ACMA's mobile numbers for creative works, without the trunk 0.
_AUSTRALIAN_MOBILES = (
    "491570006 491570156 491570157 491570158 491570159 491570110 491570313 491570737 491571266"
    " 491571491 491571804 491572549 491572665 491572983 491573770 491573087 491574118 491574632"
    " 491575254 491575789 491576398 491576801 491577426 491577644 491578957 491578148 491578888"
    " 491579212 491579760 491579455"
)
_COUNTRIES = (
    _Country("44", "7", 10, ("7700900",), re.compile(r"07\d{3}[ -]?\d{3}[ -]?\d{3}")),
    _Country("44", "", 10, ("1632960",), re.compile(r"01\d{3}[ -]\d{3}[ -]?\d{3}")),
    _Country(
        "61", "4", 9, tuple(_AUSTRALIAN_MOBILES.split()), re.compile(r"04\d\d[ -]\d{3}[ -]\d{3}")
    ),
    *(_Country("61", a, 9, (f"{a}5550", f"{a}7010"), _NEVER) for a in "2378"),
)


def phone(text: str, draw_of: DrawOf, pools: Pools) -> str | None:
    """
    Return another number in the same written form: 555-0100 to 555-0199 of another area.

    A number has one surrogate however it is written: the line is drawn from its last seven digits,
    the area from its area, so that one area stays one. `+1`, brackets and extensions keep their
    place. What has fewer than seven digits (a pager, the last four) becomes as many others. Numbers
    of the United Kingdom and Australia go to their own ranges; None for other countries', for
    which none is known, and for numbers in words.
    """
    normal = plain(text)
    extension = _EXTENSION.search(normal)
    main, rest = normal, ""
    if extension and len(digits(read(normal[: extension.start()]))) >= _LOCAL:
        main, rest = normal[: extension.start()], normal[extension.start() :]
    main = _keypad(main) if _VANITY.fullmatch(main.strip()) else read(main)
    number = digits(main)
    if not number:
        return None
    if len(number) < _LOCAL:
        return _short(main, draw_of, pools)
    made = _foreign(main, draw_of, pools)
    if made is None and not _is_abroad(main):
        made = _american(main, draw_of, pools)
    if made is None or not rest:
        return made
    tail = _short(rest, draw_of, pools)
    return None if tail is None else made + tail


def _american(main: str, draw_of: DrawOf, pools: Pools) -> str | None:
    number = digits(main)
    trunk = "1" if len(number) == _NATIONAL + 1 and number[0] == "1" else ""
    number = number.removeprefix(trunk)
    if len(number) not in {_LOCAL, _NATIONAL} or (len(number) == _NATIONAL and number[0] == "0"):
        return None  # no area begins with 0: it is another country's trunk
    area = _area(number[:-_LOCAL], draw_of)
    draw = draw_of("phone-line", number[-_LOCAL:])
    for line in draw.shuffled(_LINES):
        local = f"{FICTION}01{line:02}"
        if local[-4:] == number[-4:] or pools.occurs(local) or pools.occurs(area + local):
            continue
        made = written(main, trunk + area + local)
        if not pools.occurs(made):
            return made
    return None


def _area(area: str, draw_of: DrawOf) -> str:
    """Return another area code, "" for none."""
    if not area:
        return ""
    order = draw_of("phone-area", area).shuffled(len(AREAS))
    return next(AREAS[i] for i in order if AREAS[i] != area)


def _foreign(main: str, draw_of: DrawOf, pools: Pools) -> str | None:
    """Return another number of a country that keeps some for drama; None where it is of none."""
    number = digits(main)
    for country in _COUNTRIES:
        national = _national(main, country)
        if national is None:
            continue
        draw = draw_of("phone-abroad", country.code + national)

        def make(country: _Country = country, national: str = national) -> str:
            prefix = country.prefixes[draw.below(len(country.prefixes))]  # noqa: B023
            free = country.digits - len(prefix)
            line = str(draw.below(10**free)).zfill(free) if free else ""  # noqa: B023
            return written(main, number[: len(number) - len(national)] + prefix + line)

        return redrawn(make, lambda made: digits(made) == number or pools.occurs(made))
    return None


def _national(main: str, country: _Country) -> str | None:
    number = digits(main)
    if country.layout.fullmatch(main.strip()):
        national = number[1:]
    elif _is_abroad(main):
        national = re.sub(r"^(?:00|011)", "", number) if "+" not in main else number
        if not national.startswith(country.code):
            return None
        national = national.removeprefix(country.code)
        national = national[1:] if len(national) == country.digits + 1 else national
    else:
        return None
    begins = national.startswith(country.begins)
    return national if begins and len(national) == country.digits else None


def _is_abroad(main: str) -> bool:
    """Say whether a country code other than 1 comes first."""
    begin = _ABROAD.match(main)
    return begin is not None and not digits(main[begin.end() :]).startswith("1")


def _short(text: str, draw_of: DrawOf, pools: Pools) -> str | None:
    """Return the text with as many other digits; its letters (x, ext, pgr) stay."""
    number = digits(text)
    draw = draw_of("phone-short", number)
    return redrawn(
        lambda: written(text, alike(number, draw)),
        lambda made: resembles(text, made) or (len(number) > 3 and pools.occurs(digits(made))),  # noqa: PLR2004
    )


def _keypad(text: str) -> str:
    """Return the text with letters as the digits of their keys (ITU-T E.161): GET-WELL."""
    keys = {c: key for key, group in _KEYS for c in group}
    return "".join(keys.get(c, c) for c in text)


_KEYS = tuple(
    zip("23456789", ("ABC", "DEF", "GHI", "JKL", "MNO", "PQRS", "TUV", "WXYZ"), strict=True)
)

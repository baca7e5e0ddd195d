"""Names of attributes that HTML and SVG know, and what may stand in them."""

from __future__ import annotations

import re

from phisweep.formats.richtext.webtokens import words

URLS = words(
    "href src action formaction cite data poster background longdesc srcset imagesrcset codebase"
    " classid archive usemap ping manifest profile icon xlink:href dynsrc lowsrc"
)
#: Words and sizes of how things look and behave.
PLAIN = words(
    "align valign width height border cellpadding cellspacing bgcolor color face size rowspan colspan"
    " nowrap dir lang hspace vspace clear compact frame rules scope span type rel rev media method"
    " enctype charset target tabindex role bordercolor link vlink alink text start shape coords"
    " autocomplete spellcheck loading decoding crossorigin referrerpolicy fetchpriority sizes wrap"
    " cols rows maxlength minlength min max step http-equiv property itemprop itemtype version"
    " fill stroke stroke-width font-size viewbox d points transform x y x1 x2 y1 y2 dx dy cx cy r rx"
    " ry opacity xmlns xmlns:xlink preserveaspectratio style class translate frameborder scrolling"
    " marginwidth marginheight leftmargin topmargin language xml:lang font-family font-weight"
    " fill-opacity stroke-opacity text-anchor"
)
_OTHERS = words(
    "id name value title alt content placeholder label summary abbr accept accept-charset accesskey"
    " async autofocus autoplay checked contenteditable controls datetime default defer disabled"
    " download draggable for form headers hidden high integrity inputmode is ismap itemid itemref"
    " itemscope kind list loop low multiple muted nomodule nonce novalidate nohref noshade noresize"
    " object open optimum pattern playsinline readonly required reversed sandbox selected slot"
    " srcdoc srclang standby declare code axis char charoff prompt event popover inert enterkeyhint"
    " about datatype prefix resource typeof vocab unselectable"
)
KNOWN = URLS | PLAIN | _OTHERS
_EVENTS = re.compile(r"on[a-z]{3,25}|aria-[a-z]{3,20}|xmlns:[a-z]{1,3}\d?|mso-[a-z-]{1,20}")
_LOOKS = re.compile(
    r"[A-Za-z-]{0,20}|#[0-9A-Fa-f]{3,8}|[-+]?\d{0,4}(?:\.\d{1,4})?(?:%|px|pt|em|rem|ex|in|cm|mm|\*)?"
    r"|(?:text|application|image)/[a-z0-9.+-]{1,30}|(?:https?://www\.w3\.org/[\w/.#-]{1,60})"
)
_FIGURES = re.compile(r"[\sA-Za-z(),0-9.e+%;-]*")
_DRAWN = frozenset({"d", "points", "transform", "viewbox"})


def is_known(name: str) -> bool:
    """Say whether a lower-case name of an attribute is one of HTML's own, and no data."""
    return name in KNOWN or _EVENTS.fullmatch(name) is not None


def is_look(name: str, value: str, tag: str) -> bool:
    """Say whether a value only says how something looks or behaves."""
    if name in _DRAWN:
        return tag in _DRAWING and _FIGURES.fullmatch(value) is not None
    return name in PLAIN and _LOOKS.fullmatch(value) is not None


_DRAWING = words("svg g path polyline polygon rect circle line ellipse text use symbol")

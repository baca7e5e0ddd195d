"""What American addresses are made of: states, suffixes, units, and ZIP codes that nobody has."""

from __future__ import annotations

import re

_NAMES = (
    "Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut|Delaware|Florida|Georgia|Hawaii"
    "|Idaho|Illinois|Indiana|Iowa|Kansas|Kentucky|Louisiana|Maine|Maryland|Massachusetts|Michigan"
    "|Minnesota|Mississippi|Missouri|Montana|Nebraska|Nevada|New Hampshire|New Jersey|New Mexico"
    "|New York|North Carolina|North Dakota|Ohio|Oklahoma|Oregon|Pennsylvania|Rhode Island"
    "|South Carolina|South Dakota|Tennessee|Texas|Utah|Vermont|Virginia|Washington|West Virginia"
    "|Wisconsin|Wyoming|District of Columbia|Puerto Rico|Guam|American Samoa"
    "|U\\.S\\. Virgin Islands|US Virgin Islands|Virgin Islands|Northern Mariana Islands"
)
_CODES = (
    "AL|AK|AZ|AR|CA|CO|CT|DE|FL|GA|HI|ID|IL|IN|IA|KS|KY|LA|ME|MD|MA|MI|MN|MS|MO|MT|NE|NV|NH|NJ|NM"
    "|NY|NC|ND|OH|OK|OR|PA|RI|SC|SD|TN|TX|UT|VT|VA|WA|WV|WI|WY|DC|PR|GU|AS|VI|MP|D\\.C\\."
)
#: A state by name or by the letters of the postal service (Publication 28, appendix B).
STATE = rf"(?i:{_NAMES}|{_CODES})"
#: The same within a text, where small letters (in, or, me) are words.
STATE_CODE = rf"(?:(?i:{_NAMES})|{_CODES})"
COUNTRY = re.compile(r"(?:U\.?S\.?A?\.?|United States(?: of America)?)", re.IGNORECASE)
ZIP = r"\d{5}(?:-\d{4})?"
SUFFIX = (
    "alley|aly|avenue|ave|av|bend|boulevard|blvd|bypass|causeway|circle|cir|close|court|ct|cove|cv"
    "|crescent|cres|crossing|xing|drive|dr|expressway|expy|freeway|fwy|gardens?|grove|heights|hts"
    "|highway|hwy|hill|landing|lane|ln|loop|manor|mews|parkway|pkwy|pass|path|pike|place|pl|plaza"
    "|plz|point|pt|ridge|road|rd|row|run|square|sq|street|str|st|terrace|terr|ter|trace|trail|trl"
    "|turnpike|tpke|view|vista|walk|way"
)
DIRECTION = "north(?:east|west)?|south(?:east|west)?|east|west|[ns][ew]?|[ew]"
#: A flat, a room, a floor, and what tells which one it is.
UNIT = re.compile(
    r"(?:apt|apartment|unit|suite|ste|room|rm|floor|fl|bldg|building|lot|trlr|trailer|spc|space|ph)"
    r"\b\.?\s*#?\s*(?:[a-z]?-?\d{1,5}[a-z]?|[a-z])\b(?:-\d{1,4})?"
    r"|#\s*[a-z]?-?\d{1,5}[a-z]?\b"
    r"|\d{1,2}(?:st|nd|rd|th)\s+(?:floor|fl)\b"
    r"|\((?:upstairs|downstairs|upper|lower|rear|front|back|basement|in back|side door)\)",
    re.IGNORECASE,
)
#: Where in a house a flat is, in words that stay.
WHERE = frozenset(
    {
        "upstairs",
        "downstairs",
        "upper",
        "lower",
        "rear",
        "front",
        "back",
        "basement",
        "side",
        "door",
    }
)
_FREE = (
    "001 002 003 004 099 213 269 343 345 348 353 419 428 429 517 518 519 529 533 536 552 568 578"
    " 579 589 621 632 642 643 663 682 694 695 696 697 698 699 702 709 715 732 742 817 818 819 848"
    " 849 854 858 861 862 866 867 868 869 876 886 887 888 892 896 909 929 987"
)
#: Prefixes that the postal service has given to no place; none is in the census of 2020.
FREE_PREFIXES = tuple(_FREE.split())
#: Words of rooms, boxes and roads that a number follows, or that follow a number; none is a name.
_NUMBERED = (
    "annex apartment apt area bay bed bldg block box bsmt building cabin ccu cdu cicu corridor county"
    " cticu cubicle cvicu desk drawer ed er exit fl floor gate hall hallway highway hwy icu imcu"
    " interstate level lobby lot micu mile milepost mm ndl nccu nicu nsicu number or pacu pcu picu pmb"
    " po pob pod post precinct rd rfd rm rms room rooms route rr rte rural section sicu slip space spc"
    " st state ste station stepdown sticu street suite tele ticu tower trailer trlr unit us wing ward"
    " north south east west northeast northwest southeast southwest the of and"
)
NUMBERED = frozenset(_NUMBERED.split())
FACILITY = re.compile(
    r"\b(?:hosp(?:ital)?s?|clinics?|cent(?:er|re)s?|ctrs?|medical|health(?:care)?|pharmacy|hospice"
    r"|institute|infirmary|sanatorium|nursing|rehab\w*|dialysis|surgicenter|urgent care|school"
    r"|academy|college|university|church|chapel|temple|mosque|synagogue|shelter|home|manor|pavilion"
    r"|associates|physicians|library|jail|prison|daycare|memorial|general|regional)\b",
    re.IGNORECASE,
)
COUNTY = re.compile(r"\b(?:county|parish|borough|co\.)", re.IGNORECASE)

"""
The written forms of a date, one regex each: `rules/identifiers/C-dates.yaml` seen from inside.

The rules say where a date stands; a form says which part of it is the month. The names of the
groups are the kinds of `datefields`; `a` and `b` are a month and a day of which the order decides.
Holidays, seasons, weekdays alone and days without a month are no forms: nothing can be reckoned
from them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property
from typing import Literal

from phisweep.transform import datewords
from phisweep.values import dataclass

#: How much of the calendar a written date names.
Grain = Literal["day", "week", "month", "quarter", "half", "year"]

#: A digit, or what a scanner makes of one.
_N = r"[\dOoIl|SZB]"
_NN = rf"{_N}{{1,2}}"
_Y4 = r"(?:1[89]|2[01])\d\d"
_YO4 = r"[12lI][\dOolI]{3}"
_Y = rf"(?:(?P<year4>{_YO4})|(?P<year2>{_N}{{2}}))"
_M2 = r"(?:0[1-9]|1[0-2])"
_D2 = r"(?:0[1-9]|[12]\d|3[01])"
_TH = r"(?i:st|nd|rd|th)"
_DAY = rf"(?:[12lI][\dOolI|]|3[01OolI|]|[0Oo][1-9lI]|[1-9])(?:{_TH}(?!\w))?"
_D = rf"(?P<day>{_DAY})"
_NAME = (
    r"(?P<monthn>(?i:jan(?:uary|uray|aury|urry)?"
    r"|feb(?:ruary|uary|urary|raury|ruray|urari|rary|r)?|mar(?:ch)?|apri(?:l|1|\||rl)"
    r"|a(?:p|r)irl|arpil|apr(?:1l)?|may|june?|ju(?:ly?|[1|](?:y|[1|]y)?)|aug(?:ust[es]?|est)?"
    r"|agust|auq(?:ust)?|[s5]ept?(?:emeber|ember[es]?|mber|tember)?|set(?:ember|pember)"
    r"|[o0]ct(?:[o0]ber)?|o(?:cotber|ctobor|tcober|ctuber)"
    r"|n[o0]v(?:emeber|ermber|ember|mber)?|dec(?:emeber|ember[es]?|mber)?)(?![A-Za-z]))"
)
_ROMAN = r"(?P<monthr>(?i:x[i]{1,2}|ix|iv|v[i]{0,3}|x|i{1,3}))"
#: Between a day and the name of its month, and between those and a year.
_OF = r"(?:[ ./-]{0,2}|,? (?i:of) | (?i:day of) )"
_BEFORE_YEAR = r"(?:\.?[ ,./-]{0,2}|,? (?i:of) )"
_TO = r"(?: ?-{1,2} ?| ?& ?| (?i:to|through|thru|and) )"
_UNKNOWN = r"(?i:xx?|\?\??|--?|unk|uk|un|00)"
#: A date ends before what is no letter or digit, or before the T of its time.
_END = r"(?:(?!\w)|(?=T\d\d))"
_FY = r"(?:FY ?)?"
_HH = r"(?:[01]\d|2[0-4])"
_Q_YEAR = rf"(?:(?P<year4>{_Y4})|'?(?P<year2>\d\d))"


@dataclass(frozen=True)  # without slots, where no property is cached
class Form:
    """One way to write a date; `wide` where two-digit days are padded when nothing tells."""

    grain: Grain
    pattern: str
    wide: bool = True

    @cached_property
    def regex(self) -> re.Pattern[str]:
        """The pattern, compiled when it is first asked for: most runs move no date."""
        return re.compile(self.pattern)


def _forms(grain: Grain, *regexes: str, wide: bool = True) -> list[Form]:
    return [Form(grain, rf"{regex}{_END}", wide) for regex in regexes]


#: Forms that may stand beside others: in ranges and lists, behind weekdays, before times.
FORMS: Sequence[Form] = (
    *_forms(
        "day",
        rf"(?P<year4>{_YO4})(?P<s>[-/._ ])(?P<month>{_NN})(?P=s)(?P<day>{_NN})",
        # HL7's TS, DICOM's DA and DT, and ISO 8601's basic form.
        rf"(?P<year4>{_Y4})(?P<month>{_M2})(?P<day>{_D2})"
        rf"(?:T?{_HH}(?!:)(?:[0-5]\d(?:(?:[0-5]\d|60)(?:[.,]\d{{1,9}})?)?)?)?(?:Z|[+-]\d\d:?\d\d)?",
        r"(?P<year2>3[2-9]|[4-9]\d)(?P<s>[-/._])(?P<month>\d\d?)(?P=s)(?P<day>\d\d?)",
        rf"(?P<a>{_NN}) ?/ ?(?P<b>{_NN}) ?/ ?{_Y}(?!/)",
        rf"(?P<a>{_NN})(?P<s>[-_\\. ])(?P<b>{_NN})(?P=s){_Y}(?![/\\]|-\d)",
        rf"(?P<a>{_NN}) ?/ ?(?P<b>{_NN})(?![/\\])",
        rf"(?P<a>{_NN})-(?P<b>{_NN})(?![/\\]|-\d)",
        rf"(?P<a>{_NN})\.(?P<b>{_NN})(?!\.\d|[-/])",
        rf"(?P<month>{_NN})/(?P<day>{_NN})-(?P<day_2>{_NN})(?:/(?P<year4>{_YO4}))?(?!/)",
        rf"(?P<year4>{_Y4})-(?P<yearday>\d{{3}})",
        rf"(?P<isoyear>{_Y4})(?P<s>-?)W(?P<week>\d\d)(?P=s)(?P<isoday>[1-7])",
        rf"(?P<year4>{_Y4})\u5e74(?P<month>\d\d?)\u6708(?P<day>\d\d?)\u65e5",
        # Soldiers' date-time groups: 041430MAR25.
        rf"(?P<day>{_D2})(?:[01]\d|2[0-3])[0-5]\d ?[A-Z]? ?{_NAME}(?: ?(?:(?P<year4>{_Y4})|(?P<year2>\d\d)))?",
        # ctime: Mar  4 10:15:00 2025, with a zone or without.
        rf"{_NAME} (?:(?P<dayc>[ 123]\d)|{_D}) \d\d:\d\d:\d\d(?: [A-Z]{{3,4}})? (?P<year4>{_Y4})",
    ),
    *_forms(
        "day",
        rf"{_D}(?P<s>[. ]{{1,2}}){_ROMAN}(?:[. ]{{1,2}}(?P<year4>{_YO4})|[.](?P<year2>\d\d))",
        # Behind / and -, I and II are digits of a scanner.
        rf"{_D}[/-](?!I{{1,2}}[/-]){_ROMAN}[/-]{_Y}",
        rf"(?P<year4>{_Y4})[ ./,-]{{0,2}}{_NAME}[ ./,-]{{0,2}}{_D}",
        rf"{_D}{_OF}{_NAME}{_BEFORE_YEAR}(?:(?P<year4>{_YO4})|'(?P<year2>\d\d))",
        rf"{_D}(?P<s>[-/. ]?){_NAME}\.?(?P=s)(?P<year2>\d\d)",
        rf"{_D}{_OF}{_NAME}",
        rf"{_NAME}\.?(?:,? |[-/]|)(?:the )?{_D}(?i:ish)?"
        rf"(?:(?:,? ?|,? (?i:of) |[-/])(?<![\dOolI])(?P<year4>{_YO4})|,? ?'(?P<year2>\d\d))?",
        rf"{_NAME}(?P<s>[-/]){_D}(?P=s)(?P<year2>\d\d)",
        rf"{_NAME}\.?(?: |)(?:the )?{_D}{_TO}(?P<day_2>{_DAY})(?:,? (?:of )?(?P<year4>{_YO4})|,? ?'(?P<year2>\d\d))?",
        rf"{_D}{_TO}(?P<day_2>{_DAY}){_OF}{_NAME}(?:{_BEFORE_YEAR}(?:(?P<year4>{_YO4})|'(?P<year2>\d\d)))?",
        wide=False,
    ),
    *(
        Form("day", rf"(?i){regex}{_END}", wide=False)
        for regex in (
            rf"(?P<dayw>{datewords.ORDINAL})(?: day)? of {_NAME}\.?(?:,? (?:(?P<year4>{_Y4})|(?P<yearw>{datewords.YEAR})))?",
            rf"{_NAME}\.?,? (?:the )?(?P<dayw>{datewords.ORDINAL}|{datewords.CARDINAL})(?:,? (?:(?P<year4>{_Y4})|(?P<yearw>{datewords.YEAR})))?",
        )
    ),
    *_forms(
        "week",
        rf"(?P<isoyear>{_Y4})-?W(?P<week>\d\d)",
        rf"(?i:wk|week) ?(?P<week>\d\d?)(?: of|,)? (?P<isoyear>{_Y4})",
    ),
    *_forms(
        "month",
        rf"(?P<month>{_NN})/{_UNKNOWN}/{_Y}",
        rf"(?P<month>{_NN})[-/](?P<year4>{_YO4})(?![/-]\d)",
        rf"(?P<month>\d\d?)\.(?P<year4>{_Y4})",
        r"(?P<month>\d\d?)/'(?P<year2>\d\d)",
        r"(?P<month>\d\d?)/(?P<year2>3[2-9]|[4-9]\d)",
        rf"(?P<year4>{_Y4})[-/._ ](?P<month>{_M2})(?![-/]\d)",
    ),
    *_forms(
        "month",
        rf"{_NAME}(?:\.?,? ?(?:of )?|[-/])(?:(?P<year4>{_YO4})|'(?P<year2>\d\d))",
        rf"{_NAME}\.?",
        wide=False,
    ),
    *_forms(
        "quarter",
        rf"Q(?P<quarter>[1-4])(?:[ -]?{_FY}{_Q_YEAR})?",
        rf"(?P<year4>{_Y4})[ -]?Q(?P<quarter>[1-4])",
        rf"FY ?{_Q_YEAR} ?Q(?P<quarter>[1-4])",
        rf"(?P<quarter>[1-4])Q ?{_Q_YEAR}",
        rf"(?P<quarterw>(?i:first|second|third|fourth|1st|2nd|3rd|4th)) (?i:quarter(?: of)?) {_FY}(?P<year4>{_Y4})",
    ),
    *_forms(
        "half",
        rf"[HS](?P<half>[12])[ -]?(?:(?P<year4>{_Y4})|'(?P<year2>\d\d))",
        rf"(?P<year4>{_Y4})[ -]?H(?P<half>[12])",
        rf"(?P<half>[12])H ?{_Q_YEAR}",
    ),
    *_forms(
        "year",
        rf"{_UNKNOWN}/{_UNKNOWN}/{_Y}",
        rf"(?P<year4>{_Y4})",
        r"'(?P<year2>\d\d)",
    ),
)

#: Forms in digits alone, which are a date only where nothing else stands there.
_TAIL = r"(?:\.0+)?"
DIGITS: Sequence[Form] = (
    *_forms(
        "day",
        rf"(?P<year4>{_Y4})(?P<month>{_M2})(?P<day>{_D2}){_TAIL}",
        rf"(?P<year4>{_Y4})(?P<month>{_M2})(?P<day>{_D2})(?:[01]\d|2[0-4])(?:[0-5]\d(?:[0-5]\d|60)?)?{_TAIL}",
        rf"(?P<a>\d\d)(?P<b>\d\d)(?P<year4>{_Y4}){_TAIL}",
        rf"(?P<month>[1-9])(?P<day0>{_D2})(?P<year4>{_Y4}){_TAIL}",
        rf"(?P<year4>{_Y4})(?P<yearday>\d{{3}}){_TAIL}",
        rf"(?P<year2>\d\d)(?P<month>{_M2})(?P<day>{_D2}){_TAIL}",
        rf"(?P<a>\d\d)(?P<b>\d\d)(?P<year2>\d\d){_TAIL}",
    ),
    *_forms("month", rf"(?P<year4>{_Y4})(?P<month>{_M2}){_TAIL}"),
    *_forms("year", rf"(?P<year4>{_Y4}){_TAIL}"),
)
#: Counts of time, read where no form of digits fits: Excel's days, and time since 1970.
COUNTS: Sequence[Form] = _forms(
    "day",
    r"(?P<serial>[1-9]\d{4})(?:\.\d+)?",
    r"(?P<seconds>-?\d{9,10})(?:\.\d+)?",
    r"(?P<millis>-?\d{12,13})(?:\.\d+)?",
    r"(?P<micros>-?\d{16})",
    r"(?P<nanos>-?\d{19})",
)

#: A weekday before its date.
WEEKDAY = re.compile(
    r"(?:(?P<weekday>(?i:m[o0]n(?:day)?|tue(?:s(?:day)?|5(?:day)?)?|tu(?:seday|esady|eday)|teusday"
    r"|wed(?:s|nesday)?|w(?:ens|eds|ends|edns|ednes|enes)day|wednes[ad]{0,2}y"
    r"|thu(?:r(?:s(?:day)?|5(?:day)?)?)?|th(?:rus|ur|irs|usr|ures)day"
    r"|fr(?:i(?:day)?|ieday|i[1l]day|1(?:day)?)|[s5]at(?:urday)?|sat(?:er|u|r|uar)day"
    r"|[s5]un(?:day)?|sun(?:ad|da)y))(?:[.,]{0,2} |[.,]{1,2})"
    r"|(?P<letter>T[uh]|S[au]|[MTWRF])\.? )(?:the )?"
)
_ZONE = r"(?: ?(?:Z|UTC|GMT|[ECMP][SD]T|[+-]\d{2}:?\d{2})(?!\w))?"
_AMPM = r"(?: ?(?i:[ap]\.?m)(?!\w)\.?)"
#: A time of day behind its date; nothing of it changes.
TIME = re.compile(
    rf"(?:T|,? (?:at |@ ?)?|:)(?:\d{{1,2}}:\d{{2}}(?::\d{{2}}(?:[.,:]\d{{1,9}})?)?{_AMPM}?{_ZONE})"
    rf"|T{_HH}(?:[0-5]\d(?:[0-5]\d(?:[.,]\d{{1,9}})?)?)?(?:Z|[+-]\d{{2}}:?\d{{2}})?(?!\w)"
    rf"|,? (?:at |@ ?)?(?:{_HH}[0-5]\d(?: ?(?i:h|hrs?|hours?)(?!\w))?|\d{{1,2}}{_AMPM})(?!\w)"
    r"|,? (?i:am|pm|a\.m\.|p\.m\.|morning|afternoon|evening|night|noon)(?!\w)"
)
#: Between two dates; `between` a range, else a list.
JOIN = re.compile(
    r" ?- ?-? ?| (?:to|through|thru|until|till|til|and|or|then) |, ?(?:and |then )?|; ?| ?& ?| ?/ ?",
    re.IGNORECASE,
)
#: What may stand before a date and is no part of it.
LEAD = re.compile(r"(?:(?:the|last|next|this|past|of) )+", re.IGNORECASE)
#: Punctuation around it.
EDGES = ' \t\r\n.,;:_/()[]{}"'

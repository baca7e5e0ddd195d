"""
What in and around a span says that it is no identifier, however sure the network is.

It reads words, and numbers fool it: ranges of doses read like days, codes of procedures and genes
like records, models of devices like people. Each line here is such a class; where rules find the
same, their finding stays.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

REACH = 40  # code points before and behind a span that are read
_NEVER_HERE = r"(?!)"


@dataclass(frozen=True, slots=True)
class Denial:
    """A class of what is no identifier: of the labels, by the span, what precedes and follows."""

    labels: frozenset[str]
    why: str
    span: re.Pattern[str]
    before: re.Pattern[str]
    after: re.Pattern[str]
    unless: re.Pattern[str]

    def holds(self, label: str, text: str, before: str, after: str) -> bool:
        """Say whether the span is of this class."""
        return (
            label in self.labels
            and self.span.fullmatch(text) is not None
            and self.before.search(before) is not None
            and self.after.match(after) is not None
            and self.unless.search(before) is None
        )


def _deny(
    labels: str, why: str, *, span: str = ".*", before: str = "", after: str = "", unless: str = ""
) -> Denial:
    compiled = [
        re.compile(source, re.DOTALL)
        for source in (
            span,
            f"(?:{before})$" if before else "",
            after,
            f"(?:{unless})$" if unless else _NEVER_HERE,
        )
    ]
    return Denial(frozenset(labels.split()), why, *compiled)


_CLOCK = r"(?:[01]\d|2[0-3])[0-5]\d"
_UNIT = r"(?:mg|mcg|ug|mL|ml|g|kg|units?|mEq|vials?|tabs?|puffs?|gtts?|%|hrs?|h|min|weeks?|wks?|days?|doses?|cm|mm)"
_DOSE = r"(?:mg|mcg|ug|mL|ml|g|units?|mEq|vials?|tabs?|puffs?|gtts?|%)"
_SIGNS = r"(?i:\b(?:by|per|dr|mrs?|ms|w/|with|from|to|and)\.?|[/:&+-]) ?"

DENIALS = (
    _deny("NAME PLACE ORG", "a policy by its name", span=r"(?:the )?safe-harbor|limited-data-set"),
    _deny("NAME", "a part of what machines write: aa:bb:cc, std::cout", before=r"\w::\w{0,12}"),
    _deny("NAME", "the same before the colons", after=r"::?\w{1,4}:\w"),
    _deny("NAME", "the same between them", before=r"(?:^|\s)\w{1,4}:", after=r":\w{1,4}(?:\W|$)"),
    _deny("NAME", "the same, with its end", before=r"(?:^|\s)(?:[a-z]{1,4}:){2,7}"),
    _deny(
        "NAME", "the same before an address", span=r"\w{1,4}", after=r":(?:\d{1,3}\.\d|\w{1,4}::)"
    ),
    _deny("NAME", "the label of what a machine is called", after=r": ?(?:[0-9A-Fa-f]{2}[:-]){3}"),
    _deny("NAME", "the last of them", span=r"\w{2}", before=r"(?:^|\s)(?:\w{2}:){2,7}"),
    _deny("NAME", "the same between single ones", before=r"\w:", after=r"::"),
    _deny(
        "NAME",
        "the label of a code",
        span=r"[a-z]{2,6}",
        after=r": ?[A-Za-z]{0,3}[ -]?\d",
        before=r"(?:^|\n)",
    ),
    _deny(
        "PLACE CONTACT",
        "half of an address",
        span=r"[a-z]+",
        before=r"[a-z]@",
        after=r"\.?(?:\s|$)",
    ),
    _deny("PLACE CONTACT", "the other half", span=r"[a-z]+", after=r"@[a-z]"),
    _deny("NAME", "the same, all of it", span=r"\w{2}(?::\w{2}){3,7}"),
    _deny(
        "NAME",
        "a drug, for its dose follows",
        after=rf",? ?\d+(?:\.\d+)? ?{_DOSE}\b|,? (?:bid|tid|qid|qhs|prn|gtt)\b",
    ),
    _deny(
        "NAME",
        "a maker, for the number of the piece follows",
        after=r"(?: [A-Z0-9][\w.-]{0,12}){0,3},? (?:SN|S/N|s/n|sn|serial|lot|Lot|LOT|REF|ref|model)\b",
        unless=_SIGNS,
    ),
    _deny(
        "NAME",
        "an abbreviation amid a sentence",
        span=r"[A-Z]{2,4}",
        after=r"(?:'s)? (?!(?:pgr|pager|cell|ph|ext|rn|md|np|pa|aware|notified|informed)\b)[a-z]{2}",
        unless=_SIGNS,
    ),
    _deny("ORG", "an abbreviation, or a word alone", span=r"[A-Z]{2,5}|[a-z]+"),
    _deny(
        "DATE",
        "a quantity, for its unit follows",
        after=rf" ?-?(?:{_UNIT}|swollen|tender|ed)\b|/(?:hr?|min|day|kg)\b",
    ),
    _deny(
        "DATE",
        "a fraction or a range of decimals",
        span=r"\d*\.\d+ ?[/\u2013-] ?\d*\.?\d+|\d+ ?[/\u2013-] ?\d*\.\d+|\d\.\d{1,2}",
    ),
    _deny(
        "DATE",
        "two numbers that no month has",
        span=r"(?:1[3-9]|[2-9]\d)[/\u2013-](?:1[3-9]|[2-9]\d)",
    ),
    _deny(
        "DATE",
        "a score or a measure",
        span=r"\d{1,2} ?[/\u2013-] ?\d{1,2}",
        before=r"(?i:\b(?:rr|hr|bp|fio2|spo2|epds|phq-?\d?|gad-?7|mmse|moca|gcs|mrs|vas|nrs|scored?|pain|demo|power|strength|murmur|apgars?|q\d{1,2}h|x|avail|gas)):? ?x? ?",
    ),
    _deny(
        "DATE",
        "the number of how many",
        span=r"\d{1,2} ?/ ?\d{1,2}",
        before=r"(?i:(?<![a-z'])(?:p|pp|pg|page|sheets?|scan|session|job|bundle|narcs?|narcotics|sharps|tally|table|handout|chapter|tray|jar|box|present|attended|attendance|recog(?:nition)?|errors?|bottles?|uds neg|boosters?|shingrix|prevnar|hep b|note))\.?:? ",
    ),
    _deny("DATE", "so many of so many", span=r"(?:\d{1,2} )?of \d{1,2}"),
    _deny(
        "ID",
        "a score, a pregnancy, a response",
        span=r"E\d?[VM]?\d?[TV]?\d?T?M\d|G\d{1,2}P\d{1,5}|SVR ?\d{1,2}",
    ),
    _deny(
        "ID",
        "a variant, a transcript, a protein",
        span=r"rs\d{4,10}|[NX][MPRCGTW]_\d{4,10}|ENS[A-Z]{0,4}\d{6,11}|[cgp]\.\S+",
    ),
    _deny("ID", "a change of a protein", span=r"[A-Z]\d{2,4}(?:[A-Z]|del|dup|ins|fs|\*)"),
    _deny("ID", "a trial in a public register", span=r"(?:NCT|ISRCTN|ACTRN) ?\d{8,14}"),
    _deny(
        "DATE ID",
        "a version",
        span=r"\d+(?:\.\d+){1,3}",
        before=r"(?i:\b(?:app|v|ver|version|firmware|fw|software|sw|build|release|ios|android|algo(?:rithm)?)\.?) ?",
    ),
    _deny(
        "DATE",
        "how much it hurts, of ten",
        span=r"\d{1,2} ?/ ?10",
        before=r"(?i:\b(?:pain|ache|ha|headache|pressure|cramp(?:ing|s)?|burning|soreness|discomfort|severity|intensity|substernal|crushing|throbbing|rat(?:es|ed|ing)|worst|now|from)(?: (?:is|was|at|of|to|fell|down|up|now|from|rated|a))*):? ",
    ),
    _deny(
        "DATE",
        "so many weeks or months, as charts write 3/52 and 3-4/12",
        span=r"\d{1,2}(?:-\d{1,2})? ?/ ?(?:7|12|52)",
        after=r" (?:hx|history|ago)\b",
    ),
    _deny(
        "DATE",
        "what has decreased",
        span=r"(?i:dec)",
        after=r"\.? (?:app|appetite|po|PO|intake|BS|breath|air|ROM|sensation|strength|energy|sleep|UOP|urine|mobility|balance)\b",
    ),
    _deny(
        "NAME",
        "an adjective in small letters: when young, feels strong",
        span=r"young|sunny|long|short|small|little|strong|sharp|rich|poor|good|moody|hardy|stout|swift|brown|white|black|green|gr[ae]y",
        before=r"(?i:\b(?:when|while|as|is|was|are|were|it's|that's|very|too|so|be|been|feels?|looks?|quite|more|less)) ",
    ),
    _deny(
        "PLACE",
        "what is walked up",
        span=r"hills?|slopes?|inclines?|steps|stairs",
        before=r"(?i:\b(?:up|down|climb(?:s|ing)?)) ",
    ),
    _deny("NAME", "the mark of a signature", span=r"es", before=r"/", after=r"/"),
    _deny("NAME", "a machine that talks", span=r"(?i:(?:chat)?bot|auto-?reply)", after=r" ?[:>]"),
    _deny(
        "ID",
        "a form of an agency",
        span=r"(?:CMS|HCFA|DWC|DD|SF|DA|SSA|IRS|UB|OMB)[ -]?\d{2,4}[A-Z]?",
    ),
    _deny(
        "ID",
        "the code of a procedure or a drug",
        span=r"[\d /-]{3,16}",
        before=r"\b(?:CPT|HCPCS|CDT|DRG|NDC|LOINC|SNOMED|RxNorm|RxCUI|ICD(?:-\d{1,2})?|BIN|Bin|Billing|billing|[Bb]illed)s?(?: codes?)?[ :#]{0,3}(?:\d{5}(?: x\d)?(?: ?[/,+] ?))*",
    ),
    _deny(
        "ID CONTACT",
        "a visit's code",
        span=r"99\d{3}(?:-\d{2})?|8\d{4}",
        after=r"(?:,? x\d| ?/ ?\d{5}|[,.;\n]|$)",
        before=r"(?:\d{5}(?: x\d)?,? |[Ll]evel |[Oo]k\. |[Cc]harge[ds]? |[Cc]ode |[Bb]ill(?:ed|ing)? )",
    ),
    _deny(
        "ID",
        "a model, for the number of the piece follows",
        span=r"[A-Z0-9-]{3,9}",
        after=r",? (?:SN|S/N|s/n|sn|serial|lot|Lot|LOT)\b",
        unless=r"#|\bid|\bID|no\.? ",
    ),
    _deny(
        "ID CONTACT",
        "from one hour to another",
        span=rf"(?:\d{{1,4}} )?{_CLOCK} ?[\u2013-] ?{_CLOCK}",
    ),
    _deny(
        "ID CONTACT",
        "an hour",
        span=_CLOCK,
        before=r"(?i:\b(?:collected|drawn|noted|at|resp|given|done|qa|started|stopped|called \d{4} resp)|@) ?",
    ),
    _deny("ID", "a range", span=r"\d{2,3}[\u2013-]\d{2,3}"),
    _deny(
        "ID",
        "an abbreviation, a label",
        span=r"[A-Z]{2,6}|user|login|portal|mychart|email",
        after=r"(?: [a-z]{2}|#|/|@| -?\d+\.\d)",
    ),
    _deny("CONTACT", "how often", span=r"x ?\d{1,2}"),
    _deny("AGE", "a part of a decimal", after=r"\.\d"),
    _deny(
        "AGE",
        "a weight or a measure",
        before=r"(?i:\b(?:wt|weight|lbs?|kg|bnp|bun|crp|esr|sats?|spo2|hr|bp|temp|glucose|bg|map|fvc|fev1|ef|egfr)[ :=~]{1,2}(?:\d+ ?(?:lbs?|kg)? )?\(?(?:from )?)",
    ),
)


def denied(label: str, text: str, before: str, after: str) -> str:
    """Return why a span is no identifier, or "" where nothing says so."""
    return next((d.why for d in DENIALS if d.holds(label, text, before, after)), "")

"""
The shape of every file in rules/: models, because here files enter.

Unknown keys are errors. `rules/schema.json` is generated from these models and tested for drift.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from phisweep.filed import Before, Checked, Model, definitions
from phisweep.model import IDENTIFIERS, Severity

Score = Annotated[float, Checked(ge=0.0, le=1.0)]
Sentence = Annotated[str, Checked(min_length=3)]
Slug = Annotated[str, Checked(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
KindName = Literal["prose", "value", "key", "filename", "metadata", "code"]
#: Where a pattern holds in source code: by itself, near what does so, or nowhere.
InCode = Literal["alone", "beside", "never"]
#: What the values of a column look like; a field may ask for it with `when`.
ShapeName = Literal[
    "id", "uuid", "number", "decimal", "date", "year", "name", "words", "text", "digits"
]
#: Options of the Basic Application Level Confidentiality Profile, DICOM PS3.15 E.3.
ImagingOption = Literal[
    "clean-pixel-data",
    "clean-recognizable-visual-features",
    "clean-graphics",
    "clean-structured-content",
    "clean-descriptors",
    "retain-longitudinal-full-dates",
    "retain-longitudinal-modified-dates",
    "retain-patient-characteristics",
    "retain-device-identity",
    "retain-institution-identity",
    "retain-uids",
    "retain-safe-private",
]
FieldStandard = Literal["csv", "json", "dicom", "code", "pasted"]


class _Model(Model):
    model_config: ClassVar[Mapping[str, Any]] = {"extra": "forbid", "frozen": True}


class Check(_Model):
    """
    A test in code that a match must stand, by its name in `detect/validators/`.

    `passed` and `failed` are the scores after it: a number, "same", or (for `failed`) "reject".
    """

    name: str
    passed: Score | Literal["same"] = "same"
    failed: Score | Literal["same", "reject"] = "reject"
    failed_severity: Severity | None = None
    lists: tuple[str, ...] = ()


#: A check as files write it: in full, or its name alone.
ShortCheck = Annotated[
    Check, Before(lambda told: {"name": told} if isinstance(told, str) else told)
]


class PatternEntry(_Model):
    """
    A pattern over text.

    The finding is the whole match, or every group whose name starts with `phi`. `regex` is Python's
    dialect, of bounded width, without flags: case matters unless `ignore_case`. `{name}` stands
    for a list of the rules folder (as alternatives) or a definition of the file; `{Lu}`, `{Ll}` and
    `{L}` stand, inside brackets, for upper-case, lower-case and all letters. `kinds` are the kinds of
    text that it holds in, none named all but source code; what it does in that says `code`.
    """

    pattern: Slug
    regex: str
    ignore_case: bool = False
    verbose: bool = False
    confidence: Score
    context: tuple[str, ...] = ()
    in_context: Score = 0.8
    window: Annotated[int, Checked(ge=1, le=300)] = 50
    unless: tuple[str, ...] = ()
    check: ShortCheck | None = None
    severity: Severity | None = None
    kinds: tuple[KindName, ...] = ()
    code: InCode = "beside"
    propagate: bool = False
    why: Sentence


class FieldEntry(_Model):
    """
    Names of columns and keys (or places of a format) that say what stands in them.

    Names are lower-case words joined by `_` (`SocSecNo` is `soc_sec_no`); `*` stands for any
    words. `when` asks that the values look like one of these shapes. `value` may give a regex that a single
    value must match in full to be taken (others are left to the patterns). `code` names the keys,
    variables and arguments of source code whose literals are taken wherever they stand; `pasted`
    the columns of a table that stands in a text.
    """

    field: dict[FieldStandard, tuple[str, ...]]
    name: Slug = "field"
    when: tuple[ShapeName, ...] = ()
    value: str | None = None
    confidence: Score
    check: ShortCheck | None = None
    severity: Severity | None = None
    why: Sentence


class ExceptionEntry(_Model):
    """What looks like the identifier and is not: a candidate that overlaps a match is dropped."""

    exception: Slug
    regex: str
    ignore_case: bool = False
    verbose: bool = False
    covers: Literal["overlap", "whole"] = "whole"
    patterns: tuple[str, ...] = ()
    why: Sentence


class Found(_Model):
    """An example that must be found: the rule's findings in `text` are `expect`, in order."""

    text: str
    expect: str | tuple[str, ...]
    pattern: str | None = None
    label: str = ""
    kind: KindName = "prose"


class NotFound(_Model):
    """An example in which this rule must find nothing."""

    text: str
    because: Sentence
    label: str = ""
    kind: KindName = "prose"


class Examples(_Model):
    """The tests of a rule, which stand beside it."""

    found: Annotated[tuple[Found, ...], Checked(min_length=1)]
    not_found: Annotated[tuple[NotFound, ...], Checked(min_length=1)]


class RuleFile(_Model):
    """One file of rules/identifiers/."""

    id: str
    letter: Annotated[str, Checked(pattern="^[A-R]$")]
    title: Sentence
    citation: Annotated[str, Checked(pattern=r"^45 CFR 164\.514\(b\)\(2\)\(i\)\([A-R]\)$")]
    law: Sentence
    reading: Sentence
    reviewed: dt.date
    severity: Severity
    define: dict[str, str] = {}
    detect: tuple[PatternEntry | FieldEntry, ...]
    exceptions: tuple[ExceptionEntry, ...] = ()
    examples: Examples
    known_gaps: tuple[Sentence, ...]

    def _check(self) -> None:
        if self.id not in IDENTIFIERS:
            raise ValueError("the id is not one of the identifier families")
        if IDENTIFIERS[self.id] != self.letter or not self.citation.endswith(f"({self.letter})"):
            raise ValueError("letter, citation and id do not name the same identifier")


class Treatment(_Model):
    """
    What a policy does with one identifier.

    `citation` is the paragraph it rests on; empty, it is that of the identifier's letter.
    """

    action: Literal["remove", "generalize", "replace", "keep"]
    operator: str
    params: dict[str, str | int | bool] = {}
    min_score: Score | None = None
    reason: str = ""
    citation: str = ""


class ImagingPolicy(_Model):
    """
    What a policy does with pictures and with DICOM.

    `options` are those of DICOM PS3.15 E.3; which of them a legal method permits is checked when
    the policy is read. `pixels` that may hold burned-in words are held back ("hold"), blanked by
    region ("blank"), or that and every text box that OCR sees ("ocr"). `faces`: what may show a
    face (45 CFR 164.514(b)(2)(i)(Q)) is held back, or accepted by somebody's decision.
    """

    options: tuple[ImagingOption, ...] = ()
    pixels: Literal["hold", "blank", "ocr"] = "hold"
    faces: Literal["hold", "accept"] = "hold"


class PolicyFile(_Model):
    """One file of rules/policies/, or a user's own that extends one."""

    id: Slug
    extends: str | None = None
    title: Sentence = "A user's policy"
    citation: Sentence = "45 CFR 164.514"
    method: Literal["safe-harbor", "limited-data-set", "expert"]
    reading: Sentence = "as the policy that it extends"
    reviewed: dt.date | None = None
    min_score: Score = 0.4
    verify_score: Score = 0.3
    settings: dict[str, str | int | float | bool] = {}
    imaging: ImagingPolicy = ImagingPolicy()
    treatments: dict[str, Treatment] = {}
    columns: dict[str, dict[str, Treatment]] = {}

    def threshold(self, identifier: str) -> float:
        """Return the score in [0, 1] from which on the policy acts on the identifier."""
        treatment = self.treatments.get(identifier)
        least = treatment.min_score if treatment is not None else None
        return self.min_score if least is None else least


class OperatorRule(_Model):
    """
    Which legal methods permit an operator, and why the others do not.

    `identifiers` are the only ones that it works on, `limits` the only ones (or rules of one, as
    "location/city") that a method permits it for; empty, there is no such restriction.
    """

    permits: tuple[Literal["safe-harbor", "limited-data-set", "expert"], ...]
    identifiers: tuple[str, ...] = ()
    limits: dict[Literal["safe-harbor", "limited-data-set", "expert"], tuple[str, ...]] = {}
    citation: Sentence
    why: Sentence
    instead: str = ""


class OptionRule(_Model):
    """Which legal methods permit an option of DICOM PS3.15 E.3, and why the others do not."""

    permits: tuple[Literal["safe-harbor", "limited-data-set", "expert"], ...]
    citation: Sentence
    why: Sentence
    instead: str = ""


class OperatorsFile(_Model):
    """rules/operators.yaml: operators, and the options for imaging."""

    operators: dict[str, OperatorRule]
    imaging: dict[ImagingOption, OptionRule] = {}


class PlaceEntry(_Model):
    """
    Places of a standard whose values are one identifier.

    A place is written as the standard's reader calls it: PID-5, Patient.name.family. A place holds
    for what lies below it (PID-5 for PID-5.1); `*` is any one step, `**` any number of them. `value`
    is a regex that a stripped value must match in full to be taken; others are searched as any text.
    """

    at: Annotated[tuple[str, ...], Checked(min_length=1)]
    identifier: str
    name: Slug
    value: str | None = None
    confidence: Score = 0.95
    check: ShortCheck | None = None
    severity: Severity | None = None
    why: Sentence

    def _check(self) -> None:
        if self.identifier not in IDENTIFIERS:
            raise ValueError("the identifier is not one of the families")


class CodedEntry(_Model):
    """
    Places that hold codes, measured values or words of the standard itself.

    A value that `coded` matches in full is not searched there; every other value is.
    """

    at: Annotated[tuple[str, ...], Checked(min_length=1)]
    coded: str
    why: Sentence


class PlaceExample(_Model):
    """An example of a place: what a value there is taken for, "" for nothing by its place."""

    at: str
    text: str
    expect: str
    because: str = ""


#: A row of table E.1-1: tag, VR, keyword, what the basic profile asks, what an option asks instead.
ProfileRow = Annotated[
    str,
    Checked(
        pattern=r"^[0-9A-F]{4}[0-9A-Fx]{4} [A-Z]{2} [A-Za-z0-9]+"
        r" (X|Z|D|U|X/Z|X/D|Z/D|X/Z/D|X/Z/U)"
        r"( (safe-private|uids|device-identity|institution-identity|characteristics|full-dates"
        r"|modified-dates|descriptors|structured-content|graphics)=[KC])*$"
        r"|^[56]0xx[0-9A-Fx]{4} [A-Z]{2} [A-Za-z]+ X graphics=C$"
    ),
]
#: Where an attribute is of type 1 or 2: tag, type, and `top` with the classes, or `in` with sequences.
TypeRow = Annotated[
    str, Checked(pattern=r"^[0-9A-F]{8} [12] (top( [0-9]+(\.[0-9]+)*)+|in( [0-9A-F]{8})+)$")
]
#: A row of table E.3.10-1: group, last byte of the element, VR, creator.
SafeRow = Annotated[str, Checked(pattern=r"^[0-9A-F]{4} [0-9A-F]{2} [A-Z/]{2,5} \S.*$")]


#: A row of table E.3.4-1: type of value, system of codes, code, action, options.
ConceptRow = Annotated[
    str,
    Checked(
        pattern=r"^[A-Z]{3,10} \S+ \S+ (X|Z|D|X/Z|X/D|Z/D|X/Z/D)"
        r"( (uids|device-identity|institution-identity|characteristics|full-dates|modified-dates"
        r"|descriptors)=[KC])*$"
    ),
]


class ProfileTable(_Model):
    """
    DICOM PS3.15 Annex E, as standards/dicom_profile.py wrote it from the standard.

    `types` says where PS3.3 requires the attributes whose action depends on their type, `classes`
    which SOP classes it was read for; both name a class by what follows 1.2.840.10008.5.1.4.
    """

    edition: Sentence
    sha256: Annotated[str, Checked(pattern="^[0-9a-f]{64}$")]
    types_edition: Sentence
    types_sha256: Annotated[str, Checked(pattern="^[0-9a-f]{64}$")]
    attributes: Annotated[tuple[ProfileRow, ...], Checked(min_length=1)]
    types: tuple[TypeRow, ...]
    classes: tuple[Annotated[str, Checked(pattern=r"^[0-9]+(\.[0-9]+)*$")], ...]
    safe_private: tuple[SafeRow, ...]
    concepts: tuple[ConceptRow, ...] = ()


class FieldsFile(_Model):
    """
    One file of rules/fields/: the places of one standard; the first entry that fits holds.

    `profile` is the standard's own table of what becomes of its attributes, where it has one.
    """

    id: Slug
    title: Sentence
    source: Sentence
    reading: Sentence
    reviewed: dt.date
    places: tuple[PlaceEntry | CodedEntry, ...]
    examples: Annotated[tuple[PlaceExample, ...], Checked(min_length=2)]
    known_gaps: tuple[Sentence, ...] = ()
    profile: ProfileTable | None = None


class ListFile(_Model):
    """One list's entry in rules/lists/index.yaml; `sha256` is of the file's bytes."""

    file: str
    title: Sentence
    source: Sentence
    vintage: Sentence
    licence: Sentence
    sha256: Annotated[str, Checked(pattern="^[0-9a-f]{64}$")]


class ListsFile(_Model):
    """rules/lists/index.yaml."""

    lists: dict[str, ListFile]


def json_schema() -> dict[str, object]:
    """
    Return the JSON schema (2020-12) of the files of rules/, one definition a kind of file.

    It holds for a file as YAML reads it, with dates as text: a `check` may be its name alone.
    """
    kinds = (RuleFile, FieldsFile, PolicyFile, OperatorsFile, ListsFile)
    found = definitions(kinds)
    for entry in (PatternEntry, FieldEntry, PlaceEntry):
        found[entry.__name__]["properties"]["check"]["anyOf"].append({"type": "string"})
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:phisweep-rules:1",
        "title": "Files of the phisweep rules",
        "anyOf": [{"$ref": f"#/$defs/{kind.__name__}"} for kind in kinds],
        "$defs": found,
    }

"""Clinical documents (HL7 CDA R2, C-CDA): whose they are, and what their places are called."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from phisweep.formats.base import ReadOptions
from phisweep.formats.markup import Reader, local, resolve
from phisweep.formats.richtext.held import Said
from phisweep.formats.xmlish.vocabulary import Named, Vocabulary
from phisweep.model import Source

ROOT = "ClinicalDocument"
SSN, NPI, DEA = "2.16.840.1.113883.4.1", "2.16.840.1.113883.4.6", "2.16.840.1.113883.4.814"
#: What issues an identifier, and what its place is called then.
_ISSUERS = {SSN: "ssn", NPI: "npi", DEA: "dea", "2.16.840.1.113883.4.572": "mbi"}
#: Code systems of standards: HL7, LOINC, SNOMED, RxNorm, ICD, NCI, CVX, PHIN and the like.
_CODES = re.compile(
    r"2\.16\.840\.1\.(?:113883\.(?:1\.11|5|6|12|18|3\.26\.1|3\.88\.12|4\.642|4\.9|4\.275)|113762"
    r"|114222\.4)(?:\.\d+)*|1\.2\.840\.10008(?:\.\d+)*"
)
#: Elements of which a class says what their names are; others are called by their name alone.
_CLASSED = frozenset({"playingEntity", "participantRole", "scopingEntity"})
_TIMES = frozenset({"TS", "IVL_TS", "PIVL_TS", "EIVL_TS", "SXCM_TS", "SXPR_TS"})
_SCHEME = re.compile(r"\s*(?:tel|fax|mailto|sms|callto):", re.IGNORECASE)
_IN_PATIENT = frozenset({"guardian", "providerOrganization", "birthplace"})
_RELATIVES = frozenset(
    {"guardian", "relatedEntity", "relatedSubject", "associatedEntity", "subject"}
)
#: What parts of a record are called by those who read columns.
_LABELS = {
    "birthTime": "birth_date",
    "deceasedTime": "death_date",
    "streetAddressLine": "street",
    "postalCode": "zip",
    "administrativeGenderCode": "sex",
    "houseNumber": "street",
    "streetName": "street",
    "signatureText": "signature",
}
_SPANS = frozenset({"low", "high", "center", "value", "width", "period", "phase"})


@dataclass(slots=True)
class Cda(Vocabulary):
    """The words of clinical documents, and of pieces of them."""

    def step(self, name: str, attributes: Mapping[str, str]) -> str:
        """Return an element's name, and what tells it from others of the name."""
        if name in _CLASSED and (told := attributes.get("classCode", "")).isalnum():
            return f"{name}-{told}"
        if name == "value" and (told := attributes.get("type", "").rpartition(":")[2]) in _TIMES:
            return f"{name}-TS"
        return name

    def begins_narrative(self, way: list[Named]) -> bool:
        """Say whether an element is the narrative of a section."""
        return way[-1].name == "text" and len(way) > 1 and way[-2].name == "section"

    def text(self, way: list[Named]) -> Said:
        """Return what is known of the text of an element."""
        return self._said(way, way[-1].name, self._path(way))

    def prose(self, way: list[Named], label: str) -> Said:
        """Return what is known of a paragraph of the narrative."""
        place = "/" + "/".join(named.name for named in way)
        return Said(label=label, owner=self.owner, place=place)

    def attribute(self, way: list[Named], name: str) -> Said:
        """Return what is known of an attribute."""
        here = way[-1]
        if name.startswith("xmlns") or name in ("schemaLocation", "noNamespaceSchemaLocation"):
            return Said(path=f"xml:@{name}", place=f"/@{name}")
        path = f"{self._path(way)}.@{name}{self._qualified(here, name)}"
        label = here.name if name in ("value", "extension", "code") else name
        if here.name in _SPANS and name == "value" and len(way) > 1:
            label = way[-2].name
        if here.name == "value" and name == "value" and here.attributes.get("unit") == "a":
            label = "age"
        if here.name == "telecom" and name == "value":
            mail = here.attributes.get("value", "").lstrip().lower().startswith("mailto:")
            label = "email" if mail else "phone"
        if here.name == "id" and name == "extension":
            label = _ISSUERS.get(here.attributes.get("root", ""), "id")
            if label == "id" and way[-2 % len(way)].name == "patientRole":
                label = "mrn"
        if name in ("displayName", "codeSystemName", "href"):
            label = ""
        said = self._said(way, label, path)
        return Said(said.label, said.kind, path, said.owner, f"{said.place}/@{name}")

    def skipped(self, way: list[Named], name: str, value: str) -> int:
        """Return the length of the scheme of a telephone number or mail address."""
        if name == "value" and way[-1].name == "telecom" and (match := _SCHEME.match(value)):
            return match.end()
        if name == "value" and way[-1].name == "reference":  # as the name that it points to
            return int(value.startswith("#"))
        return 0

    def _qualified(self, here: Named, name: str) -> str:
        told = here.attributes
        if name == "extension":
            issuer = _ISSUERS.get(told.get("root", ""), "")
            return f"-{issuer}" if issuer else ""
        if name == "root" and here.name in ("id", "setId") and not told.get("extension"):
            return "-own"
        if name in ("code", "displayName") and _CODES.fullmatch(told.get("codeSystem", "")):
            return "-standard"
        if name == "value" and here.name == "value" and told.get("unit") == "a":
            return "-age"
        if name == "value" and told.get("value", "").strip().lower().startswith("fax:"):
            return "-fax"
        return ""

    def _path(self, way: list[Named]) -> str:
        steps = [named.step for named in way]
        if steps[0] == ROOT:
            steps = steps[1:]
        return "cda:" + ".".join(steps)

    def _said(self, way: list[Named], label: str, path: str) -> Said:
        """Name the place, and whose it is: the patient's own, a relative's, a professional's."""
        names = {named.name for named in way}
        label = _LABELS.get(label, label)
        if "patientRole" in names and not names & {"guardian", "providerOrganization"}:
            prefix = ""
        elif names & _RELATIVES:
            prefix = "relative_"
        elif "rganization" in way[-2 % len(way)].name:
            prefix = "organization_"
        else:
            prefix = "provider_"
        place = "/" + "/".join(named.name for named in way)
        return Said(prefix + label if label in _PERSONAL else label, None, path, self.owner, place)


_PERSONAL = frozenset(
    {
        *(
            "name",
            "given",
            "family",
            "prefix",
            "suffix",
            "street",
            "city",
            "state",
            "zip",
            "country",
        ),
        *(
            "county",
            "phone",
            "email",
            "addr",
            "birth_date",
            "death_date",
            "sex",
            "additionalLocator",
        ),
    }
)


class _Found(Exception):  # noqa: N818 - no error: what was looked for is there
    pass


class _Owner(Reader):
    """Reads up to the end of the first patient's role, and takes the identifiers there."""

    def __init__(self, data: bytes, source: Source, options: ReadOptions, *, every: bool) -> None:
        super().__init__(data, source, options)
        self.every = every
        self.owners: list[str] = []
        self.inside = 0
        self.first = self.ssn = ""

    def begun(self, attributes: object, line: int) -> None:  # noqa: ARG002 - the contract's
        """Take in an identifier that stands right under the role."""
        here = self.stack[-1]
        if here.name == "patientRole":
            self.inside, self.first, self.ssn = len(self.stack), "", ""
        if here.name == "id" and self.inside == len(self.stack) - 1 and not self.first:
            told = {
                local(name): resolve(self.data[start:end].decode(), "attribute").strip()
                for name, start, end in attributes  # type: ignore[attr-defined]
            }
            if told.get("root") != SSN:
                self.first = told.get("extension", "")
            else:
                self.ssn = told.get("extension", "")

    def ended(self) -> None:
        """Take in what the role's identifier was."""
        if self.inside == len(self.stack):
            self.owners.append(self.first or self.ssn)
            self.inside = 0
            if not self.every:
                raise _Found


def owner(data: bytes, source: Source, options: ReadOptions) -> str:
    """
    Return the first identifier of the patient that is no social security number, or else that.

    "" where there is none, or where the document is of several people.
    """
    roles = len(re.findall(rb"<(?:[\w.-]+:)?patientRole[\s>/]", data))
    if not roles:
        return ""
    reader = _Owner(data, source, options, every=roles > 1)
    try:
        for _ in reader.read():
            pass
    except _Found:
        pass
    except Exception:  # noqa: BLE001 - what is wrong with it is said where it is read
        return ""
    found = set(reader.owners)
    return found.pop() if len(found) == 1 else ""


def is_cda(data: bytes) -> bool:
    """Say whether XML is a clinical document, or a piece of one."""
    head = data[: 1 << 16]
    return (
        b"urn:hl7-org:v3" in head
        or re.search(rb"<(?:[\w.-]+:)?ClinicalDocument[\s>]", head) is not None
        or (b"templateId" in head and b'"2.16.840.1.113883.10.20.' in head)
    )

"""
Where our copies differ from those of dicognito 0.19 and dicom-anonymizer 2.1, and why.

Each row speaks of one attribute or of a class of them: of its keyword, of a sequence that it lies in,
or of both. `python tests/conformance/imaging/differences.py` writes the rows as a table of Markdown.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch

from phisweep.formats.imaging.profile import Profile

BASIC = Profile.of(frozenset())
#: Reasons of files without a copy: what it is called here -> how it begins.
HELD = {
    "a picture of a screen": "text in its pixels: it is a secondary capture",
    "ultrasound": "text in its pixels: ultrasound machines",
    "of no known kind": "text in its pixels: no rule knows",
    "cut off": "error[E235]",
}


@dataclass(frozen=True)
class Row:
    """
    One explanation.

    `ours` is what we do where the tools that it names do otherwise ("left": we keep it), `names` are
    patterns of keywords, `within` of sequences anywhere above. `named` asks that table E.1-1 names the
    attribute or a sequence above it, `unnamed` that it does not name the attribute itself.
    """

    what: str
    ours: str
    theirs: str
    why: str
    reference: str
    names: Sequence[str] = ("*",)
    within: Sequence[str] = ()
    tools: Sequence[str] = ("dicognito", "dicom-anonymizer")
    named: bool = False
    unnamed: bool = False

    def explains(self, place: Sequence[tuple[str, int]], tool: str, ours: str) -> bool:
        """Say whether the row speaks of an attribute in its place."""
        leaf, above = place[-1][0], place[:-1]
        return (
            (ours == "left") == (self.ours == "left")
            and tool in self.tools
            and any(fnmatch(leaf, name) for name in self.names)
            and (not self.within or any(fnmatch(n, w) for n, _ in above for w in self.within))
            and (not self.named or any(treats(tag) for _, tag in place))
            and not (self.unnamed and treats(place[-1][1]))
        )


def treats(tag: int) -> bool:
    """Say whether the basic profile does something to an attribute."""
    return BASIC.action(tag, "") not in (None, "K")


DICOGNITO, ANONYMIZER = ("dicognito",), ("dicom-anonymizer",)
LEFT = (
    Row(
        "Safe private elements: `GEMS_ACQU_01`, `GEMS_PARM_01`, `GEMS_SERS_01`",
        "left",
        "removed",
        "They are on the standard's list of safe ones, and texts in them are searched; dicom-anonymizer"
        " removes every private element. The option `retain-safe-private`.",
        "PS3.15 E.3.10, table E.3.10-1",
        ("private GEMS_ACQU_01", "private GEMS_PARM_01", "private GEMS_SERS_01"),
        tools=ANONYMIZER,
    ),
    Row(
        "`PatientAge`",
        "left",
        "removed",
        "Ages under 90 are none of the eighteen; one over 89 becomes 90. The option"
        " `retain-patient-characteristics`.",
        "45 CFR 164.514(b)(2)(i)(C); PS3.15 E.3.7",
        ("PatientAge",),
        tools=ANONYMIZER,
    ),
    Row(
        "`PatientSex`, `PatientSize`, `PatientWeight`, `PregnancyStatus`",
        "left",
        "removed or emptied",
        "None of the eighteen, and a scan is hardly of use without them. The option"
        " `retain-patient-characteristics`.",
        "PS3.15 E.3.7",
        ("PatientSex", "PatientSize", "PatientWeight", "PregnancyStatus"),
        tools=ANONYMIZER,
    ),
    Row(
        "Descriptions, labels and comments in which nothing was found",
        "left",
        "removed, emptied or another value",
        "Searched as prose, with the names and numbers of the same patient known; what is found is"
        " taken out, the rest stays. The option `clean-descriptors`; without it they go as the basic"
        " profile asks.",
        "PS3.15 E.3.5",
        (
            "AdditionalPatientHistory",
            "ContrastBolusAgent",
            "*Comments",
            "*Description",
            "ProtocolName",
            "RTPlanLabel",
            "RTPlanName",
        ),
        tools=ANONYMIZER,
    ),
    Row(
        "`RequestingService`",
        "left",
        "removed or emptied",
        "A service of a hospital in a word or two: the standard cleans it under `clean-descriptors`"
        " as it does descriptions. What names a place or a person in it is taken out.",
        "PS3.15 table E.1-1 (0032,1033), E.3.5",
        ("RequestingService",),
    ),
    Row(
        "`RequestAttributesSequence`",
        "left",
        "removed",
        "The sequence stays under `clean-descriptors`; in its items the numbers of the request are"
        " taken out, and descriptions are searched.",
        "PS3.15 table E.1-1 (0040,0275), E.3.5",
        ("RequestAttributesSequence",),
        tools=ANONYMIZER,
    ),
    Row(
        "`CodingSchemeUID`",
        "left",
        "another UID",
        "It names a dictionary, not an instance; the profile does not name it. With another UID the"
        " codes beside it mean nothing.",
        "PS3.15 table E.1-1 does not name (0008,010C)",
        ("CodingSchemeUID",),
    ),
    Row(
        "What stands in a structured report",
        "left",
        "each value another, codes and types too",
        "Texts are searched, people, dates and UIDs replaced, codes of known systems stay, so that the"
        " report is still one. dicom-anonymizer writes ANONYMIZED for types of values and codes too,"
        " which no program takes for a report. The option `clean-structured-content`.",
        "PS3.15 E.3.4",
        within=("ContentSequence", "AcquisitionContextSequence"),
        tools=ANONYMIZER,
        unnamed=True,
    ),
    Row(
        "References to other images",
        "left",
        "emptied",
        "X/Z/U: of a reference the UID of the instance is mapped as everywhere, so that it still"
        " leads to its image; the class and the purpose, a code, are no UIDs of anybody.",
        "PS3.15 table E.1-1 (0008,1140), (0008,2112)",
        within=("ReferencedImageSequence", "SourceImageSequence"),
        tools=ANONYMIZER,
        unnamed=True,
    ),
)
TREATED = (
    Row(
        "Private elements",
        "removed",
        "left",
        "Only their maker knows what stands in them; all but those of the standard's list go."
        " dicognito replaces names, dates and UIDs there by their type, and leaves texts as they are.",
        "PS3.15 E.1.1, E.3.10",
        ("private*",),
        tools=DICOGNITO,
    ),
    Row(
        "What lies in private sequences",
        "removed",
        "left",
        "It goes with the sequence.",
        "PS3.15 E.1.1",
        within=("private*",),
        tools=DICOGNITO,
    ),
    Row(
        "Planes of overlays",
        "removed",
        "left",
        "Bits in which anything may be drawn, and nobody can search: with the data goes what describes"
        " it, or readers look for bits that are not there.",
        "PS3.15 table E.1-1 (60xx,3000); 45 CFR 164.514(b)(2)(i)",
        ("(60*",),
    ),
    Row(
        "Group lengths",
        "removed",
        "left",
        "Retired, and wrong as soon as a value has another length.",
        "PS3.5 7.2",
        ("(*,0000)",),
    ),
    Row(
        "Beside the pixels in `PixelData`",
        "replaced",
        "left",
        "Comments within JPEG and JPEG 2000 frames are emptied, and bytes behind the last frame cut"
        " off: no viewer shows them, and anything may be written there.",
        "45 CFR 164.514(b)(2)(i)",
        ("PixelData",),
    ),
    Row(
        "`Manufacturer`",
        "replaced",
        "left",
        "Makers stay, those that are known and companies by their legal form. A name that was taken"
        " out elsewhere as that of an institution is taken out everywhere.",
        "45 CFR 164.514(b)(2)(i)",
        ("Manufacturer",),
    ),
    Row(
        "`ManufacturerModelName`, `SoftwareVersions` with an address on the net",
        "replaced",
        "left",
        "A URL is an identifier wherever it stands.",
        "45 CFR 164.514(b)(2)(i)(N)",
        ("ManufacturerModelName", "SoftwareVersions"),
    ),
    Row(
        "`CodingSchemeResponsibleOrganization`",
        "replaced",
        "left",
        "An address: street, town and code are taken out of it as of any text.",
        "45 CFR 164.514(b)(2)(i)(B)",
        ("CodingSchemeResponsibleOrganization",),
    ),
    Row(
        "What else table E.1-1 names",
        "removed, emptied or replaced",
        "left",
        "The profile asks for it. dicognito treats the attributes that it knows to name somebody;"
        " dicom-anonymizer goes into no sequence that its table does not name, so that names and UIDs"
        " in items stay.",
        "PS3.15 2026c, table E.1-1",
        named=True,
    ),
)
DIFFERENCES = (*LEFT, *TREATED)


def explained(place: Sequence[tuple[str, int]], tool: str, ours: str) -> Row | None:
    """Return the first row that speaks of a difference, None where none does."""
    return next((row for row in DIFFERENCES if row.explains(place, tool, ours)), None)


def markdown(write: Callable[[str], object]) -> None:
    """Write the rows as two tables."""
    for title, rows in (("We keep, they treat", LEFT), ("We treat, they keep", TREATED)):
        write(
            f"### {title}\n\n| attributes | tool | it | we | why | reference |\n|---|---|---|---|---|---|\n"
        )
        for row in rows:
            tool = row.tools[0] if len(row.tools) == 1 else "both"
            cells = (row.what, tool, row.theirs, row.ours, row.why, row.reference)
            write(f"| {' | '.join(cells)} |\n")
        write("\n")


if __name__ == "__main__":
    import sys

    markdown(sys.stdout.write)

"""X12: a claim of a dependent, a remittance and an enrolment, in two interchanges."""

import re

from conformance.sample import Sample


def isa(element, repetition, component, end, control):
    parts = [
        *("ISA", "00", " " * 10, "00", " " * 10, "ZZ", "NFCLINIC".ljust(15)),
        *("ZZ", "ALDERMUT".ljust(15), " " * 6, "1130", repetition, "00501"),
        *(control, "0", "T", component),
    ]
    text = element.join(parts) + end
    assert len(text) == 106
    return text


def envelope(kind, version, segments, *, breaks="\n", separators="*^:~"):
    element, repetition, component, end = separators
    body = [["ST", kind, "0001", version], *segments]
    body.append(["SE", str(len(body) + 1), "0001"])
    body = [["GS", "HC", "NF", "AM", "2024", "1130", "1", "X", version], *body]
    body += [["GE", "1", "1"], ["IEA", "1", "000000017"]]
    lines = [isa(element, repetition, component, end, "000000017")]
    for segment in body:
        parts = [component.join(p) if isinstance(p, tuple) else p for p in segment]
        lines.append(element.join(parts) + end)
    return breaks.join(lines) + breaks


def claim(canary):
    return [
        ["BHT", "0019", "00", "", "2024", "", "CH"],
        ["EB", "1", "", "", "", canary()],
        ["HL", "1", "", "22", "1"],
        ["SBR", "P", "", "", "", "", "", "", "", "CI"],
        ["N4", "", "MA"],
        ["HL", "2", "1", "23", "0"],
        ["PER", "IC", "", "EM", canary()],
        ["CLM", "", "125.5", "", "", ("11", "B", "1"), "Y", "A", "Y", "Y"],
        ["HI", ("ABK", "J45909"), ("ABF", canary())],
        ["NTE", "ADD", f"the patient wrote to {canary()} and then to"],
        ["NTE", "ADD", f"{canary()} without an answer"],
        ["K3", canary()],
        ["LX", "1"],
        ["SV1", ("HC", "99213", "", "", "", "", canary()), "125.5", "UN", "1"],
        ["ZZ9", canary(), canary()],
    ]


def remittance(canary):
    return [
        ["BPR", "I", "125.5", "C", "CHK"],
        ["CLP", "", "1", "125.5", "100", "25.5", "12"],
        ["CAS", "PR", "1", "25.5"],
        ["MSG", f"questions to {canary()}"],
        ["REF", "ZZ", "", canary()],
    ]


def make(canary):
    return (
        envelope("837", "005010X222A1", claim(canary))
        + envelope("835", "005010X221A1", remittance(canary), breaks="", separators="|!>~")
    ).encode()


def structure(data):
    """Return the names of the segments and how many elements each has, by its own reading."""
    text, found = data.decode(), []
    for piece in re.split(r"(?=ISA[*|])", text)[1:]:
        element, end = piece[3], piece[105]
        assert all(piece[at] == element for at in (3, 6, 17, 20, 31, 34, 50, 53, 69, 76, 81))
        for segment in piece.split(end)[:-1]:
            parts = segment.strip().split(element)
            found.append((parts[0], len(parts)))
    return found


SAMPLES = [Sample("claims.x12", make, structure, least=11)]

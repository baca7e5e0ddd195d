"""A folder of rules small enough to load at once: our policies and lists, simple patterns."""

import json
from pathlib import Path

from phisweep.model import IDENTIFIERS
from phisweep.ruleset.load import default_folder

#: By identifier: patterns as (name, regex, confidence, more keys), columns, found, not found.
RULES = {
    "name": (
        [("title", r"(?:Mr|Ms|Dr)\. (?P<phi>[A-Z][a-z]{2,20}(?: [A-Z][a-z]{2,20})?)", 0.95, {})],
        {"csv": ["name", "*_name", "patient"], "when": ["name", "words"]},
        ("Ms. Quillfeather came", "Quillfeather"),
        "no title here",
    ),
    "location": (
        [("street", r"\d{1,5} [A-Z][a-z]{2,15} (?:St|Ave)(?![a-z])", 0.9, {})],
        {"csv": ["street", "city"]},
        ("at 12 Larkspur Ave now", "12 Larkspur Ave"),
        "12 tablets",
    ),
    "zip": (
        [("labelled", r"(?<!\d)\d{5}(?!\d)", 0.1, {"context": ["zip"], "in_context": 0.8})],
        {"csv": ["zip", "postal_code"]},
        ("zip 59999 here", "59999"),
        "lot 59999",
    ),
    "date": (
        [
            ("iso", r"(?<!\d)(?:19|20)\d\d-\d\d-\d\d(?!\d)", 0.95, {}),
            ("in-name", r"(?<!\d)(?:19|20)\d\d \d\d \d\d(?!\d)", 0.8, {"kinds": ["filename"]}),
        ],
        {"csv": ["dob", "*_date"], "when": ["date"]},
        ("seen 2024-03-04 again", "2024-03-04"),
        "in 2024",
    ),
    "age": (
        [("years", r"(?<!\d)(?P<phi>(?:9\d|1[01]\d)) yo(?![a-z])", 0.9, {})],
        {"csv": ["age"], "when": ["number"], "value": r"9\d|1[01]\d"},
        ("a 93 yo woman", "93"),
        "a 53 yo woman",
    ),
    "phone": (
        [("us", r"(?<![\d-])\d{3}-555-\d{4}(?!\d)", 0.9, {})],
        {"csv": ["phone"]},
        ("call 617-555-0123", "617-555-0123"),
        "555-0123456",
    ),
    "fax": (
        [("labelled", r"(?i:fax) (?P<phi>\d{3}-555-\d{4})(?!\d)", 0.95, {})],
        {"csv": ["fax"]},
        ("fax 617-555-0124", "617-555-0124"),
        "617-555-0124",
    ),
    "email": (
        [("address", r"[a-z0-9.]{1,30}@[a-z]{2,20}\.(?:org|com)(?![a-z])", 0.95, {})],
        {"csv": ["email"]},
        ("write x.y@example.org", "x.y@example.org"),
        "at example.org",
    ),
    "ssn": (
        [
            ("dashed", r"(?<![\d-])\d{3}-\d{2}-\d{4}(?![\d-])", 0.85, {"severity": "critical"}),
            ("spaced", r"(?<!\d)\d{3} \d{2} \d{4}(?!\d)", 0.8, {"severity": "critical"}),
            ("bare", r"(?<!\d)\d{9}(?!\d)", 0.1, {"context": ["ssn"], "in_context": 0.8}),
        ],
        {"csv": ["ssn"]},
        ("ssn 987-65-4320 on file", "987-65-4320"),
        "lot 987-654-320",
    ),
    "mrn": (
        [("labelled", r"MRN:? ?(?P<phi>\d{6,9})(?!\d)", 0.9, {"severity": "critical"})],
        {"csv": ["mrn"], "when": ["id", "number", "digits"]},
        ("MRN 0041776", "0041776"),
        "room 0041776",
    ),
    "health_plan": (
        [("member", r"(?<![A-Z])ZZH\d{9}(?!\d)", 0.9, {})],
        {"csv": ["member_id"]},
        ("member ZZH000041776", "ZZH000041776"),
        "ZZH41",
    ),
    "account": (
        [("labelled", r"(?i:acct) (?P<phi>\d{8,12})(?!\d)", 0.9, {})],
        {"csv": ["account"]},
        ("acct 00041776880", "00041776880"),
        "00041776880",
    ),
    "license": (
        [("dea", r"(?i:license) (?P<phi>[A-Z]{2}\d{7})(?!\d)", 0.9, {})],
        {"csv": ["license"]},
        ("license AB1234563", "AB1234563"),
        "AB1234563",
    ),
    "vehicle": (
        [("vin", r"(?<![A-Z0-9])1M8GD[A-Z0-9]{12}(?![A-Z0-9])", 0.9, {})],
        {"csv": ["vin"]},
        ("VIN 1M8GDM9AXKP042788", "1M8GDM9AXKP042788"),
        "VIN not read",
    ),
    "device": (
        [("serial", r"(?i:serial) (?P<phi>SNZ\d{6})(?!\d)", 0.9, {})],
        {"csv": ["device_serial"]},
        ("serial SNZ417768", "SNZ417768"),
        "SNZ417768",
    ),
    "url": (
        [("http", r"https?://[a-z.]{4,40}(?:/[a-z0-9]{1,40})?", 0.9, {})],
        {"csv": ["url"]},
        ("see https://example.org/p41776", "https://example.org/p41776"),
        "example.org",
    ),
    "ip": (
        [("v4", r"(?<![\d.])192\.0\.2\.\d{1,3}(?!\d|\.\d)", 0.9, {})],
        {"csv": ["ip"]},
        ("from 192.0.2.177", "192.0.2.177"),
        "version 192.0",
    ),
    "biometric": (
        [("print", r"(?i:fingerprint) (?P<phi>FPZ[0-9A-F]{8})", 0.9, {})],
        {"csv": ["fingerprint"]},
        ("fingerprint FPZ41776F00", "FPZ41776F00"),
        "fingerprint taken",
    ),
    "photo": (
        [("face", r"(?i:photo) (?P<phi>IMGZ\d{6})", 0.9, {})],
        {"csv": ["photo"]},
        ("photo IMGZ417768", "IMGZ417768"),
        "photo taken",
    ),
    "other_id": (
        [
            ("study", r"(?<![A-Z])STU-\d{6}(?!\d)", 0.9, {"severity": "low"}),
            ("weak", r"(?<![A-Z])WK\d{6}(?!\d)", 0.35, {}),
        ],
        {"csv": ["encounter_id"]},
        ("subject STU-417768", "STU-417768"),
        "STU-41",
    ),
}


def write_rules(folder: Path) -> Path:
    """Write the folder; lists, policies and operators are those that we ship."""
    shipped = default_folder()
    for name in ("lists", "policies", "operators.yaml"):
        (folder / name).symlink_to(shipped / name)
    (folder / "identifiers").mkdir()
    for identifier, rule in RULES.items():
        path = folder / "identifiers" / f"{IDENTIFIERS[identifier]}-{identifier}.yaml"
        path.write_text(json.dumps(_file(identifier, *rule)), encoding="utf-8")
    return folder


def _file(identifier, patterns, columns, found, not_found):
    letter = IDENTIFIERS[identifier]
    field = {key: value for key, value in columns.items() if key in {"when", "value"}}
    return {
        "id": identifier,
        "letter": letter,
        "title": f"fake {identifier}",
        "citation": f"45 CFR 164.514(b)(2)(i)({letter})",
        "law": "the law's words",
        "reading": "as simple as can be",
        "reviewed": "2026-11-22",
        "severity": "high",
        "detect": [
            *(
                {"pattern": name, "regex": regex, "confidence": score, "why": "a test", **more}
                for name, regex, score, more in patterns
            ),
            {"field": {"csv": columns["csv"]}, "confidence": 0.98, "why": "a test", **field},
        ],
        "examples": {
            "found": [{"text": found[0], "expect": found[1], "pattern": patterns[0][0]}],
            "not_found": [{"text": not_found, "because": "it is another thing"}],
        },
        "known_gaps": [],
    }

"""Fixed runs to report on: an invented hospital, no value anywhere."""

import datetime as dt
import hashlib
import json
from dataclasses import replace
from pathlib import Path

from phisweep.leaks.kinds import LEAKS
from phisweep.model import (
    IDENTIFIERS,
    BandFigures,
    ColumnFigures,
    IntervalFigures,
    IntervalSide,
    Leak,
    Linking,
    Outcome,
    Record,
    Run,
    RunManifest,
    Source,
    SpreadFigures,
    Survey,
    Tally,
    UsefulnessFigures,
    Verification,
)
from phisweep.report.record import record_of
from phisweep.ruleset.load import Ruleset
from phisweep.ruleset.schema import ListFile, PolicyFile, RuleFile, Treatment

LAW = {
    "A": "Names",
    "B": (
        "All geographic subdivisions smaller than a State, including street address, city, county,"
        " precinct, zip code, and their equivalent geocodes, except for the initial three digits of"
        " a zip code if, according to the current publicly available data from the Bureau of the"
        " Census: (1) The geographic unit formed by combining all zip codes with the same three"
        " initial digits contains more than 20,000 people; and (2) The initial three digits of a"
        " zip code for all such geographic units containing 20,000 or fewer people is changed to"
        " 000"
    ),
    "C": (
        "All elements of dates (except year) for dates directly related to an individual, including"
        " birth date, admission date, discharge date, date of death; and all ages over 89 and all"
        " elements of dates (including year) indicative of such age, except that such ages and"
        " elements may be aggregated into a single category of age 90 or older"
    ),
    "D": "Telephone numbers",
    "E": "Fax numbers",
    "F": "Electronic mail addresses",
    "G": "Social security numbers",
    "H": "Medical record numbers",
    "I": "Health plan beneficiary numbers",
    "J": "Account numbers",
    "K": "Certificate/license numbers",
    "L": "Vehicle identifiers and serial numbers, including license plate numbers",
    "M": "Device identifiers and serial numbers",
    "N": "Web Universal Resource Locators (URLs)",
    "O": "Internet Protocol (IP) address numbers",
    "P": "Biometric identifiers, including finger and voice prints",
    "Q": "Full face photographic images and any comparable images",
    "R": (
        "Any other unique identifying number, characteristic, or code, except as permitted by"
        " paragraph (c) of this section"
    ),
}
GAPS = {
    "name": ("A name that is also a common word and stands without a title or label.",),
    "date": ("A date written out in words in a language other than English.",),
    "ssn": ('Digits spoken as words ("two one nine ...").',),
}
OPERATORS = {
    "redact": "Replace the whole identifier by a tag that says what stood there.",
    "year": "Keep the year of a date and nothing finer.",
    "zip3": "Keep the first three digits of a ZIP code where more than 20,000 people share them.",
    "code": "Replace the identifier by a random code, the same throughout the run.",
    "surrogate": "Replace the text by an invented value, the same one for the same value of a person.",
    "date-shift": "Move a date by a number of days that is its subject's own.",
}
HOW = {
    "date": ("generalize", "year"), "zip": ("generalize", "zip3"), "mrn": ("replace", "code"),
}  # fmt: skip


def sha(text):
    return hashlib.sha256(text.encode()).hexdigest()


def ruleset(folder=Path("rules"), letters="ABCDEFGHIJKLMNOPQR"):
    rules = tuple(
        RuleFile.model_validate(
            {
                "id": name,
                "letter": letter,
                "title": name.replace("_", " ").capitalize() + "s",
                "citation": f"45 CFR 164.514(b)(2)(i)({letter})",
                "law": LAW[letter],
                "reading": "as the regulation says",
                "reviewed": dt.date(2026, 11, 22),
                "severity": "high",
                "detect": [],
                "examples": {
                    "found": [{"text": "x", "expect": "x"}],
                    "not_found": [{"text": "y", "because": "it is none"}],
                },
                "known_gaps": GAPS.get(name, ()),
            }
        )
        for name, letter in IDENTIFIERS.items()
        if letter in letters
    )
    lists = {
        "zip3_population_2020": ListFile(
            file="zip3_population_2020.csv",
            title="Populations of three-digit ZIP areas",
            source="U.S. Census Bureau, 2020 census, by ZCTA",
            vintage="2020 census",
            licence="public domain",
            sha256=sha("zip3"),
        ),
        "months": ListFile(
            file="months.txt",
            title="Months",
            source="common knowledge",
            vintage="2026",
            licence="public domain",
            sha256=sha("months"),
        ),
    }
    return Ruleset(folder, rules, {}, lists, sha("rules"))


POLICY = PolicyFile(
    id="safe-harbor",
    title="Safe Harbor",
    citation="45 CFR 164.514(b)(2)",
    method="safe-harbor",
    reading="Every identifier (A) to (R) is removed; what is left of dates is the year.",
    reviewed=dt.date(2026, 11, 22),
    settings={"census": "2020", "seasons": "remove", "margin": 0.1, "providers": False},
    treatments={
        "date": Treatment(action="generalize", operator="year"),
        "zip": Treatment(action="generalize", operator="zip3", params={"digits": 3}),
        "mrn": Treatment(action="replace", operator="code"),
        "ssn": Treatment(action="remove", operator="redact"),
    },
)


STUDY = PolicyFile(
    id="study",
    title="A study",
    citation="45 CFR 164.514(b)(1)",
    method="expert",
    treatments={
        "date": Treatment(action="generalize", operator="date-shift", params={"max-days": 100}),
        "date/birth": Treatment(
            action="generalize", operator="date-shift", params={"max-days": 100}
        ),
        "name": Treatment(action="replace", operator="surrogate"),
        "phone": Treatment(action="replace", operator="surrogate"),
        "ssn": Treatment(action="replace", operator="surrogate"),
        "mrn": Treatment(action="replace", operator="code"),
        "age": Treatment(action="generalize", operator="age"),
    },
    columns={
        "visits.csv": {
            "seen": Treatment(
                action="generalize",
                operator="date-shift",
                params={"weekday": True, "without-subject": "year", "identifier": "date"},
            ),
            "contact": Treatment(
                action="replace", operator="surrogate", params={"identifier": "email"}
            ),
        }
    },
)
POLICIES = {"safe-harbor": POLICY, "study": STUDY}


def tally(place, identifier, count, rule="", severity="high", *, score=0.85, done=True):
    action, operator = HOW.get(identifier, ("remove", "redact")) if done else ("", "")
    return Tally(
        place,
        identifier,
        IDENTIFIERS[identifier],
        f"{identifier}/{rule or 'field'}",
        severity,
        action,
        operator,
        count,
        score,
        scores=((int(score * 20 + 1e-9), count),),
    )


def outcome(name, status="changed", tallies=(), *, shown="", rows=None, columns=None, **more):
    source = Source(Path("/data/in") / name, name, 812 + 977 * len(name), shown or name)
    values = {"format": "plain", "encoding": "utf-8", "bytes": source.size}
    if status in {"clean", "changed"}:
        values |= {
            "sha256": sha(name),
            "output": source.shown,
            "output_sha256": sha(name + status),
            "output_bytes": source.size - 12 * bool(tallies),
        }
    return Outcome(
        source, status, tallies=tuple(tallies), rows=rows, columns=columns, **(values | more)
    )


def table(name, tallies, rows, columns, **more):
    unread = ("the dialect's comments",)
    return outcome(
        name, "changed" if tallies else "clean", tallies, rows=rows, columns=columns,
        format="delimited", unread=unread, **more,
    )  # fmt: skip


def column(place, rows, empty, unchanged, changed, before, after, **more):
    return ColumnFigures(place, rows, empty, unchanged, changed, before, after, **more)


def spread(place, kind, *bands):
    return SpreadFigures(place, kind, tuple(BandFigures(*band) for band in bands))


AGES = [(f"{age}-{age + 4}", 140 - age, 140 - age) for age in range(0, 90, 5)]
KEPT = UsefulnessFigures(
    columns=(
        column("column 1", 2406, 0, 0, 2406, 108, 108),
        column("column 3", 2406, 0, 0, 2406, 1322, 9),
        column("column 4", 2406, "<11", 0, "11+", 1319, 1100),
        column("column 5 (age)", 2406, 0, "11+", "<11", 88, 84),
        column("column 6 (note_id)", 2406, 0, 2406, 0, 131_000, 131_000, estimated=True),
        column("column 7", 2406, "not shown", "not shown", "not shown", 3, 0),
    ),
    spreads=(
        spread(
            "column 3", "year", ("to 1936", 31, 0), ("1937", "<11", 0), ("1938", "11+", 0),
            ("1939", 1980, 2011), ("empty", "11+", "<11"), ("other", 0, "11+"),
        ),
        spread("column 5 (age)", "age", *AGES, ("90+", 12, 12)),
    ),
    intervals=(
        IntervalFigures(
            "column 3",
            "column 4",
            (
                IntervalSide("before", "days", 2400, (-3, 1, 3, 6, 21)),
                IntervalSide("before", "years", 2400, (0, 0, 0, 0, 1)),
                IntervalSide("after", "years", 2400, (0, 0, 0, 0, 1)),
            ),
        ),
        IntervalFigures(
            "column 3",
            "column 9",
            (
                IntervalSide("before", "days", "11+", (None, 1, 3, 6, None)),
                IntervalSide("after", "days", 0, (None,) * 5),
            ),
        ),
    ),
    left_out=2,
    words=412,
    untouched=400,
)  # fmt: skip
PROSE = UsefulnessFigures(words=640, untouched=611)


def leak(name, count, file="", place="", other=""):
    kind = LEAKS[name]
    return Leak(name, file, place, other, count, kind.resolution, kind.citation, kind.why)


SURVEY = Survey(
    (
        leak("age-and-later-event", 3),
        leak("hash-of-identifier", 1, "labs/results_2014.csv", "column 9 (ref)"),
        leak("part-of-removed", 108, "patients.csv", "column 10 (area)", "column 6"),
    ),
    several=2,
)


def outcomes(*, done=True):
    """Sources met by a search, or by a run that has subjects."""
    found = [*_outcomes(done=done)]
    if done:
        found = [replace(met, linking=LINKINGS.get(met.source.name, Linking())) for met in found]
    return tuple(found)


LINKINGS = {
    "encounters.csv": Linking(("column 1",), keyed=2400, unkeyed=6, alone=4),
    "messages.jsonl": Linking(("/patient/id",), keyed=40, unkeyed=4),
    "notes/discharge_0002.txt": Linking(unkeyed=1, several=1),
    "patients.csv": Linking(("column 1",), keyed=108),
}


def _outcomes(*, done):
    def t(*args, **more):
        return tally(*args, **more, done=done)

    return (
        table(
            "encounters.csv",
            [t("column 3", "date", 2406), t("column 4", "date", 2406)],
            2406,
            15,
            kept=KEPT,
        ),
        table("labs/results_2014.csv", [t("column 2", "date", 41102)], 41102, 9),
        outcome(
            "messages.jsonl",
            tallies=[
                t("/body", "phone", 12, "nanp", score=0.7),
                t("/body", "name", 31, "label", score=0.6),
                t("/from", "email", 44, "plain"),
            ],
            format="jsonl",
            rows=44,
            unread=("numbers that are not strings are searched only under a key that names them",),
        ),
        outcome(
            "notes/[NAME-KXTRBCDFGH]_2014.txt",
            tallies=[
                t("filename", "name", 1, "last-first", score=0.6),
                t("text", "name", 6, "title"),
                t("text", "date", 9, "iso", "medium"),
                t("text", "ssn", 1, "dashed", "critical"),
                t("text", "age", 1, "over-89", "medium", score=0.7),
            ],
        ),
        outcome(
            "notes/discharge_0002.txt",
            tallies=[t("text", "date", 4, "us-slash", "medium")],
            kept=PROSE,
        ),
        outcome("notes/discharge_0003.txt", "clean"),
        table(
            "patients.csv",
            [
                t("column 1", "mrn", 108),
                t("column 2", "name", 108),
                t("column 3", "name", 108),
                t("column 4", "ssn", 108, "dashed", "critical"),
                t("column 5", "date", 108),
                t("column 6", "location", 108),
                t("column 7", "zip", 108),
                t("column 8", "phone", 96, "nanp"),
                t("column 9", "fax", 12, "label"),
                t("column 12", "health_plan", 88, "mbi", "critical"),
                t("column 12", "other_id", 20, "uuid", "low", score=0.45),
            ],
            108,
            14,
            warnings=("3 records have 13 fields instead of 14; they were searched as they are",),
        ),
        outcome(
            "readme.md",
            tallies=[
                t("text", "url", 2, "bare", "low", score=0.5),
                t("text", "ip", 1, "v4", "low", score=0.5),
            ],
        ),
        table("reference/loinc_codes.csv", [], 1604, 6),
    )


TROUBLED = (
    outcome(
        "export/visits_old.csv",
        "incomplete",
        format="delimited",
        encoding="",
        rows=0,
        error=(
            "error[E203]: export/visits_old.csv: not valid utf-8 at byte 88213."
            " Set --encoding, or encoding under [tool.phisweep.files]."
        ),
    ),
    outcome(
        "images/ct_head.dcm",
        "skipped",
        format="",
        encoding="",
        reason="no reader for this format is installed: pip install 'phisweep[dicom]'",
    ),
)

MANIFEST = RunManifest(
    run_id="r-20261122-7f3a9c",
    command="deid",
    version="0.1.0",
    ruleset_version="2026.1",
    ruleset_sha256=sha("rules"),
    policy="safe-harbor",
    policy_sha256=sha("policy"),
    config_sha256=sha("config"),
    engine="rules",
    runner="pool",
    jobs=2,
    model="",
    lists={"zip3_population_2020": sha("zip3"), "months": sha("months")},
    components={"python": "3.11.7", "google-re2": "1.1.20251105"},
    census_table="zip3_population_2020",
    key_id="k1:9f3c2a10",
    reference_year=2026,
    started="2026-11-22T09:30:00Z",
    finished="2026-11-22T09:30:04Z",
    seconds=4.2,
    configuration={"profile": "safe-harbor", "jobs": "2", "engine": "rules"},
)
VERIFIED = Verification(
    ok=True,
    files=9,
    searched=1844,
    unsearchable=7,
    threshold=0.3,
    notes=("Seven removed values are of two characters or fewer.",),
)


def record(
    place="text", *, source="patients.csv", line=3, rule="ssn/dashed", identifier="ssn", **more
):
    return Record(
        source=source,
        where="/",
        place=place,
        start=more.pop("start", 15),
        end=more.pop("end", 26),
        line=line,
        col=more.pop("col", 9),
        identifier=identifier,
        letter=IDENTIFIERS[identifier],
        rule=rule,
        score=0.85,
        severity=more.pop("severity", "critical"),
        shape="ddd-dd-dddd",
        fingerprint="MZXW6YTBOI5AMZXW6YTBOI5AMZ",
        explain=("the grouping printed on the card",),
        **more,
    )


def verified():
    return Run(MANIFEST, outcomes(), VERIFIED, survey=SURVEY)


def incomplete():
    met = (*outcomes(), *TROUBLED)
    return Run(MANIFEST, tuple(sorted(met, key=lambda o: o.source.shown)), VERIFIED, survey=SURVEY)


def failed():
    seen = replace(
        VERIFIED,
        ok=False,
        problems=("patients.csv is not the file that was written: its SHA-256 differs.",),
        residual=(record("column 4"), record("column 4", line=9)),
        leaked=(record("text", source="readme.md"),),
    )
    return Run(MANIFEST, outcomes(), seen, survey=SURVEY)


def searched():
    found = tuple(
        replace(met, output="", output_sha256="", output_bytes=0) for met in outcomes(done=False)
    )
    return Run(replace(MANIFEST, command="scan"), found)


def empty():
    return Run(replace(MANIFEST, command="scan"), ())


def linked():
    """A run that moves dates and invents values, of a study with subjects."""
    keys = {"patients.csv": "mrn", "visits.csv": ["mrn", "visit:visit"], "notes/*": "name:No(.+)"}

    def by(operator, place, identifier, count):
        return replace(tally(place, identifier, count), action="replace", operator=operator)

    met = (
        outcome(
            "notes/[MRN-KXTRBCDFGH].txt",
            tallies=[
                by("surrogate", "filename", "mrn", 1),
                by("surrogate", "text", "name", 12),
                by("date-shift", "text", "date", 5),
            ],
            linking=Linking(("name:No(.+)",), keyed=1),
        ),
        table(
            "patients.csv",
            [
                by("code", "column 1 (mrn)", "mrn", 108),
                by("surrogate", "column 2", "name", 108),
                by("date-shift", "column 5 (dob)", "date", 108),
            ],
            108,
            14,
            linking=Linking(("column 1",), keyed=108),
        ),
        table("places.csv", [by("date-shift", "column 2", "date", 30)], 30, 3, linking=Linking()),
        table(
            "visits.csv",
            [
                by("code", "column 1 (mrn)", "mrn", 340),
                by("surrogate", "column 3", "phone", 320),
                by("date-shift", "column 4", "date", 340),
            ],
            340,
            5,
            linking=Linking(("column 1", "column 2"), 330, 10, alone=17),
        ),
        TROUBLED[1],
    )
    configuration = {"profile": "study", "subject-key": json.dumps(keys)}
    manifest = replace(MANIFEST, policy="study", configuration=configuration)
    leaks = (
        *SURVEY.leaks[1:],
        leak(
            "relative-day-and-anchor", 340, "visits.csv", "column 5 (day)", "visits.csv: column 4"
        ),
    )
    return Run(manifest, met, VERIFIED, survey=Survey(leaks, several=12))


RUNS = {
    "linked": linked,
    "verified": verified,
    "incomplete": incomplete,
    "failed": failed,
    "searched": searched,
    "empty": empty,
}


def record_of_run(run, keeping="not told"):
    policy = POLICIES[run.manifest.policy]
    return record_of(run, ruleset(), policy=policy, describe=OPERATORS.__getitem__, keeping=keeping)

"""The confidentiality profile of DICOM: its table, its options, and the places of its attributes."""

import importlib
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phisweep.detect.standards import Standards
from phisweep.formats.imaging.profile import BINARY, Action, Profile
from phisweep.model import IDENTIFIERS, Location, Text
from phisweep.ruleset.load import load_fields, load_policy, load_ruleset
from phisweep.ruleset.schema import ImagingOption

OPTIONS = get_args(ImagingOption)
TABLE = Profile.of(frozenset()).table
ROWS = sorted(TABLE.rows.values(), key=lambda row: row.tag)
#: From what leaves least to what leaves all.
LEAVES = "XZDUCK"
CT, PET, SR, NEWER = (
    "1.2.840.10008.5.1.4.1.1.2",
    "1.2.840.10008.5.1.4.1.1.128",
    "1.2.840.10008.5.1.4.1.1.88.33",
    "1.2.840.10008.5.1.4.1.1.999",
)
PHYSICIANS = 0x00080096

subsets = st.frozensets(st.sampled_from(OPTIONS))
rows = st.sampled_from(ROWS)
classes = st.sampled_from([None, "", CT, PET, SR, NEWER])
sequences = st.sampled_from([None, 0, PHYSICIANS, 0x00189506, 0x0040A730])


def number(row):
    return int(row.tag.replace("x", "0"), 16)


def profile(*options):
    return Profile.of(frozenset(options))


# The table


def test_the_table_is_that_of_the_edition_it_names():
    assert load_fields("dicom").profile.edition.startswith("PS3.15 2026c")
    assert len(ROWS) == 655  # and private attributes, which are no row
    counts = {basic: sum(row.basic == basic for row in ROWS) for basic in ("X", "Z", "D", "U")}
    assert counts == {"X": 415, "Z": 42, "D": 93, "U": 55}
    assert sum("/" in row.basic for row in ROWS) == 50


def test_the_table_says_what_another_reading_of_the_same_edition_says():
    other = importlib.import_module(
        "dicomanonymizer.dicom_anonymization_databases.dicomfields_2026c"
    )
    names = {"X/Z/U": "X_Z_U_STAR"}
    for basic in {row.basic for row in ROWS}:
        theirs = getattr(other, f"{names.get(basic, basic.replace('/', '_'))}_TAGS")
        told = {f"{tag[0]:04X}{tag[1]:04X}" for tag in theirs if len(tag) == 2}
        ours = {row.tag for row in ROWS if row.basic == basic and "x" not in row.tag}
        assert told == ours


@pytest.mark.parametrize(
    ("tag", "keyword"),
    [
        (0x50002600, "CurveData"),
        (0x501E3000, "CurveData"),
        (0x60003000, "OverlayData"),
        (0x60FE4000, "OverlayComments"),
        (0x60000010, ""),
        (0x00100012, "NameToUse"),
        (0x00080060, ""),
    ],
)
def test_repeating_groups_are_covered(tag, keyword):
    assert profile().keyword(tag) == keyword
    assert (profile().action(tag, "LO") is None) == (not keyword)


# Actions


@given(row=rows, options=subsets, sop_class=classes, within=sequences)
def test_every_attribute_has_one_action_under_every_choice_of_options(
    row, options, sop_class, within
):
    vr = row.vr
    told = Profile.of(options).action(number(row), vr, sop_class=sop_class, within=within)
    assert told in get_args(Action)
    assert not (told == "C" and vr in BINARY)
    assert not (told == "D" and vr == "UI")


@given(row=rows, options=subsets, more=st.sampled_from(OPTIONS), sop_class=classes)
def test_an_option_changes_nothing_that_it_does_not_name(row, options, more, sop_class):
    before = Profile.of(options).action(number(row), row.vr, sop_class=sop_class)
    after = Profile.of(options | {more}).action(number(row), row.vr, sop_class=sop_class)
    if more not in row.options:
        assert after == before


@given(row=rows, options=subsets, sop_class=classes)
def test_of_two_options_the_one_that_leaves_less_holds(row, options, sop_class):
    named = [option for option in options if option in row.options]
    alone = [
        Profile.of(frozenset({option})).action(number(row), row.vr, sop_class=sop_class)
        for option in named
    ]
    told = Profile.of(options).action(number(row), row.vr, sop_class=sop_class)
    if named:
        assert LEAVES.index(told) == min(map(LEAVES.index, alone))


@pytest.mark.parametrize(
    ("tag", "vr", "place", "action"),
    [
        (0x00080080, "LO", {"sop_class": CT}, "X"),
        (0x00080080, "LO", {"sop_class": CT, "within": PHYSICIANS}, "D"),
        (0x00080080, "LO", {"sop_class": NEWER}, "D"),
        (0x00080080, "LO", {}, "D"),
        (0x00080021, "DA", {"sop_class": CT}, "X"),
        (0x00080021, "DA", {"sop_class": PET}, "D"),
        (0x00080022, "DA", {"sop_class": CT}, "X"),
        (0x00080022, "DA", {"sop_class": PET}, "Z"),
        (0x00100020, "LO", {"sop_class": CT}, "Z"),
        (0x00081111, "SQ", {"sop_class": CT}, "X"),
        (0x00081111, "SQ", {"sop_class": SR}, "Z"),
        (0x00081140, "SQ", {"sop_class": CT}, "U"),
        (0x30080054, "DA", {}, "D"),
    ],
)
def test_a_combined_action_is_that_of_the_attributes_type(tag, vr, place, action):
    assert profile().action(tag, vr, **place) == action


@pytest.mark.parametrize(
    ("tag", "vr", "option", "action"),
    [
        (0x00080020, "DA", "retain-longitudinal-full-dates", "K"),
        (0x00080020, "DA", "retain-longitudinal-modified-dates", "C"),
        (0x00080030, "TM", "retain-longitudinal-modified-dates", "C"),
        (0x00100030, "DA", "retain-longitudinal-full-dates", "Z"),
        (0x00101010, "AS", "retain-patient-characteristics", "C"),
        (0x00100040, "CS", "retain-patient-characteristics", "C"),
        (0x00102161, "SQ", "retain-patient-characteristics", "K"),
        (0x00100040, "CS", "retain-uids", "Z"),
        (0x0020000D, "UI", "retain-uids", "K"),
        (0x0040A124, "UI", "retain-uids", "U"),
        (0x006A0003, "UI", "clean-descriptors", "U"),
        (0x00081030, "LO", "clean-descriptors", "C"),
        (0x0016002B, "OB", "clean-descriptors", "X"),
        (0x60003000, "OW", "clean-graphics", "X"),
        (0x60004000, "LT", "clean-graphics", "C"),
        (0x0040A730, "SQ", "clean-structured-content", "C"),
        (0x00181000, "LO", "retain-device-identity", "K"),
        (0x00080081, "ST", "retain-institution-identity", "K"),
    ],
)
def test_an_option_is_followed_where_it_can_be(tag, vr, option, action):
    assert profile(option).action(tag, vr) == action


# Private attributes


def test_private_attributes_are_removed_but_those_known_to_be_safe():
    keeping = profile("retain-safe-private")
    assert keeping.private("GEMS_ACQU_01 ", 0x0019, 0x109E)
    assert keeping.private("GEMS_ACQU_01", 0x0019, 0x119E)  # in whatever block it lies
    assert not keeping.private("GEMS_ACQU_01", 0x0019, 0x109D)
    assert not keeping.private("ACME", 0x0019, 0x109E)
    assert not profile().private("GEMS_ACQU_01", 0x0019, 0x109E)
    assert keeping.action(0x0019109E, "LO") == "X"


@pytest.mark.parametrize(
    ("creator", "group", "element"),
    [
        ("Philips ST80i", 0x0025, 0x1001),  # a file of the manufacturer
        ("HOLOGIC, Inc.", 0x7E01, 0x1012),  # bytes
        ("NQHeader", 0x0099, 0x1002),  # the UID of a series
    ],
)
def test_what_nobody_can_look_into_is_not_safe(creator, group, element):
    assert not profile("retain-safe-private").private(creator, group, element)


# Places


@pytest.fixture(scope="module")
def standards():
    return Standards(load_ruleset())


def found(standards, path, text):
    block = Text(Location("a.dcm", "x"), text, kind="value", path=f"dicom:{path}")
    return standards.find(block)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.keyword)
def test_every_attribute_is_counted_under_an_identifier(row, standards):
    text = {"DA": "20140314", "TM": "093000", "AS": "094Y", "UI": "1.2.826.0.1.4711"}.get(
        row.vr, "Quillfen"
    )
    for path in (row.keyword, f"AnySequence.{row.keyword}", f"{row.keyword}.AnyKeyword"):
        (finding,) = found(standards, path, text)
        assert finding.identifier in IDENTIFIERS
        assert finding.rule.startswith(f"{finding.identifier}/dicom-")
        assert (finding.start, finding.end) == (0, len(text))


def test_private_values_are_counted_too(standards):
    (finding,) = found(standards, "private", "Quillfen")
    assert finding.rule == "other_id/dicom-private"


def test_what_the_table_does_not_name_is_searched_as_any_text(standards):
    assert found(standards, "Modality", "CT") is None


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("StudyDate", "19000101"),
        ("StudyTime", "000000"),
        ("PatientAge", "090Y"),
        ("PatientAge", "089Y"),
        ("SOPInstanceUID", "1.2.840.10008.5.1.4.1.1.2"),
    ],
)
def test_what_a_copy_is_written_with_is_not_found_again(path, text, standards):
    assert found(standards, path, text) == []


@pytest.mark.parametrize("name", ["safe-harbor", "limited-data-set", "expert"])
def test_every_rule_of_a_uid_is_treated_by_uids(name):
    treatments = load_policy(name, load_ruleset()).treatments
    assert treatments["other_id/dicom-uid"].operator == "uid"

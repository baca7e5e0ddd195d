import re

from hypothesis import given
from hypothesis import strategies as st

from phisweep.config import load_config
from phisweep.keys import shape
from phisweep.review.suggestions import Miss, Place, Wrong, example_of, lines, pattern_of
from phisweep.ruleset.load import load_policy, load_ruleset
from phisweep.site import site_rules, with_columns

NOTES = Place("notes/a.txt", "text")
CITY = Place("visits.csv", "column 4 (city_note)")
SHEET = Place("visits.xlsx", "Sheet1!column 2 (ward)")


def followed(found, folder):
    """The configuration that the lines make."""
    path = folder / "phisweep.toml"
    path.write_text("\n".join(found), encoding="utf-8")
    config = load_config(path, {})
    site_rules(config)
    return with_columns(load_policy("safe-harbor", load_ruleset()), config), config


def test_what_is_suggested_can_be_put_into_the_configuration(tmp_path):
    found = lines(
        [Miss(NOTES, "ddd.ddd.dddd", 2), Miss(CITY, "Aaaaa", 3, cells=5), Miss(NOTES, "Aaaaa", 1)],
        [
            Wrong(CITY, "name/title", 1, 2), Wrong(SHEET, "other_id/field", 4, 0),
            Wrong(NOTES, "date/slash", 2, 0),
        ],
    )  # fmt: skip
    policy, config = followed(found, tmp_path)
    assert policy.columns["visits.csv"]["city_note"].operator == "redact"
    assert policy.columns["visits.xlsx!Sheet1"]["ward"].action == "keep"
    assert config.per_path_ignores == {
        "visits.csv": ("name/title",),
        "notes/a.txt": ("date/slash",),
    }
    assert [pattern.examples for pattern in config.patterns] == [("000.000.0000",)]
    assert any(line.startswith("# That makes no pattern") for line in found)


def test_a_column_of_which_a_removal_was_right_is_not_kept():
    both = [Wrong(CITY, "name/title", 1, 0), Wrong(CITY, "date/iso", 1, 3)]
    assert not any("keep" in line for line in lines([], both))


def test_what_was_left_in_a_text_of_a_column_does_not_cost_the_column():
    found = lines([Miss(CITY, "dd-dd", 1)], [])
    assert not any("columns" in line for line in found)
    assert "[[tool.phisweep.patterns]]" in found


def test_nothing_wrong_suggests_nothing():
    assert lines([], []) == []


def test_a_name_of_a_file_that_reads_like_toml_stays_a_name(tmp_path):
    odd = Place('a"] [tool.phisweep]\nprofile = "expert"\n#.csv', 'column 1 (w"x)')
    policy, config = followed(lines([Miss(odd, "dd-dd", 1, cells=1)], []), tmp_path)
    assert config.profile == "safe-harbor"
    assert list(policy.columns) == [odd.path]


@given(st.text(st.sampled_from("09azAZ-./ {}()[]*+?\\#'\""), min_size=1, max_size=40))
def test_a_pattern_finds_the_example_of_its_shape(value):
    form = shape(value.strip() or "x")
    pattern = pattern_of(form)
    if pattern is not None:
        example = example_of(form)
        assert re.search(pattern, example)
        assert not {*example} & {*"123456789bcdefghijklmnopqrstuvwyzABCDEFGHIJKLMNOPQRSTUVWYZ"}

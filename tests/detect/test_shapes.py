"""What a value looks like, whatever it means."""

import pytest

from phisweep.detect.shapes import says_nothing, shapes


@pytest.mark.parametrize(
    ("value", "expect"),
    [
        ("", set()),
        ("?!", set()),
        ("12", {"number", "digits", "id"}),
        ("0041776", {"number", "digits", "id"}),
        ("-12", {"number"}),
        ("12.0", {"number", "id"}),
        ("12.5", {"number", "decimal"}),
        ("1e5", {"number", "id"}),
        ("1987", {"number", "digits", "id", "year"}),
        ("1800", {"number", "digits", "id"}),
        ("A-12", {"id", "name"}),
        ("0f8fad5b-d9cb-469f-a165-70867728950e", {"uuid", "id"}),
        ("2024-03-04", {"date"}),
        ("2024-03", {"date"}),
        ("3/4/24", {"date"}),
        ("04.03.2024", {"date"}),
        ("5 Mar 2024", {"date"}),
        ("March 5, 2024", {"date"}),
        ("2024-03-04T10:11:12Z", {"date"}),
        ("3/4/2024 10:11 PM", {"date"}),
        ("20240304", {"number", "digits", "id", "date"}),
        ("2024-W10-1", {"date"}),
        ("99/99/2024", {"id"}),
        ("Quillfeather", {"name", "words"}),
        ("QUILL, ANA", {"name", "words"}),
        ("O'Hara-Quill", {"name", "words"}),
        ("Maynard46", {"name", "id"}),
        ("Crohn disease of small intestine", {"name", "words"}),
        ("one two three four five six seven eight", {"words", "text"}),
        ("a\nb", {"text"}),
        ("x" * 81, {"text", "words"}),
    ],
)
def test_shapes(value, expect):
    assert set(shapes(value)) == expect


@pytest.mark.parametrize("value", ["9" * 5000, "a1" * 4000, "- " * 4000, "A" * 9000, "1/" * 5000])
def test_a_long_value_is_looked_at_in_no_time(value):
    assert "uuid" not in shapes(value)


@pytest.mark.parametrize(
    "value",
    [
        "",
        " ",
        "NA",
        "n/a",
        "NULL",
        "None",
        "nan",
        "unknown",
        "Not on file",
        "-",
        "--",
        ".",
        "?",
        "#N/A",
        "(blank)",
    ],
)
def test_what_says_that_there_is_nothing(value):
    assert says_nothing(value)


@pytest.mark.parametrize("value", ["0", "no", "Nan Quill", "none of these", "on", "file", "x"])
def test_what_says_something(value):
    assert not says_nothing(value)

"""What shown names promise: no PHI, and never one name for two files."""

import pytest

from phisweep.config import Config
from phisweep.detect.detector import Detector, stem_end
from phisweep.keys import Key
from phisweep.naming import Naming
from phisweep.ruleset.load import default_folder, load_policy, load_ruleset
from phisweep.session import Session
from phisweep.transform.codes import random_codes


@pytest.fixture
def naming(rules_folder):
    ruleset = load_ruleset(rules_folder)
    detector = Detector(ruleset, load_policy("safe-harbor", ruleset))
    with random_codes(Key.draw()) as codes:
        yield Naming(detector, codes)


@pytest.mark.parametrize(
    "name", ["a.txt", "sub/b.c/d", ".hidden", "größe.csv", "a b_c.tar.gz", "x."]
)
def test_a_name_without_phi_stays(naming, name):
    assert naming.shown(name) == name


@pytest.mark.parametrize(
    ("name", "copied"),
    [
        ("db/2019_03_04_users.php", "db/DATE-"),
        ("from_dataframe.py", ""),
        ("styles/autumn.py", "styles/DATE-"),
        ("macOS_Catalina_test.sh", "macOS"),
    ],
)
def test_a_search_reads_the_name_of_source_code_as_code_and_a_copy_does_not(name, copied):
    ruleset = load_ruleset(default_folder())
    detector = Detector(ruleset, load_policy("safe-harbor", ruleset))
    with random_codes(Key.draw()) as codes:
        assert Naming(detector, codes, quiet=True).shown(name) == name
        hidden = Naming(detector, codes).shown(name)
    assert not copied or (hidden != name and hidden.startswith(copied))


@pytest.mark.parametrize(
    "name", ["ssn_987-65-4320.py", "2019_03_04/run.py", "a/2019_03_04.txt", "pt_Ada_Ashgrover.R"]
)
def test_a_search_finds_what_identifies_in_names_beside_code_and_of_it(name):
    ruleset = load_ruleset(default_folder())
    detector = Detector(ruleset, load_policy("safe-harbor", ruleset))
    with random_codes(Key.draw()) as codes:
        assert Naming(detector, codes, quiet=True).shown(name) != name


def test_standard_input_is_called_so(naming):
    assert naming.shown("-") == "standard input"
    assert naming.shown("standard-input") != "standard-input"


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("ssn 987-65-4320.txt", "ssn SSN-", ".txt"),
        ("987-65-4320/x.csv", "SSN-", "/x.csv"),
        ("a/Ms. Quillfeather.csv", "a/Ms. NAME-", ".csv"),
        ("scan_2024_03_04_x.txt", "scan_DATE-", "_x.txt"),
        ("x.y@example.org", "x.y@example", ".org"),  # a suffix is none of a name
    ],
)
def test_each_finding_is_replaced_by_a_code_and_the_suffix_stays(naming, name, before, after):
    shown = naming.shown(name)
    assert shown.startswith(before)
    assert shown.endswith(after)
    assert "987-65-4320" not in shown
    assert "Quillfeather" not in shown


def test_one_name_has_one_shown_name(naming):
    assert naming.shown("987-65-4320.txt") == naming.shown("987-65-4320.txt")


def test_names_that_fold_to_one_code_are_told_apart(naming):
    names = [f"987{a}65{a}4320{b}.txt" for a in "- " for b in ("", " ")]
    names += [f"987-65-4320.d/{n}" for n in ("x", "y")]
    shown = [naming.shown(name) for name in names]
    assert len(set(shown)) == len(names)
    assert [naming.shown(name) for name in names] == shown
    assert all(s.endswith(".txt") for s in shown[:4])


def test_a_name_that_is_another_files_shown_name_is_changed(naming):
    code = naming.shown("987-65-4320.txt")
    assert naming.shown(code) != code


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("a.txt", "a"),
        ("a", "a"),
        (".a", ".a"),
        ("b/.a", "b/.a"),
        ("b.c/a", "b.c/a"),
        ("b.c/a.d.e", "b.c/a.d"),
    ],
)
def test_the_suffix_is_that_of_the_last_part(name, stem):
    assert name[: stem_end(name)] == stem


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("mrn=0041776/part-0.parquet", "0041776"),
        ("ssn=219-09-9999/part-0.parquet", "219-09-9999"),
        ("year=2020/patient=Quillfeather_Ada/part-0.parquet", "Quillfeather"),
    ],
)
def test_partition_folders_are_names_that_are_searched(name, value):
    session = Session(Config(engine="rules"), Key(b"k" * 32, "a test"))
    with random_codes(session.spec.key) as codes:
        shown = Naming(session.detector, codes).shown(name)
    assert value not in shown
    assert shown.endswith("part-0.parquet")


def test_of_parts_that_may_be_persons_nothing_but_the_suffix_is_shown(naming):
    naming.persons = frozenset({"QUILL^O", "brambleton.dcm"})
    shown = naming.shown("cd/QUILL^O/brambleton.dcm")
    assert shown.startswith("cd/NAME-")
    assert shown.endswith(".dcm")
    assert not {"quill", "bramble"} & {part[:7] for part in shown.lower().split("/")}
    assert naming.shown("cd/QUILL^O/brambleton.dcm") == shown
    assert naming.shown("plain/QUILL^O").startswith("plain/NAME-")

"""What the verbs promise in Python: texts, data frames, files."""

import pandas as pd
import pytest

import phisweep
from phisweep.errors import ComponentError, PhisweepError, PolicyConflict, UsageError

NOTE = "Seen 2024-03-04.\nMs. Quillfeather, ssn 987-65-4320; fax 617-555-0123.\n"


@pytest.fixture(autouse=True)
def _small(small_rules):
    pass


def test_what_is_offered_is_there_and_nothing_else():
    for name in phisweep.__all__:
        assert callable(getattr(phisweep, name))
    assert phisweep.__version__
    with pytest.raises(AttributeError):
        phisweep.nonsense  # noqa: B018 - the look-up is what is tested


@pytest.mark.parametrize("text", ["", " ", "nothing here", "[NAME] 2024 90+"])
def test_a_text_without_phi_comes_back_as_it_was(text):
    assert phisweep.scan_text(text) == []
    assert phisweep.deidentify_text(text) == (text, [])


def test_findings_of_a_text_are_sorted_spans_that_do_not_overlap():
    found = phisweep.scan_text(NOTE)
    assert [NOTE[f.start : f.end] for f in found] == [
        "2024-03-04", "Quillfeather", "987-65-4320", "617-555-0123",
    ]  # fmt: skip
    assert [f.letter for f in found] == ["C", "A", "G", "E"]


def test_a_text_is_written_without_its_phi_and_with_a_record_of_each():
    text, records = phisweep.deidentify_text(NOTE)
    assert text.startswith("Seen 2024.\nMs. [NAME], ssn [SSN]; fax ")
    assert "617" not in text
    assert [(r.line, r.col, r.operator) for r in records[:3]] == [
        (1, 6, "year"),
        (2, 5, "tag"),
        (2, 23, "tag"),
    ]
    assert len(records) == 4
    assert "Quillfeather" not in repr(records)
    assert phisweep.deidentify_text(text) == (text, [])


def test_a_detector_is_built_once_and_keeps_its_key():
    detector = phisweep.Detector(key=b"k" * 32)
    other = phisweep.Detector(key=b"x" * 32)
    prints = [
        [r.fingerprint for r in d.deidentify_text(NOTE)[1]] for d in (detector, detector, other)
    ]
    assert prints[0] == prints[1]
    assert not set(prints[0]) & set(prints[2])


def test_the_full_engine_finds_what_the_rules_find():
    full, rules = phisweep.scan_text(NOTE, engine="full"), phisweep.scan_text(NOTE)
    assert rules
    assert all(any(f.start <= r.start and r.end <= f.end for f in full) for r in rules)


@pytest.fixture
def frame():
    return pd.DataFrame(
        {
            "mrn": [41776, 41777, None],
            "dob": pd.to_datetime(["1950-03-04", None, "1999-01-02"]),
            "note": ["ssn 987-65-4320", None, "fax 617-555-0123 Ms. Quillfeather"],
            "n": [1, 2, 3],
            "flag": pd.Categorical(["a", "b", "a"]),
        },
        index=[7, 8, 9],
    )


def test_a_frame_is_written_without_its_phi_and_what_is_clean_keeps_its_type(frame):
    before = frame.copy()
    after, records = phisweep.deidentify_frame(frame)
    pd.testing.assert_frame_equal(frame, before)
    assert list(after["dob"].iloc[[0, 2]]) == ["1950", "1999"]
    assert after["dob"].isna().tolist() == [False, True, False]
    assert after["note"].iloc[0] == "ssn [SSN]"
    assert "617" not in after["note"].iloc[2]
    assert "Quillfeather" not in after["note"].iloc[2]
    assert after["mrn"].iloc[0].startswith("[MRN-")
    pd.testing.assert_frame_equal(after[["n", "flag"]], frame[["n", "flag"]])
    assert list(after.index) == [7, 8, 9]
    assert {r.where for r in records} >= {"record 1, column 1", "record 1, column 3"}
    assert "987" not in repr(records)


def test_a_frame_that_is_only_searched_stays(frame):
    before = frame.copy()
    records = phisweep.scan_frame(frame)
    pd.testing.assert_frame_equal(frame, before)
    assert {r.letter for r in records} >= {"A", "C", "G", "H"}


@pytest.mark.parametrize(
    "frame_", [pd.DataFrame(), pd.DataFrame({"a": []}), pd.DataFrame({"a": [1, None]})]
)
def test_a_frame_without_phi_comes_back_equal(frame_):
    after, records = phisweep.deidentify_frame(frame_)
    assert records == []
    pd.testing.assert_frame_equal(after, frame_)


def test_overlapping_findings_of_a_cell_are_removed_as_one():
    after, _ = phisweep.deidentify_frame(pd.DataFrame({"note": ["a fax 617-555-0123 b", "x"]}))
    assert "617" not in after["note"].iloc[0]
    assert after["note"].iloc[0].startswith("a fax [")
    assert after["note"].iloc[0].endswith("] b")


def test_columns_of_one_name_are_each_treated():
    frame = pd.DataFrame([["987-65-4320", "x"], ["987-65-4321", "y"]], columns=["ssn", "ssn"])
    after, records = phisweep.deidentify_frame(frame)
    assert after.to_numpy().tolist() == [["[SSN]", "[SSN]"]] * 2 or len(records) >= 2
    assert "987" not in after.to_csv()


def test_files_are_scanned_written_and_verified(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "n.txt").write_text(NOTE)
    assert phisweep.scan([tmp_path / "data"]).outcomes[0].findings == 4
    run = phisweep.deidentify([tmp_path / "data"], tmp_path / "out", key=b"k" * 32)
    assert run.verification.ok
    assert run.report.is_file()
    assert not run.incomplete
    checked = phisweep.verify(tmp_path / "out", key=b"k" * 32)
    assert checked.verification.ok
    assert checked.verification.searched > 0


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"profile": "nonsense"}, PhisweepError),
        ({"engine": "nonsense"}, UsageError),
        ({"policy": "conflict.yaml"}, PolicyConflict),
        ({"key": b"short"}, ComponentError),
    ],
)
def test_what_cannot_be_followed_is_raised_at_once(tmp_path, monkeypatch, options, error):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "conflict.yaml").write_text(
        "id: mine\nextends: safe-harbor\nmethod: safe-harbor\n"
        "treatments: {mrn: {action: replace, operator: presidio-hash}}\n"
    )
    with pytest.raises(error):
        phisweep.scan_text("x", **options)


def test_a_policy_that_extends_none_works_too(tmp_path):
    path = tmp_path / "bare.yaml"
    path.write_text(
        "id: bare\nmethod: safe-harbor\ntreatments: {ssn: {action: remove, operator: tag}}\n"
    )
    text, _ = phisweep.deidentify_text("ssn 987-65-4320, Ms. Quillfeather", policy=str(path))
    assert text == "ssn [SSN], Ms. [REMOVED]"  # what the policy forgot is removed

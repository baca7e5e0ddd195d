"""What the verbs promise in Python: texts, data frames, files."""

import pandas as pd
import pytest

import phisweep
from phisweep.errors import (
    ComponentError,
    DocumentError,
    InternalError,
    PhisweepError,
    PolicyConflict,
    UsageError,
    VerificationError,
)
from phisweep.keys import key_from_bytes
from phisweep.pipeline.worker import Pass
from phisweep.transform.vault import Vault

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


KEY = b"k" * 32
#: Under which dates move and names, numbers and keys are invented, or derived.
RESEARCH = """
id: research
extends: limited-data-set
method: limited-data-set
treatments:
  date: {action: generalize, operator: date-shift}
  name: {action: replace, operator: surrogate}
  mrn: {action: replace, operator: surrogate}
  phone: {action: replace, operator: surrogate}
  ssn: {action: replace, operator: hmac-token}
"""


@pytest.fixture
def research(tmp_path):
    path = tmp_path / "research.yaml"
    path.write_text(RESEARCH)
    return str(path)


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
    assert "987" not in repr([*records])


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


# Several frames


PATIENTS = pd.DataFrame(
    {
        "mrn": [4177601, 4177602, 4177603],
        "patient_name": ["Ulrica Penhallow", "Obadiah Quillfeather", "Mary Ashcombe"],
        "dob": pd.to_datetime(["1980-03-04", None, "1999-01-02"]),
        "ssn": ["987-65-4320", "987-65-4321", None],
        "arm": pd.Categorical(["a", "b", "a"]),
    }
)
VISITS = pd.DataFrame(
    {
        "visit_id": ["V1", "V2", "V3", "V4"],
        "mrn": pd.array([4177601, 4177602, None, 4177601], dtype="Int64"),
        "admit_date": pd.to_datetime(["2024-07-04", "2023-01-01", "2024-01-01", "2024-07-11"]),
        "note": [
            "Ms. Penhallow, call 617-555-0123",
            "Mr. Quillfeather, seen 2023-01-02",
            "nobody's",
            None,
        ],
    }
)
NOTES = pd.DataFrame({"visit_id": ["V2", "V4"], "note_date": ["2023-01-05", "2024-07-13"]})


def test_frames_hold_what_deid_writes_for_their_csv(tmp_path, research):
    (tmp_path / "in").mkdir()
    frames = {"patients": PATIENTS, "visits": VISITS}
    for name, frame in frames.items():
        frame.to_csv(tmp_path / "in" / f"{name}.csv", index=False)
    run = phisweep.deidentify([tmp_path / "in"], tmp_path / "out", policy=research, key=KEY)
    assert run.verification.ok
    done = phisweep.deidentify_frames(frames, policy=research, key=KEY)
    for name, frame in done.frames.items():
        expected = (tmp_path / "out" / f"{name}.csv").read_text()
        assert frame.to_csv(index=False) == expected.replace("[DATE]", "")  # NaT, of a row alone


def test_rows_of_one_subject_are_one_in_all_frames(research):
    done = phisweep.deidentify_frames(
        {"patients": PATIENTS, "visits": VISITS, "notes": NOTES},
        policy=research,
        key=KEY,
        subject={
            "patients": "mrn",
            "visits": ["mrn", "visit:visit_id"],
            "notes": "visit:visit_id",
        },
    )
    patients, visits, notes = done.frames.values()
    assert visits["mrn"].tolist()[0] == visits["mrn"].tolist()[3] == patients["mrn"].tolist()[0]
    assert "41776" not in "".join(f.to_csv() for f in done.frames.values())
    moved = visits["admit_date"] - VISITS["admit_date"]
    assert moved[0] == moved[3] == patients["dob"][0] - PATIENTS["dob"][0]
    assert moved[0] != moved[1]
    assert visits["admit_date"].isna().tolist() == [False, False, True, False]  # nobody's
    there = pd.to_datetime(notes["note_date"]) - pd.to_datetime(NOTES["note_date"])
    assert there.tolist() == [moved[1], moved[0]]
    surname = patients["patient_name"][0].split()[1]
    assert visits["note"][0].startswith(f"Ms. {surname}, call ")
    assert done.linking["visits"].alone == 1
    assert {r.source for r in done.records} == {"patients", "visits", "notes"}
    assert set(done.kept) == set(done.frames)


def test_what_a_filter_left_of_a_number_still_links(research):
    visits = VISITS.assign(mrn=[4177601.0, 4177602.0, None, 4177601.0])
    done = phisweep.deidentify_frames(
        {"patients": PATIENTS, "visits": visits}, policy=research, key=KEY
    )
    assert done.frames["visits"]["mrn"].tolist()[0] == done.frames["patients"]["mrn"].tolist()[0]


def test_a_leak_between_columns_is_found_and_told():
    frame = pd.DataFrame({"mrn": [f"417760{i}" for i in range(8)]})
    frame["unit"] = frame["mrn"].str[::-1]
    done = phisweep.deidentify_frames({"units": frame})
    assert [(k.name, k.file, k.place) for k in done.survey.leaks] == [
        ("encoded-identifier", "units", "column 2 (unit)")
    ]
    assert done.frames["units"]["unit"].str.startswith("[").all()


def test_a_text_of_the_same_subject_moves_with_its_rows(research):
    detector = phisweep.Detector(policy=research, key=KEY)
    frame, _ = detector.deidentify_frame(VISITS)
    text, _ = detector.deidentify_text("MRN 4177601 came 2024-07-04", subject="MRN-4177601"[4:])
    assert text == f"MRN {frame['mrn'][0]} came {frame['admit_date'][0]:%Y-%m-%d}"
    alone, _ = detector.deidentify_text("came 2024-07-04")
    assert alone == "came [DATE]"


def test_a_surrogate_is_no_word_of_its_text(research):
    detector = phisweep.Detector(policy=research, key=KEY)
    text = detector.deidentify_text("Ms. Penhallow came", subject="4177601")[0]
    surname = text.split()[1]
    again = detector.deidentify_text(f"Ms. Penhallow came to {surname}", subject="4177601")[0]
    assert again.split()[1] not in {surname, "Penhallow"}


def test_a_vault_keeps_codes_and_surrogates_between_calls(tmp_path):
    policy = tmp_path / "mine.yaml"
    policy.write_text(
        "id: mine\nextends: safe-harbor\nmethod: safe-harbor\n"
        "treatments: {name: {action: replace, operator: surrogate}}\n"
    )
    path, key = tmp_path / "site.vault", key_from_bytes(KEY, "a test")
    Vault.create(path, key).close()
    options = {"policy": str(policy), "key": KEY, "vault": path}
    first, _ = phisweep.deidentify_frame(PATIENTS, **options)
    second, _ = phisweep.deidentify_frame(PATIENTS, **options)
    pd.testing.assert_frame_equal(first, second)
    text, _ = phisweep.deidentify_text("MRN 4177601, Ms. Wexford", **options)
    assert first["mrn"][0] in text
    with Vault.open(path, key) as vault:
        assert vault.originals(first["mrn"][0])[0].text == "4177601"
        assert vault.originals(text.split()[-1])[0].text == "Wexford"
    with pytest.raises(UsageError, match="E136"):
        phisweep.Detector(vault=path)


def test_what_is_said_of_a_column_goes_before_what_is_found():
    frame = pd.DataFrame({"local": ["a", "b"], "ssn": ["987-65-4320", "987-65-4321"]})
    after, _ = phisweep.deidentify_frame(
        frame,
        columns={
            "local": {"action": "code", "letter": "R"},
            "ssn": {"action": "keep", "reason": "invented"},
        },
    )
    assert after["local"].str.startswith("[OTHER_ID-").all()
    assert after["ssn"].tolist() == frame["ssn"].tolist()


@pytest.mark.parametrize(
    ("options", "error", "code"),
    [
        ({"subject": "nope"}, DocumentError, "E214"),
        ({"subject": "Bad kind:x"}, UsageError, "E145"),
        ({"columns": {"nope": {"action": "tag"}}}, UsageError, "E114"),
        ({"columns": {"v": {"act": "tag"}}}, UsageError, "E114"),
        ({"columns": {"v": {"action": "keep"}}}, UsageError, "E115"),
        ({"columns": {"v": {"action": "date-shift"}}}, PolicyConflict, "E601"),
    ],
)
def test_what_cannot_be_done_to_a_frame_is_raised(options, error, code):
    with pytest.raises(error, match=code):
        phisweep.deidentify_frame(pd.DataFrame({"v": ["a", "b"]}), **options)


@pytest.mark.parametrize("options", [{"subject": {"x": "v"}}, {"columns": {"x": {}}}])
def test_frames_that_there_are_not_are_named(options):
    with pytest.raises(UsageError, match="E114"):
        phisweep.deidentify_frames({"frame": pd.DataFrame({"v": ["a"]})}, **options)


def test_a_frame_in_which_something_is_left_is_not_returned(monkeypatch):
    class Leaking(Pass):
        def _chunk(self, _chunk):
            return b"ssn\n987-65-4320\n"

    monkeypatch.setattr("phisweep.frames.passing.Pass", Leaking)
    monkeypatch.setattr("phisweep.verification._ROUNDS", 1)
    with pytest.raises(VerificationError, match="E501") as error:
        phisweep.deidentify_frame(pd.DataFrame({"ssn": ["987-65-4320"]}))
    assert "987" not in str(error.value)


def test_no_error_holds_a_value(monkeypatch):
    def broken(series):
        raise ValueError(series[0])

    monkeypatch.setattr("phisweep.frames.encoding.cells_of", broken)
    with pytest.raises(InternalError, match="E701") as error:
        phisweep.deidentify_frame(pd.DataFrame({"ssn": ["987-65-4320"]}))
    assert "987" not in str(error.value)
    assert error.value.__suppress_context__


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

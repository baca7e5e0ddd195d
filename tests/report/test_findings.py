import json
from dataclasses import replace

import pytest

from phisweep.errors import InternalError
from phisweep.model import Run
from phisweep.report.findings import KEYS, document, finding, jsonl
from report import runs

CANARY = "219-09-9999"


def run_of(*outcomes):
    return Run(replace(runs.MANIFEST, command="scan"), outcomes)


def kept(n=2, **more):
    records = tuple(runs.record(line=i + 1, reveal=CANARY) for i in range(n))
    tallies = [runs.tally("text", "ssn", n, "dashed", "critical", done=False)] if n else []
    return runs.outcome("a.txt", "clean", tallies, records=records, **more)


def test_no_findings_no_lines():
    assert list(jsonl(run_of(kept(0)))) == []


def test_keys_are_those_of_the_contract_in_their_order():
    assert KEYS == (
        "path", "where", "start", "end", "line", "col", "identifier", "letter", "rule", "score",
        "severity", "shape", "fingerprint", "explain",
    )  # fmt: skip
    for line in jsonl(run_of(kept())):
        assert line.endswith("}\n")
        assert tuple(json.loads(line)) == KEYS


def test_a_missing_line_is_null_and_not_left_out():
    entry = finding(runs.record(line=None, col=None), "a")
    assert (entry["line"], entry["col"]) == (None, None)


def test_the_path_is_the_shown_name_and_no_value_is_written():
    met = kept(shown="[SSN].txt")
    lines = "".join(jsonl(run_of(met)))
    assert json.loads(lines.splitlines()[0])["path"] == "[SSN].txt"
    assert CANARY not in lines


def test_stored_findings_are_read_as_a_stream_and_keep_the_keys_only(tmp_path):
    path = tmp_path / "records.jsonl"
    stored = finding(runs.record(), "a.txt") | {"reveal": CANARY}
    path.write_text(f"{json.dumps(stored)}\n" * 3)
    lines = list(jsonl(run_of(kept(0, records_file=path))))
    assert lines == list(jsonl(run_of(replace(kept(0), records=(runs.record(),) * 3))))


@pytest.mark.parametrize("content", ['{"path": "219-09-9999"', '{"path": "x"}', '["219-09-9999"]'])
def test_a_broken_store_is_an_internal_error_without_values(tmp_path, content):
    path = tmp_path / "records.jsonl"
    path.write_text(content + "\n")
    with pytest.raises(InternalError) as caught:
        list(jsonl(run_of(kept(0, records_file=path))))
    assert CANARY not in str(caught.value)


@pytest.mark.parametrize("kind", sorted(runs.RUNS))
def test_the_document_wraps_manifest_inventory_and_counts(kind):
    run = runs.RUNS[kind]()
    data = json.loads("".join(document(run, runs.record_of_run(run))))
    assert data["manifest"]["run_id"] == runs.MANIFEST.run_id
    assert data["incomplete"] is run.incomplete
    assert list(data["letters"]) == list("ABCDEFGHIJKLMNOPQR")
    assert data["findings"] == []
    for file in data["files"]:
        assert {"path", "status", "reason", "sha256", "bytes", "rows"} <= set(file)


def test_the_document_holds_the_lines_of_jsonl():
    run = run_of(kept(1), kept(2))
    data = json.loads("".join(document(run, runs.record_of_run(run))))
    assert data["findings"] == [json.loads(line) for line in jsonl(run)]

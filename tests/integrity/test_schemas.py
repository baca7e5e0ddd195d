"""The schemas that are published are those of what is written."""

import json
from pathlib import Path

import jsonschema
import pytest

from phisweep.integrity.custody import Entry
from phisweep.integrity.records import Chained
from phisweep.report.companions import kinds
from phisweep.report.merged import MergedRecord
from phisweep.runs.auditing import KEYS

FOLDER = Path(__file__).parents[2] / "docs" / "schema"


def schema(name):
    return json.loads((FOLDER / f"{name}.schema.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("name", "model"),
    [
        ("custody", Entry),
        ("merged", MergedRecord),
        *((name, kind.Record) for name, kind in kinds().items()),
    ],
)
def test_a_published_schema_is_that_of_its_model(name, model, update_schemas):
    made = model.model_json_schema(by_alias=True)
    if update_schemas:
        text = json.dumps(made, indent=2) + "\n"
        (FOLDER / f"{name}.schema.json").write_text(text, encoding="utf-8")
    assert schema(name) == made, (
        "write it again: pytest tests/report tests/integrity --update-golden"
    )


def test_lines_of_records_are_what_their_schema_says():
    made = schema("records")
    (finding,) = [one for one in made["oneOf"] if "path" in one["properties"]]
    assert [*finding["properties"]] == ["n", "before", "of", "path", *KEYS]
    told = {
        "of": "source", "path": "a.txt", "where": "text", "place": "text", "start": 0, "end": 3,
        "line": 1, "col": None, "identifier": "ssn", "letter": "G", "rule": "ssn/dashed",
        "score": 0.9, "severity": "high", "shape": "ddd", "action": "remove", "operator": "tag",
        "citation": "", "explain": ["a pattern"],
    }  # fmt: skip
    for line in Chained("20261122T213533Z-2ea48f46", [told]):
        jsonschema.validate(json.loads(line), made)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(told | {"n": 2, "before": "", "value": "987-65-4320"}, made)

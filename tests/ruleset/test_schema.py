"""The published schema of the rules is that of the models, and says what they say."""

import copy
import json

import jsonschema
import pytest
import yaml
from pydantic import ValidationError

from phisweep.cli import main
from phisweep.ruleset.load import default_folder
from phisweep.ruleset.schema import (
    ListsFile,
    OperatorsFile,
    PolicyFile,
    RuleFile,
    json_schema,
)

FOLDER = default_folder()
PUBLISHED = FOLDER / "schema.json"
KINDS = {
    "identifiers/*.yaml": RuleFile,
    "policies/*.yaml": PolicyFile,
    "operators.yaml": OperatorsFile,
    "lists/index.yaml": ListsFile,
}
FILES = [
    pytest.param(path, model, id=path.relative_to(FOLDER).as_posix())
    for pattern, model in KINDS.items()
    for path in sorted(FOLDER.glob(pattern))
]
RULE = {
    "id": "ssn",
    "letter": "G",
    "title": "Numbers",
    "citation": "45 CFR 164.514(b)(2)(i)(G)",
    "law": "Social security numbers",
    "reading": "Three, two and four digits.",
    "reviewed": "2026-11-22",
    "severity": "critical",
    "detect": [
        {
            "pattern": "dashed",
            "regex": r"\d{3}-\d{2}-\d{4}",
            "confidence": 0.8,
            "why": "As printed.",
        }
    ],
    "examples": {
        "found": [{"text": "219-09-9999", "expect": "219-09-9999"}],
        "not_found": [{"text": "219-099", "because": "it is too short"}],
    },
    "known_gaps": ["Digits in words."],
}


def with_change(path, value):
    changed = copy.deepcopy(RULE)
    place = changed
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return changed


@pytest.fixture(scope="module")
def checker():
    schema = json.loads(PUBLISHED.read_text(encoding="utf-8"))
    kind = jsonschema.Draft202012Validator
    kind.check_schema(schema)

    def check(data, model):
        kind({"$ref": f"#/$defs/{model.__name__}", "$defs": schema["$defs"]}).validate(data)

    return check


def test_the_published_schema_is_that_of_the_models():
    drift = "rules/schema.json is old; write it again: phisweep rules schema > rules/schema.json"
    assert json.loads(PUBLISHED.read_text(encoding="utf-8")) == json_schema(), drift


def test_the_command_prints_the_published_file_byte_for_byte(capfd):
    with pytest.raises(SystemExit) as left:
        main(["rules", "schema"])
    assert left.value.code == 0
    assert capfd.readouterr().out == PUBLISHED.read_text(encoding="utf-8")


@pytest.mark.parametrize(("path", "model"), FILES)
def test_every_shipped_file_keeps_the_published_schema(path, model, checker):
    data = json.loads(json.dumps(yaml.safe_load(path.read_text(encoding="utf-8")), default=str))
    checker(data, model)


@pytest.mark.parametrize(
    "data",
    [
        RULE,
        with_change(("detect", 0, "check"), "ssn"),
        with_change(("detect", 0, "check"), {"name": "ssn", "failed": 0.5}),
        with_change(("define",), {"word": "ssn"}),
    ],
    ids=["as it is", "a check by name", "a check with scores", "a definition"],
)
def test_what_the_loader_takes_the_schema_takes(data, checker):
    checker(data, RuleFile)
    RuleFile.model_validate(data)


@pytest.mark.parametrize(
    "data",
    [
        with_change(("colour",), "red"),
        with_change(("detect", 0, "certainty"), 0.9),
        with_change(("detect", 0, "confidence"), 1.1),
        with_change(("detect", 0, "pattern"), "Two Words"),
        with_change(("detect", 0, "window"), 301),
        with_change(("detect", 0, "why"), ""),
        with_change(("letter",), "S"),
        with_change(("severity",), "grave"),
        with_change(("examples", "found"), []),
        with_change(("examples", "not_found"), []),
        with_change(("citation",), "HIPAA"),
        {key: value for key, value in RULE.items() if key != "reading"},
    ],
)
def test_what_the_schema_refuses_the_loader_refuses(data, checker):
    with pytest.raises(jsonschema.ValidationError):
        checker(data, RuleFile)
    with pytest.raises(ValidationError):
        RuleFile.model_validate(data)


@pytest.mark.parametrize(
    "data",
    [
        with_change(("letter",), "F"),
        with_change(("id",), "shoe-size"),
        with_change(("citation",), "45 CFR 164.514(b)(2)(i)(A)"),
    ],
    ids=["the letter", "the id", "the citation"],
)
def test_letter_id_and_citation_name_one_identifier(data):
    with pytest.raises(ValidationError):
        RuleFile.model_validate(data)

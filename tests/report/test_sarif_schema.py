"""SARIF by the standard's own schema, over every run that the reports are tried on."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from jsonschema import Draft7Validator, FormatChecker

from phisweep.model import Run
from phisweep.report.base import load
from report import runs

SCHEMA = json.loads((Path(__file__).parent / "schemas" / "sarif-2.1.0.json").read_text())
MADE = [
    name for name in ("searched", "incomplete", "copied", "linked", "empty") if hasattr(runs, name)
]


@pytest.mark.parametrize("name", MADE)
def test_a_log_is_valid_by_the_schema_of_the_standard(name):
    record = runs.record_of_run(getattr(runs, name)())
    log = json.loads(load()["sarif"](record))
    faults = [
        error.json_path
        for error in Draft7Validator(SCHEMA, format_checker=FormatChecker()).iter_errors(log)
    ]
    assert faults == []


def test_a_run_without_files_is_valid_too():
    record = runs.record_of_run(Run(replace(runs.MANIFEST, command="scan"), ()))
    log = json.loads(load()["sarif"](record))
    assert list(Draft7Validator(SCHEMA).iter_errors(log)) == []

"""Presidio's operators are ours by name, and ours are Presidio's."""

import subprocess
import sys

import pytest
from presidio_anonymizer import AnonymizerEngine
from presidio_anonymizer.entities import RecognizerResult
from presidio_anonymizer.operators import OperatorsFactory

from phisweep.errors import RuleError
from phisweep.keys import Key
from phisweep.transform.operators import BRIDGED, Context, get
from phisweep.transform.operators.presidio import as_presidio_operator, presidio

MASK = {"masking_char": "*", "chars_to_mask": 4, "from_end": False}
NAME = Context("name", key=Key(b"k" * 32))


def test_every_operator_of_presidio_that_needs_no_code_and_no_network_is_offered():
    theirs = OperatorsFactory().get_anonymizers()
    assert {*BRIDGED} == {f"presidio-{name}" for name in theirs} - {
        "presidio-custom",
        "presidio-surrogate_ahds",
    }


@pytest.mark.parametrize(
    ("name", "params", "expect"),
    [
        ("presidio-keep", {}, "abcdef"),
        ("presidio-redact", {}, ""),
        ("presidio-replace", {}, "<NAME>"),
        ("presidio-replace", {"new_value": "somebody"}, "somebody"),
        ("presidio-mask", MASK, "****ef"),
    ],
)
def test_presidios_operators_do_what_presidio_does(name, params, expect):
    assert get(name)("abcdef", NAME, params) == expect
    assert presidio(name, params)("abcdef", NAME, {}) == expect


def test_a_hash_is_salted_with_the_key_of_the_run():
    hashed = get("presidio-hash")
    once = hashed("abcdef", NAME, {})
    assert once == hashed("abcdef", NAME, {})
    assert once != hashed("abcdef", Context("name"), {})
    assert len(once) == 64


def test_what_is_encrypted_holds_nothing_of_the_text():
    assert "abcdef" not in get("presidio-encrypt")("abcdef", NAME, {})


@pytest.mark.parametrize(
    ("name", "params"),
    [
        ("presidio-mask", {}),
        ("presidio-mask", {**MASK, "masking_char": "**"}),
        ("presidio-hash", {"hash_type": "md5"}),
        ("presidio-hash", {"salt": "0123456789abcdef"}),
        ("presidio-encrypt", {"key": "0123456789abcdef"}),
    ],
)
def test_params_that_do_not_fit_and_secrets_in_a_policy_are_rule_errors(name, params):
    with pytest.raises(RuleError, match="E174") as error:
        get(name)("abcdef", NAME, params)
    assert "abcdef" not in str(error.value).replace("0123456789abcdef", "")


@pytest.mark.parametrize("name", ["presidio-custom", "presidio-decrypt", "presidio-"])
def test_other_names_are_not_offered(name):
    with pytest.raises(RuleError, match="E160"):
        get(name)
    with pytest.raises(RuleError, match="E160"):
        presidio(name)


def test_presidio_can_call_our_operators():
    result = AnonymizerEngine().anonymize(
        "Doe came on 3/14/2014",
        [RecognizerResult("PERSON", 0, 3, 0.9), RecognizerResult("DATE_TIME", 12, 21, 0.9)],
        {
            "PERSON": as_presidio_operator("tag", Context("name")),
            "DATE_TIME": as_presidio_operator("year", Context("date", reference_year=2026)),
        },
    )
    assert result.text == "[NAME] came on 2014"


def test_presidio_is_not_imported_until_one_of_its_operators_is_asked_for():
    code = (
        "import sys; from phisweep.transform.operators import get, load, names\n"
        "load(); names(); get('tag')\n"
        "sys.exit(any(m.partition('.')[0].startswith('presidio') for m in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

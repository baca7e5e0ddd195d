"""What every operator owes, whoever wrote it."""

import inspect
import pkgutil
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phisweep import marks
from phisweep.decide import READABLE
from phisweep.errors import RuleError
from phisweep.keys import Key
from phisweep.ruleset.load import default_folder, load_ruleset, read_file
from phisweep.ruleset.schema import OperatorsFile
from phisweep.transform import operators as package
from phisweep.transform.codes import random_codes
from phisweep.transform.operators import (
    ALIKE,
    COARSE,
    Context,
    check_params,
    describe,
    get,
    load,
    names,
)
from phisweep.transform.settled import coarse
from phisweep.transform.surrogates.alike import digits
from phisweep.transform.surrogates.pools import Pools
from phisweep.transform.surrogates.surrogates import OurSurrogates

KEY = Key.draw()
PARAMS = {
    "presidio-mask": {"masking_char": "*", "chars_to_mask": 99, "from_end": False},
    "truncate": {"first": 1},
    "bucket": {"width": 5},
}
SPECIMENS = {
    "name": "Doe, Jane",
    "date": "3/14/2014",
    "zip": "02139",
    "age": "92",
    "ssn": "219-09-9999",
    "mrn": "MRN 0012345",
    "phone": "(617) 555-0123",
}
KEEPING = {"keep", "presidio-keep"}
#: They have no params that could be mistaken, or say themselves what theirs may be.
IGNORING = {"age", "code", "cover", "keep", "omit", "redact", "tag", "year", "zip3"}
STRANGE = {"strange": 1}
#: A new initialisation vector each time is what makes encryption safe.
DRAWING = {"presidio-encrypt"}
#: What they write is made to be taken for a true value.
INVENTING = {"surrogate"}
#: In what they write four digits in a row may be those of the value by chance.
BY_CHANCE = {"encrypt", "hmac-token", "presidio-encrypt", "presidio-hash", "surrogate", "uid"}
LAW = read_file(default_folder() / "operators.yaml", OperatorsFile).operators


@pytest.fixture(scope="module")
def context():
    pools = Pools.of(load_ruleset())
    with random_codes(KEY) as codes:
        yield lambda identifier: Context(
            identifier,
            reference_year=2026,
            key=KEY,
            codes=codes,
            surrogates=OurSurrogates(codes, pools),
            zip3=frozenset({"021"}),
        )


def run(name, identifier, context):
    return get(name)(SPECIMENS[identifier], context(identifier), PARAMS.get(name, {}))


def works_on(name):
    return [i for i in SPECIMENS if not LAW[name].identifiers or i in LAW[name].identifiers]


@pytest.mark.parametrize("name", names())
def test_it_has_the_one_signature_and_a_description_for_a_privacy_officer(name):
    assert len(inspect.signature(get(name)).parameters) == 3
    line = describe(name)
    assert line.endswith((".", ":"))
    assert 10 < len(line) < 100
    assert name not in {"", line}


@pytest.mark.parametrize("name", names())
def test_the_law_has_a_word_on_it(name):
    assert "164.514" in LAW[name].citation
    assert len(LAW[name].permits) == 3 or LAW[name].instead


@pytest.mark.parametrize("name", names())
def test_it_is_a_pure_function(name, context):
    for identifier in works_on(name):
        once = run(name, identifier, context)
        assert isinstance(once, str)
        assert name in DRAWING or run(name, identifier, context) == once


@pytest.mark.parametrize("name", sorted({*names()} - KEEPING))
def test_it_leaves_nothing_of_a_name_or_number(name, context):
    for identifier in {"name", "ssn", "mrn", "phone"} & {*works_on(name)}:
        after = run(name, identifier, context)
        assert "Doe" not in after
        written, before = digits(after), digits(SPECIMENS[identifier])
        assert not before or before not in written
        if name not in BY_CHANCE:
            assert not any(before[i : i + 4] in written for i in range(len(before) - 3))


@pytest.mark.parametrize("name", sorted(load()))
def test_what_it_writes_is_known_again_and_left_alone_by_a_second_pass(name, context):
    if name in KEEPING | INVENTING:
        return
    for identifier in works_on(name):
        after = run(name, identifier, context)
        assert name in COARSE or marks.is_general(identifier, after)


@pytest.mark.parametrize("name", sorted({"year", "zip3", "age", *coarse()}))
def test_a_generalisation_of_its_own_result_is_that_result(name, context):
    for identifier in works_on(name):
        after = run(name, identifier, context)
        assert get(name)(after, context(identifier), PARAMS.get(name, {})) == after


@pytest.mark.parametrize("name", sorted(load()))
def test_a_param_that_it_does_not_take_is_a_rule_error(name):
    if name not in IGNORING:
        with pytest.raises(RuleError, match="E174"):
            check_params(
                name, LAW[name].identifiers[0] if LAW[name].identifiers else "name", STRANGE
            )


def test_every_file_of_the_folder_is_one_operator():
    files = {m.name for m in pkgutil.iter_modules(package.__path__)} - {"presidio"}
    assert {name.replace("-", "_") for name in load()} == files
    assert all(
        Path(inspect.getfile(function)).stem == name.replace("-", "_")
        for name, function in load().items()
    )


def test_an_unhashed_token_is_offered_nowhere():
    assert LAW["hash"].permits == ()
    assert "hash" not in names()


def test_an_unknown_name_lists_the_known_ones():
    with pytest.raises(RuleError, match=r"E160.*age, bucket, code,.* keep"):
        get("yaer")


load()


@pytest.mark.parametrize("name", sorted(ALIKE))
@given(data=st.data())
def test_what_is_alike_becomes_the_same(name, data):
    pattern = ALIKE[name]
    texts = st.from_regex(pattern.replace("$", r"\Z"))
    one = data.draw(texts)
    part = re.search(pattern, one)["part"]
    other = data.draw(texts)
    other = part + other.removeprefix(re.search(pattern, other)["part"])
    assert re.search(pattern, other)["part"] == part
    context = Context("date", key=KEY, reference_year=2026, zip3=frozenset({"021", part}))
    made = get(name)(one, context, {})
    assert get(name)(other, context, {}) == made
    assert made not in {one, other}
    assert name not in READABLE

"""The operator writes what the surrogates of the run return, and a tag where they have none."""

import pytest

from phisweep.errors import InternalError, RuleError
from phisweep.transform.operators import Context, check_params, get


class OfOneValue:
    """Surrogates that have one value, and no other."""

    derived = False

    def is_key(self, _context):
        return False

    def replace(self, text, context):
        return "7654321" if text == "1020304" and context.identifier == "mrn" else None


CONTEXT = Context("mrn", surrogates=OfOneValue())


def test_the_surrogate_stands_in_place_of_the_text():
    assert get("surrogate")("1020304", CONTEXT, {}) == "7654321"


def test_the_tag_stands_where_there_is_no_surrogate():
    assert get("surrogate")("1020305", CONTEXT, {}) == "[MRN]"


def test_without_surrogates_it_is_our_defect_but_for_a_trial():
    with pytest.raises(InternalError, match="E708"):
        get("surrogate")("1020304", Context("mrn"), {})
    check_params("surrogate", "mrn", {})


def test_it_takes_no_params():
    with pytest.raises(RuleError, match="E174"):
        check_params("surrogate", "mrn", {"seed": 1})

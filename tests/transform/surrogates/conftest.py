"""Seeds and pools for the tests of surrogates."""

import pytest

from phisweep.keys import Key
from phisweep.ruleset.load import load_ruleset
from phisweep.transform.derived import DerivedSeeds
from phisweep.transform.surrogates.draws import Draw
from phisweep.transform.surrogates.pools import Pools

SEEDS = DerivedSeeds(Key(b"s" * 32))


class OurPools(Pools):
    """The pinned lists, too long for hypothesis to print."""

    def __repr__(self):
        return "OurPools()"

    def _repr_pretty_(self, printer, _cycle):
        printer.text(repr(self))


@pytest.fixture(scope="session")
def pools():
    return OurPools.of(load_ruleset())


@pytest.fixture(scope="session")
def draw_of():
    return lambda purpose, value: Draw(SEEDS.seed(purpose, value, "p1"))

"""
Checks that a regular expression cannot make: checksums, ranges, membership of a list.

Each is a pure function of the matched text and the lists that the rule names. It answers whether
the text stands the test; what follows from that is written in the rule. A new one goes into the
module of its kind.
"""

from phisweep.detect.validators import dates, numbers, people, places
from phisweep.detect.validators.registry import OPENERS, VALIDATORS, Lists, Validator, validator

__all__ = [
    "OPENERS",
    "VALIDATORS",
    "Lists",
    "Validator",
    "dates",
    "numbers",
    "people",
    "places",
    "validator",
]

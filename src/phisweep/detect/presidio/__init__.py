"""
The wall: the only package that imports presidio_analyzer.

Both ways through it: `PresidioSearcher` runs our rules and our names model together with the
recognizers of Presidio that earn their place and the model that the user configured, and
`recognizers()` gives our rules and our model to an AnalyzerEngine of anyone's.
"""

from __future__ import annotations

from phisweep.detect.presidio.names import NamesRecognizer
from phisweep.detect.presidio.registry import KEPT, recognizers
from phisweep.detect.presidio.results import FAMILIES, IGNORED
from phisweep.detect.presidio.rules import RulesRecognizer
from phisweep.detect.presidio.searcher import PresidioSearcher

__all__ = [
    "FAMILIES",
    "IGNORED",
    "KEPT",
    "NamesRecognizer",
    "PresidioSearcher",
    "RulesRecognizer",
    "recognizers",
]

"""
Our rules and our names model for an AnalyzerEngine of anyone's.

    for recognizer in phisweep.presidio.recognizers():
        analyzer.registry.add_recognizer(recognizer)

Their entities are called `PHI_` and the identifier: PHI_NAME, PHI_SSN, PHI_MRN, ...
"""

from __future__ import annotations

from phisweep.detect.presidio import NamesRecognizer, RulesRecognizer, recognizers

__all__ = ["NamesRecognizer", "RulesRecognizer", "recognizers"]

"""
Data frames, de-identified as the tables that they are: with one graph of keys over all of them.

A frame goes through the run that a file goes through, as the CSV that it would be: `encoding` makes
texts of its columns, `passing` does one frame, `release` all of them, and `decoding` puts what was
changed back; `records` holds what was found, by distinct value.
"""

from phisweep.frames.records import Records
from phisweep.frames.release import Frames, deidentify, scan

__all__ = ["Frames", "Records", "deidentify", "scan"]

"""
The first pass over the data, before anything is written: who is who, what records say, what leaks.

`reading` reads one document, `joining` puts together what was seen of all of them.
"""

from phisweep.survey.joining import Joining
from phisweep.survey.reading import Surveyor, unread

__all__ = ["Joining", "Surveyor", "unread"]

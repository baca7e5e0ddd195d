"""
One document: read -> find -> decide -> apply -> write. Knows no command, no runner, no report.

`worker` takes a document through it; `columns` does its tables, `linked` knows whose record is
what, `traces` remembers by digests what went and what came.
"""

from phisweep.pipeline.worker import Worker

__all__ = ["Worker"]

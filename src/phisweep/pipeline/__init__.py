"""
One document: read -> find -> decide -> apply -> write. Knows no command, no runner, no report.

`worker` takes a document through it; `columns` does its tables, `linked` knows whose record is
what, `traces` remembers by digests what went and what came; `pieces` does some chunks of a large
document, `joining` puts what became of them together.
"""

from phisweep.pipeline.worker import Worker

__all__ = ["Worker"]

"""
phisweep as a component of a spaCy pipeline: `nlp.add_pipe("phisweep")`.

What it finds stands in `doc.spans["phi"]`: a span for each finding, widened to whole tokens, its
label our identifier, and in `doc.spans["phi"].attrs["scores"]` their scores, in the same order.
"""

from __future__ import annotations

from collections.abc import Callable

from spacy.language import Language
from spacy.tokens import Doc, SpanGroup

from phisweep.analysis import Analysis
from phisweep.config import load_config
from phisweep.keys import Key
from phisweep.model import Location, Text
from phisweep.session import Session

SPANS = "phi"


class PhiSpans:
    """
    Finds PHI in documents; what was found before is replaced.

    `profile` is a legal method or a policy file, `engine` "rules" or "full". A process that it is
    sent to builds its own. Raises UsageError, RuleError, ComponentError, PolicyConflict.
    """

    def __init__(self, profile: str, engine: str) -> None:
        self._made_of = profile, engine
        config = load_config(None, {"profile": profile, "engine": engine})
        self._analysis = Analysis(Session(config, Key.draw()).spec)

    def __reduce__(self) -> tuple[Callable[..., PhiSpans], tuple[str, str]]:
        return type(self), self._made_of

    def __call__(self, doc: Doc) -> Doc:
        """Return the document with its findings. Raises DetectionError, never hides."""
        analysis = self._analysis
        block = Text(Location("text", "text"), doc.text, line=1, col=1)
        found = analysis.wanted(analysis.find(block))
        spans = [
            doc.char_span(f.start, f.end, label=f.identifier, alignment_mode="expand")
            for f in found
        ]
        scores = [f.score for f in found]
        doc.spans[SPANS] = SpanGroup(doc, name=SPANS, spans=spans, attrs={"scores": scores})
        return doc


@Language.factory(  # type: ignore[untyped-decorator]  # spaCy is untyped here
    "phisweep",
    assigns=["doc.spans"],
    default_config={"profile": "safe-harbor", "engine": "full"},
)
def component(nlp: Language, name: str, profile: str, engine: str) -> PhiSpans:  # noqa: ARG001 - spaCy calls it so
    """Return the component for a pipeline."""
    return PhiSpans(profile, engine)

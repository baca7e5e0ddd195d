"""What a file is called outside: its own name, with every finding in it replaced by a code."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import chain, product

from phisweep.decide import resolve
from phisweep.detect.detector import Detector, stem_end
from phisweep.errors import InternalError
from phisweep.marks import CODE_LETTERS
from phisweep.model import Edit, Finding, Location, Text
from phisweep.places import in_name
from phisweep.splicing import splice
from phisweep.transform.operators import Codes

STANDARD_INPUT = "standard input"
STANDARD_INPUT_COPY = "standard-input"


class Naming:
    """
    Gives shown names; two names that differ never get one.

    `further` finds in a name what the rules cannot know, such as the key of a subject. `persons` are
    parts of paths that may be a person's name whatever they look like, of which nothing is shown.
    `quiet` is a search, which reads the names of source code as that.
    """

    def __init__(
        self,
        detector: Detector,
        codes: Codes,
        further: Callable[[Text], Sequence[Finding]] = lambda _: (),
        *,
        quiet: bool = False,
    ) -> None:
        self._detector = detector
        self._codes = codes
        self._further = further
        self._quiet = quiet
        self.persons: frozenset[str] = frozenset()
        self._taken = {STANDARD_INPUT: "-", STANDARD_INPUT_COPY: "-"}

    def findings(self, name: str) -> list[Finding]:
        """Return what stands in a name."""
        block = Text(Location("", "filename"), name, kind="filename")
        found = in_name(name, self._detector.find, quiet=self._quiet)
        return resolve([*found, *self._further(block)])

    def shown(self, name: str) -> str:
        """Return the name that may stand anywhere. `-` is standard input."""
        if name == "-":
            return STANDARD_INPUT
        persons = [*self._of_persons(name)]
        spans = [
            *((start, end, "name") for start, end in persons),
            *(
                (f.start, f.end, f.identifier)
                for f in self.findings(name)
                if not any(start < f.end and f.start < end for start, end in persons)
            ),
        ]
        edits = [
            Edit(start, end, self._codes.code(identifier, name[start:end])[1:-1])
            for start, end, identifier in sorted(spans)
        ]
        shown = splice(name, edits) if edits else name
        for candidate in chain((shown,), _told_apart(shown)):
            if self._taken.setdefault(candidate, name) == name:
                return candidate
        raise InternalError("E706", "more files have one name than can be told apart")

    def _of_persons(self, name: str) -> Iterator[tuple[int, int]]:
        """Yield where the parts of a path stand that may be persons' names, without its suffix."""
        at = 0
        for part in name.split("/"):
            if part in self.persons:
                last = at + len(part) == len(name)
                yield at, stem_end(name) if last else at + len(part)
            at += len(part) + 1


def _told_apart(shown: str) -> Iterator[str]:
    """Yield further names for a file, where two values fold to one code."""
    end = stem_end(shown)
    for letters in product(CODE_LETTERS, repeat=3):
        yield f"{shown[:end]}-{''.join(letters)}{shown[end:]}"

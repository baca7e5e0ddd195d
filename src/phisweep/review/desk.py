"""One reviewer at work: what is asked next, what was answered, and the way back."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence

from phisweep.review.answers import Answer, Answers, Verdict
from phisweep.review.reading import View


class Desk:
    """
    The units before a reviewer, in the order of the sample; every answer is saved at once.

    `marked` are words that are marked beforehand, by unit: what two reviewers saw between them,
    where a third decides. Methods may be called from several threads.
    """

    def __init__(
        self,
        views: Mapping[str, View],
        order: Sequence[str],
        answers: Answers,
        marked: Mapping[str, Answer] | None = None,
    ) -> None:
        self._views = {name: views[name] for name in order}
        self._answers = answers
        self._before = dict(marked or {})
        self._lock = threading.Lock()
        self.finished = False

    @property
    def reviewer(self) -> str:
        """Who reviews."""
        return self._answers.reviewer

    @property
    def deciding(self) -> bool:
        """Say whether these are third decisions."""
        return self._answers.role == "adjudicator"

    @property
    def total(self) -> int:
        """How many units there are."""
        return len(self._views)

    @property
    def done(self) -> int:
        """How many are answered."""
        return sum(name in self._views for name in self._answers.given)

    @property
    def current(self) -> View | None:
        """The first unit that is not answered, None where all are."""
        given = self._answers.given
        return next((view for name, view in self._views.items() if name not in given), None)

    @property
    def marked(self) -> set[int]:
        """The numbers of the words of the present passage that are marked beforehand."""
        view = self.current
        before = self._before.get(view.unit.id) if view else None
        if view is None or before is None:
            return set()
        marks = set(before.marks)
        return {number for number, word in enumerate(view.words) if word in marks}

    def answer(self, name: str, verdict: Verdict, words: Sequence[int] = ()) -> bool:
        """
        Keep an answer to the present unit; False where it is to another, and nothing was kept.

        `words` are the numbers of the words that identify. What does not identify has none, and a
        passage that does has some. Raises ValueError for numbers and verdicts that there are not.
        """
        with self._lock:
            view = self.current
            if view is None or view.unit.id != name:
                return False
            spans = view.words
            if verdict not in ("yes", "no", "unsure") or any(
                not 0 <= number < len(spans) for number in words
            ):
                raise ValueError("there is no such verdict or word")
            marking = verdict == "yes" and not view.unit.is_candidate
            if marking != bool(words):
                raise ValueError("marks and verdict do not fit")
            marks = tuple(spans[number] for number in sorted(set(words)))
            self._answers.given[name] = Answer(verdict=verdict, marks=marks)
            self._answers.save()
            return True

    def undo(self) -> bool:
        """Take the last answer back, and ask again with what was marked; False where none is."""
        with self._lock:
            given = [name for name in self._answers.given if name in self._views]
            if not given:
                return False
            self._before[given[-1]] = self._answers.given.pop(given[-1])
            self._answers.save()
            return True

    def finish(self) -> None:
        """Say that the reviewer is done, with all or for good."""
        self.finished = True

"""What becomes of each element, in words: what the profile says, why, and what stands in a copy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from phisweep.formats.base import Fate
from phisweep.formats.imaging.concepts import replaced
from phisweep.formats.imaging.dictionary import keyword_of, vr_of, written
from phisweep.formats.imaging.elements import META_INSTANCE, PIXELS, DataSet, Element
from phisweep.formats.imaging.fates import OURS, read_as
from phisweep.formats.imaging.plan import Plan, Planned
from phisweep.formats.imaging.profile import Action, Profile
from phisweep.model import Text

if TYPE_CHECKING:
    from phisweep.formats.imaging.pixels import Judged

#: What is done, in a word and in a sentence.
_DONE: dict[Action | None, tuple[str, str]] = {
    "X": ("removed", "left out, whatever is found in it"),
    "Z": (
        "emptied or replaced",
        "emptied, or with what the policy writes in place of what is found",
    ),
    "D": (
        "replaced",
        "another value: what the policy writes in its place, or one that says nothing",
    ),
    "U": ("another UID", "another UID, the same in all files of the run"),
    "C": ("cleaned", "searched: what is found is treated by the policy, and the rest stays"),
    "K": ("kept", "kept as it is, where it has the form of its type"),
    None: ("", "searched: what is found is treated by the policy, and the rest stays"),
}
_ITEMS = "in the copy: each element of its items is treated by itself"
_SPARED = "in the copy: as it is: a number, a code or a term of the standard, which names nobody"


def fates(plan: Plan, judged: Judged | None = None, held: str = "", at: str = "") -> Iterator[Fate]:
    """Yield what becomes of each element of a file, in its order; `at` stands before addresses."""
    if held:
        yield Fate("", (f"no copy is written: {held}",), "held")
    yield from _Told(plan, judged).all(at)


class _Told:
    """Goes through a data set once more, as its plan did."""

    def __init__(self, plan: Plan, judged: Judged | None) -> None:
        self._plan = plan
        self._judged = judged
        self._profile = Profile.of(plan.options.imaging.options)
        self._texts = {b.location.address: b for b in plan.blocks if isinstance(b, Text)}

    def all(self, at: str) -> Iterator[Fate]:
        plan = self._plan
        for element in plan.dicom.meta.elements if plan.dicom.meta else ():
            planned = plan.planned.get(id(element))
            if planned is not None:
                uid = element.tag == META_INSTANCE
                line = "the UID of the instance" if uid else "file meta is written anew"
                yield self._fate(element, at, planned, planned.action, (line,))
        yield from self._dataset(plan.dicom.data, at, 0, "")
        words = self._texts.get(f"{at}private elements")
        if words is not None:
            lines = ("private elements: removed, but those of PS3.15 table E.3.10-1", _done("X"))
            yield Fate(f"{at}private elements", lines, "removed", (words,))

    def _dataset(self, data: DataSet, at: str, within: int, above: str) -> Iterator[Fate]:
        """Yield the elements of a data set; `above` says what a sequence around it asks."""
        for element in data.elements:
            planned = self._plan.planned.get(id(element))
            action = planned.action if planned is not None else None
            yield self._fate(element, at, planned, action, self._why(data, element, within, above))
            name, private = keyword_of(element.tag) or "it", element.private
            for number, item in enumerate(() if private else element.items or (), 1):
                told = above
                if action in ("X", "Z"):
                    told = f"{name} is {_DONE[action][0]}, with all that lies in it"
                elif action == "D":
                    told = above or f"{name} is replaced: no text that somebody wrote stays in it"
                inner = f"{at}{written(element.tag)}[{number}]."
                yield from self._dataset(item, inner, element.tag, told)

    def _why(self, data: DataSet, element: Element, within: int, above: str) -> tuple[str, ...]:
        fates, tag = self._plan.fates, element.tag
        if element.private:
            if fates.private(data, element):
                return ("on the list of safe private attributes: PS3.15 table E.3.10-1",)
            return ("private: removed, but those of PS3.15 table E.3.10-1 (E.1.1, E.3.10)",)
        if tag in PIXELS:
            return self._pixels()
        vr = read_as(element)
        lines = self._profile.why(tag, vr, sop_class=fates.sop_class, within=within)
        expected = fates.of(data, element, vr, within)
        if expected != self._profile.action(tag, vr, sop_class=fates.sop_class, within=within):
            lines = (_beside(tag, vr),)
        planned = self._plan.planned.get(id(element))
        if tag in replaced(data, within, self._profile):
            lines = (*lines, "its concept is one that table E.3.4-1 asks to remove")
        elif planned is not None and planned.action != expected and expected == "K":
            lines = (
                *lines,
                "its value has not the form of its type: it may be what somebody typed",
            )
        return (*lines, above) if above else lines

    def _pixels(self) -> tuple[str, ...]:
        judged = self._judged
        if judged is None:
            return ("pixels",)
        if judged.held:
            return (f"pixels: held, {judged.held}",)
        done = {"words": "words that are seen are covered", "looks": "looked at for words"}
        parts = [f"{len(judged.blank)} regions blanked"] if judged.blank else []
        parts += [done[judged.read]] if judged.read else []
        return (f"pixels: {', '.join(parts) or 'copied as they are'}", *judged.notes)

    def _pixels_short(self) -> str:
        judged = self._judged
        if judged is None or not (judged.held or judged.work):
            return "kept"
        return "held" if judged.held else "covered" if judged.cleans else "looked at"

    def _fate(
        self,
        element: Element,
        at: str,
        planned: Planned | None,
        action: Action | None,
        lines: tuple[str, ...],
    ) -> Fate:
        address = f"{at}{written(element.tag)} {'' if element.private else keyword_of(element.tag)}"
        addresses = planned.addresses.values() if planned is not None else ()
        texts = tuple(self._texts[where] for where in addresses if where in self._texts)
        if planned is not None and planned.inner is not None:
            texts = tuple(b for b in planned.inner.blocks if isinstance(b, Text))
        short = _DONE[action][0]
        if element.items is not None and action not in ("X", "Z", "K"):
            return Fate(address.rstrip(), (*lines, _ITEMS), "as it is")
        if element.tag in PIXELS:
            return Fate(address.rstrip(), lines, self._pixels_short())
        if planned is None and element.items is None:
            return Fate(address.rstrip(), (*lines, _SPARED), "as it is")
        return Fate(address.rstrip(), (*lines, _done(action)), short, texts)


def _beside(tag: int, vr: str) -> str:
    """Return why something becomes of an element that the table does not ask."""
    if tag in OURS:
        return "each copy says by itself that and how it was de-identified"
    if tag & 0xFFFF == 0:
        return "the length of a group, which is retired"
    if tag >> 16 & 0xFF01 in (0x5000, 0x6000):
        return "an overlay or a curve: anything may be drawn there, and nobody can search it"
    if not vr_of(tag):
        return "the standard does not know it, and what is not known is not kept (PS3.15 E.1.1)"
    return "bytes that nobody can search" if vr in ("OB", "UN") else "it says how the file is made"


def _done(action: Action | None) -> str:
    return f"in the copy: {_DONE[action][1]}"

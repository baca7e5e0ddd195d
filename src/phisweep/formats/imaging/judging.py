"""Whether a copy of a file may be written at all, before anything in it is changed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, cast

from phisweep.formats.base import Imaging
from phisweep.formats.imaging.dictionary import tag_of
from phisweep.formats.imaging.elements import PIXELS, Element
from phisweep.formats.imaging.file import Dicom
from phisweep.formats.imaging.holding import reason
from phisweep.formats.imaging.viewing import header

if TYPE_CHECKING:
    from pydicom import Dataset

    from phisweep.formats.imaging.pixels import Judged

_MOST = 1_000  # judgements that are remembered
_Values = tuple[object, ...]


class _Watched:
    """A data set that remembers which of its elements were asked for by keyword."""

    def __init__(self, dataset: Dataset) -> None:
        self._dataset = dataset
        self.asked: dict[str, None] = {}
        self.otherwise = False  # something was asked for in another way

    def get(self, keyword: str, default: object = None) -> object:
        self.asked[keyword] = None
        return self._dataset.get(keyword, default)

    def __getattr__(self, name: str) -> Any:
        self.otherwise = self.otherwise or name != "file_meta"
        return getattr(self._dataset, name)

    def __contains__(self, name: object) -> bool:
        self.otherwise = True
        return name in self._dataset

    def __getitem__(self, name: Any) -> Any:
        self.otherwise = True
        return self._dataset[name]

    def __iter__(self) -> Iterator[Any]:
        self.otherwise = True
        return iter(self._dataset)


class _Judgements:
    """
    What was judged, by the values that were looked at.

    The slices of a series have one answer: a file with the same values in the same elements is
    not judged again.
    """

    def __init__(self) -> None:
        self._asked: dict[tuple[str, ...], None] = {}
        self._known: dict[tuple[tuple[str, ...], _Values], Judged] = {}

    def of(self, dicom: Dicom, imaging: Imaging) -> Judged:
        from phisweep.formats.imaging.pixels import judge  # noqa: PLC0415 - where pixels are

        elements = {element.tag: element for element in dicom.data.elements}
        for asked in self._asked:
            judged = self._known.get((asked, _values(asked, elements, dicom, imaging)))
            if judged is not None:
                return judged
        watched = _Watched(header(dicom))
        judged = judge(cast("Dataset", watched), imaging)
        asked = tuple(watched.asked)
        nested = any((e := elements.get(tag_of(name))) and e.items is not None for name in asked)
        if not watched.otherwise and not nested and len(self._known) < _MOST:
            self._asked[asked] = None
            self._known[asked, _values(asked, elements, dicom, imaging)] = judged
        return judged


_JUDGEMENTS = _Judgements()


def judged_of(dicom: Dicom, imaging: Imaging) -> tuple[str, Judged | None]:
    """Return why no copy may be written, "" where one may, and what its header says of its pixels."""
    held = reason(dicom)
    if held or not any(e.tag in PIXELS for e in dicom.data.elements):
        return held, None
    judged = _JUDGEMENTS.of(dicom, imaging)
    return judged.held, judged


def _values(
    asked: tuple[str, ...], elements: dict[int, Element], dicom: Dicom, imaging: Imaging
) -> _Values:
    found = (elements.get(tag_of(name)) for name in asked)
    told = ((e.vr, e.value, e.length, e.items is None) if e is not None else None for e in found)
    return (dicom.syntax, imaging, *told)

"""
Lines of text by their looks, without reading them: glyph-sized shapes side by side on one line.

What a recogniser cannot read it does not report; what looks like a row of letters is found here,
whatever it says. Strokes are taken out of what lies behind them by a top-hat, at several sizes and
contrasts, light on dark and dark on light.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from phisweep.formats.imaging.pixels.boxes import Box

Grey = npt.NDArray[np.uint8]
_Ints = npt.NDArray[np.intp]

_STROKE = 9  # pixels: strokes narrower than this stand out, at each size
_SIZES = (1, 2, 4, 8)  # how often a picture is halved, so that larger letters are seen
#: Contrasts, of 255, and how many letters a line has at least: what is faint is often no letter.
_CONTRASTS = ((100, 3), (50, 3), (26, 4), (14, 5))
_SURE = ((100, 4), (50, 5))  # where no letter may be seen that is none
_MOST = 2500  # shapes in a picture; more are noise, and of no use at this contrast
_LOWEST, _HIGHEST = 5, 30  # rows of a letter, at each size
_TALLEST = 0.1  # of the shorter side of a picture, a letter; but 16 rows may any have,
_CLEAR = 100  # and those of that contrast twice as many
_ALIKE = 2.0  # the height of neighbours, at most
_GAP = 1.1  # between neighbours, in heights
_ALIGNED = 0.7  # of the letters of a line stand on it, at least
_BETWEEN = 0.5  # of what is dark in a line, at most, is so above and below it
_REACH = 2.5  # to what else stands in a line, in heights
_FARTHEST = 10  # from the letters of a line to the last of what else stands in it, in heights
_SMALL = 12  # rows: of taller letters it is no farther than of these


@dataclass(frozen=True, slots=True)
class _Shapes:
    """Connected shapes: half-open bounds and areas."""

    top: _Ints
    left: _Ints
    bottom: _Ints
    right: _Ints
    area: _Ints

    def __len__(self) -> int:
        return len(self.top)

    def only(self, mask: npt.NDArray[np.bool_]) -> _Shapes:
        return _Shapes(
            self.top[mask], self.left[mask], self.bottom[mask], self.right[mask], self.area[mask]
        )


def lines(image: Grey, *, sure: bool = False) -> list[Box]:
    """Return the boxes of what looks like lines of text in a grey picture, or surely is."""
    found = []
    tallest = max(16, int(_TALLEST * min(image.shape)))
    for size in _SIZES:
        small = _halved(image, size)
        if min(small.shape) < _LOWEST or 2 * tallest < _LOWEST * size:
            break
        for side in (small, 255 - small):
            hat = _top_hat(side)
            for contrast, least in _SURE if sure else _CONTRASTS:
                wanted = least + (size > 1)
                limit = (2 if contrast >= _CLEAR else 1) * tallest // size
                rows = _rows_of(hat >= contrast, wanted, limit)
                found += [_enlarged(box, size) for box in rows]
    return found


def _enlarged(box: Box, size: int) -> Box:
    return Box(box.top * size, box.left * size, box.bottom * size, box.right * size)


def _halved(image: Grey, size: int) -> Grey:
    """Return the picture that many times smaller, by the means of its squares."""
    if size == 1:
        return image
    rows, columns = image.shape[0] // size * size, image.shape[1] // size * size
    blocks = image[:rows, :columns].reshape(rows // size, size, columns // size, size)
    means: Grey = blocks.mean(axis=(1, 3)).astype(np.uint8)
    return means


def _top_hat(image: Grey) -> Grey:
    """Return how far each pixel stands out of what is wider than a stroke."""
    border = _STROKE  # text at the very edge stands out of what would be beyond it: nothing
    padded = np.pad(image, border, mode="constant", constant_values=0)
    opened = padded
    for least in (True, False):
        for axis in (0, 1):
            opened = _extreme(opened, axis, least=least)
    hat = padded - np.minimum(opened, padded)
    return hat[border:-border, border:-border]


def _extreme(image: Grey, axis: int, *, least: bool) -> Grey:
    """Return the least or the greatest of `_STROKE` neighbours along an axis."""
    pick = np.minimum if least else np.maximum
    half = _STROKE // 2
    wide = [(half, half) if a == axis else (0, 0) for a in (0, 1)]
    found = np.pad(image, wide, mode="edge")
    span = 1
    while span < _STROKE:
        step = min(span, _STROKE - span)
        size = found.shape[axis] - step
        found = pick(
            found.take(range(size), axis=axis) if axis else found[:size],
            found[:, step:] if axis else found[step:],
        )
        span += step
    return found


def _rows_of(mask: npt.NDArray[np.bool_], least: int, tallest: int) -> list[Box]:
    """Return the boxes of shapes that stand in rows as letters do."""
    every = _shapes(mask)
    height, width = every.bottom - every.top, every.right - every.left
    tall = (height >= _LOWEST) & (height <= min(_HIGHEST, tallest))
    shapes = every.only(tall & (width <= 2 * height) & (every.area >= height))
    if not least <= len(shapes) <= _MOST:
        return []
    groups = _grouped(*_neighbours(shapes), len(shapes))
    order = np.argsort(groups, kind="stable")
    starts = np.flatnonzero(np.r_[True, np.diff(groups[order]) > 0])
    found: list[Box] = []
    pairs: list[Box] = []
    for member in np.split(order, starts[1:]):
        if len(member) > 1 and (box := _line(shapes, member)) and _stands_apart(box, mask):
            (found if len(member) >= least else pairs).append(box)
    near = [box for box in pairs if any(_below(box, line) for line in found)]
    return [_extended(box, every) for box in (*found, *near)]


def _below(box: Box, line: Box) -> bool:
    """Say whether a short row stands above, below or beside a line of text, in letters as tall."""
    alike = 0.7 <= box.height / line.height <= 1.4  # noqa: PLR2004 - capitals and small letters
    apart = max(box.top - line.bottom, line.top - box.bottom)
    aside = max(box.left - line.right, line.left - box.right)
    return alike and apart <= 3 * line.height and aside <= _FARTHEST * line.height


def _stands_apart(box: Box, mask: npt.NDArray[np.bool_]) -> bool:
    """Say whether there is room above and below the line, as between lines of text."""
    room = max(2, box.height // 4)
    columns = slice(box.left, box.right)
    around = [mask[max(0, box.top - room) : box.top, columns], mask[box.bottom :, columns][:room]]
    inner = mask[box.top : box.bottom, columns].mean()
    return all(not side.size or side.mean() <= _BETWEEN * inner for side in around)


def _extended(box: Box, shapes: _Shapes) -> Box:
    """Return the box with what else stands in its line: stops, dashes, letters that touch."""
    height = shapes.bottom - shapes.top
    level = (shapes.top >= box.top - 0.3 * box.height) & (height <= 1.5 * box.height)
    level &= shapes.bottom <= box.bottom + 0.4 * box.height
    farthest = _FARTHEST * min(box.height, _SMALL)
    level &= shapes.left >= box.left - farthest
    level &= shapes.right <= box.right + farthest
    beside = shapes.only(level & (shapes.right - shapes.left <= 5 * box.height))
    reach = int(_REACH * box.height)
    while True:
        near = (beside.right >= box.left - reach) & (beside.left <= box.right + reach)
        left = int(beside.left[near].min(initial=box.left))
        right = int(beside.right[near].max(initial=box.right))
        if (left, right) == (box.left, box.right):
            return box
        box = Box(box.top, left, box.bottom, right)


def _neighbours(shapes: _Shapes) -> tuple[_Ints, _Ints]:
    """Return pairs of shapes that may be letters side by side."""
    height = shapes.bottom - shapes.top
    taller = np.maximum(height[:, None], height[None])
    lower = np.minimum(height[:, None], height[None])
    gap = shapes.left[None] - shapes.right[:, None]
    near = (taller <= _ALIKE * lower) & (gap >= -0.3 * lower) & (gap <= _GAP * taller)
    base = np.abs(shapes.bottom[:, None] - shapes.bottom[None]) <= np.maximum(1, 0.3 * taller)
    near &= base & (shapes.left[None] > shapes.left[:, None])
    first, second = np.nonzero(near)
    return first, second


def _line(shapes: _Shapes, member: _Ints) -> Box | None:
    """Return the box of a row of shapes; None where they do not stand as letters do."""
    own = shapes.only(np.isin(np.arange(len(shapes)), member))
    height = own.bottom - own.top
    typical = float(np.median(height))
    slack = max(1.0, 0.12 * typical)
    on_line = np.abs(own.bottom - np.median(own.bottom)) <= slack
    as_tall = np.abs(height - typical) <= max(1.0, 0.3 * typical)
    if min(float(on_line.mean()), float(as_tall.mean())) < _ALIGNED:
        return None
    box = Box(int(own.top.min()), int(own.left.min()), int(own.bottom.max()), int(own.right.max()))
    return box if box.width >= typical else None


def _shapes(mask: npt.NDArray[np.bool_]) -> _Shapes:
    """Return the connected shapes of a mask, corners included."""
    edges = np.diff(np.pad(mask.astype(np.int8), ((0, 0), (1, 1))), axis=1)
    row, start = np.nonzero(edges == 1)
    stop = np.nonzero(edges == -1)[1]
    stride = mask.shape[1] + 4  # runs of two rows never touch in one count
    low = np.searchsorted((row * stride) + stop, (row - 1) * stride + start, side="left")
    high = np.searchsorted((row * stride) + start, (row - 1) * stride + stop, side="right")
    count = np.maximum(0, high - low)
    first = np.repeat(np.arange(len(row)), count)
    second = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    labels = _grouped(first, second + np.repeat(low, count), len(row))
    names, member = np.unique(labels, return_inverse=True)
    bounds = [np.full(len(names), fill, dtype=np.intp) for fill in (1 << 40, 1 << 40, 0, 0, 0)]
    np.minimum.at(bounds[0], member, row)
    np.minimum.at(bounds[1], member, start)
    np.maximum.at(bounds[2], member, row + 1)
    np.maximum.at(bounds[3], member, stop)
    np.add.at(bounds[4], member, stop - start)
    return _Shapes(*bounds)


def _grouped(first: _Ints, second: _Ints, count: int) -> _Ints:
    """Return the number of the group of each of `count` things, of which pairs belong together."""
    labels = np.arange(count, dtype=np.intp)
    while True:
        least = np.minimum(labels[first], labels[second])
        new = labels.copy()
        for side in (first, second):
            np.minimum.at(new, labels[side], least)
            np.minimum.at(new, side, least)
        new = new[new]
        if np.array_equal(new, labels):
            return labels
        labels = new

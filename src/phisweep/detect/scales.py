"""
Columns of scores, which read like months and days one by one: 8/9, 9/15, 10/27.

A scale shows itself in the column as a whole: by points that no month has (0/10, 14/15), or by
never going beyond its end. A column of days does neither: it has days after the twelfth, and
days before their month's number.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable

_PAIR = re.compile(r"(0|[1-9]\d?)/([1-9]\d?)")
_ENOUGH = 8  # distinct pairs; of fewer days all may lie early in early months
_FURTHER = 2  # points that no month has, before a number beyond twelve is the end of a scale
_VARIED = 3  # different points, and different ends, of scales that all end by twelve
_MONTHS = 12


def ends_of_scales(values: Iterable[str]) -> frozenset[int]:
    """
    Return what the scores of a column are out of; nothing where it may be one of days.

    Every pair of the column has to be a score: 3/14 alone, or 9/2, and there is none. Of months
    and days nothing is taken for a scale unless all are from m/m to m/12.
    """
    points: dict[int, set[int]] = defaultdict(set)
    for value in values:
        if "/" not in value:
            continue
        pair = _PAIR.fullmatch(value)
        if pair is not None:
            points[int(pair[2])].add(int(pair[1]))
        elif value.replace("/", "").isdigit():
            return frozenset()  # 03/04 and 3/4/24 are no scores
    if sum(map(len, points.values())) < _ENOUGH or not all(map(_is_scale, points, points.values())):
        return frozenset()
    every = set().union(*points.values())
    if 0 in every or max(points) > _MONTHS or min(len(every), len(points)) >= _VARIED:
        return frozenset(points)
    return frozenset()


def is_score(value: str, ends: Collection[int]) -> bool:
    """Say whether a value is a score on one of the scales."""
    pair = _PAIR.fullmatch(value) if ends else None
    return pair is not None and int(pair[1]) <= int(pair[2]) and int(pair[2]) in ends


def _is_scale(end: int, points: Collection[int]) -> bool:
    """Say whether a number may be the end of a scale that has these points."""
    further = sum(point == 0 or point > _MONTHS for point in points)
    return max(points) <= end and (end <= _MONTHS or further >= _FURTHER)

"""
Bounds of a proportion that was seen k times in n.

`exact` is Clopper and Pearson's (Biometrika 26, 1934), never too narrow; `wilson` is Wilson's score
interval (JASA 22, 1927), closer to its confidence on average. All are in [0, 1].
"""

from __future__ import annotations

import math
from statistics import NormalDist

_STEPS = 200  # bisections; 60 are enough for a double
_TERMS = 10_000
_TINY = 1e-300
_ENOUGH = 1e-15


def exact(k: int, n: int, confidence: float = 0.95) -> tuple[float, float]:
    """Return the two-sided exact bounds of k in n; (0, 1) of nothing. Raises ValueError."""
    _check(k, n, confidence)
    tail = (1 - confidence) / 2
    return _lower(k, n, tail), 1 - _lower(n - k, n, tail)


def exact_lower(k: int, n: int, confidence: float = 0.95) -> float:
    """Return the one-sided exact lower bound of k in n; 0 of nothing. Raises ValueError."""
    _check(k, n, confidence)
    return _lower(k, n, 1 - confidence)


def exact_upper(k: int, n: int, confidence: float = 0.95) -> float:
    """
    Return the one-sided exact upper bound of k in n; 1 of nothing. Raises ValueError.

    Of k = 0 it is about 3/n at 95 per cent (Hanley and Lippman-Hand, JAMA 249, 1983).
    """
    _check(k, n, confidence)
    return 1 - _lower(n - k, n, 1 - confidence)


def wilson(k: int, n: int, confidence: float = 0.95) -> tuple[float, float]:
    """Return Wilson's bounds of k in n; (0, 1) of nothing. Raises ValueError."""
    _check(k, n, confidence)
    if n == 0:
        return 0.0, 1.0
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    p, q = k / n, z * z / n
    middle = (p + q / 2) / (1 + q)
    half = z * math.sqrt(p * (1 - p) / n + q / (4 * n)) / (1 + q)
    low = 0.0 if k == 0 else max(0.0, middle - half)
    return low, 1.0 if k == n else min(1.0, middle + half)


def _check(k: int, n: int, confidence: float) -> None:
    if not 0 <= k <= n or not 0 < confidence < 1:
        raise ValueError("there are no k in n")


def _lower(k: int, n: int, tail: float) -> float:
    """Return the p of which k or more in n has the probability `tail`."""
    if k == 0:
        return 0.0
    low, high = 0.0, 1.0
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        # P(X >= k) of a binomial is the regularised incomplete beta function at p, of (k, n - k + 1).
        if _beta(middle, k, n - k + 1) < tail:
            low = middle
        else:
            high = middle
    return low


def _beta(x: float, a: float, b: float) -> float:
    """Return the regularised incomplete beta function (DLMF 8.17.22, by Lentz's method)."""
    if x <= 0 or x >= 1:
        return float(x >= 1)
    if x > (a + 1) / (a + b + 2):
        return 1 - _beta(1 - x, b, a)
    front = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    front = math.exp(front + a * math.log(x) + b * math.log1p(-x)) / a
    c, d = 1.0, 1 / _apart(1 - (a + b) * x / (a + 1))
    value = d
    for m in range(1, _TERMS):
        for step in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1 / _apart(1 + step * d)
            c = _apart(1 + step / c)
            value *= c * d
        if abs(c * d - 1) < _ENOUGH:
            break
    return front * value


def _apart(x: float) -> float:
    """Return x, or something that can be divided by."""
    return x if abs(x) > _TINY else _TINY

"""Student's t and chi-square distributions, to about twelve digits.

By the regularised incomplete beta and gamma functions, as continued fractions and series (Abramowitz and Stegun,
Handbook of Mathematical Functions, 6.5 and 26.5; evaluated by Lentz's method). The normal distribution is Python's.
"""

import math
from statistics import NormalDist

NORMAL = NormalDist()
_PRECISION = 1e-15
_TINY = 1e-300
_MOST_TERMS = 100_000


def two_sided_p(statistic: float, degrees: float) -> float:
    """Return the probability that Student's t with some degrees of freedom is at least as far from 0."""
    whole = degrees + statistic * statistic
    return _beta(degrees / whole, statistic * statistic / whole, degrees / 2, 0.5)


def t_quantile(probability: float, degrees: float) -> float:
    """Return the t below which Student's distribution has some probability, 0.5 ≤ p < 1."""
    tail = 2 * (1 - probability)
    # The normal quantile is never beyond it, and from there Newton's method approaches without overshooting.
    point = NORMAL.inv_cdf(probability)
    step = point
    # It converges quadratically: the digits after these are those of the functions themselves.
    while abs(step) > 1e-9 * point:
        step = (two_sided_p(point, degrees) - tail) / (2 * _t_density(point, degrees))
        point += step
    return point


def _t_density(point: float, degrees: float) -> float:
    scale = math.lgamma((degrees + 1) / 2) - math.lgamma(degrees / 2) - math.log(degrees * math.pi) / 2
    return math.exp(scale - (degrees + 1) / 2 * math.log1p(point * point / degrees))


def chi_square_tail(statistic: float, degrees: int) -> float:
    """Return the probability that a chi-square variable with some degrees of freedom is at least as large."""
    shape, half = degrees / 2, statistic / 2
    if half <= 0:
        return 1.0
    scale = math.exp(shape * math.log(half) - half - math.lgamma(shape))
    if half < shape + 1:
        return 1 - scale * _gamma_series(shape, half)
    return scale * _gamma_fraction(shape, half)


def _gamma_series(shape: float, point: float) -> float:
    term = total = 1 / shape
    for count in range(1, _MOST_TERMS):
        term *= point / (shape + count)
        total += term
        if term < total * _PRECISION:
            return total
    raise ArithmeticError("the incomplete gamma function did not converge")


def _gamma_fraction(shape: float, point: float) -> float:
    divisor = point + 1 - shape
    upper, lower = 1 / _TINY, 1 / divisor
    value = lower
    for count in range(1, _MOST_TERMS):
        factor = -count * (count - shape)
        divisor += 2
        lower = 1 / _not_zero(factor * lower + divisor)
        upper = _not_zero(divisor + factor / upper)
        change = upper * lower
        value *= change
        if abs(change - 1) < _PRECISION:
            return value
    raise ArithmeticError("the incomplete gamma function did not converge")


def _beta(point: float, rest: float, first: float, second: float) -> float:
    """Return the regularised incomplete beta function of two shapes; `rest` is 1 - `point`, to all its digits."""
    if point == 0 or rest == 0:
        return point
    scale = math.exp(
        math.lgamma(first + second)
        - math.lgamma(first)
        - math.lgamma(second)
        + first * math.log(point)
        + second * math.log(rest)
    )
    if point < (first + 1) / (first + second + 2):
        return scale * _beta_fraction(point, first, second) / first
    return 1 - scale * _beta_fraction(rest, second, first) / second


def _beta_fraction(point: float, first: float, second: float) -> float:
    upper, lower = 1.0, 1 / _not_zero(1 - (first + second) * point / (first + 1))
    value = lower
    for count in range(1, _MOST_TERMS):
        twice = first + 2 * count
        even = count * (second - count) * point / ((twice - 1) * twice)
        odd = -(first + count) * (first + second + count) * point / (twice * (twice + 1))
        for factor in (even, odd):
            lower = 1 / _not_zero(1 + factor * lower)
            upper = _not_zero(1 + factor / upper)
            change = upper * lower
            value *= change
        if abs(change - 1) < _PRECISION:
            return value
    raise ArithmeticError("the incomplete beta function did not converge")


def _not_zero(value: float) -> float:
    return value if abs(value) > _TINY else _TINY

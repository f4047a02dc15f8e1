"""Tells whether subjects spread over variants as they should: if not, nothing else about them can be trusted."""

from collections.abc import Sequence

from subgraphs.analytics.statistics.distributions import chi_square_tail

MISMATCH_BELOW = 0.001
"""A p-value below which the spread is called a mismatch: seldom by chance, as it is looked at again and again."""
LEAST_EXPECTED = 5
"""How many subjects each group must be expected to have: with fewer, the chi-square distribution does not hold
(Cochran, "Some methods for strengthening the common χ² tests", Biometrics 1954)."""


def sample_ratio_p(sizes: Sequence[int], weights: Sequence[float]) -> float | None:
    """Return the p-value of Pearson's chi-square test of group sizes against weights; None with too few subjects.

    At least two groups; the weights are positive and need not add up to 1.
    """
    total, whole = sum(sizes), sum(weights)
    expected = [total * weight / whole for weight in weights]
    if min(expected) < LEAST_EXPECTED:
        return None
    statistic = sum((size - mean) ** 2 / mean for size, mean in zip(sizes, expected, strict=True))
    return chi_square_tail(statistic, len(sizes) - 1)

"""Compares a treatment with its control: relative uplift, p-value, and intervals, for one look or for many.

The same as GrowthBook's frequentist engine (https://docs.growthbook.io/statistics/details): the variance of the uplift
by the delta method, degrees of freedom by Welch, and for many looks an asymptotic confidence sequence.
"""

import math
from dataclasses import dataclass

from subgraphs.analytics.statistics.distributions import t_quantile, two_sided_p
from subgraphs.analytics.statistics.samples import Interval, Sample

CONFIDENCE = 0.95
TUNED_FOR = 5000
"""The number of subjects for which the intervals for many looks are tightest."""


@dataclass(frozen=True)
class Comparison:
    """The treatment's mean over the control's, less 1 (`uplift`), and how sure that is.

    `interval` and `p_value` hold for one look, at a moment that was chosen before. `sequential_interval` and
    `sequential_p_value` hold for all looks together, so that anybody may look at any time and stop when it is clear.
    """

    uplift: float
    interval: Interval
    p_value: float
    sequential_interval: Interval
    sequential_p_value: float


def compare(control: Sample, treatment: Sample, confidence: float = CONFIDENCE) -> Comparison | None:
    """Compare two groups; None as long as one has less than two subjects, no mean to compare with or no variance."""
    if min(control.size, treatment.size) < 2 or control.mean <= 0:
        return None
    noise = treatment.variance / treatment.size, control.variance / control.size
    if sum(noise) == 0:
        return None
    uplift = treatment.mean / control.mean - 1
    ratio = treatment.mean / control.mean
    variance = (noise[0] + noise[1] * ratio * ratio) / (control.mean * control.mean)
    if variance == 0:
        return None
    degrees = sum(noise) ** 2 / (noise[0] ** 2 / (treatment.size - 1) + noise[1] ** 2 / (control.size - 1))
    half = t_quantile((1 + confidence) / 2, degrees) * math.sqrt(variance)
    wide = _sequential_half(variance, control.size + treatment.size, 1 - confidence)
    return Comparison(
        uplift=uplift,
        interval=Interval(uplift - half, uplift + half),
        p_value=two_sided_p(uplift / math.sqrt(variance), degrees),
        sequential_interval=Interval(uplift - wide, uplift + wide),
        sequential_p_value=_sequential_p(uplift, variance, control.size + treatment.size, 1 - confidence),
    )


def _mixing(alpha: float) -> float:
    """Return ρ² of the mixture that is tightest at the number of subjects it is tuned for.

    Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas, "Time-uniform central limit theory and asymptotic confidence
    sequences", 2024 (https://arxiv.org/abs/2103.06476), appendix B.2.
    """
    return (-2 * math.log(alpha) + math.log(-2 * math.log(alpha) + 1)) / TUNED_FOR


def _sequential_half(variance: float, size: int, alpha: float) -> float:
    grown = size * _mixing(alpha)
    return math.sqrt(variance * 2 * (grown + 1) / grown * math.log(math.sqrt(grown + 1) / alpha))


def _sequential_p(uplift: float, variance: float, size: int, alpha: float) -> float:
    """Return 1 over the mixture's e-value: it is below `alpha` exactly where 0 is outside of the interval."""
    grown = size * _mixing(alpha)
    evidence = uplift * uplift / variance * grown / (2 * (grown + 1)) - math.log(grown + 1) / 2
    return math.exp(min(-evidence, 0.0))

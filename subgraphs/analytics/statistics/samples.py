"""What is known of a group of subjects: its size, and mean and variance of what each of them did."""

import math
from dataclasses import dataclass

from subgraphs.analytics.statistics.distributions import NORMAL


@dataclass(frozen=True)
class Interval:
    """From `low` to `high`."""

    low: float
    high: float


@dataclass(frozen=True)
class Sample:
    """A group's mean, and the variance of a single subject."""

    size: int
    mean: float
    variance: float


def proportion(size: int, successes: int) -> Sample:
    """Return the sample of a group of which some succeeded and the others did not."""
    share = successes / size if size else 0.0
    return Sample(size, share, share * (1 - share))


def wilson(size: int, successes: int, confidence: float = 0.95) -> Interval | None:
    """Return the confidence interval of a share (Wilson 1927); None for an empty group.

    Unlike the textbook's ± it stays within 0 and 1, and is right for small groups and rare successes.
    """
    if size == 0:
        return None
    z = NORMAL.inv_cdf((1 + confidence) / 2)
    share, weight = successes / size, z * z / size
    middle = (share + weight / 2) / (1 + weight)
    half = z * math.sqrt(share * (1 - share) / size + weight / (4 * size)) / (1 + weight)
    # Where nobody or everybody succeeded, rounding must not leave the possible.
    low = 0.0 if successes == 0 else max(middle - half, 0.0)
    high = 1.0 if successes == size else min(middle + half, 1.0)
    return Interval(low, high)


@dataclass(frozen=True)
class Pairs:
    """Sums over the subjects of a group of whether each succeeded (`after`) and had done so before (`before`)."""

    size: int
    after: int
    before: int
    both: int


def without_the_past(control: Pairs, treatment: Pairs) -> tuple[Sample, Sample] | None:
    """Return both groups' samples less what their subjects' past explains; None where the past tells nothing.

    CUPED: Deng, Xu, Kohavi and Walker, "Improving the sensitivity of online controlled experiments by utilizing
    pre-experiment data", WSDM 2013. The means stay on their scale: what is taken off is relative to the past of both.
    """
    groups = (control, treatment)
    size = control.size + treatment.size
    if control.size == 0 or treatment.size == 0:
        return None
    past = sum(group.before for group in groups) / size
    # Within the groups, so that an effect of the treatment is not taken for one of the past.
    covariance = math.fsum(_covariance(group) * group.size for group in groups) / size
    variance = math.fsum(_past(group).variance * group.size for group in groups) / size
    if variance == 0:
        return None
    theta = covariance / variance
    return _adjusted(control, theta, past), _adjusted(treatment, theta, past)


def _past(group: Pairs) -> Sample:
    return proportion(group.size, group.before)


def _covariance(group: Pairs) -> float:
    return group.both / group.size - group.after / group.size * group.before / group.size


def _adjusted(group: Pairs, theta: float, past: float) -> Sample:
    after, before = proportion(group.size, group.after), _past(group)
    variance = after.variance + theta * theta * before.variance - 2 * theta * _covariance(group)
    return Sample(group.size, after.mean - theta * (before.mean - past), max(variance, 0.0))

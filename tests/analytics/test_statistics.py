"""The statistics of experiments: against published values, against SciPy, and against chance itself."""

import math

import numpy as np
import pytest
import scipy
from hypothesis import given, settings
from hypothesis import strategies as st

from subgraphs.analytics.statistics.comparison import compare
from subgraphs.analytics.statistics.distributions import chi_square_tail, t_quantile, two_sided_p
from subgraphs.analytics.statistics.ratio import sample_ratio_p
from subgraphs.analytics.statistics.samples import Pairs, Sample, proportion, wilson, without_the_past

EXPERIMENTS = 2000
LOOKS = 10


def by_chance() -> tuple[float, float]:
    """Of 2,000 experiments without an effect, how many may be called significant at 5 %: 99.9 % of the binomial."""
    # SciPy loads its parts when they are first used, which takes a second.
    fewest, most = scipy.stats.binom.interval(0.999, EXPERIMENTS, 0.05)
    return float(fewest), float(most)


def test_growthbooks_example_comes_out_the_same() -> None:
    found = compare(proportion(28, 14), proportion(30, 16))
    assert found is not None
    assert found.uplift == pytest.approx(0.06667, abs=5e-6)
    assert found.p_value == pytest.approx(0.80707, abs=5e-6)
    assert (found.interval.low, found.interval.high) == pytest.approx((-0.47767, 0.61101), abs=5e-6)


def test_growthbooks_sample_ratio_comes_out_the_same() -> None:
    assert sample_ratio_p([1000, 1200], [0.5, 0.5]) == pytest.approx(0.000020079, abs=5e-10)


def test_a_mismatch_is_not_told_of_too_few_subjects() -> None:
    assert sample_ratio_p([0, 1], [0.999, 0.001]) is None
    assert sample_ratio_p([4994, 5], [0.999, 0.001]) is None
    assert sample_ratio_p([4900, 100], [0.999, 0.001]) == pytest.approx(0, abs=1e-12)


@settings(deadline=None)
@given(st.floats(-50, 50), st.floats(1, 1e6))
def test_students_p_values_agree_with_scipy(statistic: float, degrees: float) -> None:
    assert two_sided_p(statistic, degrees) == pytest.approx(
        2 * scipy.stats.t.sf(abs(statistic), degrees), rel=1e-8, abs=1e-14
    )


@settings(deadline=None)
@given(st.floats(0.55, 0.9999), st.floats(1, 1e6))
def test_students_quantiles_agree_with_scipy(probability: float, degrees: float) -> None:
    assert t_quantile(probability, degrees) == pytest.approx(scipy.stats.t.ppf(probability, degrees), rel=1e-8)


@settings(deadline=None)
@given(st.floats(0, 2000), st.integers(1, 1000))
def test_chi_square_agrees_with_scipy(statistic: float, degrees: int) -> None:
    assert chi_square_tail(statistic, degrees) == pytest.approx(
        scipy.stats.chi2.sf(statistic, degrees), rel=1e-8, abs=1e-13
    )


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 10**6), st.floats(0.01, 1)), min_size=2, max_size=20))
def test_sample_ratios_agree_with_scipy(groups: list[tuple[int, float]]) -> None:
    sizes, weights = [size for size, _ in groups], [weight for _, weight in groups]
    expected = np.array(weights) / sum(weights) * sum(sizes)
    if expected.min() < 5:
        assert sample_ratio_p(sizes, weights) is None
        return
    oracle = scipy.stats.chisquare(sizes, expected, sum_check=False).pvalue
    assert sample_ratio_p(sizes, weights) == pytest.approx(oracle, rel=1e-7, abs=1e-13)


@settings(deadline=None)
@given(st.integers(1, 10**7), st.floats(0, 1), st.sampled_from([0.9, 0.95, 0.99]))
def test_intervals_of_shares_agree_with_scipy(size: int, share: float, confidence: float) -> None:
    successes = round(size * share)
    oracle = scipy.stats.binomtest(successes, size).proportion_ci(confidence, method="wilson")
    found = wilson(size, successes, confidence)
    assert found is not None
    assert (found.low, found.high) == pytest.approx((oracle.low, oracle.high), rel=1e-9, abs=1e-12)
    assert 0 <= found.low <= successes / size <= found.high <= 1


samples = st.builds(Sample, st.integers(2, 10**6), st.floats(0.01, 100), st.floats(0.001, 1000))


@settings(deadline=None)
@given(samples, samples)
def test_comparisons_agree_with_welchs_formulas_by_scipy(control: Sample, treatment: Sample) -> None:
    found = compare(control, treatment)
    assert found is not None
    # Welch's degrees of freedom from SciPy's own test; the delta method's variance by numerical derivatives.
    oracle = scipy.stats.ttest_ind_from_stats(
        *(treatment.mean, math.sqrt(treatment.variance), treatment.size),
        *(control.mean, math.sqrt(control.variance), control.size),
        equal_var=False,
    )
    degrees = _degrees(control, treatment)
    difference = treatment.mean - control.mean
    noise = treatment.variance / treatment.size + control.variance / control.size
    assert oracle.pvalue == pytest.approx(2 * scipy.stats.t.sf(abs(difference) / math.sqrt(noise), degrees), abs=1e-9)
    step = 1e-6 * control.mean
    slopes = (
        1 / control.mean,
        (treatment.mean / (control.mean + step) - treatment.mean / (control.mean - step)) / (2 * step),
    )
    spread = math.sqrt(
        slopes[0] ** 2 * treatment.variance / treatment.size + slopes[1] ** 2 * control.variance / control.size
    )
    assert found.uplift == pytest.approx(difference / control.mean, abs=1e-9)
    assert found.p_value == pytest.approx(2 * scipy.stats.t.sf(abs(found.uplift) / spread, degrees), rel=1e-5, abs=1e-9)
    half = scipy.stats.t.ppf(0.975, degrees) * spread
    assert (found.interval.low, found.interval.high) == pytest.approx(
        (found.uplift - half, found.uplift + half), rel=1e-5, abs=1e-6
    )
    # For a handful of subjects Student's intervals are wider still than those that hold for large numbers.
    if min(control.size, treatment.size) >= 30:
        assert found.sequential_interval.low < found.interval.low
        assert found.sequential_interval.high > found.interval.high


def _degrees(control: Sample, treatment: Sample) -> float:
    noise = [sample.variance / sample.size for sample in (control, treatment)]
    parts = [part**2 / (sample.size - 1) for part, sample in zip(noise, (control, treatment), strict=True)]
    return sum(noise) ** 2 / sum(parts)


@settings(deadline=None)
@given(samples, samples)
def test_the_sequential_p_value_is_below_5_percent_exactly_where_its_interval_leaves_zero_out(
    control: Sample, treatment: Sample
) -> None:
    found = compare(control, treatment)
    assert found is not None
    interval = found.sequential_interval
    if min(abs(interval.low), abs(interval.high)) > 1e-9:
        assert (found.sequential_p_value < 0.05) == (interval.low > 0 or interval.high < 0)


@pytest.mark.parametrize(
    ("control", "treatment"),
    [
        (proportion(0, 0), proportion(0, 0)),
        (proportion(1, 1), proportion(10, 5)),
        (proportion(10, 0), proportion(10, 5)),
        (proportion(10, 10), proportion(10, 10)),
    ],
)
def test_groups_that_cannot_be_compared_are_not(control: Sample, treatment: Sample) -> None:
    assert compare(control, treatment) is None


def test_an_empty_group_has_no_interval() -> None:
    assert wilson(0, 0) is None


def outcomes(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Return successes so far at each look, by experiment, of control and treatment, which are the same: 20 %."""
    return tuple(np.cumsum(rng.binomial(200, 0.2, (EXPERIMENTS, LOOKS)), axis=1) for _ in range(2))  # type: ignore[return-value]


def test_without_an_effect_one_in_twenty_is_significant_and_with_peeking_sequential_intervals_keep_to_it() -> None:
    control, treatment = outcomes(np.random.default_rng(20261125))
    once, peeked, sequential_once, sequential_peeked = 0, 0, 0, 0
    for experiment in range(EXPERIMENTS):
        looks = [
            compare(
                proportion(200 * look, int(control[experiment, look - 1])),
                proportion(200 * look, int(treatment[experiment, look - 1])),
            )
            for look in range(1, LOOKS + 1)
        ]
        found = [look for look in looks if look is not None]
        assert len(found) == LOOKS
        once += found[-1].p_value < 0.05
        peeked += any(look.p_value < 0.05 for look in found)
        sequential_once += found[-1].sequential_p_value < 0.05
        sequential_peeked += any(look.sequential_p_value < 0.05 for look in found)
    fewest, most = by_chance()
    assert fewest <= once <= most
    # What the sequential method is for: ordinary p-values, looked at ten times, are wrong far more often.
    assert peeked > 2 * most
    assert sequential_once <= sequential_peeked <= most


def test_the_past_of_subjects_narrows_the_interval_and_keeps_the_rate_of_false_alarms() -> None:
    rng, size = np.random.default_rng(5), 1000
    false_alarms, narrower = 0, 0
    for _ in range(EXPERIMENTS):
        groups = []
        for _ in range(2):
            before = rng.binomial(1, 0.3, size)
            after = rng.binomial(1, np.where(before == 1, 0.6, 0.1))
            groups.append(Pairs(size, int(after.sum()), int(before.sum()), int((after & before).sum())))
        adjusted = without_the_past(*groups)
        assert adjusted is not None
        found = compare(*adjusted)
        plain = compare(proportion(size, groups[0].after), proportion(size, groups[1].after))
        assert found is not None
        assert plain is not None
        false_alarms += found.p_value < 0.05
        width, plainly = (look.interval.high - look.interval.low for look in (found, plain))
        narrower += width < 0.95 * plainly
    fewest, most = by_chance()
    assert fewest <= false_alarms <= most
    assert narrower > 0.95 * EXPERIMENTS


def test_cuped_agrees_with_a_regression_on_the_past_within_groups() -> None:
    control, treatment = Pairs(400, 120, 100, 60), Pairs(380, 140, 110, 70)
    adjusted = without_the_past(control, treatment)
    assert adjusted is not None
    rows = [
        (group, after, before)
        for number, pairs in enumerate((control, treatment))
        for group, after, before in [(number, 1, 1)] * pairs.both
        + [(number, 1, 0)] * (pairs.after - pairs.both)
        + [(number, 0, 1)] * (pairs.before - pairs.both)
        + [(number, 0, 0)] * (pairs.size - pairs.after - pairs.before + pairs.both)
    ]
    design = np.array([[1, group, before] for group, _, before in rows], dtype=float)
    solution = np.linalg.lstsq(design, np.array([after for _, after, _ in rows], dtype=float))[0]
    # The regression's coefficient of the group is the difference of the adjusted means.
    assert adjusted[1].mean - adjusted[0].mean == pytest.approx(solution[1], abs=1e-12)


def test_a_past_that_is_the_same_for_all_tells_nothing() -> None:
    assert without_the_past(Pairs(10, 5, 0, 0), Pairs(10, 6, 0, 0)) is None
    assert without_the_past(Pairs(0, 0, 0, 0), Pairs(10, 6, 5, 2)) is None

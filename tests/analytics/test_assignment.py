"""Assignment as a pure function: GrowthBook's published cases, and what must hold of any experiment."""

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subgraphs.analytics.enums import DecisionReason
from subgraphs.analytics.service.assignment import (
    Condition,
    Namespace,
    Plan,
    Range,
    assign,
    bucket,
    bucket_ranges,
    choose,
    fnv1a32,
)

HALVES: list[Range] = [(0, 0.5), (0.5, 1)]
REDUCED: list[Range] = [(0, 0.25), (0.5, 0.75)]


@pytest.mark.parametrize(("text", "expected"), [("", 0x811C9DC5), ("a", 0xE40C292C), ("foobar", 0xBF9CF968)])
def test_the_hash_is_fnv_1a_of_32_bits(text: str, expected: int) -> None:
    assert fnv1a32(text) == expected


def test_the_hash_takes_utf_16_code_units_as_browsers_do() -> None:
    assert fnv1a32("\U0001f436") == fnv1a32("\ud83d\udc36")


@pytest.mark.parametrize(
    ("seed", "value", "version", "expected"),
    [
        ("", "a", 1, 0.22),
        ("", "b", 1, 0.077),
        ("b", "a", 1, 0.946),
        ("ef", "d", 1, 0.652),
        ("asdf", "8952klfjas09ujk", 1, 0.549),
        ("", "123", 1, 0.011),
        ("", '___)((*":&', 1, 0.563),
        ("seed", "a", 2, 0.0505),
        ("seed", "b", 2, 0.2696),
        ("foo", "ab", 2, 0.2575),
        ("foo", "def", 2, 0.2019),
        ("89123klj", "8952klfjas09ujkasdf", 2, 0.124),
        ("90850943850283058242805", "123", 2, 0.7516),
        ("()**(%$##$%#$#", '___)((*":&', 2, 0.0128),
        ("abc", "def", 99, None),
    ],
)
def test_published_hashes(seed: str, value: str, version: int, expected: float | None) -> None:
    assert bucket(seed, value, version) == expected


@pytest.mark.parametrize(
    ("variants", "coverage", "weights", "expected"),
    [
        (2, 1, None, HALVES),
        (2, 0.5, None, REDUCED),
        (2, 0, None, [(0, 0), (0.5, 0.5)]),
        (4, 1, None, [(0, 0.25), (0.25, 0.5), (0.5, 0.75), (0.75, 1)]),
        (2, 1, [0.4, 0.6], [(0, 0.4), (0.4, 1)]),
        (3, 1, [0.2, 0.3, 0.5], [(0, 0.2), (0.2, 0.5), (0.5, 1)]),
        (3, 0.2, [0.2, 0.3, 0.5], [(0, 0.04), (0.2, 0.26), (0.5, 0.6)]),
        (2, -0.2, None, [(0, 0), (0.5, 0.5)]),
        (2, 1.5, None, HALVES),
        (2, 1, [0.4, 0.1], HALVES),
        (2, 1, [0.7, 0.6], HALVES),
        (4, 1, [0.4, 0.4, 0.2], [(0, 0.25), (0.25, 0.5), (0.5, 0.75), (0.75, 1)]),
        (2, 1, [0.4, 0.5999], [(0, 0.4), (0.4, 0.9999)]),
    ],
)
def test_published_ranges(variants: int, coverage: float, weights: list[float] | None, expected: list[Range]) -> None:
    found = bucket_ranges(variants, coverage, weights)
    assert [(round(start, 6), round(end, 6)) for start, end in found] == expected


@pytest.mark.parametrize(
    ("position", "ranges", "expected"),
    [
        (0.2, HALVES, 0),
        (0.4, HALVES, 0),
        (0.6, HALVES, 1),
        (0.8, HALVES, 1),
        (0, HALVES, 0),
        (0.5, HALVES, 1),
        (0.2, REDUCED, 0),
        (0.4, REDUCED, None),
        (0.6, REDUCED, 1),
        (0.8, REDUCED, None),
        (0.25, REDUCED, None),
        (0.5, REDUCED, 1),
        (0.5, [(0, 0.5), (0.5, 0.5), (0.5, 1)], 2),
    ],
)
def test_published_choices(position: float, ranges: list[Range], expected: int | None) -> None:
    assert choose(position, ranges) == expected


@pytest.mark.parametrize(
    ("subject", "name", "first", "second"),
    [
        ("1", "namespace1", False, True),
        ("1", "namespace2", False, True),
        ("2", "namespace1", False, True),
        ("2", "namespace2", False, True),
        ("3", "namespace1", False, True),
        ("3", "namespace2", True, False),
        ("4", "namespace1", False, True),
        ("4", "namespace2", True, False),
    ],
)
def test_published_namespaces(subject: str, name: str, first: bool, second: bool) -> None:
    assert Namespace(name, 0, 0.4).holds(subject) is first
    assert Namespace(name, 0.4, 1).holds(subject) is second


plans = st.lists(st.integers(1, 50), min_size=2, max_size=8).flatmap(
    lambda shares: st.builds(
        Plan,
        seed=st.text(max_size=20),
        hash_version=st.sampled_from([1, 2]),
        variants=st.just(tuple(f"v{number}" for number in range(len(shares)))),
        weights=st.just(tuple(share / sum(shares) for share in shares)),
        coverage=st.floats(0, 1),
    )
)
subjects = st.text(max_size=40)


@given(plans, subjects)
def test_assignment_depends_on_nothing_but_plan_and_subject(plan: Plan, subject: str) -> None:
    again = Plan(plan.seed, plan.hash_version, plan.variants, plan.weights, plan.coverage)
    assert assign(plan, subject) == assign(again, subject)
    assert plan.position(subject) == bucket(plan.seed, subject, plan.hash_version)


@given(plans)
def test_ranges_follow_each_other_and_add_up_to_the_coverage(plan: Plan) -> None:
    assert sum(end - start for start, end in plan.ranges) == pytest.approx(plan.coverage)
    assert all(end <= following + 1e-9 for (_, end), (following, _) in pairwise(plan.ranges))


@given(plans, subjects)
def test_more_coverage_moves_nobody_who_is_in(plan: Plan, subject: str) -> None:
    before = assign(plan, subject).variant
    after = assign(Plan(plan.seed, plan.hash_version, plan.variants, plan.weights, 1), subject).variant
    assert before is None or before == after


@given(plans, subjects)
def test_full_coverage_leaves_nobody_out(plan: Plan, subject: str) -> None:
    full = Plan(plan.seed, plan.hash_version, plan.variants, plan.weights, 1)
    # Weights that add up to a little less than 1 leave a gap at the very end, as in the reference.
    assert assign(full, subject).variant is not None or (bucket(plan.seed, subject, plan.hash_version) or 0) > 0.99


@pytest.mark.parametrize(("version", "seed"), [(1, "colour"), (2, "colour"), (2, "layout")])
def test_twenty_thousand_subjects_spread_by_weight(version: int, seed: str) -> None:
    weights = {"a": 0.5, "b": 0.3, "c": 0.2}
    plan = Plan(seed, version, tuple(weights), tuple(weights.values()), 1)
    counts = Counter(assign(plan, f"visitor-{number * 7919}").variant for number in range(20_000))
    chi_square = sum((counts[key] - 20_000 * share) ** 2 / (20_000 * share) for key, share in weights.items())
    assert chi_square < 13.82  # the 99.9 % point of two degrees of freedom


def test_two_seeds_divide_independently() -> None:
    plans = [Plan(seed, 2, ("a", "b"), (0.5, 0.5)) for seed in ("one", "two")]
    cells = Counter(tuple(assign(plan, f"visitor-{n}").variant for plan in plans) for n in range(20_000))
    chi_square = sum((count - 5_000) ** 2 / 5_000 for count in cells.values())
    assert len(cells) == 4
    assert chi_square < 16.27  # the 99.9 % point of three degrees of freedom


def test_namespace_comes_before_targeting_and_the_hash() -> None:
    plan = Plan(
        "seed",
        2,
        ("control", "treatment"),
        (0.5, 0.5),
        coverage=0,
        namespace=Namespace("namespace1", 0.4, 1),
        targeting=(Condition("country", frozenset({"DE", "true", "5"})),),
    )
    outside = Plan("seed", 2, plan.variants, plan.weights, namespace=Namespace("namespace1", 0, 0.4))
    assert assign(outside, "1").reason is DecisionReason.OUTSIDE_NAMESPACE
    assert assign(plan, "1").reason is DecisionReason.NOT_TARGETED
    assert assign(plan, "1", {"country": "FR"}).reason is DecisionReason.NOT_TARGETED
    assert assign(plan, "1", {"country": None}).reason is DecisionReason.NOT_TARGETED
    for value in ("DE", True, 5):
        assert assign(plan, "1", {"country": value}).reason is DecisionReason.NOT_COVERED

"""Assigns subjects to variants: a pure function of experiment and subject, bit-exact with GrowthBook's SDKs.

Algorithm: https://docs.growthbook.io/lib/build-your-own (hash, bucket ranges, namespaces), on FNV-1a with 32 bits
(http://www.isthe.com/chongo/tech/comp/fnv/). The reference SDK hashes UTF-16 code units, and so does this.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

from subgraphs.analytics.enums import DecisionReason

_FNV_OFFSET = 0x811C9DC5
_FNV_PRIME = 0x01000193
_WEIGHT_TOLERANCE = 0.01

Range: TypeAlias = tuple[float, float]
Attributes: TypeAlias = Mapping[str, "str | int | float | bool | None"]


def fnv1a32(text: str, digest: int = _FNV_OFFSET) -> int:
    """Return the 32-bit FNV-1a hash of a text's UTF-16 code units, behind a text whose hash is `digest`."""
    for unit in text.encode("ascii") if text.isascii() else _code_units(text):
        digest = ((digest ^ unit) * _FNV_PRIME) & 0xFFFFFFFF
    return digest


def _code_units(text: str) -> list[int]:
    encoded = text.encode("utf-16-le", "surrogatepass")
    return [low | high << 8 for low, high in zip(encoded[::2], encoded[1::2], strict=True)]


def bucket(seed: str, value: str, version: int) -> float | None:
    """Place a value on the unit interval, 0 ≤ n < 1; None for a version that does not exist."""
    if version == 2:
        return fnv1a32(str(fnv1a32(seed + value))) % 10_000 / 10_000
    if version == 1:
        return fnv1a32(value + seed) % 1000 / 1000
    return None


def bucket_ranges(variants: int, coverage: float = 1, weights: Sequence[float] | None = None) -> list[Range]:
    """Divide the unit interval: a start and an end (exclusive) for each variant.

    Coverage shortens each range at its end, so raising it moves nobody to another variant. Weights that are not one
    per variant, or do not add up to 1, count as equal.
    """
    coverage = min(max(coverage, 0), 1)
    if weights is None or len(weights) != variants or abs(sum(weights) - 1) > _WEIGHT_TOLERANCE:
        weights = [1 / variants] * variants
    ranges, start = [], 0.0
    for weight in weights:
        ranges.append((start, start + coverage * weight))
        start += weight
    return ranges


def choose(position: float, ranges: Sequence[Range]) -> int | None:
    """Return the index of the range that holds a position; None outside of all."""
    for index, (start, end) in enumerate(ranges):
        if start <= position < end:
            return index
    return None


@dataclass(frozen=True)
class Namespace:
    """A share of subjects that experiments divide among themselves, so that nobody is in two of them."""

    name: str
    start: float
    end: float

    def holds(self, subject: str) -> bool:
        """Tell whether a subject's place in the namespace is within the share."""
        position = fnv1a32(f"{subject}__{self.name}") % 1000 / 1000
        return self.start <= position < self.end


@dataclass(frozen=True)
class Condition:
    """Asks that an attribute be one of some texts; numbers and booleans compare as JSON writes them."""

    attribute: str
    any_of: frozenset[str]

    def holds(self, attributes: Attributes) -> bool:
        """Tell whether the attribute is given, and is one of those asked for."""
        value = attributes.get(self.attribute)
        return value is not None and _as_text(value) in self.any_of


def _as_text(value: str | int | float | bool) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


@dataclass(frozen=True)
class Choice:
    """A variant by its key, or None, and why."""

    variant: str | None
    reason: DecisionReason


@dataclass(frozen=True)
class Plan:
    """All that decides who gets which variant."""

    seed: str
    hash_version: int
    variants: tuple[str, ...]
    weights: tuple[float, ...]
    coverage: float = 1
    namespace: Namespace | None = None
    targeting: tuple[Condition, ...] = ()

    @cached_property
    def seeded(self) -> int:
        """The hash of the seed, with which the hash of each subject goes on."""
        return fnv1a32(self.seed)

    @cached_property
    def ranges(self) -> list[Range]:
        """The part of the unit interval that belongs to each variant."""
        return bucket_ranges(len(self.variants), self.coverage, self.weights)

    @cached_property
    def choices(self) -> list[Choice]:
        """What those get who are in, by variant."""
        return [Choice(variant, DecisionReason.ASSIGNED) for variant in self.variants]

    def position(self, subject: str) -> float | None:
        """Place a subject as `bucket` does."""
        if self.hash_version == 2:
            return fnv1a32(str(fnv1a32(subject, self.seeded))) % 10_000 / 10_000
        return bucket(self.seed, subject, self.hash_version)


_OUTSIDE = Choice(None, DecisionReason.OUTSIDE_NAMESPACE)
_NOT_TARGETED = Choice(None, DecisionReason.NOT_TARGETED)
_NOT_COVERED = Choice(None, DecisionReason.NOT_COVERED)


def assign(plan: Plan, subject: str, attributes: Attributes | None = None) -> Choice:
    """Decide on a subject's variant: namespace, then targeting, then the hash."""
    if plan.namespace is not None and not plan.namespace.holds(subject):
        return _OUTSIDE
    if plan.targeting and not all(condition.holds(attributes or {}) for condition in plan.targeting):
        return _NOT_TARGETED
    position = plan.position(subject)
    index = None if position is None else choose(position, plan.ranges)
    return _NOT_COVERED if index is None else plan.choices[index]

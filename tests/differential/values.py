"""Values for arguments: right ones from the shop's own data, limits of scalars, and some that a subgraph refuses."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    get_nullable_type,
    is_list_type,
    is_non_null_type,
    is_required_input_field,
)

from tests.differential.documents import EnumValue, Literal, Value
from tests.differential.features import Feature

IDS_OF = {"design": "des", "user": "usr", "order": "ord", "preset": "pre", "product": "prd", "export": "xpt",
          "experiment": "exp", "auditEntry": "aud", "webhookDelivery": "whd", "customerId": "usr", "designId": "des",
          "orderId": "ord", "actorId": "usr", "subjectId": "ord", "entityId": "des"}  # fmt: skip
"""The kind of id that a field's `id`, or an argument, takes."""
NAMES_OF_TYPES = ("User", "Design", "Order", "Query", "Preset", "Experiment", "OrderNote")
"""Types that have denied fields; some designs have these names."""
DATES = ["2025-01-01", "2025-06-01", "2026-01-01", "2026-11-01", "2026-12-01"]
MOMENTS = ["2025-01-01T00:00:00Z", "2026-01-01T12:30:00.123456+02:00", "2026-11-23T08:00:00"]
LIMITS: Mapping[str, Sequence[Value]] = {
    "Date": ["2024-02-29", "2025-02-29", "0000-01-01", "0001-01-01", "9999-12-31", "20250101", "2025-1-1", "2025-W01-1",
             "2025-01-01T00:00:00Z", " 2025-01-01", 20250101, True],
    "DateTime": ["0001-01-01T00:00:00Z", "0001-01-01T00:00:00", "0001-01-01T00:00:00+00:01", "9999-12-31T23:59:59.9Z",
                 "9999-12-31T23:59:59-00:01", "2024-02-29T00:00:00.123456789Z", "2026-11-23T08:00:00.1234567891Z",
                 "2026-11-23T24:00:00Z", "2026-11-23T08:60:00Z", "2026-11-23T23:59:60Z", "2026-11-23t08:00:00z",
                 "2026-11-23 08:00:00Z", "2026-11-23", "2025-02-29T00:00:00Z", "2026-11-23T08:00:00+24:00",
                 "2026-11-23T08:00:00+23:59", "2026-11-23T08:00:00+0200", "2026-11-23T08:00Z", "2026-11-23T08:00:00.Z",
                 1767225600],
    "Decimal": ["1_0", "\uff11", " 1", "1.", ".5", "+1", "1e3", "NaN", "Infinity", "-0", "-0.00", "9" * 28, "9" * 29,
                "0." + "0" * 27, "0." + "0" * 28, "", True, Literal("1e2"), Literal("1E-7"), Literal("123456789012345"),
                Literal("999999999999999.9"), Literal("1e15"), Literal("0.1"), Literal("12345678901234.5")],
    "Int": ["1", 1.5, Literal("1.0"), Literal("1e2"), Literal("2147483648"), True],
    "Float": ["1", Literal("1e308"), Literal("-0.0"), True],
    "Boolean": ["true", 1],
    "String": [1, 1.5, True],
    "ID": [Literal("1.5"), True, Literal("12345678901234567890")],
    "JSON": [Literal("1e2"), Literal("-0.0"), [[]], {"_": 1}, {"__proto__": 1}],
}  # fmt: skip
"""Of each scalar: the limits of its grammar, and what is just beyond."""
NUMBERS = [Literal(each) for each in ("1e400", "-1e400", "1e-400", "12345678901234567890", "0.12345678901234567890",
                                      "9007199254740993", "1.0000000000000000000000000001", "100000000000000000000",
                                      "9007199254740992", "1e22", "1e23", "0.1e1", "1.50", "1e-7")]  # fmt: skip
"""Numbers that a binary floating-point number cannot hold, and some that it can."""
TEXTS = [
    "",
    "a",
    "collar",
    "User",
    "é😀",
    "\b\f\x01\\b",
    "x" * 300,
    "%_\\",
    'quo"te\nline',
    "design_viewed",
    "order.created",
]
INTEGERS = [0, 1, 2, 20, 30, 100, -1, 2**31 - 1, -(2**31)]


@dataclass
class Pools:
    """What the shop holds: ids by prefix, and texts by the argument that takes them."""

    ids: dict[str, list[str]] = field(default_factory=dict)
    texts: dict[str, list[str]] = field(default_factory=dict)


@dataclass
class Values:
    """Makes values of input types."""

    rng: random.Random
    pools: Pools
    features: frozenset[Feature] = frozenset()
    has_doubtful: bool = False
    """Whether a value was made that is perhaps none of its type."""

    def _doubtful(self, values: Sequence[Value]) -> Value:
        self.has_doubtful = True
        return self.rng.choice(values)

    def page(self, names: Sequence[str]) -> dict[str, Value]:
        """Return arguments that choose a page of a list: mostly a small one."""
        rng = self.rng
        chance = rng.random()
        if Feature.NUMBERS in self.features and chance < 0.005:
            return {"first": self._doubtful(NUMBERS)}
        if chance < 0.72:
            return {"first": rng.choice([1, 1, 2, 2, 3, 4])}
        if chance < 0.84 and "last" in names:
            return {"last": rng.choice([1, 2, 3])}
        if chance < 0.88:
            return {}
        if chance < 0.92 and "after" in names:
            return {"first": 1, "after": rng.choice(["", "bad", "WyJpZCIsMV0", "é"])}
        if chance < 0.96:
            return {
                rng.choice([each for each in ("first", "last") if each in names]): rng.choice([0, 101, -1, 2**31 - 1])
            }
        return {name: None if rng.random() < 0.5 else 1 for name in names if name in ("first", "last")}

    def value(self, kind: Any, name: str, owner: str) -> Value:
        """Return a value of an input type, for an argument or input field of `owner`."""
        rng = self.rng
        if not is_non_null_type(kind) and rng.random() < 0.08:
            return None
        kind = get_nullable_type(kind)
        if is_list_type(kind):
            if rng.random() < 0.1 and not is_list_type(get_nullable_type(kind.of_type)):
                return self.value(kind.of_type, name, owner)  # one value is a list of one
            return [self.value(kind.of_type, name, owner) for _ in range(rng.choice([0, 1, 1, 2]))]
        if isinstance(kind, GraphQLEnumType):
            if Feature.INVALID_SCALARS in self.features and rng.random() < 0.01:
                return self._doubtful([EnumValue("NONE_OF_THESE"), "A text", 1])
            return EnumValue(rng.choice(list(kind.values)))
        if isinstance(kind, GraphQLInputObjectType):
            return {
                each: self.value(definition.type, each, kind.name)
                for each, definition in kind.fields.items()
                if is_required_input_field(definition) or rng.random() < 0.35
            }
        return self._scalar(kind.name, name, owner)

    def _scalar(self, kind: str, name: str, owner: str) -> Value:
        rng = self.rng
        is_custom = kind in ("Date", "DateTime", "Decimal", "JSON")
        if Feature.NUMBERS in self.features and rng.random() < (0.08 if is_custom else 0.01):
            return self._doubtful(NUMBERS)
        if Feature.INVALID_SCALARS in self.features and rng.random() < (0.12 if is_custom else 0.01):
            return self._doubtful(LIMITS[kind])
        if kind == "ID":
            return self._id(owner if name == "id" else name)
        if kind == "Int":
            if name == "size" and rng.random() < 0.7:
                return rng.choice([128, 256, 512, 800])
            return rng.choice(INTEGERS)
        if kind == "Float":
            return rng.choice([0, 1, 0.5, -1.5, 1e10])
        if kind == "Boolean":
            return rng.random() < 0.5
        if kind == "Date":
            return rng.choice(DATES)
        if kind == "DateTime":
            return rng.choice(MOMENTS)
        if kind == "Decimal":
            return rng.choice(["0.01", "1", "24.90", "-3", "99999999999999.99"])
        if kind == "JSON":
            return rng.choice([{}, {"country": "DE"}, {"a": 1, "b": True, "c": None, "d": 1.5}, [], "text", None])
        known = self.pools.texts.get(name, [])
        return rng.choice(known) if known and rng.random() < 0.75 else rng.choice(TEXTS)

    def _id(self, name: str) -> Value:
        rng = self.rng
        prefix = IDS_OF.get(name) or rng.choice(list(self.pools.ids) or ["des"])
        known = self.pools.ids.get(prefix, [])
        if known and rng.random() < 0.85:
            return rng.choice(known)
        return rng.choice([f"{prefix}_00000000000000000000000000", f"{prefix}_x", "", 7, "é"])


def fitting(pools: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """Return pools without empty ones."""
    return {name: each for name, each in pools.items() if each}

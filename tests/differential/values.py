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

from tests.differential.documents import EnumValue, Value

IDS_OF = {"design": "des", "user": "usr", "order": "ord", "preset": "pre", "product": "prd", "export": "xpt",
          "experiment": "exp", "auditEntry": "aud", "webhookDelivery": "whd", "customerId": "usr", "designId": "des",
          "orderId": "ord", "actorId": "usr", "subjectId": "ord", "entityId": "des"}  # fmt: skip
"""The kind of id that a field's `id`, or an argument, takes."""
DATES = ["2025-01-01", "2025-06-01", "2026-01-01", "2026-11-01", "2026-12-01"]
MOMENTS = [
    "2025-01-01T00:00:00Z",
    "2026-01-01T12:30:00.123456+02:00",
    "2026-11-23T08:00:00",
    "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59.999999Z",
    "2026-11-23",
]
TEXTS = ["", "a", "collar", "User", "é😀", "x" * 300, "%_\\", 'quo"te\nline', "design_viewed", "order.created"]
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

    def page(self, names: Sequence[str]) -> dict[str, Value]:
        """Return arguments that choose a page of a list: mostly a small one."""
        rng = self.rng
        chance = rng.random()
        if chance < 0.72:
            return {"first": rng.choice([1, 1, 2, 2, 3, 4])}
        if chance < 0.84:
            return {"last": rng.choice([1, 2, 3])}
        if chance < 0.88:
            return {}
        if chance < 0.92:
            return {"first": 1, "after": rng.choice(["", "bad", "WyJpZCIsMV0", "é"])}
        if chance < 0.96:
            return {rng.choice(["first", "last"]): rng.choice([0, 101, -1, 2**31 - 1])}
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

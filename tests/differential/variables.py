"""Moves values of arguments into variables: with defaults, with null, and left out, wherever GraphQL allows it."""

import random
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLInputField,
    GraphQLInputObjectType,
    NullValueNode,
    get_nullable_type,
    is_list_type,
    is_non_null_type,
)

from tests.differential.documents import ABSENT, Declared, Value, Variable
from tests.differential.features import Feature


class Variables:
    """The variables of one document."""

    def __init__(self, rng: random.Random, features: frozenset[Feature]) -> None:
        self._rng, self._features = rng, features
        self.declared: dict[str, Declared] = {}

    def placed(self, place: GraphQLArgument | GraphQLInputField, value: Value) -> Value:
        """Return what is written at a place: the value, a variable, or a value with variables inside."""
        has_default = place.default is not None and not isinstance(place.default.literal, NullValueNode)
        return self._placed(place.type, value, has_default, 0.3)

    def _placed(self, kind: Any, value: Value, has_default: bool, chance: float) -> Value:
        if self._rng.random() < chance:
            return self._variable(kind, value, has_default)
        inner = get_nullable_type(kind)
        if isinstance(inner, GraphQLInputObjectType) and isinstance(value, dict):
            return {name: self.placed(inner.fields[name], each) for name, each in value.items()}
        if is_list_type(inner) and isinstance(value, list):
            return [self._placed(inner.of_type, each, False, 0.2) for each in value]
        return value

    def _variable(self, kind: Any, value: Value, has_default: bool) -> Variable:
        rng = self._rng
        name = f"v{len(self.declared)}"
        nullable, required = str(get_nullable_type(kind)), is_non_null_type(kind)
        allows_null = Feature.NULL_VARIABLES in self._features
        chance = rng.random()
        if value is None:
            declared = Declared(str(kind), value=rng.choice([None, ABSENT]))
        elif chance < 0.4:
            declared = Declared(f"{nullable}!", value=value)
        elif chance < 0.6:
            # Its own default; sent are another value, nothing, or null.
            sent = [value, value, ABSENT, ABSENT, *([None] if allows_null or not required else [])]
            declared = Declared(nullable, value, rng.choice(sent))
        elif not required:
            declared = Declared(nullable, value=rng.choice([value, value, None, ABSENT]))
        elif has_default:
            sent = [value, value, ABSENT, ABSENT, *([None] if allows_null else [])]
            declared = Declared(nullable, value=rng.choice(sent))
        else:
            declared = Declared(f"{nullable}!", value=value)
        self.declared[name] = declared
        return Variable(name)

    def condition(self) -> Value:
        """Return what `@skip` or `@include` depends on."""
        rng = self._rng
        chance = rng.random()
        if chance < 0.5:
            return rng.random() < 0.5
        known = [name for name, each in self.declared.items() if each.kind.startswith("Boolean") and name[0] == "c"]
        if known and chance < 0.7:
            return Variable(rng.choice(known))
        name = f"c{len(self.declared)}"
        sent = rng.random() < 0.5
        if rng.random() < 0.7:
            self.declared[name] = Declared("Boolean!", value=sent)
        else:
            # Where it may be null, its default is not.
            values: list[Value] = [sent, ABSENT]
            if Feature.NULL_VARIABLES in self._features and rng.random() < 0.2:
                values = [None]
            self.declared[name] = Declared("Boolean", rng.random() < 0.5, rng.choice(values))
        return Variable(name)

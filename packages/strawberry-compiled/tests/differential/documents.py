"""Generates random valid documents of a schema: aliases, arguments, variables, fragments, `@skip` and `@include`."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_abstract_type,
    is_composite_type,
    is_list_type,
    is_non_null_type,
)

CONDITION_VARIABLES = ("yes", "no")


@dataclass
class Document:
    """A document, and the types of its variables."""

    text: str
    variables: dict[str, str]


@dataclass
class DocumentGenerator:
    """Generates documents of one schema. `values` are literals for arguments, by the name of their type."""

    schema: GraphQLSchema
    rng: random.Random
    values: Mapping[str, list[str]] = field(default_factory=dict)
    max_depth: int = 3
    max_fields: int = 4
    excluded: frozenset[str] = frozenset()

    def document(self) -> Document:
        """Return one query."""
        self._fragments: dict[str, str] = {}
        self._variables: dict[str, str] = {}
        self._names: dict[tuple[str, str, str], str] = {}
        query = self.schema.query_type
        assert query is not None
        body = self._selection(query, 0)
        conditions = "".join(f"${name}: Boolean! " for name in CONDITION_VARIABLES)
        declared = conditions + "".join(f"${name}: {kind} " for name, kind in self._variables.items())
        text = (
            f"query Generated({declared}) {{ used: __typename @skip(if: $no) also: __typename @skip(if: $yes) {body} }}"
        )
        return Document("\n".join([text, *self._fragments.values()]), self._variables)

    def _selection(self, kind: GraphQLNamedType, depth: int) -> str:
        parts = list(self._parts(kind, depth))
        return " ".join(parts or ["__typename"])

    def _parts(self, kind: GraphQLNamedType, depth: int) -> Iterator[str]:
        for _ in range(self.rng.randint(1, self.max_fields)):
            chance = self.rng.random()
            if chance < 0.07:
                yield f"{self.rng.choice(['', 'kind: '])}__typename{self._condition()}"
            elif chance < 0.17 and depth < self.max_depth:
                yield f"...{self._type_condition(kind, depth)}"
            elif chance < 0.24 and depth < self.max_depth:
                yield self._spread(kind, depth)
            elif is_abstract_type(kind) and chance < 0.8 and depth < self.max_depth:
                yield f"...{self._type_condition(kind, depth, narrow=True)}"
            else:
                written = self._field(kind, depth)
                if written:
                    yield written

    def _type_condition(self, kind: GraphQLNamedType, depth: int, narrow: bool = False) -> str:
        inner = self._narrowed(kind) if narrow or self.rng.random() < 0.5 else kind
        on = f" on {inner.name}" if inner is not kind or self.rng.random() < 0.5 else ""
        return f"{on}{self._condition()} {{ {self._selection(inner, depth + 1)} }}"

    def _spread(self, kind: GraphQLNamedType, depth: int) -> str:
        name = f"F{len(self._fragments)}"
        self._fragments[name] = ""
        self._fragments[name] = f"fragment {name} on {kind.name} {{ {self._selection(kind, depth + 1)} }}"
        return f"...{name}{self._condition()}"

    def _narrowed(self, kind: GraphQLNamedType) -> GraphQLNamedType:
        if is_abstract_type(kind):
            return self.rng.choice(list(self.schema.get_possible_types(kind)))
        return kind

    def _field(self, kind: GraphQLNamedType, depth: int) -> str | None:
        fields = getattr(kind, "fields", {})
        wanted = [
            name
            for name, each in fields.items()
            if f"{kind.name}.{name}" not in self.excluded
            and (depth < self.max_depth or not is_composite_type(get_named_type(each.type)))
        ]
        if not wanted:
            return None
        name = self.rng.choice(wanted)
        definition = fields[name]
        arguments = self._arguments(definition.args)
        # Fields of one type with equal arguments share an alias, so that they are merged; others do not.
        key = (kind.name, name, arguments)
        alias = self._names.setdefault(
            key, f"{name}_{len(self._names)}" if self.rng.random() < 0.8 else f"a{len(self._names)}"
        )
        inner = get_named_type(definition.type)
        selected = f" {{ {self._selection(inner, depth + 1)} }}" if is_composite_type(inner) else ""
        return f"{alias}: {name}{arguments}{self._condition()}{selected}"

    def _condition(self) -> str:
        if self.rng.random() > 0.12:
            return ""
        value = self.rng.choice(["$yes", "$no", "true", "false"])
        return f" @{self.rng.choice(['skip', 'include'])}(if: {value})"

    def _arguments(self, arguments: Mapping[str, GraphQLArgument]) -> str:
        written = []
        for name, argument in arguments.items():
            if is_non_null_type(argument.type) or self.rng.random() < 0.5:
                value = self._variable(argument) if self.rng.random() < 0.3 else self._value(argument.type)
                written.append(f"{name}: {value}")
        return f"({', '.join(written)})" if written else ""

    def _variable(self, argument: GraphQLArgument) -> str:
        name = f"v{len(self._variables)}"
        self._variables[name] = str(argument.type)
        return f"${name}"

    def _value(self, kind: Any) -> str:
        if is_non_null_type(kind):
            return self._value_of(kind.of_type)
        return "null" if self.rng.random() < 0.15 else self._value_of(kind)

    def _value_of(self, kind: Any) -> str:
        if is_list_type(kind):
            return f"[{', '.join(self._value(kind.of_type) for _ in range(self.rng.randint(0, 2)))}]"
        if isinstance(kind, GraphQLEnumType):
            return str(self.rng.choice(list(kind.values)))
        if isinstance(kind, GraphQLInputObjectType):
            given = [
                f"{name}: {self._value(each.type)}"
                for name, each in kind.fields.items()
                if is_non_null_type(each.type) or self.rng.random() < 0.4
            ]
            return f"{{{', '.join(given)}}}"
        return str(self.rng.choice(self.values.get(kind.name, ["1"])))


def object_types(schema: GraphQLSchema) -> list[GraphQLObjectType]:
    """Return the object types of a schema but GraphQL's own."""
    return [
        each
        for name, each in schema.type_map.items()
        if isinstance(each, GraphQLObjectType) and not name.startswith("__")
    ]

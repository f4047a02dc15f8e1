"""Takes the router's representations as they come: graphql-core would look at each of thousands, to change none.

Coercing them took a fifth of `_entities` of 100 users. `shared.graph.execution.limits` has counted them, and
`shared.graph.references` checks what is in them.
"""

from typing import Any

from graphql import (
    DocumentNode,
    GraphQLSchema,
    ListTypeNode,
    NamedTypeNode,
    NonNullTypeNode,
    OperationDefinitionNode,
    TypeNode,
)
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext


class UncoercedRepresentations(StrawberryGraphQLCoreExecutionContext):
    """An executor that sets variables of the type `[_Any!]!` apart while graphql-core coerces the others."""

    @classmethod
    def build(
        cls,
        schema: GraphQLSchema,
        document: DocumentNode,
        root_value: object = None,
        context_value: object = None,
        raw_variable_values: dict[str, object] | None = None,
        operation_name: str | None = None,
        *more: Any,
        **named: Any,
    ) -> Any:
        raw = raw_variable_values or {}
        apart = {name: raw[name] for name in _names(document, operation_name) if _is_whole(raw.get(name))}
        coerced = {**raw, **dict.fromkeys(apart, ())} if apart else raw_variable_values
        built: Any = super().build(schema, document, root_value, context_value, coerced, operation_name, *more, **named)
        for name, value in apart.items() if isinstance(built, cls) else ():
            built.variable_values.coerced[name] = value
            built.variable_values.sources[name] = built.variable_values.sources[name]._replace(value=value)
        return built


def _names(document: DocumentNode, operation_name: str | None) -> list[str]:
    """Return the names of an operation's variables of representations."""
    operations = [each for each in document.definitions if isinstance(each, OperationDefinitionNode)]
    if operation_name is not None:
        operations = [each for each in operations if each.name is not None and each.name.value == operation_name]
    if len(operations) != 1:
        return []
    variables = operations[0].variable_definitions or ()
    return [each.variable.name.value for each in variables if _is_representations(each.type)]


def _is_representations(kind: TypeNode) -> bool:
    many = kind.type if isinstance(kind, NonNullTypeNode) else None
    one = many.type if isinstance(many, ListTypeNode) else None
    name = one.type if isinstance(one, NonNullTypeNode) else None
    return isinstance(name, NamedTypeNode) and name.name.value == "_Any"


def _is_whole(value: object) -> bool:
    """Tell whether a value is a list without null, which is what coercing it would tell."""
    return isinstance(value, list) and None not in value

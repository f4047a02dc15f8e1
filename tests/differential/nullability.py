"""Takes the non-null marks off a schema, so that no error of a field ends the others."""

from typing import Any

from graphql import GraphQLInterfaceType, GraphQLList, GraphQLObjectType, GraphQLSchema, get_nullable_type, is_list_type


def nullable_everywhere(schema: GraphQLSchema) -> GraphQLSchema:
    """Make all fields of a schema nullable, and the items of their lists; returns the schema."""
    for kind in schema.type_map.values():
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType) and not kind.name.startswith("__"):
            for field in kind.fields.values():
                field.type = _nullable(field.type)
    return schema


def _nullable(kind: Any) -> Any:
    inner = get_nullable_type(kind)
    return GraphQLList(_nullable(inner.of_type)) if is_list_type(inner) else inner

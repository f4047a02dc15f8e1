"""Inputs of updates in the schemas: null and nothing are told apart."""

from graphql import GraphQLInputObjectType, Undefined

from petplus import registry


def updates() -> list[GraphQLInputObjectType]:
    kinds = [kind for name in registry.NAMES for kind in registry.load(name).schema._schema.type_map.values()]
    inputs = [kind for kind in kinds if isinstance(kind, GraphQLInputObjectType)]
    # Lines of carts have nothing that null could remove.
    return [kind for kind in inputs if kind.name.endswith("UpdateInput") and not kind.name.startswith("CartLine")]


def test_changes_have_no_default_that_the_router_could_write_out() -> None:
    assert len(updates()) == 7
    defaults = {
        f"{kind.name}.{name}"
        for kind in updates()
        for name, field in kind.fields.items()
        if field.default_value is not Undefined or field.default is not None
    }
    assert defaults == set()

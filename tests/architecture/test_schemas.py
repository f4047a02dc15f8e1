"""Schemas: the graph is its own manual, and what is shown agrees with what is stored."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    build_schema,
    specified_scalar_types,
)
from sqlalchemy import Connection, make_url

from petplus import registry
from shared.core.settings import Settings
from shared.database.database import create_engine
from shared.database.migrations import known_to_models
from shared.graph.row_types import RowType, mapped_columns
from shared.subgraph import Subgraph

# Federation's own, and the scalars that Strawberry describes by their specification.
SUPERGRAPH = Path(__file__).parents[2] / "router" / "supergraph.graphql"
UNDESCRIBED = {"_Service", "_Entity", "_Any", "Query", "Mutation", "Subscription", *specified_scalar_types}
FEDERATION_FIELDS = {"_service", "_entities"}


@pytest.fixture(params=registry.NAMES)
def subgraph(request: pytest.FixtureRequest) -> Subgraph:
    return registry.load(request.param)


def stubs(subgraph: Subgraph) -> set[str]:
    """Return the foreign entities that a subgraph extends; their description is their owner's."""
    types = subgraph.schema.entities.items()
    return {name for name, kind in types if not issubclass(kind, RowType)}


def undescribed(schema: GraphQLSchema) -> Iterator[str]:
    for name, kind in schema.type_map.items():
        if "__" in name or isinstance(kind, GraphQLScalarType):
            continue
        if name not in UNDESCRIBED and not kind.description:
            yield name
        if isinstance(kind, GraphQLEnumType):
            yield from (f"{name}.{key}" for key, value in kind.values.items() if not value.description)
        if isinstance(kind, GraphQLInputObjectType):
            yield from (f"{name}.{key}" for key, field in kind.fields.items() if not field.description)
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
            for key, field in kind.fields.items():
                if key in FEDERATION_FIELDS or name.startswith("_"):
                    continue
                if not field.description:
                    yield f"{name}.{key}"
                yield from (f"{name}.{key}({arg})" for arg, value in field.args.items() if not value.description)


def test_everything_in_the_graph_is_described(subgraph: Subgraph) -> None:
    assert set(undescribed(subgraph.schema._schema)) == stubs(subgraph)


def test_the_graph_describes_entities_in_the_words_of_their_owner() -> None:
    owned = {
        name: kind.__strawberry_definition__.description  # type: ignore[attr-defined]
        for subgraph in registry.load_all()
        for name, kind in subgraph.schema.entities.items()
        if name not in stubs(subgraph)
    }
    assert {"User", "Design", "Order"} <= set(owned)
    supergraph = build_schema(SUPERGRAPH.read_text(), assume_valid=True)
    assert {name: supergraph.type_map[name].description for name in owned} == owned


def test_descriptions_are_sentences(subgraph: Subgraph) -> None:
    fields = [
        (f"{name}.{key}", field.description or "")
        for name, kind in subgraph.schema._schema.type_map.items()
        if isinstance(kind, GraphQLObjectType) and not name.startswith("_")
        for key, field in kind.fields.items()
        if key not in FEDERATION_FIELDS
    ]
    assert fields
    assert [name for name, text in fields if not text.endswith((".", "?", "`", ")"))] == []


def entities(kind: type[Any] = RowType) -> Iterator[type[RowType[Any]]]:
    for child in kind.__subclasses__():
        yield child
        yield from entities(child)


def test_types_show_only_what_their_table_stores() -> None:
    registry.load_all()
    shown = [(kind, kind.__table__) for kind in entities() if kind.__table__ is not None]
    assert len(shown) >= 20
    for kind, table in shown:
        missing = set(mapped_columns(kind)) - set(table.columns.keys())
        assert missing == set(), f"{kind.__module__}.{kind.__name__} shows what {table.name} does not store"


def test_checked_in_schema_is_fresh(subgraph: Subgraph) -> None:
    assert subgraph.sdl_file.read_text(encoding="utf-8") == subgraph.schema.sdl()


async def test_migrations_lead_to_the_models(subgraph: Subgraph, base_settings: Settings) -> None:
    engine = create_engine(make_url(base_settings.database_url_of(subgraph.name)), subgraph.name, pool_size=1)

    def differences(connection: Connection) -> list[Any]:
        options = {"compare_type": True, "include_name": known_to_models(connection)}
        context = MigrationContext.configure(connection, opts=options)
        return list(compare_metadata(context, subgraph.metadata))

    async with engine.connect() as connection:
        found = await connection.run_sync(differences)
    await engine.dispose()
    assert found == []


def test_an_id_names_an_object_of_one_type() -> None:
    """A store that normalises by `id` (Relay) takes two objects with one id for the same."""
    supergraph = build_schema(SUPERGRAPH.read_text(), assume_valid=True)
    kinds = [kind for kind in supergraph.type_map.values() if isinstance(kind, GraphQLObjectType)]
    named = {kind.name: kind.fields["id"].description or "" for kind in kinds if "id" in kind.fields}
    prefixes = {name: match[1] for name, text in named.items() if (match := re.search(r"`([a-z]{3})_…`", text))}
    assert set(named) - set(prefixes) == {"CacheInvalidation"}, "what the id looks like belongs into its description"
    assert len(prefixes) >= 19
    assert sorted(prefixes.values()) == sorted(set(prefixes.values()))

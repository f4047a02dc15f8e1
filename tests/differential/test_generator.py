"""Generated documents are nearly all valid, equal seeds give equal ones, and what is left out is in none of them."""

import re

from graphql import GraphQLSchema, build_ast_schema

from petplus.local.node import ROUTER
from tests.differential.api_schema import Supergraph, read_supergraph
from tests.differential.documents import Document, Inline, walk
from tests.differential.features import ALL, Feature
from tests.differential.generator import Generator
from tests.differential.request_errors import has_valid_structure
from tests.differential.shrinking import shrink
from tests.differential.values import Pools

COUNT = 150
SIGNS = {
    Feature.KEY_ALIASES: re.compile(r"[{ ](id|__typename): "),
    Feature.CONDITIONAL_KEYS: re.compile(r"[{ ]id @"),
    Feature.THEN_ALIASES: re.compile(r"[{ ]then: "),
    Feature.HOSTILE_ALIASES: re.compile(r"(__proto__|constructor|toString): "),
    Feature.OPERATIONS: re.compile(r"query Other"),
    Feature.MUTATIONS: re.compile(r"mutation Chosen"),
    Feature.SUBSCRIPTIONS: re.compile(r"subscription Chosen"),
    Feature.INTROSPECTION: re.compile(r"__type\("),
    Feature.TYPE_NAMES: re.compile(r"name: __typename"),
}


def supergraph() -> tuple[Supergraph, GraphQLSchema]:
    read = read_supergraph((ROUTER / "supergraph.graphql").read_text())
    return read, build_ast_schema(read.api)


def documents(features: frozenset[Feature]) -> list[Document]:
    read, schema = supergraph()
    generator = Generator(schema, read, Pools(), features)
    return [generator.document(f"1 {number}") for number in range(COUNT)]


def test_nearly_all_documents_are_valid() -> None:
    _, schema = supergraph()
    valid = [each for each in documents(ALL) if has_valid_structure(schema, each.text)]
    assert len(valid) > COUNT * 0.9


def test_equal_seeds_give_equal_documents() -> None:
    assert [each.text for each in documents(ALL)] == [each.text for each in documents(ALL)]


def test_each_feature_is_in_some_documents_and_in_none_once_it_is_left_out() -> None:
    whole = "\n".join(each.text for each in documents(ALL))
    for feature, sign in SIGNS.items():
        assert sign.search(whole), feature
        # Inputs of mutations have a field `id`.
        assert not any(sign.search(each.text) for each in documents(ALL - {feature, Feature.MUTATIONS})), feature


def test_the_api_schema_is_what_clients_see() -> None:
    read, schema = supergraph()
    assert not [name for name in schema.type_map if name.startswith(("join__", "link__"))]
    assert read.owners["User.orders"] == ["order"]
    assert set(read.owners["Money.amount"]) == {"analytics", "builder", "order"}
    assert "User.auditTrail" in read.required_scopes
    assert read.required_fields == {"OrderLine.previewUrl": ["pictured"]}


async def test_a_failing_document_is_made_as_small_as_its_fault() -> None:
    _, schema = supergraph()
    large = next(each for each in documents(ALL) if len(each.text) > 400 and "totalCount" in each.text)

    async def fails(document: Document) -> bool:
        return "totalCount" in document.text

    small = await shrink(large, fails, schema)
    assert len(small.text) < 80, small.text
    assert not [each for each in walk(small.selections) if isinstance(each, Inline)]

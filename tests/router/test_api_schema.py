"""The schema that clients see: a file for their tools, the same as introspection tells, served in development only."""

import re
from pathlib import Path

import httpx
from graphql import (
    GraphQLScalarType,
    GraphQLSchema,
    IntrospectionQuery,
    build_client_schema,
    build_schema,
    get_introspection_query,
    is_object_type,
    print_schema,
)
from graphql.utilities import lexicographic_sort_schema

from petplus.local.node import ROUTER
from tests.router.servers import SECRET, Testbed, run_script
from tests.support.http import http_client

FILE = ROUTER / "schema.graphql"


async def served(testbed: Testbed) -> httpx.Response:
    async with http_client() as client:
        return await client.get(f"http://127.0.0.1:{testbed.port}/schema.graphql")


async def introspected(testbed: Testbed) -> str:
    async with http_client() as client:
        answer = await client.post(testbed.url, json={"query": get_introspection_query()})
    data: IntrospectionQuery = answer.json()["data"]
    return printed(build_client_schema(data))


def printed(schema: GraphQLSchema) -> str:
    # The engine knows where JSON is specified, whether a subgraph tells it or not.
    if isinstance(scalar := schema.type_map.get("JSON"), GraphQLScalarType):
        scalar.specified_by_url = None
    return print_schema(lexicographic_sort_schema(schema))


def test_the_file_names_nothing_by_which_the_router_plans() -> None:
    schema = build_schema(FILE.read_text(encoding="utf-8"))
    names = {*schema.type_map, *(directive.name for directive in schema.directives)}
    engines = {name for name in names if "__" in name.removeprefix("__")} | names & {"authenticated", "requiresScopes"}
    assert engines == set()
    assert {"Order", "Design", "User"} <= names


async def test_development_serves_what_introspection_tells(testbed: Testbed) -> None:
    answer = await served(testbed)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/plain; charset=utf-8")
    assert printed(build_schema(answer.text)) == await introspected(testbed)


async def test_production_serves_no_schema(testbed: Testbed) -> None:
    other = Testbed(testbed.supergraph, ports=testbed.ports)
    try:
        other.start_router(PETPLUS_ENV="production", PETPLUS_SECRET_KEY=SECRET)
        answer = await served(other)
    finally:
        other.stop()
    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (404, "NOT_FOUND")


def test_check_finds_a_stale_schema_and_leaves_it(tmp_path: Path) -> None:
    stale = tmp_path / "stale.graphql"
    stale.write_text("type Query { old: Int }\n")
    done = run_script("api-schema.mjs", f"--output={stale}", "--check")
    assert done.returncode == 1
    assert done.stderr == f"{stale} is not up to date: run `petplus schema --api` to refresh it\n"
    assert stale.read_text() == "type Query { old: Int }\n"


def test_an_id_names_an_object_of_its_type_alone() -> None:
    # Clients keep objects by their ids: a field of this name with another object's id would mix up the two.
    schema = build_schema(FILE.read_text())
    types = [each for each in schema.type_map.values() if is_object_type(each) and "id" in each.fields]
    prefixes = {}
    for each in types:
        prefix = re.search(r"`([a-z]{3})_…`", each.fields["id"].description or "")
        if each.name != "CacheInvalidation":  # a number of its own
            assert prefix, f"{each.name}.id does not tell the prefix of its ids"
            prefixes[each.name] = prefix[1]
    assert len(prefixes) > 20
    assert len(set(prefixes.values())) == len(prefixes)

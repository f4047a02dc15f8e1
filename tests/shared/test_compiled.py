"""Generated documents over a seeded shop, through each subgraph's own schema: compiled or not, the same answers."""

import json
import random
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from typing import Any

import asyncpg
import pytest
import pytest_asyncio
from differential.comparison import executed
from differential.documents import CONDITION_VARIABLES, DocumentGenerator
from differential.fingerprints import fingerprint
from graphql import GraphQLObjectType, parse
from rich.console import Console
from sqlalchemy import make_url
from strawberry.permission import PermissionExtension
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext
from strawberry_compiled import compiled_executor
from strawberry_compiled.analysis import Method, classify_field, source_classes

from petplus import registry, seeding
from shared.core.settings import Settings
from shared.graph.context import Context
from shared.live import change_log
from shared.security.auth import ANONYMOUS, Viewer
from subgraphs.user.service.scopes import SCOPES_OF_ROLE
from tests.support.apps import Served, serve
from tests.support.servers import apart

DOCUMENTS = 40
TABLES = {
    "User": '"user".user_profile',
    "Design": "builder.saved_design",
    "Order": '"order".order_meta',
    "WebhookDelivery": "webhook.webhook_log",
}
# What counts how often it is asked, or answers with the time of day.
AVOIDED = frozenset(
    {"Query.orderLookup", "Query.orderStatus", "Query.sharedDesign", "Query._service", "GuestOrder.trackingToken"}
)


@pytest_asyncio.fixture(scope="module")
async def shop(settings: Settings) -> AsyncIterator[tuple[Settings, dict[str, list[str]]]]:
    async with apart(settings) as own:
        await seeding.seed(own, seeding.Plan(users=6, designs=15, orders=20), Console(quiet=True))
        url = make_url(own.database_url_of("order")).set(drivername="postgresql")
        connection = await asyncpg.connect(url.render_as_string(hide_password=False))
        ids = {}
        for kind, table in TABLES.items():
            rows = await connection.fetch(f"SELECT id FROM {table} ORDER BY id LIMIT 5")  # noqa: S608 (our own)
            ids[kind] = [row["id"] for row in rows]
        await connection.close()
        yield own, ids


def values_of(ids: dict[str, list[str]]) -> dict[str, list[str]]:
    """Return what arguments of a type may be given."""
    known = [f'"{each}"' for group in ids.values() for each in group]
    references = [f'{{__typename: "{kind}", id: "{each}"}}' for kind, group in ids.items() for each in group]
    return {
        "ID": [*known, '"ord_0"'],
        "String": [*known[:3], '"a"', '""'],
        "Int": ["1", "2", "5", "0"],
        "_Any": [*references, '{__typename: "User", id: "nobody"}'],
        "DateTime": ['"2026-01-01T00:00:00Z"'],
        "Float": ["38.5"],
        "JSON": ["{}"],
        "Boolean": ["true", "false"],
    }


def without_order(body: str) -> str:
    """Return an answer with its errors sorted: loaders that wait for the database at once end in any order."""
    answer = json.loads(body)
    answer["errors"].sort(key=json.dumps)
    return json.dumps(answer)


async def compare(served: Served, ids: dict[str, list[str]], viewer: Viewer, rng: random.Random) -> None:
    schema = served.subgraph.schema
    executors: list[Any] = [StrawberryGraphQLCoreExecutionContext, compiled_executor(compile_threshold=1)]
    document = DocumentGenerator(schema._schema, rng, values_of(ids), excluded=AVOIDED).document()
    parsed = parse(document.text)
    variables: dict[str, Any] = {name: rng.random() < 0.5 for name in CONDITION_VARIABLES}
    answers = []
    for executor in executors:
        context = Context(runtime=served.runtime, viewer=viewer, address="127.0.0.1")
        answers.append(without_order(await executed(schema, parsed, variables, context, executor)))
    assert answers[0] == answers[1], document.text


@pytest.mark.parametrize(
    ("function", "pinned"),
    [(PermissionExtension.resolve, "9d951f67b6ad"), (PermissionExtension.resolve_async, "bdc50d3884c7")],
)
def test_the_extension_whose_checks_guards_repeat_is_unchanged(function: Callable[..., Any], pinned: str) -> None:
    assert fingerprint(function) == pinned, f"{function.__qualname__} has changed: look at shared/access.py"


def test_types_of_the_hottest_lists_are_compiled() -> None:
    for subgraph, name in (("order", "Order"), ("builder", "Design"), ("user", "User")):
        kind = registry.load(subgraph).schema._schema.type_map[name]
        assert isinstance(kind, GraphQLObjectType)
        assert source_classes(kind), f"{name} is executed without compilation"


def test_fields_with_a_page_are_compiled_with_their_four_arguments() -> None:
    paged = {
        f"{subgraph.name}: {kind.name}.{name}": (list(field.args)[-4:], classify_field(kind, field))
        for subgraph in registry.load_all()
        for kind in subgraph.schema._schema.type_map.values()
        if isinstance(kind, GraphQLObjectType) and kind.name != "Query"
        for name, field in kind.fields.items()
        if "before" in field.args
    }
    assert paged
    assert {tuple(arguments) for arguments, _ in paged.values()} == {("first", "after", "last", "before")}
    assert [name for name, (_, found) in paged.items() if not isinstance(found, Method) or found.info is None] == []


@pytest.mark.parametrize("name", registry.NAMES)
async def test_each_subgraph_answers_the_same_compiled_or_not(
    shop: tuple[Settings, dict[str, list[str]]], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def standing_still(_connection: Any) -> int:
        return 1

    # The present place of a feed moves with each transaction on the server, be it another test's.
    monkeypatch.setattr(change_log, "xmin_horizon", standing_still)
    settings, ids = shop
    staff = Viewer(id=ids["User"][0], scopes=frozenset(SCOPES_OF_ROLE["ADMIN"]))
    customer = Viewer(id=ids["User"][1])
    async with AsyncExitStack() as stack:
        served = await stack.enter_async_context(serve(registry.load(name), settings))
        for number in range(DOCUMENTS):
            viewer = (staff, customer, ANONYMOUS)[number % 3]
            await compare(served, ids, viewer, random.Random(f"{name} {number}"))

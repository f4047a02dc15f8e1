"""What a subgraph refuses by itself: requests that its router did not sign, and those beyond the limits."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any

import pytest
import pytest_asyncio
from fastapi import FastAPI
from pydantic import SecretStr
from sqlalchemy import text

from petplus import registry
from shared.core.limits_file import LIMITS
from shared.core.settings import DEVELOPMENT_SECRET, Settings, SettingsError, load_settings
from shared.http.middleware import MOST_LARGE_BODIES, BodyLimit, Message, Receive, Scope, Send
from shared.security.request_signature import OLDEST_SECONDS
from shared.subgraph import create_app
from tests.support.apps import Answer, Served, listen, serve, signed
from tests.support.attacks.documents import of_tokens
from tests.support.http import http_client
from tests.support.waiting import eventually, in_time

QUERY = {"query": "{ presets(first: 1) { totalCount } }"}
PRODUCTION = {"env": "production", "secret_key": SecretStr("a-secret-of-production-in-tests-alone")}


async def direct(served: Served, query: str, token: str | None = None, **variables: Any) -> Answer:
    """Send one operation as whoever reaches a subgraph past the router."""
    headers = {"authorization": f"Bearer {token}"} if token else {}
    response = await served.client.post("/graphql", json={"query": query, "variables": variables}, headers=headers)
    return Answer(response.status_code, response.json())


@pytest_asyncio.fixture(scope="module")
async def production(settings: Settings) -> AsyncIterator[Served]:
    """The builder as it runs in production, without a router before it."""
    # Database roles take their passwords from the secret: this one has tables that are never read.
    async with serve(registry.load("builder"), settings.model_copy(update=PRODUCTION)) as served:
        yield served


async def post(served: Served, body: bytes, headers: Mapping[str, str]) -> tuple[int, list[str]]:
    response = await served.client.post("/graphql", content=body, headers=headers)
    return response.status_code, [error["extensions"]["code"] for error in response.json().get("errors", [])]


TYPENAME = json.dumps({"query": "{ __typename }"}).encode()


async def test_production_answers_what_its_router_signed(production: Served) -> None:
    headers = signed(production.runtime.settings, TYPENAME)
    assert await post(production, TYPENAME, headers) == (200, [])
    late = signed(production.runtime.settings, TYPENAME, age=OLDEST_SECONDS - 2)
    assert await post(production, TYPENAME, late) == (200, [])


@pytest.mark.parametrize(
    "what", ["unsigned", "stale", "early", "body", "address", "wait", "authorization", "key", "garbage", "destination"]
)
async def test_production_refuses_what_its_router_did_not_send(production: Served, what: str) -> None:
    settings, body = production.runtime.settings, TYPENAME
    headers = signed(settings, body, "Bearer x")
    if what == "unsigned":
        headers = {"content-type": "application/json"}
    elif what in {"stale", "early"}:
        headers = signed(settings, body, age=(OLDEST_SECONDS + 2) * (1 if what == "stale" else -1))
    elif what == "body":
        body += b" "
    elif what == "address":
        headers["x-petplus-address"] = "198.51.100.1"
    elif what == "wait":
        headers["x-petplus-wait"] = "600001"
    elif what == "authorization":
        headers["authorization"] = "Bearer y"
    elif what == "destination":
        headers = signed(settings, body, to="audit")
    elif what == "key":
        headers = signed(
            settings.model_copy(update={"secret_key": SecretStr("another secret of thirty-two chars")}), body
        )
    else:
        headers["x-petplus-signature"] = "ä"
    with production.statements() as sent:
        encoded = {name.encode(): value.encode("latin-1") for name, value in headers.items()}
        response = await production.client.post("/graphql", content=body, headers=encoded)
    assert response.status_code == 401
    assert response.json()["errors"][0]["extensions"] == {"code": "REQUEST_NOT_SIGNED"}
    assert sent == []


@pytest.mark.parametrize("is_first", [True, False])
@pytest.mark.parametrize(
    "name",
    ["authorization", "x-request-id", "x-petplus-time", "x-petplus-address", "x-petplus-wait", "x-petplus-signature"],
)
async def test_a_signed_header_that_stands_twice_is_refused(
    builder: Served, production: Served, customer: str, admin: str, name: str, is_first: bool
) -> None:
    for served in (builder, production):
        body = json.dumps({"query": "{ designs(first: 1) { totalCount } }"}).encode()
        headers = signed(served.runtime.settings, body, f"Bearer {customer}")
        more = (name, f"Bearer {admin}" if name == "authorization" else headers.get(name, ""))
        lines = [more, more, *headers.items()] if is_first else [*headers.items(), more, more]
        with served.statements() as sent:
            response = await served.client.post("/graphql", content=body, headers=lines)
        assert response.status_code == 401
        assert response.json()["errors"][0]["extensions"] == {"code": "REQUEST_NOT_SIGNED"}
        assert sent == []


async def test_either_of_two_router_secrets_is_good_while_they_change(settings: Settings) -> None:
    old, new = "the-secret-of-router-and-subgraphs", "the-next-secret-of-router-and-subgraphs"
    update = {**PRODUCTION, "router_secrets": SecretStr(f"{old}, {new}")}
    async with serve(registry.load("builder"), settings.model_copy(update=update)) as served:
        for secret, status in ((old, 200), (new, 200), (f"{old}, {new}", 200), ("x" * 32, 401), ("", 401)):
            given = served.runtime.settings.model_copy(update={"router_secrets": SecretStr(secret)})
            assert (await post(served, TYPENAME, signed(given, TYPENAME)))[0] == status, secret


@pytest.mark.parametrize(
    ("secrets", "said"),
    [
        ("x" * 32 + ",short", "each of PETPLUS_ROUTER_SECRETS must have at least 32 characters"),
        (DEVELOPMENT_SECRET, "PETPLUS_ROUTER_SECRETS must not hold the development secret in production"),
    ],
)
def test_a_bad_router_secret_stops_the_start(monkeypatch: pytest.MonkeyPatch, secrets: str, said: str) -> None:
    for name, value in (("ENV", "production"), ("SECRET_KEY", "y" * 32), ("ROUTER_SECRETS", secrets)):
        monkeypatch.setenv(f"PETPLUS_{name}", value)
    with pytest.raises(SettingsError, match=said):
        load_settings()


async def test_what_is_not_the_graph_needs_no_signature(production: Served) -> None:
    statuses = [(await production.client.get(path)).status_code for path in ("/healthz", "/metrics")]
    assert statuses == [200, 200]
    headers = (await production.client.get("/healthz")).headers
    assert headers["strict-transport-security"].startswith("max-age=")


@pytest.mark.parametrize(
    "query", ["{ __schema { types { name } } }", '{ __type(name: "User") { name } }', "{ _service { sdl } }"]
)
async def test_production_tells_nothing_of_its_schema(production: Served, query: str) -> None:
    body = json.dumps({"query": query}).encode()
    headers = signed(production.runtime.settings, body)
    assert await post(production, body, headers) == (200, ["INTROSPECTION_DISABLED"])


@pytest.mark.parametrize(
    "query",
    [
        "{ presetz { nodes { id } } }",
        "{ presets { nodes { idd } } }",
        "{ presets }",
        "{ presets(firs: 1) { totalCount } }",
        "{ preset { id } }",
        "query ($n: String) { presets(first: $n) { totalCount } }",
        "{ presets { ... on Designn { id } } }",
    ],
)
async def test_production_names_nothing_that_the_client_did_not(production: Served, query: str) -> None:
    body = json.dumps({"query": query}).encode()
    response = await production.client.post("/graphql", content=body, headers=signed(production.runtime.settings, body))
    errors = response.json()["errors"]
    assert errors
    for error in errors:
        assert error["message"] == "The document does not fit the graph."
        assert error["extensions"] == {"code": "GRAPHQL_VALIDATION_FAILED"}


async def test_development_answers_unsigned_requests_and_checks_signed_ones(builder: Served) -> None:
    body = json.dumps(QUERY).encode()
    assert await post(builder, body, {"content-type": "application/json"}) == (200, [])
    headers = signed(builder.runtime.settings, body)
    assert await post(builder, body, headers) == (200, [])
    assert await post(builder, body + b" ", headers) == (401, ["REQUEST_NOT_SIGNED"])


async def test_answers_tell_browsers_what_they_may_do(builder: Served) -> None:
    headers = (await builder.client.post("/graphql", json=QUERY)).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert "strict-transport-security" not in headers


LIMIT = LIMITS.document
MOST_VALUES = LIMITS.variables.values_at_subgraphs
BELOW_AND_ABOVE: dict[str, Callable[[int], str]] = {
    "tokens": lambda over: of_tokens(over, "products"),
    "aliases": lambda over: "{ products { " + " ".join(f"a{n}: id" for n in range(LIMIT.aliases + over)) + " } }",
    "root fields": lambda over: "{ " + " ".join(f"a{n}: __typename" for n in range(LIMIT.root_fields + over)) + " }",
    "directives": lambda over: (
        "{ "
        + " ".join(f"a{n}: __typename @include(if: true)" for n in range(10))
        + " products { "
        + " ".join(f"b{n}: id @include(if: true)" for n in range(LIMIT.directives - 10 + over))
        + " } }"
    ),
    "repeated fields": lambda over: "{ products { " + "id " * (LIMIT.repeated_fields + over) + "} }",
    "operations": lambda over: " ".join(f"query Q{n} {{ __typename }}" for n in range(LIMIT.operations + over)),
    "characters": lambda over: "{ __typename } #" + "x" * (LIMIT.characters + over - 16),
}


@pytest.mark.parametrize("limit", BELOW_AND_ABOVE)
async def test_a_document_just_below_a_limit_runs_and_one_just_above_does_not(builder: Served, limit: str) -> None:
    build = BELOW_AND_ABOVE[limit]
    name = {"operationName": "Q0"} if limit in {"operations", "tokens"} else {}
    below = await builder.client.post("/graphql", json={"query": build(0), **name})
    assert (below.status_code, "errors" in below.json()) == (200, False)
    with builder.statements() as sent:
        above = await builder.client.post("/graphql", json={"query": build(1), **name})
    assert above.status_code == 200
    extensions = above.json()["errors"][0]["extensions"]
    assert (extensions["code"], extensions["limit"]) == ("LIMIT_EXCEEDED", limit)
    assert ("data" in above.json(), sent) == (False, [])


async def test_depth_is_limited(order: Served, admin: str) -> None:
    def query(turns: int, last: str) -> str:
        inner = last
        for _ in range(turns):
            inner = f"customer {{ orders(first: 1) {{ nodes {{ {inner} }} }} }}"
        return f"{{ orders(first: 1) {{ nodes {{ {inner} }} }} }}"

    # Each turn is three fields deep, between two and the last.
    within = await direct(order, query(4, "id"), admin)
    assert (within.status, within.codes) == (200, [])
    beyond = await direct(order, query(4, "total { amount }"), admin)
    assert (beyond.status, beyond.codes) == (200, ["LIMIT_EXCEEDED"])
    extensions = beyond.body["errors"][0]["extensions"]
    assert extensions == {"code": "LIMIT_EXCEEDED", "limit": "depth", "maximum": LIMIT.depth}


@pytest.mark.parametrize(("levels", "is_within"), [(9, True), (10, False), (40, False)])
async def test_fragments_that_explode_are_refused_by_what_they_would_be(
    builder: Served, levels: int, is_within: bool
) -> None:
    fragments = [f"fragment F{n} on Product {{ ...F{n + 1} ...F{n + 1} }}" for n in range(levels)]
    query = "{ products { ...F0 } } " + " ".join([*fragments, f"fragment F{levels} on Product {{ id }}"])
    answer = await direct(builder, query)
    assert answer.codes == ([] if is_within else ["LIMIT_EXCEEDED"])


async def test_fragments_in_a_circle_are_refused(builder: Served) -> None:
    answer = await direct(
        builder, "{ products { ...A } } fragment A on Product { ...B } fragment B on Product { ...A }"
    )
    assert answer.codes[0] == "GRAPHQL_VALIDATION_FAILED"


def listed(count: int) -> Any:
    return [1] * count


def layered(depth: int) -> Any:
    value: Any = 1
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("limit", "below", "above"),
    [
        ("depth of variables", layered(LIMITS.variables.depth - 1), layered(LIMITS.variables.depth)),
        ("values in variables", listed(MOST_VALUES - 2), listed(MOST_VALUES - 1)),
    ],
)
async def test_variables_are_limited(builder: Served, limit: str, below: Any, above: Any) -> None:
    assert (await direct(builder, "{ __typename }", x=below)).codes == []
    refused = await direct(builder, "{ __typename }", x=above)
    assert (refused.status, refused.body["errors"][0]["extensions"]["limit"]) == (200, limit)


async def test_an_operation_that_is_too_dear_is_refused_and_one_just_below_is_not(order: Served, admin: str) -> None:
    # A page is one, and each of its orders is one and has 5 lines of one.
    query = """query ($n: Int, $m: Int) {
      a: orders(first: $n) { nodes { id lines { id design { id } } } }
      b: orders(first: $n) { nodes { id lines { id design { id } } } }
      c: orders(first: $n) { nodes { id lines { id design { id } } } }
      d: orders(first: $n) { nodes { id lines { id design { id } } } }
      e: orders(first: $m) { nodes { id lines { id design { id } } } }
    }"""
    each = 1 + 5 * (1 + 1)
    assert (5 + (4 * 100 + 54) * each, 5 + (4 * 100 + 55) * each) == (4999, 5010)
    assert (await direct(order, query, admin, n=100, m=54)).codes == []
    with order.statements() as sent:
        refused = await direct(order, query, admin, n=100, m=55)
    assert refused.body["errors"][0]["extensions"] == {
        "code": "LIMIT_EXCEEDED",
        "limit": "cost",
        "maximum": 5000,
        "requested": 5010,
    }
    assert sent == []


async def test_representations_count_each(builder: Served) -> None:
    query = "query ($r: [_Any!]!) { _entities(representations: $r) { ... on Design { id } } }"
    named = {"__typename": "Design", "id": "des_1"}
    assert (await direct(builder, query, r=[named] * 5000)).codes == []
    assert (await direct(builder, query, r=[named] * 5001)).codes == ["LIMIT_EXCEEDED"]


async def test_a_client_that_leaves_stops_its_statements(order: Served, settings: Settings, admin: str) -> None:
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE wait_event_type = 'Lock' AND query LIKE '%order_meta%' AND datname = current_database()"
    )
    app = create_app(registry.load("order"), settings, messaging=False)
    async with listen(app) as url, http_client(base_url=url) as client:

        async def waits() -> bool:
            async with order.database.read() as connection:
                return bool(await connection.scalar(waiting))

        async def ended() -> bool:
            return not await waits()

        async with order.database.engine.begin() as blocker:
            await blocker.execute(text("LOCK TABLE order_meta IN ACCESS EXCLUSIVE MODE"))
            query = {"query": "{ orders(first: 1) { nodes { id } } }"}
            leaving = asyncio.create_task(
                client.post("/graphql", json=query, headers={"authorization": f"Bearer {admin}"})
            )
            await eventually(waits)
            leaving.cancel()
            await asyncio.gather(leaving, return_exceptions=True)
            # The lock is still held: nothing but the cancellation ends the statement.
            await eventually(ended)
    assert (await direct(order, "{ orders(first: 1) { nodes { id } } }", admin)).codes == []


async def test_a_body_that_comes_too_slowly_is_refused(settings: Settings) -> None:
    app = create_app(registry.load("builder"), settings, messaging=False)
    async with listen(app) as url:
        host, _, port = url.removeprefix("http://").partition(":")
        body_limit_of(app).seconds = 0.2
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(
            b"POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 50\r\n\r\n{"
        )
        async with in_time():
            assert await reader.readline() == b"HTTP/1.1 408 Request Timeout\r\n"
        writer.close()


def body_limit_of(app: FastAPI) -> BodyLimit:
    """Return the middleware that limits bodies, from the stack of a running application."""
    layer: Any = app.middleware_stack
    while not isinstance(layer, BodyLimit):
        layer = layer.app
    return layer


async def test_few_large_bodies_are_read_at_once_and_only_where_they_may_be() -> None:
    go_on, waiting = asyncio.Event(), 0

    async def reader(scope: Scope, receive: Receive, send: Send) -> None:
        nonlocal waiting
        await receive()
        waiting += 1
        await go_on.wait()
        await send({"type": "http.response.start", "status": 200})

    limit = BodyLimit(reader, largest=10, larger={"/large/": 100})

    async def readers() -> bool:
        return waiting == expected

    async def post(path: str, size: int) -> int:
        statuses = []

        async def receive() -> Message:
            return {"type": "http.request", "body": b"x" * size, "more_body": False}

        async def send(message: Message) -> None:
            statuses.append(message.get("status"))

        await limit({"type": "http", "path": path, "headers": []}, receive, send)
        return int(statuses[0] or 0)

    assert await post("/small/", 11) == 413
    assert await post("/large/", 101) == 413
    large = [asyncio.create_task(post("/large/", 11)) for _ in range(MOST_LARGE_BODIES)]
    expected = MOST_LARGE_BODIES
    await eventually(readers)
    assert await post("/large/", 11) == 503
    small = asyncio.create_task(post("/large/", 10))
    expected += 1
    await eventually(readers)
    go_on.set()
    assert await asyncio.gather(*large, small) == [200] * (MOST_LARGE_BODIES + 1)
    assert await post("/large/", 11) == 200

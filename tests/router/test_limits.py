"""Limits of the router: each passes just below and is refused just above, with its name, and nothing runs."""

import itertools
import json
import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from shared.core.limits_file import LIMITS
from tests.router.servers import Testbed
from tests.router.test_streams import operation, socket
from tests.router.tokens import token
from tests.support.attacks.documents import of_tokens
from tests.support.http import http_client
from tests.support.waiting import eventually

LIMIT = LIMITS.document


def deep(depth: int) -> str:
    """A query of some depth that costs little."""
    return '{ __type(name: "User") { ' + "ofType { " * (depth - 2) + "name" + " }" * depth


def values(count: int) -> dict[str, Any]:
    return {"x": [1] * (count - 2)}


def nested_value(depth: int) -> dict[str, Any]:
    value: Any = 1
    for _ in range(depth - 1):
        value = [value]
    return {"x": value}


CASES: dict[str, Callable[[int], str]] = {
    "tokens": lambda over: of_tokens(over, "me"),
    "depth": lambda over: deep(LIMIT.depth + over),
    "aliases": lambda over: "{ me { " + " ".join(f"a{n}: id" for n in range(LIMIT.aliases + over)) + " } }",
    "root fields": lambda over: "{ " + " ".join(f"a{n}: watchers" for n in range(LIMIT.root_fields + over)) + " }",
    "directives": lambda over: (
        "{ me { " + " ".join(f"a{n}: id @include(if: true)" for n in range(LIMIT.directives + over)) + " } }"
    ),
    "repeated fields": lambda over: "{ me { " + "id " * (LIMIT.repeated_fields + over) + "} }",
    "fragments": lambda over: (
        "{ me { "
        + " ".join(f"...F{n}" for n in range(LIMIT.fragments + over))
        + " } } "
        + " ".join(
            f"fragment F{n} on User {{ id }}"
            if n < 20
            else f"fragment F{n} on User {{ name }}"
            if n < 40
            else f"fragment F{n} on User {{ __typename }}"
            for n in range(LIMIT.fragments + over)
        )
    ),
    "operations": lambda over: " ".join(f"query Q{n} {{ me {{ id }} }}" for n in range(LIMIT.operations + over)),
    "characters": lambda over: "{ me { id } } #" + "x" * (LIMIT.characters + over - 15),
}


async def codes(testbed: Testbed, query: str, variables: dict[str, Any] | None = None, name: str | None = None) -> Any:
    async with http_client() as client:
        body = {"query": query, "variables": variables or {}, "operationName": name}
        response = await client.post(testbed.url, json=body)
    return [error["extensions"] for error in response.json().get("errors", [])], response.json().get("data")


@pytest.mark.parametrize("limit", CASES)
async def test_a_document_just_below_a_limit_runs_and_one_just_above_does_not(testbed: Testbed, limit: str) -> None:
    name = "Q0" if limit in {"operations", "tokens"} else None
    refused, data = await codes(testbed, CASES[limit](0), name=name)
    assert (refused, data is not None) == ([], True)
    [above], data = await codes(testbed, CASES[limit](1), name=name)
    assert (above["code"], above["limit"], data) == ("LIMIT_EXCEEDED", limit, None)


@pytest.mark.parametrize(("levels", "limit"), [(9, None), (10, "fields"), (25, "fields"), (40, "depth")])
async def test_fragments_that_explode_are_refused_by_what_they_would_be(
    testbed: Testbed, levels: int, limit: str | None
) -> None:
    fragments = [f"fragment F{n} on User {{ ...F{n + 1} ...F{n + 1} }}" for n in range(levels)]
    query = "{ me { ...F0 } } " + " ".join([*fragments, f"fragment F{levels} on User {{ id }}"])
    refused, data = await codes(testbed, query)
    if limit is None:
        assert (refused, data) == ([], {"me": {"id": "u1"}})
    else:
        [above] = refused
        assert (above["code"], above["limit"], data) == ("LIMIT_EXCEEDED", limit, None)


async def test_fragments_in_a_circle_are_refused(testbed: Testbed) -> None:
    query = "{ me { ...A } } fragment A on User { ...B } fragment B on User { ...A }"
    [refused, *_], data = await codes(testbed, query)
    assert (refused["code"], data) == ("GRAPHQL_VALIDATION_FAILED", None)


@pytest.mark.parametrize(
    ("limit", "below", "above"),
    [
        ("depth of variables", nested_value(LIMITS.variables.depth), nested_value(LIMITS.variables.depth + 1)),
        ("values in variables", values(LIMITS.variables.values), values(LIMITS.variables.values + 1)),
    ],
)
async def test_variables_are_limited(
    testbed: Testbed, limit: str, below: dict[str, Any], above: dict[str, Any]
) -> None:
    assert await codes(testbed, "{ me { id } }", below) == ([], {"me": {"id": "u1"}})
    [refused], data = await codes(testbed, "{ me { id } }", above)
    assert (refused["code"], refused["limit"], data) == ("LIMIT_EXCEEDED", limit, None)


async def test_an_operation_tells_its_cost_and_one_too_dear_is_refused_before_it_runs(testbed: Testbed) -> None:
    query = "query ($n: Int) { page(first: $n) { customer { orders { customer { orders { id } } } } } waited }"
    # Each of n orders has a customer with 5 orders, each with a customer with 5 orders.
    each = 1 + 1 + 5 * (1 + 1 + 5)
    cheap = await testbed.post(query, n=10)
    cost = cheap.json()["extensions"]["cost"]
    assert cost == {"requested": 10 * each + 1, "maximum": 5000, "available": cost["available"], "restoreRate": 1000}
    waited = cheap.json()["data"]["waited"]
    most = (5000 - 1) // each
    two = "query ($n: Int) { a: page(first: $n) { customer { orders { customer { orders { id } } } } } "
    two += "b: page(first: 36) { customer { orders { customer { orders { id } } } } } }"
    assert most == 135
    assert (await testbed.post(two, n=99)).json()["extensions"]["cost"]["requested"] == 135 * each
    refused = (await testbed.post(two, n=100)).json()
    assert refused["errors"][0]["extensions"] == {
        "code": "LIMIT_EXCEEDED",
        "limit": "cost",
        "maximum": 5000,
        "requested": 136 * each,
    }
    assert "data" not in refused
    assert (await testbed.execute("{ waited }"))["data"]["waited"] == waited + 2


async def test_a_bucket_that_is_empty_refuses_with_the_seconds_to_wait_and_is_of_one_client_alone(
    testbed: Testbed,
) -> None:
    other = Testbed(testbed.supergraph, ports=testbed.ports)
    # So dear that what is restored meanwhile, one a second, buys no other.
    dear = "mutation { " + " ".join(f'a{n}: orderStatusAdvance(orderId: "spent")' for n in range(20)) + " }"
    price = (await testbed.post(dear.replace("spent", "priced"))).json()["extensions"]["cost"]["requested"]
    assert price >= 200
    began = time.monotonic()
    try:
        other.start_router(PETPLUS_COST_BUCKET=str(3 * price), PETPLUS_COST_RESTORE="1")
        mine = {"authorization": f"Bearer {token(f'usr_{other.port}')}"}
        answers = [await other.post(dear, headers=mine) for _ in range(4)]
        restored = time.monotonic() - began + 1
        anonymous = await other.post("{ watchers }")
        async with socket(other, **mine) as connection:
            [over_socket] = [payload async for payload in operation(connection, dear)]
    finally:
        other.stop()
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    for answer, least in zip(answers, (2 * price, price, 0), strict=False):
        assert least <= answer.json()["extensions"]["cost"]["available"] <= least + restored
    extensions = answers[3].json()["errors"][0]["extensions"]
    assert price - restored <= extensions["retryAfter"] <= price
    assert (extensions["code"], answers[3].headers["retry-after"]) == ("RATE_LIMITED", str(extensions["retryAfter"]))
    assert over_socket["errors"][0]["extensions"]["code"] == "RATE_LIMITED"
    assert anonymous.json()["data"] == {"watchers": 0}
    once = 'mutation { orderStatusAdvance(orderId: "spent") }'
    assert (await testbed.execute(once))["data"] == {"orderStatusAdvance": 61}


async def test_a_fragment_that_spreads_itself_through_a_field_is_not_valid(testbed: Testbed) -> None:
    answer = await testbed.execute("{ ...F } fragment F on Query { me { id } orders(ids: []) { ...F } }")
    assert "data" not in answer
    assert {error["extensions"]["code"] for error in answer["errors"]} == {"GRAPHQL_VALIDATION_FAILED"}


@pytest.mark.parametrize("text", ["{{ nothing{} }}", "{{ unfinished{}"])
async def test_documents_that_do_not_run_are_paid_for(testbed: Testbed, text: str) -> None:
    other = Testbed(testbed.supergraph, ports=testbed.ports)
    try:
        other.start_router(PETPLUS_COST_BUCKET="50", PETPLUS_COST_RESTORE="1")
        mine = {"authorization": f"Bearer {token(f'usr_{other.port}')}"}

        numbers = itertools.count()

        async def is_refused() -> bool:
            # The router remembers what is wrong with a text, so only another one costs it work.
            return (
                await other.post(text.format(next(numbers)), headers=mine)
            ).status_code == httpx.codes.TOO_MANY_REQUESTS

        await eventually(is_refused, pause=0)
        refused = await other.post("{ watchers }", headers=mine)
        anonymous = await other.post("{ watchers }")
    finally:
        other.stop()
    [error] = refused.json()["errors"]
    assert (error["extensions"]["code"], "data" in refused.json()) == ("RATE_LIMITED", False)
    assert refused.headers["retry-after"] == str(error["extensions"]["retryAfter"])
    assert anonymous.json()["data"] == {"watchers": 0}


async def test_while_redis_is_away_everything_passes_and_the_log_says_so(testbed: Testbed) -> None:
    other = Testbed(testbed.supergraph, ports=testbed.ports)
    try:
        other.start_router(PETPLUS_COST_BUCKET="1", PETPLUS_REDIS_URL="redis://127.0.0.1:1")
        answers = [await other.post("{ a: watchers b: watchers }") for _ in range(3)]
        said = [json.loads(line)["event"] for line in other.log.read_text().splitlines()]
    finally:
        other.stop()
    assert [answer.json()["data"] for answer in answers] == [{"a": 0, "b": 0}] * 3
    assert said == ["redis unavailable"]


async def test_batches_are_refused(testbed: Testbed) -> None:
    async with http_client() as client:
        response = await client.post(testbed.url, json=[{"query": "{ me { id } }"}])
    assert (response.status_code, response.json()["errors"][0]["extensions"]) == (400, {"code": "BAD_REQUEST"})


async def test_a_limit_of_a_subgraph_tells_when_to_try_again_in_a_header_too(testbed: Testbed) -> None:
    answer = await testbed.post("{ short: limited(seconds: 3) long: limited(seconds: 70) presets { id } }")
    assert (answer.status_code, answer.headers["retry-after"]) == (200, "70")
    assert [error["extensions"]["retryAfter"] for error in answer.json()["errors"]] == [3, 70]
    assert "retry-after" not in (await testbed.post("{ presets { id } }")).headers

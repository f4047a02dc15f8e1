"""Public trusted documents by GET, as a CDN and a foreign page would ask for them."""

import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest
import pytest_asyncio
from redis.asyncio import Redis

from subgraphs.audit.service.cache_purge import SHOWN_IN_CACHE, VERSIONS
from tests.router.servers import SECRET, Testbed
from tests.router.test_documents import ORIGIN, digest
from tests.router.tokens import token
from tests.support.http import http_client

PRESETS = "query Presets{presets{id name}}"
QUOTE = "query Quote($quantity:Int!){priceQuote(quantity:$quantity){...on Quote{amount}}}"
FAILING = "query Failing{presets(fail:true){id}}"
PRIVATE = "query Private{me{id}}"
MIXED = "query Mixed{presets{id}me{id}}"
MOVE = 'mutation Move{orderStatusAdvance(orderId:"trusted-by-get")}'
FOLLOW = 'subscription Follow{orderStatusChanged(orderId:"trusted-by-get"){version}}'
TEXTS = (PRESETS, QUOTE, FAILING, PRIVATE, MIXED, MOVE, FOLLOW)


@pytest.fixture(scope="module")
def router(testbed: Testbed, _urls: tuple[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Testbed]:
    """A router in production, in which the operations above are trusted."""
    manifest = tmp_path_factory.mktemp("operations") / "manifest.json"
    operations = [{"id": digest(text), "name": "any", "type": "query", "body": text} for text in TEXTS]
    manifest.write_text(json.dumps({"operations": operations}))
    other = Testbed(testbed.supergraph, ports=testbed.ports)
    try:
        other.start_router(
            PETPLUS_ENV="production",
            PETPLUS_SECRET_KEY=SECRET,
            PETPLUS_OPERATIONS=str(manifest),
            PETPLUS_CORS_ORIGINS=ORIGIN,
            PETPLUS_REDIS_URL=_urls[1],
        )
        yield other
    finally:
        other.stop()


@pytest_asyncio.fixture(autouse=True)
async def redis(testbed: Testbed, _urls: tuple[str, str]) -> AsyncIterator["Redis"]:
    """The stand's Redis, in which each type has a version and no answer is kept."""
    async with Redis.from_url(_urls[1]) as redis:
        await redis.flushdb()
        await redis.hset(VERSIONS, mapping=dict.fromkeys(SHOWN_IN_CACHE, "1"))
        yield redis


async def get(router: Testbed, params: dict[str, Any] | str, **headers: str) -> httpx.Response:
    async with http_client() as client:
        return await client.get(router.url, params=params, headers={"accept": "application/json", **headers})


def by_id(text: str, **variables: Any) -> dict[str, str]:
    return {"documentId": f"sha256:{digest(text)}", "variables": json.dumps(variables)}


def codes(response: httpx.Response) -> list[str]:
    return [error["extensions"]["code"] for error in response.json()["errors"]]


async def test_a_public_query_is_answered_for_a_cdn_to_keep(router: Testbed) -> None:
    first = await get(router, by_id(PRESETS), accept="application/graphql-response+json")
    assert (first.status_code, first.headers["content-type"].split(";")[0]) == (
        200,
        "application/graphql-response+json",
    )
    assert first.headers["cache-control"] == "public, max-age=0, s-maxage=10"
    assert {"accept", "accept-encoding"} <= {name.strip().lower() for name in first.headers["vary"].split(",")}
    # Nothing in it is about the client that asked.
    assert list(first.json()) == ["data"]
    second = await get(router, by_id(PRESETS))
    assert (second.json(), second.headers["etag"]) == (first.json(), first.headers["etag"])


async def test_the_forms_of_apollo_and_of_the_specification_are_one_answer(router: Testbed) -> None:
    extensions = json.dumps({"persistedQuery": {"version": 1, "sha256Hash": digest(QUOTE)}})
    variables = json.dumps({"quantity": 3})
    apollo = {"operationName": "Quote", "variables": variables, "extensions": extensions}
    specified = {"documentId": digest(QUOTE), "operationName": "Quote", "variables": variables, "unknown": "x"}
    first, second = await get(router, apollo), await get(router, specified)
    assert (first.status_code, first.json()) == (200, second.json())
    assert first.headers["etag"] == second.headers["etag"]


async def test_what_a_client_holds_is_not_sent_again_until_it_has_changed(router: Testbed, redis: "Redis") -> None:
    first = await get(router, by_id(PRESETS))
    tag = first.headers["etag"]
    for held in (tag, tag.removeprefix("W/"), f'"other", {tag}', "*"):
        same = await get(router, by_id(PRESETS), **{"if-none-match": held})
        assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", tag)
        assert same.headers["cache-control"] == first.headers["cache-control"]
        assert same.headers["vary"] == first.headers["vary"]
        assert "content-type" not in same.headers
    other = await get(router, by_id(QUOTE, quantity=1), **{"if-none-match": tag})
    assert other.status_code == httpx.codes.OK
    await redis.hset(VERSIONS, "Preset", "2")
    changed = await get(router, by_id(PRESETS), **{"if-none-match": tag})
    assert changed.status_code == httpx.codes.OK
    assert changed.headers["etag"] != tag
    assert changed.json() != first.json()


@pytest.mark.parametrize("text", [PRIVATE, MIXED, MOVE, FOLLOW])
async def test_anything_else_is_refused_by_get_and_does_nothing(router: Testbed, text: str) -> None:
    for accept in ("application/json", "text/event-stream, application/json;q=0.5"):
        response = await get(router, by_id(text), accept=accept, authorization=f"Bearer {token()}")
        assert (response.status_code, response.headers["allow"]) == (405, "POST")
        assert response.headers["cache-control"] == "no-store"
        assert '"code":"BAD_REQUEST"' in response.text
    if text == MOVE:
        body = {"documentId": digest(MOVE)}
        async with http_client() as client:
            moved = await client.post(router.url, json=body)
        assert moved.json()["data"] == {"orderStatusAdvance": 1}


@pytest.mark.parametrize(
    ("params", "status", "code"),
    [
        ({}, 405, "BAD_REQUEST"),
        ({"query": PRESETS}, 405, "BAD_REQUEST"),
        ({"query": PRESETS, "documentId": digest(PRESETS)}, 405, "BAD_REQUEST"),
        ({"documentId": digest("{presets{id}}")}, 400, "PERSISTED_QUERY_NOT_IN_LIST"),
        ({"documentId": digest(PRESETS), "variables": "{"}, 400, "BAD_REQUEST"),
        ({"documentId": digest(PRESETS), "variables": "[]"}, 400, "BAD_REQUEST"),
        ({"documentId": digest(QUOTE), "variables": '{"quantity":1e400}'}, 400, "BAD_USER_INPUT"),
        ({"documentId": digest(QUOTE)}, 200, "BAD_USER_INPUT"),
        ({"extensions": "1"}, 405, "BAD_REQUEST"),
    ],
)
async def test_a_request_that_does_not_run_is_not_kept(
    router: Testbed, params: dict[str, str], status: int, code: str
) -> None:
    response = await get(router, params)
    assert (response.status_code, codes(response)) == (status, [code])
    assert response.headers["cache-control"] == "no-store"
    assert "etag" not in response.headers


async def test_an_answer_with_an_error_or_for_a_token_is_not_kept(router: Testbed) -> None:
    failed = await get(router, by_id(FAILING))
    assert failed.json()["errors"]
    signed_in = await get(router, by_id(PRESETS), authorization=f"Bearer {token()}")
    assert signed_in.json()["data"]["presets"]
    for response in (failed, signed_in):
        assert response.headers["cache-control"] == "no-store"
        assert "etag" not in response.headers


async def test_an_answer_without_known_versions_is_not_kept(router: Testbed, redis: "Redis") -> None:
    await redis.delete(VERSIONS)
    response = await get(router, by_id(PRESETS))
    assert (response.status_code, response.headers["cache-control"]) == (200, "no-store")


async def test_only_listed_origins_read_answers_to_get(router: Testbed) -> None:
    listed = await get(router, by_id(PRESETS), origin=ORIGIN)
    assert listed.headers["access-control-allow-origin"] == ORIGIN
    assert "origin" in listed.headers["vary"].lower()
    other = await get(router, by_id(PRESETS), origin="https://elsewhere.example")
    assert "access-control-allow-origin" not in other.headers
    assert "origin" in other.headers["vary"].lower()

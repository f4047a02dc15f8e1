"""Requests that the router refuses, each with a status and a coded error in JSON; and the graphql-http audits."""

import gzip
import json
from typing import Any

import httpx
import pytest

from tests.router.servers import Testbed, run_script
from tests.support.http import http_client

JSON = {"content-type": "application/json"}
ACCEPT_JSON = {"accept": "application/json"}
ACCEPT_GRAPHQL = {"accept": "application/graphql-response+json"}
ADVANCE = 'mutation { orderStatusAdvance(orderId: "hostile") }'


async def send(testbed: Testbed, method: str = "POST", **request: Any) -> tuple[int, list[str]]:
    """The status and the codes of the errors of one request."""
    async with http_client() as client:
        response = await client.request(method, testbed.url, **request)
    assert response.headers["content-type"].startswith("application/json")
    return response.status_code, [error["extensions"]["code"] for error in response.json()["errors"]]


@pytest.mark.parametrize(
    "body",
    [b"", b"null", b"42", b'"text"', b"[]", b'[{"query":"{me{id}}"}]', b'{"query":', b'{"query":"\xff"}', b"\x1f\x8b"],
)
async def test_a_body_that_is_not_one_json_object_is_refused(testbed: Testbed, body: bytes) -> None:
    assert await send(testbed, content=body, headers=JSON) == (400, ["BAD_REQUEST"])


@pytest.mark.parametrize(
    "body",
    [
        {"query": 42},
        {"query": "{ me { id } }", "variables": [1]},
        {"query": "{ me { id } }", "variables": "x"},
        {"query": "{ me { id } }", "extensions": 1},
        {"query": "{ me { id } }", "operationName": {}},
        {"query": {"toString": 1}},
    ],
)
async def test_a_member_of_the_wrong_type_is_refused(testbed: Testbed, body: dict[str, Any]) -> None:
    assert await send(testbed, json=body) == (400, ["BAD_REQUEST"])


@pytest.mark.parametrize("body", [{}, {"query": None}, {"query": ""}, {"variables": {}}])
async def test_a_body_without_a_query_is_refused(testbed: Testbed, body: dict[str, Any]) -> None:
    for accept in (ACCEPT_JSON, ACCEPT_GRAPHQL):
        async with http_client() as client:
            response = await client.post(testbed.url, json=body, headers=accept)
        assert (response.status_code, response.json()["errors"][0]["extensions"]) == (400, {"code": "BAD_REQUEST"})
        assert "allow" not in response.headers


async def test_unknown_members_of_a_body_are_ignored(testbed: Testbed) -> None:
    body = {"query": "{ me { id } }", "onError": "NULL", "id": 1, "__proto__": {"query": 1}, "variables": None}
    async with http_client() as client:
        response = await client.post(testbed.url, json=body)
    assert (response.status_code, response.json()["data"]) == (200, {"me": {"id": "u1"}})


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        ("*/*", "application/json"),
        ("application/*", "application/json"),
        ("application/json", "application/json"),
        ("application/graphql-response+json", "application/graphql-response+json"),
        ("application/graphql-response+json, application/json", "application/graphql-response+json"),
        ("application/json, application/graphql-response+json", "application/json"),
        ("application/json;q=0.5, application/graphql-response+json;q=0.9", "application/graphql-response+json"),
        ("application/json, application/graphql-response+json;q=0", "application/json"),
        ("*/*, application/json;q=0", "application/graphql-response+json"),
        ("text/event-stream, application/json", "application/json"),
        ("text/event-stream, application/json;q=0.1", "text/event-stream"),
        ("application/json, text/event-stream;q=0", "application/json"),
        ("text/event-stream", "text/event-stream"),
        ("multipart/mixed;deferSpec=20220824, application/json", "application/json"),
        ('multipart/mixed;subscriptionSpec="1.0", application/json;q=0', "multipart/mixed"),
    ],
)
async def test_the_format_is_the_one_that_the_client_prefers(testbed: Testbed, accept: str, content_type: str) -> None:
    response = await testbed.post("{ me { id } }", headers={"accept": accept})
    assert response.status_code == httpx.codes.OK
    assert response.headers["content-type"].split(";")[0] == content_type
    assert '{"me":{"id":"u1"}}' in response.text


@pytest.mark.parametrize("accept", ["text/html", "application/json;q=0", "multipart/mixed", "*/*;q=0"])
async def test_nothing_runs_for_a_client_that_would_not_accept_the_answer(testbed: Testbed, accept: str) -> None:
    query = f'mutation {{ orderStatusAdvance(orderId: "unacceptable {accept}") }}'
    assert await send(testbed, json={"query": query}, headers={"accept": accept}) == (406, ["NOT_ACCEPTABLE"])
    assert await testbed.execute(query) == {"data": {"orderStatusAdvance": 1}}


@pytest.mark.parametrize("encoding", ["gzip", "br", "deflate, gzip"])
async def test_a_compressed_body_is_an_unsupported_media_type(testbed: Testbed, encoding: str) -> None:
    content = gzip.compress(json.dumps({"query": "{ me { id } }"}).encode())
    headers = {**JSON, "content-encoding": encoding}
    assert await send(testbed, content=content, headers=headers) == (415, ["BAD_REQUEST"])
    plain = await testbed.post("{ me { id } }", headers={"content-encoding": "identity"})
    assert plain.status_code == httpx.codes.OK


async def test_a_body_of_two_megabytes_is_refused(testbed: Testbed) -> None:
    body = json.dumps({"query": ADVANCE, "variables": {"padding": "x" * 2_000_000}}).encode()
    assert await send(testbed, content=body, headers=JSON) == (413, ["REQUEST_TOO_LARGE"])

    async def in_pieces() -> Any:
        for start in range(0, len(body), 65_536):
            yield body[start : start + 65_536]

    assert await send(testbed, content=in_pieces(), headers=JSON) == (413, ["REQUEST_TOO_LARGE"])
    moved = await testbed.execute('mutation { orderStatusAdvance(orderId: "hostile") }')
    assert moved == {"data": {"orderStatusAdvance": 1}}


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
async def test_what_a_foreign_page_could_send_is_refused(testbed: Testbed, kind: str) -> None:
    content = json.dumps({"query": "{ me { id } }"}).encode()
    assert await send(testbed, content=content, headers={"content-type": kind}) == (415, ["BAD_REQUEST"])


async def test_a_mutation_by_get_is_refused(testbed: Testbed) -> None:
    query = 'mutation { orderStatusAdvance(orderId: "by-get") }'
    accept = {"accept": "application/json"}
    assert await send(testbed, "GET", params={"query": query}, headers=accept) == (405, ["BAD_REQUEST"])
    assert await testbed.execute(query) == {"data": {"orderStatusAdvance": 1}}


async def test_a_query_by_get_is_refused(testbed: Testbed) -> None:
    request = {"query": "{ me { id } }"}
    assert await send(testbed, "GET", params=request) == (405, ["BAD_REQUEST"])
    assert await send(testbed, "GET") == (405, ["BAD_REQUEST"])


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
async def test_other_methods_are_refused(testbed: Testbed, method: str) -> None:
    assert await send(testbed, method, headers=JSON) == (405, ["BAD_REQUEST"])


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{ me {", "GRAPHQL_PARSE_FAILED"),
        ("{ me { id } } \x00", "GRAPHQL_PARSE_FAILED"),
        ("{ nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ("query ($id: ID!) { order(id: $id) { id } }", "BAD_USER_INPUT"),
        ("query A { me { id } } query B { me { id } }", "OPERATION_RESOLUTION_FAILURE"),
    ],
    ids=["syntax", "control", "unknown", "variable", "ambiguous"],
)
async def test_an_operation_that_does_not_run_has_a_standard_code_and_one_status(
    testbed: Testbed, query: str, code: str
) -> None:
    for accept, status in (({}, 200), (ACCEPT_JSON, 200), (ACCEPT_GRAPHQL, 400)):
        for _ in range(2):
            response = await testbed.post(query, headers=accept)
            assert (response.status_code, "data" in response.json()) == (status, False)
            assert response.headers["content-type"].split(";")[0] == accept.get("accept", "application/json")
            assert [error["extensions"] for error in response.json()["errors"]] == [{"code": code}]


async def test_a_wrong_operation_name_has_the_status_of_other_errors(testbed: Testbed) -> None:
    body = {"query": "query A { me { id } } query B { me { id } }", "operationName": "C"}
    for accept, status in ((ACCEPT_JSON, 200), (ACCEPT_GRAPHQL, 400)):
        async with http_client() as client:
            response = await client.post(testbed.url, json=body, headers=accept)
        assert (response.status_code, "data" in response.json()) == (status, False)


async def test_an_answer_with_data_is_ok_whatever_its_errors(testbed: Testbed) -> None:
    for accept in (ACCEPT_JSON, ACCEPT_GRAPHQL):
        response = await testbed.post("{ forbidden }", headers=accept)
        assert (response.status_code, response.json()["data"]) == (200, {"forbidden": None})


async def test_a_refusal_for_another_reason_keeps_its_status(testbed: Testbed) -> None:
    for accept in (ACCEPT_JSON, ACCEPT_GRAPHQL):
        response = await testbed.post("{ me { id } }", headers={**accept, "authorization": "Bearer nothing"})
        assert (response.status_code, response.headers["www-authenticate"]) == (401, "Bearer")


@pytest.mark.parametrize(("path", "status"), [("healthz", 200), ("ready", 200), ("readiness", 200), ("other", 404)])
async def test_health_is_answered(testbed: Testbed, path: str, status: int) -> None:
    async with http_client() as client:
        response = await client.get(f"http://127.0.0.1:{testbed.port}/{path}")
    assert response.status_code == status


async def test_no_page_of_another_origin_may_use_credentials(testbed: Testbed) -> None:
    response = await testbed.post("{ me { id } }", headers={"origin": "https://elsewhere.example"})
    assert "access-control-allow-credentials" not in response.headers


def test_the_graphql_http_audits_find_no_violation(testbed: Testbed) -> None:
    done = run_script("http-compliance.mjs", testbed.url)
    assert (json.loads(done.stdout), done.returncode) == ([], 0)

"""Hosts of subgraphs: in development a page of a rebound name reads nothing, and production has no such check."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from petplus import registry
from shared.core.settings import Settings
from shared.subgraph import create_app
from tests.support.apps import listen, signed
from tests.support.waiting import TEST_TIMEOUT

FOREIGN = ["rebound.example", "rebound.example:4005", "127.0.0.1.rebound.example", "localhost.example.", "[::1", "a b"]
LOCAL = ["127.0.0.1:{port}", "localhost", "LOCALHOST.:1", "[::1]:{port}", "192.0.2.7", "analytics:4005", "x.localhost"]
DOORS = [("POST", "/graphql"), ("GET", "/graphql"), ("POST", "/collect"), ("GET", "/metrics"), ("GET", "/exports/x")]
QUERY = b'{"query":"{ __typename }"}'


@pytest_asyncio.fixture(scope="module")
async def url(settings: Settings) -> AsyncIterator[str]:
    """The address of a subgraph in development that also has a public host."""
    own = settings.model_copy(update={"public_origins": "https://tunnel.example"})
    async with listen(create_app(registry.load("analytics"), own, messaging=False)) as found:
        yield found


async def asked(url: str, method: str, path: str, *lines: tuple[str, str], body: bytes = b"") -> tuple[int, Any]:
    """Send a request with the given header lines alone. Returns its status and its body."""
    host, _, port = url.removeprefix("http://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    head = "".join(f"{name}: {value.format(port=port)}\r\n" for name, value in lines)
    writer.write(f"{method} {path} HTTP/1.1\r\n{head}Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode())
    writer.write(body)
    answer = await asyncio.wait_for(reader.read(), TEST_TIMEOUT)
    writer.close()
    return int(answer.split(b" ", 2)[1]), answer.partition(b"\r\n\r\n")[2]


@pytest.mark.parametrize("host", FOREIGN)
@pytest.mark.parametrize(("method", "path"), DOORS)
async def test_no_door_answers_a_page_of_a_rebound_name(url: str, method: str, path: str, host: str) -> None:
    status, body = await asked(url, method, path, ("Host", host), ("Content-Type", "application/json"), body=QUERY)
    assert (status, json.loads(body)["errors"][0]["extensions"]) == (421, {"code": "MISDIRECTED_REQUEST"})


@pytest.mark.parametrize("host", [*LOCAL, "tunnel.example", "Tunnel.Example.:443"])
async def test_addresses_local_names_and_listed_hosts_are_answered(url: str, host: str) -> None:
    status, body = await asked(
        url, "POST", "/graphql", ("Host", host), ("Content-Type", "application/json"), body=QUERY
    )
    assert (status, json.loads(body)) == (200, {"data": {"__typename": "Query"}})


async def test_two_hosts_are_refused(url: str) -> None:
    status, _ = await asked(url, "GET", "/metrics", ("Host", "localhost"), ("Host", "rebound.example"))
    assert status in {400, 421}


async def test_the_router_may_call_a_subgraph_by_any_name(url: str, settings: Settings) -> None:
    headers = signed(settings, QUERY, to="analytics").items()
    status, body = await asked(url, "POST", "/graphql", ("Host", "analytics.svc.example"), *headers, body=QUERY)
    assert (status, json.loads(body)) == (200, {"data": {"__typename": "Query"}})
    forged = [(name, "0" * 64 if name == "x-petplus-signature" else value) for name, value in headers]
    status, body = await asked(url, "POST", "/graphql", ("Host", "analytics.svc.example"), *forged, body=QUERY)
    assert (status, json.loads(body)["errors"][0]["extensions"]["code"]) == (401, "REQUEST_NOT_SIGNED")


async def test_production_answers_open_doors_at_any_name_of_the_cluster(settings: Settings) -> None:
    secrets = {"env": "production", "secret_key": settings.secret_key}
    app = create_app(registry.load("analytics"), settings.model_copy(update=secrets), messaging=False)
    async with listen(app) as url:
        assert (await asked(url, "GET", "/healthz", ("Host", "analytics.svc.example")))[0] == 200
        status, _ = await asked(url, "POST", "/graphql", ("Host", "rebound.example"), body=QUERY)
        assert status == 401

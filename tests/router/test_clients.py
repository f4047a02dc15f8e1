"""Client libraries as applications have them: each queries, changes, subscribes, and reads the code of an error."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from gql import Client, GraphQLRequest
from gql.transport.exceptions import TransportQueryError
from gql.transport.httpx import HTTPXAsyncTransport
from gql.transport.websockets import WebsocketsTransport

from petplus.local.node import ROUTER, find_node
from tests.router.servers import ADVANCE, FOLLOW, Testbed
from tests.support.waiting import soon

CLIENTS = ["apollo", "graphql-sse", "graphql-ws", "relay", "urql", "urql-persisted"]
NAME = "Person u1 ñ🐾"


@pytest.mark.parametrize("name", CLIENTS)
async def test_a_client_of_javascript_works_as_it_comes(testbed: Testbed, name: str) -> None:
    script = Path(__file__).with_name("clients") / "run.mjs"
    process = await asyncio.create_subprocess_exec(
        find_node().binary,
        script,
        name,
        testbed.url,
        cwd=ROUTER,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        out, err = await soon(process.communicate())
    finally:
        if process.returncode is None:
            process.kill()
    assert process.returncode == 0, err.decode()
    assert json.loads(out) == {"query": NAME, "error": "GRAPHQL_VALIDATION_FAILED", "events": [1, 2]}
    await testbed.until_watched_by(0)


@pytest.mark.parametrize("transport", [HTTPXAsyncTransport, WebsocketsTransport])
async def test_gql_works_as_it_comes(testbed: Testbed, transport: Any) -> None:
    url = testbed.url.replace("http", "ws") if transport is WebsocketsTransport else testbed.url
    async with Client(transport=transport(url=url)) as session:
        assert await session.execute(GraphQLRequest("{ me { name } }")) == {"me": {"name": NAME}}
        with pytest.raises(TransportQueryError) as failed:
            await session.execute(GraphQLRequest("{ nothing }"))
        assert failed.value.errors is not None
        assert failed.value.errors[0]["extensions"] == {"code": "GRAPHQL_VALIDATION_FAILED"}
        if transport is WebsocketsTransport:
            follow = GraphQLRequest(FOLLOW, variable_values={"order": "gql"})
            changes = session.subscribe(follow)
            for version in (1, 2):
                await session.execute(GraphQLRequest(ADVANCE, variable_values={"order": "gql"}))
                assert (await soon(anext(changes)))["orderStatusChanged"]["version"] == version
            await changes.aclose()
    await testbed.until_watched_by(0)

"""A subgraph that is down costs its own fields and no others, and the error says which service, and nothing more."""

import asyncio
import contextlib
import json
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from petplus import registry
from petplus.generated import composition as compose
from petplus.local.node import ROUTER
from petplus.local.services import http_ready
from shared.core.settings import Settings
from tests.supergraph.test_journeys import MAIN
from tests.support.http import http_client
from tests.support.shop import Shop, free_ports
from tests.support.waiting import eventually

pytestmark = [pytest.mark.usefixtures("_urls"), pytest.mark.parametrize("running", ["a process each"], indirect=True)]

LEAKS = (
    "127.0.0.1",
    "localhost",
    "http",
    "ECONN",
    "connect",
    "stack",
    "node_modules",
    "graphql-tools",
    "fetch",
    "/work",
)
# What of the main query a subgraph answers; `*` is every position of a list. Others answer nothing.
LOST = {
    "user": ["me"],
    "builder": [
        "me.designs",
        "me.orders.edges.*.node.lines.*.design.name",
        "me.orders.edges.*.node.lines.*.design.owner",
    ],
    "order": ["me.orders"],
    "analytics": ["me.designs.edges.*.node.stats"],
}


@dataclass
class Door:
    """Stands before a subgraph, and can be shut: nobody listens then, and who was inside is thrown out."""

    target: int
    port: int
    server: asyncio.Server | None = None

    def __post_init__(self) -> None:
        self._writers: set[asyncio.StreamWriter] = set()

    async def open(self) -> None:
        self.server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)

    async def shut(self) -> None:
        assert self.server is not None
        self.server.close()
        for writer in self._writers:
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", self.target)
        self._writers |= {writer, inner_writer}
        with contextlib.suppress(OSError, asyncio.CancelledError):  # the loop ends
            await asyncio.gather(_copy(reader, inner_writer), _copy(inner_reader, writer))
        self._writers -= {writer, inner_writer}


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    finally:
        writer.close()


@asynccontextmanager
async def second_router(running: Shop) -> AsyncIterator[tuple[str, dict[str, Door]]]:
    """Run another router, with a door before each subgraph."""
    base, settings = free_ports(), Settings(port=running.port)
    doors = {name: Door(registry.load(name).port(settings), base + 1 + at) for at, name in enumerate(registry.NAMES)}
    for door in doors.values():
        await door.open()
    urls = {f"PETPLUS_{name.upper()}_URL": f"http://127.0.0.1:{door.port}/graphql" for name, door in doors.items()}
    env = compose.gateway_environment(Settings(port=base), os.environ | urls)
    command = compose.gateway_command()
    process = await asyncio.create_subprocess_exec(*command, env=env, cwd=ROUTER, stderr=asyncio.subprocess.DEVNULL)
    try:
        await _until_ready(f"http://127.0.0.1:{base}/healthz")
        yield f"http://127.0.0.1:{base}/graphql", doors
    finally:
        process.terminate()
        await process.wait()
        for door in doors.values():
            await door.shut()


async def _until_ready(url: str) -> None:
    await eventually(http_ready(url), pause=0.05)


async def test_a_stopped_subgraph_costs_only_its_own_fields(running: Shop) -> None:
    token = await running.log_in("customer")
    whole = (await running.execute(MAIN, token)).data
    headers = {"authorization": f"Bearer {token}"}
    async with second_router(running) as (url, doors), http_client() as client:

        async def is_whole() -> bool:
            # The router has fetched the keys of tokens, without which nobody is known while user is away.
            answer = (await client.post(url, json={"query": MAIN}, headers=headers)).json()
            return bool(answer.get("data") == whole)

        await eventually(is_whole, pause=0.1)
        for name, door in doors.items():
            await door.shut()
            body = (await client.post(url, json={"query": MAIN}, headers=headers)).json()
            errors = body.get("errors", [])
            assert all(error["extensions"] == {"code": "SUBGRAPH_UNAVAILABLE", "service": name} for error in errors), (
                errors
            )
            lost = [path for pattern in LOST.get(name, []) for path in positions(whole, pattern.split("."))]
            assert sorted(str(error["path"]) for error in errors) == sorted(map(str, lost))
            said = json.dumps(errors)
            assert [word for word in LEAKS if word in said] == []
            assert without_lost(body["data"], whole) == body["data"]
            await door.open()
            again = (await client.post(url, json={"query": MAIN}, headers=headers)).json()
            assert (again.get("errors"), again["data"]) == (None, whole)


def positions(whole: Any, pattern: list[str]) -> Iterator[list[str | int]]:
    """Yield the path of each place of an answer that a pattern names."""
    if not pattern:
        yield []
    elif isinstance(whole, list):
        for at, part in enumerate(whole):
            yield from ([at, *rest] for rest in positions(part, pattern[1:]))
    elif whole is not None:
        yield from ([pattern[0], *rest] for rest in positions(whole[pattern[0]], pattern[1:]))


def without_lost(answered: Any, whole: Any) -> Any:
    """Return the whole answer with null wherever the partial one has it."""
    if answered is None or whole is None:
        return answered if answered is None else whole
    if isinstance(whole, dict):
        return {key: without_lost(answered[key], value) for key, value in whole.items()}
    if isinstance(whole, list):
        return [without_lost(part, value) for part, value in zip(answered, whole, strict=True)]
    return whole

"""Reads subscriptions as the router does: POST with `accept: text/event-stream`."""

import asyncio
import json
import socket
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
from fastapi import FastAPI
from sqlalchemy import event

from shared.runtime import Runtime
from subgraphs.order.service.status_feed import StatusFeed
from tests.support.http import http_client
from tests.support.waiting import in_time

FOLLOW = """
subscription ($id: ID!, $after: Int) {
  orderStatusChanged(orderId: $id, afterVersion: $after) { version status reason order { number status version } }
}
"""


@dataclass
class Stream:
    """The events of one subscription, read one by one."""

    lines: AsyncIterator[str]

    async def event(self) -> tuple[str, Any]:
        """Return the kind and the payload of the next event."""
        kind, payload = "", None
        async with in_time():
            async for line in self.lines:
                if line.startswith("event: "):
                    kind = line.removeprefix("event: ")
                elif line.startswith("data: "):
                    payload = json.loads(line.removeprefix("data: ") or "null")
                elif not line and kind:
                    return kind, payload
        raise EOFError

    async def change(self) -> dict[str, Any]:
        """Return the next change, which must not be an error."""
        kind, payload = await self.event()
        assert (kind, payload.get("errors")) == ("next", None)
        change: dict[str, Any] = payload["data"]["orderStatusChanged"]
        return change

    async def versions(self, count: int) -> list[int]:
        """Return the versions of the next changes."""
        return [(await self.change())["version"] for _ in range(count)]

    async def failure(self) -> str:
        """Return the code of the error that ends the stream."""
        kind, payload = await self.event()
        assert kind == "next"
        [error] = payload["errors"]
        assert await self.event() == ("complete", None)
        return str(error["extensions"]["code"])


@dataclass
class Streams:
    """Opens subscriptions on one served subgraph."""

    client: httpx.AsyncClient
    app: FastAPI

    @classmethod
    @asynccontextmanager
    async def open(cls, url: str, app: FastAPI) -> AsyncIterator["Streams"]:
        async with http_client(base_url=url) as client:
            yield cls(client, app)

    @property
    def feed(self) -> StatusFeed:
        runtime: Runtime = self.app.state.runtime
        return runtime.resource(StatusFeed)

    @contextmanager
    def statements(self) -> Iterator[list[str]]:
        """Collect all SQL that this replica sends within the block, whoever causes it."""
        sent: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
            sent.append(statement)

        runtime: Runtime = self.app.state.runtime
        engine = runtime.database.engine.sync_engine
        event.listen(engine, "before_cursor_execute", note)
        try:
            yield sent
        finally:
            event.remove(engine, "before_cursor_execute", note)

    @asynccontextmanager
    async def follow(
        self, order_id: str, token: str | None, after: int | None = None, query: str = FOLLOW, **variables: Any
    ) -> AsyncIterator[Stream]:
        headers = {"accept": "text/event-stream", **({"authorization": f"Bearer {token}"} if token else {})}
        body = {"query": query, "variables": {"id": order_id, "after": after, **variables}}
        async with self.client.stream("POST", "/graphql", json=body, headers=headers) as response:
            assert response.status_code == httpx.codes.OK
            assert response.headers["content-type"].startswith("text/event-stream")
            yield Stream(response.aiter_lines())

    @asynccontextmanager
    async def unread(self, order_id: str, token: str, query: str) -> AsyncIterator[socket.socket]:
        """Follow an order over a socket that takes little, of which nothing but the answer's beginning was read."""
        loop = asyncio.get_running_loop()
        with socket.socket() as narrow:
            narrow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            narrow.setblocking(False)
            await loop.sock_connect(narrow, ("127.0.0.1", self.client.base_url.port))
            await loop.sock_sendall(narrow, request(token, query, id=order_id))
            await loop.sock_recv(narrow, 10)
            yield narrow

    async def until_unwatched(self, order_id: str) -> None:
        """Wait until nobody watches an order any more."""
        async with in_time():
            while True:
                if order_id not in self.feed.watched:
                    return
                await asyncio.sleep(0.01)


def request(token: str, query: str, **variables: Any) -> bytes:
    """Return a subscription's request as it goes over the wire."""
    body = json.dumps({"query": query, "variables": variables}).encode()
    head = (
        f"POST /graphql HTTP/1.1\r\nhost: subgraph\r\nauthorization: Bearer {token}\r\n"
        f"content-type: application/json\r\naccept: text/event-stream\r\ncontent-length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def versions_of(port: int, order_id: str, token: str, after: int | None = None) -> AsyncGenerator[int, None]:
    """Subscribe over a bare socket, which costs a crowd little; yields the version of each change until the end."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request(token, FOLLOW, id=order_id, after=after))
    try:
        while line := await reader.readline():
            if line.startswith(b"data: {"):
                yield json.loads(line.removeprefix(b"data: "))["data"]["orderStatusChanged"]["version"]
            elif line.startswith(b"event: complete"):
                return
    finally:
        writer.close()

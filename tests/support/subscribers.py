"""A crowd of clients that follow one order through the router, over server-sent events or WebSocket."""

import asyncio
import json
from collections.abc import AsyncGenerator, Callable
from typing import Any, TypeAlias
from urllib.parse import urlsplit

from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

Results: TypeAlias = AsyncGenerator[Any, None]
Follow: TypeAlias = Callable[[str, str, str], Results]

FOLLOW = """
subscription ($id: ID!) {
  orderStatusChanged(orderId: $id) {
    version status order { number customer { name } lines { design { name } } }
  }
}
"""


async def follow_sse(url: str, token: str, order_id: str) -> Results:
    """Yield each result of a subscription over a bare socket, which costs the clients' process little."""
    body = json.dumps({"query": FOLLOW, "variables": {"id": order_id}}).encode()
    address = urlsplit(url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    head = (
        f"POST {address.path} HTTP/1.1\r\nhost: {address.netloc}\r\nauthorization: Bearer {token}\r\n"
        "content-type: application/json\r\naccept: text/event-stream\r\n"
        f"content-length: {len(body)}\r\n\r\n"
    )
    writer.write(head.encode() + body)
    try:
        status = await reader.readline()
        assert status.startswith(b"HTTP/1.1 200 "), status
        while line := await reader.readline():
            if line.startswith(b"data: {"):
                yield json.loads(line.removeprefix(b"data: "))
            elif line.startswith(b"event: complete"):
                return
    finally:
        writer.close()


async def follow_websocket(url: str, token: str, order_id: str) -> Results:
    """Yield each result of a subscription in the protocol graphql-transport-ws."""
    protocol = [Subprotocol("graphql-transport-ws")]
    async with connect(
        url.replace("http:", "ws:"), subprotocols=protocol, compression=None, open_timeout=None, ping_interval=None
    ) as socket:
        await socket.send(json.dumps({"type": "connection_init", "payload": {"authorization": f"Bearer {token}"}}))
        assert json.loads(await socket.recv())["type"] == "connection_ack"
        payload = {"query": FOLLOW, "variables": {"id": order_id}}
        await socket.send(json.dumps({"id": "1", "type": "subscribe", "payload": payload}))
        async for text in socket:
            message = json.loads(text)
            if message["type"] == "next":
                yield message["payload"]
            elif message["type"] == "ping":
                await socket.send(json.dumps({"type": "pong"}))
            else:
                assert message["type"] == "complete", message
                return


TRANSPORTS: dict[str, Follow] = {"sse": follow_sse, "websocket": follow_websocket}


async def next_changes(crowd: list[Results]) -> list[dict[str, Any]]:
    """Wait until each of the crowd has its next change; fails on any error among the results."""
    results = await asyncio.gather(*[anext(each) for each in crowd])
    failed = [result for result in results if "errors" in result]
    assert not failed, f"{len(failed)} of {len(crowd)} failed, such as {failed[0]}"
    return [result["data"]["orderStatusChanged"] for result in results]

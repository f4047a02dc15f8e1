"""Connections that make a router hold as much memory as they may: one address opens many, and keeps each open.

Each kind opens one connection and holds it until the router closes it; `hold` opens another in its place.
"""

import asyncio
import base64
import json
import os
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeAlias

from tests.support.attacks.documents import ATTACKER

KILOBYTE = 1_024
LARGEST_MESSAGE = 1_024 * KILOBYTE
LARGEST_INIT = 8 * KILOBYTE
LARGEST_HEAD = 15 * KILOBYTE
LARGEST_EXTENSIONS = 4_000
"""Characters, of which the router takes 4,096."""
LARGEST_SUBSCRIPTION = 64_000
"""Characters of its text and its variables, of which the router takes 65,536."""
OPERATIONS = 20
PIPELINED = 20
PAUSE_SECONDS = 1.0
LARGE_ANSWER = "{ " + " ".join(f"p{n}: presets(first: 100) {{ nodes {{ previewUrl name }} }}" for n in range(19)) + " }"
FEED = "subscription ($f: OrderFeedFilter) { orderFeed(filter: $f) { cursor } }"


@dataclass
class Target:
    """The router's port, tokens of the attacker's accounts, and what has become of the connections."""

    port: int
    tokens: list[str]
    seen: Counter[str] = field(default_factory=Counter)
    all_tried: asyncio.Event = field(default_factory=asyncio.Event)
    """Set once each connection was tried."""

    @property
    def token(self) -> str:
        return random.choice(self.tokens)


Kind: TypeAlias = Callable[[Target, asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def frame(text: bytes, *, declared: int | None = None) -> bytes:
    """Return a masked text frame; one that declares more than it holds is never complete."""
    length = len(text) if declared is None else declared
    if length < 126:
        size = bytes([0x80 | length])
    elif length < 65_536:
        size = bytes([0x80 | 126]) + length.to_bytes(2, "big")
    else:
        size = bytes([0x80 | 127]) + length.to_bytes(8, "big")
    return b"\x81" + size + bytes(4) + text  # a mask of zeros changes nothing


def message(**members: object) -> bytes:
    return frame(json.dumps(members).encode())


def posted(
    body: bytes, *, accept: str = "application/json", token: str | None = None, length: int | None = None
) -> bytes:
    """Return a POST request; one that declares more than it holds is never complete."""
    lines = [
        "POST /graphql HTTP/1.1",
        "host: localhost",
        "content-type: application/json",
        f"accept: {accept}",
        f"content-length: {len(body) if length is None else length}",
        *([f"authorization: Bearer {token}"] if token else []),
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


async def _upgrade(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, padding: int = 0) -> None:
    lines = [
        "GET /graphql HTTP/1.1",
        "host: localhost",
        "connection: Upgrade",
        "upgrade: websocket",
        "sec-websocket-version: 13",
        f"sec-websocket-key: {base64.b64encode(os.urandom(16)).decode()}",
        "sec-websocket-protocol: graphql-transport-ws",
        *([f"x-padding: {'p' * padding}"] if padding else []),
    ]
    writer.write("\r\n".join(lines).encode() + b"\r\n\r\n")
    head = await reader.readuntil(b"\r\n\r\n")
    if b" 101 " not in head.partition(b"\r\n")[0]:
        raise ConnectionError(head.partition(b"\r\n")[0].decode())


async def _greet(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, token: str | None = None, *, padding: int = 0
) -> None:
    payload = {"authorization": f"Bearer {token}"} if token else {}
    init = {"type": "connection_init", "payload": payload | {"traceparent": ""}}
    filled = payload | {"traceparent": "t" * max(0, padding - len(json.dumps(init)))}
    writer.write(message(type="connection_init", payload=filled))
    await reader.readexactly(2)  # the beginning of the acknowledgement


async def _until_closed(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Read what comes and answer pings, until the other side closes."""
    while data := await reader.read(65_536):
        if b"\x89" in data:
            writer.write(b"\x8a\x80" + bytes(4))


async def _unread(writer: asyncio.StreamWriter) -> None:
    """Read nothing until the other side closes."""
    while not writer.transport.is_closing():
        await asyncio.sleep(PAUSE_SECONDS)
        writer.write(b"")


async def largest_init(target: Target, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await _upgrade(reader, writer, padding=LARGEST_HEAD)
    await _greet(reader, writer, padding=LARGEST_INIT)
    await _until_closed(reader, writer)


async def largest_subscriptions(target: Target, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Subscribe with all that may be kept, and with what nobody asked for beside it."""
    await _upgrade(reader, writer)
    await _greet(reader, writer, target.token)
    for number in range(OPERATIONS):
        payload = _subscription() | {"unknown": "u" * (LARGEST_MESSAGE - 200 * KILOBYTE)}
        writer.write(message(id=f"{number}{'i' * 100 * KILOBYTE}", type="subscribe", payload=payload))
        await writer.drain()
    await _until_closed(reader, writer)


def _subscription() -> dict[str, object]:
    query = f"{FEED} #{os.urandom(4).hex()}"
    large = "x" * (LARGEST_SUBSCRIPTION - len(query) - 100)
    return {"query": query, "variables": {"f": {"customerId": large}}, "extensions": {"e": "e" * LARGEST_EXTENSIONS}}


async def largest_event_streams(target: Target, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    body = _subscription() | {"unknown": "u" * (LARGEST_MESSAGE - 200 * KILOBYTE)}
    writer.write(posted(json.dumps(body).encode(), accept="text/event-stream", token=target.token))
    await _until_closed(reader, writer)


async def unread_answers(target: Target, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Ask for large answers as fast as they are made, and read nothing."""
    request = posted(json.dumps({"query": LARGE_ANSWER}).encode(), token=target.token)
    reading = asyncio.create_task(_unread(writer))
    while not reading.done():
        writer.write(request)
        await writer.drain()
        await asyncio.sleep(PAUSE_SECONDS)


async def pipelined_behind_a_stream(target: Target, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Follow a stream, and ask on the same connection for answers that have to wait until it is over."""
    stream = posted(json.dumps({"query": FEED}).encode(), accept="text/event-stream", token=target.token)
    large = posted(json.dumps({"query": LARGE_ANSWER}).encode(), token=target.token)
    writer.write(stream + large * (PIPELINED - 1))
    await _until_closed(reader, writer)


async def unread_pongs(target: Target, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Have large pings answered, and read nothing."""
    await _upgrade(reader, writer)
    await _greet(reader, writer)
    ping = message(type="ping", payload={"x": "x" * (LARGEST_MESSAGE - KILOBYTE)})
    while not writer.transport.is_closing():
        writer.write(ping)
        await writer.drain()
        await asyncio.sleep(0)


async def unfinished_messages(target: Target, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Send all of a message but its end."""
    await _upgrade(reader, writer)
    await _greet(reader, writer)
    writer.write(frame(b"x" * (LARGEST_MESSAGE - KILOBYTE), declared=LARGEST_MESSAGE - 1))
    await _until_closed(reader, writer)


async def unfinished_bodies(target: Target, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Send all of a body but its end."""
    writer.write(posted(b" " * (LARGEST_MESSAGE - KILOBYTE), length=LARGEST_MESSAGE))
    await _until_closed(reader, writer)


async def large_requests(target: Target, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Send the largest bodies that are allowed, as many at once as there are connections."""
    query = "query ($x: String) { presets(first: 1) { nodes { name } } product(id: $x) { id } }"
    body = {"query": query, "variables": {"x": "ü" * (400 * KILOBYTE)}}
    writer.write(posted(json.dumps(body, ensure_ascii=False).encode()))
    await _until_closed(reader, writer)


KINDS: dict[str, Kind] = {
    "largest init and headers": largest_init,
    "largest subscriptions": largest_subscriptions,
    "largest event streams": largest_event_streams,
    "unread answers": unread_answers,
    "pipelined behind a stream": pipelined_behind_a_stream,
    "unread pongs": unread_pongs,
    "unfinished messages": unfinished_messages,
    "unfinished bodies": unfinished_bodies,
    "large requests": large_requests,
}


async def _one(kind: Kind, target: Target) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", target.port, local_addr=(ATTACKER, 0))
    try:
        await kind(target, reader, writer)
        target.seen["closed"] += 1
    finally:
        writer.transport.abort()


async def hold(kinds: list[Kind], target: Target, connections: int) -> None:
    """Hold so many connections of some kinds, until cancelled."""

    async def again(kind: Kind) -> None:
        while True:
            target.seen["tried"] += 1
            if target.seen["tried"] >= connections:
                target.all_tried.set()
            try:
                await _one(kind, target)
            except (OSError, EOFError) as error:
                target.seen[type(error).__name__] += 1
            await asyncio.sleep(PAUSE_SECONDS)

    async with asyncio.TaskGroup() as group:
        for number in range(connections):
            group.create_task(again(kinds[number % len(kinds)]))

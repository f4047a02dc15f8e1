"""Hostile requests as an attacker sends them, each over a socket of its own, to the router or to a subgraph."""

import asyncio
import gzip
import json
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TypeAlias

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidMessage
from websockets.typing import Subprotocol

MEGABYTE = 1_000_000
ATTACKER = "127.0.0.1"
HONEST = "127.0.0.2"
"""Where honest clients come from: another address, which has its own allowance of connections and cost."""
TIMEOUT_SECONDS = 45.0

Outcome: TypeAlias = str
Send: TypeAlias = Callable[[int], Awaitable[Outcome]]


@dataclass(frozen=True)
class Attack:
    """One hostile request: its name, how it is sent to a port, and whether one may be sent to a subgraph."""

    name: str
    send: Send
    at_subgraph: bool = True


def is_refused(outcome: Outcome) -> bool:
    """Tell whether an attack met a refusal: a coded 4xx, a coded error with no data, or a connection let go."""
    return outcome.split(" ", 1)[0] in {"400", "405", "408", "413", "415", "429", "200", "closed", "1009", "4400"} and (
        not outcome.startswith("200") or outcome.endswith(REFUSING)
    )


REFUSING = (
    "LIMIT_EXCEEDED",
    "GRAPHQL_PARSE_FAILED",
    "GRAPHQL_VALIDATION_FAILED",
    "OPERATION_RESOLUTION_FAILURE",
    "BAD_USER_INPUT",
    "BAD_REQUEST",
)


def _head(method: str = "POST", kind: str = "application/json", **headers: str) -> bytes:
    given = {"host": "shop", "content-type": kind, "connection": "close"}
    given |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"{method} /graphql HTTP/1.1", *[f"{name}: {value}" for name, value in given.items()]]
    return "\r\n".join(lines).encode() + b"\r\n\r\n"


def _summary(answer: bytes) -> Outcome:
    """Return status and first code of a raw HTTP answer; `closed` where there is none."""
    head, _, body = answer.partition(b"\r\n\r\n")
    if not head:
        return "closed"
    status = head.split(b" ", 2)[1].decode()
    start, end = body.find(b"{"), body.rfind(b"}")
    try:
        said = json.loads(body[start : end + 1])
    except ValueError:
        return status
    errors = said.get("errors")
    if not errors or said.get("data") is not None:
        return f"{status} answered"
    return f"{status} {errors[0]['extensions']['code']}"


async def _exchange(port: int, parts: AsyncIterator[bytes]) -> Outcome:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=(ATTACKER, 0))
    reading = asyncio.create_task(_read(reader))
    try:
        async with asyncio.timeout(TIMEOUT_SECONDS):
            try:
                async for part in parts:
                    if reading.done():
                        break
                    writer.write(part)
                    await writer.drain()
            except ConnectionError:
                pass
            return _summary(await reading)
    finally:
        reading.cancel()
        writer.close()


async def _read(reader: asyncio.StreamReader) -> bytes:
    parts = bytearray()
    try:
        while part := await reader.read(65_536):
            parts += part
    except ConnectionError:
        pass
    return bytes(parts)


async def _whole(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


def _posted(make: Callable[[], object], **headers: str) -> Send:
    """Return what posts a body; each is another text, so that nothing is answered from what is known."""

    async def send(port: int) -> Outcome:
        made = make()
        body = made if isinstance(made, bytes) else json.dumps(made).encode()
        return await _exchange(port, _whole(_head(content_length=str(len(body)), **headers), body))

    return send


def _document(text: str, **more: object) -> Send:
    return _posted(lambda: {"query": f"{text} #{os.urandom(4).hex()}", **more})


def _chunked(megabytes: int) -> Send:
    async def body() -> AsyncIterator[bytes]:
        yield _head(transfer_encoding="chunked")
        chunk = b"x" * 65_536
        yield b'd\r\n{"query": "{ \r\n'
        for _ in range(megabytes * MEGABYTE // len(chunk)):
            yield b"10000\r\n" + chunk + b"\r\n"
        yield b"0\r\n\r\n"

    return lambda port: _exchange(port, body())


async def _slow_body(port: int) -> Outcome:
    async def body() -> AsyncIterator[bytes]:
        yield _head(content_length="1000")
        while True:
            yield b" "
            await asyncio.sleep(1)

    return await _exchange(port, body())


async def _slow_head(port: int) -> Outcome:
    async def head() -> AsyncIterator[bytes]:
        yield b"POST /graphql HTTP/1.1\r\n"
        while True:
            yield b"x-slow: 1\r\n"
            await asyncio.sleep(1)

    return await _exchange(port, head())


def _over_websocket(text: str) -> Send:
    async def send(port: int) -> Outcome:
        url = f"ws://127.0.0.1:{port}/graphql"
        protocol = [Subprotocol("graphql-transport-ws")]
        try:
            async with connect(url, subprotocols=protocol, proxy=None, max_size=None) as socket:
                await socket.send('{"type": "connection_init"}')
                await socket.recv()
                payload = {"query": f"{text} #{os.urandom(4).hex()}"}
                message = json.dumps({"id": "1", "type": "subscribe", "payload": payload})
                await socket.send([message[start : start + 65_536] for start in range(0, len(message), 65_536)])
                message = json.loads(await socket.recv())
        except ConnectionClosed as closed:
            return str(closed.rcvd.code if closed.rcvd else "closed")
        except InvalidMessage:
            # Refused as soon as it was connected: its address has too many connections.
            return "closed"
        errors = message["payload"] if message["type"] == "error" else message["payload"].get("errors")
        return f"200 {errors[0]['extensions']['code']}" if errors else "200 answered"

    return send


def _aliases(count: int) -> str:
    return "{ " + " ".join(f"a{n}: __typename" for n in range(count)) + " }"


def _nested(opening: str, closing: str, depth: int, inner: str) -> str:
    return opening * depth + inner + closing * depth


def _deep(value: object, depth: int) -> object:
    for _ in range(depth):
        value = [value]
    return value


_PAGES = "orders(first: 100) { nodes { customer { "
_CIRCLE = "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }"
_DOUBLING = " ".join(f"fragment F{n} on Query {{ ...F{n + 1} ...F{n + 1} }}" for n in range(40)) + (
    " fragment F40 on Query { __typename }"
)
_INTROSPECTION = _nested("fields { type { ", "} }", 60, "name")
_SCHEMAS = " ".join(f"a{n}: __schema {{ types {{ fields {{ type {{ fields {{ name }} }} }} }} }}" for n in range(21))
_DEEP_VARIABLES = b'{"query": "{ __typename }", "variables": {"x": ' + b"[" * 10_000 + b"]" * 10_000 + b"}}"
_ZEROS = gzip.compress(b'{"query": "' + bytes(100 * MEGABYTE), compresslevel=1)

ATTACKS = [
    Attack("depth 200", _document("{ " + _nested("orders { nodes { customer { ", "} } }", 67, "id") + " }")),
    Attack("depth 20,000 in brackets", _document(_nested("{a", "}", 20_000, "{b}"))),
    Attack("10,000 aliases", _document(_aliases(10_000))),
    Attack("1,300 aliases", _document(_aliases(1_300))),
    Attack("one field 2,000 times", _document("{ " + "__typename " * 2_000 + "}")),
    Attack("circular fragments", _document(_CIRCLE)),
    Attack("fragments that double 40 times", _document("{ ...F0 } " + _DOUBLING)),
    Attack("600 directives", _document("{ __typename " + "@skip(if: false) " * 600 + "}")),
    Attack("directives on every field", _document("{ " + "a: __typename @include(if: true) " * 500 + "}")),
    Attack("lists of 100 in lists of 100", _document("{ " + _nested(_PAGES, "} } }", 3, "id") + " }")),
    Attack("introspection 120 deep", _document("{ __schema { types { " + _INTROSPECTION + " } } }")),
    Attack("introspection 20 times", _document("{ " + _SCHEMAS + " }")),
    Attack("11 operations without names", _document("{ __typename } " * 11)),
    Attack("two operations without names", _document("{ __typename } " * 2)),
    Attack("batch of 1,000", _posted(lambda: [{"query": "{ __typename }"}] * 1_000)),
    Attack("list of 300,000 numbers", _document("{ __typename }", variables={"x": [1] * 300_000})),
    Attack("variables 10,000 deep", _posted(lambda: _DEEP_VARIABLES)),
    Attack("variables 200 deep", _document("{ __typename }", variables={"x": _deep(1, 200)})),
    Attack("literal list 1,500 deep", _document("{ order(id: " + _nested("[", "]", 1_500, "1") + ") { id } }")),
    Attack("a text of 900,000 characters", _document('{ order(id: "' + "x" * 900_000 + '") { id } }')),
    Attack("10 MB, length told", _posted(lambda: b" " * (10 * MEGABYTE))),
    Attack("10 MB in chunks", _chunked(10)),
    Attack("200 MB in chunks", _chunked(200)),
    Attack("gzip of 100 MB", _posted(lambda: _ZEROS, content_encoding="gzip")),
    Attack("form", _posted(lambda: b"query=%7B__typename%7D", kind="application/x-www-form-urlencoded")),
    Attack("multipart form", _posted(lambda: b"--x\r\n\r\n--x--", kind="multipart/form-data; boundary=x")),
    Attack("10 MB over WebSocket", _over_websocket("{ __typename }" + " " * 10 * MEGABYTE), at_subgraph=False),
    Attack("10,000 aliases over WebSocket", _over_websocket(_aliases(10_000)), at_subgraph=False),
]  # fmt: skip
SLOW_ATTACKS = [Attack("slow body", _slow_body), Attack("slow headers", _slow_head)]


def of_tokens(count: int, field: str) -> str:
    """Return a document of 4,000 tokens and some over that is within all other limits, about a list or an object."""
    aliases = " ".join(f"a{n}: id" for n in range(88)) + " "
    directives = " ".join(f"b{n}: id @include(if: true)" for n in range(12)) + " "
    inner = f"{{ {field} {{ {aliases} {directives} {'id ' * 9} }} }}"
    return " ".join(f"query Q{n} {inner}" for n in range(9)) + f" query Q9 {inner[:-3]} {'id ' * count} }} }}"


@asynccontextmanager
async def idle_sockets(port: int, count: int) -> AsyncIterator[list[asyncio.StreamReader]]:
    """Open so many sockets that send nothing; yields their readers, of which refused ones are at their end."""
    opened: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []
    try:
        while len(opened) < count:
            opened.append(await asyncio.open_connection("127.0.0.1", port, local_addr=(ATTACKER, 0)))
        yield [reader for reader, _ in opened]
    finally:
        for _, writer in opened:
            writer.close()

"""What the router holds for one network: unfinished requests, those that are not answered, and unread answers."""

import asyncio
import json
import socket as socket_
from collections.abc import Iterator
from contextlib import AsyncExitStack

import pytest
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from tests.router.servers import FOLLOW, Testbed
from tests.router.test_connections import closed_with
from tests.router.test_streams import socket
from tests.router.test_websocket import receive, subscribe
from tests.router.tokens import token
from tests.support.attacks.connections import frame, posted
from tests.support.waiting import TEST_TIMEOUT, eventually

MEGABYTE = 1_000_000
HELD_MEGABYTES = 4
"""What a network with few connections may have unhandled, and what unread."""
REQUESTS_AT_ONCE = 25
SUBSCRIPTIONS = 2
NETWORK = 5
RESPONSES = 8
"""How many responses of a megabyte a connection asks for: the operating system takes the first ones."""
SLOW = json.dumps({"query": "{ slow(seconds: 3600) }"}).encode()


@pytest.fixture(scope="module")
def narrow(testbed: Testbed, _urls: tuple[str, str]) -> Iterator[Testbed]:
    """A router that lets a network open few connections, and so hold little."""
    other = Testbed(testbed.supergraph, ports=testbed.ports)
    try:
        other.start_router(
            PETPLUS_REDIS_URL=_urls[1],
            PETPLUS_TRUSTED_PROXIES="127.0.0.1",
            PETPLUS_CONNECTIONS_PER_ADDRESS="100",
            PETPLUS_SUBSCRIPTIONS_PER_CLIENT=str(SUBSCRIPTIONS),
            # Nobody is let go because they take nothing for long.
            PETPLUS_WRITE_TIMEOUT="600000",
        )
        yield other
    finally:
        other.stop()


async def send(testbed: Testbed, sent: bytes) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_connection("127.0.0.1", testbed.port)
    writer.write(sent)
    return reader, writer


async def head_of(reader: asyncio.StreamReader) -> str:
    """Return the head of the next response, in lower case."""
    return (await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), TEST_TIMEOUT)).decode().lower()


async def first_heads(readers: list[asyncio.StreamReader]) -> list[str]:
    """Return the heads of the responses that come first: several, where they come at once."""
    heads = [asyncio.create_task(head_of(reader)) for reader in readers]
    done, waiting = await asyncio.wait(heads, timeout=TEST_TIMEOUT, return_when=asyncio.FIRST_COMPLETED)
    for task in waiting:
        task.cancel()
    return [task.result() for task in done]


async def is_answered(testbed: Testbed) -> bool:
    return (await testbed.post("{ presets { id } }")).status_code == 200


async def test_bodies_that_do_not_end_are_refused_beyond_the_limit_of_their_network(narrow: Testbed) -> None:
    unfinished = posted(b" " * MEGABYTE, length=MEGABYTE + 1)
    async with AsyncExitStack() as stack:
        opened = []
        for _ in range(HELD_MEGABYTES + 1):
            opened.append(await send(narrow, unfinished))
            stack.callback(opened[-1][1].transport.abort)
        for refused in await first_heads([reader for reader, _ in opened]):
            assert " 429 " in refused
            assert "retry-after: 2" in refused
    # Whoever leaves makes room.
    await eventually(lambda: is_answered(narrow), pause=0.02)


async def test_messages_that_do_not_end_close_their_socket_beyond_the_limit_of_their_network(narrow: Testbed) -> None:
    async with AsyncExitStack() as stack:
        sockets: list[ClientConnection] = []
        for _ in range(HELD_MEGABYTES + 1):
            sockets.append(await stack.enter_async_context(socket(narrow)))
            sockets[-1].transport.write(frame(b"x" * MEGABYTE, declared=MEGABYTE + 1))
        closing = [asyncio.create_task(each.wait_closed()) for each in sockets]
        done, waiting = await asyncio.wait(closing, timeout=TEST_TIMEOUT, return_when=asyncio.FIRST_COMPLETED)
        for task in waiting:
            task.cancel()
        assert len(done) == 1
    await eventually(lambda: is_answered(narrow), pause=0.02)


async def test_a_socket_that_is_pinged_and_quiet_counts_nothing(narrow: Testbed) -> None:
    async with socket(narrow) as connection:
        for _ in range(HELD_MEGABYTES * 10):
            for _ in range(1_000):
                await connection.pong(b"x" * 100)
        assert await is_answered(narrow)
        await subscribe(connection, "1", "{ presets { id } }")
        assert (await receive(connection))["type"] == "next"


async def test_requests_that_are_not_answered_are_refused_beyond_the_limit_of_their_network(narrow: Testbed) -> None:
    async with AsyncExitStack() as stack:
        opened = []
        for _ in range(REQUESTS_AT_ONCE + 1):
            opened.append(await send(narrow, posted(SLOW)))
            stack.callback(opened[-1][1].transport.abort)
        assert all(" 429 " in head for head in await first_heads([reader for reader, _ in opened]))

        async def is_refused_over_web_socket() -> bool:
            async with socket(narrow) as connection:
                await subscribe(connection, "1", "{ presets { id } }")
                try:
                    await receive(connection)
                except ConnectionClosed:
                    return True
            return False

        assert await is_refused_over_web_socket()
        elsewhere = await narrow.post("{ presets { id } }", headers={"x-forwarded-for": "203.0.113.9"})
        assert elsewhere.status_code == 200
    await eventually(lambda: is_answered(narrow), pause=0.02)


async def test_a_network_that_reads_nothing_loses_the_connections_with_the_most_unread(narrow: Testbed) -> None:
    fields = " ".join(f"f{n}: fields {{ name description type {{ name }} args {{ name }} }}" for n in range(5))
    schemas = " ".join(f"s{n}: __schema {{ types {{ name description {fields} }} }}" for n in range(15))
    large = json.dumps({"query": f"{{ {schemas} }}"}).encode()
    async with AsyncExitStack() as stack:
        quiet, waiting = await send(narrow, posted(SLOW))
        stack.callback(waiting.transport.abort)

        async def ask_and_read_nothing() -> None:
            sock = socket_.socket()
            # What the operating system takes is not held by the router.
            sock.setsockopt(socket_.SOL_SOCKET, socket_.SO_RCVBUF, 1)
            sock.setblocking(False)
            await asyncio.get_running_loop().sock_connect(sock, ("127.0.0.1", narrow.port))
            _, writer = await asyncio.open_connection(sock=sock, limit=1)
            stack.callback(writer.transport.abort)
            writer.write(RESPONSES * posted(large))
            while True:
                # Whoever reads nothing learns only by writing that the connection is closed.
                writer.write(b"\r\n")
                await writer.drain()
                await asyncio.sleep(0.05)

        asking = [asyncio.create_task(ask_and_read_nothing()) for _ in range(HELD_MEGABYTES)]
        done, _ = await asyncio.wait(asking, timeout=TEST_TIMEOUT, return_when=asyncio.FIRST_COMPLETED)
        for task in asking:
            task.cancel()
        assert {type(task.exception()) for task in done} <= {ConnectionResetError, BrokenPipeError}
        assert done
        assert not quiet.at_eof()


@pytest.mark.parametrize(
    "message",
    [
        {"type": "ping", "payload": {"x": "y" * 9_000}},
        {"type": "complete", "id": "1" * 9_000},
        {"type": "subscribe", "id": "1" * 257, "payload": {"query": "{ presets { id } }"}},
    ],
    ids=["ping", "complete", "id"],
)
async def test_a_large_message_that_starts_nothing_closes_the_socket(testbed: Testbed, message: object) -> None:
    assert await closed_with(testbed, {"type": "connection_init"}, message) == 4400


async def test_the_accounts_of_one_network_share_its_subscriptions(narrow: Testbed) -> None:
    async with AsyncExitStack() as stack:
        for number in range(NETWORK):
            access = {"authorization": f"Bearer {token(f'usr_{number}')}"}
            connection = await stack.enter_async_context(socket(narrow, **access))
            for each in range(SUBSCRIPTIONS):
                await subscribe(connection, str(each), FOLLOW, order=f"of-network-{number}-{each}")
        await narrow.until_watched_by(NETWORK * SUBSCRIPTIONS)
        another = await stack.enter_async_context(socket(narrow, authorization=f"Bearer {token('usr_other')}"))
        await subscribe(another, "1", FOLLOW, order="of-network-beyond")
        refused = await receive(another)
        assert refused["payload"][0]["extensions"]["limit"] == "subscriptions of a network"
    await narrow.until_watched_by(0)

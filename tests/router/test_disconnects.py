"""A client that leaves stops its work, and nobody else's."""

import asyncio
from contextlib import AsyncExitStack

import httpx
import pytest

from tests.router.stand import Stand
from tests.router.test_streams import socket
from tests.support.bus import eventually

# Below the router's patience with a subgraph.
SLOW = "{ slow(seconds: 0.8) }"


async def until_waiting(stand: Stand, count: int) -> None:
    async def waits() -> bool:
        return bool((await stand.execute("{ waiting }"))["data"]["waiting"] == count)

    await eventually(waits, 10)


async def test_what_is_fetched_for_a_client_ends_when_it_leaves(stand: Stand) -> None:
    waited = (await stand.execute("{ waited }"))["data"]["waited"]
    leaving = asyncio.create_task(stand.post("{ slow(seconds: 9) }"))
    await until_waiting(stand, 1)
    leaving.cancel()
    await asyncio.gather(leaving, return_exceptions=True)
    async with asyncio.timeout(0.7):
        await until_waiting(stand, 0)
    assert (await stand.execute("{ waited }"))["data"]["waited"] == waited + 1


async def test_what_runs_over_a_socket_ends_with_it(stand: Stand) -> None:
    async with AsyncExitStack() as stack:
        connection = await stack.enter_async_context(socket(stand))
        await connection.send('{"id": "1", "type": "subscribe", "payload": {"query": "{ slow(seconds: 9) }"}}')
        await until_waiting(stand, 1)
    async with asyncio.timeout(0.7):
        await until_waiting(stand, 0)


async def test_who_shared_a_fetch_with_a_client_that_left_has_its_answer_all_the_same(stand: Stand) -> None:
    first = asyncio.create_task(stand.post(SLOW))
    await until_waiting(stand, 1)
    others = [asyncio.create_task(stand.post(SLOW)) for _ in range(3)]
    await asyncio.sleep(0.2)
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    answers = [response.json() for response in await asyncio.gather(*others)]
    assert [answer.get("data") for answer in answers] == [{"slow": True}] * 3
    assert ["errors" in answer for answer in answers] == [False] * 3


async def test_a_shared_fetch_ends_when_the_last_has_left_who_waits_for_it(stand: Stand) -> None:
    other = Stand(stand.supergraph, ports=stand.ports)
    try:
        other.start_router(PETPLUS_UPSTREAM_TIMEOUT="9000")
        waited = (await stand.execute("{ waited }"))["data"]["waited"]
        first = asyncio.create_task(other.post("{ slow(seconds: 9) }"))
        await until_waiting(stand, 1)
        second = asyncio.create_task(other.post("{ slow(seconds: 9) }"))
        await asyncio.sleep(0.2)
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)
        await asyncio.sleep(0.2)
        assert (await stand.execute("{ waiting waited }"))["data"] == {"waiting": 1, "waited": waited + 1}
        second.cancel()
        await asyncio.gather(second, return_exceptions=True)
        async with asyncio.timeout(2):
            await until_waiting(stand, 0)
    finally:
        other.stop()


@pytest.mark.parametrize("sent", [b"", b"POST /graphql HTTP/1.1\r\nhost: x\r\n"])
async def test_a_connection_that_sends_no_request_is_let_go(stand: Stand, sent: bytes) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", stand.port)
    writer.write(sent)
    async with asyncio.timeout(15):
        assert (await reader.read()).split(b"\r\n")[0] in {b"", b"HTTP/1.1 408 Request Timeout"}
    writer.close()


async def test_one_address_has_only_so_many_connections(stand: Stand) -> None:
    other = Stand(stand.supergraph, ports=stand.ports)

    async def answers() -> bool:
        try:
            return (await other.post("{ watchers }")).status_code == httpx.codes.OK
        except httpx.HTTPError:
            return False

    try:
        other.start_router(PETPLUS_CONNECTIONS_PER_ADDRESS="3")
        await eventually(answers, 10)
        held = [await asyncio.open_connection("127.0.0.1", other.port) for _ in range(4)]
        assert await held[3][0].read() == b""
        for _, writer in held:
            writer.close()
        await eventually(answers, 10)
    finally:
        other.stop()

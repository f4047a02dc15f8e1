"""A client that leaves stops its work, and nobody else's."""

import asyncio
import json
from contextlib import AsyncExitStack

import httpx

from tests.router.servers import Testbed
from tests.router.test_streams import socket
from tests.support.waiting import eventually, soon

# Longer than any test: what ends here ends because its client has left.
ENDLESS = "{ slow(seconds: 3600) }"
SLOW = "{ slow(seconds: 3) }"


async def until_waiting(testbed: Testbed, count: int) -> None:
    async def waits() -> bool:
        return bool((await testbed.execute("{ waiting }"))["data"]["waiting"] == count)

    await eventually(waits)


async def until_taken_up(testbed: Testbed) -> None:
    """Return when the router has seen what was sent before: what comes later has been there and back, twice."""
    for _ in range(2):
        await testbed.execute("{ watchers }")


async def test_what_is_fetched_for_a_client_ends_when_it_leaves(testbed: Testbed) -> None:
    waited = (await testbed.execute("{ waited }"))["data"]["waited"]
    leaving = asyncio.create_task(testbed.post(ENDLESS))
    await until_waiting(testbed, 1)
    leaving.cancel()
    await asyncio.gather(leaving, return_exceptions=True)
    await until_waiting(testbed, 0)
    assert (await testbed.execute("{ waited }"))["data"]["waited"] == waited + 1


async def test_what_runs_over_a_socket_ends_with_it(testbed: Testbed) -> None:
    async with AsyncExitStack() as stack:
        connection = await stack.enter_async_context(socket(testbed))
        await connection.send(json.dumps({"id": "1", "type": "subscribe", "payload": {"query": ENDLESS}}))
        await until_waiting(testbed, 1)
    await until_waiting(testbed, 0)


async def test_who_shared_a_fetch_with_a_client_that_left_has_its_answer_all_the_same(testbed: Testbed) -> None:
    first = asyncio.create_task(testbed.post(SLOW))
    await until_waiting(testbed, 1)
    others = [asyncio.create_task(testbed.post(SLOW)) for _ in range(3)]
    await until_taken_up(testbed)
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    answers = [response.json() for response in await asyncio.gather(*others)]
    assert [answer.get("data") for answer in answers] == [{"slow": True}] * 3
    assert ["errors" in answer for answer in answers] == [False] * 3


async def test_a_shared_fetch_ends_when_the_last_has_left_who_waits_for_it(testbed: Testbed) -> None:
    waited = (await testbed.execute("{ waited }"))["data"]["waited"]
    first = asyncio.create_task(testbed.post(ENDLESS))
    await until_waiting(testbed, 1)
    second = asyncio.create_task(testbed.post(ENDLESS))
    await until_taken_up(testbed)
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    await until_taken_up(testbed)
    assert (await testbed.execute("{ waiting waited }"))["data"] == {"waiting": 1, "waited": waited + 1}
    second.cancel()
    await asyncio.gather(second, return_exceptions=True)
    await until_waiting(testbed, 0)


async def test_connections_that_send_no_request_are_let_go(testbed: Testbed) -> None:
    async def end(sent: bytes) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", testbed.port)
        writer.write(sent)
        said = await soon(reader.read())
        writer.close()
        return said.split(b"\r\n")[0]

    # At once: each is waited for ten seconds.
    for said in await asyncio.gather(end(b""), end(b"POST /graphql HTTP/1.1\r\nhost: x\r\n")):
        assert said in {b"", b"HTTP/1.1 408 Request Timeout"}


async def test_idle_connections_outlive_those_of_balancers(testbed: Testbed) -> None:
    response = await testbed.post("{ watchers }")
    assert response.headers["keep-alive"] == "timeout=75"


async def test_one_address_has_only_so_many_connections(testbed: Testbed) -> None:
    other = Testbed(testbed.supergraph, ports=testbed.ports)

    async def answers() -> bool:
        try:
            return (await other.post("{ watchers }")).status_code == httpx.codes.OK
        except httpx.HTTPError:
            return False

    try:
        other.start_router(PETPLUS_CONNECTIONS_PER_ADDRESS="3")
        await eventually(answers)
        held = [await asyncio.open_connection("127.0.0.1", other.port) for _ in range(4)]
        assert await held[3][0].read() == b""
        for _, writer in held:
            writer.close()
        await eventually(answers)
    finally:
        other.stop()


async def test_a_client_that_leaves_is_no_outage_in_the_log(testbed: Testbed) -> None:
    before = testbed.log.read_text()
    for query in (ENDLESS, "mutation { slow(seconds: 3600) }"):
        leaving = asyncio.create_task(testbed.post(query))
        await until_waiting(testbed, 1)
        leaving.cancel()
        await asyncio.gather(leaving, return_exceptions=True)
        await until_waiting(testbed, 0)
    async with AsyncExitStack() as stack:
        connection = await stack.enter_async_context(socket(testbed))
        for operation in ("1", "2"):
            await connection.send(json.dumps({"id": operation, "type": "subscribe", "payload": {"query": ENDLESS}}))
        await until_waiting(testbed, 1)
    await until_waiting(testbed, 0)
    await until_taken_up(testbed)
    assert testbed.log.read_text() == before

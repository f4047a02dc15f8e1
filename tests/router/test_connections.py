"""What one client may make the router hold: connections, messages, subscriptions and responses that nobody reads."""

import asyncio
import json
from collections.abc import Iterator

import pytest
from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

from tests.router.servers import FOLLOW, Testbed
from tests.router.test_streams import operation, socket
from tests.router.test_websocket import receive, subscribe
from tests.router.tokens import token
from tests.support.waiting import TEST_TIMEOUT

SUBSCRIPTIONS = 2
LARGE = {"x": "y" * 9_000}


@pytest.fixture(scope="module")
def narrow(testbed: Testbed, _urls: tuple[str, str]) -> Iterator[Testbed]:
    """A router with small limits behind a proxy."""
    other = Testbed(testbed.supergraph, ports=testbed.ports)
    try:
        other.start_router(
            PETPLUS_REDIS_URL=_urls[1],
            PETPLUS_TRUSTED_PROXIES="127.0.0.1",
            PETPLUS_SUBSCRIPTIONS_PER_CLIENT=str(SUBSCRIPTIONS),
            PETPLUS_WRITE_TIMEOUT="200",
            PETPLUS_COST_BUCKET="1000",
            PETPLUS_COST_RESTORE="1",
        )
        yield other
    finally:
        other.stop()


async def closed_with(testbed: Testbed, *messages: object) -> int | None:
    """Return the code with which the router closes a socket that sends some messages."""
    url = testbed.url.replace("http", "ws")
    async with connect(url, subprotocols=[Subprotocol("graphql-transport-ws")], proxy=None) as connection:
        for message in messages:
            await connection.send(json.dumps(message))
        await asyncio.wait_for(connection.wait_closed(), TEST_TIMEOUT)
        return connection.close_code


async def exchange(testbed: Testbed, sent: bytes) -> bytes:
    """Send bytes on one connection, and return all that comes until the router closes it."""
    reader, writer = await asyncio.open_connection("127.0.0.1", testbed.port)
    writer.write(sent)
    received = await asyncio.wait_for(reader.read(), TEST_TIMEOUT)
    writer.close()
    return received


@pytest.mark.parametrize("first", [[], [{"type": "ping"}]])
async def test_a_large_init_closes_the_socket(testbed: Testbed, first: list[object]) -> None:
    assert await closed_with(testbed, *first, {"type": "connection_init", "payload": LARGE}) == 4400


@pytest.mark.parametrize("value", [{}, ["Bearer x"], 1, "Bearer \n", "Bearer ñ"])
async def test_an_authorization_that_is_no_header_is_refused(testbed: Testbed, value: object) -> None:
    assert await closed_with(testbed, {"type": "connection_init", "payload": {"authorization": value}}) == 4403


async def test_parameters_that_nobody_reads_do_no_harm(testbed: Testbed) -> None:
    async with socket(testbed, authorization=f"Bearer {token()}", Locale="de") as connection:
        [payload] = [each async for each in operation(connection, "{ me { email } }")]
    assert payload["data"] == {"me": {"email": "u1@allpetplus.example"}}


async def test_large_extensions_are_refused(testbed: Testbed) -> None:
    response = await testbed.client_post({"query": "{ me { id } }", "extensions": LARGE})
    [error] = response.json()["errors"]
    assert (error["extensions"]["code"], error["extensions"]["limit"]) == ("LIMIT_EXCEEDED", "characters of extensions")


async def test_a_large_subscription_is_refused(testbed: Testbed) -> None:
    query = "subscription ($order: ID!) { orderStatusChanged(orderId: $order) { version } }"
    body = {"query": query, "variables": {"order": "o" * 70_000}}
    response = await testbed.client_post(body, accept="text/event-stream")
    assert "characters of a subscription" in response.text


async def test_a_client_follows_so_many_subscriptions_and_another_when_one_ends(narrow: Testbed) -> None:
    async with socket(narrow, authorization=f"Bearer {token()}") as connection:
        for number in range(SUBSCRIPTIONS):
            await subscribe(connection, str(number), FOLLOW, order=f"capped-{number}")
        await narrow.until_watched_by(SUBSCRIPTIONS)
        await subscribe(connection, "beyond", FOLLOW, order="capped-beyond")
        refused = await receive(connection)
        assert (refused["id"], refused["type"]) == ("beyond", "error")
        assert refused["payload"][0]["extensions"]["limit"] == "subscriptions of a client"
        await connection.send(json.dumps({"id": "0", "type": "complete"}))
        await narrow.until_watched_by(SUBSCRIPTIONS - 1)
        await subscribe(connection, "again", FOLLOW, order="capped-again")
        await narrow.until_watched_by(SUBSCRIPTIONS)
    await narrow.until_watched_by(0)


async def test_the_addresses_of_one_network_share_a_bucket(narrow: Testbed) -> None:
    async def available(address: str) -> int:
        response = await narrow.post("{ presets { id } }", headers={"x-forwarded-for": address})
        cost: int = response.json()["extensions"]["cost"]["available"]
        return cost

    full = await available("2001:db8:1:2::1")
    for spelling in ("2001:db8:1:2:ffff::1", "2001:DB8:0001:0002:0:0:0:1", "2001:db8:1:2:3:4:5:6"):
        assert await available(spelling) < full
    assert await available("2001:db8:1:3::1") == full


BROKEN = ["%%", "a b", "x:999999", ":"]
TARGETS = ["*", "http://[/graphql"]


@pytest.mark.parametrize(
    ("host", "target"), [(host, "/graphql") for host in BROKEN] + [("x", each) for each in TARGETS]
)
async def test_a_target_that_is_no_url_is_refused_without_a_trace(testbed: Testbed, host: str, target: str) -> None:
    head = f"POST {target} HTTP/1.1\r\nHost: {host}\r\nContent-Length: 2\r\nConnection: close\r\n"
    answer = await exchange(testbed, f"{head}Content-Type: application/json\r\n\r\n{{}}".encode())
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b"node_modules" not in answer
    if b"{" in answer:
        assert json.loads(answer.partition(b"\r\n\r\n")[2])["errors"][0]["extensions"] == {"code": "BAD_REQUEST"}


@pytest.mark.parametrize("path", ["/anything/graphql", "/graphql/", "/", "/graphql/x"])
async def test_the_graph_is_at_one_path_alone(testbed: Testbed, path: str) -> None:
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nConnection: close\r\n"
    body = b'{"query":"{ me { id } }"}'
    answer = await exchange(testbed, f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
    assert answer.startswith(b"HTTP/1.1 404 ")


def pipelined(query: str, count: int) -> bytes:
    body = json.dumps({"query": query}).encode()
    head = f"POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    return (head.encode() + body) * count


async def test_requests_that_wait_for_no_response_close_the_connection(testbed: Testbed) -> None:
    answer = await exchange(testbed, pipelined("{ slow(seconds: 3600) }", 30))
    assert answer == b""


async def test_a_client_that_reads_nothing_is_disconnected(narrow: Testbed) -> None:
    fields = "__schema { types { name description fields { name description } } }"
    request = pipelined(f"{{ {' '.join(f't{n}: {fields}' for n in range(15))} }}", 1)
    _, writer = await asyncio.open_connection("127.0.0.1", narrow.port, limit=1)

    async def send_for_ever() -> None:
        # Each response is larger than what the buffers of the operating system take.
        while True:
            writer.write(request)
            await writer.drain()

    try:
        with pytest.raises(ConnectionError):
            await asyncio.wait_for(send_for_ever(), TEST_TIMEOUT)
    finally:
        writer.transport.abort()

"""Calls that do not reach a subgraph are sent once more, and new replicas behind a balancer get their share."""

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from petplus.certificates import write_certificates
from shared.http.mutual_tls import MutualTls
from tests.router.servers import Testbed
from tests.support.balancer import Balancer
from tests.support.waiting import eventually

QUERY = '{ order(id: "o1") { id } }'
MUTATION = 'mutation { orderStatusAdvance(orderId: "again") }'
CONNECTION_AGE_MS = 100
ANSWER = b'{"data":{"order":{"id":"o1"},"orderStatusAdvance":1}}'


class Flaky:
    """A server that answers each request on a connection of its own, or resets it; it counts what it was sent."""

    def __init__(self) -> None:
        self.port = 0
        self.resets = 0
        self.seen = 0

    @classmethod
    @asynccontextmanager
    async def open(cls, tls: ssl.SSLContext | None = None) -> AsyncIterator["Flaky"]:
        flaky = cls()
        server = await asyncio.start_server(flaky._answer, "127.0.0.1", 0, ssl=tls)
        flaky.port = server.sockets[0].getsockname()[1]
        try:
            yield flaky
        finally:
            server.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
        await reader.readexactly(int(length.partition(b":")[2]))
        self.seen += 1
        if self.resets:
            self.resets -= 1
            writer.transport.abort()
            return
        writer.write(
            b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n"
            + f"content-length: {len(ANSWER)}\r\n\r\n".encode()
            + ANSWER
        )
        await writer.drain()
        writer.close()


@pytest.fixture
def other(testbed: Testbed) -> Iterator[Testbed]:
    """A router of this test alone, which the test starts."""
    other = Testbed(testbed.supergraph, ports=dict(testbed.ports))
    try:
        yield other
    finally:
        other.stop()


def repeated(router: Testbed) -> list[str]:
    """Return the reasons for which calls were repeated, from the log."""
    lines = [json.loads(line) for line in router.log.read_text().splitlines()]
    return [line["reason"] for line in lines if line["event"] == "subgraph call repeated"]


async def test_a_call_that_did_not_arrive_is_sent_once_more(other: Testbed) -> None:
    async with Flaky.open() as flaky:
        other.ports["order"] = flaky.port
        other.start_router()
        flaky.resets = 1
        assert await other.execute(QUERY) == {"data": {"order": {"id": "o1"}}}
        assert (flaky.seen, repeated(other)) == (2, ["ECONNRESET"])

        flaky.resets = 2
        failed = await other.execute(QUERY)
        assert failed["errors"][0]["extensions"]["code"] == "SUBGRAPH_UNAVAILABLE"
        assert (flaky.seen, flaky.resets) == (4, 0)

        # It may have taken effect.
        flaky.resets = 1
        failed = await other.execute(MUTATION)
        assert failed["errors"][0]["extensions"]["code"] == "SUBGRAPH_UNAVAILABLE"
        assert flaky.seen == 5
    failed = await other.execute(MUTATION)
    assert failed["errors"][0]["extensions"]["code"] == "SUBGRAPH_UNAVAILABLE"
    assert repeated(other) == ["ECONNRESET", "ECONNRESET", "ECONNREFUSED"]


async def test_a_new_replica_gets_its_share_of_a_router_that_is_always_busy(other: Testbed) -> None:
    first, second = other.ports["order"], Testbed(other.supergraph).ports["order"]
    replica = Testbed(other.supergraph, ports={**other.ports, "order": second})
    try:
        async with Balancer.open(first) as balancer:
            other.ports["order"] = balancer.port
            other.start_router(PETPLUS_UPSTREAM_CONNECTION_AGE=str(CONNECTION_AGE_MS))
            await other.execute(QUERY)
            assert set(balancer.requests) == {first}
            replica.start_toy("order")
            balancer.healthy.append(second)

            async def shares() -> bool:
                assert (await other.execute(QUERY))["data"] == {"order": {"id": "o1"}}
                return balancer.requests[second] >= 3

            await eventually(shares)
            # The first has its share too.
            before = balancer.requests[first]

            async def both() -> bool:
                assert (await other.execute(QUERY))["data"] == {"order": {"id": "o1"}}
                return balancer.requests[first] > before

            await eventually(both)
    finally:
        replica.stop()


async def test_a_subgraph_over_tls_is_shown_the_routers_certificate(other: Testbed, tmp_path: Path) -> None:
    write_certificates(tmp_path, ["127.0.0.1"], days=1)
    async with Flaky.open(MutualTls(tmp_path).context) as flaky:
        order = {"PETPLUS_ORDER_URL": f"https://127.0.0.1:{flaky.port}/graphql"}
        other.start_router(**order, PETPLUS_TLS_DIRECTORY=str(tmp_path))
        assert await other.execute(QUERY) == {"data": {"order": {"id": "o1"}}}
        assert flaky.seen == 1


async def test_a_subgraph_over_tls_lets_in_no_router_without_a_certificate(other: Testbed, tmp_path: Path) -> None:
    write_certificates(tmp_path, ["127.0.0.1"], days=1)
    async with Flaky.open(MutualTls(tmp_path).context) as flaky:
        other.start_router(
            PETPLUS_ORDER_URL=f"https://127.0.0.1:{flaky.port}/graphql",
            NODE_EXTRA_CA_CERTS=str(tmp_path / "router" / "ca.crt"),
        )
        answer = await other.execute(QUERY)
        assert [error["extensions"]["code"] for error in answer["errors"]] == ["SUBGRAPH_UNAVAILABLE"]
        assert flaky.seen == 0

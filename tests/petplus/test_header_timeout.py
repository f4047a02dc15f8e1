"""Connections to a subgraph that do not send the head of a request in time are let go, and no others."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from fastapi import FastAPI

from petplus.header_timeout import HeaderTimeoutProtocol
from tests.support.apps import listen
from tests.support.waiting import in_time

TIMEOUT_SECONDS = 0.3
REQUEST = b"GET /slow HTTP/1.1\r\nhost: x\r\n\r\n"


@pytest_asyncio.fixture
async def port(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[int]:
    """A server of little patience, with an answer that takes longer."""
    monkeypatch.setattr(HeaderTimeoutProtocol, "head_seconds", TIMEOUT_SECONDS)
    app = FastAPI()

    @app.get("/slow")
    async def slow() -> str:
        await asyncio.sleep(TIMEOUT_SECONDS * 2)
        return "answered"

    async with listen(app) as url:
        yield int(url.rpartition(":")[2])


@pytest.mark.parametrize("sent", [b"", b"GET / HT", b"GET / HTTP/1.1\r\nhost: x\r\n"])
async def test_a_connection_that_sends_no_request_is_let_go(port: int, sent: bytes) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(sent)
    async with in_time():
        assert await reader.read() == b""
    writer.close()


async def test_bytes_that_trickle_do_not_buy_time(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    ended = asyncio.create_task(reader.read())
    async with in_time():
        writer.write(b"GET / HTTP/1.1\r\n")
        while not ended.done():
            writer.write(b"x: 1\r\n")
            await asyncio.wait([ended], timeout=TIMEOUT_SECONDS / 10)
    writer.close()


async def test_an_answer_may_take_longer_and_so_may_the_next_request(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    async with in_time():
        for _ in range(2):
            writer.write(REQUEST)
            assert await reader.readuntil(b'"answered"')
            await asyncio.sleep(TIMEOUT_SECONDS * 2)  # longer than its patience with a head
        writer.write(REQUEST[:10])
        assert await reader.read() == b""
    writer.close()

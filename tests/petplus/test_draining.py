"""A subgraph that stops loses no request: it is unready, serves on for a while, and ends its streams."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI
from sqlalchemy import select, text

from shared.core.settings import Settings
from shared.database.database import Database
from shared.security.pseudonyms import Pseudonymizer
from subgraphs.order.models import Order
from subgraphs.order.service.placement import place_order
from tests.chaos.changes import ADVANCE
from tests.order.factories import new_order
from tests.order.streams import Streams
from tests.support.http import http_client
from tests.support.replicas import Command, running
from tests.support.waiting import eventually

WAITS_FOR_A_LOCK = text(
    "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND application_name = :name"
)


@pytest_asyncio.fixture
async def database(settings: Settings) -> AsyncIterator[Database]:
    database = Database.connect(settings, "order")
    yield database
    await database.close()


async def placed(database: Database, settings: Settings) -> str:
    async with database.write() as session:
        return str((await place_order(session, Pseudonymizer(settings), new_order(None))).id)


async def get(command: Command, path: str) -> httpx.Response:
    async with http_client() as client:
        return await client.get(f"{command.url('order')}{path}")


async def ended(command: Command) -> int:
    async def has_ended() -> bool:
        return command.process.poll() is not None

    await eventually(has_ended)
    return int(command.process.returncode)


async def test_a_subgraph_that_drains_is_unready_and_serves_on_until_a_second_signal(
    settings: Settings, tmp_path: Path, support: str, database: Database
) -> None:
    order_id = await placed(database, settings)
    command = Command(settings, tmp_path / "log", "serve", "--api-only", "order", PETPLUS_DRAIN_SECONDS="600")
    async with running(command), AsyncExitStack() as stack:
        await command.until_ready("order")
        command.process.send_signal(signal.SIGTERM)

        async def unready() -> httpx.Response | None:
            response = await get(command, "/ready")
            return response if response.status_code != httpx.codes.OK else None

        refused = await eventually(unready)
        assert refused is not None
        assert (refused.status_code, refused.json()["reason"]) == (503, "The process is stopping.")
        alive = await get(command, "/healthz")
        assert (alive.status_code, alive.headers["connection"]) == (200, "close")
        moved = (await command.execute("order", ADVANCE, support, id=order_id, version=1, to="PAID")).data
        assert moved["orderStatusAdvance"]["order"] == {"status": "PAID", "version": 2}
        streams = await stack.enter_async_context(Streams.open(command.url("order"), FastAPI()))
        stream = await stack.enter_async_context(streams.follow(order_id, support))
        assert await stream.versions(1) == [2]
        command.process.send_signal(signal.SIGINT)
        assert await ended(command) == -signal.SIGINT
        with pytest.raises(httpx.HTTPError):
            await stream.event()


async def test_a_subgraph_that_stops_sends_streams_elsewhere_and_ends_what_is_in_flight(
    settings: Settings, tmp_path: Path, support: str, database: Database
) -> None:
    order_id = await placed(database, settings)
    command = Command(settings, tmp_path / "log", "serve", "--api-only", "order")
    async with running(command), AsyncExitStack() as stack:
        await command.until_ready("order")
        streams = await stack.enter_async_context(Streams.open(command.url("order"), FastAPI()))
        stream = await stack.enter_async_context(streams.follow(order_id, support))
        assert await stream.versions(1) == [1]
        async with database.write() as session:
            await session.execute(select(Order.id).where(Order.id == order_id).with_for_update())
            change = command.execute("order", ADVANCE, support, id=order_id, version=1, to="PAID")
            moving = asyncio.create_task(change)

            async def waits() -> bool:
                named = {"name": f"petplus-order {command.process.pid}"}
                async with database.read() as connection:
                    return bool((await connection.execute(WAITS_FOR_A_LOCK, named)).scalar_one() == 1)

            await eventually(waits)
            command.process.send_signal(signal.SIGTERM)
            assert await stream.failure() == "SUBSCRIPTION_INTERRUPTED"
            with pytest.raises(httpx.ConnectError):
                await get(command, "/healthz")
            assert command.process.poll() is None
        moved = (await moving).data
        assert moved["orderStatusAdvance"]["order"] == {"status": "PAID", "version": 2}
        assert await ended(command) == 0
    assert "Traceback" not in command.output

"""A database that is full or away: clients are told plainly, operators once and why; back again, all goes on."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import asyncpg
import httpx
import pytest
import pytest_asyncio
from sqlalchemy import insert, select, text
from structlog.testing import capture_logs

from petplus import registry
from petplus.local.embedded import EmbeddedPostgres
from shared.core.errors import Unavailable
from shared.core.ids import new_id
from shared.core.settings import Settings
from shared.database import database
from shared.database.database import BACKGROUND_CONNECTIONS, Database
from shared.database.migrations import migrate
from shared.events.inbox import INBOX
from shared.http import readiness
from tests.analytics.tracking import TRACK, event
from tests.support.apps import Served, serve
from tests.support.waiting import eventually
from tests.webhook.senders import fixture, shopify

PRESETS = "{ presets(first: 1) { edges { node { id } } } }"
BUSY = {"message": "The database is busy or restarting: try again in a moment.", "extensions": {"code": "UNAVAILABLE"}}


@pytest.fixture
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "POOL_TIMEOUT_SECONDS", 0.1)


@pytest_asyncio.fixture
async def tiny(settings: Settings, _impatient: None) -> AsyncIterator[Served]:
    """The builder with the smallest pool that there is."""
    async with serve(registry.load("builder"), settings.model_copy(update={"database_pool_size": 1})) as served:
        yield served


def reasons(logs: list[Any]) -> list[tuple[str, str]]:
    """Return level and words of what was logged of the database."""
    return [(entry["log_level"], entry["event"]) for entry in logs if "database" in entry["event"]]


async def test_a_pool_that_is_used_up_is_a_coded_answer_and_no_bug(tiny: Served) -> None:
    async with AsyncExitStack() as stack:
        for _ in range(2 + BACKGROUND_CONNECTIONS):
            await stack.enter_async_context(tiny.database.engine.connect())
        with capture_logs() as logs:
            for _ in range(3):
                answer = await tiny.execute(PRESETS)
                [error] = answer.body["errors"]
                assert {key: error[key] for key in BUSY} == BUSY
                assert error["path"] == ["presets"]
            ready = await tiny.client.get("/ready")
        assert (ready.status_code, ready.json()["status"]) == (503, "unavailable")
        assert reasons(logs) == [("warning", "database unavailable")]
        [why] = [entry for entry in logs if entry["event"] == "database unavailable"]
        assert why["role"] == "petplus_builder"
        assert "QueuePool limit of size 6 overflow 0 reached" in why["reason"]
    with capture_logs() as logs:
        assert (await tiny.execute(PRESETS)).data["presets"]["edges"] is not None
        assert (await tiny.client.get("/ready")).status_code == 200
    assert reasons(logs) == [("info", "database answers again")]


@pytest.fixture
def _slow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readiness, "WAIT_SECONDS", 0.1)


@pytest.mark.usefixtures("_slow")
async def test_ready_does_not_wait_as_long_as_a_request(settings: Settings) -> None:
    async with serve(registry.load("builder"), settings.model_copy(update={"database_pool_size": 1})) as served:
        async with all_lent(served):
            assert database.POOL_TIMEOUT_SECONDS == 30
            assert (await served.client.get("/ready")).status_code == 503
        assert (await served.client.get("/ready")).status_code == 200


@pytest.mark.usefixtures("_slow")
async def test_a_database_that_is_only_slow_leaves_a_process_ready_for_a_while(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with serve(registry.load("builder"), settings.model_copy(update={"database_pool_size": 1})) as served:
        assert (await served.client.get("/ready")).status_code == 200
        async with all_lent(served):
            for _ in range(3):
                assert (await served.client.get("/ready")).status_code == 200
        assert (await served.client.get("/ready")).status_code == 200
        monkeypatch.setattr(readiness, "SLOW_SECONDS", 0.2)
        async with all_lent(served):

            async def is_unready() -> bool:
                return (await served.client.get("/ready")).status_code == 503

            await eventually(is_unready)
        assert (await served.client.get("/ready")).status_code == 200


@asynccontextmanager
async def all_lent(served: Served) -> AsyncIterator[None]:
    """Have all connections of the smallest pool lent until the end of the block."""
    async with AsyncExitStack() as stack:
        for _ in range(2 + BACKGROUND_CONNECTIONS):
            await stack.enter_async_context(served.database.engine.connect())
        yield


@pytest.mark.usefixtures("_impatient")
async def test_what_a_borrowers_own_work_raises_stays_what_it_is(settings: Settings) -> None:
    found = Database.connect(settings, "builder")
    for kind in (OSError, TimeoutError, ValueError):
        with pytest.raises(kind):
            async with found.read():
                raise kind
        with pytest.raises(kind):
            async with found.write():
                raise kind
    await found.close()


@pytest.mark.parametrize("door", ["read", "write", "driver_connection"])
async def test_a_server_that_is_starting_is_unavailable_at_every_door(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, door: str
) -> None:
    async def refused(*_: Any, **__: Any) -> None:
        raise asyncpg.CannotConnectNowError("the database system is starting up")

    starting = Database.connect(settings, "builder")
    monkeypatch.setattr(asyncpg, "connect", refused)
    with pytest.raises(Unavailable):
        async with getattr(starting, door)():
            raise AssertionError("nothing could be lent")
    await starting.close()


async def test_connections_that_a_server_closed_while_they_were_idle_cost_nobody_an_error(settings: Settings) -> None:
    found = Database.connect(settings, "builder")
    async with found.read() as one, found.read() as other:
        idle = [await one.scalar(text("SELECT pg_backend_pid()")), await other.scalar(text("SELECT pg_backend_pid()"))]
    async with found.write() as session:
        mine = await session.scalar(text("SELECT pg_backend_pid()"))
        rest = next(pid for pid in idle if pid != mine)
        assert await session.scalar(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": rest})
    async with found.read() as one, found.read() as other:
        now = {await one.scalar(text("SELECT pg_backend_pid()")), await other.scalar(text("SELECT pg_backend_pid()"))}
    assert mine in now
    assert rest not in now
    await found.close()


async def test_a_connection_that_breaks_in_use_is_unavailable_and_changes_nothing(settings: Settings) -> None:
    found = Database.connect(settings, "builder")
    event_id = new_id("evt")

    async def cut_short() -> None:
        async with found.write() as session:
            await session.execute(insert(INBOX).values(event_id=event_id))
            await session.scalar(text("SELECT pg_terminate_backend(pg_backend_pid())"))

    with pytest.raises(Unavailable):
        await cut_short()
    async with found.read() as connection:
        assert (await connection.execute(select(INBOX).where(INBOX.c.event_id == event_id))).all() == []
    await found.close()


async def test_without_a_server_every_door_says_so_and_with_it_all_work_again(settings: Settings) -> None:
    postgres = EmbeddedPostgres(settings.home / new_id("tmp"))
    await postgres.start()
    alone = settings.model_copy(update={"database_url": postgres.url})
    try:
        async with AsyncExitStack() as stack:
            served = {}
            for name in ("builder", "webhook", "analytics"):
                await migrate(registry.load(name), alone)
                served[name] = await stack.enter_async_context(serve(registry.load(name), alone))

            async def readiness() -> list[int]:
                return [(await each.client.get("/ready")).status_code for each in served.values()]

            await postgres.stop()
            with capture_logs() as logs:
                assert (await served["builder"].execute(PRESETS)).codes == ["UNAVAILABLE"]
                assert (await served["analytics"].execute(TRACK, events=[event()])).codes == ["UNAVAILABLE"]
                for answer in (await deliver(served["webhook"]), await beacon(served["analytics"])):
                    assert (answer.status_code, answer.json()) == (503, {"errors": [BUSY]})
                    assert answer.headers["retry-after"] == "2"
                assert await readiness() == [503] * 3
            assert [entry for entry in logs if entry["log_level"] == "error"] == []
            await postgres.start()
            await execute(postgres, "ALTER ROLE petplus_builder CONNECTION LIMIT 0")
            assert (await served["builder"].execute(PRESETS)).codes == ["UNAVAILABLE"]
            await execute(postgres, "ALTER ROLE petplus_builder CONNECTION LIMIT -1")
            assert (await served["builder"].execute(PRESETS)).data["presets"]["edges"] == []
            assert (await served["analytics"].execute(TRACK, events=[event()])).data["eventsTrack"]["accepted"] == 1
            assert (await deliver(served["webhook"])).json() == {"status": "received"}
            assert (await beacon(served["analytics"])).json() == {
                "accepted": 1,
                "duplicates": 0,
                "rejected": 0,
                "ignored": 0,
            }
            assert await readiness() == [200] * 3
    finally:
        await postgres.stop()


async def execute(postgres: EmbeddedPostgres, statement: str) -> None:
    connection = await asyncpg.connect(postgres.dsn)
    await connection.execute(statement)
    await connection.close()


async def deliver(webhook: Served) -> httpx.Response:
    body = fixture("orders__create.json")
    return await webhook.client.post("/webhooks/shopify/orders", content=body, headers=shopify(body))


async def beacon(analytics: Served) -> httpx.Response:
    return await analytics.client.post("/collect", json={"events": [event()]})

"""What follows a commit: in order, once, never without the commit, and never at its expense."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager

import pytest
import pytest_asyncio
from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession
from structlog.testing import capture_logs

from shared.core.settings import Settings
from shared.database.after_commit import after_commit, notify_after_commit, savepoint
from shared.events.event import Envelope
from tests.support.events import EFFECT, Subgraph, ThingNoted, running, subgraph
from tests.support.waiting import eventually

TOPIC = "effects"


@pytest_asyncio.fixture(name="bus")
async def bus_fixture(settings: Settings) -> AsyncIterator[Subgraph]:
    async with subgraph(settings) as made:
        yield made


@pytest.fixture
def sent(bus: Subgraph) -> list[str]:
    """The messages that the hook of TOPIC gets."""
    messages: list[str] = []
    bus.database.hooks[TOPIC] = messages.append
    return messages


async def add_effect(session: AsyncSession, number: int) -> None:
    await session.execute(insert(EFFECT).values(thing="a", number=number))


async def fail_within(block: AbstractAsyncContextManager[AsyncSession]) -> None:
    """Change something and register a notification of it, but do not get to the end."""
    async with block as session:
        notify_after_commit(session, TOPIC, "gone")
        await add_effect(session, 1)
        raise ZeroDivisionError


async def test_actions_run_in_order_once_the_commit_can_be_seen(bus: Subgraph, sent: list[str]) -> None:
    seen: list[int] = []

    async def look() -> None:
        seen.append(await bus.count(select(func.count()).select_from(EFFECT)))

    async with bus.database.write() as session:
        after_commit(session, lambda: sent.append("before"))
        notify_after_commit(session, TOPIC, "notified")
        after_commit(session, look)
        await add_effect(session, 1)
        assert (sent, seen) == ([], [])
    assert (sent, seen) == (["before", "notified"], [1])


async def test_each_message_is_sent_once_for_a_transaction(bus: Subgraph, sent: list[str]) -> None:
    async with bus.database.write() as session:
        for message in ("x", "y", "x", "", "y"):
            notify_after_commit(session, TOPIC, message)
    assert sent == ["x", "y", ""]
    async with bus.database.write() as session:
        notify_after_commit(session, TOPIC, "x")
    assert sent == ["x", "y", "", "x"]


async def test_nothing_follows_a_rollback(bus: Subgraph, sent: list[str]) -> None:
    with pytest.raises(ZeroDivisionError):
        await fail_within(bus.database.write())
    assert sent == []
    assert await bus.count(select(func.count()).select_from(EFFECT)) == 0


async def test_a_savepoint_that_is_rolled_back_takes_its_own_actions_along(bus: Subgraph, sent: list[str]) -> None:
    async with bus.database.write() as session:
        notify_after_commit(session, TOPIC, "outside")
        async with savepoint(session):
            notify_after_commit(session, TOPIC, "kept")
        with pytest.raises(ZeroDivisionError):
            await fail_within(savepoint(session))
        await add_effect(session, 2)
    assert sent == ["outside", "kept"]
    assert await bus.count(select(EFFECT.c.number)) == 2


async def test_an_action_that_fails_is_logged_and_costs_neither_the_commit_nor_the_others(
    bus: Subgraph, sent: list[str]
) -> None:
    async def fail() -> None:
        raise ZeroDivisionError

    with capture_logs() as logs:
        async with bus.database.write() as session:
            after_commit(session, fail)
            notify_after_commit(session, TOPIC, "sent all the same")
            await add_effect(session, 1)
    assert sent == ["sent all the same"]
    assert await bus.count(select(func.count()).select_from(EFFECT)) == 1
    [failure] = [entry for entry in logs if entry["log_level"] == "error"]
    assert failure["event"] == "action after commit failed"
    assert isinstance(failure["exc_info"], ZeroDivisionError)


async def test_without_a_hook_a_notification_is_nobodys(bus: Subgraph) -> None:
    async with bus.database.write() as session:
        notify_after_commit(session, "unheard")
        await add_effect(session, 1)
    assert await bus.count(select(func.count()).select_from(EFFECT)) == 1


async def test_what_handlers_of_events_register_follows_their_commit_and_no_other(
    bus: Subgraph, sent: list[str]
) -> None:
    handle = bus.handle

    async def notifying(session: AsyncSession, event: ThingNoted, envelope: Envelope) -> None:
        notify_after_commit(session, TOPIC, f"{event.thing} {event.number}")
        await handle(session, event, envelope)

    bus.handle = notifying  # type: ignore[method-assign]
    bus.broken.add(("a", 2))
    await bus.note("a", 1, 2, 3)
    await bus.note("b", 1)
    async with running(bus.relay(), bus.consumer()):

        async def is_dead() -> bool:
            return any(dead for *_, dead in await bus.parked())

        await eventually(is_dead)
    assert sorted(sent) == ["a 1", "b 1"]

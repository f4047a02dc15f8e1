"""`petplus events` as an operator types it, against real servers."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import delete, func, select
from typer.testing import CliRunner

from petplus import registry
from petplus.cli.main import app
from shared.core.ids import new_id
from shared.database.advisory_locks import lock_connection
from shared.events.event import Envelope
from shared.events.inbox import DEAD_LETTER, INBOX, Inbox
from shared.events.outbox import OUTBOX, record
from shared.workers import run_event_workers
from subgraphs.user.events import UserCreated, UserUpdated
from tests.support.apps import Served
from tests.support.waiting import eventually


async def petplus(*arguments: str) -> tuple[int, list[str]]:
    """Run a command; returns its exit status and the lines of its output."""
    runner = CliRunner(env={"COLUMNS": "240"})
    done = await asyncio.to_thread(runner.invoke, app, ["events", *arguments])
    return done.exit_code, done.output.splitlines()


def cells(lines: list[str], word: str) -> list[str]:
    """Return the cells of the only table row that holds a word."""
    [line] = [line for line in lines if word in line]
    return [cell.strip() for cell in line.strip("│").split("│")]


async def fail(session: object, event: object, envelope: Envelope) -> None:
    raise ValueError("no such [shelf]")


@pytest_asyncio.fixture(autouse=True)
async def quiet(user: Served, audit: Served) -> None:
    """Start with nothing to publish and nothing parked."""
    await user.runtime.redis.flushdb()
    for served in (user, audit):
        async with served.database.write() as session:
            await session.execute(delete(OUTBOX))
            await session.execute(delete(DEAD_LETTER))


@pytest_asyncio.fixture
async def broken(user: Served, audit: Served) -> AsyncIterator[list[str]]:
    """Two events of a user, of which audit failed at the first; yields their ids."""
    user_id = new_id("usr")
    events = [UserCreated(user_id=user_id), UserUpdated(user_id=user_id, fields=["name"])]
    async with user.database.write() as session:
        await record(session, *events)
        rows = (await session.execute(select(OUTBOX).where(OUTBOX.c.subject == user_id).order_by(OUTBOX.c.id))).all()
    inbox = Inbox("audit", {UserCreated: [fail], UserUpdated: [fail]}, attempts=1)
    async with lock_connection(audit.database) as connection:
        await inbox.receive(connection, [envelope_of(row) for row in rows])
    yield [row.event_id for row in rows]


def envelope_of(row: Any) -> Envelope:
    names = {"id": row.event_id, "source": "user", "type": row.type, "subject": row.subject}
    return Envelope(**names, time=row.occurred_at, data=row.data)


async def parked(audit: Served) -> int:
    async with audit.database.read() as connection:
        return int(await connection.scalar(select(func.count()).select_from(DEAD_LETTER)) or 0)


async def test_lag_counts_what_waits(broken: list[str]) -> None:
    status, lines = await petplus("lag")
    assert status == 0
    assert cells(lines, "│ user ")[:2] == ["user", "2"]
    assert cells(lines, "│ user ")[3:] == ["0", "0", "0", "0", ""]
    assert cells(lines, "│ audit ") == ["audit", "0", "0 s", "0", "1", "0", "1", ""]


async def test_dead_tells_the_error_and_what_waits_behind(broken: list[str]) -> None:
    status, lines = await petplus("dead")
    assert status == 0
    assert cells(lines, broken[0]) == ["audit", broken[0], "dead", "1", "1", "ValueError: no such [shelf]"]
    assert not any(broken[1] in line for line in lines)
    assert (await petplus("dead", "--in", "builder")) == (0, ["No event has failed."])


async def test_show_follows_an_event_to_all_who_hear_it(broken: list[str]) -> None:
    status, lines = await petplus("show", broken[0])
    assert status == 0
    assert cells(lines, broken[0])[2] == "not yet"
    hearers = [cells([line], "│")[3] for line in lines if line.startswith("│")]
    assert hearers == [
        "order: on its way",
        "analytics: on its way",
        "audit: dead after 1 attempts: ValueError: no such [shelf]",
    ]
    subject = cells(lines, "usr_")[0]
    both = (await petplus("show", subject))[1]
    assert [event for event in broken if any(event in line for line in both)] == broken
    assert any("audit: waits behind an earlier event of its aggregate" in line for line in both)


async def test_replay_has_a_dead_event_tried_again_and_the_rest_follow(broken: list[str], audit: Served) -> None:
    async with run_event_workers(audit.runtime, audit.subgraph.handlers):
        status, lines = await petplus("replay", broken[0])
        assert (status, lines[-1]) == (0, "1 to be tried again in audit")

        async def healed() -> bool:
            return await parked(audit) == 0

        await eventually(healed)
    # Nobody has published them yet: only audit has had them.
    status, lines = await petplus("show", broken[1])
    assert status == 0
    assert any("audit: done " in line for line in lines)


async def test_replay_all_takes_the_dead_alone(broken: list[str]) -> None:
    assert await petplus("replay", "--all", "--in", "audit") == (0, ["1 to be tried again in audit"])
    assert await petplus("replay", "--all") == (1, ["No dead event."])


async def test_discard_gives_up_one_event_and_no_other(broken: list[str], audit: Served) -> None:
    assert await petplus("discard", broken[0]) == (0, ["1 discarded in audit"])
    assert await parked(audit) == 1
    async with audit.database.read() as connection:
        received = select(func.count()).select_from(INBOX).where(INBOX.c.event_id.in_(broken))
        assert await connection.scalar(received) == 2


@pytest.mark.parametrize(
    ("arguments", "refusal"),
    [
        (["replay", "evt_none"], "No parked event evt_none."),
        (["discard", "evt_none"], "No parked event evt_none."),
        (["replay"], "Name one event, or say --all."),
        (["replay", "evt_none", "--all"], "Name one event, or say --all."),
        (["show", "evt_none"], "No outbox holds an event or aggregate evt_none; events are kept there for 7 days."),
        (["lag", "--in", "cellar"], f"There is no subgraph `cellar`; choose from {', '.join(registry.NAMES)}."),
    ],
)
async def test_what_cannot_be_done_is_one_sentence_and_changes_nothing(
    broken: list[str], audit: Served, arguments: list[str], refusal: str
) -> None:
    assert await petplus(*arguments) == (1, [refusal])
    assert await parked(audit) == 2


async def test_tail_shows_the_newest_events_in_order(broken: list[str], user: Served) -> None:
    async with run_event_workers(user.runtime, {}):

        async def published() -> bool:
            return len(await user_tail()) == 2

        await eventually(published)
    assert [line.split()[1:3] for line in await user_tail()] == [
        [broken[0], "user.created"],
        [broken[1], "user.updated"],
    ]
    assert len((await petplus("tail", "-n", "1"))[1]) == 1


async def user_tail() -> list[str]:
    status, lines = await petplus("tail")
    assert status == 0
    return lines


async def test_one_database_that_is_away_does_not_hide_the_others(
    broken: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PETPLUS_BUILDER_DATABASE_URL", "postgresql://nobody:x@127.0.0.1:1/none")
    status, lines = await petplus("lag")
    assert status == 0
    assert cells(lines, "│ builder ")[:3] == ["builder", "?", "?"]
    assert "no answer" in cells(lines, "│ builder ")[7]
    assert cells(lines, "│ audit ")[4] == "1"

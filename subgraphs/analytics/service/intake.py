"""Takes events in: batches of clients with a verdict for each event, and what other rooms tell."""

import datetime as dt
import uuid
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Uuid, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.ext.asyncio import AsyncSession

from shared.database import Database
from shared.errors import FieldError, InvalidInput
from shared.ids import new_id
from shared.runtime import Runtime
from subgraphs.analytics.enums import EventSource, EventStatus
from subgraphs.analytics.errors import IntakeFull
from subgraphs.analytics.inputs import MOST_EVENTS
from subgraphs.analytics.models import AnalyticsEvent, EventKey
from subgraphs.analytics.service import facts
from subgraphs.analytics.service.reading import DESIGN_VIEWED, NewEvent, read_event
from subgraphs.analytics.service.subjects import digest, unless_forgotten

# Fewer than the pool has connections: reads go on while writers wait.
BATCHES_AT_ONCE = 12


class Intake:
    """Bounds how many batches a process holds: what it cannot store soon, it refuses at once."""

    def __init__(self) -> None:
        self._held = 0

    @classmethod
    @asynccontextmanager
    async def open(cls, _runtime: Runtime) -> AsyncIterator["Intake"]:
        """Open the intake of a process."""
        yield cls()

    @contextmanager
    def place(self) -> Iterator[None]:
        """Hold one of the places for the length of the block; raises IntakeFull when all are taken."""
        if self._held >= BATCHES_AT_ONCE:
            raise IntakeFull
        self._held += 1
        try:
            yield
        finally:
            self._held -= 1


@dataclass(frozen=True)
class Verdict:
    """What became of one event of a batch; `problems` only where it was rejected."""

    client_event_id: str | None
    status: EventStatus
    problems: tuple[FieldError, ...] = ()


async def track_events(
    database: Database, intake: Intake, viewer_id: str | None, given: Sequence[object], path: str
) -> list[Verdict]:
    """Store a batch of events and return a verdict for each, in their order.

    What is answered as accepted is committed. Raises InvalidInput for a batch that is empty or too large, and
    IntakeFull.
    """
    if not 1 <= len(given) <= MOST_EVENTS:
        raise InvalidInput.field(path, "OUT_OF_RANGE", f"A batch has 1 to {MOST_EVENTS:,} events.")
    with intake.place():
        now = dt.datetime.now(dt.UTC)
        read = [_read(f"{path}.{position}", event, viewer_id, now) for position, event in enumerate(given)]
        fresh = await _store(database, viewer_id, [event for event in read if isinstance(event, NewEvent)], now)
    return [_verdict(event, fresh) if isinstance(event, NewEvent) else event for event in read]


def _read(path: str, given: object, viewer_id: str | None, now: dt.datetime) -> NewEvent | Verdict:
    try:
        return read_event(path, given, viewer_id, now)
    except InvalidInput as refusal:
        sent = given.get("clientEventId") if isinstance(given, dict) else None
        return Verdict(sent if isinstance(sent, str) else None, EventStatus.REJECTED, refusal.fields)


def _verdict(event: NewEvent, fresh: set[uuid.UUID]) -> Verdict:
    if event.key not in fresh:
        return Verdict(event.client_event_id, EventStatus.DUPLICATE)
    fresh.remove(event.key)
    return Verdict(event.client_event_id, EventStatus.ACCEPTED)


async def _store(
    database: Database, viewer_id: str | None, events: Sequence[NewEvent], now: dt.datetime
) -> set[uuid.UUID]:
    if not events:
        return set()
    first_of = {event.key: event for event in reversed(events)}
    async with database.write() as session:
        fresh = await _claim(session, first_of)
        # No other user's id passes the checks, so only the caller can have been erased.
        erased = viewer_id is not None and await unless_forgotten(session, viewer_id) is None
        rows = [
            _row(event, None if erased and event.subject == viewer_id else event.subject, now)
            for key, event in first_of.items()
            if key in fresh
        ]
        if rows:
            await session.execute(insert(AnalyticsEvent), rows)
            viewed = [row["design_id"] for row in rows if row["name"] == DESIGN_VIEWED]
            await facts.count(session, "views", Counter(viewed))
    return fresh


async def _claim(session: AsyncSession, keys: Iterable[uuid.UUID]) -> set[uuid.UUID]:
    """Return those keys that were never seen before. They are locked in order, so that batches cannot deadlock."""
    offered = func.unnest(bindparam(None, sorted(keys), type_=ARRAY(Uuid)))
    statement = insert(EventKey).from_select(["key"], select(offered))
    return set(await session.scalars(statement.on_conflict_do_nothing().returning(EventKey.key)))


def _row(event: NewEvent, subject: str | None, now: dt.datetime) -> dict[str, Any]:
    return {
        "id": new_id("evt"),
        "source": EventSource.CLIENT,
        "name": event.name,
        "subject": subject,
        "design_id": event.design_id,
        "client_event_id": event.client_event_id,
        "occurred_at": event.occurred_at,
        "received_at": now,
        "properties": event.properties,
    }


async def hear(
    session: AsyncSession,
    event_id: str,
    name: str,
    occurred_at: dt.datetime,
    *,
    subject: str | None,
    design_id: str | None,
    properties: Mapping[str, Any],
) -> bool:
    """Store what another room told; answers False, and stores nothing, where it was heard before."""
    if not await _claim(session, [digest("domain", event_id)]):
        return False
    row = {
        "id": event_id,
        "source": EventSource.DOMAIN,
        "name": name,
        "subject": await unless_forgotten(session, subject),
        "design_id": design_id,
        "client_event_id": None,
        "occurred_at": occurred_at,
        "properties": dict(properties),
    }
    await session.execute(insert(AnalyticsEvent), [row])
    return True

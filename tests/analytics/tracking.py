"""What the tests of this subgraph share: events to send, and a look at what was stored."""

import datetime as dt
from typing import Any

from sqlalchemy import text

from shared.core.ids import new_id
from shared.events.event import Envelope, Event
from subgraphs.analytics.handlers import HANDLERS
from tests.support.apps import Served

TRACK = """
mutation ($events: [EventInput!]!) {
  eventsTrack(input: { events: $events }) {
    __typename
    ... on EventsTrackSuccess {
      accepted duplicates rejected verdicts { clientEventId status problems { path code } }
    }
    ... on Problem { code }
    ... on InvalidInputProblem { fields { path code } }
  }
}
"""


def moment(**ago: float) -> str:
    """Return a moment some time ago as clients write it."""
    return (dt.datetime.now(dt.UTC) - dt.timedelta(**ago)).isoformat()


def event(**changes: Any) -> dict[str, Any]:
    """Return an event of an anonymous visitor that breaks no rule."""
    given = {"clientEventId": new_id("cli"), "name": "add_to_cart", "subject": "visitor-1", "occurredAt": moment()}
    return {name: value for name, value in (given | changes).items() if value is not ...}


async def track(analytics: Served, *events: Any, token: str | None = None) -> Any:
    """Send a batch and return the result."""
    return (await analytics.execute(TRACK, token, events=list(events))).data["eventsTrack"]


async def stored(analytics: Served, where: str, **values: Any) -> list[Any]:
    """Return rows of events by a condition."""
    async with analytics.database.read() as connection:
        rows = await connection.execute(text(f"SELECT * FROM analytics_event WHERE {where}"), values)  # noqa: S608
        return list(rows.all())


async def receive_event(analytics: Served, received: Event, event_id: str | None = None) -> str:
    """Hand an event to this subgraph's handlers as the bus would; returns its id."""
    envelope = Envelope(
        id=event_id or new_id("evt"),
        source="test",
        type=received.type,
        subject=received.aggregate_id,
        time=dt.datetime.now(dt.UTC),
        data=received.model_dump(mode="json"),
    )
    for handler in HANDLERS[type(received)]:
        async with analytics.database.write() as session:
            await handler(session, received, envelope)
    return envelope.id


async def fact(analytics: Served, design_id: str) -> tuple[str | None, int, int, int] | None:
    """Return owner, views, shares and orders of a design."""
    statement = text("SELECT owner_id, views, shares, orders FROM design_fact WHERE design_id = :id")
    async with analytics.database.read() as connection:
        row = (await connection.execute(statement, {"id": design_id})).one_or_none()
    return None if row is None else tuple(row)


async def own(analytics: Served, design_id: str, owner_id: str) -> None:
    """Let a design be somebody's."""
    statement = text("INSERT INTO design_fact (design_id, owner_id) VALUES (:design, :owner)")
    async with analytics.database.write() as session:
        await session.execute(statement, {"design": design_id, "owner": owner_id})

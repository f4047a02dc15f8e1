"""Takes events in: batches of clients with a verdict for each event, and what other subgraphs report."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from shared.core.errors import FieldError, InvalidInput
from shared.runtime import Runtime
from subgraphs.analytics.enums import EventSource, EventStatus
from subgraphs.analytics.errors import IntakeFull
from subgraphs.analytics.inputs import MOST_EVENTS
from subgraphs.analytics.models import AnalyticsEvent
from subgraphs.analytics.service.bots import is_bot
from subgraphs.analytics.service.event_parsing import NOT_AHEAD, NewEvent, read_event
from subgraphs.analytics.service.event_storage import Recorder, claim, open_batch
from subgraphs.analytics.service.subjects import digest, unless_forgotten

MOST_BYTES = 16 * 2**20
"""How much a process holds that is not stored yet. In memory an event is several times what it was on the wire."""
BYTES_AN_EVENT = 300
"""About how long an event is; for those whose length on the wire is not known."""


class Intake:
    """Bounds how much a process holds: what it cannot store soon, it refuses at once."""

    def __init__(self) -> None:
        self._held = 0

    @classmethod
    def from_runtime(cls, _runtime: Runtime) -> "Intake":
        """Make the intake of a process."""
        return cls()

    @contextmanager
    def place(self, size: int) -> Iterator[None]:
        """Hold subgraph for some bytes for the length of the block; raises IntakeFull where there is none."""
        if self._held + size > MOST_BYTES:
            raise IntakeFull
        self._held += size
        try:
            yield
        finally:
            self._held -= size


@dataclass(frozen=True)
class Sent:
    """A batch as it was sent: events by their camel-case names, and the client's time of sending.

    `ignored` tells that its events are not to be stored: the sender does not want it, or is a bot.
    """

    events: Sequence[object]
    sent_at: dt.datetime | None = None
    ignored: bool = False


def is_ignored(headers: Mapping[str, str]) -> bool:
    """Tell whether a browser asks for it, by Do Not Track or Global Privacy Control (https://www.w3.org/TR/gpc/), or
    is a bot's."""
    return headers.get("dnt") == "1" or headers.get("sec-gpc") == "1" or is_bot(headers)


@dataclass(frozen=True)
class Verdict:
    """What became of one event of a batch; `problems` only where it was rejected."""

    client_event_id: str | None
    status: EventStatus
    problems: tuple[FieldError, ...] = ()


async def track_events(recorder: Recorder, viewer_id: str | None, sent: Sent, path: str) -> list[Verdict]:
    """Store a batch of events and return a verdict for each, in their order.

    What is answered as accepted is committed. Moments are corrected by how far the client's clock was off when it
    sent the batch. Raises InvalidInput for a batch that is empty or too large.
    """
    if not 1 <= len(sent.events) <= MOST_EVENTS:
        raise InvalidInput.field(path, "OUT_OF_RANGE", f"Send 1 to {MOST_EVENTS:,} events in a batch.")
    if sent.ignored:
        return [Verdict(_sent_id(event), EventStatus.IGNORED) for event in sent.events]
    now = dt.datetime.now(dt.UTC)
    ahead = NOT_AHEAD if sent.sent_at is None else sent.sent_at - now
    read = [_read(f"{path}.{place}", event, viewer_id, now, ahead) for place, event in enumerate(sent.events)]
    good = [event for event in read if isinstance(event, NewEvent)]
    fresh = iter(await recorder.record(good, viewer_id) if good else ())
    return [_verdict(event, next(fresh)) if isinstance(event, NewEvent) else event for event in read]


def _read(path: str, given: object, viewer_id: str | None, now: dt.datetime, ahead: dt.timedelta) -> NewEvent | Verdict:
    try:
        return read_event(path, given, viewer_id, now, ahead)
    except InvalidInput as refusal:
        return Verdict(_sent_id(given), EventStatus.REJECTED, refusal.fields)


def _sent_id(given: object) -> str | None:
    sent = given.get("clientEventId") if isinstance(given, dict) else None
    return sent if isinstance(sent, str) else None


def _verdict(event: NewEvent, fresh: bool) -> Verdict:
    return Verdict(event.client_event_id, EventStatus.ACCEPTED if fresh else EventStatus.DUPLICATE)


async def record_domain_event(
    session: AsyncSession,
    event_id: str,
    name: str,
    occurred_at: dt.datetime,
    *,
    subject: str | None,
    design_id: str | None,
    properties: Mapping[str, object],
) -> bool:
    """Store what another subgraph reported; answers False, and stores nothing, where it was received before."""
    if await claim(session, [digest("domain", event_id)]):
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
        "batch": await open_batch(session, 1),
    }
    await session.execute(insert(AnalyticsEvent), [row])
    return True

"""Applies stored deliveries: each attempt, its outcome and its events are one transaction.

A delivery that cannot be applied is tried again by the schedule of Standard Webhooks, and is dead after the last
attempt. Others do not wait for it.
"""

import datetime as dt
import random
import time
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

import orjson
from sqlalchemy import insert, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from shared.core.ids import id_of
from shared.core.observability import log
from shared.database.after_commit import notify_after_commit
from shared.database.database import Database
from shared.database.rows import one_or_none
from shared.events.event import Event
from shared.events.outbox import record
from shared.runtime import Runtime
from shared.security.pseudonyms import Pseudonymizer
from shared.security.sealing import Sealer
from subgraphs.webhook.enums import WAITING, WebhookSource, WebhookState
from subgraphs.webhook.events import WebhookCustomerRedacted, WebhookShopRedacted
from subgraphs.webhook.models import WebhookLog, WebhookRetry
from subgraphs.webhook.service.delivery_feed import DeliveryFeed
from subgraphs.webhook.service.job_types import PROCESSING, SHOP_ERASURE
from subgraphs.webhook.service.privacy import forget_delivery, forget_person, forget_redacted
from subgraphs.webhook.service.translation import internal, shopify, stripe
from subgraphs.webhook.service.translation.payload import Unreadable
from subgraphs.webhook.service.translation.source import Source

SCHEDULE = (0, 5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400)
"""Seconds to wait before each attempt."""
JITTER = 0.1
LONGEST_ERROR = 500
EMPTIED = frozenset({"mail.bounced", "mail.complained"})
"""Topics whose body is a person's address and nothing else: once applied, nobody needs it."""

# Classes of SQLSTATE: data, constraints, syntax, limits. Whatever else the database says may be over by the next time.
_REFUSALS = ("22", "23", "42", "54")

Translate: TypeAlias = Callable[[Source, Mapping[str, object]], Sequence[Event]]
TRANSLATORS: Mapping[WebhookSource, Translate] = {
    WebhookSource.SHOPIFY: shopify.translate,
    WebhookSource.STRIPE: stripe.translate,
    WebhookSource.INTERNAL: internal.translate,
}


class Processor:
    """Applies deliveries with the means of a running subgraph."""

    def __init__(self, database: Database, digests: Pseudonymizer, sealer: Sealer) -> None:
        self._database = database
        self._digests = digests
        self._sealer = sealer

    @classmethod
    def from_runtime(cls, runtime: Runtime) -> "Processor":
        """Make the processor of a running subgraph."""
        return cls(runtime.database, runtime.resource(Pseudonymizer), runtime.resource(Sealer))

    async def process(self, delivery_id: str, attempt: int) -> None:
        """Make one attempt, unless it was made or the delivery no longer waits."""
        began = time.monotonic()
        try:
            async with self._database.write() as session:
                delivery = await _due(session, delivery_id, attempt)
                if delivery is None:
                    return
                events = self._translate(delivery)
                await _succeed(session, delivery, events, began)
                await forget_redacted(session, self._sealer, [delivery.id])
        except Unreadable as error:
            await self._fail(delivery_id, attempt, str(error), began)
        except DBAPIError as error:
            state = str(getattr(error.orig, "sqlstate", None) or "")
            if not state.startswith(_REFUSALS):
                raise
            # What the database does not store, however often it is tried; its message quotes the values.
            await self._fail(delivery_id, attempt, f"The database refused what it says (SQLSTATE {state}).", began)
        except (ValueError, TypeError, KeyError, AttributeError, ArithmeticError, RecursionError) as error:
            # A bug of the translation; what it says may quote the body, so it is only for the log.
            log.error("delivery cannot be translated", delivery_id=delivery_id, exc_info=error)
            await self._fail(delivery_id, attempt, f"Internal error: {type(error).__name__}.", began)

    def _translate(self, delivery: WebhookLog) -> list[Event]:
        document = orjson.loads(delivery.body)
        occurred_at = delivery.occurred_at or delivery.received_at
        source = Source(
            delivery.id,
            delivery.source.value,
            delivery.topic or "",
            delivery.shop,
            occurred_at,
            self._digests,
            self._sealer,
        )
        return list(TRANSLATORS[delivery.source](source, document))

    async def _fail(self, delivery_id: str, attempt: int, error: str, began: float) -> None:
        async with self._database.write() as session:
            delivery = await _due(session, delivery_id, attempt)
            if delivery is None:
                return
            tried = attempt - delivery.attempts_before
            wait = _delay(tried) if tried < len(SCHEDULE) else None
            state = WebhookState.DEAD if wait is None else WebhookState.FAILED
            await _note(session, delivery, state, error[:LONGEST_ERROR], wait, began)
            if wait is not None:
                await PROCESSING.enqueue(session, {"delivery_id": delivery_id, "attempt": attempt + 1}, delay=wait)
            else:
                await forget_redacted(session, self._sealer, [delivery_id])
        report = log.error if wait is None else log.warning
        report("delivery failed", delivery_id=delivery_id, attempt=attempt, state=state.value, error=error)


async def _due(session: AsyncSession, delivery_id: str, attempt: int) -> WebhookLog | None:
    wanted = select(WebhookLog.__table__).where(WebhookLog.id == delivery_id).with_for_update()
    delivery = await one_or_none(session, WebhookLog, wanted)
    if delivery is None or delivery.state not in WAITING or delivery.attempts != attempt - 1:
        return None
    return delivery


async def _succeed(session: AsyncSession, delivery: WebhookLog, events: Sequence[Event], began: float) -> None:
    ids = [event_id(event) for event in events]
    told = [
        {"id": key, "type": event.type, "subject": event.aggregate_id} for key, event in zip(ids, events, strict=True)
    ]
    if events:
        await record(session, *events, ids=ids)
    await _forget(session, events, delivery)
    emptied: dict[str, object] = {"body": b"", "people": []} if delivery.topic in EMPTIED else {}
    now = dt.datetime.now(dt.UTC)
    await _note(session, delivery, WebhookState.PROCESSED, None, None, began, processed_at=now, told=told, **emptied)


async def _forget(session: AsyncSession, events: Sequence[Event], delivery: WebhookLog) -> None:
    """Forget here whom a shop has to have forgotten; the delivery that says so names them as well."""
    for event in events:
        if isinstance(event, WebhookShopRedacted):
            at = event.occurred_at or delivery.received_at
            await SHOP_ERASURE.enqueue(session, {"shop": event.shop, "redacted_at": at.isoformat()})
        if isinstance(event, WebhookCustomerRedacted):
            if event.email_digest is not None:
                await forget_person(session, event.email_digest, event.shop)
            await forget_delivery(session, event.delivery_id)


async def _note(
    session: AsyncSession,
    delivery: WebhookLog,
    state: WebhookState,
    error: str | None,
    wait: float | None,
    began: float,
    **more: object,
) -> None:
    now = dt.datetime.now(dt.UTC)
    number = delivery.attempts + 1
    next_at = None if wait is None else now + dt.timedelta(seconds=wait)
    attempt = {
        "delivery_id": delivery.id,
        "number": number,
        "at": now,
        "error": error,
        "next_attempt_at": next_at,
        "duration_ms": round((time.monotonic() - began) * 1000),
    }
    await session.execute(insert(WebhookRetry).values(attempt))
    changed = {"state": state, "attempts": number, "error": error, **more}
    await session.execute(update(WebhookLog).where(WebhookLog.id == delivery.id).values(changed))
    notify_after_commit(session, DeliveryFeed.channel)


def event_id(event: Event) -> str:
    """Return the id that an event of a delivery always has, so that a replay reports nothing twice.

    What is sealed differs each time, and says nothing new.
    """
    facts = event.model_dump(mode="json")
    content = (facts.get("order") or {}).get("content")
    if content is not None:
        content.pop("contact")
    return id_of("evt", orjson.dumps([event.type, facts], option=orjson.OPT_SORT_KEYS))


def _delay(tried: int) -> float:
    return SCHEDULE[tried] * (1 + random.uniform(-JITTER, JITTER))  # noqa: S311 (no secret)

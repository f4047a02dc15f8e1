"""Tells the order subgraph what webhooks told, as the bus and the jobs do, and reads what became of it."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from shared.core.ids import new_id
from shared.core.settings import Settings
from shared.events.event import Envelope, Event
from shared.security.pseudonyms import Pseudonymizer
from shared.security.sealing import Sealer
from subgraphs.order.handlers import HANDLERS
from subgraphs.order.service.reconciliation import OrderReconciler
from subgraphs.webhook.service.translation import shopify, stripe
from subgraphs.webhook.service.translation.source import Source
from tests.support.apps import Served
from tests.webhook.webhook_story import Posting


def events_of(posting: Posting, settings: Settings) -> list[Event]:
    """Translate a posting as the webhook subgraph does."""
    source = Source(
        delivery_id=new_id("whd"),
        name="STRIPE" if posting.path == "stripe/payment" else "SHOPIFY",
        topic=posting.topic,
        shop=posting.shop,
        occurred_at=posting.at,
        digests=Pseudonymizer(settings),
        sealer=Sealer(settings),
    )
    translator = stripe if source.name == "STRIPE" else shopify
    return list(translator.translate(source, orjson.loads(posting.body)))


async def receive(order: Served, *events: Event) -> None:
    """Deliver events as the bus does: all their handlers in one transaction."""
    async with order.database.write() as session:
        await receive_within(session, *events)


async def receive_within(session: AsyncSession, *events: Event) -> None:
    """Deliver events within a transaction."""
    for event in events:
        envelope = Envelope(
            id=new_id("evt"),
            source="webhook",
            type=event.type,
            subject=event.aggregate_id,
            time=dt.datetime.now(dt.UTC),
            data=event.model_dump(mode="json"),
        )
        for handler in HANDLERS[type(event)]:
            await handler(session, type(event).model_validate(envelope.data), envelope)


async def reconciliations(order: Served) -> list[dict[str, Any]]:
    """Take the reconciliations that were asked for off the queue; returns their payloads."""
    async with order.database.read() as connection:
        jobs = await connection.exec_driver_sql(
            "DELETE FROM pgqueuer WHERE entrypoint = 'order-reconciliation' RETURNING id, payload"
        )
        return [orjson.loads(job.payload) for job in sorted(jobs, key=lambda job: job.id)]


async def reconcile(order: Served) -> None:
    """Do the reconciliations that were asked for, as the worker does."""
    for payload in await reconciliations(order):
        await order.runtime.resource(OrderReconciler).reconcile(**payload)


async def deliver(order: Served, postings: Iterable[Posting]) -> None:
    """Have postings heard one after the other, each settled before the next."""
    for posting in postings:
        for event in events_of(posting, order.runtime.settings):
            await receive(order, event)
        await reconcile(order)


STATE = {
    "order_meta": "customer_id contact_email status held_from held_for currency subtotal_minor discount_minor"
    " shipping_minor tax_minor total_minor refunded_minor received_minor returned_minor"
    " recipient address_line1 city country_code source external_id"
    " placed_at paid_at|IS_NOT_NULL",
    "order_line": "position design_id title quantity currency unit_price_minor total_minor",
    "shipment_tracking": "external_id carrier tracking_number tracking_url status completes",
    "order_refund": "external_id currency amount_minor at actor_kind state",
    "ledger_entry": "kind provider provider_id state currency amount_minor occurred_at",
    "order_note": "visibility text author_id about",
    "order_fact": "id kind order_name payments occurred_at data contact",
}
SHOWN = {"shipment_tracking": "NOT withdrawn", "order_task": "done_at IS NULL"}
"""Which rows of a table are known of an order; others are kept for what may come."""
WAY = {"order_timeline": "version status previous actor_kind actor_id reason", "order_meta": "version"}


async def state(order: Served, external_id: str, tables: dict[str, str] = STATE) -> dict[str, list[tuple[Any, ...]]]:
    """Return the rows of an order without what must differ: ids that are made here, and times of this machine."""
    found = {}
    async with order.database.read() as connection:
        for table, names in tables.items():
            columns = columns_of(names.split())
            key = "id" if table == "order_meta" else "order_id"
            rows = await connection.exec_driver_sql(
                f"SELECT {', '.join(columns)} FROM {table}"  # noqa: S608 (names of this file)
                f" WHERE {key} = (SELECT id FROM order_meta WHERE external_id = $1) AND {SHOWN.get(table, 'true')}",
                (external_id,),
            )
            found[table] = sorted([tuple(map(str, row)) for row in rows])
    return found


def columns_of(names: Iterable[str]) -> list[str]:
    """Return the SQL of columns: `name`, or `name|TEST` where only that is compared."""
    parts = [name.partition("|") for name in names]
    return [f"{column} {test.replace('_', ' ')}".strip() for column, _, test in parts]


async def forget_jobs(order: Served, order_ids: Sequence[str]) -> None:
    """Take the jobs of orders that a test removes off the queue: another test would do them."""
    async with order.database.read() as connection:
        for order_id in order_ids:
            await connection.exec_driver_sql(
                "DELETE FROM pgqueuer WHERE strpos(convert_from(payload, 'UTF8'), $1) > 0", (order_id,)
            )


async def forget(order: Served, external_id: str) -> None:
    """Remove an order and all that was told of it, so that its life can be told anew."""
    async with order.database.read() as connection:
        await connection.exec_driver_sql(
            "DELETE FROM order_fact WHERE order_id = (SELECT id FROM order_meta WHERE external_id = $1)", (external_id,)
        )
        gone = await connection.exec_driver_sql("SELECT id FROM order_meta WHERE external_id = $1", (external_id,))
        await forget_jobs(order, list(gone.scalars()))
        await connection.exec_driver_sql("DELETE FROM order_meta WHERE external_id = $1", (external_id,))

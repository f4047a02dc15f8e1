"""Delivers signed webhooks through the public endpoint, and has every subgraph that hears of them do its work."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import httpx
import orjson

from shared.core.ids import new_id
from shared.events.event import BatchHandler, Envelope, Event
from tests.order.facts import reconcile
from tests.support.apps import Served
from tests.webhook.processing import work
from tests.webhook.senders import SHOP, shopify, stripe


class Door:
    """The endpoint of the webhook subgraph, and the subgraphs behind it."""

    def __init__(self, webhook: Served, *receivers: Served) -> None:
        self.webhook = webhook
        self._receivers = receivers

    async def post(self, path: str, body: bytes, headers: Mapping[str, str]) -> httpx.Response:
        """Deliver a body, and have it applied."""
        answer = await self.webhook.client.post(f"/webhooks/{path}", content=body, headers=dict(headers))
        await self.process()
        return answer

    async def shopify(self, topic: str, document: Any, *, shop: str = SHOP, **headers: str) -> httpx.Response:
        """Deliver a document as a shop does."""
        body = document if isinstance(document, bytes) else orjson.dumps(document)
        names = {"x_shopify_topic": topic, "x_shopify_shop_domain": shop, **headers}
        return await self.post("shopify/orders", body, shopify(body, **names))

    async def stripe(self, topic: str, thing: Any, **changes: Any) -> httpx.Response:
        """Deliver an event about a thing as Stripe does, in live mode."""
        event = {"id": new_id("evt"), "type": topic, "created": int(dt.datetime.now(dt.UTC).timestamp())}
        body = orjson.dumps(event | {"object": "event", "livemode": True, "data": {"object": thing}} | changes)
        return await self.post("stripe/payment", body, stripe(body))

    async def process(self) -> None:
        """Have all deliveries applied, and all that follows from them."""
        await work(self.webhook)
        for subgraph in (self.webhook, *self._receivers):
            await self._deliver_events(subgraph)
        for subgraph in self._receivers:
            if subgraph.subgraph.name == "order":
                await reconcile(subgraph)
                await self._deliver_events(subgraph)

    async def _deliver_events(self, publisher: Served) -> None:
        """Have the receivers hear what a subgraph has published and nobody has handled yet."""
        async with publisher.database.read() as connection:
            rows = await connection.exec_driver_sql(
                "UPDATE outbox SET published_at = now() WHERE published_at IS NULL"
                " RETURNING id, event_id, type, subject, data, occurred_at"
            )
            events = sorted(rows, key=lambda row: row.id)
        for receiver in (self.webhook, *self._receivers):
            handled = {event.type: (event, handlers) for event, handlers in receiver.subgraph.handlers.items()}
            for row in events:
                event, handlers = handled.get(row.type, (Event, ()))
                for handler in () if isinstance(handlers, BatchHandler) else handlers:
                    envelope = Envelope(
                        id=row.event_id,
                        source=publisher.subgraph.name,
                        type=row.type,
                        subject=row.subject,
                        time=row.occurred_at,
                        data=row.data,
                    )
                    async with receiver.database.write() as session:
                        await handler(session, event.model_validate(row.data), envelope)

    async def deliveries(self, columns: Sequence[str] = ("id", "topic", "state", "body"), **wanted: Any) -> list[Any]:
        """Return the stored deliveries with some values, oldest first."""
        conditions = " AND ".join(f"{name} = ${place}" for place, name in enumerate(wanted, start=1))
        async with self.webhook.database.read() as connection:
            rows = await connection.exec_driver_sql(
                f"SELECT {', '.join(columns)} FROM webhook_log WHERE {conditions} ORDER BY received_at",  # noqa: S608
                tuple(wanted.values()),
            )
            return list(rows)

"""One batch loader per key, and the lists and sums that staff look at."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.database.database import Database
from shared.graph.loaders import CountByKey, Loader, RowByKey, RowsByKey, SliceByKey, in_keys
from shared.graph.pagination import Page, Slice, Sort, order_by, slice_of
from subgraphs.webhook.inputs import WebhookDeliveryFilter
from subgraphs.webhook.models import WebhookLog, WebhookRetry
from subgraphs.webhook.service.filters import DEFERRED, SHOWN, conditions

DELIVERIES = Sort(WebhookLog.received_at)


class DeliveryById(RowByKey):
    key = WebhookLog.id
    deferred = DEFERRED


class DeliveriesByOrder(SliceByKey):
    key = WebhookLog.order_id
    sort = DELIVERIES
    deferred = DEFERRED


class DeliveryCountByOrder(CountByKey):
    key = WebhookLog.order_id


class AttemptsByDelivery(RowsByKey):
    key = WebhookRetry.delivery_id
    order = WebhookRetry.number


class BodyByDelivery(Loader[str, bytes]):
    """The raw body, which only those read who ask for the payload."""

    async def fetch(self, database: Database, keys: Sequence[str]) -> Mapping[str, bytes]:
        statement = select(WebhookLog.id, WebhookLog.body).where(in_keys(WebhookLog.id, keys))
        async with database.read() as connection:
            return {row.id: row.body for row in await connection.execute(statement)}

    def missing(self, _key: str) -> bytes:
        return b""


async def page_of_deliveries(connection: AsyncConnection, wanted: WebhookDeliveryFilter | None, page: Page) -> Slice:
    """Fetch one page of all deliveries."""
    statement = select(*SHOWN).where(*conditions(wanted))
    rows = (await connection.execute(order_by(statement, DELIVERIES, page))).all()
    return slice_of(rows, page)


async def count_deliveries(connection: AsyncConnection, wanted: WebhookDeliveryFilter | None) -> int:
    """Count the deliveries that a filter lets pass."""
    statement = select(func.count(WebhookLog.id)).where(*conditions(wanted))
    count: int = await connection.scalar(statement) or 0
    return count


async def tally_deliveries(connection: AsyncConnection, wanted: WebhookDeliveryFilter | None) -> Sequence[Any]:
    """Count by source, topic and state: rows of these, the count and the time of the oldest."""
    groups = (WebhookLog.source, WebhookLog.topic, WebhookLog.state)
    statement = select(*groups, func.count().label("count"), func.min(WebhookLog.received_at).label("oldest"))
    return (await connection.execute(statement.where(*conditions(wanted)).group_by(*groups))).all()

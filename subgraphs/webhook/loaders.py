"""One batch loader per key, and the lists and sums that staff look at."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.database.database import Database
from shared.graph.loaders import CountByKey, Listing, Loader, RowByKey, RowsByKey, SliceByKey, in_keys
from shared.graph.pagination import Sort
from subgraphs.webhook.enums import WebhookDeliverySort, WebhookSource, WebhookState
from subgraphs.webhook.inputs import WebhookDeliveryFilter
from subgraphs.webhook.models import WebhookLog, WebhookRetry
from subgraphs.webhook.service.filters import DEFERRED, conditions

NEWEST = Sort(WebhookLog.received_at)
SORTS = {WebhookDeliverySort.NEWEST: NEWEST, WebhookDeliverySort.OLDEST: Sort(WebhookLog.received_at, descending=False)}
DELIVERIES = Listing[WebhookLog, WebhookDeliveryFilter](NEWEST, conditions, DEFERRED)


class DeliveryById(RowByKey[WebhookLog]):
    key = WebhookLog.id
    deferred = DEFERRED


class DeliveriesByOrder(SliceByKey[WebhookLog]):
    key = WebhookLog.order_id
    sort = NEWEST
    deferred = DEFERRED


class DeliveryCountByOrder(CountByKey):
    key = WebhookLog.order_id


class AttemptsByDelivery(RowsByKey[WebhookRetry]):
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


class Tally(NamedTuple):
    """How many deliveries of one source, topic and state there are, and when the oldest arrived."""

    source: WebhookSource
    topic: str | None
    state: WebhookState
    size: int
    oldest: dt.datetime


async def tally_deliveries(connection: AsyncConnection, wanted: WebhookDeliveryFilter | None) -> list[Tally]:
    """Count by source, topic and state."""
    groups = (WebhookLog.source, WebhookLog.topic, WebhookLog.state)
    statement = select(*groups, func.count(), func.min(WebhookLog.received_at))
    rows = await connection.execute(statement.where(*conditions(wanted)).group_by(*groups))
    return [Tally(*row) for row in rows]

"""One batch loader per key, and the lists and sums that staff look at."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.elements import ColumnElement

from shared.loaders import CountByKey, Loader, RowByKey, RowsByKey, SliceByKey, columns_of, matches
from shared.paging import Page, Slice, Sort, cut, order_by
from subgraphs.webhook.inputs import WebhookDeliveryFilter
from subgraphs.webhook.models import WebhookLog, WebhookRetry

DELIVERIES = Sort(WebhookLog.received_at)
WIDE = frozenset({"headers", "body"})


class DeliveryById(RowByKey):
    key = WebhookLog.id
    wide = WIDE


class DeliveriesByOrder(SliceByKey):
    key = WebhookLog.order_id
    sort = DELIVERIES
    wide = WIDE


class DeliveryCountByOrder(CountByKey):
    key = WebhookLog.order_id


class AttemptsByDelivery(RowsByKey):
    key = WebhookRetry.delivery_id
    order = WebhookRetry.number


class BodyByDelivery(Loader[str, bytes]):
    """The raw body, which only those read who ask for the payload."""

    async def fetch(self, connection: AsyncConnection, keys: Sequence[str]) -> Mapping[str, bytes]:
        statement = select(WebhookLog.id, WebhookLog.body).where(matches(WebhookLog.id, keys))
        return {row.id: row.body for row in await connection.execute(statement)}

    def missing(self, _key: str) -> bytes:
        return b""


async def page_of_deliveries(connection: AsyncConnection, wanted: WebhookDeliveryFilter | None, page: Page) -> Slice:
    """Fetch one page of all deliveries."""
    statement = select(*columns_of(WebhookLog.id, WIDE)).where(*_conditions(wanted))
    rows = (await connection.execute(order_by(statement, DELIVERIES, page))).all()
    return cut(rows, page)


async def count_deliveries(connection: AsyncConnection, wanted: WebhookDeliveryFilter | None) -> int:
    """Count the deliveries that a filter lets pass."""
    statement = select(func.count(WebhookLog.id)).where(*_conditions(wanted))
    count: int = await connection.scalar(statement) or 0
    return count


async def tally_deliveries(
    connection: AsyncConnection, received_from: dt.datetime | None, received_before: dt.datetime | None
) -> Sequence[Any]:
    """Count by source and state: rows of source, state, count and the time of the oldest."""
    wanted = WebhookDeliveryFilter(received_from=received_from, received_before=received_before)
    statement = (
        select(
            WebhookLog.source,
            WebhookLog.state,
            func.count().label("count"),
            func.min(WebhookLog.received_at).label("oldest"),
        )
        .where(*_conditions(wanted))
        .group_by(WebhookLog.source, WebhookLog.state)
    )
    return (await connection.execute(statement)).all()


def _conditions(wanted: WebhookDeliveryFilter | None) -> list[ColumnElement[bool]]:
    if wanted is None:
        return []
    conditions: list[ColumnElement[bool]] = [
        column == value
        for column, value in (
            (WebhookLog.source, wanted.source),
            (WebhookLog.topic, wanted.topic),
            (WebhookLog.shop, wanted.shop),
            (WebhookLog.delivery_id, wanted.delivery_id),
            (WebhookLog.order_id, wanted.order_id),
        )
        if value is not None
    ]
    if wanted.states is not None:
        conditions.append(WebhookLog.state.in_(wanted.states))
    if wanted.received_from is not None:
        conditions.append(WebhookLog.received_at >= wanted.received_from)
    if wanted.received_before is not None:
        conditions.append(WebhookLog.received_at < wanted.received_before)
    return conditions

"""Follows one order for one caller: what was missed, then what comes, each change once and in order."""

import asyncio
import time
from collections.abc import AsyncGenerator
from typing import Any

from sqlalchemy import select

from shared.auth import Viewer
from shared.database import Database
from shared.errors import InvalidInput, Unauthenticated
from subgraphs.order import status
from subgraphs.order.errors import unknown_order
from subgraphs.order.loaders import READ
from subgraphs.order.models import Order
from subgraphs.order.service.feed import Change, StatusFeed, Subscription


async def follow_status(
    database: Database, feed: StatusFeed, viewer: Viewer, order_id: str, after_version: int | None
) -> AsyncGenerator[Change, None]:
    """Yield the changes of an order after a version, or from the present status on; ends when nothing can follow.

    Raises NotFound for orders that the caller may not (or no longer) see, InvalidInput for a version that the order
    never had, Unauthenticated when the access token expires, and SubscriberTooSlow.
    """
    order = await _visible_order(database, viewer, order_id)
    _check_version(after_version, order.version)
    position = order.version - 1 if after_version is None else after_version
    if position == order.version and _is_last(order.status, order):
        return
    with feed.subscribe(order_id, order.version) as subscription:
        async for change in _changes(feed, viewer, order, position, subscription):
            if change.entry.version <= position:
                continue
            if not viewer.owns_or_may(change.order.customer_id, READ):
                raise unknown_order()
            position = change.entry.version
            yield change
            if _is_last(change.entry.status, change.order):
                return


async def _visible_order(database: Database, viewer: Viewer, order_id: str) -> Any:
    if not viewer.is_signed_in:
        raise Unauthenticated("Log in first.")
    async with database.read() as connection:
        order = (await connection.execute(select(Order.__table__).where(Order.id == order_id))).one_or_none()
    if order is None or not viewer.owns_or_may(order.customer_id, READ):
        raise unknown_order()
    return order


def _check_version(after: int | None, current: int) -> None:
    if after is not None and after < 0:
        raise InvalidInput.field("afterVersion", "OUT_OF_RANGE", "`afterVersion` is the last version seen, or 0.")
    if after is not None and after > current:
        message = f"The order is at version {current}; leave `afterVersion` out to begin with its present status."
        raise InvalidInput.field("afterVersion", "BEYOND_CURRENT", message)


async def _changes(
    feed: StatusFeed, viewer: Viewer, order: Any, position: int, subscription: Subscription
) -> AsyncGenerator[Change, None]:
    for change in await feed.history(order, position, subscription.seen):
        _seconds_left(viewer)
        yield change
    while True:
        try:
            async with asyncio.timeout(_seconds_left(viewer)):
                change = await subscription.next()
        except TimeoutError:
            raise _expired() from None
        yield change


def _seconds_left(viewer: Viewer) -> float | None:
    if viewer.expires_at is None:
        return None
    left = viewer.expires_at - time.time()
    if left <= 0:
        raise _expired()
    return left


def _expired() -> Unauthenticated:
    return Unauthenticated("The access token has expired; subscribe with a new one, and the last version seen.")


def _is_last(reached: Any, order: Any) -> bool:
    return status.is_final(status.Situation(reached, is_paid=order.paid_at is not None))

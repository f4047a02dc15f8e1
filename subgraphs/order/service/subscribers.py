"""Follows one order for one caller: what was missed, then what comes, each change once and in order."""

from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from shared.core.errors import InvalidInput, Unauthenticated
from shared.database.database import Database
from shared.security.auth import Viewer, expired
from subgraphs.order import status
from subgraphs.order.enums import OrderStatus
from subgraphs.order.errors import unknown_order
from subgraphs.order.loaders import READ
from subgraphs.order.models import Order
from subgraphs.order.service.guests import TrackingPass
from subgraphs.order.service.status_feed import ORDER, Change, StatusFeed


@dataclass(frozen=True)
class Subscriber:
    """Who follows: a viewer, a guest with the pass of one order, or both in one."""

    viewer: Viewer
    guest: TrackingPass | None = None

    def may_see(self, order: Order) -> bool:
        return self.viewer.can_access(order.customer_id, READ) or (self.guest is not None and self.guest.opens(order))

    def seconds_left(self) -> float | None:
        """Return how long the caller's proofs last; raises Unauthenticated when one has expired or is revoked."""
        return self.viewer.seconds_left(self._guest_ends)

    def watch_expiry(self, reported: Callable[[], None]) -> AbstractContextManager[None]:
        """Have `reported` called as soon as one has, until the end of the block."""
        return self.viewer.watch_expiry(reported, self._guest_ends)

    @property
    def _guest_ends(self) -> float | None:
        return self.guest.expires_at if self.guest is not None else None


async def follow_status(
    database: Database, feed: StatusFeed, follower: Subscriber, order_id: str, after_version: int | None
) -> AsyncGenerator[Change, None]:
    """Yield the changes of an order after a version, or from the present status on; ends when nothing can follow.

    Raises NotFound for orders that the caller may not (or no longer) see, InvalidInput for a version that the order
    never had, Unauthenticated when the caller's token expires or is revoked, and SubscriberTooSlow.
    """
    order = await _visible_order(database, follower, order_id)
    _check_version(after_version, order.version)
    position = order.version - 1 if after_version is None else after_version
    if position == order.version and _is_last(order.status, order):
        return
    with feed.subscribe(order_id, order.version) as subscription, follower.watch_expiry(subscription.end):
        missed = [*reversed(await feed.history(order, position, subscription.seen))]
        del order  # it would be kept as long as the stream
        while True:
            change = missed.pop() if missed else await subscription.next()
            follower.seconds_left()
            if change is None:
                raise expired()
            if change.entry.version <= position:
                continue
            if not follower.may_see(change.order):
                raise unknown_order()
            position = change.entry.version
            yield change
            if _is_last(change.entry.status, change.order):
                return
            del change


async def _visible_order(database: Database, follower: Subscriber, order_id: str) -> Order:
    if not follower.viewer.is_signed_in and follower.guest is None:
        raise Unauthenticated("Log in first.")
    found = await ORDER.rows(database, order_id=order_id)
    if not found or not follower.may_see(found[0]):
        raise unknown_order()
    return found[0]


def _check_version(after: int | None, current: int) -> None:
    if after is not None and after < 0:
        raise InvalidInput.field("afterVersion", "OUT_OF_RANGE", "Send the last version seen as `afterVersion`, or 0.")
    if after is not None and after > current:
        message = f"The order is at version {current}; leave `afterVersion` out to start with its current status."
        raise InvalidInput.field("afterVersion", "BEYOND_CURRENT", message)


def _is_last(reached: OrderStatus, order: Order) -> bool:
    return status.is_final(status.Situation(reached, is_paid=order.paid_at is not None))

"""Follows all that changes about orders: a customer all of theirs, and staff and the customer one.

What a change is about is in the log (`shared/live/entity_changes.py`), which triggers of the tables write. Each
follower gets the order as it is when the change is read, and only while it is theirs.
"""

import contextlib
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass

from sqlalchemy import Text, any_, bindparam, select
from sqlalchemy.dialects.postgresql import ARRAY

from shared.core.errors import Unauthenticated
from shared.database.database import Database
from shared.database.prepared import PreparedSelect
from shared.live.change_reader import ChangeReader, Topic
from shared.live.entity_changes import EntityChange, Place
from shared.runtime import Runtime
from subgraphs.order.enums import OrderChangeKind
from subgraphs.order.errors import unknown_order
from subgraphs.order.loaders import READ
from subgraphs.order.models import Order
from subgraphs.order.service.status_feed import ORDER, StatusFeed
from subgraphs.order.service.subscribers import Subscriber

_ORDERS = PreparedSelect[Order](
    select(Order.__table__).where(Order.id == any_(bindparam("order_ids", type_=ARRAY(Text))))
)


@dataclass(frozen=True, eq=False)
class OrderChanged:
    """A change, and the row of its order as it was after it or later. All followers get the same object."""

    change: EntityChange
    order: Order

    @property
    def kind(self) -> OrderChangeKind:
        return OrderChangeKind[self.change.kind]


class OrderChanges(ChangeReader[OrderChanged]):
    """Reads the changes of orders for all followers in this process."""

    def __init__(self, database: Database, feed: StatusFeed) -> None:
        super().__init__(database, feed.notifier, self._of_changes)

    @classmethod
    @contextlib.asynccontextmanager
    async def open(cls, runtime: Runtime) -> AsyncIterator["OrderChanges"]:
        """Read until the end of the block."""
        changes = cls(runtime.database, runtime.resource(StatusFeed))
        async with changes.running():
            yield changes

    async def _of_changes(self, changes: Sequence[EntityChange]) -> list[OrderChanged]:
        if not changes:
            return []
        rows = await _ORDERS.rows(self._database, order_ids=sorted({change.entity_id for change in changes}))
        orders = {order.id: order for order in rows}
        return [OrderChanged(change, orders[change.entity_id]) for change in changes if change.entity_id in orders]


async def follow_own(changes: OrderChanges, follower: Subscriber, after: Place) -> AsyncGenerator[OrderChanged, None]:
    """Yield what changes about a customer's orders behind a place, and that one is no longer theirs.

    Raises Unauthenticated once the caller's token expires or is revoked, and Unavailable.
    """
    owner_id = follower.viewer.id
    if owner_id is None:
        raise Unauthenticated("Log in first.")
    async with aclosing(changes.follow(Topic(owner_id=owner_id), after, follower)) as all_theirs:
        async for changed in all_theirs:
            is_gone = changed.kind is OrderChangeKind.UNLINKED
            if is_gone or (changed.order.customer_id == owner_id and not changed.change.staff_only):
                yield changed
            del changed


async def follow_order(
    changes: OrderChanges, follower: Subscriber, order_id: str, after: Place
) -> AsyncGenerator[OrderChanged, None]:
    """Yield what changes about one order behind a place: for its customer without what is for staff alone.

    Raises NotFound once it is not the caller's any more, Unauthenticated once the caller's token expires or is revoked,
    and Unavailable.
    """
    sees_all = follower.viewer.has_scope(READ)
    async with aclosing(changes.follow(Topic(entity_id=order_id), after, follower)) as all_of_it:
        async for changed in all_of_it:
            if not follower.may_see(changed.order):
                raise unknown_order()
            if sees_all or not changed.change.staff_only:
                yield changed
            del changed


async def check_visible(database: Database, follower: Subscriber, order_id: str) -> None:
    """Raise NotFound for an order that the caller may not see, or that there is not, and Unauthenticated."""
    if not follower.viewer.is_signed_in:
        raise Unauthenticated("Log in first.")
    found = await ORDER.rows(database, order_id=order_id)
    if not found or not follower.may_see(found[0]):
        raise unknown_order()

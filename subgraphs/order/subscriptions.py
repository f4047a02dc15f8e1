"""What is pushed to clients."""

import datetime as dt
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Annotated
from weakref import WeakKeyDictionary

import strawberry

from shared.graph.access import rule, scoped
from shared.graph.context import Info
from shared.graph.schema import SHARED
from subgraphs.order.enums import ActorKind, OrderStatus
from subgraphs.order.inputs import OrderFeedFilter
from subgraphs.order.loaders import READ
from subgraphs.order.service.guests import GuestLookup
from subgraphs.order.service.order_feed import Position, follow_all, read_cursor
from subgraphs.order.service.status_feed import Change, StatusFeed
from subgraphs.order.service.subscribers import Subscriber, follow_status
from subgraphs.order.types import Order


@strawberry.type(description="One entry of an order's timeline, as it is pushed to subscribers.")
class OrderStatusChange:
    version: int = strawberry.field(
        description="The order's version after this change; it increases by 1 without gaps. Subscribe again with "
        "the last one as `afterVersion`."
    )
    status: OrderStatus = strawberry.field(description="The status after this change.")
    at: dt.datetime = strawberry.field(description="When the change happened.")
    reason: str | None = strawberry.field(description="The reason as shown to the customer; null if none was given.")
    order: Order = strawberry.field(description="The order at this version or a later one.")

    @classmethod
    def of(cls, change: Change) -> "OrderStatusChange":
        """Return what is shown of a change: one object for all who are told of it, so that they share its answer."""
        shown = _SHOWN.get(change)
        if shown is None:
            entry, order = change.entry, Order.from_row(change.order)
            shown = cls(version=entry.version, status=entry.status, at=entry.at, reason=entry.reason, order=order)
            _SHOWN[change] = shown
        return shown


_SHOWN: WeakKeyDictionary[Change, OrderStatusChange] = WeakKeyDictionary()


@strawberry.type(description="One change of any order's status, as it is pushed to staff.")
class OrderFeedItem:
    cursor: str = strawberry.field(
        description="The position of this change in the feed. Send it as `afterCursor` to resume."
    )
    change: OrderStatusChange = strawberry.field(description="The change and its order.")
    previous: OrderStatus | None = strawberry.field(
        description="The status before the change: null for the placing of the order, and the same as the change's "
        "`status` for a partial refund, and for a parcel that left without a change of the status."
    )
    actor_kind: ActorKind = strawberry.field(description="The kind of party that caused the change.")

    @classmethod
    def of(cls, change: Change, position: Position) -> "OrderFeedItem":
        return cls(
            cursor=position.cursor(),
            change=OrderStatusChange.of(change),
            previous=change.entry.previous,
            actor_kind=change.entry.actor_kind,
        )


@strawberry.type
class Subscription:
    @strawberry.subscription(
        description="Follow an order: its current status at once, then every change once and in order. It is open "
        "to the customer, to the scope `orders:read` and to guests with a tracking token; to other "
        "logged-in viewers the order is `NOT_FOUND`. The stream completes after a final status, such "
        "as REFUNDED. If it ends with `UNAUTHENTICATED` because the token expired, or with "
        "`SUBSCRIBER_TOO_SLOW` because too many changes wait to be read, subscribe again with the last "
        "version seen.",
        metadata={**SHARED, **rule(owner=True, scope=READ, remark="or who holds the order's tracking token")},
    )
    async def order_status_changed(
        self,
        info: Info,
        order_id: Annotated[strawberry.ID, strawberry.argument(description="The id of the order to follow.")],
        after_version: Annotated[
            int | None,
            strawberry.argument(
                description="The last version seen, or 0 for none: the changes since then come first; default: start "
                "with the current status. A version that the order has not reached is refused with `INVALID_INPUT`."
            ),
        ] = None,
        tracking_token: Annotated[
            str | None,
            strawberry.argument(description="For guests: the `trackingToken` of the order from `orderLookup`."),
        ] = None,
    ) -> AsyncIterator[OrderStatusChange]:
        context = info.context
        feed = context.resource(StatusFeed)
        guest = context.resource(GuestLookup).read(tracking_token) if tracking_token is not None else None
        follower = Subscriber(context.viewer, guest)
        async with aclosing(follow_status(context.database, feed, follower, order_id, after_version)) as changes:
            async for change in changes:
                yield OrderStatusChange.of(change)
                del change  # it would be kept until the next one

    @strawberry.subscription(
        description="Follow the status changes of all orders, each once; those of one order come by version. When "
        "the access token expires, the stream ends with `UNAUTHENTICATED`: subscribe again with the "
        "last cursor. Requires the scope `orders:read`.",
        extensions=scoped(READ),
    )
    async def order_feed(
        self,
        info: Info,
        after_cursor: Annotated[
            str | None,
            strawberry.argument(
                description="The last cursor seen, or one from `orderFeedCursor`: the changes since then come first. "
                "Default: start with new changes."
            ),
        ] = None,
        filter: Annotated[OrderFeedFilter | None, strawberry.argument(description="Which changes to follow.")] = None,
    ) -> AsyncIterator[OrderFeedItem]:
        context = info.context
        after = read_cursor(after_cursor) if after_cursor is not None else None
        feed, follower = context.resource(StatusFeed), Subscriber(context.viewer)
        async with aclosing(follow_all(context.database, feed, follower, after, filter)) as changes:
            async for change, position in changes:
                yield OrderFeedItem.of(change, position)

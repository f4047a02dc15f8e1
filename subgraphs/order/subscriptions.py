"""What is pushed to clients."""

import datetime as dt
from collections.abc import AsyncIterator
from contextlib import aclosing
from functools import partial
from typing import Annotated, TypeAlias
from weakref import WeakKeyDictionary

import strawberry

from shared.database.database import Database
from shared.graph.access import OWN, rule, scoped, signed_in
from shared.graph.context import Context, Info
from shared.graph.schema import SHARED
from shared.live.entity_changes import RETENTION, Place, checked_place, present
from subgraphs.order.enums import ActorKind, OrderChangeKind, OrderStatus
from subgraphs.order.inputs import OrderFeedFilter
from subgraphs.order.loaders import READ, TimelineByOrder
from subgraphs.order.service.guests import GuestLookup
from subgraphs.order.service.order_changes import OrderChanged, OrderChanges, check_visible, follow_order, follow_own
from subgraphs.order.service.order_feed import Position, follow_all, read_cursor
from subgraphs.order.service.status_feed import Change, StatusFeed
from subgraphs.order.service.subscribers import Subscriber, follow_status
from subgraphs.order.types import Order, OrderTimelineEntry


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

    @strawberry.field(
        description="When this change was pushed to the subscriber, by the clock of the shop. What a subscription "
        "resumes with is pushed anew."
    )
    def pushed_at(self) -> dt.datetime:
        return dt.datetime.now(dt.UTC)

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
    def of(cls, change: Change, position: Position, database: Database) -> "OrderFeedItem":
        return cls(
            cursor=position.cursor(database),
            change=OrderStatusChange.of(change),
            previous=change.entry.previous,
            actor_kind=change.entry.actor_kind,
        )


@strawberry.type(description="One change of an order, with the order as it is then.")
class OrderChange:
    cursor: str = strawberry.field(
        description="The position of this change. Subscribe again with it as `afterCursor` to resume, or load what "
        "follows with `User.orderChanges`."
    )
    kind: OrderChangeKind = strawberry.field(description="What the change is about.")
    at: dt.datetime | None = strawberry.field(description="When it was stored; null for START.")
    order_id: strawberry.ID | None = strawberry.field(description="The id of the order; null for START.")
    order: Order | None = strawberry.field(
        description="The order after this change or a later one. Null for START, and for UNLINKED in `myOrderFeed`: "
        "remove what you hold of the order then."
    )
    version: strawberry.Private[int | None] = None

    @strawberry.field(
        description="The entry of the order's timeline, for PLACED and STATUS; null for all others. The versions of an "
        "order come without gaps."
    )
    def entry(self, info: Info) -> OrderTimelineEntry | None:
        if self.order_id is None or self.version is None:
            return None
        return info.context.loader(TimelineByOrder).then(
            self.order_id, partial(OrderTimelineEntry.of_version, self.version)
        )

    @classmethod
    def start(cls, place: Place, database: Database) -> "OrderChange":
        return cls(cursor=place.cursor(database), kind=OrderChangeKind.START, at=None, order_id=None, order=None)

    @classmethod
    def of(cls, changed: OrderChanged, database: Database) -> "OrderChange":
        """Return what is shown of a change: one object for all who are told of it, so that they share its answer."""
        shown = _CHANGES_SHOWN.get(changed)
        if shown is None:
            shown = cls._showing(changed, Order.from_row(changed.order), database)
            _CHANGES_SHOWN[changed] = shown
        return shown

    @classmethod
    def of_own(cls, changed: OrderChanged, database: Database) -> "OrderChange":
        """Do so for a customer, who sees nothing of an order that is no longer theirs."""
        if changed.kind is OrderChangeKind.UNLINKED:
            return cls._showing(changed, None, database)
        return cls.of(changed, database)

    @classmethod
    def _showing(cls, changed: OrderChanged, order: Order | None, database: Database) -> "OrderChange":
        change = changed.change
        return cls(
            cursor=change.place.cursor(database),
            kind=changed.kind,
            at=change.at,
            order_id=strawberry.ID(change.entity_id),
            order=order,
            version=change.version,
        )


_CHANGES_SHOWN: WeakKeyDictionary[OrderChanged, OrderChange] = WeakKeyDictionary()
AfterCursor: TypeAlias = Annotated[
    str | None,
    strawberry.argument(
        description="The last cursor seen: the changes since then come first. Default: START and then new changes. One "
        f"from more than {RETENTION.days} days ago is refused with `INVALID_INPUT` (`CURSOR_EXPIRED`): load everything "
        "anew."
    ),
]


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
        after = await read_cursor(context.database, after_cursor) if after_cursor is not None else None
        feed, follower = context.resource(StatusFeed), Subscriber(context.viewer)
        async with aclosing(follow_all(context.database, feed, follower, after, filter)) as changes:
            async for change, position in changes:
                yield OrderFeedItem.of(change, position, context.database)

    @strawberry.subscription(
        description="Follow all of the viewer's orders in one stream, from their placing on: each change once, those "
        "of one order in their sequence. An order that is no longer the viewer's comes once more as UNLINKED. When the "
        "access token expires, the stream ends with `UNAUTHENTICATED`: subscribe again with the last cursor.",
        extensions=signed_in(),
        metadata={**SHARED, **OWN},
    )
    async def my_order_feed(self, info: Info, after_cursor: AfterCursor = None) -> AsyncIterator[OrderChange]:
        context = info.context
        after = await _place_of(context, after_cursor)
        if after_cursor is None:
            yield OrderChange.start(after, context.database)
        follower = Subscriber(context.viewer)
        async with aclosing(follow_own(context.resource(OrderChanges), follower, after)) as changes:
            async for changed in changes:
                yield OrderChange.of_own(changed, context.database)
                del changed

    @strawberry.subscription(
        description="Follow all that changes about one order, such as notes, parcels, refunds and its lines, each "
        "change once. It is open to the customer, without what concerns internal notes and tasks, and to the scope "
        "`orders:read`; to other logged-in viewers the order is `NOT_FOUND`, as it is from then on to a customer whose "
        "order it no longer is. When the access token expires, the stream ends with `UNAUTHENTICATED`: subscribe "
        "again with the last cursor.",
        metadata={**SHARED, **rule(owner=True, scope=READ)},
    )
    async def order_updated(
        self,
        info: Info,
        order_id: Annotated[strawberry.ID, strawberry.argument(description="The id of the order to follow.")],
        after_cursor: AfterCursor = None,
    ) -> AsyncIterator[OrderChange]:
        context, follower = info.context, Subscriber(info.context.viewer)
        await check_visible(context.database, follower, order_id)
        after = await _place_of(context, after_cursor)
        if after_cursor is None:
            yield OrderChange.start(after, context.database)
        async with aclosing(follow_order(context.resource(OrderChanges), follower, order_id, after)) as of_it:
            async for changed in of_it:
                yield OrderChange.of(changed, context.database)
                del changed


async def _place_of(context: Context, cursor: str | None) -> Place:
    if cursor is None:
        return await present(context.database)
    return await checked_place(context.database, cursor, "afterCursor")

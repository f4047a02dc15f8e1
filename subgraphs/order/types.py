"""What is shown of orders, and what this subgraph adds to users and designs."""

import datetime as dt
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Annotated, TypeAlias

import strawberry
from strawberry import federation

from shared.graph.access import owner_or, rule, scoped, signed_in
from shared.graph.context import Info
from shared.graph.deltas import Delta, First, Since
from shared.graph.money import Money
from shared.graph.pagination import Connection, Page, Slice, build_connection, paged
from shared.graph.references import Stub
from shared.graph.row_types import RowType
from shared.graph.versioned import Versioned
from shared.security.pseudonyms import Pseudonymizer
from subgraphs.order import models, status
from subgraphs.order.enums import (
    ActorKind,
    LedgerEntryState,
    NoteVisibility,
    OrderSort,
    OrderSource,
    OrderStatus,
    OrderTaskKind,
)
from subgraphs.order.inputs import OrderFilter
from subgraphs.order.line_types import OrderLine
from subgraphs.order.loaders import (
    ORDER_DELTAS,
    READ,
    SORTS,
    WRITE,
    NotesByOrder,
    OrderById,
    OrderCountByCustomer,
    OrderCountByDesign,
    OrderListing,
    OrdersByCustomer,
    OrdersByDesign,
    RefundsByOrder,
    ShipmentsByOrder,
    SuppressionsByDigest,
    TasksByOrder,
    TimelineByDelivery,
    TimelineByOrder,
)
from subgraphs.order.service.reorder import PRICES_LAST, prices_hold
from subgraphs.order.service.suppression import suppressions_in_force
from subgraphs.order.shipment_types import Shipment
from subgraphs.order.value_types import MailSuppression, OrderBalance, OrderSums, OrderTransition, ShippingAddress

if TYPE_CHECKING:
    from subgraphs.order.cart_types import Cart

OrderConnection: TypeAlias = Connection["Order"]
OrderTaskConnection: TypeAlias = Connection["OrderTask"]
OrderDelta: TypeAlias = Delta["Order"]
Filter: TypeAlias = Annotated[OrderFilter | None, strawberry.argument(description="Which orders to list.")]
SortBy: TypeAlias = Annotated[
    OrderSort, strawberry.argument(description="How to sort the orders; default: newest first.")
]


@federation.type(keys=["id"])
class User(Stub, prefix="usr"):
    id: strawberry.ID = strawberry.field(description="The user's id, `usr_…`.")

    @strawberry.field(
        description="The user's orders; null if the viewer may not read them.", extensions=owner_or(READ, "id")
    )
    @paged
    def orders(
        self, info: Info, page: Page, filter: Filter = None, sort: SortBy = OrderSort.NEWEST
    ) -> OrderConnection | None:
        wanted = filter.checked() if filter is not None else None
        counter = info.context.loader(OrderCountByCustomer)

        def shown(rows: Slice[models.Order]) -> Connection[Order]:
            return build_connection(rows, SORTS[sort], Order.from_row, partial(counter.count, self.id, wanted))

        return info.context.loader(OrdersByCustomer).page(self.id, OrderListing(wanted, sort, page), shown)

    @strawberry.field(
        description="What changed of the user's orders since the app looked last, for apps that work offline; null if "
        "the viewer is not the user.",
        extensions=signed_in(),
        metadata=rule(owner=True),
    )
    async def order_changes(self, info: Info, since: Since = None, first: First = None) -> "OrderDelta | None":
        return await ORDER_DELTAS.since(info, self.id, since, first, Order.from_row)

    @strawberry.field(
        description="The user's cart that is not ordered yet; null if there is none, or if the viewer may not read it.",
        extensions=owner_or(READ, "id"),
    )
    def cart(self, info: Info) -> Annotated["Cart", strawberry.lazy("subgraphs.order.cart_types")] | None:
        from subgraphs.order.cart_loaders import OpenCartByCustomer
        from subgraphs.order.cart_types import Cart

        return info.context.loader(OpenCartByCustomer).then(self.id, Cart.from_optional_row)


@federation.type(keys=["id"])
class Design(Stub, prefix="des"):
    id: strawberry.ID = strawberry.field(description="The design's id, `des_…`.")

    @strawberry.field(
        description="The orders of this design that the viewer may read, newest first: the viewer's own, or all "
        "with the scope `orders:read`. Null if the viewer is not logged in.",
        extensions=signed_in(),
        metadata=rule(signed_in=True, remark="those orders that they may see"),
    )
    @paged
    def orders(self, info: Info, page: Page) -> OrderConnection | None:
        counter = info.context.loader(OrderCountByDesign)
        return info.context.loader(OrdersByDesign).connection(self.id, page, Order.from_row, counter)


@federation.type(keys=["id"])
class WebhookDelivery(Stub, prefix="whd"):
    id: strawberry.ID = strawberry.field(description="The delivery's id, `whd_…`.")

    @strawberry.field(
        description="The status changes of orders that the delivery caused, oldest first; null without the scope "
        "`orders:read`.",
        extensions=scoped(READ),
    )
    def timeline(self, info: Info) -> "list[OrderTimelineEntry] | None":
        return info.context.loader(TimelineByDelivery).then(self.id, OrderTimelineEntry.from_rows)


@strawberry.type(description="One change of an order's status, a partial refund, or a parcel that left.")
class OrderTimelineEntry(RowType[models.OrderTimeline]):
    id: strawberry.ID = strawberry.field(description="The entry's id, `otl_…`.")
    version: int = strawberry.field(description="The order's version after the change; 1 for the placing of the order.")
    status: OrderStatus = strawberry.field(description="The status after the change.")
    previous: OrderStatus | None = strawberry.field(
        description="The status before the change: null for the placing of the order, and the same as `status` for a "
        "partial refund, and for a parcel that left without a change of the status."
    )
    at: dt.datetime = strawberry.field(description="When the change happened.")
    recorded_at: dt.datetime | None = strawberry.field(description="When it was recorded here; null if not kept then.")
    reason: str | None = strawberry.field(description="The reason as shown to the customer; null if none was given.")
    actor_kind: ActorKind = strawberry.field(description="The kind of party that caused the change.")
    actor_id: strawberry.Private[str | None]
    order_id: strawberry.Private[str]
    delivery_id: strawberry.Private[str | None]
    shipment_id: strawberry.Private[str | None]

    @classmethod
    def of_version(cls, version: int, rows: "Sequence[models.OrderTimeline]") -> "OrderTimelineEntry | None":
        """Return the entry of a version; None where there is none."""
        return next((cls.from_row(row) for row in rows if row.version == version), None)

    @strawberry.field(
        description="The parcel that left, where the status stayed the same: one that is sent again, or a further part "
        "of the order. Null for all other entries."
    )
    def shipment(self, info: Info) -> Shipment | None:
        if self.shipment_id is None:
            return None
        return info.context.loader(ShipmentsByOrder).then(self.order_id, partial(Shipment.with_id, self.shipment_id))

    @strawberry.field(
        description="The webhook delivery that caused the change; null if none did, or without the scope "
        "`webhooks:read`.",
        extensions=scoped("webhooks:read"),
    )
    def delivery(self) -> WebhookDelivery | None:
        return WebhookDelivery.of(self.delivery_id)

    @strawberry.field(
        description="The user who caused the change. Null for automated changes, for guests and erased accounts, "
        "or without the scope `orders:read`.",
        extensions=scoped(READ),
    )
    def actor(self) -> User | None:
        return User.of(self.actor_id)


@strawberry.type(description="A note about an order, by staff or by the shop's automation.")
class OrderNote(RowType[models.OrderNote]):
    id: strawberry.ID = strawberry.field(description="The note's id, `nte_…`.")
    text: str = strawberry.field(description="The text of the note. Lines are separated by line feeds.")
    visibility: NoteVisibility = strawberry.field(description="Who may read the note.")
    created_at: dt.datetime = strawberry.field(description="When the note was written.")
    author_id: strawberry.Private[str | None]

    @strawberry.field(
        description="The user who wrote the note. Null for automated notes, for erased accounts, or without the "
        "scope `orders:read`.",
        extensions=scoped(READ),
    )
    def author(self) -> User | None:
        return User.of(self.author_id)


@strawberry.type(description="A full or partial refund of an order.")
class OrderRefund(RowType[models.OrderRefund]):
    id: strawberry.ID = strawberry.field(description="The refund's id, `rfd_…`.")
    amount: Money = strawberry.field(description="The refunded amount.")
    reason: str | None = strawberry.field(description="The reason as shown to the customer; null if none was given.")
    state: LedgerEntryState = strawberry.field(
        description="How far the refund has come; one that FAILED has not been made and does not count."
    )
    at: dt.datetime = strawberry.field(description="When the refund was decided.")
    actor_kind: ActorKind = strawberry.field(description="The kind of party that decided on the refund.")
    actor_id: strawberry.Private[str | None]

    @strawberry.field(
        description="The user who decided on the refund. Null for automated refunds, for erased accounts, or "
        "without the scope `orders:read`.",
        extensions=scoped(READ),
    )
    def actor(self) -> User | None:
        return User.of(self.actor_id)


@strawberry.type(description="Something that staff have to do about an order.")
class OrderTask(RowType[models.OrderTask]):
    id: strawberry.ID = strawberry.field(description="The task's id, `tsk_…`.")
    kind: OrderTaskKind = strawberry.field(description="What is to be done.")
    about: str = strawberry.field(
        description="What it is about beside the order, such as a shipment or a dispute; empty for the order itself."
    )
    amount: Money | None = strawberry.field(description="The amount that it is about; null if it is about none.")
    created_at: dt.datetime = strawberry.field(description="When the task was opened first.")
    done_at: dt.datetime | None = strawberry.field(description="When the task was done; null while it is open.")
    done_by: ActorKind | None = strawberry.field(
        description="Who closed the task: STAFF, or SYSTEM when reports settled it; null while it is open."
    )
    note: str | None = strawberry.field(description="What staff noted when they resolved it; null if nothing.")
    order_id: strawberry.Private[str]
    actor_id: strawberry.Private[str | None]

    @strawberry.field(description="The order.")
    def order(self, info: Info) -> "Order | None":
        return info.context.loader(OrderById).then(self.order_id, Order.from_optional_row)

    @strawberry.field(description="The user who resolved the task; null while it is open, and for erased accounts.")
    def actor(self) -> User | None:
        return User.of(self.actor_id)


@federation.type(
    keys=["id"],
    tags=["id/ord"],
    description="An order. It is readable by its customer and with the scope `orders:read`.",
)
class Order(RowType[models.Order], OrderSums, OrderBalance, Versioned, access=rule(owner=True, scope=READ)):
    id: strawberry.ID = strawberry.field(description="The order's id, `ord_…`.")
    number: str = strawberry.field(description="The order number shown to customers, such as `AP-100234`.")
    shop_number: str | None = strawberry.field(
        description="The order number in the shop that took the order, such as `#1234`. It is unique within that shop "
        "only; null for orders that were placed here."
    )
    shop: str | None = strawberry.field(
        description="The shop that took the order, such as `pets.myshopify.com`. Other shops cannot change the order; "
        "null for orders that were placed here."
    )
    test: bool = strawberry.field(
        description="Whether the shop placed it to try its checkout. It is not made, and reports do not count it."
    )
    status: OrderStatus = strawberry.field(description="The current status of the order.")
    version: int = strawberry.field(
        description="Increases by 1 with each entry of `timeline`; 1 when the order is placed. Send it with mutations."
    )
    source: OrderSource = strawberry.field(description="Where the order was placed.")
    placed_at: dt.datetime = strawberry.field(description="When the order was placed.")
    paid_at: dt.datetime | None = strawberry.field(description="When the payment was recorded; null until then.")
    changed_at: dt.datetime = strawberry.field(
        description="When the status last changed; when the order was placed if it has not changed yet."
    )
    refunded: Money = strawberry.field(
        description="The part of `total` that was refunded so far, also where the provider has yet to confirm it. What "
        "was paid too much is refunded first and is no part of it."
    )
    priced_at: strawberry.Private[dt.datetime | None]
    held_from: strawberry.Private[OrderStatus | None]
    contact_email: str | None = strawberry.field(
        description="The e-mail address for messages about the order. Null if none is known, once the customer's "
        "account is erased, or if the viewer may not read it.",
        extensions=owner_or(READ, "customer_id"),
    )
    customer_id: strawberry.Private[str | None]

    @strawberry.field(
        description="The user who placed the order; null for guests and erased accounts, and if the viewer may not "
        "read the order's contact."
    )
    def customer(self, info: Info) -> User | None:
        # A guest may name anybody's address, and must not learn who has an account with it.
        return User.of(self.customer_id if info.context.viewer.can_access(self.customer_id, READ) else None)

    @strawberry.field(
        description="The delivery address; null if the viewer may not read it.",
        extensions=owner_or(READ, "customer_id"),
    )
    def shipping_address(self, info: Info) -> ShippingAddress | None:
        return info.context.loader(OrderById).then(self.id, ShippingAddress.from_optional_row)

    @strawberry.field(description="The ordered items.")
    def lines(self, info: Info) -> list[OrderLine]:
        return OrderLine.of_order(info, self.id, self.customer_id)

    @strawberry.field(
        description="Every status, partial refund and further parcel of the order so far, oldest first. The last "
        "entry has the order's `version`."
    )
    def timeline(self, info: Info) -> list[OrderTimelineEntry]:
        return info.context.loader(TimelineByOrder).then(self.id, OrderTimelineEntry.from_rows)

    @strawberry.field(description="The order's parcels, in the sequence in which they were added.")
    def shipments(self, info: Info) -> list[Shipment]:
        return info.context.loader(ShipmentsByOrder).then(self.id, Shipment.from_rows)

    @strawberry.field(
        description="The notes about the order, oldest first; null if the viewer may not read them. Internal notes "
        "are listed only with the scope `orders:read`.",
        extensions=owner_or(READ, "customer_id"),
        metadata=rule(owner=True, scope=READ, remark="internal notes for `orders:read` alone"),
    )
    def notes(self, info: Info) -> list[OrderNote] | None:
        sees_all = info.context.viewer.has_scope(READ)

        def visible(rows: Sequence[models.OrderNote]) -> list[OrderNote]:
            return OrderNote.from_rows(row for row in rows if sees_all or row.visibility is NoteVisibility.CUSTOMER)

        return info.context.loader(NotesByOrder).then(self.id, visible)

    @strawberry.field(description="The refunds of the order, oldest first.")
    def refunds(self, info: Info) -> list[OrderRefund]:
        return info.context.loader(RefundsByOrder).then(self.id, OrderRefund.from_rows)

    @strawberry.field(
        description="What staff have to do about the order, oldest first; null without the scope `orders:read`.",
        extensions=scoped(READ),
    )
    def tasks(self, info: Info) -> list[OrderTask] | None:
        return info.context.loader(TasksByOrder).then(self.id, OrderTask.from_rows)

    @strawberry.field(
        description="Why the contact e-mail address gets no mails about orders; empty if nothing prevents them. "
        "`mailSuppressionLift` lifts a cause. Null without the scope `orders:read`.",
        extensions=scoped(READ),
    )
    def mail_suppressions(self, info: Info) -> list[MailSuppression] | None:
        in_force = partial(suppressions_in_force, has_account=self.customer_id is not None)
        digest = info.context.resource(Pseudonymizer).of_email(self.contact_email or "")
        return info.context.loader(SuppressionsByDigest).then(
            digest, lambda rows: MailSuppression.from_rows(in_force(rows))
        )

    @strawberry.field(
        description="The statuses that the viewer may move the order to, in the order of `OrderStatus`: with the scope "
        "`orders:write` by `orderStatusAdvance`, and its customer by `orderCancel`. Empty for all others."
    )
    def allowed_transitions(self, info: Info) -> list[OrderTransition]:
        viewer = info.context.viewer
        is_staff = viewer.has_scope(WRITE)
        if not viewer.can_access(self.customer_id, WRITE):
            return []
        is_repaid = self.status is OrderStatus.REFUNDED or self._balance.is_repaid
        now = status.Situation(self.status, self.paid_at is not None, is_repaid, self.held_from)
        allowed = status.legal(now, ActorKind.STAFF if is_staff else ActorKind.CUSTOMER)
        return [
            OrderTransition(
                to=to,
                needs_reason=is_staff and to in status.EXPLAINED,
                needs_recent_authentication=to is OrderStatus.REFUNDED,
            )
            for to in OrderStatus
            if to in allowed
        ]

    @strawberry.field(
        description="Whether the customer can still cancel the order with `orderCancel`: while it is PENDING or PAID."
    )
    def cancellable(self) -> bool:
        return OrderStatus.CANCELLED in status.legal(status.Situation(self.status), ActorKind.CUSTOMER)

    @strawberry.field(
        description="Whether the order can be placed again with `orderReorder`: once all of it has shipped, or it "
        f"is cancelled, returned or refunded, until {PRICES_LAST.days} days after its prices were made."
    )
    def reorderable(self) -> bool:
        return self.status in status.REORDERABLE and prices_hold(self.priced_at or self.placed_at)

    @classmethod
    async def resolve_references(cls, info: Info, ids: Sequence[str]) -> "list[Order | None]":
        viewer = info.context.viewer
        rows = await info.context.loader(OrderById).load_many(ids)
        return [
            cls.from_row(row) if row is not None and viewer.can_access(row.customer_id, READ) else None for row in rows
        ]

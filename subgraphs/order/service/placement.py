"""Places orders. Their sums are worked out here, so that what is stored always adds up."""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass, replace

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from shared.core.ids import new_id
from shared.core.validation import Checks
from shared.database.after_commit import notify_after_commit
from shared.database.rows import one
from shared.events.outbox import record
from shared.graph.money import CurrencyCode
from shared.security.pseudonyms import Pseudonymizer
from subgraphs.order import status
from subgraphs.order.enums import ActorKind, OrderLineKind, OrderSource
from subgraphs.order.events import OrderCreated, OrderedLine
from subgraphs.order.models import Order, OrderLine, OrderTimeline
from subgraphs.order.service.guest_orders import customer_with
from subgraphs.order.service.job_types import FIRST_LOOK_SECONDS, NOTIFICATION, PAYMENT_EXPIRY
from subgraphs.order.service.status_feed import CHANNEL

MOST_LINES = 100
MOST_PIECES = 1000
LARGEST_AMOUNT = 1_000_000_00


@dataclass(frozen=True)
class NewLine:
    """What is ordered; `unit_price_minor` in minor units.

    `product` is the kind of the product, where it is known; `quoted_version` the version of the design or preset whose
    price was quoted.
    """

    title: str
    quantity: int
    unit_price_minor: int
    design_id: str | None = None
    kind: OrderLineKind = OrderLineKind.GOODS
    preset_id: str | None = None
    product: str | None = None
    quoted_version: int | None = None


@dataclass(frozen=True)
class NewAddress:
    """Where it goes, by the columns of the order."""

    recipient: str
    address_line1: str
    city: str
    # Some countries have none.
    postal_code: str | None
    country_code: str
    address_line2: str | None = None
    region: str | None = None
    phone: str | None = None


@dataclass(frozen=True)
class NewOrder:
    """An order to place; amounts in minor units. A guest's order has no `customer_id`.

    Only an order of another shop may lack contact and address: what is reported about them follows. `delivery_id` is
    the webhook that reported it, `priced_at` when its prices were those of the shop, where that was before. `visitor`
    is who used the cart, as far as its shop knows; `test` marks an order by which a shop tries its checkout. `cart_id`
    is the cart that it was, and `included_tax_minor` the part of the prices that is tax. `locale` is the language
    tag in which its customer read the shop.
    """

    lines: Sequence[NewLine]
    currency: CurrencyCode
    address: NewAddress | None
    customer_id: str | None
    contact_email: str | None
    discount_minor: int = 0
    shipping_minor: int = 0
    tax_minor: int = 0
    source: OrderSource = OrderSource.ALL_PET_PLUS
    external_id: str | None = None
    placed_at: dt.datetime | None = None
    delivery_id: str | None = None
    shop: str | None = None
    shop_number: str | None = None
    test: bool = False
    priced_at: dt.datetime | None = None
    visitor: str | None = None
    included_tax_minor: int = 0
    cart_id: str | None = None
    locale: str | None = None


async def place_order(
    session: AsyncSession, pseudonymizer: Pseudonymizer, new: NewOrder, order_id: str | None = None
) -> Order:
    """Store an order in PENDING with its first timeline row, publish it and return its row; raises InvalidInput.

    A guest's order carries the digest of their address, by which it finds its customer, now or later. A caller who
    must know the id beforehand makes it.
    """
    checked, digest = _checked(new), None
    if checked.customer_id is None:
        digest = pseudonymizer.of_email(checked.contact_email or "")
        checked = replace(checked, customer_id=await customer_with(session, digest))
    return await store_order(session, checked, order_id, contact_digest=digest)


async def store_order(
    session: AsyncSession, new_order: NewOrder, order_id: str | None = None, *, contact_digest: str | None = None
) -> Order:
    """Do as `place_order`, but unchecked: what another shop has sold is a fact, however much it is."""
    order_id = order_id or new_id("ord")
    placed_at = new_order.placed_at or dt.datetime.now(dt.UTC)
    values = {
        "id": order_id,
        "customer_id": new_order.customer_id,
        "contact_email": new_order.contact_email,
        "contact_digest": contact_digest,
        "status": status.NEW.status,
        "version": 1,
        **sums(new_order),
        **(asdict(new_order.address) if new_order.address is not None else {}),
        "source": new_order.source,
        "external_id": new_order.external_id,
        "shop": new_order.shop,
        "shop_number": new_order.shop_number,
        "test": new_order.test,
        "priced_at": new_order.priced_at,
        "cart_id": new_order.cart_id,
        "locale": new_order.locale,
        "placed_at": placed_at,
        "changed_at": placed_at,
    }
    order = await one(session, Order, insert(Order).values(values).returning(*Order.__table__.columns))
    await store_lines(session, order_id, new_order)
    first = {
        "id": new_id("otl"),
        "order_id": order_id,
        "version": 1,
        "status": status.NEW.status,
        "actor_kind": ActorKind.CUSTOMER,
        # An order of another shop is its customer's by an address that may turn out to be wrong.
        "actor_id": new_order.customer_id if new_order.source is OrderSource.ALL_PET_PLUS else None,
        "at": placed_at,
        "delivery_id": new_order.delivery_id,
    }
    await session.execute(insert(OrderTimeline).values(first))
    await record(session, _created(order, new_order))
    notify_after_commit(session, CHANNEL, order_id)
    if new_order.source is OrderSource.ALL_PET_PLUS:
        # Other shops confirm their orders themselves.
        await NOTIFICATION.enqueue(session, {"order_id": order_id, "version": 1})
        await PAYMENT_EXPIRY.enqueue(session, {"order_id": order_id}, delay=FIRST_LOOK_SECONDS)
    return order


async def store_lines(session: AsyncSession, order_id: str, new: NewOrder, refused: Collection[str] = ()) -> None:
    """Store an order's lines. An edited order of a shop may have none left."""
    if new.lines:
        await session.execute(insert(OrderLine), line_rows(order_id, new, refused))


def sums(new: NewOrder) -> dict[str, object]:
    """Return the columns of an order that hold the amounts."""
    subtotal = sum(line.quantity * line.unit_price_minor for line in new.lines)
    return {
        "currency": new.currency,
        "subtotal_minor": subtotal,
        "discount_minor": new.discount_minor,
        "shipping_minor": new.shipping_minor,
        "tax_minor": new.tax_minor,
        "included_tax_minor": new.included_tax_minor,
        "total_minor": subtotal - new.discount_minor + new.shipping_minor + new.tax_minor,
    }


def line_rows(order_id: str, new: NewOrder, refused: Collection[str] = ()) -> list[dict[str, object]]:
    """Return the rows of an order's lines; `refused` are designs that it names and that are not its customer's."""
    return [
        {
            "id": new_id("oln"),
            "order_id": order_id,
            "position": position,
            "design_id": line.design_id,
            "design_refused": line.design_id in refused,
            "preset_id": line.preset_id,
            "product": line.product,
            "quoted_version": line.quoted_version,
            "kind": line.kind,
            "title": line.title,
            "quantity": line.quantity,
            "currency": new.currency,
            "unit_price_minor": line.unit_price_minor,
            "total_minor": line.quantity * line.unit_price_minor,
        }
        for position, line in enumerate(new.lines, start=1)
    ]


def ordered_lines(lines: Iterable[NewLine]) -> list[OrderedLine]:
    """Return lines as events have them, without what was taken off the order."""
    return [
        OrderedLine(
            design_id=line.design_id,
            quantity=line.quantity,
            design_version=line.quoted_version if line.design_id is not None else None,
            preset_id=line.preset_id,
        )
        for line in lines
        if line.kind is not OrderLineKind.REMOVED
    ]


def _created(order: Order, new: NewOrder) -> OrderCreated:
    return OrderCreated(
        order_id=order.id,
        number=order.number,
        customer_id=order.customer_id,
        lines=ordered_lines(new.lines),
        total_minor=order.total_minor,
        currency=new.currency.value,
        visitor=new.visitor,
        placed_at=order.placed_at,
        test=order.test,
    )


def _checked(new: NewOrder) -> NewOrder:
    checks = Checks("order")
    if not 1 <= len(new.lines) <= MOST_LINES:
        checks.refuse("lines", "OUT_OF_RANGE", f"An order has 1 to {MOST_LINES} lines.")
    for index, line in enumerate(new.lines):
        checks.text(f"lines.{index}.title", line.title)
        if not 1 <= line.quantity <= MOST_PIECES:
            checks.refuse(f"lines.{index}.quantity", "OUT_OF_RANGE", f"Order 1 to {MOST_PIECES} pieces.")
        _check_amount(checks, f"lines.{index}.unitPrice", line.unit_price_minor)
    for name, amount in (("discount", new.discount_minor), ("shipping", new.shipping_minor), ("tax", new.tax_minor)):
        _check_amount(checks, name, amount)
    if new.discount_minor > sum(line.quantity * line.unit_price_minor for line in new.lines):
        checks.refuse("discount", "OUT_OF_RANGE", "The discount cannot exceed what the goods cost.")
    checks.email("contactEmail", new.contact_email or "")
    if new.address is None:
        checks.refuse("address", "MISSING", "An order needs an address.")
    for name, value in (asdict(new.address) if new.address is not None else {}).items():
        if value is not None:
            checks.text(f"address.{name}", value)
    checks.raise_if_any()
    return new


def _check_amount(checks: Checks, name: str, minor: int) -> None:
    if not 0 <= minor <= LARGEST_AMOUNT:
        checks.refuse(name, "OUT_OF_RANGE", f"An amount is from 0 to {LARGEST_AMOUNT} minor units.")

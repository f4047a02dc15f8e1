"""Orders a cart: once, whoever asks how often. The order exists before its payment, so that no payment is lost."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from shared.core.errors import IllegalState, Unavailable
from shared.core.observability import log
from shared.core.validation import Checks
from shared.database.database import Database
from shared.database.rows import many, one
from shared.events.outbox import record
from shared.graph.languages import check_locale
from shared.runtime import Runtime
from shared.security.client_network import network_of
from shared.security.pseudonyms import Pseudonymizer
from shared.security.rate_limit import FixedWindowLimiter
from subgraphs.order.cart_inputs import CheckoutCompleteInput
from subgraphs.order.cart_models import Cart, CartLine
from subgraphs.order.enums import OrderStatus
from subgraphs.order.errors import cart_changed
from subgraphs.order.events import CartCheckedOut
from subgraphs.order.models import Order
from subgraphs.order.service.availability import withdrawn
from subgraphs.order.service.carts.contents import CartContents, Obstacle, contents_of, subjects_of_rows
from subgraphs.order.service.carts.delivery import ADDRESS
from subgraphs.order.service.carts.discounts import NO_DISCOUNT, discounts_of
from subgraphs.order.service.carts.holders import ORDERED_CARTS_LAST, Holder, change_cart, held_cart
from subgraphs.order.service.carts.items import Item
from subgraphs.order.service.carts.lines import event_item
from subgraphs.order.service.decisions import decide
from subgraphs.order.service.discount_codes import use_discount
from subgraphs.order.service.payments import Payments, StartedPayment, start_payment
from subgraphs.order.service.placement import NewAddress, NewLine, NewOrder, place_order
from subgraphs.order.service.transitions import SYSTEM

MOST_TO_CONTACT = 20
"""Orders a day with one contact address: each sends it a mail, and anybody may name any address."""
MOST_OF_NETWORK = 300
WINDOW_SECONDS = 24 * 3600


@dataclass(frozen=True)
class Checkout:
    """What came of it: the order's row and its payment, which may have to be begun later, or what prevents it."""

    order: Order | None = None
    payment: StartedPayment | None = None
    obstacles: Sequence[Obstacle] = ()
    is_guests: bool = False


class CartCheckout:
    """Orders carts with the means of a running subgraph."""

    def __init__(
        self,
        database: Database,
        pseudonymizer: Pseudonymizer,
        payments: Payments,
        by_contact: FixedWindowLimiter,
        by_network: FixedWindowLimiter,
    ) -> None:
        self._database = database
        self._pseudonymizer = pseudonymizer
        self._payments = payments
        self._by_contact = by_contact
        self._by_network = by_network

    @classmethod
    def from_runtime(cls, runtime: Runtime) -> "CartCheckout":
        """Make the checkout of a running subgraph."""
        by_contact = FixedWindowLimiter(runtime.redis, "checkout-contact", most=MOST_TO_CONTACT, seconds=WINDOW_SECONDS)
        by_network = FixedWindowLimiter(runtime.redis, "checkout-network", most=MOST_OF_NETWORK, seconds=WINDOW_SECONDS)
        people, payments = runtime.resource(Pseudonymizer), runtime.resource(Payments)
        return cls(runtime.database, people, payments, by_contact, by_network)

    async def complete(self, holder: Holder, address: str, given: CheckoutCompleteInput) -> Checkout:
        """Order a cart, or find the order that it became, whatever the version, and begin its payment.

        A provider that is away changes nothing about the order. Raises InvalidInput, NotFound, Unauthenticated,
        VersionConflict, TooManyRequests, or IllegalState where others used up the discount code meanwhile.
        """
        checks = Checks()
        if given.locale is not None:
            check_locale(checks, "locale", given.locale)
        checks.raise_if_any()
        done = await self._place_once(holder, address, given)
        if done.order is None or done.order.status is not OrderStatus.PENDING:
            return done
        try:
            return replace(done, payment=await start_payment(self._database, self._payments, done.order))
        except (Unavailable, IllegalState) as error:
            log.warning("payment not started", order=done.order.id, code=error.code)
            return done

    async def _place_once(self, holder: Holder, address: str, given: CheckoutCompleteInput) -> Checkout:
        async with self._database.write() as session:
            cart = await held_cart(session, holder, given.cart_id)
            is_guests = cart.customer_id is None
            if cart.order_id is not None:
                row = await one(session, Order, select(Order.__table__).where(Order.id == cart.order_id))
                return Checkout(row, is_guests=is_guests)
            if cart.version != given.version:
                raise cart_changed(cart.version)
            contents = await _contents(session, cart)
            if contents.obstacles:
                return Checkout(obstacles=contents.obstacles)
            await self._by_network.check(network_of(address))
            await self._by_contact.check(cart.contact_digest or "")
            return Checkout(await self._order(session, contents, given.locale), is_guests=is_guests)

    async def _order(self, session: AsyncSession, contents: CartContents, locale: str | None) -> Order:
        cart = contents.cart
        order = await place_order(session, self._pseudonymizer, replace(_order_of(contents), locale=locale))
        placed = CartCheckedOut(
            cart_id=cart.id,
            customer_id=cart.customer_id,
            visitor=cart.visitor,
            order_id=order.id,
            items=[event_item(item) for item in contents.items],
            placed_at=order.placed_at,
        )
        await record(session, placed)
        await change_cart(session, cart, order_id=order.id, expires_at=order.placed_at + ORDERED_CARTS_LAST)
        if order.total_minor == 0:
            # There is nothing that a payment could be about.
            order = await decide(session, order, order.version, OrderStatus.PAID, SYSTEM, "It costs nothing.")
        if cart.discount_code is not None:
            # Last, since it locks the code for all others.
            await self._use_discount(session, contents, order, cart.discount_code)
        return order

    async def _use_discount(self, session: AsyncSession, contents: CartContents, order: Order, code: str) -> None:
        cart, totals = contents.cart, contents.totals
        goods = totals.subtotal_minor - totals.quantity_discount_minor
        who = (order.customer_id, cart.contact_digest or "")
        await use_discount(session, code, order.id, cart.currency, goods, order.placed_at, *who)


async def _contents(session: AsyncSession, cart: Cart) -> CartContents:
    lines = select(CartLine.__table__).where(CartLine.cart_id == cart.id).order_by(CartLine.position)
    rows = await many(session, CartLine, lines)
    discounts = await discounts_of(session, [cart])
    gone = await withdrawn(session, subjects_of_rows(rows))
    return contents_of(cart, rows, discounts.get(cart.id, NO_DISCOUNT), gone)


def _order_of(contents: CartContents) -> NewOrder:
    """Return the order of a cart that has no obstacles."""
    cart, totals = contents.cart, contents.totals
    return NewOrder(
        lines=[_line(item) for item in contents.items],
        currency=cart.currency,
        address=NewAddress(**{name: getattr(cart, name) for name in ADDRESS}),
        customer_id=cart.customer_id,
        contact_email=cart.contact_email,
        discount_minor=totals.quantity_discount_minor + totals.code_discount_minor,
        shipping_minor=totals.shipping_minor,
        tax_minor=totals.tax_added_minor,
        included_tax_minor=totals.tax_included_minor,
        cart_id=cart.id,
        visitor=cart.visitor,
    )


def _line(item: Item) -> NewLine:
    return NewLine(
        item.title,
        item.quantity,
        item.unit_price_minor,
        design_id=item.design_id,
        preset_id=item.subject_id if item.design_id is None else None,
        product=item.product,
        quoted_version=item.version,
    )

"""Makes carts. A customer has one that is open, which is theirs on every device; guests have as many as they like."""

import datetime as dt
from dataclasses import dataclass, replace

from sqlalchemy import delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from shared.core.errors import IllegalState
from shared.core.ids import new_id
from shared.core.validation import Checks
from shared.database.database import Database
from shared.database.rows import one, one_or_none
from shared.events.outbox import record
from shared.graph.money import CurrencyCode
from shared.runtime import Runtime
from shared.security.auth import Viewer
from shared.security.client_network import network_of
from shared.security.quotes import QuoteSigner
from shared.security.rate_limit import FixedWindowLimiter
from subgraphs.order.cart_inputs import CartCreateInput, CartLineInput
from subgraphs.order.cart_models import Cart
from subgraphs.order.service.carts.holders import (
    CUSTOMER_CARTS_LAST,
    GUEST_CARTS_LAST,
    change_cart,
    digest_of_token,
    new_token,
)
from subgraphs.order.service.carts.items import Item, ensured
from subgraphs.order.service.carts.lines import check_size, items_added, items_of, read_lines, store_items

MOST_OF_GUESTS = 300
"""Of one network in a day; a company's people share an address."""
WINDOW_SECONDS = 24 * 3600
LONGEST_VISITOR = 100


@dataclass(frozen=True)
class NewCart:
    """The row of a cart, and the token that opens it where it is a guest's."""

    row: Cart
    token: str | None


class CartMaker:
    """Makes carts with the means of a running subgraph."""

    def __init__(self, database: Database, signer: QuoteSigner, by_network: FixedWindowLimiter) -> None:
        self._database = database
        self._signer = signer
        self._by_network = by_network

    @classmethod
    def from_runtime(cls, runtime: Runtime) -> "CartMaker":
        """Make the maker of a running subgraph."""
        limiter = FixedWindowLimiter(runtime.redis, "carts", most=MOST_OF_GUESTS, seconds=WINDOW_SECONDS)
        return cls(runtime.database, runtime.resource(QuoteSigner), limiter)

    async def create(self, viewer: Viewer, address: str, given: CartCreateInput) -> NewCart:
        """Return a new cart of a guest, or the open cart of a customer, in which all that is given is then.

        Raises InvalidInput, IllegalState where that cart is in another currency, or TooManyRequests.
        """
        checks = Checks()
        visitor = checks.text("visitor", given.visitor, longest=LONGEST_VISITOR) if given.visitor is not None else None
        if viewer.id is None:
            await self._by_network.check(network_of(address))
        async with self._database.write() as session:
            token = None
            if viewer.id is not None:
                cart = await self._customers_cart(session, viewer.id, given.currency, visitor)
            else:
                token = new_token()
                cart = await insert_cart(session, given.currency, visitor, token=token)
            return NewCart(await self._fill(session, checks, cart, given.lines), token)

    async def _customers_cart(
        self, session: AsyncSession, customer_id: str, currency: CurrencyCode, visitor: str | None
    ) -> Cart:
        cart = await open_cart_of(session, customer_id)
        if cart is None:
            return await insert_cart(session, currency, visitor, customer_id=customer_id)
        changes: dict[str, object] = {}
        if cart.currency is not currency:
            if await items_of(session, cart.id):
                message = f"Your open cart is in {cart.currency.value}: order or empty it first."
                raise IllegalState(message)
            changes["currency"] = currency
        if visitor not in (None, cart.visitor):
            changes["visitor"] = visitor
        return await change_cart(session, cart, **changes) if changes else cart

    async def _fill(self, session: AsyncSession, checks: Checks, cart: Cart, given: list[CartLineInput]) -> Cart:
        """Put lines into a cart so that a request that is sent again changes nothing."""
        more = read_lines(checks, self._signer, cart, given)
        before = await items_of(session, cart.id)
        after = ensured(before, more)
        check_size(checks, after)
        if after == before:
            return cart
        await store_items(session, cart, before, after)
        await record(session, items_added(cart, _growth(before, after)))
        return await change_cart(session, cart) if before else cart


async def insert_cart(
    session: AsyncSession,
    currency: CurrencyCode,
    visitor: str | None,
    *,
    customer_id: str | None = None,
    token: str | None = None,
) -> Cart:
    """Store an empty cart of a customer, or of the guest with a token, and return its row."""
    now = dt.datetime.now(dt.UTC)
    row = {
        "id": new_id("crt"),
        "version": 1,
        "currency": currency,
        "customer_id": customer_id,
        "token_digest": digest_of_token(token) if token is not None else None,
        "visitor": visitor,
        "created_at": now,
        "changed_at": now,
        "expires_at": now + (CUSTOMER_CARTS_LAST if customer_id is not None else GUEST_CARTS_LAST),
    }
    return await one(session, Cart, insert(Cart).values(row).returning(*Cart.__table__.columns))


async def open_cart_of(session: AsyncSession, customer_id: str) -> Cart | None:
    """Return the locked row of a customer's open cart, if there is one; no other is made before the commit."""
    await session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"cart {customer_id}", 0))))
    theirs = (Cart.customer_id == customer_id, Cart.order_id.is_(None))
    await session.execute(delete(Cart).where(*theirs, Cart.expires_at <= func.now()))
    return await one_or_none(session, Cart, select(Cart.__table__).where(*theirs).with_for_update())


def _growth(before: list[Item], after: list[Item]) -> list[Item]:
    """Return what came to the lines of a cart."""
    known = {item.id: item.quantity for item in before}
    grown = [(item, item.quantity - known.get(item.id, 0)) for item in after]
    return [replace(item, quantity=more) for item, more in grown if more > 0]

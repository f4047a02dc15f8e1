"""Who holds a cart: its customer, or for a guest's cart whoever has its token.

The token is 256 bits of chance, of which a digest alone is stored. A wrong token, somebody else's cart and a cart that
does not exist get one answer.
"""

import datetime as dt
import hashlib
import hmac
import secrets
from dataclasses import dataclass

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from shared.core import base64url
from shared.core.errors import IllegalState, Unauthenticated
from shared.database.rows import one, one_or_none
from shared.security.auth import Viewer
from subgraphs.order.cart_models import Cart
from subgraphs.order.errors import cart_changed, unknown_cart
from subgraphs.order.loaders import READ

GUEST_CARTS_LAST = dt.timedelta(days=30)
CUSTOMER_CARTS_LAST = dt.timedelta(days=180)
ORDERED_CARTS_LAST = dt.timedelta(days=30)
"""So long `checkoutComplete` answers the order again."""
_TOKEN_BYTES = 32


@dataclass(frozen=True)
class Holder:
    """Who asks for a cart: a caller, and the token that they sent."""

    viewer: Viewer
    token: str | None = None

    def holds(self, cart: Cart | None) -> bool:
        """Tell whether they may change a cart and order it. For none the same is compared as for one."""
        is_customers = cart is not None and cart.customer_id is not None and cart.customer_id == self.viewer.id
        known = (cart.token_digest if cart is not None else None) or ""
        return hmac.compare_digest(known, digest_of_token(self.token or "")) or is_customers

    def visible(self, cart: Cart | None) -> Cart | None:
        """Return a cart that they may see, unless it has expired: staff may see all."""
        may = self.holds(cart) or self.viewer.has_scope(READ)
        return cart if may and cart is not None and cart.expires_at > dt.datetime.now(dt.UTC) else None


def new_token() -> str:
    """Make the token of a guest's cart."""
    return base64url.encode(secrets.token_bytes(_TOKEN_BYTES))


def digest_of_token(token: str) -> str:
    """Return what is stored of a token: SHA-256 in hexadecimal, since the token cannot be guessed."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()


async def held_cart(session: AsyncSession, holder: Holder, cart_id: str) -> Cart:
    """Return the row of a cart of the caller's, locked until the commit; raises NotFound or Unauthenticated."""
    if not holder.viewer.is_signed_in and holder.token is None:
        raise Unauthenticated("Send the cart's `token`, or log in.")
    known = (Cart.id == cart_id, Cart.expires_at > func.now())
    cart = await one_or_none(session, Cart, select(Cart.__table__).where(*known).with_for_update())
    if not holder.holds(cart) or cart is None:
        raise unknown_cart()
    return cart


async def open_cart(session: AsyncSession, holder: Holder, cart_id: str, version: int) -> Cart:
    """Return the locked row of a cart that may change; raises as `held_cart`, and VersionConflict or IllegalState."""
    cart = await held_cart(session, holder, cart_id)
    if cart.order_id is not None:
        raise IllegalState("This cart is ordered; make a new one with `cartCreate`.")
    if cart.version != version:
        raise cart_changed(cart.version)
    return cart


async def change_cart(session: AsyncSession, cart: Cart, **values: object) -> Cart:
    """Give a locked cart its next version, with new values of some columns, and return the changed row."""
    now = dt.datetime.now(dt.UTC)
    is_guests = values.get("customer_id", cart.customer_id) is None
    until = now + (GUEST_CARTS_LAST if is_guests else CUSTOMER_CARTS_LAST)
    changed = {"version": cart.version + 1, "changed_at": now, "expires_at": until} | values
    statement = update(Cart).where(Cart.id == cart.id).values(changed).returning(*Cart.__table__.columns)
    return await one(session, Cart, statement)

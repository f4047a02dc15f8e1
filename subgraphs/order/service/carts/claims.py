"""A customer takes a guest's cart over. An open cart of theirs goes into it, so that its id stays good."""

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from shared.core.errors import IllegalState
from shared.database.database import Database
from shared.security.auth import Viewer
from subgraphs.order.cart_inputs import CartClaimInput
from subgraphs.order.cart_models import Cart
from subgraphs.order.service.carts.creation import open_cart_of
from subgraphs.order.service.carts.delivery import ADDRESS
from subgraphs.order.service.carts.holders import Holder, change_cart, held_cart
from subgraphs.order.service.carts.items import added, excess
from subgraphs.order.service.carts.lines import items_of, store_items

_CONTACT = ("contact_email", "contact_digest")


async def claim_cart(database: Database, viewer: Viewer, given: CartClaimInput) -> Cart:
    """Make a guest's cart the customer's, and return its row; one that is theirs stays as it is.

    Raises NotFound, or IllegalState where it is ordered, or does not go together with the cart that they have.
    """
    async with database.write() as session:
        customer_id = viewer.id or ""
        # First, as wherever both are locked.
        own = await open_cart_of(session, customer_id)
        cart = await held_cart(session, Holder(viewer, given.token), given.cart_id)
        if cart.customer_id == customer_id:
            return cart
        if cart.order_id is not None:
            raise IllegalState("This cart is ordered; make a new one with `cartCreate`.")
        values: dict[str, object] = {"customer_id": customer_id, "token_digest": None}
        if own is not None:
            values |= await _take_in(session, cart, own)
        return await change_cart(session, cart, **values)


async def _take_in(session: AsyncSession, cart: Cart, own: Cart) -> dict[str, object]:
    """Move all that a customer's cart holds into another, and delete it; returns what else it has to say."""
    theirs, before = await items_of(session, own.id), await items_of(session, cart.id)
    if theirs and own.currency is not cart.currency:
        raise IllegalState(f"Your open cart is in {own.currency.value}: order or empty it first.")
    after = added(before, theirs)
    too_much = excess(after)
    if too_much is not None:
        raise IllegalState(f"Together with your open cart this is too much. {too_much}")
    await session.execute(delete(Cart).where(Cart.id == own.id))
    await store_items(session, cart, before, after)
    # What somebody has said of themselves as a customer counts, and else what they said as a guest.
    groups = (_CONTACT, ADDRESS, ("shipping_method",), ("discount_code",))
    kept = {name: getattr(own, name) for names in groups if getattr(own, names[0]) is not None for name in names}
    return kept | {"visitor": cart.visitor or own.visitor}

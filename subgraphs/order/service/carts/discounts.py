"""What becomes of the discount codes of carts: the rule that applies, or why none does."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from subgraphs.order.cart_models import Cart
from subgraphs.order.enums import DiscountRefusal
from subgraphs.order.pricing.discounts import DiscountRule
from subgraphs.order.service.discount_codes import Asked, find_discounts


@dataclass(frozen=True)
class Discount:
    """The rule of a cart's code, or why it does not apply; neither for a cart without a code."""

    rule: DiscountRule | None = None
    refusal: DiscountRefusal | None = None


NO_DISCOUNT = Discount()


async def discounts_of(connection: AsyncConnection | AsyncSession, carts: Sequence[Cart]) -> Mapping[str, Discount]:
    """Return what becomes of the codes of carts by their ids, in two statements; carts without a code are left out."""
    with_code = [(cart, cart.discount_code) for cart in carts if cart.discount_code is not None]
    if not with_code:
        return {}
    asked = [
        Asked(code, cart.currency, cart.customer_id, cart.contact_digest, is_used=cart.order_id is not None)
        for cart, code in with_code
    ]
    found = await find_discounts(connection, asked, dt.datetime.now(dt.UTC))
    return {
        cart.id: Discount(refusal=each) if isinstance(each, DiscountRefusal) else Discount(each)
        for (cart, _), each in zip(with_code, found, strict=True)
    }

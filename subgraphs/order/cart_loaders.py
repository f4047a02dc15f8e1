"""Batch loaders of carts: any number of them, with all that they come to, in a constant number of statements."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Text, any_, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY

from shared.database.database import Database
from shared.database.prepared import PreparedSelect
from shared.graph.loaders import Loader, RowByKey, RowsByKey
from subgraphs.order.cart_models import Cart, CartLine
from subgraphs.order.service.availability import withdrawn
from subgraphs.order.service.carts.contents import CartContents, contents_of, subjects_of_rows
from subgraphs.order.service.carts.discounts import NO_DISCOUNT, discounts_of

_OPEN = PreparedSelect[Cart](
    select(Cart.__table__).where(
        Cart.customer_id == any_(bindparam("keys", type_=ARRAY(Text))),
        Cart.order_id.is_(None),
        Cart.expires_at > func.now(),
    )
)


class CartById(RowByKey[Cart]):
    key = Cart.id


class LinesByCart(RowsByKey[CartLine]):
    key = CartLine.cart_id
    order = CartLine.position


class OpenCartByCustomer(Loader[str, Cart | None]):
    """The cart that a customer has not ordered yet."""

    async def fetch(self, database: Database, keys: Sequence[str]) -> Mapping[str, Cart | None]:
        rows = await _OPEN.rows(database, keys=keys)
        return {row.customer_id: row for row in rows if row.customer_id is not None}


class ContentsByCart(Loader[str, CartContents]):
    """What carts that exist come to."""

    async def fetch(self, database: Database, keys: Sequence[str]) -> Mapping[str, CartContents]:
        known = [cart for cart in await self.context.loader(CartById).load_many(keys) if cart is not None]
        lines = dict(zip(keys, await self.context.loader(LinesByCart).load_many(keys), strict=True))
        subjects = [subject for rows in lines.values() for subject in subjects_of_rows(rows)]
        async with database.read() as connection:
            gone = await withdrawn(connection, subjects)
            discounts = await discounts_of(connection, known)
        return {cart.id: contents_of(cart, lines[cart.id], discounts.get(cart.id, NO_DISCOUNT), gone) for cart in known}

"""Removes carts that have expired: of guests, of customers who left them, and of those that were ordered."""

from sqlalchemy import delete, func, select

from shared.database.database import Database
from subgraphs.order.cart_models import Cart

BATCH = 1000


async def remove_expired_carts(database: Database) -> None:
    """Delete carts whose time is over, batch by batch."""
    removed = BATCH
    over = select(Cart.id).where(Cart.expires_at <= func.now()).limit(BATCH)
    while removed == BATCH:
        async with database.write() as session:
            removed = len((await session.scalars(delete(Cart).where(Cart.id.in_(over)).returning(Cart.id))).all())

"""Erases the carts of people: whole, since a cart that is not ordered is nobody's record."""

from collections.abc import Collection

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from shared.graph.loaders import in_keys
from subgraphs.order.cart_models import Cart


async def forget_carts_of(session: AsyncSession, user_id: str) -> None:
    """Erase all carts of a user; the orders that came of them stay."""
    await session.execute(delete(Cart).where(Cart.customer_id == user_id))


async def forget_carts_with(session: AsyncSession, email_digests: Collection[str]) -> None:
    """Erase all carts whose contact address has one of some digests."""
    await session.execute(delete(Cart).where(in_keys(Cart.contact_digest, sorted(email_digests))))

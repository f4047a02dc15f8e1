"""What customers want of this room; the user room tells when they change their mind."""

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from subgraphs.order.models import CustomerPreference


async def remember_wish(session: AsyncSession, customer_id: str, order_emails: bool) -> None:
    """Keep whether a customer wants each step of an order mailed."""
    row = insert(CustomerPreference).values(customer_id=customer_id, order_emails=order_emails)
    await session.execute(
        row.on_conflict_do_update(index_elements=["customer_id"], set_={"order_emails": row.excluded.order_emails})
    )


async def wants_mails(connection: AsyncConnection, customer_id: str | None) -> bool:
    """Tell whether a customer wants mails. Guests gave their address for nothing else."""
    if customer_id is None:
        return True
    wish = select(CustomerPreference.order_emails).where(CustomerPreference.customer_id == customer_id)
    return (await connection.execute(wish)).scalar_one_or_none() is not False

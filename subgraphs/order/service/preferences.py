"""What customers want of this subgraph; the user subgraph reports each change."""

from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from subgraphs.order.models import CustomerPreference


async def remember_wish(session: AsyncSession, customer_id: str, order_emails: bool) -> None:
    """Keep whether a customer wants each step of an order mailed."""
    row = insert(CustomerPreference).values(customer_id=customer_id, order_emails=order_emails)
    await session.execute(
        row.on_conflict_do_update(index_elements=["customer_id"], set_={"order_emails": row.excluded.order_emails})
    )


def wants_mails(customer_id: InstrumentedAttribute[str | None]) -> ColumnElement[bool]:
    """Return, as a part of a statement, whether a customer wants mails. Guests gave their address for nothing else."""
    wish = select(CustomerPreference.order_emails).where(CustomerPreference.customer_id == customer_id)
    return func.coalesce(wish.scalar_subquery(), true())

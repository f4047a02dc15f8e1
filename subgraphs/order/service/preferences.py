"""What customers want of this subgraph; the user subgraph reports each change."""

from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from subgraphs.order.models import CustomerPreference


async def remember_wish(session: AsyncSession, customer_id: str, order_emails: bool) -> bool:
    """Keep whether a customer wants each step of an order mailed; tells whether that is new."""
    new = insert(CustomerPreference).values(customer_id=customer_id, order_emails=order_emails)
    changed = new.on_conflict_do_update(
        index_elements=["customer_id"],
        set_={"order_emails": new.excluded.order_emails},
        where=CustomerPreference.order_emails != new.excluded.order_emails,
    )
    return await session.scalar(changed.returning(CustomerPreference.customer_id)) is not None


async def remember_locale(session: AsyncSession, customer_id: str, locale: str) -> None:
    """Keep which language a customer reads, as a language tag such as `de-AT`."""
    # Who never said whether they want mails wants them.
    new = insert(CustomerPreference).values(customer_id=customer_id, order_emails=True, locale=locale)
    await session.execute(new.on_conflict_do_update(index_elements=["customer_id"], set_={"locale": locale}))


def locale_of(customer_id: InstrumentedAttribute[str | None]) -> ColumnElement[str | None]:
    """Return, as a part of a statement, the language tag that a customer chose; null where they never did."""
    chosen = select(CustomerPreference.locale).where(CustomerPreference.customer_id == customer_id)
    return chosen.scalar_subquery()


def wants_mails(customer_id: InstrumentedAttribute[str | None]) -> ColumnElement[bool]:
    """Return, as a part of a statement, whether a customer wants mails. What guests want is kept by address."""
    wish = select(CustomerPreference.order_emails).where(CustomerPreference.customer_id == customer_id)
    return func.coalesce(wish.scalar_subquery(), true())

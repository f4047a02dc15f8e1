"""Addresses that get no mails about orders: they bounce, their owner complained, or a guest unsubscribed.

An address is stored as its digest alone (`shared.security.pseudonyms`). Mails about the security of an account do not
ask here: who cannot be mailed a new password has no other way back into the account, and such mails are few
(`docs/decisions/0048-who-is-not-mailed.md`).
"""

import datetime as dt
from collections.abc import Iterable

from sqlalchemy import ColumnElement, case, delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from shared.core.errors import IllegalState
from shared.database.database import Database
from shared.database.rows import many
from shared.events.outbox import record
from shared.graph.loaders import in_keys
from shared.security.pseudonyms import Pseudonymizer
from subgraphs.order.enums import SuppressionCause
from subgraphs.order.events import OrderMailsResumed
from subgraphs.order.fact_models import KnownEmail
from subgraphs.order.inputs import MailSuppressionLiftInput
from subgraphs.order.models import MailSuppression, Order
from subgraphs.order.service.transitions import locked_order

LASTS = {
    # Mailboxes are given up and opened again; a year of silence would outlast most mistakes of a provider.
    SuppressionCause.HARD_BOUNCE: dt.timedelta(days=180),
    SuppressionCause.SOFT_BOUNCES: dt.timedelta(days=14),
    SuppressionCause.COMPLAINT: dt.timedelta(days=730),
}
MOST_SOFT_BOUNCES = 5
"""Each within `SOFT_BOUNCES_COUNT_FOR` of the one before: a mailbox that is full for a day is no reason to give up."""
SOFT_BOUNCES_COUNT_FOR = dt.timedelta(days=7)
PROVED_WRONG = (SuppressionCause.HARD_BOUNCE, SuppressionCause.SOFT_BOUNCES)
"""What a mail that was read proves wrong."""
WISHES = (SuppressionCause.COMPLAINT, SuppressionCause.UNSUBSCRIBED)
"""What the owner of the address takes back by asking for mails."""

_ROW = MailSuppression.__table__


async def suppress(session: AsyncSession, digest: str, cause: SuppressionCause, at: dt.datetime) -> None:
    """Send no mails to an address from now on, for a reason that was given at a moment; a repeat extends it.

    Of soft bounces, `MOST_SOFT_BOUNCES` are a reason. A report that is older than it would last changes nothing.
    """
    now = dt.datetime.now(dt.UTC)
    at = min(at, now)
    until = _until(cause, at)
    if until is not None and until <= now:
        return
    row = {"email_digest": digest, "cause": cause, "reports": 1, "since": at, "until": until}
    new = insert(MailSuppression).values(row)
    is_over = MailSuppression.until <= func.now()
    reports = case((is_over, 1), else_=MailSuppression.reports + 1)
    latest: ColumnElement[dt.datetime] = func.greatest(MailSuppression.until, new.excluded.until)
    if cause is SuppressionCause.SOFT_BOUNCES:
        longest = func.greatest(MailSuppression.until, at + LASTS[cause])
        latest = case((reports >= MOST_SOFT_BOUNCES, longest), else_=latest)
    since = case((is_over, new.excluded.since), else_=func.least(MailSuppression.since, new.excluded.since))
    changed = {"reports": reports, "since": since, "until": latest}
    await session.execute(new.on_conflict_do_update(index_elements=["email_digest", "cause"], set_=changed))


def _until(cause: SuppressionCause, at: dt.datetime) -> dt.datetime | None:
    if cause is SuppressionCause.UNSUBSCRIBED:
        return None
    return at + (SOFT_BOUNCES_COUNT_FOR if cause is SuppressionCause.SOFT_BOUNCES else LASTS[cause])


def suppressions_in_force(rows: Iterable[MailSuppression], *, has_account: bool) -> list[MailSuppression]:
    """Return the rows that stop mails about an order now: soft bounces that are still counted do not.

    Whether an account wants mails is one of its preferences, whatever a guest with its address said.
    """
    now = dt.datetime.now(dt.UTC)
    return [
        row
        for row in rows
        if (row.until is None or row.until > now)
        and not (row.cause is SuppressionCause.SOFT_BOUNCES and row.reports < MOST_SOFT_BOUNCES)
        and not (row.cause is SuppressionCause.UNSUBSCRIBED and has_account)
    ]


async def suppressed_for(session: AsyncSession, digest: str, *, has_account: bool) -> SuppressionCause | None:
    """Return why an address gets no mails; None where it gets them."""
    wanted = select(_ROW).where(MailSuppression.email_digest == digest).order_by(MailSuppression.cause)
    rows = suppressions_in_force(await many(session, MailSuppression, wanted), has_account=has_account)
    return rows[0].cause if rows else None


async def lift(database: Database, digests: Pseudonymizer, given: MailSuppressionLiftInput) -> Order:
    """Mail the address of an order again, as staff; returns the order's row.

    Raises NotFound, or IllegalState where its address is not suppressed for this cause.
    """
    async with database.write() as session:
        order = await locked_order(session, given.order_id)
        digest = digests.of_email(order.contact_email or "")
        this = (MailSuppression.email_digest == digest, MailSuppression.cause == given.cause)
        lifted = await session.scalar(delete(MailSuppression).where(*this).returning(MailSuppression.reports))
        if lifted is None:
            raise IllegalState(f"The address of this order is not suppressed for {given.cause.value}.")
        await record(session, OrderMailsResumed(order_id=order.id, cause=given.cause.value))
        return order


async def forgive(session: AsyncSession, digest: str, *causes: SuppressionCause) -> bool:
    """Drop suppressions of an address for some causes; tells whether there were any."""
    this = (MailSuppression.email_digest == digest, MailSuppression.cause.in_(causes))
    dropped = await session.scalars(delete(MailSuppression).where(*this).returning(MailSuppression.cause))
    return bool(dropped.all())


async def forgive_wishes(session: AsyncSession, user_id: str) -> None:
    """Drop what the addresses of a user were suppressed for by their owner, who now asks for mails."""
    theirs = select(KnownEmail.email_digest).where(KnownEmail.user_id == user_id)
    this = (MailSuppression.email_digest.in_(theirs), MailSuppression.cause.in_(WISHES))
    await session.execute(delete(MailSuppression).where(*this))


async def forget(session: AsyncSession, *digests: str) -> None:
    """Drop all that is kept of addresses whose person was forgotten."""
    await session.execute(delete(MailSuppression).where(in_keys(MailSuppression.email_digest, digests)))


async def forget_contacts(session: AsyncSession, orders: ColumnElement[bool]) -> None:
    """Drop all that is kept of the contact addresses of orders."""
    digests = select(Order.contact_digest).where(orders, Order.contact_digest.is_not(None))
    await session.execute(delete(MailSuppression).where(MailSuppression.email_digest.in_(digests)))


async def remove_expired(database: Database) -> None:
    """Drop suppressions that are over."""
    async with database.write() as session:
        await session.execute(delete(MailSuppression).where(MailSuppression.until <= func.now()))

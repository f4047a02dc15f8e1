"""Forgets people: the order stays for the books, what tells who placed it goes.

Kept: numbers, amounts, taxes, dates, the country, statuses, carriers' numbers, and titles of lines that name a product
of the shop. Erased: contact and address, the titles of lines that show a design (its name is the customer's own), and
whatever anybody wrote freely, since nobody can tell whom a sentence names.
"""

from sqlalchemy import ColumnElement, delete, func, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from shared.database import idempotency
from shared.database.database import Database
from shared.graph.loaders import in_keys
from shared.security.pseudonyms import Pseudonymizer
from subgraphs.order.enums import FactKind, NoteVisibility
from subgraphs.order.models import (
    Base,
    CustomerPreference,
    Order,
    OrderFact,
    OrderLine,
    OrderMail,
    OrderNote,
    OrderRefund,
    OrderTimeline,
    Shipment,
    ShipmentScan,
)
from subgraphs.order.service import suppression
from subgraphs.order.service.guest_orders import forget_addresses
from subgraphs.order.service.job_types import GUEST_ERASURE

ERASED = "Erased with the customer's account."
"""Stands where somebody had written something."""
ANY_DESIGN = "Customised item"
"""Stands where the title of a line showed a design."""
BATCH = 1000

# Facts hold the titles of lines that show a design where they were reported before titles were sealed.
_LINES_WITHOUT_TITLES = text(
    "jsonb_set(data, '{lines}', (SELECT jsonb_agg("
    "CASE WHEN line->>'design_id' IS NULL THEN line ELSE line || jsonb_build_object('title', CAST(:any AS text)) END"
    " ORDER BY place) FROM jsonb_array_elements(data->'lines') WITH ORDINALITY AS lines (line, place)))"
).bindparams(any=ANY_DESIGN)
_CONTACT = ("contact_email", "recipient", "address_line1", "address_line2", "city", "region", "postal_code", "phone")


async def forget_customer(session: AsyncSession, user_id: str, email_digest: str | None = None) -> None:
    """Erase a user's personal data from their orders; by the digest of a verified address also what they ordered as a
    guest, by and by."""
    # First, since it looks for what was reported about the orders that are still theirs.
    await _forget_reported(session, user_id)
    await _erase(session, Order.customer_id == user_id)
    await session.execute(delete(CustomerPreference).where(CustomerPreference.customer_id == user_id))
    await idempotency.forget(session, user_id)
    for table in (OrderTimeline, OrderRefund, ShipmentScan):
        await session.execute(update(table).where(table.actor_id == user_id).values(actor_id=None))
    await session.execute(update(OrderNote).where(OrderNote.author_id == user_id).values(author_id=None))
    if email_digest is not None:
        await suppression.forget(session, email_digest)
        await GUEST_ERASURE.enqueue(session, {"email_digest": email_digest})


async def forget_guest(database: Database, pseudonymizer: Pseudonymizer, email_digest: str) -> None:
    """Erase personal data from the orders of guests whose address has a digest.

    All guests' orders are looked at, which is cheap enough for something so rare: those placed here before their
    addresses had digests have none.
    """
    async with database.write() as session:
        await suppression.forget(session, email_digest)
    last = ""
    while True:
        guests = (Order.customer_id.is_(None), Order.contact_email.is_not(None), Order.id > last)
        statement = select(Order.id, Order.contact_email).where(*guests).order_by(Order.id).limit(BATCH)
        async with database.read() as connection:
            rows = (await connection.execute(statement)).all()
        theirs = [row.id for row in rows if pseudonymizer.of_email(row.contact_email) == email_digest]
        if theirs:
            async with database.write() as session:
                await _erase(session, in_keys(Order.id, theirs) & Order.customer_id.is_(None))
        if len(rows) < BATCH:
            return
        last = rows[-1].id


async def _erase(session: AsyncSession, wanted: ColumnElement[bool]) -> None:
    """Erase what is personal in orders; they are chosen by what is erased in them last."""
    theirs = select(Order.id).where(wanted)
    parcels = select(Shipment.id).where(Shipment.order_id.in_(theirs))
    internal = OrderNote.visibility == NoteVisibility.INTERNAL
    await suppression.forget_contacts(session, wanted)
    await _forget_titles(session, OrderFact.order_id.in_(theirs))
    await session.execute(delete(OrderMail).where(OrderMail.order_id.in_(theirs)))
    await session.execute(delete(OrderNote).where(OrderNote.order_id.in_(theirs), internal))
    cleared = {"customer_id": None, "contact_digest": None, "erased_at": func.now(), **dict.fromkeys(_CONTACT)}
    rewritten: list[tuple[type[Base], ColumnElement[bool], dict[str, object]]] = [
        (OrderNote, OrderNote.order_id.in_(theirs), {"text": ERASED}),
        (OrderLine, OrderLine.order_id.in_(theirs) & OrderLine.design_id.is_not(None), {"title": ANY_DESIGN}),
        (OrderTimeline, OrderTimeline.order_id.in_(theirs) & OrderTimeline.reason.is_not(None), {"reason": ERASED}),
        (OrderRefund, OrderRefund.order_id.in_(theirs) & OrderRefund.reason.is_not(None), {"reason": ERASED}),
        (ShipmentScan, ShipmentScan.shipment_id.in_(parcels), {"location": None, "description": ERASED}),
        (Order, wanted, cleared),
    ]
    for table, rows, values in rewritten:
        await session.execute(update(table).where(rows).values(**values))


async def _forget_reported(session: AsyncSession, user_id: str) -> None:
    """Drop what other shops reported about a user: their orders, and orders that are not placed here yet."""
    digests = await forget_addresses(session, user_id)
    await suppression.forget(session, *digests)
    of_their_orders = OrderFact.order_id.in_(select(Order.id).where(Order.customer_id == user_id))
    named = in_keys(OrderFact.email_digest, digests) & OrderFact.order_id.is_(None)
    await _forget_titles(session, named)
    # The digest of what waits stays, by which it is known to be a forgotten person's once its order is placed.
    await session.execute(
        update(OrderFact)
        .where(or_(of_their_orders, named))
        .values(contact=None)
        .execution_options(synchronize_session=False)
    )
    await session.execute(
        update(OrderFact).where(of_their_orders).values(email_digest=None).execution_options(synchronize_session=False)
    )


async def _forget_titles(session: AsyncSession, wanted: ColumnElement[bool]) -> None:
    statement = update(OrderFact).where(wanted, OrderFact.kind == FactKind.CONTENT).values(data=_LINES_WITHOUT_TITLES)
    await session.execute(statement.execution_options(synchronize_session=False))

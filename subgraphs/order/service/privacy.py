"""Forgets people: the order stays for the books, what tells who placed it goes.

Kept: numbers, amounts, taxes, dates, the country, the language, statuses, carriers' numbers, and titles of lines that
name a product of the shop. Erased: contact and address, the titles of lines that show a design (its name is the
customer's own), and whatever anybody wrote freely, since nobody can tell whom a sentence names.
"""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import ARRAY, ColumnElement, Text, and_, bindparam, delete, func, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from shared.core.ids import new_id
from shared.database import idempotency
from shared.database.database import Database
from shared.database.rows import one
from shared.graph.loaders import in_keys
from shared.live import entity_changes
from shared.security.pseudonyms import Pseudonymizer
from shared.security.sealing import Sealer
from subgraphs.order.discount_models import DiscountUse
from subgraphs.order.enums import FactKind, NoteVisibility, OrderChangeKind
from subgraphs.order.fact_models import OrderFact
from subgraphs.order.models import (
    Base,
    CustomerPreference,
    Order,
    OrderLine,
    OrderMail,
    OrderNote,
    OrderRefund,
    OrderTask,
    OrderTimeline,
    Shipment,
    ShipmentScan,
)
from subgraphs.order.service import redacted_shops, suppression
from subgraphs.order.service.carts.erasure import forget_carts_of, forget_carts_with
from subgraphs.order.service.facts import report_deliveries
from subgraphs.order.service.guest_orders import forget_addresses
from subgraphs.order.service.job_types import GUEST_ERASURE
from subgraphs.order.service.notes import write_note

ERASED = "Erased with the customer's account."
"""Stands where somebody had written something."""
ANY_DESIGN = "Customised item"
"""Stands where the title of a line showed a design."""
BATCH = 1000
ANSWER_WITHIN = dt.timedelta(days=30)
"""The time that privacy law and shops leave for an answer."""

# Facts hold the titles of lines that show a design where they were reported before titles were sealed.
_LINES_WITHOUT_TITLES = text(
    "jsonb_set(data, '{lines}', (SELECT jsonb_agg("
    "CASE WHEN line->>'design_id' IS NULL THEN line ELSE line || jsonb_build_object('title', CAST(:any AS text)) END"
    " ORDER BY place) FROM jsonb_array_elements(data->'lines') WITH ORDINALITY AS lines (line, place)))"
).bindparams(any=ANY_DESIGN)
_kept = (
    func.unnest(bindparam("ids", type_=ARRAY(Text)), bindparam("contacts", type_=ARRAY(Text)))
    .table_valued("id", "contact")
    .render_derived("kept")
)
_FACT = OrderFact.__table__
_KEEP = update(_FACT).where(_FACT.c.id == _kept.c.id).values(contact=_kept.c.contact)
# Of notes about what was reported, only these have lost their reason: the others say what the books say.
_IS_DATA_REQUEST = select(OrderFact.id).where(
    OrderFact.id == OrderNote.about, OrderFact.kind == FactKind.DATA_REQUESTED
)
_CONTACT = ("contact_email", "recipient", "address_line1", "address_line2", "city", "region", "postal_code", "phone")


async def forget_customer(session: AsyncSession, user_id: str, email_digest: str | None = None) -> None:
    """Erase a user's personal data from their orders; by the digest of a verified address also what they ordered as a
    guest, by and by."""
    # First, since it looks for what was reported about the orders that are still theirs.
    await _forget_reported(session, user_id)
    await _erase(session, Order.customer_id == user_id)
    await forget_carts_of(session, user_id)
    await session.execute(delete(CustomerPreference).where(CustomerPreference.customer_id == user_id))
    await idempotency.forget(session, user_id)
    for table in (OrderTimeline, OrderRefund, OrderTask, ShipmentScan):
        await session.execute(update(table).where(table.actor_id == user_id).values(actor_id=None))
    await session.execute(update(OrderNote).where(OrderNote.author_id == user_id).values(author_id=None))
    await entity_changes.forget_owner(session, user_id)
    if email_digest is not None:
        await suppression.forget(session, email_digest)
        await forget_carts_with(session, [email_digest])
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


async def forget_redacted(
    session: AsyncSession, order: Order, facts: Sequence[OrderFact], *, of_redacted_shop: bool
) -> Order:
    """Erase the customer of an order whose shop has them forgotten, once, from its deliveries too; returns its row.

    `of_redacted_shop` where the shop had all of its customers forgotten, and this one is not erased yet.
    """
    is_named = any(fact.kind is FactKind.REDACTED and not fact.settled for fact in facts)
    if not is_named and not of_redacted_shop:
        return order
    # Those that are not taken yet are about no order so far. Only what earlier versions reported has titles.
    titled = [fact.id for fact in facts if fact.kind is FactKind.CONTENT and _has_titles(fact)]
    await _forget_titles(session, in_keys(OrderFact.id, titled))
    await _erase(session, Order.id == order.id)
    await _drop_reported(session, OrderFact.order_id == order.id)
    await report_deliveries(session, order.id, facts, erased=True)
    return await one(session, Order, select(Order.__table__).where(Order.id == order.id))


async def note_data_requests(session: AsyncSession, order: Order, facts: Sequence[OrderFact]) -> None:
    """Leave a note for staff of each request for a copy of the customer's data, once however often it is reported."""
    asked = [fact for fact in facts if fact.kind is FactKind.DATA_REQUESTED and not fact.settled]
    if not asked or order.erased_at is not None:
        return
    noted = set(await session.scalars(select(OrderNote.about).where(OrderNote.order_id == order.id)))
    for fact in asked:
        if fact.id not in noted:
            answer_by = (fact.occurred_at + ANSWER_WITHIN).date().isoformat()
            text = f"The customer asked the shop for a copy of their data: answer by {answer_by}."
            await write_note(session, order.id, new_id("nte"), text, NoteVisibility.INTERNAL, None, about=fact.id)


async def forget_in_shop(session: AsyncSession, shop: str, email_digest: str) -> list[str]:
    """Drop what a shop reported about a person for orders to come, and return its names of their other orders."""
    waiting = (OrderFact.email_digest == email_digest, OrderFact.shop == shop, OrderFact.order_id.is_(None))
    await _forget_titles(session, and_(*waiting))
    dropped = update(OrderFact).where(*waiting).values(contact=None).returning(OrderFact.order_name)
    named = await session.scalars(dropped.execution_options(synchronize_session=False))
    theirs = select(Order.external_id).where(Order.contact_digest == email_digest, Order.shop == shop)
    found = [*named, *await session.scalars(theirs)]
    return sorted({name for name in found if name is not None})


async def forget_shop(database: Database, sealer: Sealer, shop: str, redacted_at: dt.datetime) -> None:
    """Erase the customers of all orders that a shop told of until it had them forgotten, batch by batch, and of those
    of which that is still to arrive (`service/redacted_shops.py`)."""
    await redacted_shops.remember(database, shop, redacted_at)
    told = redacted_shops.reported_until(shop, redacted_at)
    about_it = select(OrderFact.id).where(OrderFact.order_id == Order.id, told).exists()
    # Of orders from before there were facts, and of those of the demo, nothing is kept but themselves.
    has_facts = select(OrderFact.id).where(OrderFact.order_id == Order.id, OrderFact.shop == shop).exists()
    is_redacted = about_it | (~has_facts & (Order.placed_at <= redacted_at))
    last = ""
    while True:
        # Locked as a reconciliation does it, before all else of the order.
        theirs = select(Order.id).where(Order.shop == shop, Order.id > last).order_by(Order.id).limit(BATCH)
        async with database.write() as session:
            ids = list(await session.scalars(theirs.with_for_update()))
            if not ids:
                break
            redacted = list(await session.scalars(select(Order.id).where(in_keys(Order.id, ids), is_redacted)))
            await _erase(session, in_keys(Order.id, redacted))
            await _drop_reported(session, in_keys(OrderFact.order_id, redacted))
        last = ids[-1]
    last = ""
    while True:
        waiting = select(OrderFact.id, OrderFact.contact).where(OrderFact.contact.is_not(None), told)
        waiting = waiting.where(OrderFact.id > last).order_by(OrderFact.id).limit(BATCH)
        async with database.write() as session:
            rows = (await session.execute(waiting.with_for_update())).all()
            if not rows:
                return
            await _forget_titles(session, in_keys(OrderFact.id, [row.id for row in rows]))
            # Where the goods go stays, as in orders that are placed already.
            contacts = [sealer.keep(row.contact, "country_code") for row in rows]
            await session.execute(_KEEP, {"ids": [row.id for row in rows], "contacts": contacts})
        last = rows[-1].id


async def _erase(session: AsyncSession, wanted: ColumnElement[bool]) -> None:
    """Erase what is personal in orders; they are chosen by what is erased in them last."""
    theirs = select(Order.id).where(wanted)
    parcels = select(Shipment.id).where(Shipment.order_id.in_(theirs))
    internal = OrderNote.visibility == NoteVisibility.INTERNAL
    written = or_(OrderNote.about.is_(None), _IS_DATA_REQUEST.exists())
    await suppression.forget_contacts(session, wanted)
    await _forget_titles(session, OrderFact.order_id.in_(theirs))
    await session.execute(delete(OrderMail).where(OrderMail.order_id.in_(theirs)))
    await session.execute(delete(OrderNote).where(OrderNote.order_id.in_(theirs), internal, written))
    cleared = {"customer_id": None, "contact_digest": None, "erased_at": func.now(), **dict.fromkeys(_CONTACT)}
    rewritten: list[tuple[type[Base], ColumnElement[bool], dict[str, object]]] = [
        (OrderNote, OrderNote.order_id.in_(theirs) & written, {"text": ERASED}),
        (OrderLine, OrderLine.order_id.in_(theirs) & OrderLine.design_id.is_not(None), {"title": ANY_DESIGN}),
        (OrderTimeline, OrderTimeline.order_id.in_(theirs) & OrderTimeline.reason.is_not(None), {"reason": ERASED}),
        (OrderRefund, OrderRefund.order_id.in_(theirs) & OrderRefund.reason.is_not(None), {"reason": ERASED}),
        (OrderTask, OrderTask.order_id.in_(theirs) & OrderTask.note.is_not(None), {"note": ERASED}),
        (ShipmentScan, ShipmentScan.shipment_id.in_(parcels), {"location": None, "description": ERASED}),
        (DiscountUse, DiscountUse.order_id.in_(theirs), {"customer_id": None, "email_digest": None}),
        (Order, wanted, cleared),
    ]
    ids = list(await session.scalars(theirs))
    for table, rows, values in rewritten:
        await session.execute(update(table).where(rows).values(**values))
    # Whoever had them is still to learn that they are gone, and only that.
    await entity_changes.forget_owners(session, ids, kept=OrderChangeKind.UNLINKED.name)


async def _forget_reported(session: AsyncSession, user_id: str) -> None:
    """Drop what other shops reported about a user: their orders, and orders that are not placed here yet."""
    digests = await forget_addresses(session, user_id)
    await forget_carts_with(session, digests)
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


def _has_titles(content: OrderFact) -> bool:
    shown = [line["title"] for line in content.data["lines"] if line["design_id"] is not None]
    return any(title != ANY_DESIGN for title in shown)


async def _drop_reported(session: AsyncSession, wanted: ColumnElement[bool]) -> None:
    """Drop of whom facts tell, by which nobody is known any more."""
    dropped = update(OrderFact).where(wanted).values(contact=None, email_digest=None)
    await session.execute(dropped.execution_options(synchronize_session=False))


async def _forget_titles(session: AsyncSession, wanted: ColumnElement[bool]) -> None:
    statement = update(OrderFact).where(wanted, OrderFact.kind == FactKind.CONTENT).values(data=_LINES_WITHOUT_TITLES)
    await session.execute(statement.execution_options(synchronize_session=False))

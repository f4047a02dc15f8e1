"""What staff do to an order besides moving it on: stop it, let it go on, note something."""

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from shared.core.errors import IllegalState
from shared.core.ids import new_id
from shared.core.validation import Checks
from shared.database import idempotency
from shared.database.database import Database
from shared.database.rows import one
from shared.events.outbox import record
from shared.security.auth import Viewer
from subgraphs.order.enums import ActorKind, NoteVisibility, OrderStatus
from subgraphs.order.events import OrderNoteAdded
from subgraphs.order.inputs import LONGEST_NOTE, OrderHoldInput, OrderNoteAddInput, OrderReleaseInput
from subgraphs.order.models import Order, OrderNote
from subgraphs.order.service.transitions import Actor, change_status, checked_reason, locked_order


async def hold_order(database: Database, viewer: Viewer, given: OrderHoldInput) -> Order:
    """Stop an order and return its row; raises InvalidInput, NotFound, VersionConflict or IllegalState."""
    reason, actor = checked_reason(given.reason), Actor(ActorKind.STAFF, viewer.id)
    async with database.write() as session:
        order = await locked_order(session, given.order_id)
        return await change_status(session, order, given.version, OrderStatus.ON_HOLD, actor, reason)


async def release_order(database: Database, viewer: Viewer, given: OrderReleaseInput) -> Order:
    """Let a stopped order go on from where it was and return its row; raises as `hold_order`."""
    reason, actor = checked_reason(given.reason), Actor(ActorKind.STAFF, viewer.id)
    async with database.write() as session:
        order = await locked_order(session, given.order_id)
        if order.held_from is None:
            raise IllegalState(f"The order is {order.status.value}; only an order that is ON_HOLD can be released.")
        return await change_status(session, order, given.version, order.held_from, actor, reason)


async def add_note(database: Database, viewer: Viewer, given: OrderNoteAddInput) -> tuple[Order, OrderNote]:
    """Note something about an order; returns the order's row and the note's. Raises InvalidInput or NotFound."""
    checks = Checks()
    text = checks.paragraphs("text", given.text, longest=LONGEST_NOTE)
    idempotency.check_key(checks, given.idempotency_key)
    checks.raise_if_any()
    note_id = new_id("nte")
    async with database.write() as session:
        key, caller = given.idempotency_key, viewer.id or ""
        first = await idempotency.claim(session, caller, "orderNoteAdd", key, given, note_id)
        order = await locked_order(session, given.order_id)
        if first is None:
            await write_note(session, order.id, note_id, text, given.visibility, viewer.id)
        note = select(OrderNote.__table__).where(OrderNote.id == (first or note_id))
        return order, await one(session, OrderNote, note)


async def write_note(
    session: AsyncSession,
    order_id: str,
    note_id: str,
    text: str,
    visibility: NoteVisibility,
    author_id: str | None,
    *,
    about: str | None = None,
) -> None:
    """Store and publish a note about an order whose row is locked; `about` names the thing that is noted once."""
    note = {"id": note_id, "order_id": order_id, "visibility": visibility, "text": text, "author_id": author_id}
    note["about"] = about
    await session.execute(insert(OrderNote).values(note))
    visible = visibility is NoteVisibility.CUSTOMER
    await record(session, OrderNoteAdded(order_id=order_id, note_id=note_id, visible=visible))

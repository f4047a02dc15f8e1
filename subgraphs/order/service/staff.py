"""What staff do to an order besides moving it on: stop it, let it go on, note something."""

from sqlalchemy import select

from shared.core.errors import IllegalState
from shared.core.ids import new_id
from shared.core.validation import Checks
from shared.database import idempotency
from shared.database.database import Database
from shared.database.rows import one
from shared.security.auth import Viewer
from subgraphs.order.enums import ActorKind, OrderStatus
from subgraphs.order.inputs import LONGEST_NOTE, OrderHoldInput, OrderNoteAddInput, OrderReleaseInput
from subgraphs.order.models import Order, OrderNote
from subgraphs.order.service.decisions import decide
from subgraphs.order.service.notes import write_note
from subgraphs.order.service.shipping import follow_parcels
from subgraphs.order.service.transitions import Actor, checked_reason, locked_order


async def hold_order(database: Database, viewer: Viewer, given: OrderHoldInput) -> Order:
    """Stop an order and return its row; raises InvalidInput, NotFound, VersionConflict or IllegalState."""
    reason, actor = checked_reason(given.reason), Actor(ActorKind.STAFF, viewer.id)
    async with database.write() as session:
        order = await locked_order(session, given.order_id)
        return await decide(session, order, given.version, OrderStatus.ON_HOLD, actor, reason)


async def release_order(database: Database, viewer: Viewer, given: OrderReleaseInput) -> Order:
    """Let a stopped order go on from where it was and return its row; raises as `hold_order`."""
    reason, actor = checked_reason(given.reason), Actor(ActorKind.STAFF, viewer.id)
    async with database.write() as session:
        order = await locked_order(session, given.order_id)
        if order.held_from is None:
            raise IllegalState(f"The order is {order.status.value}; only an order that is ON_HOLD can be released.")
        order = await decide(session, order, given.version, order.held_from, actor, reason)
        # A parcel may have left meanwhile.
        return await follow_parcels(session, order, actor)


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

"""Notes about orders: each is stored and published, and of one thing there is at most one."""

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from shared.events.outbox import record
from subgraphs.order.enums import NoteVisibility
from subgraphs.order.events import OrderNoteAdded
from subgraphs.order.models import OrderNote


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

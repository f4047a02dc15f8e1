"""What the user subgraph has published about somebody."""

from typing import Any

from sqlalchemy import select

from shared.events.outbox import OUTBOX
from tests.support.apps import Served


async def published(user: Served, subject: str, *types: str) -> dict[str, list[dict[str, Any]]]:
    """Return the data of the events about a subject by their type, in order; of some types alone, or of all."""
    found: dict[str, list[dict[str, Any]]] = {}
    async with user.database.read() as connection:
        rows = await connection.execute(select(OUTBOX).where(OUTBOX.c.subject == subject).order_by(OUTBOX.c.id))
        for row in rows:
            if not types or row.type in types:
                found.setdefault(row.type, []).append(row.data)
    return found

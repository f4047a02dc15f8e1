"""Makes history for the log: facts, the entries of facts, and a way to tamper with them as the owner of the tables."""

import datetime as dt
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import TypeAlias

import asyncpg
from sqlalchemy import make_url

from shared.core.ids import new_id
from shared.core.settings import Settings
from subgraphs.audit.service.chain import Change, Fact
from subgraphs.audit.service.log import append
from tests.support.apps import Served

Owner: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


def a_fact(subject_id: str = "", actor_id: str | None = None, action: str = "order.status_changed") -> Fact:
    """Return a fact of its own event; about an order unless told."""
    return Fact(
        event_id=new_id("evt"),
        action=action,
        subject_type="Order",
        subject_id=subject_id or new_id("ord"),
        at=dt.datetime.now(dt.UTC),
        actor_id=actor_id,
        changes=(Change("status", "PENDING", "PAID"),),
        request_id=new_id("req"),
        trace_id="4bf92f3577b34da6a3ce929d0e0e4736",
    )


async def log(audit: Served, *facts: Fact) -> int:
    """Append facts in a transaction of their own."""
    async with audit.database.write() as session:
        return await append(session, facts)


@asynccontextmanager
async def owner_of(settings: Settings) -> AsyncIterator[Owner]:
    """Connect as the owner of the tables, who may do what the subgraph's own role may not."""
    url = make_url(settings.database_url_of("audit")).set(drivername="postgresql")
    connection = await asyncpg.connect(
        url.render_as_string(hide_password=False), server_settings={"search_path": "audit"}
    )
    try:
        yield connection
    finally:
        await connection.close()


async def fresh_log(audit: Served, owner: Owner, size: int) -> Sequence[str]:
    """Make the log hold nothing but `size` entries, and return their ids."""
    await owner.execute("TRUNCATE audit_log, audit_head")
    await log(audit, *[a_fact() for _ in range(size)])
    return [row["id"] for row in await owner.fetch("SELECT id FROM audit_log ORDER BY sequence")]

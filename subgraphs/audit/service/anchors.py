"""Anchors: former heads of the log, kept out of reach of somebody who could rewrite all of it, its head included."""

import datetime as dt
from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select

from shared.database import Database
from subgraphs.audit.models import AuditLog
from subgraphs.audit.service.verification import head_of


class Anchor(BaseModel):
    """At a moment the log ended with entry number `sequence` of this SHA-256 `hash`; 0 is an empty log."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sequence: int = Field(ge=0)
    hash: str = Field(pattern=r"^[0-9a-f]{64}$")
    at: dt.datetime


async def present_anchor(database: Database) -> Anchor:
    """Return an anchor of the log as it is now."""
    async with database.read() as connection:
        head = await head_of(connection)
    return Anchor(sequence=head.sequence, hash=head.hash, at=dt.datetime.now(dt.UTC))


async def first_refuted(database: Database, anchors: Sequence[Anchor]) -> Anchor | None:
    """Return the first anchor, by sequence, whose entry is gone or has another hash; None if the log keeps to all."""
    numbers = [anchor.sequence for anchor in anchors if anchor.sequence]
    statement = select(AuditLog.sequence, AuditLog.hash).where(AuditLog.sequence.in_(numbers))
    async with database.read() as connection:
        hashes = {row.sequence: row.hash for row in await connection.execute(statement)}
    in_order = sorted(anchors, key=lambda anchor: anchor.sequence)
    return next((it for it in in_order if it.sequence and hashes.get(it.sequence) != it.hash), None)

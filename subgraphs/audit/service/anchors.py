"""Anchors: former heads of the log, kept out of reach of somebody who could rewrite all of it, its head included."""

import asyncio
import datetime as dt
import os
from collections.abc import Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select

from shared.database.database import Database
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


async def keep_anchor(database: Database, file: Path) -> None:
    """Add an anchor of the log as it is now to a file, a line as `petplus audit anchor` prints it; raises OSError."""
    line = (await present_anchor(database)).model_dump_json()
    await asyncio.to_thread(_append, file, f"{line}\n".encode())


def _append(file: Path, line: bytes) -> None:
    # One write to the end of the file: what is there is never touched, and a file that allows nothing else will do.
    descriptor = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(descriptor, line)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

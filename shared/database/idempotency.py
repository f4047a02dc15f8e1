"""Retries that are safe: a request with an idempotency key that was seen before gets the first result again.

After the draft `Idempotency-Key` header field (draft-ietf-httpapi-idempotency-key-header): a key belongs to one
caller and one operation, and to one input; another input under the same key is refused. The key is claimed in the
transaction of the change itself, so that of two concurrent requests the second waits for the first to commit. Keys are
kept for 7 days: an app that was offline for a weekend may still retry, and the table does not grow for ever.
"""

import dataclasses
import datetime as dt
import hashlib
from typing import ClassVar, Protocol

import orjson
from sqlalchemy import Column, DateTime, MetaData, Table, Text, delete, func, select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from shared.core.errors import InvalidInput
from shared.core.validation import Checks
from shared.database.database import Database

LONGEST_KEY = 100
RETENTION = dt.timedelta(days=7)
PRUNE_ROWS = 5000


class Input(Protocol):
    """The input of a request: a dataclass."""

    __dataclass_fields__: ClassVar[dict[str, dataclasses.Field[object]]]


_KEYS = Table(
    "idempotency_key",
    MetaData(),
    Column("viewer_id", Text, primary_key=True),
    Column("operation", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("fingerprint", Text, nullable=False),
    Column("result", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
)


def add_table(metadata: MetaData) -> None:
    """Give a subgraph the table in which it remembers keys."""
    _KEYS.to_metadata(metadata)


def check_key(checks: Checks, key: str | None) -> None:
    """Check the `idempotencyKey` of an input: 1 to 100 characters, if there is one."""
    if key is not None:
        checks.text("idempotencyKey", key, longest=LONGEST_KEY)


async def claim(
    session: AsyncSession, viewer_id: str, operation: str, key: str | None, given: Input, result: str
) -> str | None:
    """Claim a key for a request that is about to make `result` (an id); do this first in its transaction.

    Returns None when the request is to be carried out, or the result of the first request with this key. `given` is
    the input (a dataclass). Raises InvalidInput when the key was used with another input.
    """
    if key is None:
        return None
    fingerprint = _fingerprint(given)
    claimed = await session.execute(
        insert(_KEYS)
        .values(viewer_id=viewer_id, operation=operation, key=key, fingerprint=fingerprint, result=result)
        .on_conflict_do_nothing()
    )
    if claimed.rowcount == 1:  # type: ignore[attr-defined]
        return None
    same = (_KEYS.c.viewer_id == viewer_id) & (_KEYS.c.operation == operation) & (_KEYS.c.key == key)
    first = (await session.execute(select(_KEYS).where(same))).one()
    if first.fingerprint != fingerprint:
        message = "This key was used with another input; send a new key with each new request."
        raise InvalidInput.field("input.idempotencyKey", "KEY_REUSED", message)
    return str(first.result)


async def forget(session: AsyncSession, viewer_id: str) -> None:
    """Erase the keys of somebody whose account is erased."""
    await session.execute(delete(_KEYS).where(_KEYS.c.viewer_id == viewer_id))


async def prune(database: Database) -> None:
    """Forget the keys of a subgraph that are older than RETENTION; one without the table of keys has none."""
    names = (_KEYS.c.viewer_id, _KEYS.c.operation, _KEYS.c.key)
    expired = tuple_(*names).in_(select(*names).where(_KEYS.c.created_at < func.now() - RETENTION).limit(PRUNE_ROWS))
    pruned = PRUNE_ROWS
    while pruned == PRUNE_ROWS:
        async with database.write() as session:
            if await session.scalar(select(func.to_regclass(_KEYS.name))) is None:
                return
            pruned = (await session.execute(delete(_KEYS).where(expired))).rowcount  # type: ignore[attr-defined]


def _fingerprint(given: Input) -> str:
    canonical = orjson.dumps(dataclasses.asdict(given), default=str, option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(canonical).hexdigest()

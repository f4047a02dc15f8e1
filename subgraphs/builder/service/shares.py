"""Links to designs: made by owners, opened by the holder of the token, and revoked.

The token is 256 bits that only this installation can work out from the link's id, so that a retried request gets the
same one. Stored is its digest alone: the table tells nobody how to open a design.
"""

import asyncio
import datetime as dt
import hashlib
import hmac
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import NamedTuple

from sqlalchemy import BigInteger, Text, bindparam, func, insert, select, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.elements import ColumnElement

from shared.core import base64url
from shared.core.ids import new_id
from shared.core.observability import log
from shared.core.settings import Settings
from shared.core.tasks import stop
from shared.core.validation import Checks
from shared.database import idempotency
from shared.database.database import Database
from shared.database.rows import Statement, as_row, one, one_or_none
from shared.events.outbox import record
from shared.graph.access import forbidden
from shared.graph.money import CurrencyCode
from shared.runtime import Runtime
from shared.security.auth import Viewer
from subgraphs.builder.catalogue.config import ConfigData
from subgraphs.builder.enums import DesignStatus, ProductKind, ShareMode
from subgraphs.builder.errors import design_archived, design_unknown, share_unknown, too_many_shares
from subgraphs.builder.events import DesignShared, DesignShareRevoked
from subgraphs.builder.inputs import DesignShareInput, DesignShareRevokeInput
from subgraphs.builder.loaders import READ, WRITE
from subgraphs.builder.models import DesignShare, SavedDesign

MOST_SHARES = 50
MOST_DAYS = 365
FLUSH_SECONDS = 5.0
_SHARES = DesignShare.__table__
_LONGEST_TOKEN = 100


class OpenedDesign(NamedTuple):
    """A design that a link opens: the columns of the design, and what the link says."""

    design_id: str
    owner_id: str
    name: str
    product_kind: ProductKind
    config: ConfigData
    price_minor: int
    currency: CurrencyCode
    status: DesignStatus
    version: int
    preset_id: str | None
    created_at: dt.datetime
    updated_at: dt.datetime
    share_id: str
    mode: ShareMode
    expires_at: dt.datetime | None


async def share_design(
    database: Database, settings: Settings, owner_id: str, given: DesignShareInput
) -> tuple[DesignShare, str]:
    """Make a link to a design of one's own and return its row and token.

    Raises InvalidInput, NotFound or IllegalState.
    """
    checks = Checks()
    if given.days is not None and not 1 <= given.days <= MOST_DAYS:
        checks.refuse(
            "days", "OUT_OF_RANGE", f"`days` must be from 1 to {MOST_DAYS}, or null for a link that does not expire."
        )
    idempotency.check_key(checks, given.idempotency_key)
    checks.raise_if_any()
    share_id = new_id("shr")
    async with database.write() as session:
        first = await idempotency.claim(session, owner_id, "designShare", given.idempotency_key, given, share_id)
        if first is not None:
            known = await one_or_none(session, DesignShare, select(_SHARES).where(DesignShare.id == first))
            if known is None:
                raise share_unknown()
            return known, _token_of(settings, first)
        design = await _own_design(session, owner_id, given.id)
        await _check_capacity(session, design.id)
        token, now = _token_of(settings, share_id), dt.datetime.now(dt.UTC)
        values = {
            "id": share_id,
            "design_id": design.id,
            "mode": given.mode,
            "token_digest": _digest(token),
            "created_at": now,
            "expires_at": now + dt.timedelta(days=given.days) if given.days is not None else None,
        }
        row = await one(session, DesignShare, insert(DesignShare).values(values).returning(*_SHARES.columns))
        await record(session, DesignShared(design_id=design.id, owner_id=owner_id, share_id=share_id))
        return row, token


async def revoke_share(database: Database, viewer: Viewer, given: DesignShareRevokeInput) -> DesignShare:
    """Close a link for good and return its row; one that is closed stays as it is. Raises NotFound or Forbidden."""
    async with database.write() as session:
        wanted = (
            select(_SHARES, SavedDesign.owner_id)
            .join(SavedDesign, SavedDesign.id == DesignShare.design_id)
            .where(DesignShare.id == given.id)
            .with_for_update(of=DesignShare)
        )
        found = (await session.execute(wanted)).one_or_none()
        if found is None or not viewer.can_access(found.owner_id, READ):
            raise share_unknown()
        share, owner_id = as_row(DesignShare, found), str(found.owner_id)
        if not viewer.can_access(owner_id, WRITE):
            raise forbidden(WRITE)
        if share.revoked_at is not None:
            return share
        closed = update(DesignShare).where(DesignShare.id == share.id).values(revoked_at=dt.datetime.now(dt.UTC))
        row = await one(session, DesignShare, closed.returning(*_SHARES.columns))
        event = DesignShareRevoked(design_id=share.design_id, owner_id=owner_id, share_id=share.id)
        await record(session, event)
        return row


async def shared_design(database: Database, token: str) -> OpenedDesign | None:
    """Return the design that a token opens, or None."""
    async with database.read() as connection:
        return await one_or_none(connection, OpenedDesign, _opened(token))


async def shared_within(session: AsyncSession, token: str) -> OpenedDesign | None:
    """Return the same within a transaction; the link cannot be revoked before its end."""
    return await one_or_none(session, OpenedDesign, _opened(token).with_for_update(read=True, of=DesignShare))


def _opened(token: str) -> Statement:
    columns = [column for column in SavedDesign.__table__.columns if column.key != "id"]
    return (
        select(
            SavedDesign.id.label("design_id"),
            *columns,
            DesignShare.id.label("share_id"),
            DesignShare.mode,
            DesignShare.expires_at,
        )
        .join(DesignShare, DesignShare.design_id == SavedDesign.id)
        .where(
            DesignShare.token_digest == _digest(token[:_LONGEST_TOKEN]),
            _is_open(),
            SavedDesign.status != DesignStatus.ARCHIVED,
        )
    )


def _is_open() -> ColumnElement[bool]:
    lasts = DesignShare.expires_at.is_(None) | (DesignShare.expires_at > func.now())
    return DesignShare.revoked_at.is_(None) & lasts


def _token_of(settings: Settings, share_id: str) -> str:
    secret = hmac.digest(settings.derive_key("design shares"), share_id.encode(), hashlib.sha256)
    return base64url.encode(secret)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


async def _own_design(session: AsyncSession, owner_id: str, design_id: str) -> SavedDesign:
    own = (SavedDesign.id == design_id) & (SavedDesign.owner_id == owner_id)
    # Locked, so that the links of a design are counted one request after the other.
    design = await one_or_none(session, SavedDesign, select(SavedDesign.__table__).where(own).with_for_update())
    if design is None:
        raise design_unknown()
    if design.status is DesignStatus.ARCHIVED:
        raise design_archived()
    return design


async def _check_capacity(session: AsyncSession, design_id: str) -> None:
    counted = select(func.count()).where(DesignShare.design_id == design_id, _is_open())
    if (await session.scalar(counted) or 0) >= MOST_SHARES:
        raise too_many_shares(MOST_SHARES)


class ShareViews:
    """Counts how often links are opened: in memory, and every few seconds all at once in the database.

    So nobody who looks waits for a write. A process that is killed loses the count of its last seconds.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._counted: Counter[str] = Counter()

    @classmethod
    @asynccontextmanager
    async def open(cls, runtime: Runtime) -> AsyncIterator["ShareViews"]:
        """Count until the end of the block."""
        views = cls(runtime.database)
        task = asyncio.create_task(views._run())
        try:
            yield views
        finally:
            await stop([task])
            await views.flush()

    def count(self, share_id: str) -> None:
        """Note that a link was opened."""
        self._counted[share_id] += 1

    async def flush(self) -> None:
        """Store what was counted; what cannot be stored now is stored with the next."""
        counted, self._counted = self._counted, Counter()
        if not counted:
            return
        ids = sorted(counted)
        given = (
            func.unnest(
                bindparam(None, ids, type_=ARRAY(Text)),
                bindparam(None, [counted[key] for key in ids], type_=ARRAY(BigInteger)),
            )
            .table_valued("id", "times", name="given")
            .render_derived()
        )
        added = update(DesignShare).where(DesignShare.id == given.c.id)
        try:
            async with self._database.write() as session:
                await session.execute(added.values(views=DesignShare.views + given.c.times))
        except asyncio.CancelledError:
            self._counted.update(counted)
            raise
        except Exception as error:
            self._counted.update(counted)
            log.warning("share views not stored", error=error)

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(FLUSH_SECONDS)
            await self.flush()

"""Counts deliveries that are not verified: anybody can send them, so few are kept of each network and each day."""

import datetime as dt
import hashlib
import hmac

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from shared.core.settings import HasSettings
from shared.security.client_network import network_of
from subgraphs.webhook.models import WebhookRejection

MOST_OF_A_NETWORK = 200
MOST_A_DAY = 2000
KEPT = "kept"
"""Stands in place of a network in the row that counts all that are kept of a day."""


class Rejections:
    """Decides which rejected deliveries leave a row, with the key of one installation."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    @classmethod
    def from_runtime(cls, runtime: HasSettings) -> "Rejections":
        """Make it for a subgraph."""
        return cls(runtime.settings.derive_key("networks that send webhooks"))

    async def may_keep(self, session: AsyncSession, address: str, day: dt.date) -> bool:
        """Count a rejected delivery of an address, and tell whether a row may be kept of it."""
        kept = select(WebhookRejection.count).where(WebhookRejection.day == day, WebhookRejection.network == KEPT)
        if (await session.scalar(kept) or 0) >= MOST_A_DAY:
            return False
        digest = hmac.digest(self._key, network_of(address).encode(), hashlib.sha256).hex()[:32]
        if await _add(session, day, digest) > MOST_OF_A_NETWORK:
            return False
        await _add(session, day, KEPT)
        return True


async def forget_counts(session: AsyncSession, today: dt.date) -> None:
    """Delete the counts of days before."""
    await session.execute(delete(WebhookRejection).where(WebhookRejection.day < today))


async def _add(session: AsyncSession, day: dt.date, network: str) -> int:
    added = (
        insert(WebhookRejection)
        .values(day=day, network=network, count=1)
        .on_conflict_do_update(index_elements=["day", "network"], set_={"count": WebhookRejection.count + 1})
    )
    return await session.scalar(added.returning(WebhookRejection.count)) or 0

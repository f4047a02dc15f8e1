"""Limits what is kept of deliveries that are not verified: anybody can send them, so few of each network and day."""

import datetime as dt
import hashlib
import hmac

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from shared.core.settings import HasSettings
from shared.security.client_network import network_of
from subgraphs.webhook.enums import WebhookState
from subgraphs.webhook.models import WebhookLog

MOST_OF_A_NETWORK = 200
MOST_A_DAY = 2000


class Rejections:
    """Decides which rejected deliveries leave a row, with the key of one installation."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    @classmethod
    def from_runtime(cls, runtime: HasSettings) -> "Rejections":
        """Make it for a subgraph."""
        return cls(runtime.settings.derive_key("networks that send webhooks"))

    async def network_to_keep(self, session: AsyncSession, address: str, now: dt.datetime) -> str | None:
        """Return the digest of an address's network, to be kept with a rejected delivery; None if none may be kept.

        Requests at the same moment do not see each other, so a few more may be kept.
        """
        digest = hmac.digest(self._key, network_of(address).encode(), hashlib.sha256).hex()[:32]
        today = now.replace(hour=0, minute=0, second=0, microsecond=0)
        rejected = (WebhookLog.state == WebhookState.REJECTED, WebhookLog.received_at >= today)
        counted = select(func.count(), func.count().filter(WebhookLog.network == digest)).where(*rejected)
        kept, of_network = (await session.execute(counted)).one()
        return digest if kept < MOST_A_DAY and of_network < MOST_OF_A_NETWORK else None

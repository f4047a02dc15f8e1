"""Links that end mails about orders without a log-in, at once where a mail program follows them (RFC 8058).

A link names the customer of an order, or the digest of a guest's address, and carries a MAC over it. It never expires,
since all that it can do is end mails, and mails are kept for years. What it does is the same however often it is done,
and the answer is the same whether there is anybody to be mailed.
"""

import datetime as dt
import hashlib
import hmac

from sqlalchemy import exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from shared.core import base64url
from shared.core.ids import is_id
from shared.database.database import Database
from shared.events.outbox import record
from shared.runtime import Runtime
from shared.security.client_network import network_of
from shared.security.rate_limit import FixedWindowLimiter
from subgraphs.order.enums import SuppressionCause
from subgraphs.order.events import OrderMailsStopped
from subgraphs.order.fact_models import KnownEmail
from subgraphs.order.models import Order
from subgraphs.order.service import suppression
from subgraphs.order.service.guest_orders import customer_with
from subgraphs.order.service.preferences import remember_wish
from subgraphs.order.settings import OrderSettings

PATH = "/unsubscribe/"
WINDOW_SECONDS = 600
MOST_PER_LINK = 30
MOST_FORGED = 100
"""Wrong links of one network. Right ones are not counted by network: mail providers follow those of all their users."""
_MAC_BYTES = 16


class Unsubscriber:
    """Writes the links of mails, and does what they are for."""

    def __init__(self, database: Database, key: bytes, url: str | None, limits: tuple[FixedWindowLimiter, ...]) -> None:
        self._database = database
        self._key = key
        self._url = url
        self._by_link, self._forged = limits

    @classmethod
    def from_runtime(cls, runtime: Runtime) -> "Unsubscriber":
        """Make it for a running subgraph."""
        by_link = FixedWindowLimiter(runtime.redis, "unsubscribe-link", most=MOST_PER_LINK, seconds=WINDOW_SECONDS)
        forged = FixedWindowLimiter(runtime.redis, "unsubscribe-forged", most=MOST_FORGED, seconds=WINDOW_SECONDS)
        key = runtime.settings.derive_key("unsubscribe links")
        url = OrderSettings.load().unsubscribe_url_of(runtime.settings)
        return cls(runtime.database, key, url, (by_link, forged))

    def link(self, customer_id: str | None, email_digest: str) -> str | None:
        """Return the link for a mail to a customer, or else to an address; None where no URL of this shop is known."""
        return f"{self._url}{PATH}{self._write(customer_id or email_digest)}" if self._url is not None else None

    async def read(self, token: str, address: str) -> str | None:
        """Return whom the token of a link is about; None for one that is none of ours. Raises TooManyRequests."""
        about = self._read(token)
        if about is None:
            await self._forged.check(network_of(address))
        else:
            await self._by_link.check(about)
        return about

    async def stop_mails(self, about: str) -> None:
        """End mails about orders to whom a link is about, and have an account's preference follow."""
        async with self._database.write() as session:
            customer_id = about if is_id("usr", about) else await customer_with(session, about)
            if customer_id is None:
                await suppression.suppress(session, about, SuppressionCause.UNSUBSCRIBED, dt.datetime.now(dt.UTC))
            elif await _is_known(session, customer_id):
                await _stop_of_customer(session, customer_id)

    def _write(self, about: str) -> str:
        return base64url.encode(self._mac(about.encode()) + about.encode())

    def _read(self, token: str) -> str | None:
        try:
            sealed = base64url.decode(token)
        except ValueError:
            return None
        mac, about = sealed[:_MAC_BYTES], sealed[_MAC_BYTES:]
        return about.decode() if hmac.compare_digest(mac, self._mac(about)) else None

    def _mac(self, about: bytes) -> bytes:
        return hmac.digest(self._key, about, hashlib.sha256)[:_MAC_BYTES]


async def follow_account(session: AsyncSession, email_digest: str, user_id: str) -> None:
    """Give a user what is kept of an address that they have proved to be theirs: a guest's wish becomes theirs, and
    that mails came back from it is over, since they have read one."""
    await suppression.forgive(session, email_digest, *suppression.PROVED_WRONG)
    if await suppression.forgive(session, email_digest, SuppressionCause.UNSUBSCRIBED):
        await _stop_of_customer(session, user_id)


async def _stop_of_customer(session: AsyncSession, customer_id: str) -> None:
    if await remember_wish(session, customer_id, False):
        await record(session, OrderMailsStopped(customer_id=customer_id))


async def _is_known(session: AsyncSession, customer_id: str) -> bool:
    """Tell whether an account may exist: of one that was erased meanwhile nothing is stored anew."""
    known = or_(exists().where(Order.customer_id == customer_id), exists().where(KnownEmail.user_id == customer_id))
    return bool(await session.scalar(select(known)))

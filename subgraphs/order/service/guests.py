"""Guests: who knows an order's number and its e-mail address may look it up, and open and follow it with a pass."""

import hashlib
import hmac
import time
from dataclasses import dataclass

from sqlalchemy import func, or_, select

from shared.core import base64url
from shared.core.email_addresses import normal_email
from shared.core.errors import Unauthenticated
from shared.database.database import Database
from shared.database.rows import one_or_none
from shared.runtime import Runtime
from shared.security.client_network import network_of
from shared.security.rate_limit import FixedWindowLimiter, SlidingWindowLimiter
from subgraphs.order.models import Order

PASS_SECONDS = 7 * 24 * 3600
WINDOW_SECONDS = 600
MOST_PER_NUMBER = 20
"""Wrong answers of one network for one number. A right one passes, so that nobody closes an order for its buyer."""
MOST_WRONG_PER_ADDRESS = 300
"""Wrong answers of one network for all numbers; beyond them no answer is given, so that nobody can go on guessing."""
MOST_PER_ADDRESS = 3000
"""Generous: behind the router or a company's gateway many people share an address."""
_LONGEST_NUMBER = 40
_LONGEST_TOKEN = 400
_MAC_BYTES = 32


@dataclass(frozen=True)
class TrackingPass:
    """Lets its holder follow one order until a moment (Unix seconds), unless its contact is corrected before."""

    order_id: str
    expires_at: float

    def opens(self, order: Order) -> bool:
        """Tell whether it is the pass of this order, and its contact was neither forgotten nor corrected since."""
        if order.id != self.order_id or order.contact_email is None:
            return False
        corrected = order.contact_corrected_at
        # The pass has whole seconds.
        return corrected is None or self.expires_at - PASS_SECONDS >= int(corrected.timestamp())


class GuestLookup:
    """Looks orders up for guests, and issues and reads their passes."""

    def __init__(
        self,
        database: Database,
        key: bytes,
        by_number: FixedWindowLimiter,
        by_address: FixedWindowLimiter,
        guesses: SlidingWindowLimiter,
    ) -> None:
        self._database = database
        self._key = key
        self._by_number = by_number
        self._by_address = by_address
        self._guesses = guesses

    @classmethod
    def from_runtime(cls, runtime: Runtime) -> "GuestLookup":
        """Make the desk of a running subgraph."""
        by_number = FixedWindowLimiter(runtime.redis, "order-number", most=MOST_PER_NUMBER, seconds=WINDOW_SECONDS)
        by_address = FixedWindowLimiter(runtime.redis, "order-address", most=MOST_PER_ADDRESS, seconds=WINDOW_SECONDS)
        guesses = SlidingWindowLimiter(
            runtime.redis, "order-guesses", most=MOST_WRONG_PER_ADDRESS, seconds=WINDOW_SECONDS
        )
        key = runtime.settings.derive_key("guest tracking")
        return cls(runtime.database, key, by_number, by_address, guesses)

    async def look_up(self, number: str, email: str, address: str) -> Order | None:
        """Return the row of the order with this number and contact e-mail, or None: whichever of the two is wrong.

        Raises TooManyRequests for a network that asks too often, or guesses too often: wrong answers count by number
        and network, so that nobody can close an order for its buyer.
        """
        number, email = number.strip().upper()[:_LONGEST_NUMBER], normal_email(email)
        network = network_of(address)
        await self._by_address.check(network)
        guess = await self._guesses.acquire(network)
        # Two shops may have the same number, and one buyer: the newest order is meant.
        numbered = func.upper(func.ltrim(Order.shop_number, "#")) == number.lstrip("#")
        wanted = (or_(Order.number == number, numbered), func.lower(Order.contact_email) == email)
        found = select(Order.__table__).where(*wanted).order_by(Order.placed_at.desc(), Order.id.desc()).limit(1)
        async with self._database.read() as connection:
            order = await one_or_none(connection, Order, found)
        if order is None:
            await self._by_number.check(f"{number} {network}")
        else:
            await self._guesses.release(network, guess)
        return order

    async def order_of(self, token: str, address: str) -> Order | None:
        """Return the row of the order that a pass opens, or None: whatever is wrong with the pass.

        Raises TooManyRequests for a network that asks, or is wrong, too often.
        """
        network = network_of(address)
        await self._by_address.check(network)
        guess = await self._guesses.acquire(network)
        try:
            found = self.read(token) if len(token) <= _LONGEST_TOKEN else None
        except Unauthenticated:
            found = None
        # Also for a pass that opens nothing: how long it takes tells nobody why.
        wanted = select(Order.__table__).where(Order.id == (found.order_id if found is not None else ""))
        async with self._database.read() as connection:
            order = await one_or_none(connection, Order, wanted)
        if order is None or found is None or not found.opens(order):
            return None
        await self._guesses.release(network, guess)
        return order

    def issue(self, order_id: str) -> tuple[str, float]:
        """Return a new pass for an order as text, and when it ends (Unix seconds)."""
        expires_at = int(time.time()) + PASS_SECONDS
        content = f"{order_id}.{expires_at}".encode()
        return base64url.encode(self._mac(content) + content), float(expires_at)

    def read(self, token: str) -> TrackingPass:
        """Return the pass that a text is; raises Unauthenticated for one that is forged, broken or over."""
        try:
            sealed = base64url.decode(token)
        except ValueError:
            raise _refused() from None
        mac, content = sealed[:_MAC_BYTES], sealed[_MAC_BYTES:]
        if not hmac.compare_digest(mac, self._mac(content)):
            raise _refused()
        order_id, _, expires_at = content.decode().partition(".")
        found = TrackingPass(order_id, float(expires_at))
        if found.expires_at <= time.time():
            raise _refused()
        return found

    def _mac(self, content: bytes) -> bytes:
        return hmac.digest(self._key, content, hashlib.sha256)


def _refused() -> Unauthenticated:
    return Unauthenticated("The tracking token is not valid or has expired; look the order up again.")

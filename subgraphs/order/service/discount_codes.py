"""Discount codes: whether one applies to a cart, and its uses, which never exceed its limits."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

from sqlalchemy import Select, exists, false, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from shared.core.errors import IllegalState
from shared.database.database import Database
from shared.database.rows import many, one, one_or_none
from shared.graph.loaders import in_keys
from shared.graph.money import CurrencyCode
from shared.runtime import Runtime
from shared.security.client_network import network_of
from shared.security.rate_limit import SlidingWindowLimiter
from subgraphs.order.discount_models import DiscountCode, DiscountUse
from subgraphs.order.enums import DiscountRefusal
from subgraphs.order.pricing.discounts import DiscountRule, inapplicable

CODE = re.compile(r"[A-Z0-9][A-Z0-9_-]{2,39}", re.ASCII)
MOST_WRONG = 30
"""Codes that do not exist, as one network asks for them."""
WINDOW_SECONDS = 600

MESSAGES: Mapping[DiscountRefusal, str] = {
    DiscountRefusal.UNKNOWN: "This code does not exist: check how it is written.",
    DiscountRefusal.NOT_STARTED: "This code is not valid yet.",
    DiscountRefusal.ENDED: "This code is no longer valid.",
    DiscountRefusal.USED_UP: "This code was used as often as it can be.",
    DiscountRefusal.ALREADY_USED: "This code can be used once, and this customer has used it.",
    DiscountRefusal.OTHER_CURRENCY: "This code is not valid in the currency of the cart.",
    DiscountRefusal.BELOW_MINIMUM: "The goods cost less than this code requires.",
}

_CODE = DiscountCode.__table__
_USE = DiscountUse.__table__
_COUNTS = _USE.c.released_at.is_(None)


def normal_code(text: str) -> str:
    """Return a code in its one form: in upper case, without spaces."""
    return "".join(text.split()).upper()


class Asked(NamedTuple):
    """A code that a cart has, and whose it is; once the cart `is_used` it up, only what the code says counts."""

    code: str
    currency: CurrencyCode
    customer_id: str | None
    email_digest: str | None
    is_used: bool = False


class Terms(Protocol):
    """When and how often a code can be used: what its row says, or the type that shows it."""

    @property
    def starts_at(self) -> dt.datetime | None: ...
    @property
    def ends_at(self) -> dt.datetime | None: ...
    @property
    def ended_at(self) -> dt.datetime | None: ...
    @property
    def most_uses(self) -> int | None: ...
    @property
    def uses(self) -> int: ...


class DiscountLookup:
    """Finds codes for carts, and limits how often a network may ask for codes that do not exist."""

    def __init__(self, database: Database, guesses: SlidingWindowLimiter) -> None:
        self._database = database
        self._guesses = guesses

    @classmethod
    def from_runtime(cls, runtime: Runtime) -> "DiscountLookup":
        """Make the one of a running subgraph."""
        guesses = SlidingWindowLimiter(runtime.redis, "discount-codes", most=MOST_WRONG, seconds=WINDOW_SECONDS)
        return cls(runtime.database, guesses)

    async def look_up(
        self, code: str, currency: CurrencyCode, customer_id: str | None, email_digest: str | None, address: str
    ) -> DiscountRule | DiscountRefusal:
        """Return what `find_discount` does, for a client with an address; raises TooManyRequests."""
        network = network_of(address)
        guess = await self._guesses.acquire(network)
        async with self._database.read() as connection:
            found = await find_discount(connection, code, currency, dt.datetime.now(dt.UTC), customer_id, email_digest)
        if found is not DiscountRefusal.UNKNOWN:
            await self._guesses.release(network, guess)
        return found


async def find_discount(
    connection: AsyncConnection,
    code: str,
    currency: CurrencyCode,
    now: dt.datetime,
    customer_id: str | None,
    email_digest: str | None,
) -> DiscountRule | DiscountRefusal:
    """Return the rule of a code for carts in a currency, or why it does not apply: never BELOW_MINIMUM, which is
    `pricing.discounts.inapplicable`, since it changes with the cart.

    Whoever may not use a code again is known by their id or by the digest of their e-mail address.
    """
    [found] = await find_discounts(connection, [Asked(code, currency, customer_id, email_digest)], now)
    return found


async def find_discounts(
    connection: AsyncConnection | AsyncSession, asked: Sequence[Asked], now: dt.datetime
) -> list[DiscountRule | DiscountRefusal]:
    """Do as `find_discount` for many carts, in two statements."""
    codes = {wanted for each in asked if CODE.fullmatch(wanted := normal_code(each.code)) is not None}
    if not codes:
        return [DiscountRefusal.UNKNOWN] * len(asked)
    known = select(_CODE).where(in_keys(_CODE.c.code, sorted(codes)))
    rows = {row.code: row for row in await many(connection, DiscountCode, known)}
    people = {key for each in asked for key in (each.customer_id, each.email_digest) if key is not None}
    once = [row.id for row in rows.values() if row.once_per_customer]
    theirs = or_(in_keys(_USE.c.customer_id, sorted(people)), in_keys(_USE.c.email_digest, sorted(people)))
    uses = select(_USE.c.code_id, _USE.c.customer_id, _USE.c.email_digest).where(
        in_keys(_USE.c.code_id, sorted(once)), _USE.c.once, _COUNTS, theirs
    )
    used = {(row[0], key) for row in await connection.execute(uses) for key in row[1:]} if once and people else set()
    found: list[DiscountRule | DiscountRefusal] = []
    for each in asked:
        row = rows.get(normal_code(each.code))
        if row is None:
            found.append(DiscountRefusal.UNKNOWN)
            continue
        mine = {(row.id, each.customer_id), (row.id, each.email_digest)} - {(row.id, None)}
        refusal = None if each.is_used else _refusal(row, now, is_used=not used.isdisjoint(mine))
        found.append(refusal or _rule(row, each.currency))
    return found


async def use_discount(
    session: AsyncSession,
    code: str,
    order_id: str,
    currency: CurrencyCode,
    goods_minor: int,
    now: dt.datetime,
    customer_id: str | None,
    email_digest: str,
) -> DiscountRule:
    """Count the use of a code by an order that is being placed, and return its rule.

    `goods_minor` is what the goods cost after quantity discounts. The code is locked until the transaction ends, so
    that its limits hold: use it last. Raises IllegalState, with the reason in words.
    """
    wanted = select(_CODE).where(_CODE.c.code == normal_code(code)).with_for_update(key_share=True)
    row = await one_or_none(session, DiscountCode, wanted)
    if row is None:
        raise refused(DiscountRefusal.UNKNOWN)
    used = row.once_per_customer and await session.scalar(_used(row.id, customer_id, email_digest))
    found = _refusal(row, now, is_used=bool(used)) or _rule(row, currency)
    if isinstance(found, DiscountRefusal):
        raise refused(found)
    refusal = inapplicable(found, goods_minor, currency)
    if refusal is not None:
        raise refused(refusal)
    use = {"order_id": order_id, "code_id": row.id, "customer_id": customer_id, "email_digest": email_digest}
    await session.execute(insert(_USE).values(use | {"once": row.once_per_customer}))
    await session.execute(update(_CODE).where(_CODE.c.id == row.id).values(uses=_CODE.c.uses + 1))
    return found


async def release_discount(session: AsyncSession, order_id: str) -> None:
    """Take back the use of a code by an order that was cancelled before it was paid."""
    released = update(_USE).where(_USE.c.order_id == order_id, _COUNTS).values(released_at=func.now())
    code_id = await session.scalar(released.returning(_USE.c.code_id))
    if code_id is not None:
        await session.execute(update(_CODE).where(_CODE.c.id == code_id).values(uses=_CODE.c.uses - 1))


async def reuse_discount(session: AsyncSession, order_id: str) -> bool:
    """Count the use of a code again that an order had given back, since it was paid all the same.

    Returns False where the code was used by others meanwhile as often as it can be, so that its limits would not hold.
    Whether the code was ended does not matter: it applied when the order was placed.
    """
    given_back = select(_USE).where(_USE.c.order_id == order_id, _USE.c.released_at.is_not(None))
    use = await one_or_none(session, DiscountUse, given_back)
    if use is None:
        return True
    locked = select(_CODE).where(_CODE.c.id == use.code_id).with_for_update(key_share=True)
    row = await one(session, DiscountCode, locked)
    if row.most_uses is not None and row.uses >= row.most_uses:
        return False
    if use.once and await session.scalar(_used(row.id, use.customer_id, use.email_digest)):
        return False
    await session.execute(update(_USE).where(_USE.c.order_id == order_id).values(released_at=None))
    await session.execute(update(_CODE).where(_CODE.c.id == row.id).values(uses=_CODE.c.uses + 1))
    return True


def refused(refusal: DiscountRefusal) -> IllegalState:
    """Return the error for an order whose code does not apply any more."""
    return IllegalState(f"{MESSAGES[refusal]} Remove it from the cart, or enter another.")


def is_active(row: Terms, now: dt.datetime) -> bool:
    """Tell whether somebody may use a code."""
    return _refusal(row, now, is_used=False) is None


def _refusal(row: Terms, now: dt.datetime, *, is_used: bool) -> DiscountRefusal | None:
    if row.ended_at is not None or (row.ends_at is not None and row.ends_at <= now):
        return DiscountRefusal.ENDED
    if row.starts_at is not None and row.starts_at > now:
        return DiscountRefusal.NOT_STARTED
    if row.most_uses is not None and row.uses >= row.most_uses:
        return DiscountRefusal.USED_UP
    return DiscountRefusal.ALREADY_USED if is_used else None


def _rule(row: DiscountCode, currency: CurrencyCode) -> DiscountRule | DiscountRefusal:
    """Return what a code says for a currency: it must have each amount that it has in others."""
    amount, minimum = row.amounts_minor.get(currency.value), row.minimums_minor.get(currency.value)
    if (row.amounts_minor and amount is None) or (row.minimums_minor and minimum is None):
        return DiscountRefusal.OTHER_CURRENCY
    is_bound = bool(row.amounts_minor or row.minimums_minor)
    return DiscountRule(row.code, row.kind, row.percent, amount, currency if is_bound else None, minimum or 0)


def _used(code_id: str, customer_id: str | None, email_digest: str | None) -> Select[tuple[bool]]:
    """Return the SELECT of whether somebody has used a code; NULL is nobody."""
    named = ((_USE.c.customer_id, customer_id), (_USE.c.email_digest, email_digest))
    theirs = or_(false(), *(column == value for column, value in named if value is not None))
    return select(exists().where(_USE.c.code_id == code_id, _USE.c.once, _COUNTS, theirs))

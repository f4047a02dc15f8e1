"""Creates and ends discount codes, as staff."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from shared.core.errors import InvalidInput, NotFound
from shared.core.ids import new_id
from shared.core.validation import Checks
from shared.database import idempotency
from shared.database.database import Database
from shared.database.rows import one, one_or_none
from shared.events.outbox import record
from shared.graph.money import NotMinorUnits, to_minor
from shared.security.auth import Viewer
from subgraphs.order.discount_inputs import DiscountCodeCreateInput, MoneyInput
from subgraphs.order.discount_models import DiscountCode
from subgraphs.order.enums import DiscountKind
from subgraphs.order.events import DiscountCodeCreated, DiscountCodeEnded
from subgraphs.order.service.discount_codes import CODE, normal_code

MOST_USES = 1_000_000

_CODE = DiscountCode.__table__


async def create_code(database: Database, viewer: Viewer, given: DiscountCodeCreateInput) -> DiscountCode:
    """Create a code and return its row; raises InvalidInput, also where there is one of that name."""
    values = _checked(given)
    code_id = new_id("dsc")
    async with database.write() as session:
        key, caller = given.idempotency_key, viewer.id or ""
        first = await idempotency.claim(session, caller, "discountCodeCreate", key, given, code_id)
        if first is not None:
            return await one(session, DiscountCode, select(_CODE).where(_CODE.c.id == first))
        made = insert(_CODE).values(values | {"id": code_id}).on_conflict_do_nothing(index_elements=[_CODE.c.code])
        row = await one_or_none(session, DiscountCode, made.returning(*_CODE.c))
        if row is None:
            message = "There is such a code, or was one; choose another."
            raise InvalidInput.field("input.code", "TAKEN", message)
        await record(session, DiscountCodeCreated(code_id=code_id))
        return row


async def end_code(database: Database, code_id: str) -> DiscountCode:
    """End a code and return its row; one that was ended stays as it is. Raises NotFound."""
    async with database.write() as session:
        row = await one_or_none(session, DiscountCode, select(_CODE).where(_CODE.c.id == code_id).with_for_update())
        if row is None:
            raise NotFound("This discount code does not exist.")
        if row.ended_at is not None:
            return row
        ended = update(_CODE).where(_CODE.c.id == code_id).values(ended_at=dt.datetime.now(dt.UTC))
        await record(session, DiscountCodeEnded(code_id=code_id))
        return await one(session, DiscountCode, ended.returning(*_CODE.c))


def _checked(given: DiscountCodeCreateInput) -> dict[str, object]:
    """Return the columns of a new code; raises InvalidInput."""
    checks = Checks()
    idempotency.check_key(checks, given.idempotency_key)
    code = normal_code(given.code)
    if CODE.fullmatch(code) is None:
        checks.refuse("code", "INVALID_CODE", "Send 3 to 40 letters of A to Z, digits, `-` and `_`.")
    is_percentage, is_amount = given.kind is DiscountKind.PERCENTAGE, given.kind is DiscountKind.AMOUNT
    _check_presence(checks, "percent", needed=is_percentage, given=given.percent is not None)
    _check_presence(checks, "amounts", needed=is_amount, given=bool(given.amounts))
    if given.percent is not None and not 1 <= given.percent <= 100:
        checks.refuse("percent", "OUT_OF_RANGE", "Send a percentage of 1 to 100.")
    if given.most_uses is not None and not 1 <= given.most_uses <= MOST_USES:
        checks.refuse("mostUses", "OUT_OF_RANGE", f"Send a number of 1 to {MOST_USES:,}, or leave it out.")
    starts_at = given.starts_at or dt.datetime.now(dt.UTC)
    if given.ends_at is not None and given.ends_at <= starts_at:
        checks.refuse("endsAt", "OUT_OF_RANGE", "Send a time after `startsAt`, and after now.")
    values = {
        "code": code,
        "kind": given.kind,
        "percent": given.percent,
        "amounts_minor": _by_currency(checks, "amounts", given.amounts or ()),
        "minimums_minor": _by_currency(checks, "minimums", given.minimums or ()),
        "starts_at": given.starts_at,
        "ends_at": given.ends_at,
        "most_uses": given.most_uses,
        "once_per_customer": given.once_per_customer,
    }
    checks.raise_if_any()
    return values


def _check_presence(checks: Checks, name: str, *, needed: bool, given: bool) -> None:
    if needed and not given:
        checks.refuse(name, "REQUIRED", "A code of this kind needs it.")
    elif given and not needed:
        checks.refuse(name, "NOT_ALLOWED", "A code of this kind has none: leave it out.")


def _by_currency(checks: Checks, name: str, amounts: Sequence[MoneyInput]) -> dict[str, int]:
    """Return minor units by currency; refuses amounts of 0 and less, parts of minor units, and a currency twice."""
    found = dict[str, int]()
    for place, money in enumerate(amounts):
        path, code = f"{name}.{place}", money.currency_code.value
        if code in found:
            checks.refuse(f"{path}.currencyCode", "DUPLICATE", "Send one amount for each currency.")
        try:
            found[code] = to_minor(money.amount, money.currency_code)
        except NotMinorUnits as problem:
            checks.refuse(f"{path}.amount", problem.code, str(problem))
        else:
            if found[code] <= 0:
                checks.refuse(f"{path}.amount", "OUT_OF_RANGE", "Send an amount above 0.")
    return found

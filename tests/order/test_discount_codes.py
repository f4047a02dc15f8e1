"""Discount codes: created and ended by staff, used within their limits whoever comes at once, and given back."""

import asyncio
import datetime as dt
from typing import Any

import pytest
from sqlalchemy import func, select

from shared.core.errors import IllegalState, TooManyRequests
from shared.core.ids import new_id
from shared.graph.money import CurrencyCode
from shared.security.pseudonyms import Pseudonymizer
from subgraphs.order.discount_models import DiscountCode, DiscountUse
from subgraphs.order.enums import DiscountKind, DiscountRefusal, OrderStatus
from subgraphs.order.pricing.discounts import DiscountRule
from subgraphs.order.service import privacy
from subgraphs.order.service.discount_codes import (
    MOST_WRONG,
    DiscountLookup,
    find_discount,
    release_discount,
    reuse_discount,
    use_discount,
)
from tests.order.factories import move, place
from tests.support.apps import Served
from tests.support.waiting import in_time

EUR, GBP, JPY = CurrencyCode.EUR, CurrencyCode.GBP, CurrencyCode.JPY
DAY = dt.timedelta(days=1)
FIELDS = """id code kind percent amounts { amount currencyCode } minimums { amount currencyCode } startsAt endsAt
  mostUses oncePerCustomer uses endedAt active"""
PROBLEMS = "... on Problem { code message } ... on InvalidInputProblem { fields { path code } }"
CREATE = f"""mutation ($input: DiscountCodeCreateInput!) {{ discountCodeCreate(input: $input) {{
  __typename ... on DiscountCodeCreateSuccess {{ discountCode {{ {FIELDS} }} }} {PROBLEMS} }} }}"""
END = f"""mutation ($id: ID!) {{ discountCodeEnd(input: {{ discountCodeId: $id }}) {{
  __typename ... on DiscountCodeEndSuccess {{ discountCode {{ {FIELDS} }} }} ... on Problem {{ code }} }} }}"""
LIST = """query ($active: Boolean, $first: Int) { discountCodes(filter: { active: $active }, first: $first) {
  nodes { code active amounts { amount } } pageInfo { hasNextPage } } }"""


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def a_code() -> str:
    return f"CODE-{new_id('dsc')[-12:]}".upper()


async def create(order: Served, token: str | None, **given: Any) -> Any:
    answer = await order.execute(CREATE, token, input={"code": a_code(), "kind": "PERCENTAGE", **given})
    return answer.data["discountCodeCreate"]


async def stored(order: Served, **given: Any) -> DiscountCode:
    """Store a code of 10 per cent, if nothing else is said, and return it as it was made."""
    percent = {"percent": 10} if given.get("kind", DiscountKind.PERCENTAGE) is DiscountKind.PERCENTAGE else {}
    row = DiscountCode(**{"id": new_id("dsc"), "code": a_code(), "kind": DiscountKind.PERCENTAGE, **percent, **given})
    async with order.database.write() as session:
        session.add(row)
        await session.flush()
        session.expunge(row)
    return row


async def found(
    order: Served, code: str, currency: CurrencyCode = EUR, customer: str | None = None, digest: str | None = None
) -> DiscountRule | DiscountRefusal:
    async with order.database.read() as connection:
        return await find_discount(connection, code, currency, now(), customer, digest)


async def use(
    order: Served, code: str, *, customer: str | None = None, digest: str = "d1", goods: int = 5000, **given: Any
) -> str:
    """Place an order, use a code for it, and return the order's id."""
    placed = await place(order, customer)
    async with order.database.write() as session:
        await use_discount(session, code, placed.id, given.get("currency", EUR), goods, now(), customer, digest)
    return str(placed.id)


async def counted(order: Served, row: DiscountCode) -> tuple[int, int]:
    """Return how often a code was used, as it counts and by the rows of its uses."""
    async with order.database.read() as connection:
        uses = await connection.scalar(select(DiscountCode.uses).where(DiscountCode.id == row.id))
        counting = (DiscountUse.code_id == row.id, DiscountUse.released_at.is_(None))
        rows = select(func.count()).select_from(DiscountUse).where(*counting)
        return int(uses or 0), int(await connection.scalar(rows) or 0)


async def test_staff_create_a_code_and_customers_find_it_however_they_write_it(order: Served, support: str) -> None:
    code = a_code()
    amounts = [{"amount": "5.00", "currencyCode": "EUR"}, {"amount": "800", "currencyCode": "JPY"}]
    minimums = [{"amount": "20", "currencyCode": "EUR"}, {"amount": "3000", "currencyCode": "JPY"}]
    written = f" {code[:6].lower()} {code[6:]} "
    given = {"code": written, "kind": "AMOUNT", "amounts": amounts, "minimums": minimums, "mostUses": 3}
    made = await create(order, support, **given, oncePerCustomer=True)
    shown = made["discountCode"]
    assert (shown["code"], shown["kind"], shown["percent"]) == (code, "AMOUNT", None)
    assert (shown["mostUses"], shown["oncePerCustomer"], shown["uses"], shown["active"]) == (3, True, 0, True)
    assert shown["amounts"] == amounts
    assert shown["minimums"] == [{"amount": "20.00", "currencyCode": "EUR"}, minimums[1]]
    rule = DiscountRule(code, DiscountKind.AMOUNT, None, 500, EUR, 2000)
    assert await found(order, written) == rule
    assert await found(order, code, JPY) == DiscountRule(code, DiscountKind.AMOUNT, None, 800, JPY, 3000)
    assert await found(order, code, GBP) is DiscountRefusal.OTHER_CURRENCY


async def test_a_percentage_without_minimum_is_valid_in_each_currency(order: Served) -> None:
    row = await stored(order)
    for currency in CurrencyCode:
        assert await found(order, row.code, currency) == DiscountRule(row.code, DiscountKind.PERCENTAGE, 10)


@pytest.mark.parametrize(
    ("given", "field", "code"),
    [
        ({"code": "AB", "percent": 10}, "code", "INVALID_CODE"),
        ({"code": "ÄPFEL", "percent": 10}, "code", "INVALID_CODE"),
        ({"code": "A*BC", "percent": 10}, "code", "INVALID_CODE"),
        ({"code": "A" * 41, "percent": 10}, "code", "INVALID_CODE"),
        ({}, "percent", "REQUIRED"),
        ({"percent": 0}, "percent", "OUT_OF_RANGE"),
        ({"percent": 101}, "percent", "OUT_OF_RANGE"),
        ({"kind": "AMOUNT"}, "amounts", "REQUIRED"),
        ({"kind": "FREE_SHIPPING", "percent": 10}, "percent", "NOT_ALLOWED"),
        ({"percent": 5, "amounts": [{"amount": "1", "currencyCode": "EUR"}]}, "amounts", "NOT_ALLOWED"),
        ({"percent": 5, "minimums": [{"amount": "0", "currencyCode": "EUR"}]}, "minimums.0.amount", "OUT_OF_RANGE"),
        ({"percent": 5, "minimums": [{"amount": "1.5", "currencyCode": "JPY"}]}, "minimums.0.amount", "TOO_PRECISE"),
        (
            {"percent": 5, "minimums": [{"amount": "1", "currencyCode": "EUR"}] * 2},
            "minimums.1.currencyCode",
            "DUPLICATE",
        ),
        ({"percent": 5, "mostUses": 0}, "mostUses", "OUT_OF_RANGE"),
        ({"percent": 5, "endsAt": "2020-01-01T00:00:00Z"}, "endsAt", "OUT_OF_RANGE"),
        ({"percent": 5, "idempotencyKey": ""}, "idempotencyKey", "TOO_SHORT"),
    ],
)
async def test_what_is_no_code_is_refused_by_name(
    order: Served, support: str, given: dict[str, Any], field: str, code: str
) -> None:
    async with order.database.read() as connection:
        before = await connection.scalar(select(func.count()).select_from(DiscountCode))
    refused = await create(order, support, **given)
    assert refused["fields"] == [{"path": f"input.{field}", "code": code}]
    async with order.database.read() as connection:
        assert await connection.scalar(select(func.count()).select_from(DiscountCode)) == before


async def test_a_code_is_taken_for_good_and_a_retry_returns_the_first(order: Served, support: str) -> None:
    key, code = new_id("key"), a_code()
    made = await create(order, support, code=code, percent=10, idempotencyKey=key)
    again = await create(order, support, code=code, percent=10, idempotencyKey=key)
    assert again["discountCode"]["id"] == made["discountCode"]["id"]
    await order.execute(END, support, id=made["discountCode"]["id"])
    taken = await create(order, support, code=code.lower(), percent=20)
    assert taken["fields"] == [{"path": "input.code", "code": "TAKEN"}]


async def test_an_ended_code_applies_no_more_and_stays_as_it_is(order: Served, support: str) -> None:
    row = await stored(order)
    ended = (await order.execute(END, support, id=row.id)).data["discountCodeEnd"]["discountCode"]
    assert (ended["active"], ended["endedAt"] is not None) == (False, True)
    assert await found(order, row.code) is DiscountRefusal.ENDED
    again = (await order.execute(END, support, id=row.id)).data["discountCodeEnd"]["discountCode"]
    assert again["endedAt"] == ended["endedAt"]
    missing = (await order.execute(END, support, id=new_id("dsc"))).data["discountCodeEnd"]
    assert missing["code"] == "NOT_FOUND"


async def test_customers_neither_see_nor_make_codes(order: Served, customer: str) -> None:
    row = await stored(order)
    for document, given in ((CREATE, {"input": {"code": a_code(), "kind": "FREE_SHIPPING"}}), (END, {"id": row.id})):
        for token, code in ((customer, "FORBIDDEN"), (None, "UNAUTHENTICATED")):
            assert (await order.execute(document, token, **given)).codes == [code]
    assert (await order.execute(LIST, customer)).codes == ["FORBIDDEN"]
    assert await found(order, row.code) == DiscountRule(row.code, DiscountKind.PERCENTAGE, 10)


async def test_the_list_tells_active_codes_from_others_at_one_cost(order: Served, support: str) -> None:
    active = await stored(order, kind=DiscountKind.AMOUNT, amounts_minor={"EUR": 500})
    others = [
        await stored(order, starts_at=now() + DAY),
        await stored(order, ends_at=now() - DAY),
        await stored(order, ended_at=now()),
        await stored(order, most_uses=1, uses=1),
    ]
    for wanted, codes in ((True, {active.code}), (False, {row.code for row in others})):
        nodes = (await order.execute(LIST, support, active=wanted, first=100)).data["discountCodes"]["nodes"]
        assert {node["active"] for node in nodes} == {wanted}
        assert codes <= {node["code"] for node in nodes}
    costs = []
    for first in (1, 5):
        with order.statements() as sent:
            assert len((await order.execute(LIST, support, first=first)).data["discountCodes"]["nodes"]) == first
        costs.append(len(sent))
    assert costs[0] == costs[1]


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"starts_at": 1}, DiscountRefusal.NOT_STARTED),
        ({"ends_at": -1}, DiscountRefusal.ENDED),
        ({"ended_at": -1}, DiscountRefusal.ENDED),
        ({"most_uses": 2, "uses": 2}, DiscountRefusal.USED_UP),
        ({"minimums_minor": {"GBP": 100}}, DiscountRefusal.OTHER_CURRENCY),
        ({"minimums_minor": {"EUR": 9000}}, DiscountRefusal.BELOW_MINIMUM),
    ],
)
async def test_a_code_that_does_not_apply_is_not_used(
    order: Served, given: dict[str, Any], refusal: DiscountRefusal
) -> None:
    given = {name: now() + value * DAY if name.endswith("_at") else value for name, value in given.items()}
    row = await stored(order, **given)
    if refusal is not DiscountRefusal.BELOW_MINIMUM:
        assert await found(order, row.code) is refusal
    before = await counted(order, row)
    with pytest.raises(IllegalState):
        await use(order, row.code, goods=8999)
    assert await counted(order, row) == before


async def test_unknown_codes_are_refused(order: Served) -> None:
    for code in ("NOBODY-HAS-THIS", "", "x\x00y", "A" * 10_000, "Ω" * 10):
        assert await found(order, code) is DiscountRefusal.UNKNOWN
    with pytest.raises(IllegalState):
        await use(order, "NOBODY-HAS-THIS")


async def test_a_code_is_used_once_by_each_customer_whether_logged_in_or_not(order: Served) -> None:
    row = await stored(order, once_per_customer=True)
    person, other = new_id("usr"), new_id("usr")
    await use(order, row.code, customer=person, digest="first")
    for customer, digest in ((person, "another"), (None, "first"), (other, "first")):
        assert await found(order, row.code, customer=customer, digest=digest) is DiscountRefusal.ALREADY_USED
        with pytest.raises(IllegalState, match="has used it"):
            await use(order, row.code, customer=customer, digest=digest)
    assert isinstance(await found(order, row.code, customer=other, digest="second"), DiscountRule)
    # Guests have nothing in common but that they have no account.
    await use(order, row.code, digest="second")
    await use(order, row.code, digest="third")
    assert await counted(order, row) == (3, 3)


async def test_a_code_for_all_may_be_used_again_by_anybody(order: Served) -> None:
    row = await stored(order)
    for _ in range(2):
        await use(order, row.code, digest="same")
    assert await counted(order, row) == (2, 2)


async def test_many_at_once_never_use_a_code_more_often_than_allowed(order: Served) -> None:
    row = await stored(order, most_uses=5)
    async with in_time():
        ended = await asyncio.gather(
            *[use(order, row.code, digest=f"d{number}") for number in range(20)], return_exceptions=True
        )
    refused = [each for each in ended if not isinstance(each, str)]
    assert len(refused) == 15
    assert all(isinstance(each, IllegalState) for each in refused)
    assert await counted(order, row) == (5, 5)


async def test_one_customer_many_times_at_once_uses_a_code_once(order: Served) -> None:
    row, person = await stored(order, once_per_customer=True), new_id("usr")
    async with in_time():
        ended = await asyncio.gather(
            *[use(order, row.code, customer=person) for _ in range(10)], return_exceptions=True
        )
    assert sum(isinstance(each, str) for each in ended) == 1
    assert all(isinstance(each, str | IllegalState) for each in ended)
    assert await counted(order, row) == (1, 1)


async def test_an_order_that_is_cancelled_unpaid_gives_the_code_back_once(order: Served) -> None:
    row = await stored(order, most_uses=1, once_per_customer=True)
    order_id = await use(order, row.code)
    assert await found(order, row.code) is DiscountRefusal.USED_UP
    await move(order, order_id, OrderStatus.CANCELLED)
    assert await counted(order, row) == (0, 0)
    async with order.database.write() as session:
        await release_discount(session, order_id)
    assert await counted(order, row) == (0, 0)
    await use(order, row.code)
    assert await counted(order, row) == (1, 1)


async def test_an_order_that_was_paid_keeps_its_use(order: Served) -> None:
    row = await stored(order, most_uses=1)
    await move(order, await use(order, row.code), OrderStatus.PAID, OrderStatus.CANCELLED)
    assert await counted(order, row) == (1, 1)


async def test_a_use_that_was_given_back_counts_again_once_within_the_limits(order: Served) -> None:
    row = await stored(order, most_uses=1)
    given_back = await use(order, row.code)
    await move(order, given_back, OrderStatus.CANCELLED)
    for _ in range(2):
        async with order.database.write() as session:
            assert await reuse_discount(session, given_back)
        assert await counted(order, row) == (1, 1)
    other = await stored(order, most_uses=1)
    late = await use(order, other.code)
    await move(order, late, OrderStatus.CANCELLED)
    await use(order, other.code, digest="another")
    async with order.database.write() as session:
        assert not await reuse_discount(session, late)
    assert await counted(order, other) == (1, 1)


async def test_who_used_a_code_again_meanwhile_has_no_second_use(order: Served) -> None:
    row, person = await stored(order, once_per_customer=True), new_id("usr")
    late = await use(order, row.code, customer=person)
    await move(order, late, OrderStatus.CANCELLED)
    await use(order, row.code, customer=person)
    async with order.database.write() as session:
        assert not await reuse_discount(session, late)
    assert await counted(order, row) == (1, 1)


async def test_who_used_a_code_is_forgotten_with_the_person(order: Served) -> None:
    row, person = await stored(order, once_per_customer=True), new_id("usr")
    order_id = await use(order, row.code, customer=person, digest="theirs")
    async with order.database.write() as session:
        await privacy.forget_customer(session, person)
    async with order.database.read() as connection:
        whose = select(DiscountUse.customer_id, DiscountUse.email_digest).where(DiscountUse.order_id == order_id)
        assert tuple((await connection.execute(whose)).one()) == (None, None)
    assert await counted(order, row) == (1, 1)


async def test_guesses_are_limited_by_network_and_right_codes_are_none(order: Served) -> None:
    row, lookup = await stored(order), order.runtime.resource(DiscountLookup)
    digest = order.runtime.resource(Pseudonymizer).of_email("anna@example.com")
    ours, theirs = "2001:db8:77::1", "2001:db8:78::1"
    for number in range(MOST_WRONG):
        assert isinstance(await lookup.look_up(row.code, EUR, None, digest, ours), DiscountRule)
        assert await lookup.look_up(f"WRONG-{number}", EUR, None, digest, ours) is DiscountRefusal.UNKNOWN
    with pytest.raises(TooManyRequests):
        await lookup.look_up(row.code, EUR, None, digest, ours)
    assert isinstance(await lookup.look_up(row.code, EUR, None, digest, theirs), DiscountRule)

"""Discount codes in carts: what they take off, when they stop to apply, and their use by the order."""

import asyncio
import datetime as dt
from collections import Counter
from typing import Any

from sqlalchemy import update

from shared.core.ids import new_id
from subgraphs.order.discount_models import DiscountCode
from subgraphs.order.enums import DiscountKind, OrderStatus
from tests.order.carts import cart_operation, codes, line, quote, ready_cart, shown
from tests.order.factories import move
from tests.order.test_discount_codes import counted, stored
from tests.support.apps import Identities, Served


async def applied(order: Served, who: str | None, named: Any, cart: Any, code: str) -> Any:
    return await cart_operation(order, who, "cartDiscountApply", **named, version=cart["version"], code=code)


async def with_code(order: Served, who: str | None, row: DiscountCode, *lines: Any, **delivery: Any) -> tuple[Any, Any]:
    """Make a cart that can be ordered and has a code."""
    cart, named = await ready_cart(order, who, *lines, **delivery)
    result = await applied(order, who, named, cart, row.code)
    assert result["__typename"] == "CartDiscountApplySuccess", result
    return result["cart"], named


async def complete(order: Served, who: str | None, named: Any, cart: Any) -> Any:
    return await cart_operation(order, who, "checkoutComplete", **named, version=cart["version"])


async def test_a_code_takes_its_part_off_and_is_used_by_the_order(order: Served) -> None:
    row = await stored(order)
    cart, named = await with_code(order, None, row, line(order, quote(), 5))
    # 5 x 24.90 less 10 % for the number of pieces, and of the rest 10 % by the code.
    assert cart["cost"]["quantityDiscount"]["amount"] == "12.45"
    assert cart["cost"]["discount"]["amount"] == "11.20"
    assert [each["discount"]["amount"] for each in cart["lines"]] == ["23.65"]
    assert (await counted(order, row))[0] == 0
    done = await complete(order, None, named, cart)
    assert done["order"]["discount"]["amount"] == "23.65"
    assert done["order"]["total"]["amount"] == cart["cost"]["total"]["amount"]
    assert (await counted(order, row))[0] == 1
    await complete(order, None, named, cart)
    assert (await counted(order, row))[0] == 1
    # What is ordered costs what it cost, though the code is used now.
    assert (await shown(order, None, named))["cost"] == cart["cost"]


async def test_unknown_codes_are_refused_and_a_removed_one_takes_nothing_off(order: Served) -> None:
    before, named = await ready_cart(order, None)
    refused = await applied(order, None, named, before, "no such code")
    assert [(each["path"], each["code"]) for each in refused["fields"]] == [("input.code", "UNKNOWN")]
    assert await shown(order, None, named) == before
    row = await stored(order)
    cart = (await applied(order, None, named, before, f" {row.code.lower()} "))["cart"]
    assert (cart["discountCode"], cart["cost"] == before["cost"]) == (row.code, False)
    removed = await cart_operation(order, None, "cartDiscountRemove", **named, version=cart["version"])
    assert (removed["cart"]["discountCode"], removed["cart"]["cost"]) == (None, before["cost"])


async def test_a_code_that_ends_meanwhile_prevents_the_order(order: Served) -> None:
    row = await stored(order)
    cart, named = await with_code(order, None, row)
    async with order.database.write() as session:
        ended = update(DiscountCode).where(DiscountCode.id == row.id).values(ended_at=dt.datetime.now(dt.UTC))
        await session.execute(ended)
    refused = await complete(order, None, named, cart)
    assert codes(refused) == codes(await shown(order, None, named)) == ["DISCOUNT_ENDED"]
    assert (await shown(order, None, named))["order"] is None


async def test_a_code_needs_goods_of_its_minimum(order: Served) -> None:
    row = await stored(order, minimums_minor={"EUR": 5000})
    cart, named = await with_code(order, None, row)
    assert (codes(cart), cart["cost"]["discount"]["amount"]) == (["DISCOUNT_BELOW_MINIMUM"], "0.00")
    more = [line(order, quote())]
    cart = (await cart_operation(order, None, "cartLinesAdd", **named, version=cart["version"], lines=more))["cart"]
    assert (codes(cart), cart["cost"]["discount"]["amount"]) == ([], "7.47")


async def test_an_order_that_costs_nothing_is_paid_at_once(order: Served) -> None:
    row = await stored(order, percent=100)
    # So many goods are sent without charge.
    cart, named = await with_code(order, None, row, line(order, quote(), 40))
    assert cart["cost"]["total"]["amount"] == "0.00"
    done = await complete(order, None, named, cart)
    assert (done["order"]["status"], done["order"]["version"], done["payment"]) == ("PAID", 2, None)
    assert (await complete(order, None, named, cart))["order"] == done["order"]
    assert (await counted(order, row))[0] == 1


async def test_the_last_use_of_a_code_is_given_to_one_of_many_carts(order: Served) -> None:
    row = await stored(order, most_uses=1)
    carts = [await with_code(order, None, row) for _ in range(5)]
    answers = await asyncio.gather(*[complete(order, None, named, cart) for cart, named in carts])
    kinds = Counter(each["__typename"] for each in answers)
    assert kinds.pop("CheckoutCompleteSuccess") == 1
    assert set(kinds) <= {"CheckoutRefusedProblem", "IllegalStateProblem"}
    states = [await shown(order, None, named) for _, named in carts]
    assert sorted(codes(each) for each in states if each["order"] is None) == [["DISCOUNT_USED_UP"]] * 4


async def test_a_code_is_used_once_by_a_customer_and_given_back_with_the_order(
    order: Served, customer: str, customer_id: str
) -> None:
    row = await stored(order, once_per_customer=True)
    email = f"{new_id('any')}@example.com"
    cart, named = await with_code(order, customer, row, email=email)
    done = await complete(order, customer, named, cart)
    # As a guest with the address they are the same person.
    again, as_guest = await ready_cart(order, None, email=email)
    refused = await applied(order, None, as_guest, again, row.code)
    assert [each["code"] for each in refused["fields"]] == ["ALREADY_USED"]
    await move(order, done["order"]["id"], OrderStatus.CANCELLED)
    assert (await applied(order, None, as_guest, again, row.code))["__typename"] == "CartDiscountApplySuccess"


async def test_free_shipping_makes_the_standard_method_free(order: Served) -> None:
    row = await stored(order, kind=DiscountKind.FREE_SHIPPING)
    cart, _ = await with_code(order, None, row)
    rates = {each["method"]: each["amount"]["amount"] for each in cart["shippingRates"]}
    assert (cart["cost"]["shipping"]["amount"], rates["STANDARD"] != "0.00") == ("0.00", True)


async def test_codes_cost_the_same_number_of_statements_for_many_carts(
    order: Served, people: Identities, support: str
) -> None:
    query = """query ($of: [_Any!]!) { _entities(representations: $of) {
      ... on User { cart { cost { total { amount } } problems { code } lines { id } order { id } } } } }"""
    row = await stored(order, once_per_customer=True)
    customers = [new_id("usr") for _ in range(3)]
    for each in customers:
        await with_code(order, people.token(each), row)
    costs = []
    for asked in (customers[:1], customers):
        with order.statements() as sent:
            of = [{"__typename": "User", "id": each} for each in asked]
            found = (await order.execute(query, support, of=of)).data["_entities"]
        assert [each["cart"]["problems"] for each in found] == [[]] * len(asked)
        costs.append(len(sent))
    assert costs[0] == costs[1]

"""Checkout: one order for a cart, whoever asks how often, with what the cart cost; none where something is amiss."""

import asyncio
import datetime as dt
from typing import Any

import pytest
from sqlalchemy import func, select, update

from shared.core.ids import new_id
from shared.events.outbox import OUTBOX
from shared.security.pseudonyms import Pseudonymizer
from subgraphs.order.cart_models import Cart, CartLine
from subgraphs.order.models import Order, OrderLine
from subgraphs.order.service.carts.checkout import CartCheckout
from subgraphs.order.service.guest_orders import link_guest_orders
from subgraphs.order.service.payments import Payments
from tests.order.carts import ADDRESS, cart_operation, codes, design_quote, line, quote, ready_cart, shown
from tests.order.payments import deliver_webhooks, pay, start
from tests.support.apps import Served


async def complete(order: Served, who: str | None, named: Any, version: int) -> Any:
    return await cart_operation(order, who, "checkoutComplete", **named, version=version)


async def orders_of(order: Served, cart_id: str) -> list[Any]:
    async with order.database.read() as connection:
        return list((await connection.execute(select(Order.__table__).where(Order.cart_id == cart_id))).all())


async def events_of(order: Served, aggregate_id: str) -> list[tuple[str, Any]]:
    statement = select(OUTBOX.c.type, OUTBOX.c.data).where(OUTBOX.c.subject == aggregate_id).order_by(OUTBOX.c.id)
    async with order.database.read() as connection:
        return [(row.type, row.data) for row in await connection.execute(statement)]


async def test_a_guests_cart_becomes_an_order_with_what_it_cost(order: Served) -> None:
    rex = quote()
    cart, named = await ready_cart(order, None, line(order, rex, 5), line(order, quote(title="Leash")))
    done = await complete(order, None, named, cart["version"])
    placed, cost = done["order"], cart["cost"]
    assert placed["status"] == "PENDING"
    assert placed["total"]["amount"] == cost["total"]["amount"]
    same = ("subtotal", "shipping", "tax", "includedTax")
    assert [placed[name] for name in same] == [cost[name] for name in same]
    assert placed["discount"] == cost["quantityDiscount"]
    assert float(placed["includedTax"]["amount"]) > 0
    assert [(each["title"], each["quantity"]) for each in placed["lines"]] == [("Collar Rex", 5), ("Leash", 1)]
    assert done["trackingToken"]
    [row] = await orders_of(order, cart["id"])
    assert {"recipient": row.recipient, "city": row.city, "country": row.country_code} == {
        "recipient": ADDRESS["recipient"],
        "city": ADDRESS["city"],
        "country": "AT",
    }
    async with order.database.read() as connection:
        of_order = select(OrderLine.__table__).where(OrderLine.order_id == row.id).order_by(OrderLine.position)
        first = (await connection.execute(of_order)).first()
    assert first is not None
    assert (first.preset_id, first.product, first.quoted_version) == (rex.subject_id, "COLLAR", 1)
    after = await shown(order, None, named)
    assert (after["order"]["id"], after["problems"], after["version"]) == (placed["id"], [], cart["version"] + 1)


async def test_a_customers_design_is_ordered_by_its_version(order: Served, customer: str, customer_id: str) -> None:
    mine = design_quote(customer_id, version=7)
    cart, named = await ready_cart(order, customer, line(order, mine, 2))
    done = await complete(order, customer, named, cart["version"])
    assert done["trackingToken"] is None
    assert done["order"]["customer"] == {"id": customer_id}
    assert done["order"]["lines"][0]["design"] == {"id": mine.subject_id}
    [(kind, created), *_] = await events_of(order, done["order"]["id"])
    assert kind == "order.created"
    assert created["lines"] == [{"design_id": mine.subject_id, "quantity": 2, "design_version": 7, "preset_id": None}]


async def test_twenty_at_once_make_one_order(order: Served) -> None:
    cart, named = await ready_cart(order, None)
    answers = await asyncio.gather(*[complete(order, None, named, cart["version"]) for _ in range(20)])
    assert {each["__typename"] for each in answers} == {"CheckoutCompleteSuccess"}
    assert len({each["order"]["id"] for each in answers}) == 1
    assert len(await orders_of(order, cart["id"])) == 1
    told = [kind for kind, _ in await events_of(order, cart["id"])]
    assert told == ["cart.items_added", "cart.checked_out"]


async def test_done_again_with_whatever_version_it_is_the_same_order(order: Served, customer: str) -> None:
    for who in (None, customer):
        cart, named = await ready_cart(order, who)
        first = await complete(order, who, named, cart["version"])
        for version in (0, cart["version"], 99):
            again = await complete(order, who, named, version)
            assert again["order"] == first["order"]
        assert len(await orders_of(order, cart["id"])) == 1


async def test_what_is_ordered_does_not_change(order: Served, customer: str) -> None:
    cart, named = await ready_cart(order, customer)
    await complete(order, customer, named, cart["version"])
    ordered = await shown(order, customer, named)
    change = {**named, "version": ordered["version"]}
    for name, given in (
        ("cartLinesAdd", {"lines": [line(order, quote())]}),
        ("cartLinesRemove", {"lineIds": [cart["lines"][0]["id"]]}),
        ("cartDeliverySet", {"email": "other@example.com"}),
    ):
        assert (await cart_operation(order, customer, name, **change, **given))["code"] == "ILLEGAL_STATE"
    assert await shown(order, customer, named) == ordered
    # The next cart is another one.
    following = await cart_operation(order, customer, "cartCreate", currency="EUR", lines=[])
    assert following["cart"]["id"] != cart["id"]


async def test_a_cart_that_is_changed_meanwhile_is_not_ordered(order: Served) -> None:
    cart, named = await ready_cart(order, None)
    change = {**named, "version": cart["version"]}
    results = await asyncio.gather(
        cart_operation(order, None, "cartLinesAdd", **change, lines=[line(order, quote())]),
        cart_operation(order, None, "cartDiscountRemove", **change),
    )
    kinds = sorted(each["__typename"] for each in results)
    assert kinds[0] in ("CartDiscountRemoveSuccess", "CartLinesAddSuccess")
    assert kinds[1] == "ConflictProblem"
    late = await complete(order, None, named, cart["version"])
    assert (late["__typename"], late["currentVersion"]) == ("ConflictProblem", cart["version"] + 1)
    assert await orders_of(order, cart["id"]) == []


async def test_all_that_is_amiss_is_told_and_nothing_is_ordered(order: Served) -> None:
    cart, named = await ready_cart(order, None, line(order, quote(title="Old collar")))
    line_id = cart["lines"][0]["id"]
    async with order.database.write() as session:
        await session.execute(update(CartLine).where(CartLine.id == line_id).values(quote_expires_at=func.now()))
        cleared = {"contact_email": None, "country_code": None}
        await session.execute(update(Cart).where(Cart.id == cart["id"]).values(cleared))
    refused = await complete(order, None, named, cart["version"])
    assert (refused["__typename"], refused["code"]) == ("CheckoutRefusedProblem", "CHECKOUT_REFUSED")
    assert [(each["code"], each["lineId"]) for each in refused["problems"]] == [
        ("QUOTE_EXPIRED", line_id),
        ("EMAIL_MISSING", None),
        ("ADDRESS_MISSING", None),
    ]
    assert "“Old collar”" in refused["problems"][0]["message"]
    assert codes(await shown(order, None, named)) == codes(refused)
    assert await orders_of(order, cart["id"]) == []


async def test_what_is_bought_is_told_without_personal_data(order: Served) -> None:
    visitor, email = new_id("vis"), f"{new_id('any')}@example.com"
    rex = quote()
    made = await cart_operation(order, None, "cartCreate", currency="EUR", visitor=visitor, lines=[line(order, rex, 2)])
    named = {"cartId": made["cart"]["id"], "token": made["token"]}
    delivery = {"email": email, "address": ADDRESS, "shippingMethod": "STANDARD"}
    cart = (await cart_operation(order, None, "cartDeliverySet", **named, version=1, **delivery))["cart"]
    done = await complete(order, None, named, cart["version"])
    items = [{"product": "COLLAR", "design_id": None, "quantity": 2}]
    about = {"cart_id": cart["id"], "customer_id": None, "visitor": visitor, "items": items}
    [(_, created), *_] = await events_of(order, done["order"]["id"])
    assert await events_of(order, cart["id"]) == [
        ("cart.items_added", about),
        ("cart.checked_out", about | {"order_id": done["order"]["id"], "placed_at": created["placed_at"]}),
    ]
    assert created["visitor"] == visitor


async def test_a_guest_does_not_learn_who_has_an_account_with_the_address(
    order: Served, customer: str, customer_id: str
) -> None:
    email = f"{new_id('any')}@example.com"
    async with order.database.write() as session:
        digest = order.runtime.resource(Pseudonymizer).of_email(email)
        await link_guest_orders(session, digest, customer_id)
    cart, named = await ready_cart(order, None, email=email)
    done = await complete(order, None, named, cart["version"])
    assert done["order"]["customer"] is None
    query = "query ($id: ID!) { order(id: $id) { customer { id } } }"
    assert (await order.execute(query, customer, id=done["order"]["id"])).data["order"]["customer"]["id"] == customer_id
    query = "query ($id: ID!, $of: String) { cart(id: $id, token: $of) { order { contactEmail customer { id } } } }"
    seen = await order.execute(query, id=cart["id"], of=named["token"])
    assert seen.body["data"]["cart"]["order"] == {"contactEmail": None, "customer": None}


async def test_nobody_is_flooded_with_orders(order: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(order.runtime.resource(CartCheckout)._by_contact, "_most", 2)
    email = f"{new_id('any')}@example.com"
    first, named_first = await ready_cart(order, None, email=email)
    for _ in range(3):
        await complete(order, None, named_first, first["version"])
    second, named_second = await ready_cart(order, None, email=email.upper())
    assert (await complete(order, None, named_second, second["version"]))["__typename"] == "CheckoutCompleteSuccess"
    third, named_third = await ready_cart(order, None, email=email)
    refused = await complete(order, None, named_third, third["version"])
    assert refused["__typename"] == "RateLimitedProblem"
    assert await orders_of(order, third["id"]) == []
    assert (await shown(order, None, named_third))["version"] == third["version"]
    assert (await shown(order, None, named_third))["order"] is None


async def test_an_ordered_cart_is_kept_so_long_that_the_answer_can_be_had_again(order: Served) -> None:
    cart, named = await ready_cart(order, None)
    await complete(order, None, named, cart["version"])
    left = dt.datetime.fromisoformat((await shown(order, None, named))["expiresAt"]) - dt.datetime.now(dt.UTC)
    assert dt.timedelta(days=29) < left <= dt.timedelta(days=30)


async def test_the_payment_begins_with_the_order_and_is_the_same_again(order: Served) -> None:
    cart, named = await ready_cart(order, None)
    done = await complete(order, None, named, cart["version"])
    assert done["payment"]["provider"] == "SIMULATED"
    assert done["payment"]["amount"] == cart["cost"]["total"]
    again = await complete(order, None, named, 0)
    assert again["payment"] == done["payment"]
    secret = (await start(order, None, done["order"]["id"], done["trackingToken"]))["clientSecret"]
    assert secret == done["payment"]["clientSecret"]


async def test_a_provider_that_is_away_leaves_the_order_to_be_paid_later(
    order: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkout = order.runtime.resource(CartCheckout)
    cart, named = await ready_cart(order, None)
    with monkeypatch.context() as away:
        away.setattr(checkout, "_payments", Payments({}, None))
        done = await complete(order, None, named, cart["version"])
    assert (done["order"]["status"], done["payment"]) == ("PENDING", None)
    again = await complete(order, None, named, cart["version"])
    assert again["order"] == done["order"]
    assert again["payment"]["amount"] == cart["cost"]["total"]
    assert len(await orders_of(order, cart["id"])) == 1


async def test_once_it_is_paid_it_is_answered_without_a_payment(order: Served) -> None:
    cart, named = await ready_cart(order, None)
    done = await complete(order, None, named, cart["version"])
    await pay(order, done["payment"])
    await deliver_webhooks(order)
    again = await complete(order, None, named, cart["version"])
    assert (again["order"]["id"], again["order"]["status"]) == (done["order"]["id"], "PAID")
    assert again["payment"] is None

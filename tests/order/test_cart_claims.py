"""Guests' carts that customers take over: merged with their own, once, by whoever has the token alone."""

import asyncio
from typing import Any

from sqlalchemy import func, select

from shared.core.ids import new_id
from subgraphs.order.cart_models import Cart
from subgraphs.order.service.carts.items import MOST_PIECES
from tests.order.carts import ADDRESS, cart_operation, line, new_cart, quantities, quote, ready_cart, shown
from tests.support.apps import Served


async def claim(order: Served, who: str | None, named: Any) -> Any:
    return await cart_operation(order, who, "cartClaim", **named)


async def test_a_customer_without_a_cart_takes_one_over(order: Served, customer: str, stranger: str) -> None:
    cart, named = await ready_cart(order, None, line(order, quote(), 2))
    taken = (await claim(order, customer, named))["cart"]
    assert taken["id"] == cart["id"]
    assert taken["version"] == cart["version"] + 1
    same = ("lines", "shippingAddress", "contactEmail", "cost")
    assert [taken[name] for name in same] == [cart[name] for name in same]
    assert taken["expiresAt"] > cart["expiresAt"]
    # Done again it changes nothing, and the token opens nothing any more.
    assert (await claim(order, customer, named))["cart"] == taken
    assert await shown(order, None, named) is None
    assert (await claim(order, stranger, named))["__typename"] == "NotFoundProblem"
    assert await shown(order, customer, named) == taken


async def test_their_open_cart_goes_into_it(order: Served, customer: str, customer_id: str) -> None:
    rex, leash, bed = quote(), quote(title="Leash"), quote(title="Bed")
    dearer = quote(subject_id=rex.subject_id, unit_price_minor=2600, expires_at=rex.expires_at + 60)
    _, of_own = await ready_cart(order, customer, line(order, rex, 2), line(order, leash, 3), email="own@example.com")
    guests, named = await ready_cart(
        order, None, line(order, dearer, 5), line(order, bed), email="guest@example.com", shippingMethod="EXPRESS"
    )
    taken = (await claim(order, customer, named))["cart"]
    assert taken["id"] == guests["id"]
    assert quantities(taken) == {rex.subject_id: 7, bed.subject_id: 1, leash.subject_id: 3}
    assert [each["title"] for each in taken["lines"]] == ["Collar Rex", "Bed", "Leash"]
    assert taken["lines"][0]["unitPrice"]["amount"] == "26.00"
    assert (taken["contactEmail"], taken["shippingMethod"]) == ("own@example.com", "STANDARD")
    assert taken["problems"] == []
    assert await shown(order, customer, of_own) is None
    async with order.database.read() as connection:
        theirs = select(func.count()).select_from(Cart).where(Cart.customer_id == customer_id)
        assert await connection.scalar(theirs) == 1


async def test_what_a_customer_has_not_said_is_as_the_guest_said(order: Served, customer: str) -> None:
    await new_cart(order, customer, line(order, quote()))
    _, named = await ready_cart(order, None, email="guest@example.com")
    taken = (await claim(order, customer, named))["cart"]
    assert taken["contactEmail"] == "guest@example.com"
    assert {name: taken["shippingAddress"][name] for name in ADDRESS} == ADDRESS


async def test_carts_that_do_not_go_together_stay_as_they_are(order: Served, customer: str) -> None:
    own, of_own = await new_cart(order, customer, line(order, quote(), 600))
    pounds, in_pounds = await new_cart(order, None, line(order, quote(currency="GBP")), currency="GBP")
    large, of_large = await new_cart(order, None, line(order, quote(), MOST_PIECES - 599))
    for cart, named in ((pounds, in_pounds), (large, of_large)):
        assert (await claim(order, customer, named))["code"] == "ILLEGAL_STATE"
        assert await shown(order, None, named) == cart
    assert await shown(order, customer, of_own) == own


async def test_a_wrong_token_an_ordered_cart_and_no_login_take_nothing(
    order: Served, customer: str, stranger: str
) -> None:
    cart, named = await ready_cart(order, None)
    for wrong in ({**named, "token": "x"}, {**named, "cartId": new_id("crt")}):
        assert (await claim(order, customer, wrong))["__typename"] == "NotFoundProblem"
    query = """mutation ($input: CartClaimInput!) { cartClaim(input: $input) { __typename } }"""
    assert (await order.execute(query, None, input=named)).codes == ["UNAUTHENTICATED"]
    assert await shown(order, None, named) == cart
    done = await cart_operation(order, None, "checkoutComplete", **named, version=cart["version"])
    assert done["__typename"] == "CheckoutCompleteSuccess"
    assert (await claim(order, customer, named))["code"] == "ILLEGAL_STATE"
    own, _ = await ready_cart(order, stranger)
    assert (await claim(order, customer, {"cartId": own["id"], "token": "x"}))["code"] == "NOT_FOUND"


async def test_of_claims_at_once_nothing_is_lost(order: Served, customer: str, customer_id: str) -> None:
    guests = [await new_cart(order, None, line(order, quote(), 2)) for _ in range(4)]
    answers = await asyncio.gather(*[claim(order, customer, named) for _, named in guests])
    # A cart that is claimed goes into the next one.
    assert {each["__typename"] for each in answers} == {"CartClaimSuccess"}
    async with order.database.read() as connection:
        rows = (await connection.execute(select(Cart.id).where(Cart.customer_id == customer_id))).all()
    assert len(rows) == 1
    last = await shown(order, customer, {"cartId": rows[0].id})
    assert quantities(last) == {each["preset"]["id"]: 2 for cart, _ in guests for each in cart["lines"]}

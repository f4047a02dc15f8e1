"""Carts: what may be put into them, by whom, and what they show."""

import datetime as dt
import secrets
import time
from typing import Any

import pytest
from sqlalchemy import func, select, update

from shared.core.errors import TooManyRequests
from shared.core.ids import new_id
from shared.events.event import Envelope
from shared.graph.money import CurrencyCode
from shared.security.auth import ANONYMOUS
from shared.security.pseudonyms import Pseudonymizer
from subgraphs.builder.events import DesignUpdated, PresetArchived, PresetUpdated
from subgraphs.order.cart_inputs import CartCreateInput
from subgraphs.order.cart_models import Cart, CartLine
from subgraphs.order.handlers import HANDLERS
from subgraphs.order.service import privacy
from subgraphs.order.service.carts import creation, items
from subgraphs.order.service.carts.creation import CartMaker
from subgraphs.order.service.carts.retention import remove_expired_carts
from tests.order.carts import (
    ADDRESS,
    cart_operation,
    codes,
    design_quote,
    line,
    new_cart,
    quantities,
    quote,
    ready_cart,
    shown,
    signed_quote,
)
from tests.support.apps import Served


async def count_carts(order: Served, *conditions: Any) -> int:
    async with order.database.read() as connection:
        return await connection.scalar(select(func.count()).select_from(Cart).where(*conditions)) or 0


async def receive(order: Served, event: Any) -> None:
    """Have the subgraph hear an event."""
    now = dt.datetime.now(dt.UTC)
    envelope = Envelope(id="1", source="builder", type=event.type, subject=event.aggregate_id, time=now, data={})
    async with order.database.write() as session:
        for handler in HANDLERS[type(event)]:
            await handler(session, event, envelope)


async def test_a_guest_fills_a_cart_and_sees_what_it_costs(order: Served) -> None:
    rex, leash = quote(), quote(title="Leash", product="LEASH", unit_price_minor=1990)
    cart, named = await new_cart(order, None, line(order, rex, 5))
    assert (cart["version"], cart["currencyCode"], cart["order"]) == (1, "EUR", None)
    assert codes(cart) == ["EMAIL_MISSING", "ADDRESS_MISSING"]
    added = await cart_operation(order, None, "cartLinesAdd", **named, version=1, lines=[line(order, leash)])
    cart = added["cart"]
    assert cart["version"] == 2
    assert [each["title"] for each in cart["lines"]] == ["Collar Rex", "Leash"]
    assert cart["lines"][0]["unitPrice"] == {"amount": "24.90"}
    assert cart["lines"][0]["subtotal"] == {"amount": "124.50"}
    assert cart["lines"][0]["discount"] == {"amount": "12.45"}
    assert cart["lines"][0]["preset"] == {"id": rex.subject_id}
    assert cart["cost"]["subtotal"] == {"amount": "144.40"}
    assert cart["cost"]["quantityDiscount"] == {"amount": "12.45"}
    assert cart["cost"]["total"] == {"amount": "131.95", "currencyCode": "EUR"}
    assert await shown(order, None, named) == cart


async def test_equal_subjects_add_up_and_the_quote_that_expires_later_counts(order: Served) -> None:
    rex = quote()
    cart, named = await new_cart(order, None, line(order, rex))
    dearer = quote(subject_id=rex.subject_id, unit_price_minor=2600, version=2, expires_at=rex.expires_at + 60)
    more = [line(order, dearer, 2), line(order, rex)]
    cart = (await cart_operation(order, None, "cartLinesAdd", **named, version=1, lines=more))["cart"]
    assert [(each["quantity"], each["unitPrice"]["amount"]) for each in cart["lines"]] == [(4, "26.00")]


async def test_lines_are_changed_and_removed(order: Served) -> None:
    rex, leash = quote(), quote(title="Leash")
    cart, named = await new_cart(order, None, line(order, rex), line(order, leash, 2))
    first, second = [each["id"] for each in cart["lines"]]
    newer = signed_quote(order, quote(subject_id=rex.subject_id, unit_price_minor=2000, expires_at=rex.expires_at + 9))
    changes = [{"lineId": first, "quantity": 7, "quote": newer}, {"lineId": second, "quantity": 0}]
    cart = (await cart_operation(order, None, "cartLinesUpdate", **named, version=1, lines=changes))["cart"]
    assert [(each["id"], each["quantity"], each["unitPrice"]["amount"]) for each in cart["lines"]] == [
        (first, 7, "20.00")
    ]
    cart = (await cart_operation(order, None, "cartLinesRemove", **named, version=2, lineIds=[first]))["cart"]
    assert (cart["lines"], cart["version"], codes(cart)[0]) == ([], 3, "EMPTY")


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("cartLinesAdd", {"lines": []}),
        ("cartLinesUpdate", {"lines": []}),
        ("cartLinesRemove", {"lineIds": []}),
        ("cartDeliverySet", {"email": "anna@example.com"}),
        ("cartDiscountApply", {"code": "SUMMER"}),
        ("cartDiscountRemove", {}),
        ("checkoutComplete", {}),
    ],
)
async def test_a_stale_version_is_a_conflict_and_changes_nothing(order: Served, name: str, given: Any) -> None:
    before, named = await ready_cart(order, None)
    result = await cart_operation(order, None, name, **named, version=before["version"] - 1, **given)
    assert (result["__typename"], result["currentVersion"]) == ("ConflictProblem", before["version"])
    assert await shown(order, None, named) == before


async def test_bad_quotes_are_refused_by_their_place_and_nothing_is_added(
    order: Served, customer: str, customer_id: str
) -> None:
    before, named = await new_cart(order, customer, line(order, quote()))
    good = quote()
    bad = [
        line(order, good),
        line(order, quote(expires_at=int(time.time()) - 1)),
        {"quote": signed_quote(order, good)[:-2] + "xx", "quantity": 1},
        {"quote": "💥", "quantity": 1},
        line(order, quote(currency="GBP")),
        line(order, design_quote(new_id("usr"))),
        line(order, quote(), 0),
    ]
    result = await cart_operation(order, customer, "cartLinesAdd", **named, version=1, lines=bad)
    assert [(each["path"], each["code"]) for each in result["fields"]] == [
        ("input.lines.1.quote", "QUOTE_EXPIRED"),
        ("input.lines.2.quote", "INVALID_QUOTE"),
        ("input.lines.3.quote", "INVALID_QUOTE"),
        ("input.lines.4.quote", "OTHER_CURRENCY"),
        ("input.lines.5.quote", "NOT_YOURS"),
        ("input.lines.6.quantity", "OUT_OF_RANGE"),
    ]
    assert await shown(order, customer, named) == before


async def test_a_design_is_ordered_from_its_owners_cart_alone(order: Served, customer: str, customer_id: str) -> None:
    mine = design_quote(customer_id)
    _, guests = await new_cart(order, None)
    # Not even its owner puts it into a guest's cart: the order would be nobody's.
    for who in (None, customer):
        refused = await cart_operation(order, who, "cartLinesAdd", **guests, version=1, lines=[line(order, mine)])
        assert [each["code"] for each in refused["fields"]] == ["NOT_YOURS"]
    cart, _ = await new_cart(order, customer, line(order, mine))
    assert [(each["design"], each["preset"]) for each in cart["lines"]] == [({"id": mine.subject_id}, None)]


async def test_unknown_lines_and_foreign_quotes_change_nothing(order: Served) -> None:
    before, named = await new_cart(order, None, line(order, quote()))
    other = signed_quote(order, quote())
    changes = [{"lineId": before["lines"][0]["id"], "quote": other}, {"lineId": new_id("cln"), "quantity": 1}]
    refused = await cart_operation(order, None, "cartLinesUpdate", **named, version=1, lines=changes)
    assert [each["code"] for each in refused["fields"]] == ["OTHER_SUBJECT", "UNKNOWN_LINE"]
    refused = await cart_operation(order, None, "cartLinesRemove", **named, version=1, lineIds=["cln_1"])
    assert [(each["path"], each["code"]) for each in refused["fields"]] == [("input.lineIds.0", "UNKNOWN_LINE")]
    assert await shown(order, None, named) == before


async def test_a_cart_holds_so_many_lines_and_pieces(order: Served) -> None:
    full, named = await new_cart(order, None, *[line(order, quote()) for _ in range(items.MOST_LINES)])
    refused = await cart_operation(order, None, "cartLinesAdd", **named, version=1, lines=[line(order, quote())])
    assert [(each["path"], each["code"]) for each in refused["fields"]] == [("input.lines", "OUT_OF_RANGE")]
    assert await shown(order, None, named) == full
    rest = items.MOST_PIECES - items.MOST_LINES + 1
    first = [{"lineId": full["lines"][0]["id"], "quantity": rest + 1}]
    refused = await cart_operation(order, None, "cartLinesUpdate", **named, version=1, lines=first)
    assert [each["code"] for each in refused["fields"]] == ["OUT_OF_RANGE"]
    first[0]["quantity"] = rest
    cart = (await cart_operation(order, None, "cartLinesUpdate", **named, version=1, lines=first))["cart"]
    assert sum(quantities(cart).values()) == items.MOST_PIECES


async def test_a_customer_has_one_open_cart_and_making_it_again_changes_nothing(
    order: Served, customer: str, customer_id: str
) -> None:
    rex = line(order, quote(), 3)
    cart, named = await new_cart(order, customer, rex)
    assert named["token"] is None
    again, _ = await new_cart(order, customer, rex)
    assert again == cart
    pounds = await cart_operation(order, customer, "cartCreate", currency="GBP", lines=[])
    assert pounds["code"] == "ILLEGAL_STATE"
    assert await count_carts(order, Cart.customer_id == customer_id) == 1
    emptied = await cart_operation(
        order, customer, "cartLinesRemove", cartId=cart["id"], version=1, lineIds=[cart["lines"][0]["id"]]
    )
    pounds = await cart_operation(order, customer, "cartCreate", currency="GBP", lines=[])
    assert (pounds["cart"]["id"], pounds["cart"]["currencyCode"]) == (cart["id"], "GBP")
    assert pounds["cart"]["version"] == emptied["cart"]["version"] + 1


async def test_delivery_is_checked_kept_and_removed(order: Served) -> None:
    cart, named = await new_cart(order, None, line(order, quote()))
    bad = {"recipient": "", "addressLine1": "x" * 101, "city": "Wien\x07", "countryCode": "Austria"}
    refused = await cart_operation(order, None, "cartDeliverySet", **named, version=1, email="anna@", address=bad)
    assert {(each["path"], each["code"]) for each in refused["fields"]} == {
        ("input.email", "INVALID_EMAIL"),
        ("input.address.recipient", "TOO_SHORT"),
        ("input.address.addressLine1", "TOO_LONG"),
        ("input.address.city", "CONTROL_CHARACTER"),
        ("input.address.countryCode", "INVALID_COUNTRY"),
    }
    assert await shown(order, None, named) == cart
    nothing = await cart_operation(order, None, "cartDeliverySet", **named, version=1)
    assert [each["code"] for each in nothing["fields"]] == ["NOTHING_TO_CHANGE"]
    set_ = await cart_operation(
        order, None, "cartDeliverySet", **named, version=1, email="Anna@Example.com", address=ADDRESS
    )
    assert set_["cart"]["contactEmail"] == "anna@example.com"
    assert {name: set_["cart"]["shippingAddress"][name] for name in ADDRESS} == ADDRESS
    assert codes(set_["cart"]) == ["SHIPPING_MISSING"]
    rates = {each["method"]: each["amount"]["amount"] for each in set_["cart"]["shippingRates"]}
    assert set(rates) == {"STANDARD", "EXPRESS"}
    chosen = await cart_operation(order, None, "cartDeliverySet", **named, version=2, shippingMethod="EXPRESS")
    assert chosen["cart"]["cost"]["shipping"]["amount"] == rates["EXPRESS"]
    assert codes(chosen["cart"]) == []
    gone = await cart_operation(order, None, "cartDeliverySet", **named, version=3, email=None, address=None)
    assert (gone["cart"]["contactEmail"], gone["cart"]["shippingAddress"], gone["cart"]["shippingRates"]) == (
        None,
        None,
        [],
    )


async def test_what_prevents_an_order_is_told_by_line(order: Served, customer: str, customer_id: str) -> None:
    fine, changed, archived, old = quote(), design_quote(customer_id, title="Changed"), quote(title="Archived"), quote()
    lines = [line(order, each) for each in (fine, changed, archived, old)]
    cart, named = await ready_cart(order, customer, *lines)
    ids = [each["id"] for each in cart["lines"]]
    await receive(order, DesignUpdated(design_id=changed.subject_id, owner_id=customer_id, version=9, config_version=1))
    assert codes(await shown(order, customer, named)) == []
    await receive(order, DesignUpdated(design_id=changed.subject_id, owner_id=customer_id, version=2, config_version=2))
    await receive(order, PresetArchived(preset_id=archived.subject_id, version=2))
    async with order.database.write() as session:
        await session.execute(update(CartLine).where(CartLine.id == ids[3]).values(quote_expires_at=func.now()))
    cart = await shown(order, customer, named)
    assert [(each["code"], each["lineId"]) for each in cart["problems"]] == [
        ("DESIGN_CHANGED", ids[1]),
        ("WITHDRAWN", ids[2]),
        ("QUOTE_EXPIRED", ids[3]),
    ]
    assert "“Archived”" in cart["problems"][1]["message"]
    # A quote of the new version settles it, one of the old does not.
    for version, left in ((1, "DESIGN_CHANGED"), (2, "WITHDRAWN")):
        newer = design_quote(
            customer_id, subject_id=changed.subject_id, version=version, expires_at=changed.expires_at + version
        )
        change = [{"lineId": ids[1], "quote": signed_quote(order, newer)}]
        result = await cart_operation(
            order, customer, "cartLinesUpdate", **named, version=cart["version"], lines=change
        )
        cart = result["cart"]
        assert codes(cart)[0] == left


async def test_a_preset_that_changed_needs_a_new_quote(order: Served) -> None:
    rex = quote()
    _, named = await ready_cart(order, None, line(order, rex))
    await receive(order, PresetUpdated(preset_id=rex.subject_id, version=2))
    assert codes(await shown(order, None, named)) == ["DESIGN_CHANGED"]


async def test_where_nothing_is_delivered_is_told(order: Served) -> None:
    cart, named = await ready_cart(order, None)
    there = ADDRESS | {"countryCode": "KP"}
    set_ = await cart_operation(order, None, "cartDeliverySet", **named, version=cart["version"], address=there)
    assert (codes(set_["cart"]), set_["cart"]["shippingRates"]) == (["NOT_DELIVERED_THERE"], [])


async def test_who_does_not_hold_a_cart_gets_one_answer(
    order: Served, customer: str, stranger: str, support: str
) -> None:
    guests, opened = await ready_cart(order, None)
    theirs, own = await ready_cart(order, customer)
    unknown = new_id("crt")
    wrong = {"cartId": guests["id"], "token": "x"}
    seen = [
        (None, wrong),
        (None, {"cartId": guests["id"]}),
        (stranger, {"cartId": guests["id"]}),
        (stranger, {"cartId": guests["id"], "token": ""}),
        (None, {"cartId": theirs["id"]}),
        (None, {"cartId": theirs["id"], "token": opened["token"]}),
        (stranger, {"cartId": theirs["id"]}),
        (stranger, {"cartId": unknown, "token": opened["token"]}),
        (None, {"cartId": unknown, "token": "💥"}),
    ]
    for who, named in seen:
        with order.statements() as sent:
            assert await shown(order, who, named) is None
        assert len(sent) == 1
    for name in ("cartDiscountRemove", "checkoutComplete"):
        answers = [
            await cart_operation(order, who, name, **named, version=2)
            for who, named in seen
            if who is not None or "token" in named
        ]
        answers.append(await cart_operation(order, support, name, cartId=theirs["id"], version=2))
        assert {(each["__typename"], each["message"]) for each in answers} == {
            ("NotFoundProblem", answers[0]["message"])
        }
        without = await cart_operation(order, None, name, cartId=guests["id"], version=2)
        assert without["__typename"] == "UnauthenticatedProblem"
    # Staff see carts, and their holders still have them as they were.
    assert await shown(order, support, {"cartId": guests["id"]}) == guests == await shown(order, None, opened)
    assert await shown(order, support, {"cartId": theirs["id"]}) == theirs == await shown(order, customer, own)


async def test_me_cart_is_the_open_cart(order: Served, customer: str, customer_id: str, stranger: str) -> None:
    query = """query ($of: [_Any!]!) { _entities(representations: $of) { ... on User { cart { id } } } }"""
    of = [{"__typename": "User", "id": customer_id}]

    async def ask(who: str | None) -> Any:
        return await order.execute(query, who, of=of)

    assert (await ask(customer)).data["_entities"] == [{"cart": None}]
    cart, _ = await new_cart(order, customer)
    assert (await ask(customer)).data["_entities"] == [{"cart": {"id": cart["id"]}}]
    assert (await ask(stranger)).codes == ["FORBIDDEN"]
    assert (await ask(None)).codes == ["UNAUTHENTICATED"]


async def test_a_cart_costs_the_same_number_of_statements_however_much_it_holds(
    order: Served, customer: str, support: str, customer_id: str
) -> None:
    costs = []
    for count in (1, 30):
        lines = [line(order, design_quote(customer_id)) for _ in range(count)]
        _, named = await ready_cart(order, customer, *lines)
        with order.statements() as sent:
            assert len((await shown(order, customer, named))["lines"]) >= count
        costs.append(len(sent))
    assert costs[0] == costs[1] <= 5


async def test_carts_of_guests_are_limited_for_each_network(order: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    maker = order.runtime.resource(CartMaker)
    monkeypatch.setattr(maker._by_network, "_most", 3)
    network = f"2001:db8:{secrets.randbelow(2**16):x}:{secrets.randbelow(2**16):x}"
    given = CartCreateInput(currency=CurrencyCode.EUR, visitor=new_id("vis"))
    for _ in range(3):
        assert (await maker.create(ANONYMOUS, f"{network}::1", given)).token
    with pytest.raises(TooManyRequests):
        await maker.create(ANONYMOUS, f"{network}::2", given)
    assert await count_carts(order, Cart.visitor == given.visitor) == 3
    assert creation.MOST_OF_GUESTS > 3


async def test_carts_expire_and_are_removed_with_their_lines(order: Served, customer: str, customer_id: str) -> None:
    guests, named = await new_cart(order, None, line(order, quote()))
    theirs, own = await new_cart(order, customer, line(order, quote()))
    left = dt.datetime.fromisoformat(guests["expiresAt"]) - dt.datetime.now(dt.UTC)
    assert dt.timedelta(days=29, hours=23) < left <= dt.timedelta(days=30)
    await remove_expired_carts(order.database)
    assert await shown(order, None, named) == guests
    async with order.database.write() as session:
        await session.execute(
            update(Cart).where(Cart.id.in_([guests["id"], theirs["id"]])).values(expires_at=func.now())
        )
    assert await shown(order, None, named) is None
    assert await shown(order, customer, own) is None
    changed = await cart_operation(order, None, "cartDiscountRemove", **named, version=1)
    assert changed["__typename"] == "NotFoundProblem"
    # Whoever comes back has a new one, though nobody has removed the old one yet.
    again, _ = await new_cart(order, customer)
    assert again["id"] != theirs["id"]
    await remove_expired_carts(order.database)
    assert await count_carts(order, Cart.id.in_([guests["id"], theirs["id"]])) == 0
    assert await count_carts(order, Cart.customer_id == customer_id) == 1


async def test_carts_are_erased_with_their_customer_and_with_the_address(order: Served, customer: str) -> None:
    email = f"{new_id('any')}@example.com"
    digest = order.runtime.resource(Pseudonymizer).of_email(email)
    user_id, other = new_id("usr"), f"{new_id('any')}@example.com"
    await ready_cart(order, None, email=email.upper())
    kept, named = await ready_cart(order, None, email=other)
    async with order.database.write() as session:
        await privacy.forget_customer(session, user_id)
    assert await count_carts(order, Cart.contact_digest == digest) == 1
    async with order.database.write() as session:
        await privacy.forget_customer(session, user_id, digest)
    assert await count_carts(order, Cart.contact_digest == digest) == 0
    assert await shown(order, None, named) == kept

"""A purchase without another shop: from a visitor's drawing over cart, payment and parcels to a partial refund."""

import asyncio
import datetime as dt
from collections import Counter
from decimal import Decimal
from typing import Any

import pytest

from shared.core.ids import new_id
from tests.supergraph import buying, story
from tests.supergraph.story import become_customer, mails_to
from tests.supergraph.test_story import Counted, count
from tests.support.shop import Shop, take
from tests.support.waiting import eventually

pytestmark = pytest.mark.usefixtures("_urls")

WAY = ["PENDING", "PAID", "IN_PRODUCTION", "PARTIALLY_SHIPPED", "SHIPPED", "DELIVERED"]
# The parcel that is sent again and the partial refund are changes, too.
SEEN = [*WAY[:-1], "SHIPPED", "DELIVERED", "DELIVERED"]
PIECES = 3
REFUNDED = Decimal("7.50")
# Nobody is mailed about an order before it is paid.
HEADLINES = [
    "Verify your e-mail address",
    "Your payment has arrived",
    "We are making your order",
    "Part of your order is on its way",
    "Your order is on its way",
    "Your order is on its way again",
    "Your order has arrived",
    "Part of your order is refunded",
]


@pytest.mark.parametrize("running", ["a database each"], indirect=True)
async def test_a_purchase_from_a_drawing_to_a_partial_refund(running: Shop) -> None:
    support, admin = await running.token_of("support"), await running.token_of("admin")
    address, visitor = f"{new_id('bea')}@story.example", new_id("vis")

    # A visitor configures, registers, and saves a design.
    key = new_id("story")
    experiment = (await running.execute(story.EXPERIMENT, admin, key=key)).data["experimentCreate"]["experiment"]
    await running.execute(story.START, admin, **experiment)
    before = await count(running, admin, experiment["id"], "EVENTS")
    given = (await running.execute(story.ASSIGN, key=key, subject=visitor)).data["experimentAssign"]["decision"]
    now = dt.datetime.now(dt.UTC).isoformat()
    drawn = {"clientEventId": new_id("cli"), "name": "config_changed", "subject": visitor, "occurredAt": now}
    assert (await running.execute(story.ACT, events=[drawn])).data["eventsTrack"] == {"accepted": 1}
    customer = await become_customer(running, address)
    await running.execute(story.IDENTIFY, customer, visitor=visitor)
    [preset] = (await running.execute(story.PRESET)).data["presets"]["nodes"]
    made = await running.execute(story.DESIGN, customer, preset=preset["id"])
    design = made.data["designCreateFromPreset"]["design"]

    # It is quoted, and put into a cart with a discount code.
    quote = (await running.execute(buying.QUOTE, customer, design=design["id"])).data["design"]["quote"]
    code = new_id("code")[-20:].upper()
    await buying.mutate(running, buying.CODE, admin, code=code, kind="PERCENTAGE", percent=20)
    lines = [{"quote": quote["token"], "quantity": PIECES}]
    cart = (await buying.mutate(running, buying.CREATE, customer, currency="EUR", visitor=visitor, lines=lines))["cart"]
    of_cart: dict[str, object] = {"cartId": cart["id"], "version": cart["version"]}
    of_cart |= (await buying.mutate(running, buying.APPLY, customer, **of_cart, code=code))["cart"]
    delivery = {"email": address, "address": buying.ADDRESS, "shippingMethod": "STANDARD"}
    ready = (await buying.mutate(running, buying.DELIVER, customer, **of_cart, **delivery))["cart"]
    assert ready["problems"] == []
    cost = {name: Decimal(money["amount"]) for name, money in ready["cost"].items()}
    percent = max((step["percent"] for step in quote["quantityBreaks"] if step["quantity"] <= PIECES), default=0)
    goods = PIECES * Decimal(quote["unitPrice"]["amount"])
    assert cost["subtotal"] == goods
    assert cost["quantityDiscount"] == (goods * percent / 100).quantize(Decimal("0.01"), "ROUND_DOWN")
    assert cost["discount"] > 0 == cost["tax"]
    assert cost["total"] == goods - cost["quantityDiscount"] - cost["discount"] + cost["shipping"]

    # It is ordered, once, however often that is asked, and paid with a card that the bank has confirmed.
    of_cart["version"] = ready["version"]
    done, again = [await buying.mutate(running, buying.COMPLETE, customer, **of_cart) for _ in range(2)]
    assert again == done
    placed, payment = done["order"], done["payment"]
    assert (placed["status"], placed["source"]) == ("PENDING", "ALL_PET_PLUS")
    assert Decimal(placed["total"]["amount"]) == Decimal(payment["amount"]["amount"]) == cost["total"]
    assert Decimal(placed["discount"]["amount"]) == cost["quantityDiscount"] + cost["discount"]
    assert Decimal(placed["includedTax"]["amount"]) == cost["includedTax"]
    following: Any = running.sse(story.FOLLOW, customer, id=placed["id"])
    seen = asyncio.create_task(take(following, len(SEEN)))
    assert await buying.pay(payment["url"], card=buying.CONFIRMED) == "requires_action"
    assert await buying.pay(payment["url"], answer="approve") == "succeeded"

    async def order() -> Any:
        return (await running.execute(buying.ORDER, admin, id=placed["id"])).data["order"]

    async def reached(status: str) -> Any:
        now = await order()
        return now if now["status"] == status else None

    paid = await eventually(lambda: reached("PAID"))
    total = f"{cost['total']:.2f}"
    charge = {"kind": "CHARGE", "provider": "STRIPE", "state": "SUCCEEDED", "amount": {"amount": total}}
    assert paid["ledger"] == [charge]
    assert (paid["paid"]["amount"], paid["owed"]["amount"]) == (total, "0.00")

    # It is made and leaves in two parcels, of which one gets lost and is sent again.
    advance = {"orderId": placed["id"], "version": paid["version"], "to": "IN_PRODUCTION"}
    await buying.mutate(running, buying.ADVANCE, support, **advance)
    assert (await order())["status"] == "IN_PRODUCTION"

    async def send(**more: object) -> str:
        number = new_id("track")[-20:].upper()
        given = {"orderId": placed["id"], "carrier": "DHL", "trackingNumber": number} | more
        sent = await buying.mutate(running, buying.SEND, support, **given)
        parcel: str = sent["shipment"]["id"]
        await scan(parcel, "IN_TRANSIT")
        return parcel

    async def scan(parcel: str, status: str) -> None:
        scanned = await running.execute(story.SCAN, support, shipment=parcel, status=status)
        assert scanned.data["shipmentScanAdd"] == {"__typename": "ShipmentScanAddSuccess"}

    first = await send(completes=False)
    assert (await order())["status"] == "PARTIALLY_SHIPPED"
    second = await send()
    await scan(second, "LOST")
    lost = await order()
    assert (lost["status"], lost["tasks"]) == ("SHIPPED", [{"kind": "PARCEL_LOST", "doneAt": None}])
    third = await send(replaces=second)
    for parcel in (first, third):
        await scan(parcel, "DELIVERED")
    arrived = await order()
    assert (arrived["status"], [task["doneAt"] is not None for task in arrived["tasks"]]) == ("DELIVERED", [True])

    # The delay is made good, at the provider that took the money.
    refund = {"orderId": placed["id"], "version": arrived["version"], "amount": str(REFUNDED), "reason": "Late"}
    decided = await buying.mutate(running, buying.REFUND, admin, **refund)
    assert decided["refund"] == {"state": "PENDING", "amount": {"amount": str(REFUNDED)}}

    async def refunded() -> Any:
        now = await order()
        return now if [refund["state"] for refund in now["refunds"]] == ["SUCCEEDED"] else None

    settled = await eventually(refunded)
    assert settled["refunded"]["amount"] == str(REFUNDED)
    back = {"kind": "REFUND", "provider": "ALL_PET_PLUS", "state": "SUCCEEDED", "amount": {"amount": str(REFUNDED)}}
    assert settled["ledger"] == [charge, back]

    # Each change was pushed once, and all reports agree to the cent.
    changes = [change["data"]["orderStatusChanged"] for change in await seen]
    await following.aclose()
    assert [(change["version"], change["status"]) for change in changes] == list(enumerate(SEEN, start=1))
    assert settled["lines"][0]["design"] == {"id": design["id"], "status": "ORDERED"}
    variants = dict.fromkeys(("control", "other"), (0, 0)) | {given["variant"]: (1, 1)}
    expected = Counted([1] * 5, (1, 1), variants, (1, cost["total"], REFUNDED, cost["total"] - REFUNDED))

    async def agree() -> bool:
        counted = [await count(running, admin, experiment["id"], basis) for basis in ("EVENTS", "AGGREGATES")]
        return [each.since(before) for each in counted] == [expected] * 2

    await eventually(agree)

    async def audited() -> Any:
        actions = Counter(entry["action"] for entry in (await order())["auditTrail"]["nodes"])
        return actions if actions["order.delivered"] and actions["order.refunded"] else None

    actions = await eventually(audited)
    assert (actions["order.created"], actions["order.status_changed"]) == (1, len(WAY) - 1)
    assert (actions["order.refunded"], actions["order.task_opened"], actions["order.task_closed"]) == (1, 1, 1)

    async def mailed() -> Any:
        found = [str(mail["Subject"]).split(":")[0] for mail in mails_to(running, address)]
        return found if len(found) >= len(HEADLINES) else None

    assert sorted(await eventually(mailed)) == sorted(HEADLINES)

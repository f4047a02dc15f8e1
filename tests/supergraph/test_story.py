"""The whole story: from a drawing to the doorstep, through the router and the doors of the outside world."""

import asyncio
import datetime as dt
import random
from collections import Counter
from decimal import Decimal
from typing import Any, NamedTuple

import pytest

from shared.core.ids import new_id
from tests.supergraph import story
from tests.supergraph.story import become_customer, mails_to, post
from tests.support.shop import Shop, take
from tests.support.waiting import eventually
from tests.webhook.webhook_story import SHIPPING_MINOR, Life

pytestmark = pytest.mark.usefixtures("_urls")

WAY = ["PENDING", "PAID", "IN_PRODUCTION", "SHIPPED", "OUT_FOR_DELIVERY", "DELIVERED"]
PIECES = 10
HEADLINES = [
    "Your payment has arrived",
    "Your order is on its way",
    "Your order is out for delivery",
    "Your order has arrived",
]
AUDITED = [
    "order.created",
    *["order.status_changed"] * 5,
    *["order.delivery_taken"] * 5,
    "order.note_added",
    "order.shipment_created",
    "order.shipped",
    *["order.shipment_scanned"] * 2,
    "order.delivered",
]


def minor(amount: str) -> int:
    """Return an amount in minor units."""
    return int(Decimal(amount) * 100)


@pytest.mark.parametrize("running", ["a database each"], indirect=True)
async def test_from_a_drawing_to_the_doorstep(running: Shop) -> None:
    support, admin = await running.token_of("support"), await running.token_of("admin")
    address = f"{new_id('sam')}@story.example"

    # Somebody registers, designs a product from a preset, and shares it.
    customer = await become_customer(running, address)
    [preset] = (await running.execute(story.PRESET)).data["presets"]["nodes"]
    asked = {"config": preset["config"], "quantity": PIECES}
    quote = (await running.execute(story.QUOTE, **asked)).data["priceQuote"]
    made = await running.execute(story.DESIGN, customer, preset=preset["id"])
    design = made.data["designCreateFromPreset"]["design"]
    assert (design["status"], design["price"]) == ("DRAFT", quote["unitPrice"])
    link = (await running.execute(story.SHARE, customer, id=design["id"])).data["designShare"]["token"]
    assert (await running.execute(story.VIEW, link=link)).data["sharedDesign"] == {"name": "For Rex"}
    seen_by_a_friend = {"id": new_id("seen"), "at": dt.datetime.now(dt.UTC).isoformat(), "design": design["id"]}
    assert (await running.execute(story.TRACK, **seen_by_a_friend)).data["eventsTrack"]["accepted"] == 1

    # The shop sells it, at what was quoted; the provider takes the money.
    goods = [(PIECES, minor(quote["unitPrice"]["amount"]))]
    [discount] = [-minor(item["amount"]["amount"]) for item in quote["items"] if item["kind"] == "QUANTITY_DISCOUNT"]
    # Customers are mailed about what is new.
    sold = Life(
        random.Random(1),
        random.randrange(10**9),
        design_id=design["id"],
        goods=goods,
        discount=discount,
        email=address,
        begin=dt.datetime.now(dt.UTC),
        longest_pause=5,
    )

    async def order() -> Any:
        nodes = (await running.execute(story.ORDER, admin, email=address)).data["orders"]["nodes"]
        return nodes[0] if nodes else None

    # The address is proved to be theirs, so the order is.
    async def theirs() -> Any:
        node = await order()
        return node if node and node["customer"] == design["owner"] else None

    await post(running, *sold.created())
    placed = await eventually(theirs)
    assert (placed["status"], placed["source"]) == ("PENDING", "SHOPIFY")
    assert placed["lines"] == [
        {
            "quantity": PIECES,
            "unitPrice": quote["unitPrice"],
            "total": placed["subtotal"],
            "design": {"id": design["id"], "status": placed["lines"][0]["design"]["status"]},
        }
    ]
    assert minor(placed["discount"]["amount"]) == discount > 0
    assert minor(placed["subtotal"]["amount"]) - discount == minor(quote["total"]["amount"])
    assert minor(placed["total"]["amount"]) == minor(quote["total"]["amount"]) + SHIPPING_MINOR

    found = (await running.execute(story.LOOK_UP, number=placed["number"], email=address)).data["orderLookup"]
    assert found["orderId"] == placed["id"]
    following: Any = running.sse(story.FOLLOW, customer, id=placed["id"])
    seen = asyncio.create_task(take(following, len(WAY)))

    async def reached(status: str) -> Any:
        now = await order()
        return now if now["status"] == status else None

    # Either of two deliveries may tell it first; here it is always the same.
    money, marked_paid = sold.paid()
    await post(running, money)
    await eventually(lambda: reached("PAID"))
    left, marked_fulfilled = sold.sent(whole=True)
    await post(running, marked_paid, left)
    [shipment] = (await eventually(lambda: reached("SHIPPED")))["shipments"]
    await post(running, marked_fulfilled)
    assert shipment["trackingNumber"] == f"TRACK{sold.id * 10}"

    # The driver scans the parcel on the way and at the door.
    for status in ("OUT_FOR_DELIVERY", "DELIVERED"):
        scanned = await running.execute(story.SCAN, support, shipment=shipment["id"], status=status)
        assert scanned.data["shipmentScanAdd"] == {"__typename": "ShipmentScanAddSuccess"}

    # Whoever followed saw each status once and in order, and had a mail of each that was not over at once.
    changes = [change["data"]["orderStatusChanged"] for change in await seen]
    assert [(change["version"], change["status"]) for change in changes] == list(enumerate(WAY, start=1))
    await following.aclose()

    async def mails() -> Any:
        subjects = [str(mail["Subject"]) for mail in mails_to(running, address)]
        of_order = [subject for subject in subjects if placed["number"] in subject]
        return of_order if len(of_order) >= len(HEADLINES) else None

    # The shop confirms the orders that it takes itself.
    assert await eventually(mails) == [f"{headline}: {placed['number']}" for headline in HEADLINES]

    # Each step stands in the order's timeline with what caused it …
    async def reported() -> Any:
        now = await order()
        states = [delivery["state"] for delivery in now["webhookDeliveries"]["nodes"]]
        return now if states == ["PROCESSED"] * 5 else None

    done = await eventually(reported)
    assert [(entry["version"], entry["status"]) for entry in done["timeline"]] == list(enumerate(WAY, start=1))
    causes = [entry["delivery"]["topic"] if entry["delivery"] else entry["actorKind"] for entry in done["timeline"]]
    payment, parcel = "payment_intent.succeeded", "fulfillments/create"
    assert causes == ["orders/create", payment, parcel, parcel, "STAFF", "STAFF"]
    # … and each delivery with what it told and what that led to, seen from either end.
    way = {
        delivery["topic"]: (
            [event["type"] for event in delivery["events"]],
            [entry["status"] for entry in delivery["timeline"]],
        )
        for delivery in done["webhookDeliveries"]["nodes"]
    }
    assert way == {
        "orders/create": (["webhook.order_created"], ["PENDING"]),
        payment: (["webhook.payment_succeeded"], ["PAID"]),
        "orders/paid": (["webhook.order_updated"], []),
        parcel: (["webhook.order_updated"], ["IN_PRODUCTION", "SHIPPED"]),
        "orders/fulfilled": (["webhook.order_updated"], []),
    }
    assert {entry["delivery"]["order"]["id"] for entry in done["timeline"] if entry["delivery"]} == {done["id"]}
    assert [scan["status"] for scan in done["shipments"][0]["scans"]] == ["OUT_FOR_DELIVERY", "DELIVERED"]
    assert done["lines"][0]["design"] == {"id": design["id"], "status": "ORDERED"}

    # … in the audit log, with who did it …
    owner, staff = design["owner"]["id"], (await running.execute("{ me { id } }", support)).data["me"]["id"]
    about = {"design": design["id"], "owner": owner}

    async def audited() -> Any:
        trails = (await running.execute(story.TRAILS, admin, id=done["id"], **about)).data
        return trails if len(trails["order"]["auditTrail"]["nodes"]) >= len(AUDITED) else None

    trails = await eventually(audited)
    entries = trails["order"]["auditTrail"]["nodes"]
    assert Counter(entry["action"] for entry in entries) == Counter(AUDITED)
    became = [change["after"] for entry in reversed(entries) for change in entry["changes"] if change["before"]]
    assert became == WAY[1:]
    scans = [entry["actor"] for entry in entries if entry["action"] == "order.shipment_scanned"]
    assert scans == [{"id": staff}] * 2
    drawn = [(entry["action"], entry["actor"]) for entry in reversed(trails["design"]["auditTrail"]["nodes"])]
    by_owner = {"id": owner}
    by_order = [("design.ordered", None), ("design.updated", None)]
    assert drawn == [("design.created", by_owner), ("design.shared", by_owner), *by_order]
    joined = [entry["action"] for entry in reversed(trails["user"]["auditTrail"]["nodes"])]
    assert joined == ["user.created", "user.email_verified", "user.session_started"]
    assert trails["auditVerify"]["intact"]

    # … and in the funnel, from the first look to the door.
    async def counted() -> Any:
        found = (await running.execute(story.FUNNEL, admin, design=design["id"])).data
        return found if found["design"]["stats"] == {"views": 1, "shares": 1, "orders": 1} else None

    funnel = await eventually(counted)
    assert [event["name"] for event in reversed(funnel["ofDesign"]["nodes"])] == [
        "design.created",
        "design.shared",
        "design_viewed",
        "design.ordered",
        "design.updated",
    ]
    steps = [
        (event["name"], event["properties"].get("status"))
        for name in ("created", "changed", "delivered")
        for event in reversed(funnel[name]["nodes"])
        if event["properties"]["orderId"] == done["id"]
    ]
    changed = [("order.status_changed", status) for status in WAY[1:]]
    assert steps == [("order.created", None), *changed, ("order.delivered", None)]

    # All of it told again: nothing happens twice.
    replay = {"order": done["id"], "states": ["PROCESSED"]}
    assert (await running.execute(story.REPLAY, admin, **replay)).data["webhookReplay"] == {"replayed": 5}

    async def replayed() -> Any:
        now = await reported()
        return now if now and {each["attempts"] for each in now["webhookDeliveries"]["nodes"]} == {2} else None

    again = await eventually(replayed)
    for each in (*again["webhookDeliveries"]["nodes"], *done["webhookDeliveries"]["nodes"]):
        del each["attempts"]
    assert again == done
    assert len(mails_to(running, address)) == 1 + len(HEADLINES)  # and that of the registration


class Counted(NamedTuple):
    """What reports say of a day: the funnel, who converted, and orders with their worth in euros."""

    funnel: list[int]
    converted: tuple[int, int]
    experiment: dict[str, tuple[int, int]]
    revenue: tuple[int, Decimal, Decimal, Decimal]

    def since(self, before: "Counted") -> "Counted":
        """Return what was added; the experiment is this story's own."""
        return Counted(
            [now - then for now, then in zip(self.funnel, before.funnel, strict=True)],
            (self.converted[0] - before.converted[0], self.converted[1] - before.converted[1]),
            self.experiment,
            (
                self.revenue[0] - before.revenue[0],
                self.revenue[1] - before.revenue[1],
                self.revenue[2] - before.revenue[2],
                self.revenue[3] - before.revenue[3],
            ),
        )


async def count(shop: Shop, token: str, experiment: str, basis: str) -> Counted:
    """Ask for all reports of today, and of yesterday, since midnight may pass."""
    today = dt.datetime.now(dt.UTC).date()
    period = {"from": str(today - dt.timedelta(days=1)), "to": str(today + dt.timedelta(days=1))}
    found = (await shop.execute(story.REPORTS, token, experiment=experiment, basis=basis, **period)).data["reports"]
    euros = [row for row in found["revenue"] if row["total"]["currencyCode"] == "EUR"]
    sums = [sum((Decimal(row[name]["amount"]) for row in euros), Decimal()) for name in ("gross", "refunded", "total")]
    [group] = found["ofPeriod"]["groups"]
    return Counted(
        [stage["subjects"] for stage in found["builderFunnel"]["stages"]],
        (group["subjects"], group["converted"]),
        {it["variant"]: (it["subjects"], it["converted"]) for it in found["ofExperiment"]["groups"]},
        (sum(row["orders"] for row in euros), sums[0], sums[1], sums[2]),
    )


@pytest.mark.parametrize("running", ["a database each"], indirect=True)
async def test_a_visitor_becomes_a_customer_and_is_counted_as_one_person(running: Shop) -> None:
    admin, address, visitor = await running.token_of("admin"), f"{new_id('vic')}@story.example", new_id("vis")

    async def act(name: str, subject: str, token: str | None = None) -> None:
        now = dt.datetime.now(dt.UTC).isoformat()
        event = {"clientEventId": new_id("cli"), "name": name, "subject": subject, "occurredAt": now}
        assert (await running.execute(story.ACT, token, events=[event])).data["eventsTrack"] == {"accepted": 1}

    # A visitor meets an experiment and plays with the builder …
    key = new_id("story")
    experiment = (await running.execute(story.EXPERIMENT, admin, key=key)).data["experimentCreate"]["experiment"]
    await running.execute(story.START, admin, **experiment)
    before = await count(running, admin, experiment["id"], "EVENTS")
    given = (await running.execute(story.ASSIGN, key=key, subject=visitor)).data["experimentAssign"]["decision"]
    await act("config_changed", visitor)

    # … registers, which a browser tells with the first log-in, and gets the same variant …
    customer = await become_customer(running, address)
    linked = (await running.execute(story.IDENTIFY, customer, visitor=visitor)).data["visitorIdentify"]
    assert linked == {"visitor": {"visitor": visitor}}
    assert (await running.execute(story.ASSIGN, customer, key=key)).data["experimentAssign"]["decision"] == given
    [preset] = (await running.execute(story.PRESET)).data["presets"]["nodes"]
    design = (await running.execute(story.DESIGN, customer, preset=preset["id"])).data["designCreateFromPreset"][
        "design"
    ]

    async def designed() -> bool:
        now = await count(running, admin, experiment["id"], "EVENTS")
        return now.since(before).funnel == [1, 1, 0, 0, 0]

    await eventually(designed)
    await act("add_to_cart", visitor)
    await act("checkout_started", design["owner"]["id"], customer)

    # … and buys it in the shop.
    sold = Life(
        random.Random(2), random.randrange(10**9), design_id=design["id"], goods=[(2, 2500)], discount=0, email=address
    )
    sold.order["created_at"] = dt.datetime.now(dt.UTC).isoformat()
    sold.order["note_attributes"] = [{"name": "_visitor_id", "value": visitor}]
    await post(running, *sold.created())
    variants = dict.fromkeys(("control", "other"), (0, 0)) | {given["variant"]: (1, 1)}

    async def counts(gross: str, refunded: str, basis: str = "EVENTS", pause: float = 0.05) -> None:
        net = Decimal(gross) - Decimal(refunded)
        expected = Counted([1] * 5, (1, 1), variants, (1, Decimal(gross), Decimal(refunded), net))

        async def agree() -> bool:
            return (await count(running, admin, experiment["id"], basis)).since(before) == expected

        await eventually(agree, pause)

    await counts("54.90", "0.00")

    # One piece less is wanted, and some of the money goes back.
    sold.order["line_items"][0] |= {"quantity": 1, "current_quantity": 1}
    sold.order |= {"total_price": "29.90", "subtotal_price": "25.00"}
    sold.total = 2990
    await post(running, *sold.renamed())
    await counts("29.90", "0.00")
    await post(running, *sold.paid())
    await post(running, *sold.refund(500))
    await counts("29.90", "5.00")
    # What is counted ahead, once a minute, is the same.
    await counts("29.90", "5.00", "AGGREGATES", pause=1)

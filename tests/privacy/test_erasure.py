"""Deleting an account: the person is gone from every column of every table, and from the broker."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import partial
from typing import Any

import orjson
import pytest
import pytest_asyncio
from sqlalchemy import delete, select, text

from shared import inspection
from shared.ids import new_id
from shared.inbox import DEAD_LETTER, INBOX
from shared.job_runner import run_jobs
from shared.messaging import run_messaging
from shared.outbox import OUTBOX, record
from shared.personal import PersonalDigests
from shared.streams import Broker
from subgraphs.order.enums import OrderStatus
from subgraphs.order.jobs import JOBS
from subgraphs.order.models import Order
from subgraphs.order.service import privacy
from subgraphs.order.service.placing import NewAddress, NewLine
from subgraphs.order.service.work import GUEST_ERASURE
from subgraphs.user.events import UserDeleted
from tests.analytics.tracking import event, track
from tests.builder.support import config, run, words
from tests.order.making import move, place
from tests.order.operations import operate
from tests.privacy.searching import tables_holding, words_in_broker
from tests.support.apps import Served
from tests.support.bus import eventually
from tests.user.test_accounts import LOG_IN, REGISTER
from tests.webhook.senders import deliver, shopify, stripe, stripe_event

EMAIL = "zoraida.quillfeather@example.org"
PASSWORD = "wisteria in november"
PERSONAL = {
    "name": "Zoraida Quillfeather",
    "email": EMAIL,
    "picture": "pictures.example/zoraida.png",
    "breed": "Quillfeather hound",
    "device": "The Quillfeather telephone",
    "design": "For Barnaby of the Wisteria",
    "engraving": "Barnaby Q",
    "idempotency key": "zoraida-key-1",
    "street": "17 Wisteria Crescent",
    "flat": "Flat Zq9",
    "city": "Nether Quill",
    "region": "Quillshire",
    "postal code": "ZQ1 7XW",
    "phone": "+44 1632 960123",
    "reason": "My aunt Philippa moved away",
    "client event": "zoraida-click-1",
    "property": "searched for quillfeather ribbons",
    "note": "Ring twice for Philippa",
    "staff's reason": "Waits until Philippa is home",
    "staff's note": "Philippa rang about the wisteria pattern",
    "staff's answer": "Dear Philippa, it is on its way",
    "refund's reason": "The buckle pinched Philippa",
    "scan's place": "Porch of Wisteria Crescent",
    "scan's words": "Handed to Philippa at the door",
}
UPDATE = """
mutation ($avatar: String!, $breed: String!) {
  profileUpdate(input: { version: 1, avatarUrl: $avatar }) { __typename }
  preferencesUpdate(input: { version: 1, petBreed: $breed }) { __typename }
}
"""
CANCEL = """
mutation ($id: ID!, $reason: String!) {
  orderCancel(input: { orderId: $id, version: 1, reason: $reason }) { __typename }
}
"""
DELETE = """
mutation ($password: String!) {
  accountDelete(input: { password: $password }) {
    __typename ... on AccountDeleteSuccess { userId } ... on Problem { code }
  }
}
"""

BOOKS = """
query ($id: ID!) {
  order(id: $id) {
    number status version placedAt total { amount } tax { amount } refunded { amount }
    lines { quantity unitPrice { amount } } timeline { status at actorKind }
    shipments { trackingNumber scans { status at } }
  }
}
"""
SHOWN = "query ($id: ID!) { order(id: $id) { contactEmail shippingAddress { recipient } lines { title } } }"


@dataclass
class Rooms:
    """All six subgraphs, publishing and hearing."""

    user: Served
    builder: Served
    order: Served
    webhook: Served
    analytics: Served
    audit: Served

    @property
    def all(self) -> Sequence[Served]:
        return [self.user, self.builder, self.order, self.webhook, self.analytics, self.audit]

    async def all_through(self) -> bool:
        """Tell whether every event was published and handled."""
        broker = Broker(self.user.runtime.redis)
        for room in self.all:
            if (await inspection.unpublished(room.database)).count or await inspection.parked(room.database):
                return False
            if room.subgraph.handlers and await inspection.group_lag(broker, room.subgraph.name):
                return False
        return True


@pytest_asyncio.fixture
async def rooms(
    user: Served, builder: Served, order: Served, webhook: Served, analytics: Served, audit: Served
) -> AsyncIterator[Rooms]:
    made = Rooms(user, builder, order, webhook, analytics, audit)
    await user.runtime.redis.flushdb()
    async with AsyncExitStack() as stack:
        for room in made.all:
            async with room.database.write() as session:
                for table in (OUTBOX, INBOX, DEAD_LETTER):
                    await session.execute(delete(table))
            await stack.enter_async_context(run_messaging(room.runtime, room.subgraph.handlers))
        yield made


async def live(rooms: Rooms, staff: str) -> tuple[str, str]:
    """Leave traces of a person everywhere; returns their id and access token."""
    account = {"email": EMAIL, "name": PERSONAL["name"], "password": PASSWORD}
    user_id = (await rooms.user.execute(REGISTER, input=account)).data["accountRegister"]["user"]["id"]
    answer = await rooms.user.execute(
        LOG_IN.replace("Anna's phone", PERSONAL["device"]), email=EMAIL, password=PASSWORD
    )
    token = answer.data["sessionCreate"]["accessToken"]
    picture = f"https://{PERSONAL['picture']}"
    changed = await rooms.user.execute(UPDATE, token, avatar=picture, breed=PERSONAL["breed"])
    assert set(map(str, changed.data.values())) == {
        "{'__typename': 'ProfileUpdateSuccess'}",
        "{'__typename': 'PreferencesUpdateSuccess'}",
    }
    design = await run(
        rooms.builder,
        "designCreate",
        token,
        name=PERSONAL["design"],
        config=config(text=words(content=PERSONAL["engraving"])),
        idempotencyKey=PERSONAL["idempotency key"],
    )
    await order_something(rooms, user_id, token, staff, design["design"]["id"])
    tracked = event(
        subject=...,
        clientEventId=f"{PERSONAL['client event']} {new_id('cli')}",
        properties={"said": PERSONAL["property"]},
    )
    assert (await track(rooms.analytics, tracked, token=token))["accepted"] == 1
    await be_told_of(rooms)
    return user_id, token


async def order_something(rooms: Rooms, user_id: str, token: str, staff: str, design_id: str) -> None:
    address = NewAddress(
        PERSONAL["name"],
        PERSONAL["street"],
        PERSONAL["city"],
        PERSONAL["postal code"],
        "GB",
        PERSONAL["flat"],
        PERSONAL["region"],
        PERSONAL["phone"],
    )
    lines = [NewLine(f"Collar {PERSONAL['design']}", 1, 2490, design_id), NewLine("Leash, 2 m", 1, 1990)]
    about: dict[str, Any] = {"lines": lines, "address": address, "contact_email": EMAIL, "discount_minor": 0}
    placed = await place(rooms.order, user_id, **about)
    cancelled = await rooms.order.execute(CANCEL, token, id=placed.id, reason=PERSONAL["reason"])
    assert cancelled.data["orderCancel"]["__typename"] == "OrderCancelSuccess"
    await be_served(rooms.order, await place(rooms.order, user_id, **about), staff)


async def be_served(order: Served, placed: Any, staff: str) -> None:
    """Have staff write wherever they can write something about an order."""
    await move(order, placed.id, OrderStatus.PAID, OrderStatus.IN_PRODUCTION)
    of_order = {"orderId": placed.id}
    held = {"version": 3, "reason": PERSONAL["staff's reason"]}
    refund = {"version": 5, "amount": "1.00", "reason": PERSONAL["refund's reason"]}
    results = [
        await operate(order, staff, "orderHold", **of_order, **held),
        await operate(order, staff, "orderRelease", **of_order, version=4),
        await operate(order, staff, "orderNoteAdd", **of_order, text=PERSONAL["staff's note"], visibility="INTERNAL"),
        await operate(order, staff, "orderNoteAdd", **of_order, text=PERSONAL["staff's answer"], visibility="CUSTOMER"),
        await operate(order, staff, "orderRefund", **of_order, **refund),
        await operate(order, staff, "shipmentCreate", **of_order, carrier="DHL", trackingNumber=new_id("trk")),
    ]
    assert all(result["__typename"].endswith("Success") for result in results), results
    said = {"location": PERSONAL["scan's place"], "description": PERSONAL["scan's words"], "status": "DELIVERED"}
    scanned = await operate(order, staff, "shipmentScanAdd", shipmentId=results[-1]["shipment"]["id"], **said)
    assert scanned["order"]["status"] == "DELIVERED"


async def be_told_of(rooms: Rooms) -> None:
    """Have the outside world send what it knows of the person: verified, forged and not JSON at all."""
    person = {"name": PERSONAL["name"], "email": EMAIL.upper(), "phone": PERSONAL["phone"]}
    ordered = {"id": 1, "customer": person, "note": PERSONAL["note"], "address1": PERSONAL["street"]}
    body = orjson.dumps(ordered)
    assert (await deliver(rooms.webhook, "shopify/orders", body, shopify(body))).status_code == 200
    escaped = body.replace(b"@", b"\\u0040")
    forged = shopify(body)
    assert (await deliver(rooms.webhook, "shopify/orders", escaped, forged)).status_code == 401
    broken = body[:-1]
    assert (await deliver(rooms.webhook, "shopify/orders", broken, forged)).status_code == 401
    payment: dict[str, Any] = {"object": {"receipt_email": EMAIL, "shipping": person}}
    paid = stripe_event(data=payment)
    assert (await deliver(rooms.webhook, "stripe/payment", paid, stripe(paid))).status_code == 200


async def test_a_deleted_person_is_gone_from_every_column_and_from_the_broker(rooms: Rooms, support: str) -> None:
    user_id, token = await live(rooms, support)
    await eventually(rooms.all_through, 30)
    # Else the search below would find nothing because it cannot find anything.
    before = await tables_holding(rooms.all, list(PERSONAL.values()))
    assert set(before) == set(PERSONAL.values())
    assert {place.partition(".")[0] for places in before.values() for place in places} == {
        "user",
        "builder",
        "order",
        "webhook",
        "analytics",
    }
    assert await words_in_broker(rooms.user.runtime.redis, [user_id]) == {user_id}
    orders = await orders_of(rooms.order, user_id)
    kept = await books(rooms.order, support, orders)
    assert [order["refunded"]["amount"] for order in kept] == ["0.00", "1.00"]

    gone = (await rooms.user.execute(DELETE, token, password=PASSWORD)).data["accountDelete"]
    assert gone == {"__typename": "AccountDeleteSuccess", "userId": user_id}
    await eventually(rooms.all_through, 30)

    assert await tables_holding(rooms.all, list(PERSONAL.values())) == {}
    assert await words_in_broker(rooms.user.runtime.redis, list(PERSONAL.values())) == set()
    # Only the log and the events themselves still hold the id, which by now leads to nobody.
    holding = (await tables_holding(rooms.all, [user_id]))[user_id]
    assert {place.rpartition(".")[0] for place in holding} == {
        "user.outbox",
        "builder.outbox",
        "order.outbox",
        "audit.audit_log",
    }
    assert await books(rooms.order, support, orders) == kept
    again = (await rooms.user.execute(LOG_IN, email=EMAIL, password=PASSWORD)).data["sessionCreate"]
    assert again["__typename"] == "UnauthenticatedProblem"


async def orders_of(order: Served, user_id: str) -> list[str]:
    async with order.database.read() as connection:
        ids = await connection.execute(select(Order.id).where(Order.customer_id == user_id).order_by(Order.serial))
        return list(ids.scalars())


async def books(order: Served, support: str, ids: Sequence[str]) -> list[Any]:
    """Return what must stay of orders."""
    return [(await order.execute(BOOKS, support, id=key)).data["order"] for key in ids]


async def guest_order(rooms: Rooms, email: str) -> str:
    """Place an order as a guest, with a line that shows a design."""
    lines = [NewLine(PERSONAL["design"], 1, 2490, new_id("des"))]
    address = NewAddress(PERSONAL["name"], PERSONAL["street"], PERSONAL["city"], PERSONAL["postal code"], "GB")
    placed = await place(rooms.order, None, lines=lines, address=address, contact_email=email, discount_minor=0)
    return str(placed.id)


async def lose_account(rooms: Rooms, *, verified: bool) -> None:
    """Publish that the person's account was erased, and wait until all that follows is done."""
    digest = rooms.order.runtime.resource(PersonalDigests).of_email(EMAIL)
    async with rooms.user.database.write() as session:
        await record(session, UserDeleted(user_id=new_id("usr"), email_digest=digest, email_verified=verified))
    await eventually(rooms.all_through, 30)
    async with run_jobs(rooms.order.runtime, {GUEST_ERASURE: JOBS[GUEST_ERASURE]}):
        await eventually(partial(no_erasure_waits, rooms.order), 30)


async def no_erasure_waits(order: Served) -> bool:
    async with order.database.read() as connection:
        waiting = text("SELECT count(*) FROM pgqueuer WHERE entrypoint = :name")
        return bool(await connection.scalar(waiting, {"name": GUEST_ERASURE.name}) == 0)


async def test_what_a_person_ordered_as_a_guest_is_erased_by_their_verified_address(
    rooms: Rooms, support: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(privacy, "BATCH", 2)
    words = [PERSONAL[name] for name in ("name", "street", "city", "postal code", "design")]
    theirs = [await guest_order(rooms, email) for email in (EMAIL, EMAIL.upper(), EMAIL)]
    other = await guest_order(rooms, "somebody.else@example.org")
    kept = await books(rooms.order, support, [*theirs, other])

    await lose_account(rooms, verified=False)
    assert set(await tables_holding([rooms.order], [EMAIL, *words])) == {EMAIL, *words}

    await lose_account(rooms, verified=True)
    assert await tables_holding([rooms.order], [EMAIL]) == {}
    assert await books(rooms.order, support, [*theirs, other]) == kept
    # The other guest's order, and nothing else, still says what it said.
    shown = [(await rooms.order.execute(SHOWN, support, id=key)).data["order"] for key in [*theirs, other]]
    erased = {"contactEmail": None, "shippingAddress": {"recipient": None}, "lines": [{"title": "Customised item"}]}
    assert shown[:3] == [erased] * 3
    assert shown[3] == {
        "contactEmail": "somebody.else@example.org",
        "shippingAddress": {"recipient": PERSONAL["name"]},
        "lines": [{"title": PERSONAL["design"]}],
    }
    async with rooms.order.database.write() as session:
        await session.execute(delete(Order).where(Order.id.in_([*theirs, other])))


async def test_only_their_own_data_vanish(rooms: Rooms, support: str) -> None:
    others = orjson.dumps({"id": 2, "customer": {"email": "somebody.else@example.org"}})
    assert (await deliver(rooms.webhook, "shopify/orders", others, shopify(others))).status_code == 200
    account = {"email": "somebody.else@example.org", "name": "Somebody Else", "password": PASSWORD}
    assert (await rooms.user.execute(REGISTER, input=account)).data
    kept = await tables_holding(rooms.all, ["somebody.else@example.org"])
    _, token = await live(rooms, support)
    assert (await rooms.user.execute(DELETE, token, password=PASSWORD)).data
    await eventually(rooms.all_through, 30)
    assert await tables_holding(rooms.all, ["somebody.else@example.org"]) == kept
    assert set(kept["somebody.else@example.org"]) == {"user.user_profile.email", "webhook.webhook_log.body"}


async def test_a_wrong_password_deletes_nothing(rooms: Rooms, support: str) -> None:
    _, token = await live(rooms, support)
    await eventually(rooms.all_through, 30)
    before = await tables_holding(rooms.all, list(PERSONAL.values()))
    refused = (await rooms.user.execute(DELETE, token, password="wisteria in december")).data["accountDelete"]
    assert refused == {"__typename": "UnauthenticatedProblem", "code": "WRONG_PASSWORD"}
    signed_out = (await rooms.user.execute(DELETE, None, password=PASSWORD)).data["accountDelete"]
    assert signed_out == {"__typename": "UnauthenticatedProblem", "code": "UNAUTHENTICATED"}
    assert await rooms.all_through()
    assert await tables_holding(rooms.all, list(PERSONAL.values())) == before
    assert (await rooms.user.execute(DELETE, token, password=PASSWORD)).data["accountDelete"]["userId"]
    twice = (await rooms.user.execute(DELETE, token, password=PASSWORD)).data["accountDelete"]
    assert twice == {"__typename": "NotFoundProblem", "code": "NOT_FOUND"}
    await eventually(rooms.all_through, 30)

"""Deleting an account: the person is gone from every column of every table, and from the broker."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import orjson
import pytest_asyncio
from sqlalchemy import delete

from shared import inspection
from shared.ids import new_id
from shared.inbox import DEAD_LETTER, INBOX
from shared.messaging import run_messaging
from shared.outbox import OUTBOX
from shared.streams import Broker
from subgraphs.order.service.placing import NewAddress, NewLine
from tests.analytics.tracking import event, track
from tests.builder.support import config, run, words
from tests.order.making import place
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


async def live(rooms: Rooms) -> tuple[str, str]:
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
    await order_something(rooms, user_id, token, design["design"]["id"])
    tracked = event(
        subject=...,
        clientEventId=f"{PERSONAL['client event']} {new_id('cli')}",
        properties={"said": PERSONAL["property"]},
    )
    assert (await track(rooms.analytics, tracked, token=token))["accepted"] == 1
    await be_told_of(rooms)
    return user_id, token


async def order_something(rooms: Rooms, user_id: str, token: str, design_id: str) -> None:
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
    lines = [NewLine("Collar", 1, 2490, design_id)]
    placed = await place(rooms.order, user_id, lines=lines, address=address, contact_email=EMAIL, discount_minor=0)
    cancelled = await rooms.order.execute(CANCEL, token, id=placed.id, reason=PERSONAL["reason"])
    assert cancelled.data["orderCancel"]["__typename"] == "OrderCancelSuccess"


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


async def test_a_deleted_person_is_gone_from_every_column_and_from_the_broker(rooms: Rooms) -> None:
    user_id, token = await live(rooms)
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
    again = (await rooms.user.execute(LOG_IN, email=EMAIL, password=PASSWORD)).data["sessionCreate"]
    assert again["__typename"] == "UnauthenticatedProblem"


async def test_only_their_own_data_vanish(rooms: Rooms) -> None:
    others = orjson.dumps({"id": 2, "customer": {"email": "somebody.else@example.org"}})
    assert (await deliver(rooms.webhook, "shopify/orders", others, shopify(others))).status_code == 200
    account = {"email": "somebody.else@example.org", "name": "Somebody Else", "password": PASSWORD}
    assert (await rooms.user.execute(REGISTER, input=account)).data
    kept = await tables_holding(rooms.all, ["somebody.else@example.org"])
    _, token = await live(rooms)
    assert (await rooms.user.execute(DELETE, token, password=PASSWORD)).data
    await eventually(rooms.all_through, 30)
    assert await tables_holding(rooms.all, ["somebody.else@example.org"]) == kept
    assert set(kept["somebody.else@example.org"]) == {"user.user_profile.email", "webhook.webhook_log.body"}


async def test_a_wrong_password_deletes_nothing(rooms: Rooms) -> None:
    _, token = await live(rooms)
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

"""Deleting an account: the person is gone from every column of every table, and from the broker."""

import random
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
from shared.personal import PersonalDigests
from shared.sealing import Sealer
from shared.streams import Broker
from subgraphs.order.service.linking import link_guest_orders
from subgraphs.order.service.placing import NewAddress, NewLine
from tests.analytics.tracking import event, track
from tests.builder.support import config, run, words
from tests.order.making import place
from tests.order.telling import settle
from tests.privacy.searching import tables_holding, words_in_broker
from tests.support.apps import Served
from tests.support.bus import eventually
from tests.user.test_accounts import LOG_IN, REGISTER
from tests.webhook.lives import Life
from tests.webhook.senders import deliver, shopify, stripe, stripe_event
from tests.webhook.work import work

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
        """Tell whether every event was published and handled, those too that were told because of others."""
        return all([await self._nothing_waits() for _ in range(2)])

    async def _nothing_waits(self) -> bool:
        broker = Broker(self.user.runtime.redis)
        for room in self.all:
            if (await inspection.unpublished(room.database)).count or await inspection.parked(room.database):
                return False
        for room in self.all:
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
    await verify_address(rooms, user_id)
    await be_told_of(rooms)
    return user_id, token


async def verify_address(rooms: Rooms, user_id: str) -> None:
    """Have the person prove that the address is theirs, as far as the order room hears of it."""
    digest = PersonalDigests(rooms.order.runtime.settings).of_email(EMAIL)
    async with rooms.order.database.write() as session:
        await link_guest_orders(session, digest, user_id)


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


async def be_told_of(rooms: Rooms) -> str:
    """Have the outside world send what it knows of the person: verified, forged and not JSON at all.

    Returns what the shop system calls the order that it told of.
    """
    told = Life(random.Random(1), random.randrange(10**6, 10**9))
    told.order |= {"contact_email": EMAIL, "email": EMAIL.upper(), "note": PERSONAL["note"]}
    told.order["shipping_address"] |= {
        "name": PERSONAL["name"],
        "address1": PERSONAL["street"],
        "address2": PERSONAL["flat"],
        "city": PERSONAL["city"],
        "province": PERSONAL["region"],
        "zip": PERSONAL["postal code"],
        "phone": PERSONAL["phone"],
    }
    for posting in told.created():
        answer = await deliver(rooms.webhook, posting.path, posting.body, posting.headers())
        assert answer.status_code == 200
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
    await work(rooms.webhook)
    await eventually(rooms.all_through, 30)
    await settle(rooms.order)
    return told.external_id


async def contacts(rooms: Rooms, external_id: str) -> list[Any]:
    """Return the contact of an order of the shop, sealed in events and facts, and opened in the order."""
    found = []
    for room, statement in (
        (rooms.webhook, "SELECT data#>>'{order,content,contact}' FROM outbox WHERE subject = $1"),
        (rooms.order, "SELECT contact FROM order_fact WHERE order_name = $1 AND kind = 'CONTENT'"),
        (rooms.order, "SELECT contact_email FROM order_meta WHERE external_id = $1"),
    ):
        async with room.database.read() as connection:
            rows = await connection.exec_driver_sql(statement, (external_id,))
            found += [row[0] for row in rows]
    return found


async def test_what_is_told_of_a_person_travels_sealed_and_is_gone_with_the_account(rooms: Rooms) -> None:
    _, token = await live(rooms)
    external_id = await be_told_of(rooms)
    sealed, kept, opened = await contacts(rooms, external_id)
    assert (kept, opened) == (None, EMAIL)
    assert Sealer(rooms.order.runtime.settings).unseal(sealed)["contact_email"] == EMAIL
    assert (await rooms.user.execute(DELETE, token, password=PASSWORD)).data
    await eventually(rooms.all_through, 30)
    assert await contacts(rooms, external_id) == [None, None, None]


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

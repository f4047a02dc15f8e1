"""Deleting an account: the person is gone from every column of every table, and from the broker."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from functools import partial
from typing import Any

import orjson
import pytest
import pytest_asyncio
from sqlalchemy import delete, select, text

from shared.core.ids import new_id
from shared.events.inbox import DEAD_LETTER, INBOX
from shared.events.outbox import OUTBOX, record
from shared.jobs.runner import run_jobs
from shared.security.pseudonyms import Pseudonymizer
from shared.security.sealing import Sealer
from shared.workers import run_event_workers
from subgraphs.order.jobs import JOBS
from subgraphs.order.models import Order
from subgraphs.order.service import privacy
from subgraphs.order.service.job_types import GUEST_ERASURE
from subgraphs.order.service.placement import NewAddress, NewLine
from subgraphs.user.events import UserDeleted
from tests.order.factories import place
from tests.order.facts import forget_jobs
from tests.privacy.personas import EMAIL, PASSWORD, PERSONAL, Subgraphs, live, receive_webhooks
from tests.privacy.search import tables_holding, words_in_broker
from tests.support.accounts import LOG_IN, open_account
from tests.support.apps import Served
from tests.support.waiting import eventually
from tests.webhook.senders import deliver, shopify

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
NO_ERASURE = text("DELETE FROM pgqueuer WHERE entrypoint = :name")


@pytest_asyncio.fixture
async def subgraphs(
    user: Served, builder: Served, order: Served, webhook: Served, analytics: Served, audit: Served
) -> AsyncIterator[Subgraphs]:
    made = Subgraphs(user, builder, order, webhook, analytics, audit)
    await user.runtime.redis.flushdb()
    async with AsyncExitStack() as stack:
        for subgraph in made.all:
            async with subgraph.database.write() as session:
                for table in (OUTBOX, INBOX, DEAD_LETTER):
                    await session.execute(delete(table))
                if subgraph is order:
                    await session.execute(NO_ERASURE, {"name": GUEST_ERASURE.name})
            await stack.enter_async_context(run_event_workers(subgraph.runtime, subgraph.subgraph.handlers))
        yield made


async def contacts(subgraphs: Subgraphs, external_id: str) -> list[Any]:
    """Return the contact of an order of the shop, sealed in events and facts, and opened in the order."""
    found = []
    for subgraph, statement in (
        (subgraphs.webhook, "SELECT data#>>'{order,content,contact}' FROM outbox WHERE subject = $1"),
        (subgraphs.order, "SELECT contact FROM order_fact WHERE order_name = $1 AND kind = 'CONTENT'"),
        (subgraphs.order, "SELECT contact_email FROM order_meta WHERE external_id = $1"),
    ):
        async with subgraph.database.read() as connection:
            rows = await connection.exec_driver_sql(statement, (external_id,))
            found += [row[0] for row in rows]
    return found


async def test_what_is_told_of_a_person_travels_sealed_and_is_gone_with_the_account(
    subgraphs: Subgraphs, support: str
) -> None:
    _, token = await live(subgraphs, support)
    external_id = await receive_webhooks(subgraphs)
    sealed, kept, opened = await contacts(subgraphs, external_id)
    assert (kept, opened) == (None, EMAIL)
    assert Sealer(subgraphs.order.runtime.settings).unseal(sealed)["contact_email"] == EMAIL
    assert (await subgraphs.user.execute(DELETE, token, password=PASSWORD)).data
    await eventually(subgraphs.all_through, pause=0.1)
    assert await contacts(subgraphs, external_id) == [None, None, None]


async def test_a_deleted_person_is_gone_from_every_column_and_from_the_broker(
    subgraphs: Subgraphs, support: str
) -> None:
    user_id, token = await live(subgraphs, support)
    await eventually(subgraphs.all_through, pause=0.1)
    # Else the search below would find nothing because it cannot find anything.
    before = await tables_holding(subgraphs.all, list(PERSONAL.values()))
    assert set(before) == set(PERSONAL.values())
    assert {place.partition(".")[0] for places in before.values() for place in places} == {
        "user",
        "builder",
        "order",
        "webhook",
        "analytics",
    }
    assert await words_in_broker(subgraphs.user.runtime.redis, [user_id]) == {user_id}
    orders = await orders_of(subgraphs.order, user_id)
    kept = await books(subgraphs.order, support, orders)
    # The last one is the order that the other shop told of.
    assert [order["refunded"]["amount"] for order in kept] == ["0.00", "1.00", "0.00"]

    gone = (await subgraphs.user.execute(DELETE, token, password=PASSWORD)).data["accountDelete"]
    assert gone == {"__typename": "AccountDeleteSuccess", "userId": user_id}
    await eventually(subgraphs.all_through, pause=0.1)

    assert await tables_holding(subgraphs.all, list(PERSONAL.values())) == {}
    assert await words_in_broker(subgraphs.user.runtime.redis, list(PERSONAL.values())) == set()
    # Only the log and the events themselves still hold the id, which by now leads to nobody.
    holding = (await tables_holding(subgraphs.all, [user_id]))[user_id]
    assert {place.rpartition(".")[0] for place in holding} == {
        "user.outbox",
        "builder.outbox",
        "order.outbox",
        "audit.audit_log",
    }
    assert await books(subgraphs.order, support, orders) == kept
    again = (await subgraphs.user.execute(LOG_IN, email=EMAIL, password=PASSWORD)).data["sessionCreate"]
    assert again["__typename"] == "UnauthenticatedProblem"


async def orders_of(order: Served, user_id: str) -> list[str]:
    async with order.database.read() as connection:
        ids = await connection.execute(select(Order.id).where(Order.customer_id == user_id).order_by(Order.serial))
        return list(ids.scalars())


async def books(order: Served, support: str, ids: Sequence[str]) -> list[Any]:
    """Return what must stay of orders."""
    return [(await order.execute(BOOKS, support, id=key)).data["order"] for key in ids]


async def guest_order(subgraphs: Subgraphs, email: str) -> str:
    """Place an order as a guest, with a line that shows a design."""
    lines = [NewLine(PERSONAL["design"], 1, 2490, new_id("des"))]
    address = NewAddress(PERSONAL["name"], PERSONAL["street"], PERSONAL["city"], PERSONAL["postal code"], "GB")
    placed = await place(subgraphs.order, None, lines=lines, address=address, contact_email=email, discount_minor=0)
    return str(placed.id)


async def lose_account(subgraphs: Subgraphs, *, verified: bool) -> None:
    """Publish that the person's account was erased, and wait until all that follows is done."""
    digest = subgraphs.order.runtime.resource(Pseudonymizer).of_email(EMAIL)
    async with subgraphs.user.database.write() as session:
        await record(session, UserDeleted(user_id=new_id("usr"), email_digest=digest, email_verified=verified))
    await eventually(subgraphs.all_through, pause=0.1)
    async with run_jobs(subgraphs.order.runtime, {GUEST_ERASURE: JOBS[GUEST_ERASURE]}):
        await eventually(partial(no_erasure_waits, subgraphs.order))


async def no_erasure_waits(order: Served) -> bool:
    async with order.database.read() as connection:
        waiting = text("SELECT count(*) FROM pgqueuer WHERE entrypoint = :name")
        return bool(await connection.scalar(waiting, {"name": GUEST_ERASURE.name}) == 0)


async def test_what_a_person_ordered_as_a_guest_is_erased_by_their_verified_address(
    subgraphs: Subgraphs, support: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(privacy, "BATCH", 2)
    words = [PERSONAL[name] for name in ("name", "street", "city", "postal code", "design")]
    theirs = [await guest_order(subgraphs, email) for email in (EMAIL, EMAIL.upper(), EMAIL)]
    other = await guest_order(subgraphs, "somebody.else@example.org")
    kept = await books(subgraphs.order, support, [*theirs, other])

    await lose_account(subgraphs, verified=False)
    assert set(await tables_holding([subgraphs.order], [EMAIL, *words])) == {EMAIL, *words}

    await lose_account(subgraphs, verified=True)
    assert await tables_holding([subgraphs.order], [EMAIL]) == {}
    assert await books(subgraphs.order, support, [*theirs, other]) == kept
    # The other guest's order, and nothing else, still says what it said.
    shown = [(await subgraphs.order.execute(SHOWN, support, id=key)).data["order"] for key in [*theirs, other]]
    erased = {"contactEmail": None, "shippingAddress": {"recipient": None}, "lines": [{"title": "Customised item"}]}
    assert shown[:3] == [erased] * 3
    assert shown[3] == {
        "contactEmail": "somebody.else@example.org",
        "shippingAddress": {"recipient": PERSONAL["name"]},
        "lines": [{"title": PERSONAL["design"]}],
    }
    await forget_jobs(subgraphs.order, [*theirs, other])
    async with subgraphs.order.database.write() as session:
        await session.execute(delete(Order).where(Order.id.in_([*theirs, other])))


async def test_only_their_own_data_vanish(subgraphs: Subgraphs, support: str) -> None:
    others = orjson.dumps({"id": 2, "customer": {"email": "somebody.else@example.org"}})
    assert (await deliver(subgraphs.webhook, "shopify/orders", others, shopify(others))).status_code == 200
    await open_account(subgraphs.user, email="somebody.else@example.org", name="Somebody Else", password=PASSWORD)
    kept = await tables_holding(subgraphs.all, ["somebody.else@example.org"])
    _, token = await live(subgraphs, support)
    assert (await subgraphs.user.execute(DELETE, token, password=PASSWORD)).data
    await eventually(subgraphs.all_through, pause=0.1)
    assert await tables_holding(subgraphs.all, ["somebody.else@example.org"]) == kept
    assert set(kept["somebody.else@example.org"]) == {"user.user_profile.email", "webhook.webhook_log.body"}


async def test_a_wrong_password_deletes_nothing(subgraphs: Subgraphs, support: str) -> None:
    _, token = await live(subgraphs, support)
    await eventually(subgraphs.all_through, pause=0.1)
    before = await tables_holding(subgraphs.all, list(PERSONAL.values()))
    refused = (await subgraphs.user.execute(DELETE, token, password="wisteria in december")).data["accountDelete"]
    assert refused == {"__typename": "UnauthenticatedProblem", "code": "WRONG_PASSWORD"}
    signed_out = (await subgraphs.user.execute(DELETE, None, password=PASSWORD)).data["accountDelete"]
    assert signed_out == {"__typename": "UnauthenticatedProblem", "code": "UNAUTHENTICATED"}
    assert await subgraphs.all_through()
    assert await tables_holding(subgraphs.all, list(PERSONAL.values())) == before
    assert (await subgraphs.user.execute(DELETE, token, password=PASSWORD)).data["accountDelete"]["userId"]
    assert (await subgraphs.user.execute(DELETE, token, password=PASSWORD)).codes == ["UNAUTHENTICATED"]
    await eventually(subgraphs.all_through, pause=0.1)

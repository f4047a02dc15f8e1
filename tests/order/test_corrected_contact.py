"""A contact that the shop corrects: what came by the old address ends, and what comes by the new one begins."""

import datetime as dt
import random
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from shared.core.ids import new_id
from shared.security.pseudonyms import Pseudonymizer
from subgraphs.order.service import guests
from subgraphs.order.service.guest_orders import link_guest_orders
from subgraphs.user.events import UserDeleted
from tests.order.facts import deliver, receive
from tests.order.mails import mails_of
from tests.order.streams import Streams
from tests.order.test_facts import shown
from tests.order.test_guests import code_of, follow, look_up
from tests.support.apps import Identities, Served
from tests.webhook.webhook_story import Life

OWN = "query ($id: ID!) { order(id: $id) { number contactEmail shippingAddress { city } } }"
CANCEL = """
mutation ($id: ID!) { orderCancel(input: { orderId: $id, version: 1 }) { __typename ... on Problem { code } } }
"""


def a_life(email: str) -> Life:
    return Life(random.Random(7), random.randrange(10**6, 10**9), email=email)


def address() -> str:
    return f"{new_id('any')}@example.org"


async def verify(order: Served, email: str) -> str:
    """Have somebody prove that an address is theirs; returns their id."""
    user_id = new_id("usr")
    digest = order.runtime.resource(Pseudonymizer).of_email(email)
    async with order.database.write() as session:
        await link_guest_orders(session, digest, user_id)
    return user_id


async def order_id_of(order: Served, external_id: str) -> str:
    async with order.database.read() as connection:
        found = await connection.exec_driver_sql("SELECT id FROM order_meta WHERE external_id = $1", (external_id,))
        return str(found.scalar_one())


@pytest.mark.parametrize("verified", ["before", "after", "never"])
async def test_a_corrected_address_takes_the_order_from_whoever_has_the_old_one(
    order: Served, people: Identities, support: str, verified: str
) -> None:
    wrong, right = address(), address()
    first = await verify(order, wrong)
    second = await verify(order, right) if verified == "before" else None
    story = a_life(wrong)
    created = story.created()
    story.order["contact_email"] = right
    [corrected] = story.renamed()
    await deliver(order, created)
    key = await order_id_of(order, story.external_id)
    assert (await shown(order, support, story.external_id))["customer"] == {"id": first}
    await deliver(order, [corrected])
    if verified == "after":
        second = await verify(order, right)
    found = await shown(order, support, story.external_id)
    assert found["customer"] == ({"id": second} if second else None)
    assert found["contactEmail"] == right
    old = people.token(first)
    refused = await order.execute(OWN, old, id=key)
    assert refused.body["data"] == {"order": None}
    assert (await order.execute(CANCEL, old, id=key)).data["orderCancel"]["code"] == "NOT_FOUND"
    assert (await shown(order, support, story.external_id)) == found
    if second:
        assert (await order.execute(OWN, people.token(second), id=key)).data["order"]["contactEmail"] == right


async def test_an_address_that_is_taken_out_takes_the_customer_with_it(order: Served, support: str) -> None:
    story = a_life(address())
    await verify(order, story.order["contact_email"])
    await deliver(order, story.created())
    story.order |= {"contact_email": None, "email": None}
    await deliver(order, story.renamed())
    found = await shown(order, support, story.external_id)
    assert (found["customer"], found["contactEmail"]) == (None, None)


async def test_mails_that_wait_go_to_the_corrected_address_alone(order: Served, tmp_path: Path) -> None:
    wrong, right = address(), address()
    story = Life(random.Random(7), random.randrange(10**6, 10**9), email=wrong, begin=dt.datetime.now(dt.UTC))
    await deliver(order, [*story.created(), *story.paid()])
    story.order["contact_email"] = right
    await deliver(order, story.renamed())
    sent = await mails_of(order, await order_id_of(order, story.external_id), tmp_path)
    assert {str(mail["To"]) for mail in sent} == {right}


async def test_news_with_the_same_address_leave_the_customer(order: Served, support: str) -> None:
    story = a_life(address())
    customer = await verify(order, story.order["contact_email"])
    await deliver(order, story.created())
    story.order["contact_email"] = story.order["contact_email"].upper()
    await deliver(order, story.renamed())
    assert (await shown(order, support, story.external_id))["customer"] == {"id": customer}


async def test_a_corrected_address_of_somebody_forgotten_leaves_nobody(order: Served, support: str) -> None:
    wrong, right = address(), address()
    await verify(order, wrong)
    gone = await verify(order, right)
    story = a_life(wrong)
    await deliver(order, story.created())
    await receive(order, UserDeleted(user_id=gone))
    story.order["contact_email"] = right
    await deliver(order, story.renamed())
    found = await shown(order, support, story.external_id)
    assert (found["customer"], found["contactEmail"]) == (None, None)


async def test_a_guests_token_ends_with_the_address_by_which_it_was_given(
    order: Served, streams: Streams, monkeypatch: pytest.MonkeyPatch
) -> None:
    story = a_life(address())
    await deliver(order, story.created())
    key = await order_id_of(order, story.external_id)
    async with order.database.read() as connection:
        found = await connection.exec_driver_sql("SELECT number FROM order_meta WHERE id = $1", (key,))
        number = str(found.scalar_one())
    # Tokens have whole seconds, so this one is of a little while ago.
    with monkeypatch.context() as earlier:
        earlier.setattr(guests, "time", SimpleNamespace(time=lambda: time.time() - 10))
        token = (await look_up(order, number, story.order["contact_email"]))["trackingToken"]
    assert (await follow(streams, key, token))[1]["data"]["orderStatusChanged"]["version"] == 1
    story.order["contact_email"] = address()
    await deliver(order, story.renamed())
    assert code_of(await follow(streams, key, token)) == "NOT_FOUND"
    new = (await look_up(order, number, story.order["contact_email"]))["trackingToken"]
    assert (await follow(streams, key, new))[1]["data"]["orderStatusChanged"]["version"] == 1

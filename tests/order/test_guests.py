"""Guests: both number and address or nothing, limited, and a pass that opens one order alone."""

import secrets
import time
from typing import Any

import pytest
from redis.asyncio import Redis
from sqlalchemy import select

from shared.core.errors import TooManyRequests, Unauthenticated
from shared.core.ids import new_id
from shared.graph.execution.limits import MOST_ROOT_FIELDS
from shared.security.pseudonyms import Pseudonymizer
from shared.security.rate_limit import FixedWindowLimiter, SlidingWindowLimiter
from subgraphs.order.models import Order
from subgraphs.order.service import guests
from subgraphs.order.service.guest_orders import link_guest_orders
from subgraphs.order.service.guests import GuestLookup
from subgraphs.order.service.privacy import forget_customer
from tests.order.factories import TO_THE_END, move, place
from tests.order.streams import Stream, Streams
from tests.support.apps import Served

LOOKUP = """
query ($number: String!, $email: String!) {
  orderLookup(number: $number, email: $email) {
    number status version total { amount } lines { title } timeline { status } shipments { id } trackingToken
  }
}
"""
STATUS = "query ($number: String!, $email: String!) { orderStatus(number: $number, email: $email) { status version } }"
FOLLOW = """
subscription ($id: ID!, $token: String, $after: Int) {
  orderStatusChanged(orderId: $id, afterVersion: $after, trackingToken: $token) { version order { number } }
}
"""


async def look_up(order: Served, number: str, email: str) -> Any:
    return (await order.execute(LOOKUP, number=number, email=email)).data["orderLookup"]


async def follow(streams: Streams, order_id: str, token: str | None) -> tuple[str, Any]:
    """Return the first event of a guest's subscription."""
    body = {"query": FOLLOW, "variables": {"id": order_id, "token": token}}
    headers = {"accept": "text/event-stream"}
    async with streams.client.stream("POST", "/graphql", json=body, headers=headers) as response:
        return await Stream(response.aiter_lines()).event()


def code_of(event: tuple[str, Any]) -> str:
    return str(event[1]["errors"][0]["extensions"]["code"])


async def test_who_knows_number_and_address_sees_the_order(order: Served, customer_id: str) -> None:
    placed = await place(order, customer_id, contact_email="Guest@Example.com")
    found = await look_up(order, f" {placed.number.lower()} ", "guest@example.COM")
    assert found.pop("trackingToken")
    assert found == {
        "number": placed.number,
        "status": "PENDING",
        "version": 1,
        "total": {"amount": "107.20"},
        "lines": [{"title": "Collar Rex"}, {"title": "Leash"}],
        "timeline": [{"status": "PENDING"}],
        "shipments": [],
    }
    testbed = await order.execute(STATUS, number=placed.number, email="guest@example.com")
    assert testbed.data == {"orderStatus": {"status": "PENDING", "version": 1}}


async def test_every_wrong_pair_gets_the_same_answer_for_the_same_work(order: Served) -> None:
    placed = await place(order, None)
    pairs = [
        (placed.number, "somebody@example.com"),
        ("AP-1", "anna@example.com"),
        (placed.number, ""),
        ("", "anna@example.com"),
        (placed.number, "anna%"),
        ("💥" * 500, "' OR 1=1 --"),
    ]
    for number, email in pairs:
        with order.statements() as sent:
            for document in (LOOKUP, STATUS):
                answer = await order.execute(document, number=number, email=email)
                assert set(answer.data.values()) == {None}
        assert len(sent) == 2


@pytest.fixture
def address() -> str:
    """An address of a network of its own."""
    return f"2001:db8:{secrets.randbelow(2**16):x}:{secrets.randbelow(2**16):x}::1"


async def look_up_from(order: Served, address: str, number: str, email: str) -> bool:
    """Look an order up from an address; tells whether it was found."""
    return await order.runtime.resource(GuestLookup).look_up(number, email, address) is not None


async def test_wrong_answers_are_limited_and_close_the_number_for_nobody_else(order: Served, address: str) -> None:
    placed, other = await place(order, None), await place(order, None)
    neighbour, elsewhere = address.replace("::1", "::2"), "2001:db8::1"
    for _ in range(guests.MOST_PER_NUMBER):
        assert not await look_up_from(order, address, placed.number, "wrong@example.com")
    for guesser in (address, neighbour):
        with pytest.raises(TooManyRequests):
            await look_up_from(order, guesser, placed.number, "wrong@example.com")
    # Its buyer sees it from anywhere, and other numbers and networks are counted apart.
    for buyer in (address, neighbour, elsewhere):
        assert await look_up_from(order, buyer, placed.number, "anna@example.com")
    assert not await look_up_from(order, address, other.number, "wrong@example.com")
    assert not await look_up_from(order, elsewhere, placed.number, "wrong@example.com")


async def test_right_answers_do_not_count_as_guesses(
    order: Served, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    placed = await place(order, None)
    lookup = order.runtime.resource(GuestLookup)
    few = SlidingWindowLimiter(order.runtime.redis, new_id("tst"), most=3, seconds=600)
    monkeypatch.setattr(lookup, "_guesses", few)
    for _ in range(5):
        assert await look_up_from(order, address, placed.number, "anna@example.com")
    for place_ in range(3):
        assert not await look_up_from(order, address, f"AP-{place_}", "anna@example.com")
    # Whoever guesses so often gets no answer, not even a right one.
    for email in ("anna@example.com", "wrong@example.com"):
        with pytest.raises(TooManyRequests):
            await look_up_from(order, address, placed.number, email)


async def test_aliases_count_like_requests(order: Served) -> None:
    placed = await place(order, None)
    fields = " ".join(
        f'n{index}: orderStatus(number: "{placed.number}", email: "x@example.com") {{ status }}'
        for index in range(MOST_ROOT_FIELDS)
    )
    answers = [await order.execute(f"query {{ {fields} }}") for _ in range(2)]
    assert [code for answer in answers for code in answer.codes] == ["RATE_LIMITED"] * (40 - guests.MOST_PER_NUMBER)


async def test_without_redis_every_call_passes() -> None:
    away = FixedWindowLimiter(Redis.from_url("redis://127.0.0.1:1"), "test", most=1, seconds=60)
    for _ in range(3):
        await away.check("somebody")


async def test_subjects_are_counted_apart(order: Served) -> None:
    limiter = FixedWindowLimiter(order.runtime.redis, new_id("tst"), most=1, seconds=600)
    await limiter.check("one")
    await limiter.check("two")
    with pytest.raises(TooManyRequests):
        await limiter.check("one")


async def test_a_guest_follows_the_order_to_its_end(order: Served, streams: Streams) -> None:
    placed = await place(order, None)
    token = (await look_up(order, placed.number, "anna@example.com"))["trackingToken"]
    body = {"query": FOLLOW, "variables": {"id": placed.id, "token": token, "after": 0}}
    headers = {"accept": "text/event-stream"}
    async with streams.client.stream("POST", "/graphql", json=body, headers=headers) as response:
        stream = Stream(response.aiter_lines())
        assert await stream.versions(1) == [1]
        await move(order, placed.id, *TO_THE_END)
        assert await stream.versions(5) == [2, 3, 4, 5, 6]


async def test_a_pass_opens_one_order_alone(order: Served, streams: Streams) -> None:
    placed, other = await place(order, None), await place(order, None)
    token, _ = order.runtime.resource(GuestLookup).issue(placed.id)
    assert code_of(await follow(streams, other.id, token)) == "NOT_FOUND"
    assert code_of(await follow(streams, new_id("ord"), token)) == "NOT_FOUND"
    assert code_of(await follow(streams, placed.id, None)) == "UNAUTHENTICATED"
    other_start = ("B" if token.startswith("A") else "A") + token[1:]
    for forged in ("", "x", "💥", token[:-1], other_start, token + "AAAA", token.replace(token[50], "_", 1) + "="):
        assert code_of(await follow(streams, placed.id, forged)) == "UNAUTHENTICATED"


async def test_a_pass_ends_with_its_time_and_with_the_guests_data(
    order: Served, streams: Streams, customer_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    lookup = order.runtime.resource(GuestLookup)
    placed = await place(order, customer_id)
    token, ends = lookup.issue(placed.id)
    assert ends == pytest.approx(time.time() + guests.PASS_SECONDS, abs=5)
    async with order.database.write() as session:
        await forget_customer(session, customer_id)
    assert code_of(await follow(streams, placed.id, token)) == "NOT_FOUND"
    monkeypatch.setattr(guests, "PASS_SECONDS", -1)
    with pytest.raises(Unauthenticated):
        lookup.read(lookup.issue(placed.id)[0])


async def test_a_guest_does_not_see_whose_order_it_is(order: Served, streams: Streams) -> None:
    placed = await place(order, None)
    token, _ = order.runtime.resource(GuestLookup).issue(placed.id)
    query = "subscription ($id: ID!, $token: String) { orderStatusChanged(orderId: $id, trackingToken: $token) "
    query += "{ order { contactEmail shippingAddress { city } notes { text } } } }"
    body = {"query": query, "variables": {"id": placed.id, "token": token}}
    headers = {"accept": "text/event-stream"}
    async with streams.client.stream("POST", "/graphql", json=body, headers=headers) as response:
        _, payload = await Stream(response.aiter_lines()).event()
    shown = payload["data"]["orderStatusChanged"]["order"]
    assert shown == {"contactEmail": None, "shippingAddress": None, "notes": None}


async def test_a_guests_orders_find_whoever_proves_that_the_address_is_theirs(order: Served) -> None:
    email, user_id = f"{new_id('any')}@example.com", new_id("usr")
    before = await place(order, None, contact_email=email.upper())
    strangers = await place(order, None, contact_email=f"{new_id('any')}@example.com")
    async with order.database.write() as session:
        digest = order.runtime.resource(Pseudonymizer).of_email(email)
        await link_guest_orders(session, digest, user_id)
    after = await place(order, None, contact_email=email)
    async with order.database.read() as connection:
        placed = Order.id.in_([before.id, strangers.id, after.id])
        rows = await connection.execute(select(Order.id, Order.customer_id).where(placed))
        assert {row.id: row.customer_id for row in rows} == {before.id: user_id, strangers.id: None, after.id: user_id}

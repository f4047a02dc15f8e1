"""What the outside world tells of orders: money, disputes, parcels, people, and what has to wait."""

import datetime as dt
import random
from typing import Any

import pytest
from sqlalchemy import text

from shared.core.ids import new_id
from shared.graph.money import to_amount
from shared.security.pseudonyms import Pseudonymizer
from subgraphs.order.enums import OrderStatus
from subgraphs.order.service.guest_orders import link_guest_orders
from subgraphs.user.events import UserDeleted
from subgraphs.webhook.events import WebhookPaymentFailed, WebhookPaymentRefunded, WebhookPaymentSucceeded
from tests.order.factories import move, place
from tests.order.facts import STATE, deliver, receive, reconcile, state
from tests.support.apps import Served
from tests.webhook.webhook_story import Life

SHOWN = """
query ($id: ID!) {
  order(id: $id) {
    status version paidAt total { amount currencyCode } refunded { amount } contactEmail
    shippingAddress { recipient city }
    customer { id } lines { title quantity design { id } unitPrice { amount } } notes { text visibility }
    timeline { status at recordedAt reason actorKind delivery { id } } shipments { carrier trackingNumber status }
    refunds { amount { amount } actorKind }
  }
}
"""
RELEASE = """
mutation ($id: ID!, $version: Int!) {
  orderRelease(input: { orderId: $id, version: $version }) { ... on OrderReleaseSuccess { order { status } } }
}
"""


def a_life(**given: Any) -> Life:
    return Life(random.Random(5), random.randrange(10_000, 10**9), **given)


async def shown(order: Served, token: str, external_id: str) -> Any:
    async with order.database.read() as connection:
        found = await connection.exec_driver_sql("SELECT id FROM order_meta WHERE external_id = $1", (external_id,))
        order_id = found.scalar_one()
    return (await order.execute(SHOWN, token, id=order_id)).data["order"]


def payment(order_name: str | None, minor: int, key: str | None = None, **more: Any) -> WebhookPaymentSucceeded:
    return WebhookPaymentSucceeded(
        delivery_id=new_id("whd"),
        source="STRIPE",
        external_payment_id=key or new_id("pi"),
        external_order_id=order_name,
        amount_minor=minor,
        currency="EUR",
        occurred_at=dt.datetime.now(dt.UTC),
        **more,
    )


def refund_of(paid: WebhookPaymentSucceeded, minor: int) -> WebhookPaymentRefunded:
    return WebhookPaymentRefunded(
        delivery_id=new_id("whd"),
        source="STRIPE",
        external_payment_id=paid.external_payment_id,
        amount_minor=minor,
        received_minor=paid.amount_minor,
        currency="EUR",
        occurred_at=dt.datetime.now(dt.UTC),
    )


async def test_an_order_of_the_shop_becomes_an_order_exact_to_the_cent(order: Served, support: str) -> None:
    design_id = new_id("des")
    story = a_life(design_id=design_id)
    await deliver(order, story.created())
    found = await shown(order, support, story.external_id)
    assert found["total"] == {"amount": f"{story.total / 100:.2f}", "currencyCode": "EUR"}
    assert [line["quantity"] for line in found["lines"]] == story.pieces
    assert {line["design"]["id"] for line in found["lines"]} == {design_id}
    assert (found["status"], found["version"], found["customer"]) == ("PENDING", 1, None)
    assert found["contactEmail"] == story.order["contact_email"]
    assert found["shippingAddress"] == {"recipient": "Steve Shipper", "city": "Shippington"}
    async with order.database.read() as connection:
        events_of_order = await connection.exec_driver_sql(
            "SELECT type FROM outbox WHERE subject = (SELECT id FROM order_meta WHERE external_id = $1) ORDER BY id",
            (story.external_id,),
        )
        assert list(events_of_order.scalars()) == ["order.created", "order.delivery_taken"]


async def test_an_order_of_500_lines_comes_whole(order: Served, support: str) -> None:
    story = a_life(goods=[(1, 100 + place) for place in range(500)])
    await deliver(order, story.created())
    found = await shown(order, support, story.external_id)
    assert [line["unitPrice"]["amount"] for line in found["lines"]] == [
        f"{(100 + place) / 100:.2f}" for place in range(500)
    ]


async def test_what_a_person_is_called_stays_nowhere_but_in_the_order(order: Served) -> None:
    story = a_life()
    await deliver(order, [*story.created(), *story.renamed()])
    facts = (await state(order, story.external_id))["order_fact"]
    assert facts
    assert not [row for row in facts if "Shipper" in str(row) or "example.org" in str(row)]
    assert {row[-1] for row in facts} == {"None"}


async def test_a_payment_waits_for_its_order(order: Served, support: str) -> None:
    story = a_life()
    postings = [*story.created(), *story.paid()[:1], *story.disputed(None)]
    for posting in reversed(postings[1:]):
        await deliver(order, [posting])
    async with order.database.read() as connection:
        waiting = await connection.exec_driver_sql(
            "SELECT count(*) FROM order_fact WHERE order_id IS NULL AND payments && $1",
            ([story.payment, story.charge],),
        )
        assert waiting.scalar_one() == 2
    await deliver(order, postings[:1])
    found = await shown(order, support, story.external_id)
    assert [entry["status"] for entry in found["timeline"]] == ["PENDING", "PAID", "ON_HOLD"]
    # What happened a year ago is recorded now.
    assert all(entry["at"] < entry["recordedAt"] for entry in found["timeline"])
    assert found["timeline"][2]["reason"] == "The payment is disputed: fraudulent."
    assert {entry["actorKind"] for entry in found["timeline"][1:]} == {"SYSTEM"}


async def test_a_payment_of_an_order_on_hold_is_booked_and_the_order_goes_on_once_released(
    order: Served, support: str
) -> None:
    placed = await place(order, None)
    await move(order, placed.id, OrderStatus.ON_HOLD)
    await receive(order, payment(placed.id, placed.total_minor))
    await reconcile(order)
    held = (await order.execute(SHOWN, support, id=placed.id)).data["order"]
    assert (held["status"], held["version"], held["paidAt"] is None) == ("ON_HOLD", 2, False)
    assert sorted(note["visibility"] for note in held["notes"]) == ["CUSTOMER", "INTERNAL"]
    released = await order.execute(RELEASE, support, id=placed.id, version=2)
    assert released.data["orderRelease"]["order"]["status"] == "PAID"
    async with order.database.read() as connection:
        jobs = await connection.exec_driver_sql(
            "SELECT count(*) FROM pgqueuer WHERE entrypoint = 'order-fulfillment'"
            " AND convert_from(payload, 'UTF8') LIKE $1",
            (f"%{placed.id}%",),
        )
        assert jobs.scalar_one() == 1


async def test_money_for_a_cancelled_order_is_booked_and_can_go_back(order: Served, support: str) -> None:
    placed = await place(order, None)
    await move(order, placed.id, OrderStatus.CANCELLED)
    paid = payment(placed.id, placed.total_minor)
    await receive(order, paid)
    await reconcile(order)
    late = (await order.execute(SHOWN, support, id=placed.id)).data["order"]
    assert (late["status"], late["version"], late["paidAt"] is None) == ("CANCELLED", 2, False)
    assert "Money came in when the order was CANCELLED: give it back." in [note["text"] for note in late["notes"]]
    await receive(order, refund_of(paid, placed.total_minor))
    await reconcile(order)
    assert (await order.execute(SHOWN, support, id=placed.id)).data["order"]["status"] == "REFUNDED"


@pytest.mark.parametrize(
    ("outcome", "then"), [(None, ["ON_HOLD"]), ("won", ["ON_HOLD", "PAID"]), ("lost", ["ON_HOLD", "REFUNDED"])]
)
async def test_a_dispute_stops_an_order_until_it_is_decided(
    order: Served, support: str, outcome: str | None, then: list[str]
) -> None:
    story = a_life()
    await deliver(order, [*story.created(), *story.paid(), *story.disputed(outcome)])
    found = await shown(order, support, story.external_id)
    assert [entry["status"] for entry in found["timeline"]] == ["PENDING", "PAID", *then]
    assert float(found["refunded"]["amount"]) * 100 == pytest.approx(story.total if outcome == "lost" else 0)


async def test_all_money_back_ends_an_order_under_way(order: Served, support: str) -> None:
    story = a_life()
    await deliver(order, [*story.created(), *story.paid(), *story.sent(whole=True), *story.refund(story.total)])
    found = await shown(order, support, story.external_id)
    assert [entry["status"] for entry in found["timeline"]][-2:] == ["SHIPPED", "REFUNDED"]
    assert len(found["shipments"]) == 1


async def test_too_little_money_pays_nothing_until_the_rest_comes(order: Served, support: str) -> None:
    placed = await place(order, None)
    await receive(order, payment(placed.number, placed.total_minor - 1))
    await receive(order, payment(placed.id, placed.total_minor).model_copy(update={"currency": "USD"}))
    await reconcile(order)
    assert (await order.execute(SHOWN, support, id=placed.id)).data["order"]["status"] == "PENDING"
    await receive(order, payment(placed.id, 1))
    await reconcile(order)
    assert (await order.execute(SHOWN, support, id=placed.id)).data["order"]["status"] == "PAID"


async def test_a_declined_payment_is_a_note_for_the_customer(order: Served, support: str) -> None:
    placed = await place(order, None)
    failed = WebhookPaymentFailed(
        delivery_id=new_id("whd"),
        source="STRIPE",
        external_payment_id=new_id("pi"),
        external_order_id=placed.id,
        reason="insufficient_funds",
        occurred_at=dt.datetime.now(dt.UTC),
    )
    for _ in range(2):
        await receive(order, failed)
        await reconcile(order)
    found = (await order.execute(SHOWN, support, id=placed.id)).data["order"]
    assert (found["status"], found["version"]) == ("PENDING", 1)
    assert found["notes"] == [{"text": "A payment did not go through: insufficient funds.", "visibility": "CUSTOMER"}]


async def test_a_declined_payment_is_entered_without_counting_until_it_comes_in(order: Served, support: str) -> None:
    ledger = """query ($id: ID!) {
      order(id: $id) { status paid { amount } ledger { kind state providerId amount { amount } } } }"""
    placed, now = await place(order, None), dt.datetime.now(dt.UTC)
    about = {"delivery_id": new_id("whd"), "source": "STRIPE", "external_order_id": placed.id, "reason": "declined"}
    declined, other = new_id("pi"), new_id("pi")
    for minute, key, minor in ((1, declined, 100), (2, declined, placed.total_minor), (3, other, 100)):
        failed = WebhookPaymentFailed(
            **about,
            external_payment_id=key,
            amount_minor=minor,
            currency="EUR",
            occurred_at=now - dt.timedelta(minutes=10 - minute),
        )
        await receive(order, failed)
        await reconcile(order)
    found = (await order.execute(ledger, support, id=placed.id)).data["order"]
    total = str(to_amount(placed.total_minor, placed.currency))
    entries = {
        entry["providerId"]: (entry["kind"], entry["state"], entry["amount"]["amount"]) for entry in found["ledger"]
    }
    assert entries == {declined: ("CHARGE", "FAILED", total), other: ("CHARGE", "FAILED", "1.00")}
    assert (found["status"], found["paid"]) == ("PENDING", {"amount": "0.00"})
    paid = payment(placed.id, placed.total_minor).model_copy(update={"external_payment_id": declined})
    await receive(order, paid)
    await reconcile(order)
    found = (await order.execute(ledger, support, id=placed.id)).data["order"]
    states = {entry["providerId"]: (entry["state"], entry["amount"]["amount"]) for entry in found["ledger"]}
    assert states == {declined: ("SUCCEEDED", total), other: ("FAILED", "1.00")}
    assert (found["status"], found["paid"]) == ("PAID", {"amount": total})


async def test_the_newest_sum_of_refunds_counts_and_never_more_than_the_price(order: Served, support: str) -> None:
    placed = await place(order, None)
    paid = payment(placed.id, placed.total_minor)
    await receive(order, paid)
    for minor in (1000, 3000, 1000, placed.total_minor + 5):
        await receive(order, refund_of(paid, minor))
        await reconcile(order)
        found = (await order.execute(SHOWN, support, id=placed.id)).data["order"]
        assert float(found["refunded"]["amount"]) * 100 == pytest.approx(min(minor, placed.total_minor))
        assert [refund["actorKind"] for refund in found["refunds"]] == ["SYSTEM"]
    assert [entry["status"] for entry in found["timeline"]] == ["PENDING", *["PAID"] * 4, "REFUNDED"]
    async with order.database.read() as connection:
        story = await connection.exec_driver_sql(
            "SELECT sum((data->>'amount_minor')::int * CASE type WHEN 'order.refunded' THEN 1 ELSE -1 END) FROM outbox"
            " WHERE subject = $1 AND type IN ('order.refunded', 'order.refund_reduced')",
            (placed.id,),
        )
        assert story.scalar_one() == placed.total_minor


async def test_staff_who_release_a_disputed_order_are_not_overruled(order: Served, support: str) -> None:
    story = a_life()
    await deliver(order, [*story.created(), *story.paid(), *story.disputed(None)])
    async with order.database.read() as connection:
        rows = await connection.exec_driver_sql(
            "SELECT id, version FROM order_meta WHERE external_id = $1", (story.external_id,)
        )
        row = rows.one()
    assert (await order.execute(RELEASE, support, id=row.id, version=row.version)).data
    await deliver(order, story.renamed())
    assert (await shown(order, support, story.external_id))["status"] == "PAID"


async def test_a_won_dispute_does_not_end_the_hold_of_staff(order: Served, support: str) -> None:
    story = a_life()
    await deliver(order, [*story.created(), *story.paid()])
    async with order.database.read() as connection:
        found = await connection.exec_driver_sql(
            "SELECT id FROM order_meta WHERE external_id = $1", (story.external_id,)
        )
        order_id = found.scalar_one()
    await move(order, order_id, OrderStatus.ON_HOLD)
    await deliver(order, story.disputed("won"))
    assert (await shown(order, support, story.external_id))["status"] == "ON_HOLD"


async def test_a_guests_order_is_given_to_whoever_verified_its_address(order: Served, support: str) -> None:
    story, user_id = a_life(), new_id("usr")
    digest = Pseudonymizer(order.runtime.settings).of_email(story.order["contact_email"])
    await deliver(order, story.created())
    async with order.database.write() as session:
        await link_guest_orders(session, digest, user_id)
    assert (await shown(order, support, story.external_id))["customer"] == {"id": user_id}
    later = a_life()
    later.order["contact_email"] = story.order["contact_email"].upper()
    await deliver(order, later.created())
    assert (await shown(order, support, later.external_id))["customer"] == {"id": user_id}


async def test_titles_of_customised_lines_are_sealed_and_go_with_the_person(order: Served, support: str) -> None:
    story, user_id = a_life(design_id=new_id("des")), new_id("usr")
    for line, title in zip(story.order["line_items"], ("Collar for Barnaby", "Leash for Barnaby"), strict=False):
        line["name"] = title
    said = [line["name"] for line in story.order["line_items"]]
    digest = Pseudonymizer(order.runtime.settings).of_email(story.order["contact_email"])
    await deliver(order, story.created())

    async def titles() -> tuple[list[str], str]:
        lines = [row[0] for row in (await state(order, story.external_id, {"order_line": "title"}))["order_line"]]
        return lines, str((await state(order, story.external_id, {"order_fact": "data"}))["order_fact"])

    lines, facts = await titles()
    assert (lines, "Barnaby" in facts) == (sorted(said), False)
    story.order["line_items"][0]["name"] = said[0] = "Collar for Barnaby II"
    await deliver(order, story.renamed())
    lines, facts = await titles()
    assert (lines, "Barnaby" in facts) == (sorted(said), False)
    async with order.database.write() as session:
        # As it was reported before titles were sealed.
        before = "UPDATE order_fact SET data = jsonb_set(data, '{lines,0,title}', '\"Collar for Barnaby\"')"
        await session.execute(text(f"{before} WHERE order_name = :name"), {"name": story.external_id})
        await link_guest_orders(session, digest, user_id)
    assert "Barnaby" in (await titles())[1]
    await receive(order, UserDeleted(user_id=user_id, email_digest=digest))
    await deliver(order, story.paid())
    lines, facts = await titles()
    assert (set(lines), "Barnaby" in facts) == ({"Customised item"}, False)


async def test_a_forgotten_customer_is_not_brought_back_by_late_news(order: Served, support: str) -> None:
    story, late, user_id = a_life(), a_life(), new_id("usr")
    late.order["contact_email"] = story.order["contact_email"]
    digest = Pseudonymizer(order.runtime.settings).of_email(story.order["contact_email"])
    await deliver(order, story.created())
    async with order.database.write() as session:
        await link_guest_orders(session, digest, user_id)
    await receive(order, UserDeleted(user_id=user_id, email_digest=digest))
    await deliver(order, [*story.renamed(), *late.created()])
    for external_id in (story.external_id, late.external_id):
        found = await shown(order, support, external_id)
        assert (found["customer"], found["contactEmail"]) == (None, None)
        assert found["shippingAddress"] == {"recipient": None, "city": None}
    columns = await state(
        order, story.external_id, {"order_meta": "contact_digest", "order_fact": "email_digest contact"}
    )
    assert columns["order_meta"] == [("None",)]
    assert {row[1] for row in columns["order_fact"]} == {"None"}


async def test_repeats_change_nothing_at_all(order: Served) -> None:
    story = a_life()
    postings = [*story.created(), *story.paid(), *story.sent(whole=True), *story.refund(100)]
    await deliver(order, postings)
    once = await state(order, story.external_id, STATE)
    async with order.database.read() as connection:
        counted = "SELECT count(*) FROM outbox WHERE type <> 'order.delivery_taken'"
        before = (await connection.exec_driver_sql(counted)).scalar_one()
    await deliver(order, postings)
    assert await state(order, story.external_id, STATE) == once
    async with order.database.read() as connection:
        assert (await connection.exec_driver_sql(counted)).scalar_one() == before


async def test_a_delivery_shows_the_changes_that_it_caused_with_a_constant_number_of_statements(
    order: Served, support: str
) -> None:
    story = a_life()
    await deliver(order, [*story.created(), *story.paid(), *story.sent(whole=True)])
    caused = [entry["delivery"] for entry in (await shown(order, support, story.external_id))["timeline"]]
    keys = [entry["id"] for entry in caused]
    query = """
    query ($representations: [_Any!]!) {
      _entities(representations: $representations) { ... on WebhookDelivery { id timeline { status } } }
    }"""
    for size in (1, 2, 100):
        wanted = [{"__typename": "WebhookDelivery", "id": key} for key in (keys * 100)[:size]]
        with order.statements() as sent:
            answer = await order.execute(query, support, representations=wanted)
        assert len(sent) == 1, size
    by_id = {entity["id"]: [entry["status"] for entry in entity["timeline"]] for entity in answer.data["_entities"]}
    entries = sorted(status for statuses in by_id.values() for status in statuses)
    assert entries == ["IN_PRODUCTION", "PAID", "PENDING", "SHIPPED"]


async def test_customers_do_not_see_which_delivery_it_was(order: Served, customer: str, customer_id: str) -> None:
    placed = await place(order, customer_id)
    query = "query ($id: ID!) { order(id: $id) { timeline { status delivery { id } } } }"
    answer = await order.execute(query, customer, id=placed.id)
    assert set(answer.codes) == {"FORBIDDEN"}
    assert answer.body["data"]["order"]["timeline"] == [{"status": "PENDING", "delivery": None}]

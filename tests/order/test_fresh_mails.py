"""Only news is mailed: what is fresh and still true, dated as its sender dates it."""

import datetime as dt
import random
from pathlib import Path

from sqlalchemy import select, update

from shared.mail import MAILS
from subgraphs.order.enums import OrderStatus
from subgraphs.order.models import Order, OrderTimeline
from subgraphs.order.service.notification import FRESH, PROMPT
from tests.order.factories import move, place
from tests.order.facts import deliver
from tests.order.mails import asked_for, mails_of, text_of
from tests.order.operations import operate
from tests.order.test_staff import MADE, parcel, scan
from tests.support.apps import Served
from tests.webhook.webhook_story import Life, Posting

MINUTE = dt.timedelta(minutes=1)


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def count(outcome: str) -> float:
    """Return how many mails about orders had an outcome."""
    return float(MAILS.labels("order", outcome)._value.get())


def life(begin: dt.datetime) -> Life:
    return Life(random.Random(11), random.randrange(10**6, 10**9), begin=begin, goods=[(2, 1999)])


async def imported(order: Served, story: Life) -> Order:
    async with order.database.read() as connection:
        wanted = select(Order.__table__).where(Order.external_id == story.external_id)
        return (await connection.execute(wanted)).one()  # type: ignore[return-value]


async def imported_by_id(order: Served, order_id: str) -> Order:
    async with order.database.read() as connection:
        return (await connection.execute(select(Order.__table__).where(Order.id == order_id))).one()  # type: ignore[return-value]


async def dated(order: Served, order_id: str) -> dict[OrderStatus, dt.datetime]:
    async with order.database.read() as connection:
        wanted = select(OrderTimeline.status, OrderTimeline.at).where(OrderTimeline.order_id == order_id)
        return {row.status: row.at for row in await connection.execute(wanted)}


async def age(order: Served, order_id: str, by: dt.timedelta) -> None:
    """Let the changes of an order have happened longer ago."""
    async with order.database.write() as session:
        of_order = update(OrderTimeline).where(OrderTimeline.order_id == order_id)
        await session.execute(of_order.values(at=OrderTimeline.at - by))


async def subjects(order: Served, order_id: str, directory: Path) -> list[str]:
    return [str(mail["Subject"]) for mail in await mails_of(order, order_id, directory)]


async def test_an_order_that_was_over_months_ago_mails_nobody_and_keeps_its_dates(
    order: Served, tmp_path: Path
) -> None:
    story = life(now() - dt.timedelta(days=90))
    postings = [*story.created(), *story.paid(), *story.sent(whole=True), *story.delivered()]
    shop_alone = [posting for posting in postings if posting.path != "stripe/payment"]
    # A shop that is connected tells of the order once more, now, with all that has become of it.
    last = Posting("shopify/orders", "orders/updated", "hook", now(), shop_alone[-3].body)
    await deliver(order, [last, shop_alone[-1]])
    row = await imported(order, story)
    assert row.status is OrderStatus.DELIVERED
    dates = await dated(order, row.id)
    assert {now() - at > dt.timedelta(days=80) for at in dates.values()} == {True}
    assert row.paid_at is not None
    assert now() - row.paid_at > dt.timedelta(days=80)
    dropped = count("superseded") + count("stale")
    assert len(await subjects(order, row.id, tmp_path)) == 0
    assert count("superseded") + count("stale") == dropped + 4


async def test_a_week_of_webhooks_that_is_replayed_mails_nobody(order: Served, tmp_path: Path) -> None:
    story = life(now() - dt.timedelta(days=30))
    postings = [*story.created(), *story.paid(), *story.sent(whole=True), *story.delivered()]
    for posting in postings:
        await deliver(order, [posting])
    row = await imported(order, story)
    before = await dated(order, row.id)
    assert await subjects(order, row.id, tmp_path) == []
    for posting in postings:
        await deliver(order, [posting])
    assert await dated(order, row.id) == before
    assert await asked_for(order, row.id) == []


async def test_what_a_sender_tells_is_dated_as_it_tells_it(order: Served, tmp_path: Path) -> None:
    story = life(now() - dt.timedelta(days=3))
    created, (money, _), (left, _) = story.created(), story.paid(), story.sent(whole=True)
    await deliver(order, [*created, money, left])
    row = await imported(order, story)
    dates = await dated(order, row.id)
    assert dates[OrderStatus.PAID] == money.at
    assert row.paid_at == dates[OrderStatus.PAID]
    assert dates[OrderStatus.PAID] < dates[OrderStatus.SHIPPED] < now() - dt.timedelta(hours=24)
    assert await subjects(order, row.id, tmp_path) == []


async def test_what_happens_today_is_mailed_once_for_a_batch(order: Served, tmp_path: Path) -> None:
    story = life(now())
    created, paid, (left, _) = story.created(), story.paid(), story.sent(whole=True)
    await deliver(order, [*created, *paid])
    row = await imported(order, story)
    assert await subjects(order, row.id, tmp_path) == [f"Your payment has arrived: {row.number}"]
    # One delivery moves it to production and out of it.
    await deliver(order, [left])
    assert [entry.value for entry in await dated(order, row.id)][-2:] == ["IN_PRODUCTION", "SHIPPED"]
    assert await subjects(order, row.id, tmp_path) == [f"Your order is on its way: {row.number}"]


async def test_a_lost_parcel_that_is_sent_again_is_told_once_with_its_own_number(
    order: Served, support: str, tmp_path: Path
) -> None:
    placed = await place(order, None)
    await move(order, placed.id, *MADE)
    lost = await parcel(order, support, placed.id)
    await scan(order, support, lost, "IN_TRANSIT", 40)
    await scan(order, support, lost, "LOST", 30)
    await mails_of(order, placed.id, tmp_path)
    again = await parcel(order, support, placed.id)
    assert await subjects(order, placed.id, tmp_path) == []
    await scan(order, support, again, "IN_TRANSIT", 20)
    await scan(order, support, again, "IN_TRANSIT", 10)
    [mail] = await mails_of(order, placed.id, tmp_path)
    assert mail["Subject"] == f"Your order is on its way again: {placed.number}"
    shipped = (
        "query ($id: ID!) { order(id: $id) { status shipments { id trackingNumber } timeline { shipment { id } } } }"
    )
    found = (await order.execute(shipped, support, id=placed.id)).data["order"]
    numbers = {each["id"]: each["trackingNumber"] for each in found["shipments"]}
    assert numbers[again] in text_of(mail)
    assert numbers[lost] not in text_of(mail)
    assert (found["status"], found["timeline"][-1]) == ("SHIPPED", {"shipment": {"id": again}})
    assert [entry["shipment"] for entry in found["timeline"][:-1]] == [None] * 4


async def test_each_part_of_an_order_is_told_when_it_leaves(order: Served, support: str, tmp_path: Path) -> None:
    placed = await place(order, None)
    await move(order, placed.id, *MADE)
    await mails_of(order, placed.id, tmp_path)
    for _ in range(2):
        part = await parcel(order, support, placed.id, completes=False)
        await scan(order, support, part, "IN_TRANSIT", 10)
        assert await subjects(order, placed.id, tmp_path) == [f"Part of your order is on its way: {placed.number}"]
    await scan(order, support, await parcel(order, support, placed.id), "IN_TRANSIT", 5)
    assert await subjects(order, placed.id, tmp_path) == [f"Your order is on its way: {placed.number}"]


async def test_a_parcel_that_a_shop_sends_besides_is_told_once(order: Served, tmp_path: Path) -> None:
    story = life(now() - dt.timedelta(hours=1))
    await deliver(order, [*story.created(), *story.paid(), *story.sent(whole=True)])
    row = await imported(order, story)
    await mails_of(order, row.id, tmp_path)
    story.pieces.append(1)
    further = story.sent(whole=True)
    for _ in range(2):
        await deliver(order, further)
    [mail] = await mails_of(order, row.id, tmp_path)
    assert mail["Subject"] == f"Your order is on its way: {row.number}"
    assert str(story.order["fulfillments"][-1]["tracking_number"]) in text_of(mail)


async def test_a_refund_after_a_parcel_was_sent_again_leaves_both_mails(
    order: Served, support: str, tmp_path: Path
) -> None:
    placed = await place(order, None)
    await move(order, placed.id, *MADE)
    lost = await parcel(order, support, placed.id)
    await scan(order, support, lost, "LOST", 30)
    await mails_of(order, placed.id, tmp_path)
    await scan(order, support, await parcel(order, support, placed.id), "IN_TRANSIT", 20)
    version = (await imported_by_id(order, placed.id)).version
    await operate(order, support, "orderRefund", orderId=placed.id, version=version, amount="10.00")
    await age(order, placed.id, 2 * PROMPT)
    assert await subjects(order, placed.id, tmp_path) == [
        f"Your order is on its way again: {placed.number}",
        f"Part of your order is refunded: {placed.number}",
    ]


async def test_a_mail_that_was_delayed_tells_only_what_is_still_true(order: Served, tmp_path: Path) -> None:
    placed = await place(order, None)
    await move(order, placed.id, OrderStatus.PAID, OrderStatus.IN_PRODUCTION)
    await age(order, placed.id, PROMPT + MINUTE)
    before = count("superseded")
    assert await subjects(order, placed.id, tmp_path) == [f"We are making your order: {placed.number}"]
    assert count("superseded") == before + 2


async def test_a_mail_that_was_delayed_for_a_day_is_dropped_and_counted(order: Served, tmp_path: Path) -> None:
    placed = await place(order, None)
    before = count("stale")
    await age(order, placed.id, FRESH + MINUTE)
    assert await subjects(order, placed.id, tmp_path) == []
    assert count("stale") == before + 1
    again = await place(order, None)
    await age(order, again.id, FRESH - MINUTE)
    assert await subjects(order, again.id, tmp_path) == [f"We have your order: {again.number}"]


async def test_a_partial_refund_is_mailed_with_what_went_back_so_far(
    order: Served, tmp_path: Path, support: str
) -> None:
    placed = await place(order, None)
    await move(order, placed.id, OrderStatus.PAID)
    await mails_of(order, placed.id, tmp_path)
    refunded = await operate(order, support, "orderRefund", orderId=placed.id, version=2, amount="7.20")
    assert refunded["order"]["version"] == 3
    [mail] = await mails_of(order, placed.id, tmp_path)
    assert mail["Subject"] == f"Part of your order is refunded: {placed.number}"
    assert "So far we have refunded 7.20 EUR of 107.20 EUR" in text_of(mail)
    await operate(order, support, "orderRefund", orderId=placed.id, version=3)
    [last] = await mails_of(order, placed.id, tmp_path)
    assert "We have refunded 107.20 EUR" in text_of(last)


async def test_each_parcel_of_an_order_is_mailed_with_its_carrier_and_link(
    order: Served, tmp_path: Path, support: str
) -> None:
    placed = await place(order, None)
    await move(order, placed.id, *MADE)
    await mails_of(order, placed.id, tmp_path)
    shipment_id = await parcel(order, support, placed.id)
    await scan(order, support, shipment_id, "IN_TRANSIT")
    [mail] = await mails_of(order, placed.id, tmp_path)
    text = text_of(mail)
    async with order.database.read() as connection:
        wanted = "SELECT * FROM shipment_tracking WHERE id = $1"
        row = (await connection.exec_driver_sql(wanted, (shipment_id,))).one()
    assert f"Parcel with {row.carrier}\nTracking number: {row.tracking_number}\n" in text


async def test_an_address_that_cannot_be_mailed_is_given_up_and_not_tried_again(order: Served, tmp_path: Path) -> None:
    placed = await place(order, None, contact_email="pat@example.com")
    async with order.database.write() as session:
        await session.execute(update(Order).where(Order.id == placed.id).values(contact_email="jürgen@example.com"))
    before = count("unmailable")
    assert await subjects(order, placed.id, tmp_path) == []
    assert count("unmailable") == before + 1

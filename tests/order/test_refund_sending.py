"""Refunds that providers make: asked for once, exactly known by their ids, refused, tried again, and split."""

from typing import Any

import pytest
from sqlalchemy import bindparam, select, update

from subgraphs.order.enums import PaymentState
from subgraphs.order.payment_models import OrderPayment, RefundPart, SimulatedRefund
from subgraphs.order.payments.port import ProviderAway, ProviderRefund, ProviderRefused
from subgraphs.order.service.payments import Payments
from subgraphs.order.service.refund_sending import RefundSender, split
from tests.order.factories import place
from tests.order.operations import operate
from tests.order.payments import (
    ScriptedProvider,
    deliver_webhooks,
    id_of,
    pay,
    receive_webhook,
    start,
    take_jobs,
    webhooks_of,
    work,
)
from tests.order.test_facts import payment as payment_event
from tests.order.test_ledger import entries, money, open_tasks, refund_state, report
from tests.support.apps import Served

JOB = "order-refund-sending"
FORGET = update(RefundPart).where(RefundPart.order_id == bindparam("order")).values(provider_id=None)


async def paid(order: Served, customer: str, customer_id: str) -> Any:
    """Place an order and pay it; its version is then 2."""
    placed = await place(order, customer_id)
    await pay(order, await start(order, customer, placed.id))
    await take_jobs(order, JOB)
    return placed


async def refund(order: Served, support: str, placed: Any, version: int = 2, **given: str) -> Any:
    return await operate(order, support, "orderRefund", orderId=placed.id, version=version, **given)


def states(found: Any) -> list[tuple[str, str]]:
    return [(each["amount"]["amount"], each["state"]) for each in found["refunds"]]


async def parts_of(order: Served, placed: Any) -> list[Any]:
    async with order.database.read() as connection:
        of_order = select(RefundPart.__table__).where(RefundPart.order_id == placed.id)
        return list((await connection.execute(of_order.order_by(RefundPart.amount_minor))).all())


async def made(order: Served, placed: Any) -> list[Any]:
    """Return the refunds at the simulated provider."""
    async with order.database.read() as connection:
        payments = select(OrderPayment.provider_id).where(OrderPayment.order_id == placed.id)
        found = select(SimulatedRefund.__table__).where(SimulatedRefund.payment_id.in_(payments))
        return list((await connection.execute(found)).all())


async def test_a_refund_is_pending_until_the_provider_tells_that_it_is_made(
    order: Served, customer: str, customer_id: str, support: str
) -> None:
    placed = await paid(order, customer, customer_id)
    key = (await refund(order, support, placed, amount="20.00"))["refund"]["id"]
    await work(order, JOB)
    assert states(await money(order, support, placed.id)) == [("20.00", "PENDING")]
    [row], [part] = await made(order, placed), await parts_of(order, placed)
    assert (row.key, row.refund_id, row.amount_minor, part.provider_id) == (key, key, 2000, row.id)
    assert await deliver_webhooks(order, times=2) == ["charge.refunded", "refund.updated"]
    done = await money(order, support, placed.id)
    assert (states(done), done["refunded"], done["version"]) == ([("20.00", "SUCCEEDED")], {"amount": "20.00"}, 3)
    assert entries(done) == [("CHARGE", "SUCCEEDED", "107.20"), ("REFUND", "SUCCEEDED", "20.00")]


async def test_a_full_refund_by_a_change_of_status_goes_to_the_provider(
    order: Served, customer: str, customer_id: str, support: str
) -> None:
    placed = await paid(order, customer, customer_id)
    await operate(order, support, "orderStatusAdvance", orderId=placed.id, version=2, to="REFUNDED")
    await work(order, JOB)
    await deliver_webhooks(order)
    found = await money(order, support, placed.id)
    assert (found["status"], states(found), found["version"]) == ("REFUNDED", [("107.20", "SUCCEEDED")], 3)
    assert [row.amount_minor for row in await made(order, placed)] == [10720]


async def test_a_job_that_runs_again_refunds_nothing_more(
    order: Served, customer: str, customer_id: str, support: str
) -> None:
    placed = await paid(order, customer, customer_id)
    await refund(order, support, placed, amount="20.00")
    [payload] = await take_jobs(order, JOB)
    sender = order.runtime.resource(RefundSender)
    for _ in range(3):
        await sender.send(payload["refund_id"])
    assert len(await made(order, placed)) == 1
    # As if it had been killed between the provider's answer and the commit.
    async with order.database.write() as session:
        await session.execute(
            RefundPart.__table__.update().values(provider_id=None).where(RefundPart.order_id == placed.id)
        )
    await sender.send(payload["refund_id"])
    [row], [part] = await made(order, placed), await parts_of(order, placed)
    assert part.provider_id == row.id


@pytest.mark.parametrize("order_of_events", [[0, 1], [1, 0]])
async def test_a_webhook_that_overtakes_the_answer_is_the_same_refund(
    order: Served, customer: str, customer_id: str, support: str, order_of_events: list[int]
) -> None:
    placed = await paid(order, customer, customer_id)
    await refund(order, support, placed, amount="20.00")
    await work(order, JOB)
    async with order.database.write() as session:
        await session.execute(
            RefundPart.__table__.update().values(provider_id=None).where(RefundPart.order_id == placed.id)
        )
    events = await webhooks_of(order)
    for place_of in order_of_events:
        await receive_webhook(order, events[place_of])
        found = await money(order, support, placed.id)
        assert (found["refunded"], states(found)) == ({"amount": "20.00"}, [("20.00", "SUCCEEDED")])


async def test_a_refund_of_the_same_amount_that_somebody_made_at_the_provider_is_another(
    order: Served, customer: str, customer_id: str, support: str
) -> None:
    placed = await paid(order, customer, customer_id)
    payment = await paid_by(order, placed)
    await refund(order, support, placed, amount="20.00")
    await work(order, JOB)
    events = await webhooks_of(order)
    by_hand = refund_state(payment_event(placed.id, 10720), 2000, "SUCCEEDED", f"re_hand{placed.serial}")
    await report(order, by_hand.model_copy(update={"external_payment_id": payment}))
    both = await money(order, support, placed.id)
    assert (both["refunded"], sorted(states(both))) == (
        {"amount": "40.00"},
        [("20.00", "PENDING"), ("20.00", "SUCCEEDED")],
    )
    for event in events[1:]:
        await receive_webhook(order, event)
    found = await money(order, support, placed.id)
    assert (found["refunded"], states(found)) == ({"amount": "40.00"}, [("20.00", "SUCCEEDED")] * 2)


async def paid_by(order: Served, placed: Any) -> str:
    async with order.database.read() as connection:
        return str(await connection.scalar(select(OrderPayment.provider_id).where(OrderPayment.order_id == placed.id)))


async def test_what_the_provider_refuses_has_failed_and_is_a_task(
    order: Served, customer: str, customer_id: str, support: str
) -> None:
    placed = await paid(order, customer, customer_id)
    provider = ScriptedProvider(order, ProviderRefused("charge_disputed"))
    await refund(order, support, placed)
    [payload] = await take_jobs(order, JOB)
    await RefundSender(order.database, Payments.only(provider)).send(payload["refund_id"])
    found = await money(order, support, placed.id)
    assert (found["status"], found["refunded"], states(found)) == ("PAID", {"amount": "0.00"}, [("107.20", "FAILED")])
    assert open_tasks(found) == [("REFUND_FAILED", "107.20")]
    assert found["timeline"][-1]["reason"] == "The refund did not go through."
    # It is not asked again, and a later refund settles it.
    await order.runtime.resource(RefundSender).send(payload["refund_id"])
    assert await made(order, placed) == []
    await refund(order, support, placed, version=found["version"])
    await work(order, JOB)
    await deliver_webhooks(order)
    settled = await money(order, support, placed.id)
    assert (settled["status"], open_tasks(settled), states(settled)) == (
        "REFUNDED",
        [],
        [("107.20", "FAILED"), ("107.20", "SUCCEEDED")],
    )


async def test_a_refund_that_fails_at_the_provider_later_is_a_task(
    order: Served, customer: str, customer_id: str, support: str
) -> None:
    placed = await paid(order, customer, customer_id)
    await refund(order, support, placed, amount="20.00")
    await work(order, JOB)
    events = await webhooks_of(order)
    failed = {**events[1], "id": f"evt_failed{placed.serial}", "type": "refund.failed"}
    failed["data"] = {"object": {**events[1]["data"]["object"], "status": "failed"}}
    await receive_webhook(order, failed)
    found = await money(order, support, placed.id)
    assert (states(found), open_tasks(found), found["refunded"]) == (
        [("20.00", "FAILED")],
        [("REFUND_FAILED", "20.00")],
        {"amount": "0.00"},
    )


async def test_a_provider_that_is_away_is_asked_again_with_the_same_key(
    order: Served, customer: str, customer_id: str, support: str
) -> None:
    placed = await paid(order, customer, customer_id)
    await refund(order, support, placed, amount="20.00")
    [payload] = await take_jobs(order, JOB)
    provider = ScriptedProvider(order, ProviderAway("away"), ProviderRefund(f"re_{placed.serial}"))
    sender = RefundSender(order.database, Payments.only(provider))
    with pytest.raises(ProviderAway):
        await sender.send(payload["refund_id"])
    assert states(await money(order, support, placed.id)) == [("20.00", "PENDING")]
    await sender.send(payload["refund_id"])
    assert [each.key for each in provider.asked] == [payload["refund_id"]] * 2
    assert [part.provider_id for part in await parts_of(order, placed)] == [f"re_{placed.serial}"]


async def test_a_refund_is_split_over_the_payments_that_took_the_money(
    order: Served, customer: str, customer_id: str, support: str
) -> None:
    placed = await place(order, customer_id)
    first = await start(order, customer, placed.id)
    # A part came in by another way while the whole was being paid, so there are two payments.
    await pay(order, first)
    async with order.database.write() as session:
        values = {"id": f"pay_{placed.serial}", "order_id": placed.id, "key": f"key {placed.id}", "amount_minor": 5000}
        values |= {"provider": "SIMULATED", "currency": "EUR", "state": PaymentState.TAKEN}
        values["provider_id"] = f"pi_{placed.serial}"
        await session.execute(OrderPayment.__table__.insert().values(values))
    second = payment_event(placed.id, 5000).model_copy(update={"external_payment_id": f"pi_{placed.serial}"})
    await report(order, second)
    await take_jobs(order, JOB)
    version = (await money(order, support, placed.id))["version"]
    await refund(order, support, placed, version=version, amount="120.00")
    [payload] = await take_jobs(order, JOB)
    provider = ScriptedProvider(order, ProviderRefund(f"re_a{placed.serial}"), ProviderRefused("insufficient_funds"))
    await RefundSender(order.database, Payments.only(provider)).send(payload["refund_id"])
    assert sorted(each.amount_minor for each in provider.asked) == [1280, 10720]
    assert len({each.key for each in provider.asked}) == 2
    assert {each.payment_id for each in provider.asked} == {id_of(first), f"pi_{placed.serial}"}
    [refused] = [part.amount_minor for part in await parts_of(order, placed) if part.refusal is not None]
    found = await money(order, support, placed.id)
    assert [(state, minor) for kind, state, minor in entries(found) if kind == "REFUND"] == [
        ("FAILED", f"{refused / 100:.2f}"),
        ("PENDING", f"{(12000 - refused) / 100:.2f}"),
    ]
    assert ("REFUND_FAILED", f"{refused / 100:.2f}") in open_tasks(found)


async def test_money_that_no_adapter_took_is_left_to_staff(order: Served, support: str) -> None:
    placed = await place(order, None)
    await report(order, payment_event(placed.id, 10720))
    await refund(order, support, placed, amount="20.00")
    await work(order, JOB)
    assert await parts_of(order, placed) == []
    assert states(await money(order, support, placed.id)) == [("20.00", "PENDING")]


@pytest.mark.parametrize(
    ("minor", "left", "parts"),
    [
        (500, [("a", 1000)], {"a": 500}),
        (1000, [("a", 400), ("b", 1000)], {"b": 1000}),
        (1000, [("a", 400), ("b", 700)], {"a": 400, "b": 600}),
        (1000, [("a", 0), ("b", 300)], {"b": 300}),
        (1000, [], {}),
    ],
)
def test_a_refund_takes_from_each_payment_no_more_than_it_has(
    minor: int, left: list[tuple[str, int]], parts: dict[str, int]
) -> None:
    assert split(minor, left) == parts

"""The status machine alone: properties that hold for every walk through it."""

import itertools
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subgraphs.order import status
from subgraphs.order.enums import ActorKind, OrderStatus
from subgraphs.order.status import Situation

kinds = st.sampled_from(ActorKind)
situations = st.builds(
    Situation,
    st.sampled_from(OrderStatus),
    is_paid=st.booleans(),
    is_repaid=st.booleans(),
    held_from=st.none() | st.sampled_from(OrderStatus),
)


@st.composite
def walks(draw: st.DrawFn) -> list[Situation]:
    """Return the situations of an order from its beginning, each a legal step from the one before."""
    walk = [status.NEW]
    for _ in range(draw(st.integers(0, 12))):
        steps = sorted(status.legal(walk[-1], draw(kinds)), key=lambda step: step.value)
        if steps:
            walk.append(status.after(walk[-1], draw(st.sampled_from(steps))))
    return walk


def test_the_table_names_every_status() -> None:
    assert set(status.TRANSITIONS) == set(OrderStatus)


@given(situations, st.sampled_from(OrderStatus), kinds)
def test_refusals_agree_with_what_is_legal(now: Situation, to: OrderStatus, by: ActorKind) -> None:
    refused = status.refusal(now, to, by)
    assert (refused is None) == (to in status.legal(now, by))
    if refused is not None:
        assert now.status.value in refused
        assert to.value in refused


@given(situations)
def test_staff_may_do_all_that_customers_and_machines_may(now: Situation) -> None:
    others = status.legal(now, ActorKind.CUSTOMER) | status.legal(now, ActorKind.SYSTEM)
    assert others <= status.legal(now, ActorKind.STAFF)


@given(situations)
def test_customers_may_only_cancel(now: Situation) -> None:
    assert status.legal(now, ActorKind.CUSTOMER) <= {OrderStatus.CANCELLED}


@given(walks())
def test_only_paid_orders_are_made_shipped_or_refunded(walk: list[Situation]) -> None:
    unpaid = {step.status for step in walk if not step.is_paid}
    assert unpaid <= {OrderStatus.PENDING, OrderStatus.ON_HOLD, OrderStatus.CANCELLED}


@given(walks())
def test_a_hold_ends_where_it_began_or_ends_the_order(walk: list[Situation]) -> None:
    for place, step in enumerate(walk[1:-1], start=1):
        assert (step.held_from is not None) == (step.status is OrderStatus.ON_HOLD)
        if step.status is OrderStatus.ON_HOLD:
            ends = {OrderStatus.CANCELLED, OrderStatus.REFUNDED}
            assert walk[place + 1].status in {walk[place - 1].status, *ends}


@given(walks())
def test_nothing_follows_a_final_status(walk: list[Situation]) -> None:
    for step in walk[:-1]:
        assert not status.is_final(step)
    if status.is_final(walk[-1]):
        assert walk[-1].status in {OrderStatus.REFUNDED, OrderStatus.CANCELLED}


@given(walks())
def test_what_is_under_way_is_not_cancelled(walk: list[Situation]) -> None:
    for before, step in itertools.pairwise(walk):
        if step.status is OrderStatus.CANCELLED:
            assert before.status not in status.LEFT
            assert before.held_from is not OrderStatus.PARTIALLY_SHIPPED


@pytest.mark.parametrize("name", ["IN_PRODUCTION", "PARTIALLY_SHIPPED", "SHIPPED", "READY_FOR_PICKUP", "ON_HOLD"])
def test_what_is_under_way_is_refunded_by_staff_and_never_by_customers(name: str) -> None:
    now = Situation(OrderStatus(name), is_paid=True, held_from=OrderStatus.PAID if name == "ON_HOLD" else None)
    assert OrderStatus.REFUNDED in status.legal(now, ActorKind.STAFF)
    assert OrderStatus.REFUNDED not in status.legal(now, ActorKind.CUSTOMER)
    assert OrderStatus.REFUNDED not in status.legal(replace(now, is_paid=False), ActorKind.STAFF)
    assert status.after(now, OrderStatus.REFUNDED) == Situation(OrderStatus.REFUNDED, is_paid=True, is_repaid=True)


@given(walks())
def test_staff_have_a_way_on_from_everywhere_but_the_end(walk: list[Situation]) -> None:
    now = walk[-1]
    ended = now.status is OrderStatus.REFUNDED or (now.status is OrderStatus.CANCELLED and not now.is_paid)
    assert bool(status.legal(now, ActorKind.STAFF)) is not ended


def test_money_for_an_order_on_hold_lets_it_go_on_as_paid() -> None:
    held = Situation(OrderStatus.ON_HOLD, held_from=OrderStatus.PENDING)
    paid = status.paid_meanwhile(held)
    assert paid == Situation(OrderStatus.ON_HOLD, is_paid=True, held_from=OrderStatus.PAID)
    assert status.legal(paid, ActorKind.SYSTEM) == {OrderStatus.PAID, OrderStatus.CANCELLED, OrderStatus.REFUNDED}
    assert status.paid_meanwhile(Situation(OrderStatus.CANCELLED)) == Situation(OrderStatus.CANCELLED, is_paid=True)


@given(walks(), kinds)
def test_a_status_never_follows_itself(walk: list[Situation], by: ActorKind) -> None:
    assert walk[-1].status not in status.legal(walk[-1], by)


def test_the_way_of_a_usual_order_is_legal_for_machines() -> None:
    now = status.NEW
    for to in ("PAID", "IN_PRODUCTION", "PARTIALLY_SHIPPED", "SHIPPED", "OUT_FOR_DELIVERY", "DELIVERED"):
        assert status.refusal(now, OrderStatus(to), ActorKind.SYSTEM) is None
        now = status.after(now, OrderStatus(to))
    assert now == Situation(OrderStatus.DELIVERED, is_paid=True)


@pytest.mark.parametrize(
    ("now", "may"),
    [
        (Situation(OrderStatus.PENDING), True),
        (Situation(OrderStatus.PAID, is_paid=True), True),
        (Situation(OrderStatus.IN_PRODUCTION, is_paid=True), False),
        (Situation(OrderStatus.ON_HOLD, held_from=OrderStatus.PENDING), False),
        (Situation(OrderStatus.SHIPPED, is_paid=True), False),
    ],
)
def test_customers_cancel_until_production_begins(now: Situation, may: bool) -> None:
    assert (OrderStatus.CANCELLED in status.legal(now, ActorKind.CUSTOMER)) is may

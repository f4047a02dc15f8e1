"""Whatever is done to carts, in whatever order: they hold what was put into them, and cost what their lines cost."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.graph.money import CurrencyCode
from subgraphs.order.pricing.totals import cart_totals
from subgraphs.order.service.carts.items import Item, added, ensured, with_quantities
from tests.order.carts import cart_operation, line, new_cart, quantities, quote, shown
from tests.support.apps import Served
from tests.support.properties import examples

SUBJECTS = [f"pre_{place:026}" for place in range(4)]
BREAKS = [(), ((5, 10),), ((3, 5), (10, 20))]
quotes = st.builds(
    lambda place, price, breaks, version, later: quote(
        subject_id=SUBJECTS[place],
        unit_price_minor=price,
        quantity_breaks=BREAKS[breaks],
        version=version,
        expires_at=4_000_000_000 + later,
    ),
    st.integers(0, 3),
    st.integers(0, 100_00),
    st.integers(0, 2),
    st.integers(1, 5),
    st.integers(0, 3),
)
lines_ = st.builds(lambda quoted, quantity: replace(Item.of_quote(quoted, quantity)), quotes, st.integers(1, 40))
carts = st.lists(lines_, max_size=6).map(lambda more: added([], more))


def pieces(items: list[Item]) -> dict[str, int]:
    return {item.subject_id: item.quantity for item in items}


@given(carts, st.lists(lines_, max_size=6))
@settings(max_examples=examples(200))
def test_what_is_added_is_there_and_what_was_there_stays(before: list[Item], more: list[Item]) -> None:
    after = added(before, more)
    expected = pieces(before)
    for item in more:
        expected[item.subject_id] = expected.get(item.subject_id, 0) + item.quantity
    assert pieces(after) == expected
    assert [item.id for item in after[: len(before)]] == [item.id for item in before]
    assert len({item.subject_id for item in after}) == len(after)
    for item in after:
        latest = max(each.quote_expires_at for each in [*before, *more] if each.subject_id == item.subject_id)
        assert item.quote_expires_at == latest


@given(carts, st.lists(lines_, max_size=6))
@settings(max_examples=examples(200))
def test_what_is_ensured_twice_is_there_once(before: list[Item], wanted: list[Item]) -> None:
    once = ensured(before, wanted)
    assert ensured(once, wanted) == once
    assert all(pieces(once)[item.subject_id] >= item.quantity for item in [*before, *added([], wanted)])


@given(carts, st.dictionaries(st.integers(0, 5), st.integers(0, 40)))
@settings(max_examples=examples(200))
def test_a_line_without_pieces_is_gone_and_no_other(before: list[Item], changes: dict[int, int]) -> None:
    wanted = {before[place].id: number for place, number in changes.items() if place < len(before)}
    after = with_quantities(before, wanted)
    assert pieces(after) == {
        item.subject_id: number for item in before if (number := wanted.get(item.id, item.quantity))
    }


operations = st.lists(
    st.one_of(
        st.tuples(st.just("add"), quotes, st.integers(1, 20)),
        st.tuples(st.just("update"), st.integers(0, 3), st.integers(0, 20)),
        st.tuples(st.just("remove"), st.integers(0, 3), st.none()),
    ),
    min_size=1,
    max_size=8,
)


@given(operations)
@settings(max_examples=examples(25), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_operations_in_any_order_keep_the_cost_that_of_the_lines(order: Served, chosen: Any) -> None:
    cart, named = await new_cart(order, None)
    known: list[Item] = []
    for name, what, quantity in chosen:
        change = {**named, "version": cart["version"]}
        if name == "add":
            more = [line(order, what, quantity)]
            cart = (await cart_operation(order, None, "cartLinesAdd", **change, lines=more))["cart"]
            known = added(known, [Item.of_quote(what, quantity)])
        elif what < len(cart["lines"]):
            line_id = cart["lines"][what]["id"]
            if name == "update":
                changes = [{"lineId": line_id, "quantity": quantity}]
                cart = (await cart_operation(order, None, "cartLinesUpdate", **change, lines=changes))["cart"]
            else:
                cart = (await cart_operation(order, None, "cartLinesRemove", **change, lineIds=[line_id]))["cart"]
            known = with_quantities(known, {known[what].id: quantity or 0})
        assert quantities(cart) == pieces(known)
        totals = cart_totals([item.priced for item in known], CurrencyCode.EUR)
        assert Decimal(cart["cost"]["total"]["amount"]) == Decimal(totals.total_minor) / 100
        assert sum(Decimal(each["total"]["amount"]) for each in cart["lines"]) == Decimal(totals.total_minor) / 100
    assert await shown(order, None, named) == cart

"""What sells best in a time: of paid orders alone, by pieces or revenue, at a bounded cost."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from shared.core.ids import new_id
from shared.graph.money import CurrencyCode
from subgraphs.order.enums import BestSellerKind, BestSellerSort, OrderLineKind, OrderStatus
from subgraphs.order.service import best_sellers
from subgraphs.order.service.best_sellers import Wanted, newest, ranking
from subgraphs.order.service.placement import NewLine
from tests.order.factories import move, place
from tests.support.apps import Served
from tests.support.plans import plan_without_scans

QUERY = """
query (
  $from: DateTime!, $before: DateTime!, $by: BestSellerKind! = PRODUCT, $sort: BestSellerSort! = UNITS
  $currency: CurrencyCode, $first: Int! = 10
) {
  bestSellers(placedFrom: $from, placedBefore: $before, by: $by, sort: $sort, currency: $currency, first: $first) {
    isExact nodes { title product preset { id } units orders revenue { amount currencyCode } }
  }
}"""
PAID = (OrderStatus.PAID,)
DAYS = iter(range(1, 3000, 3))


@pytest.fixture
def day() -> dt.datetime:
    """Return the start of a day on which no other test places orders."""
    return dt.datetime(2019, 1, 1, tzinfo=dt.UTC) + dt.timedelta(days=next(DAYS))


@pytest.fixture
def sell(order: Served, customer_id: str, day: dt.datetime) -> Callable[..., Any]:
    async def sell(*lines: NewLine, path: tuple[OrderStatus, ...] = PAID, hour: int = 1, **more: Any) -> None:
        given = {"lines": list(lines), "discount_minor": 0, "placed_at": day + dt.timedelta(hours=hour), **more}
        row = await place(order, customer_id, **given)
        await move(order, row.id, *path, reason="Asked for.")

    return sell


async def best(order: Served, token: str, day: dt.datetime, **given: Any) -> Any:
    times = {"from": day.isoformat(), "before": (day + dt.timedelta(days=1)).isoformat()}
    return (await order.execute(QUERY, token, **times, **given)).data["bestSellers"]


def of(product: str, quantity: int, price: int, **more: Any) -> NewLine:
    return NewLine(f"A {product.lower()}", quantity, price, product=product, **more)


async def test_paid_orders_of_the_time_count_and_no_others(
    order: Served, support: str, day: dt.datetime, sell: Callable[..., Any]
) -> None:
    await sell(of("COLLAR", 2, 1000), of("COLLAR", 1, 1000), of("BED", 1, 9000))
    await sell(of("COLLAR", 1, 1000), hour=0)
    await sell(of("BOWL", 50, 100), path=())
    await sell(of("BOWL", 50, 100), path=(OrderStatus.PAID, OrderStatus.CANCELLED))
    await sell(of("BOWL", 50, 100), test=True)
    await sell(of("BOWL", 50, 100), hour=24)
    await sell(of("BOWL", 50, 100), hour=-1)
    await sell(of("TAG", 1, 1), NewLine("Tip", 9, 1, product="TIP", kind=OrderLineKind.CHARGE))
    await sell(NewLine("Back", 9, 1, product="BACK", kind=OrderLineKind.RETURNED), of("TAG", 1, 1))
    found = await best(order, support, day)
    assert found["isExact"]
    assert [(each["product"], each["units"], each["orders"]) for each in found["nodes"]] == [
        ("COLLAR", 4, 2),
        ("TAG", 2, 2),
        ("BED", 1, 1),
    ]
    assert {each["revenue"] for each in found["nodes"]} == {None}
    assert [each["product"] for each in (await best(order, support, day, first=1))["nodes"]] == ["COLLAR"]


async def test_revenue_is_of_one_currency(
    order: Served, support: str, day: dt.datetime, sell: Callable[..., Any]
) -> None:
    await sell(of("COLLAR", 2, 1000), of("BED", 1, 9050))
    await sell(of("BOWL", 90, 100), currency=CurrencyCode.GBP)
    found = (await best(order, support, day, sort="REVENUE", currency="EUR"))["nodes"]
    assert [(each["product"], each["revenue"]) for each in found] == [
        ("BED", {"amount": "90.50", "currencyCode": "EUR"}),
        ("COLLAR", {"amount": "20.00", "currencyCode": "EUR"}),
    ]
    assert [each["product"] for each in (await best(order, support, day))["nodes"]] == ["BOWL", "COLLAR", "BED"]


async def test_presets_and_titles_are_ranked_and_equals_stand_by_their_key(
    order: Served, support: str, day: dt.datetime, sell: Callable[..., Any]
) -> None:
    one, two = sorted((new_id("pre"), new_id("pre")))
    await sell(of("COLLAR", 1, 100, preset_id=two), of("BED", 1, 100, preset_id=one), NewLine("Bare", 5, 1))
    presets = (await best(order, support, day, by="PRESET"))["nodes"]
    assert [(each["preset"], each["title"]) for each in presets] == [({"id": one}, "A bed"), ({"id": two}, "A collar")]
    titles = (await best(order, support, day, by="TITLE"))["nodes"]
    assert [(each["title"], each["product"], each["preset"]) for each in titles] == [
        ("Bare", None, None),
        ("A bed", None, None),
        ("A collar", None, None),
    ]


async def test_only_the_newest_orders_are_looked_at_and_that_is_said(
    order: Served, support: str, day: dt.datetime, sell: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    for hour, product in enumerate(("BED", "COLLAR", "LEASH"), 1):
        await sell(of(product, 1, 100), hour=hour)
    monkeypatch.setattr(best_sellers, "MOST_ORDERS", 2)
    with order.statements() as sent:
        found = await best(order, support, day)
    assert ([each["product"] for each in found["nodes"]], found["isExact"]) == (["COLLAR", "LEASH"], False)
    monkeypatch.setattr(best_sellers, "MOST_ORDERS", 3)
    with order.statements() as again:
        exact = await best(order, support, day)
    assert (len(exact["nodes"]), exact["isExact"]) == (3, True)
    assert len(sent) == len(again) == 2


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"sort": "REVENUE"}, "currency"),
        ({"first": 0}, "first"),
        ({"first": 101}, "first"),
        ({"before": "2019-01-01T00:00:00Z"}, "placedBefore"),
    ],
    ids=str,
)
async def test_what_cannot_be_ranked_is_refused_at_its_argument(
    order: Served, support: str, given: Any, path: str
) -> None:
    times = {"from": "2019-01-01T00:00:00Z", "before": "2019-01-02T00:00:00Z"}
    refused = await order.execute(QUERY, support, **(times | given))
    assert refused.codes == ["INVALID_INPUT"]
    assert [each["path"] for each in refused.body["errors"][0]["extensions"]["fields"]] == [path]


async def test_customers_see_no_best_sellers(order: Served, customer: str, day: dt.datetime) -> None:
    times = {"from": day.isoformat(), "before": (day + dt.timedelta(days=1)).isoformat()}
    refused = await order.execute(QUERY, customer, **times)
    assert (refused.body["data"], refused.codes) == ({"bestSellers": None}, ["FORBIDDEN"])


async def test_neither_statement_scans_a_table(order: Served, day: dt.datetime) -> None:
    wanted = Wanted(day, day + dt.timedelta(days=1), BestSellerKind.TITLE, BestSellerSort.REVENUE, CurrencyCode.EUR, 10)
    async with order.database.write() as session:
        plans = [await plan_without_scans(session, each) for each in (ranking(wanted), newest(wanted, 11))]
    for plan in plans:
        assert "Seq Scan" not in plan, plan
        assert "order_meta_placed_at_id_idx" in plan, plan

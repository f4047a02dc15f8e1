"""Orders are found by the beginnings of words, in any script, by indexes alone."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import select, text

from shared.core.ids import new_id
from subgraphs.order.inputs import OrderFilter
from subgraphs.order.models import Order
from subgraphs.order.order_conditions import order_conditions
from subgraphs.order.service.placement import NewAddress, NewLine
from subgraphs.order.service.privacy import forget_customer
from tests.order.factories import place
from tests.order.test_find_orders import found, sent
from tests.support.apps import Served
from tests.support.plans import plan_without_scans

MANY = 50_000


async def words(order: Served, searched: str) -> list[str]:
    async with order.database.read() as connection:
        made = await connection.execute(text("SELECT unnest(search_words(:text))"), {"text": searched})
        return sorted(made.scalars())


@pytest.mark.parametrize(
    ("searched", "expected"),
    [
        ("AP-500001", ["500001", "ap"]),
        ("Anna.Muster+pets@Example.COM", ["anna", "com", "example", "muster", "pets"]),
        ("José Ångström, Łódź", ["angstrom", "jose", "lodz"]),
        ("JOSE\u0301", ["jose"]),
        ("Straße STRASSE", ["strasse"]),
        ("Ærø Þór", ["aero", "thor"]),
        ("İstanbul \u0131ss\u0131z", ["issiz", "istanbul"]),
        ("ΟΔΥΣΣΕΎΣ Οδυσσεύς", ["οδυσσευσ"]),
        ("Ёлка ЁЛКА", ["елка"]),
        ("שָׁלוֹם", ["שלום"]),
        ("مُحَمَّد", ["محمد"]),
        ("狗项圈", ["圈", "狗", "项"]),
        ("\uff26\uff35\uff2c\uff2c", ["full"]),
        ("'; DROP \\ & | ! :* <-> \"", ["drop"]),
        ("", []),
        ("%_*", []),
        ("🐶 Rex", ["rex", "🐶"]),
        ("x" * 200, ["x" * 100]),
    ],
)
async def test_texts_become_words(order: Served, searched: str, expected: list[str]) -> None:
    assert await words(order, searched) == expected


async def test_orders_are_found_by_the_beginnings_of_words(order: Served, support: str, customer_id: str) -> None:
    unique = new_id("nam").rpartition("_")[2]
    address = NewAddress(f"José {unique}", "Hauptstraße 1", "Wien", "1010", "AT")
    mail = f"j.{unique}@example.com"
    placed = await place(order, customer_id, address=address, contact_email=mail)
    await place(order, customer_id)
    for sought in (unique, f"jose {unique}", f"{unique[:-1].upper()} JOS", mail, f"J.{unique}", f"example {unique}"):
        assert await found(order, support, text=sought) == [placed.id], sought
    for sought in (f"{unique}x", unique[1:], f"maria {unique}", "'", "\\"):
        assert await found(order, support, text=sought) == [], sought
    assert await found(order, support, text=f"{placed.number}", customerId=customer_id) == [placed.id]


async def test_orders_are_found_by_titles_and_parcels(order: Served, support: str, customer_id: str) -> None:
    unique = new_id("ttl").rpartition("_")[2]
    lines = [NewLine(f"Halsband für Größe {unique}", 1, 1990, None), NewLine(f"皮带 {unique}", 1, 990, None)]
    titled = await place(order, customer_id, lines=lines)
    parcelled = await place(order, customer_id)
    number = f"DE{unique}".upper()
    await sent(order, support, parcelled.id, "DHL", number)
    for mine in ({}, {"customerId": customer_id}):
        for sought in (f"grosse {unique}", f"HALS {unique}", f"{unique} 皮带", f"带 {unique}"):
            assert await found(order, support, text=sought, **mine) == [titled.id], sought
        for sought in (number, number.lower()[:-3]):
            assert await found(order, support, text=sought, **mine) == [parcelled.id], sought
        # All words must be in one place.
        assert await found(order, support, text=f"{unique} muster", **mine) == []


async def test_what_is_erased_is_not_found_any_more(order: Served, support: str, customer_id: str) -> None:
    unique = new_id("nam").rpartition("_")[2]
    address = NewAddress(f"Anna {unique}", "Hauptstraße 1", "Wien", "1010", "AT")
    lines = [NewLine(f"Collar {unique}", 1, 1990, new_id("des"))]
    placed = await place(order, customer_id, address=address, contact_email=f"{unique}@example.com", lines=lines)
    assert await found(order, support, text=unique) == [placed.id]
    async with order.database.write() as session:
        await forget_customer(session, customer_id)
    assert await found(order, support, text=unique) == []
    async with order.database.read() as connection:
        # No column holds the words, and the server keeps no statistics of them.
        stored = text("SELECT count(*) FROM information_schema.columns WHERE data_type = 'tsvector'")
        assert await connection.scalar(stored) == 0
        targets = text("SELECT attstattarget FROM pg_attribute WHERE attrelid = CAST(:index AS regclass)")
        for index in ("order_meta_words", "order_line_title_words", "shipment_tracking_words"):
            assert list((await connection.execute(targets, {"index": index})).scalars()) == [0]


@pytest_asyncio.fixture(scope="module")
async def crowd(order: Served) -> AsyncIterator[str]:
    """Store many orders, with two lines and a parcel each; yields the shop that they are of, and removes them."""
    shop = f"{new_id('shp')}.example"
    fill = (
        "INSERT INTO order_meta (id, serial, customer_id, contact_email, status, version, currency, subtotal_minor,"
        " discount_minor, shipping_minor, tax_minor, total_minor, source, shop, shop_number, recipient, placed_at,"
        " changed_at) SELECT 'ord_x' || lpad(n::text, 25, '0'), 900000000 + n, 'usr_' || n % 500,"
        " 'person' || n || '@example.com', 'PENDING', 1, 'EUR', 1000, 0, 0, 0, 1000, 'SHOPIFY', :shop, '#' || n,"
        " 'Person ' || md5(n::text), now(), now() FROM generate_series(1, :many) AS n",
        "INSERT INTO order_line (id, order_id, position, title, quantity, currency, unit_price_minor, total_minor)"
        " SELECT replace(id, 'ord_', 'oln_'), id, 1, 'Collar ' || md5(id), 1, 'EUR', 1000, 1000 FROM order_meta"
        " WHERE shop = :shop",
        "INSERT INTO shipment_tracking (id, order_id, carrier, tracking_number, status)"
        " SELECT replace(id, 'ord_', 'shp_'), id, 'DHL', 'TRK' || md5(id), 'LABEL_CREATED' FROM order_meta"
        " WHERE shop = :shop",
    )
    async with order.database.write() as session:
        for statement in fill:
            await session.execute(text(statement), {"shop": shop, "many": MANY})
    yield shop
    async with order.database.write() as session:
        await session.execute(text("DELETE FROM order_meta WHERE shop = :shop"), {"shop": shop})
        await session.execute(text("DELETE FROM entity_change WHERE entity_id LIKE 'ord_x00%'"))


@pytest.mark.parametrize(
    "wanted",
    [
        OrderFilter(text="person777@example.com"),
        OrderFilter(text="person 7"),
        OrderFilter(text="collar"),
        OrderFilter(text="x", customer_id="usr_7"),  # type: ignore[arg-type]
        OrderFilter(tracking_number="TRK1"),
        OrderFilter(numbers=["AP-500001", "#777"]),
    ],
    ids=str,
)
async def test_no_search_scans_a_table(order: Served, crowd: str, wanted: OrderFilter) -> None:
    statement = select(Order.id).where(*order_conditions(wanted)).order_by(Order.placed_at.desc(), Order.id.desc())
    async with order.database.write() as session:
        plan = await plan_without_scans(session, statement.limit(21))
    assert "Seq Scan" not in plan, plan
    # Nor does it go through all orders in the order of their list, looking at each.
    assert "order_meta_placed_at_id_idx" not in plan, plan


async def test_one_of_many_is_found_and_pages_go_on(order: Served, support: str, crowd: str) -> None:
    assert await found(order, support, text="person49999@example.com") == [f"ord_x{49999:025}"]
    query = """
    query ($after: String) {
      orders(filter: { text: "collar 7" }, first: 100, after: $after) {
        nodes { id } pageInfo { hasNextPage endCursor }
      }
    }"""
    seen: list[str] = []
    cursor: str | None = None
    while True:
        page: Any = (await order.execute(query, support, after=cursor)).data["orders"]
        seen += [node["id"] for node in page["nodes"]]
        cursor = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    async with order.database.read() as connection:
        like = text("SELECT count(*) FROM order_line WHERE title LIKE 'Collar 7%'")
        assert len(seen) == len(set(seen)) == await connection.scalar(like)

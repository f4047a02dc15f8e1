"""Products as the shop tells them by signed deliveries: made anew, emptied, unlisted, withdrawn, of another shop."""

import itertools
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from shared.core.ids import new_id
from tests.builder.support import config
from tests.support.apps import Served
from tests.webhook.public_door import Door

SHOWN = """
query ($id: ID!) { product(id: $id) { title description active } }
"""
CREATE = """
mutation ($config: DesignConfigInput!) {
  designCreate(input: { name: "Rex", config: $config }) {
    __typename ... on DesignCreateSuccess { design { id version } } ... on Problem { code message }
  }
}
"""
UPDATE = """
mutation ($id: ID!, $config: DesignConfigInput!) {
  designUpdate(input: { id: $id, version: 1, config: $config }) { __typename ... on Problem { code } }
}
"""


class Mirrored:
    """The product that stands for collars, as the shop tells of it."""

    def __init__(self, door: Door, builder: Served, key: str) -> None:
        self._door, self._builder, self.key = door, builder, key
        self.handle = new_id("handle")

    def told(self, number: int, minute: int, **changes: Any) -> Any:
        document = {"id": number, "title": f"Collar {number}", "body_html": "<p>Fine.</p>", "status": "active"}
        return document | {"handle": self.handle, "updated_at": f"2026-11-01T08:{minute:02}:00Z"} | changes

    async def report(self, topic: str, document: Any, **headers: str) -> None:
        await self._door.shopify(f"products/{topic}", document, **headers)

    async def forget(self) -> None:
        async with self._builder.database.read() as connection:
            await connection.exec_driver_sql("DELETE FROM product_report WHERE handle = $1", (self.handle,))

    async def shown(self) -> Any:
        answer = await self._builder.execute(SHOWN, id=self.key)
        return answer.data["product"]


@pytest_asyncio.fixture
async def mirrored(webhook: Served, builder: Served) -> AsyncIterator[Mirrored]:
    product = Mirrored(Door(webhook, builder), builder, new_id("prd"))
    async with builder.database.read() as connection:
        known = await connection.exec_driver_sql("SELECT to_jsonb(product)::text FROM product WHERE kind = 'COLLAR'")
        kept = known.scalars().all()
        await connection.exec_driver_sql("DELETE FROM product WHERE kind = 'COLLAR'")
        await connection.exec_driver_sql(
            "INSERT INTO product (id, kind, handle, title, description, active)"
            " VALUES ($1, 'COLLAR', $2, 'Collar', 'As it was.', true)",
            (product.key, product.handle),
        )
    yield product
    async with builder.database.read() as connection:
        await connection.exec_driver_sql("DELETE FROM product WHERE id = $1", (product.key,))
        for row in kept:
            await connection.exec_driver_sql(
                "INSERT INTO product SELECT * FROM jsonb_populate_record(NULL::product, $1::jsonb)", (row,)
            )


def numbers() -> tuple[int, int]:
    first = int(new_id("n")[-8:], 36) * 2 + 1
    return first, first + 1


async def test_a_product_that_is_made_anew_is_on_sale_in_any_order_of_arrival(mirrored: Mirrored) -> None:
    for places in itertools.permutations(range(3)):
        await mirrored.forget()
        first, second = numbers()
        reports = [
            ("create", mirrored.told(first, 0), "2026-11-01T08:00:00Z"),
            ("delete", {"id": first}, "2026-11-01T08:05:00Z"),
            ("create", mirrored.told(second, 10), "2026-11-01T08:10:00Z"),
        ]
        for place in places:
            topic, document, at = reports[place]
            await mirrored.report(topic, document, x_shopify_triggered_at=at)
        assert await mirrored.shown() == {"title": f"Collar {second}", "description": "Fine.", "active": True}


@pytest.mark.parametrize(
    ("markup", "description"),
    [
        ("", ""),
        (None, ""),
        ("<style>p { color: red }</style><p>Soft &amp; light</p>", "Soft & light"),
        ("<script>alert('<b>')</script>Soft<br>light<!-- <p>not yet</p> -->", "Soft light"),
        ("<STYLE type='text/css'>a>b{}</STYLE >Soft", "Soft"),
        ("<p>5 < 6 &lt;b&gt;</p>", "5 < 6 <b>"),
    ],
)
async def test_a_description_is_the_text_that_a_reader_sees(
    mirrored: Mirrored, markup: str | None, description: str
) -> None:
    number, _ = numbers()
    await mirrored.report("create", mirrored.told(number, 0))
    await mirrored.report("update", mirrored.told(number, 1, body_html=markup))
    assert (await mirrored.shown())["description"] == description


async def test_a_description_that_is_not_told_stays(mirrored: Mirrored) -> None:
    number, _ = numbers()
    document = mirrored.told(number, 0)
    del document["body_html"]
    await mirrored.report("create", document)
    assert (await mirrored.shown())["description"] == "As it was."


@pytest.mark.parametrize(
    ("status", "active"), [("active", True), ("unlisted", True), ("draft", False), ("archived", False)]
)
async def test_who_can_buy_a_product_decides_whether_it_is_on_sale(
    mirrored: Mirrored, status: str, active: bool
) -> None:
    number, _ = numbers()
    await mirrored.report("create", mirrored.told(number, 0, status=status))
    assert (await mirrored.shown())["active"] is active


async def test_the_report_that_was_sent_last_counts_where_two_have_the_same_second(mirrored: Mirrored) -> None:
    for first in range(2):
        number, _ = numbers()
        reports = [("2026-11-20T08:15:30.1Z", "Z was first"), ("2026-11-20T08:15:30.2Z", "A is newest")]
        for place in (first, 1 - first):
            sent_at, title = reports[place]
            document = mirrored.told(number, 20 + first, title=title)
            await mirrored.report("update", document, x_shopify_triggered_at=sent_at)
        assert (await mirrored.shown())["title"] == "A is newest"


async def test_another_shop_cannot_change_a_product(mirrored: Mirrored) -> None:
    number, other = numbers()
    await mirrored.report("create", mirrored.told(number, 0))
    before = await mirrored.shown()
    shop = {"x_shopify_shop_domain": "other.myshopify.com"}
    await mirrored.report("update", mirrored.told(number, 5, title="Stolen"), **shop)
    await mirrored.report("create", mirrored.told(other, 6, title="Stolen"), **shop)
    await mirrored.report("delete", {"id": number}, **shop)
    assert await mirrored.shown() == before


async def test_a_design_of_a_withdrawn_product_is_not_made(mirrored: Mirrored, builder: Served, customer: str) -> None:
    number, _ = numbers()
    made = (await builder.execute(CREATE, customer, config=config())).data["designCreate"]["design"]
    await mirrored.report("create", mirrored.told(number, 0, status="archived"))
    refused = (await builder.execute(CREATE, customer, config=config())).data["designCreate"]
    message = "The shop no longer sells this product; choose another one."
    assert refused == {"__typename": "IllegalStateProblem", "code": "ILLEGAL_STATE", "message": message}
    changed = await builder.execute(UPDATE, customer, id=made["id"], config=config())
    assert changed.data["designUpdate"] == {"__typename": "IllegalStateProblem", "code": "ILLEGAL_STATE"}
    await mirrored.report("update", mirrored.told(number, 5))
    assert (await builder.execute(UPDATE, customer, id=made["id"], config=config())).data["designUpdate"][
        "__typename"
    ] == "DesignUpdateSuccess"

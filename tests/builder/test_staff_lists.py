"""What staff find of the builder: designs of all customers, archived presets, and products that are not on sale."""

from typing import Any

import pytest
from sqlalchemy import text, update

from shared.core.ids import new_id
from subgraphs.builder import demo
from subgraphs.builder.models import Product
from tests.builder.support import Maker, run
from tests.builder.test_presets import call, make_preset
from tests.support.apps import Identities, Served

DESIGNS = """query ($filter: AllDesignsFilter, $sort: DesignSort! = NEWEST, $first: Int = 100, $after: String) {
  allDesigns(filter: $filter, sort: $sort, first: $first, after: $after) {
    totalCount nodes { id name owner { id } previewUrl } pageInfo { hasNextPage endCursor }
  }
}"""
ARCHIVED = """query ($first: Int = 100, $after: String) { archivedPresets(first: $first, after: $after) {
  totalCount nodes { id name position archivedAt } pageInfo { endCursor } } }"""
PRODUCTS = "query ($active: Boolean) { products(active: $active) { id title active } }"
MIRRORED = "{ products(active: null) { id externalId mirroredAt } }"


async def found(builder: Served, token: str, **wanted: Any) -> list[str]:
    page = (await builder.execute(DESIGNS, token, filter=wanted)).data["allDesigns"]
    assert page["totalCount"] == len(page["nodes"])
    return [node["name"] for node in page["nodes"]]


async def test_staff_find_designs_of_all_customers(builder: Served, people: Identities, support: str) -> None:
    first, second = new_id("usr"), new_id("usr")
    rex = await Maker(builder, people.token(first))(name="Zorro's Xylophone Collar")
    await Maker(builder, people.token(second))(name="Xylophones of Zara")
    gone = await Maker(builder, people.token(second))(name="Zorro, once")
    await run(builder, "designDelete", people.token(second), id=gone["id"], version=1)
    assert await found(builder, support, search="xylo") == ["Xylophones of Zara", "Zorro's Xylophone Collar"]
    assert await found(builder, support, search="ZORRO's xylo") == ["Zorro's Xylophone Collar"]
    assert await found(builder, support, search="ylophone") == []
    assert await found(builder, support, search="'&|!():*") == []
    assert await found(builder, support, search=rex["id"]) == ["Zorro's Xylophone Collar"]
    assert await found(builder, support, ownerId=second) == ["Xylophones of Zara"]
    assert await found(builder, support, ownerId=second, status="ARCHIVED") == ["Zorro, once"]
    assert await found(builder, support, ownerId=first, product="BED") == []
    refused = await builder.execute(DESIGNS, support, filter={"search": "x" * 201})
    assert refused.codes == ["INVALID_INPUT"]
    assert refused.body["errors"][0]["extensions"]["fields"][0]["path"] == "filter.search"


@pytest.mark.parametrize("sort", ["NEWEST", "OLDEST", "RECENTLY_UPDATED", "NAME"])
async def test_pages_of_all_designs_join_at_one_cost(
    builder: Served, people: Identities, support: str, sort: str
) -> None:
    for name in ("Ada", "Bea", "Cleo"):
        await Maker(builder, people.token(new_id("usr")))(name=name)
    whole = (await builder.execute(DESIGNS, support, sort=sort)).data["allDesigns"]["nodes"]
    joined, after, costs = list[Any](), None, set()
    while True:
        with builder.statements() as sent:
            page = (await builder.execute(DESIGNS, support, sort=sort, first=2, after=after)).data["allDesigns"]
        costs.add(len(sent))
        joined += page["nodes"]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"] or len(joined) >= len(whole):
            break
    assert joined == whole
    assert costs == {2}


async def test_only_staff_see_what_is_not_in_the_shop(builder: Served, customer: str, make: Maker) -> None:
    await make(name="Private")
    for token, code in ((None, "UNAUTHENTICATED"), (customer, "FORBIDDEN")):
        for query, name in ((DESIGNS, "allDesigns"), (ARCHIVED, "archivedPresets")):
            refused = await builder.execute(query, token)
            assert (refused.body["data"], refused.codes) == ({name: None}, [code])
        hidden = await builder.execute(MIRRORED, token)
        assert {(each["externalId"], each["mirroredAt"]) for each in hidden.body["data"]["products"]} == {(None, None)}
        assert set(hidden.codes) == {code}


async def test_archived_presets_are_listed_the_last_one_first(builder: Served, admin: str, support: str) -> None:
    made = [await make_preset(builder, admin, name=name, position=7) for name in ("Gone First", "Gone Last")]
    for preset in made:
        await call(builder, "presetArchive", admin, id=preset["id"], version=1)
    with builder.statements() as sent:
        page = (await builder.execute(ARCHIVED, support, first=2)).data["archivedPresets"]
    assert len(sent) == 2
    assert [(node["name"], node["position"]) for node in page["nodes"]] == [("Gone Last", 7), ("Gone First", 7)]
    assert page["nodes"][0]["archivedAt"] > page["nodes"][1]["archivedAt"]
    rest = (await builder.execute(ARCHIVED, support, after=page["pageInfo"]["endCursor"])).data["archivedPresets"]
    assert rest["totalCount"] == page["totalCount"] == len(rest["nodes"]) + 2


async def test_products_that_are_not_on_sale_are_listed_when_asked_for(builder: Served, support: str) -> None:
    key = demo.product_rows()[0]["id"]

    async def ids(**given: Any) -> list[str]:
        return [each["id"] for each in (await builder.execute(PRODUCTS, **given)).data["products"]]

    before = await ids()
    async with builder.database.write() as session:
        await session.execute(
            update(Product).where(Product.id == key).values(active=False, external_id="gid://shopify/Product/7")
        )
    try:
        assert await ids() == await ids(active=True) == [each for each in before if each != key]
        assert await ids(active=False) == [key]
        assert await ids(active=None) == before
        shown = {each["id"]: each for each in (await builder.execute(MIRRORED, support)).data["products"]}
        assert shown[key] == {"id": key, "externalId": "gid://shopify/Product/7", "mirroredAt": None}
    finally:
        async with builder.database.write() as session:
            await session.execute(update(Product).where(Product.id == key).values(active=True, external_id=None))


async def test_lists_of_staff_use_an_index(builder: Served) -> None:
    for statement, index in (
        ("SELECT id FROM saved_design ORDER BY created_at DESC, id DESC LIMIT 3", "saved_design_created_at_id_idx"),
        ("SELECT id FROM saved_design ORDER BY updated_at DESC, id DESC LIMIT 3", "saved_design_updated_at_id_idx"),
        ("SELECT id FROM saved_design ORDER BY name, id LIMIT 3", "saved_design_name_id_idx"),
        ("SELECT id FROM saved_design WHERE search_vector(name) @@ search_query('rex')", "saved_design_words"),
        (
            "SELECT id FROM builder_preset WHERE archived_at IS NOT NULL ORDER BY archived_at DESC, id DESC LIMIT 3",
            "builder_preset_archived",
        ),
    ):
        async with builder.database.write() as session:
            await session.execute(text("SET LOCAL enable_seqscan = off"))
            plan = (await session.execute(text("EXPLAIN " + statement))).scalars().all()
        assert index in "\n".join(plan)

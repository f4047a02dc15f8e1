"""Lists of designs and presets: order, pages, filters, and what they cost."""

import re
from typing import Any

import pytest

from shared.core.ids import new_id
from subgraphs.builder import demo
from subgraphs.builder.enums import PresetCategory
from tests.builder.support import Maker, config, run
from tests.support.apps import Identities, Served

PAGE = """query (
  $filter: DesignFilter, $sort: DesignSort! = NEWEST, $first: Int, $after: String, $last: Int, $before: String
) {
  designs(filter: $filter, sort: $sort, first: $first, after: $after, last: $last, before: $before) {
    totalCount nodes { name } edges { cursor }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}"""
DESIGNS_OF_USERS = """query ($r: [_Any!]!) { _entities(representations: $r) { ... on User {
  designs(first: 2) { totalCount nodes { name owner { id } product { title } preset { name } } }
} } }"""


def names(answer: Any) -> list[str]:
    return [node["name"] for node in answer.data["designs"]["nodes"]]


@pytest.mark.parametrize("sort", ["NEWEST", "OLDEST", "RECENTLY_UPDATED", "NAME"])
async def test_pages_join_to_the_whole_list_in_its_order(
    builder: Served, make: Maker, customer: str, sort: str
) -> None:
    made = [(await make(name=name))["id"] for name in ("Cleo", "Ada", "Bea", "Ada", "Dora")]
    await run(builder, "designUpdate", customer, id=made[1], version=1, name="Adam")
    expected = {
        "NEWEST": ["Dora", "Ada", "Bea", "Adam", "Cleo"],
        "OLDEST": ["Cleo", "Adam", "Bea", "Ada", "Dora"],
        "RECENTLY_UPDATED": ["Adam", "Dora", "Ada", "Bea", "Cleo"],
        "NAME": ["Ada", "Adam", "Bea", "Cleo", "Dora"],
    }[sort]
    assert names(await builder.execute(PAGE, customer, sort=sort)) == expected
    seen: list[str] = []
    after = None
    for more in (True, True, False):
        answer = await builder.execute(PAGE, customer, sort=sort, first=2, after=after)
        seen += names(answer)
        info = answer.data["designs"]["pageInfo"]
        assert (info["hasNextPage"], info["hasPreviousPage"]) == (more, after is not None)
        assert answer.data["designs"]["totalCount"] == 5
        after = info["endCursor"]
    assert seen == expected
    back = await builder.execute(PAGE, customer, sort=sort, last=2, before=after)
    assert names(back) == expected[2:4]


async def test_designs_are_filtered_by_status_product_and_text(builder: Served, make: Maker, customer: str) -> None:
    gone = await make(name="Old 100% collar")
    await run(builder, "designDelete", customer, id=gone["id"], version=1)
    await make(name="Blue 100% collar")
    bowl = {"product": "BOWL", "size": "SMALL", "material": "BAMBOO", "primaryColor": "TAN"}
    await make(name="Blue bowl", config=bowl)
    for wanted, found in (
        (None, ["Blue bowl", "Blue 100% collar"]),
        ({"status": "DRAFT"}, ["Blue bowl", "Blue 100% collar"]),
        ({"status": "ARCHIVED"}, ["Old 100% collar"]),
        ({"status": "ORDERED"}, []),
        ({"product": "BOWL"}, ["Blue bowl"]),
        ({"search": "BLUE"}, ["Blue bowl", "Blue 100% collar"]),
        ({"search": "100% c"}, ["Blue 100% collar"]),
        ({"search": "0% c"}, []),
        ({"search": "_"}, []),
        ({"search": "blue", "product": "COLLAR"}, ["Blue 100% collar"]),
    ):
        answer = await builder.execute(PAGE, customer, filter=wanted)
        assert names(answer) == found
        assert answer.data["designs"]["totalCount"] == len(found)


async def test_a_cursor_of_another_list_is_refused(builder: Served, make: Maker, customer: str) -> None:
    await make()
    cursor = (await builder.execute(PAGE, customer)).data["designs"]["edges"][0]["cursor"]
    assert (await builder.execute(PAGE, customer, sort="NAME", after=cursor)).codes == ["INVALID_INPUT"]


async def test_designs_of_users_cost_the_same_for_any_number(builder: Served, people: Identities, support: str) -> None:
    owners = [new_id("usr") for _ in range(3)]
    for number, owner in enumerate(owners):
        for _ in range(number + 1):
            await Maker(builder, people.token(owner))(name=f"Design of {number}")
    preset = demo.preset_rows()[0]["id"]
    await run(builder, "designCreateFromPreset", people.token(owners[0]), presetId=preset)
    shown = [["Harbour Stripe Collar", "Design of 0"], ["Design of 1"] * 2, ["Design of 2"] * 2]
    for count in (1, 10, 100):
        asked = [{"__typename": "User", "id": key} for key in (owners * count)[:count]]
        with builder.statements() as sent:
            answer = await builder.execute(DESIGNS_OF_USERS, support, r=asked)
        lists = [user["designs"] for user in answer.data["_entities"]]
        assert [[node["name"] for node in found["nodes"]] for found in lists] == (shown * count)[:count]
        assert [found["totalCount"] for found in lists] == ([2, 2, 3] * count)[:count]
        assert len(sent) == 4  # designs, counts, products, presets


@pytest.mark.parametrize("kind", ["Design", "Preset", "Product"])
async def test_references_cost_one_statement_for_any_number(
    builder: Served, make: Maker, support: str, kind: str
) -> None:
    ids = {
        "Design": [(await make())["id"] for _ in range(3)],
        "Preset": [row["id"] for row in demo.preset_rows()[:3]],
        "Product": [row["id"] for row in demo.product_rows()[:3]],
    }[kind]
    query = f"query ($r: [_Any!]!) {{ _entities(representations: $r) {{ ... on {kind} {{ id }} }} }}"
    for count in (1, 10, 100):
        keys = (ids * count)[:count]
        with builder.statements() as sent:
            answer = await builder.execute(query, support, r=[{"__typename": kind, "id": key} for key in keys])
        assert [entity["id"] for entity in answer.data["_entities"]] == keys
        assert len(sent) == 1


async def test_anybody_browses_presets(builder: Served) -> None:
    query = """query ($category: PresetCategory, $product: ProductKind, $first: Int, $after: String) {
      presets(category: $category, product: $product, first: $first, after: $after) {
        totalCount nodes { name price(currency: GBP) { amount } config { product } product { title } }
        pageInfo { hasNextPage endCursor }
      }
    }"""
    with builder.statements() as sent:
        everything = (await builder.execute(query, first=100)).data["presets"]
    assert len(sent) == 3
    assert everything["totalCount"] == len(demo.PRESETS) == len(everything["nodes"])
    assert everything["nodes"][0] == {
        "name": "Harbour Stripe Collar",
        "price": {"amount": "20.30"},
        "config": {"product": "COLLAR"},
        "product": {"title": "Custom Collar"},
    }
    elegant = (await builder.execute(query, category="ELEGANT", first=3)).data["presets"]
    wanted = [preset.name for preset in demo.PRESETS if preset.category is PresetCategory.ELEGANT]
    assert (elegant["totalCount"], elegant["pageInfo"]["hasNextPage"]) == (len(wanted), True)
    rest = (await builder.execute(query, category="ELEGANT", after=elegant["pageInfo"]["endCursor"])).data["presets"]
    assert [node["name"] for node in elegant["nodes"] + rest["nodes"]] == wanted
    assert (await builder.execute(query, category="OUTDOOR", product="BOWL")).data["presets"]["totalCount"] == 1


async def test_a_large_page_of_designs_costs_what_a_small_one_does(builder: Served, make: Maker, customer: str) -> None:
    for _ in range(12):
        await make(config=config(text=None))
    for first in (1, 10, 100):
        with builder.statements() as sent:
            answer = await builder.execute(
                PAGE.replace("nodes { name }", "nodes { name product { id } }"), customer, first=first
            )
        assert len(names(answer)) == min(first, 12)
        assert len(sent) == 3


@pytest.mark.parametrize("search", [None, "Rex"])
@pytest.mark.parametrize(
    ("asked", "reads"),
    [
        ("nodes { name }", False),
        ("nodes { name config { material } }", True),
        ("edges { node { made: config { material } } }", True),
        ("edges { node { ... on Design { ...Made } } }", True),
    ],
)
async def test_configurations_are_read_for_those_who_ask(
    builder: Served, make: Maker, customer: str, asked: str, reads: bool, search: str | None
) -> None:
    await make(name="Rex")
    query = f"query ($filter: DesignFilter) {{ designs(filter: $filter) {{ {asked} }} }}"
    query += " fragment Made on Design { config { material } }" if "...Made" in asked else ""
    given = {"filter": {"search": search}} if search else {}
    with builder.statements() as sent:
        answer = await builder.execute(query, customer, **given)
    is_read = re.search(r"saved_design\.config\b", sent[0]) is not None
    assert ("NYLON" in str(answer.data), is_read, len(sent)) == (reads, reads, 1)


EMPTY = """query ($r: [_Any!]!) { _entities(representations: $r) { ... on User { %s {
  totalCount nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } } }"""


@pytest.mark.parametrize("arguments", ["first: 0", "last: 0"])
async def test_an_empty_page_of_a_parent_counts_and_tells_that_there_is_more(
    builder: Served, make: Maker, customer: str, customer_id: str, arguments: str
) -> None:
    for count in (0, 1):
        if count:
            await make()
        key = {"__typename": "User", "id": customer_id}
        page = (await builder.execute(EMPTY % f"designs({arguments})", customer, r=[key])).data["_entities"][0]
        assert page["designs"] == {
            "totalCount": count,
            "nodes": [],
            "pageInfo": {
                "hasNextPage": count > 0 and "first" in arguments,
                "hasPreviousPage": count > 0 and "last" in arguments,
                "startCursor": None,
                "endCursor": None,
            },
        }


async def test_a_parent_has_a_previous_page_after_its_last_item(builder: Served, make: Maker, customer: str) -> None:
    design = await make()
    query = """query ($r: [_Any!]!, $after: String) { _entities(representations: $r) { ... on User {
      designs(after: $after) { edges { cursor } pageInfo { hasNextPage hasPreviousPage } } } } }"""
    key = {"__typename": "User", "id": design["owner"]["id"]}
    first = (await builder.execute(query, customer, r=[key])).data["_entities"][0]["designs"]
    assert first["pageInfo"] == {"hasNextPage": False, "hasPreviousPage": False}
    cursor = first["edges"][0]["cursor"]
    rest = (await builder.execute(query, customer, r=[key], after=cursor)).data["_entities"][0]["designs"]
    assert rest == {"edges": [], "pageInfo": {"hasNextPage": False, "hasPreviousPage": True}}

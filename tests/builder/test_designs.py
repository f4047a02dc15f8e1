"""The life of a design: made, copied, changed, archived."""

import asyncio
from decimal import Decimal

from shared.core.ids import is_id, new_id
from subgraphs.builder import demo
from tests.builder.support import DESIGN, Maker, config, events_of, run, stored, words
from tests.support.apps import Served


async def test_a_new_design_is_a_priced_draft_of_its_maker(builder: Served, customer: str, customer_id: str) -> None:
    result = await run(
        builder, "designCreate", customer, name="  Rex's collar ", config=config(text=words(content=" Rex "))
    )
    design = result["design"]
    assert is_id("des", design.pop("id"))
    assert result == {
        "__typename": "DesignCreateSuccess",
        "design": {
            "name": "Rex's collar",
            "status": "DRAFT",
            "version": 1,
            # 19.90 + size 2.00 + stripes 2.00 + brass 3.00 + embroidery 3.00 and 3 times 0.25
            "price": {"amount": "30.65", "currencyCode": "EUR"},
            "owner": {"id": customer_id},
            "preset": None,
            "product": {"title": "Custom Collar"},
            "config": config(),
        },
    }


async def test_a_design_is_priced_in_the_currency_asked_for(make: Maker) -> None:
    assert (await make(currency="GBP"))["price"] == {"amount": "26.16", "currencyCode": "GBP"}
    assert (await make(currency="USD"))["price"] == {"amount": "33.74", "currencyCode": "USD"}


async def test_a_new_design_is_told_of(builder: Served, make: Maker, customer_id: str) -> None:
    design = await make()
    reported = {"design_id": design["id"], "owner_id": customer_id, "product": "COLLAR"}
    assert await events_of(builder, design["id"]) == [("design.created", reported)]


async def test_a_design_of_a_preset_starts_as_the_preset(builder: Served, customer: str) -> None:
    preset = demo.preset_rows()[8]
    result = await run(builder, "designCreateFromPreset", customer, presetId=preset["id"])
    design = result["design"]
    assert (design["name"], design["preset"]) == ("Find Me Tag", {"name": "Find Me Tag"})
    assert design["config"]["text"]["content"] == "+44 20 7946 0123"
    # 9.90 + size 1.00 + steel 3.00 + engraving 2.00 and 16 times 0.10
    assert design["price"] == {"amount": "17.50", "currencyCode": "EUR"}
    named = await run(builder, "designCreateFromPreset", customer, presetId=preset["id"], name="Mine", currency="GBP")
    assert (named["design"]["name"], named["design"]["price"]["currencyCode"]) == ("Mine", "GBP")


async def test_an_unknown_preset_makes_nothing(builder: Served, customer: str) -> None:
    before = await stored(builder)
    for key in (new_id("pre"), new_id("des"), "x", ""):
        result = await run(builder, "designCreateFromPreset", customer, presetId=key, idempotencyKey="k")
        assert (result["__typename"], result["code"]) == ("NotFoundProblem", "NOT_FOUND")
    assert await stored(builder) == before


async def test_a_change_counts_and_reprices(builder: Served, make: Maker, customer: str, customer_id: str) -> None:
    design = await make()
    renamed = await run(builder, "designUpdate", customer, id=design["id"], version=1, name="Walks")
    assert renamed["design"] == design | {"name": "Walks", "version": 2}
    plain = config(text=None, pattern="SOLID", secondaryColor=None, hardware="NICKEL", size="SMALL")
    changed = await run(builder, "designUpdate", customer, id=design["id"], version=2, config=plain)
    price = {"amount": "19.90", "currencyCode": "EUR"}
    assert changed["design"] == design | {"name": "Walks", "version": 3, "config": plain, "price": price}
    reported = [data for kind, data in await events_of(builder, design["id"]) if kind == "design.updated"]
    about = {"design_id": design["id"], "owner_id": customer_id}
    # Its new name changes nothing that is made; its new configuration does.
    assert reported == [about | {"version": 2, "config_version": 1}, about | {"version": 3, "config_version": 3}]


async def test_a_change_may_make_it_another_product(builder: Served, make: Maker, customer: str) -> None:
    design = await make()
    bowl = {"product": "BOWL", "size": "LARGE", "material": "BAMBOO", "primaryColor": "TAN"}
    changed = await run(builder, "designUpdate", customer, id=design["id"], version=1, config=bowl)
    assert changed["design"]["product"] == {"title": "Custom Bowl"}
    listed = await builder.execute("{ designs(filter: { product: BOWL }) { nodes { id } } }", customer)
    assert listed.data == {"designs": {"nodes": [{"id": design["id"]}]}}


async def test_a_stale_version_is_a_conflict_and_changes_nothing(builder: Served, make: Maker, customer: str) -> None:
    design = await make()
    await run(builder, "designUpdate", customer, id=design["id"], version=1, name="Walks")
    before = await stored(builder)
    for name, given in (("designUpdate", {"name": "Late"}), ("designDelete", {})):
        for version in (1, 3, -1, 0, 2**31 - 1):
            result = await run(builder, name, customer, id=design["id"], version=version, **given)
            assert (result["__typename"], result["currentVersion"]) == ("ConflictProblem", 2)
    assert await stored(builder) == before


async def test_of_concurrent_changes_one_wins(builder: Served, make: Maker, customer: str) -> None:
    design = await make()
    changes = [run(builder, "designUpdate", customer, id=design["id"], version=1, name=f"N{n}") for n in range(8)]
    results = await asyncio.gather(*changes)
    won = [result["design"] for result in results if result["__typename"] == "DesignUpdateSuccess"]
    lost = [result for result in results if result["__typename"] == "ConflictProblem"]
    assert (len(won), [result["currentVersion"] for result in lost]) == (1, [2] * 7)
    read = await builder.execute(f"query ($id: ID!) {{ design(id: $id) {{ {DESIGN} }} }}", customer, id=design["id"])
    assert read.data["design"] == won[0]


async def test_a_change_of_nothing_is_refused(builder: Served, make: Maker, customer: str) -> None:
    design = await make()
    result = await run(builder, "designUpdate", customer, id=design["id"], version=1)
    assert result["fields"] == [{"path": "input.name", "code": "NOTHING_TO_CHANGE"}]


async def test_a_deleted_design_leaves_the_list_and_stays_readable(
    builder: Served, make: Maker, customer: str, customer_id: str
) -> None:
    kept, gone = await make(), await make()
    result = await run(builder, "designDelete", customer, id=gone["id"], version=1)
    assert result["design"] == gone | {"status": "ARCHIVED", "version": 2}
    reported = {"design_id": gone["id"], "owner_id": customer_id}
    assert (await events_of(builder, gone["id"]))[1:] == [("design.deleted", reported)]
    query = """query ($id: ID!) {
      designs { totalCount nodes { id } }
      archived: designs(filter: { status: ARCHIVED }) { totalCount nodes { id } }
      design(id: $id) { status }
    }"""
    assert (await builder.execute(query, customer, id=gone["id"])).data == {
        "designs": {"totalCount": 1, "nodes": [{"id": kept["id"]}]},
        "archived": {"totalCount": 1, "nodes": [{"id": gone["id"]}]},
        "design": {"status": "ARCHIVED"},
    }


async def test_an_archived_design_cannot_be_changed_again(builder: Served, make: Maker, customer: str) -> None:
    design = await make()
    await run(builder, "designDelete", customer, id=design["id"], version=1)
    before = await stored(builder)
    for name, given in (("designUpdate", {"name": "Back"}), ("designDelete", {})):
        result = await run(builder, name, customer, id=design["id"], version=2, **given)
        assert (result["__typename"], result["code"]) == ("IllegalStateProblem", "ILLEGAL_STATE")
    assert await stored(builder) == before


async def test_a_copy_is_a_new_draft(builder: Served, make: Maker, customer: str) -> None:
    design = await make()
    await run(builder, "designDelete", customer, id=design["id"], version=1)
    copy = (await run(builder, "designDuplicate", customer, id=design["id"]))["design"]
    assert copy["id"] != design["id"]
    assert copy == design | {"id": copy["id"]}
    named = (await run(builder, "designDuplicate", customer, id=design["id"], name="Rex II"))["design"]
    assert (named["name"], named["config"]) == ("Rex II", design["config"])


async def test_an_administrator_changes_anybodys_design(
    builder: Served, make: Maker, admin: str, customer_id: str
) -> None:
    design = await make()
    changed = await run(builder, "designUpdate", admin, id=design["id"], version=1, name="Tidy")
    assert (changed["design"]["name"], changed["design"]["owner"]) == ("Tidy", {"id": customer_id})


async def test_prices_are_exact_decimals(builder: Served, make: Maker, customer: str) -> None:
    design = await make()
    read = await builder.execute(f"query ($id: ID!) {{ design(id: $id) {{ {DESIGN} }} }}", customer, id=design["id"])
    assert read.data["design"] == design
    assert Decimal(design["price"]["amount"]) * 100 == 3065

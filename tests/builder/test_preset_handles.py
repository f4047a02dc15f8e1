"""Products and presets by their handles: unique, stable, and the same for whoever asks."""

from typing import Any

from sqlalchemy import update

from subgraphs.builder.models import BuilderPreset
from tests.builder.test_presets import call, make_preset
from tests.support.apps import Served

PRESET = "query ($handle: String!) { presetByHandle(handle: $handle) { id handle name archivedAt } }"
PRODUCT = "query ($handle: String!) { productByHandle(handle: $handle) { id handle kind title } }"


async def preset(builder: Served, handle: str) -> Any:
    return (await builder.execute(PRESET, handle=handle)).data["presetByHandle"]


async def handle(builder: Served, preset_id: str) -> str:
    query = "query ($id: ID!) { preset(id: $id) { handle } }"
    return str((await builder.execute(query, id=preset_id)).data["preset"]["handle"])


async def test_a_preset_is_found_by_a_handle_that_survives_its_name(builder: Served, admin: str) -> None:
    made = await make_preset(builder, admin, name="Zoë's Größte Handle")
    assert await handle(builder, made["id"]) == "zoe-s-grosste-handle"
    with builder.statements() as sent:
        found = await preset(builder, "zoe-s-grosste-handle")
    assert len(sent) == 1
    assert found["id"] == made["id"]
    await call(builder, "presetUpdate", admin, id=made["id"], version=1, name="Renamed")
    await call(builder, "presetArchive", admin, id=made["id"], version=2)
    renamed = await preset(builder, "zoe-s-grosste-handle")
    assert (renamed["id"], renamed["name"]) == (made["id"], "Renamed")
    assert renamed["archivedAt"] is not None
    assert await preset(builder, "renamed") is None


async def test_presets_of_the_same_name_have_handles_of_their_own(builder: Served, admin: str) -> None:
    made = [await make_preset(builder, admin, name=name) for name in ("Twin Handle", "Twin handle!", "犬")]
    handles = [await handle(builder, each["id"]) for each in made]
    assert handles == ["twin-handle", f"twin-handle-{made[1]['id'][-8:]}", made[2]["id"][-8:]]
    assert [(await preset(builder, each))["id"] for each in handles] == [each["id"] for each in made]


async def test_a_preset_without_a_handle_is_found_by_its_id(builder: Served, admin: str) -> None:
    made = await make_preset(builder, admin, name="Of An Earlier Version")
    async with builder.database.write() as session:
        await session.execute(update(BuilderPreset).where(BuilderPreset.id == made["id"]).values(handle=None))
    assert await handle(builder, made["id"]) == made["id"]
    assert (await preset(builder, made["id"]))["id"] == made["id"]
    assert await preset(builder, "of-an-earlier-version") is None


async def test_a_product_is_found_by_its_handle(builder: Served) -> None:
    shown = (await builder.execute("{ products { id handle } }")).data["products"]
    for product in shown:
        with builder.statements() as sent:
            found = (await builder.execute(PRODUCT, handle=product["handle"])).data["productByHandle"]
        assert len(sent) == 1
        assert found["id"] == product["id"]


async def test_what_cannot_be_a_handle_finds_nothing_and_asks_nobody(builder: Served) -> None:
    for given in ("", "a\nb", "x" * 256):
        with builder.statements() as sent:
            assert await preset(builder, given) is None
            assert (await builder.execute(PRODUCT, handle=given)).data == {"productByHandle": None}
        assert sent == []
    assert (await builder.execute(PRODUCT, handle="no-such-product")).data == {"productByHandle": None}

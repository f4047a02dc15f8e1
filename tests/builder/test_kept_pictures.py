"""Which pictures are kept: those of present configurations, so many of each customer, as long as the designs."""

import pytest
from sqlalchemy import text, update

from shared.core.ids import new_id
from subgraphs.builder.models import SavedDesign
from subgraphs.builder.service import previews
from subgraphs.builder.service.designs import erase_designs_of
from subgraphs.builder.service.previews import Previews
from tests.builder.support import Maker, config, run, words
from tests.builder.test_previews import get, kept
from tests.support.apps import Identities, Served


async def look(builder: Served, token: str, design_id: str) -> None:
    for size in (128, 256):
        assert (await get(builder, f"/designs/{design_id}/preview.png?size={size}", token)).status_code == 200


async def others_picture(builder: Served, people: Identities) -> None:
    design = await Maker(builder, people.token(new_id("usr")))(config=config(text=words(content="Kept")))
    await builder.runtime.resource(Previews).prepare(design["id"], None)


async def test_pictures_of_earlier_configurations_go_with_the_change(
    builder: Served, make: Maker, customer: str, people: Identities
) -> None:
    await others_picture(builder, people)
    before = await kept(builder)
    design = await make(config=config(text=words(content="Barnaby")))
    await look(builder, customer, design["id"])
    assert await kept(builder) == before + 2
    given = {"id": design["id"], "version": 1, "config": config(text=words(content="Barney"))}
    await run(builder, "designUpdate", customer, **given)
    assert await kept(builder) == before
    await look(builder, customer, design["id"])
    assert await kept(builder) == before + 2


async def test_pictures_of_earlier_configurations_go_with_their_designs(
    builder: Served, make: Maker, customer: str, customer_id: str, people: Identities
) -> None:
    await others_picture(builder, people)
    before = await kept(builder)
    design = await make(config=config(text=words(content="Otto")))
    for engraving in ("Otto", "Otto Q", "Ottilie"):
        # As where a picture is painted while the design changes.
        changed = config(text=words(content=engraving))
        made = await make(config=changed)
        async with builder.database.write() as session:
            stored = await session.get(SavedDesign, made["id"])
            assert stored is not None
            looks = update(SavedDesign).where(SavedDesign.id == design["id"]).values(config=stored.config)
            await session.execute(looks)
        await look(builder, customer, design["id"])
    assert await kept(builder) == before + 6
    async with builder.database.write() as session:
        await erase_designs_of(session, customer_id)
    assert await kept(builder) == before
    async with builder.database.read() as connection:
        left = text("SELECT count(*) FROM design_picture WHERE design_id = :id")
        assert await connection.scalar(left, {"id": design["id"]}) == 0


async def test_of_one_customer_so_many_pictures_are_kept_and_all_are_shown(
    builder: Served, make: Maker, customer: str, people: Identities, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(previews, "MOST_KEPT", 3)
    before = await kept(builder)
    for engraving in ("Ada", "Bella", "Coco"):
        design = await make(config=config(text=words(content=engraving)))
        await look(builder, customer, design["id"])
    assert await kept(builder) == before + 3
    await others_picture(builder, people)

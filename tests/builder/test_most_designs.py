"""How many designs one customer may have, in whatever way they are made, also at once."""

import asyncio
from collections import Counter

import pytest

from shared.core.ids import new_id
from subgraphs.builder import demo
from subgraphs.builder.service import designs
from tests.builder.support import Maker, config, run, stored
from tests.support.apps import Identities, Served


async def test_drafts_are_limited_for_each_customer_in_every_way(
    builder: Served, make: Maker, customer: str, people: Identities, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(designs, "MOST_DRAFTS", 4)
    first = await make(idempotencyKey="first")
    given = {"name": "Many", "config": config()}
    answers = await asyncio.gather(*[run(builder, "designCreate", customer, **given) for _ in range(6)])
    assert Counter(it["__typename"] for it in answers) == {"DesignCreateSuccess": 3, "IllegalStateProblem": 3}
    before = await stored(builder)
    for name, asked in (
        ("designCreate", given),
        ("designCreateFromPreset", {"presetId": demo.preset_rows()[0]["id"]}),
        ("designDuplicate", {"id": first["id"]}),
    ):
        assert (await run(builder, name, customer, **asked))["code"] == "ILLEGAL_STATE"
    assert await stored(builder) == before
    # A retry of what was made before gets it, others make theirs, and an archived draft makes room.
    assert (await make(idempotencyKey="first"))["id"] == first["id"]
    await Maker(builder, people.token(new_id("usr")))()
    await run(builder, "designDelete", customer, id=first["id"], version=1)
    assert (await make())["status"] == "DRAFT"


async def test_archived_designs_count_in_the_end(
    builder: Served, make: Maker, customer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(designs, "MOST_DESIGNS", 3)
    for _ in range(3):
        await run(builder, "designDelete", customer, id=(await make())["id"], version=1)
    before = await stored(builder)
    refused = await run(builder, "designCreate", customer, name="One more", config=config())
    assert refused["code"] == "ILLEGAL_STATE"
    assert await stored(builder) == before

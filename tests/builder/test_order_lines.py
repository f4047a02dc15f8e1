"""Pictures of what was ordered: for lines that the order subgraph has signed, at one cost for any number of them."""

from typing import Any

from shared.core.ids import id_of_version, new_id
from shared.security.signed_ids import SignedIds
from tests.builder.support import Maker, stored
from tests.builder.test_presets import make_preset
from tests.builder.test_previews import get, path_of
from tests.support.apps import Served

PICTURES = (
    """query ($of: [_Any!]!) { _entities(representations: $of) { ... on OrderLine { previewUrl(format: SVG) } } }"""
)


async def pictures(builder: Served, *pictured: str | None) -> list[Any]:
    of = [{"__typename": "OrderLine", "id": new_id("oln"), "pictured": each} for each in pictured]
    return [line["previewUrl"] for line in (await builder.execute(PICTURES, of=of)).data["_entities"]]


def path(url: str) -> str:
    return "/" + url.split("/", 3)[3]


async def test_anybody_who_sees_a_line_sees_its_picture(
    builder: Served, make: Maker, customer: str, admin: str
) -> None:
    signed = builder.runtime.resource(SignedIds).sign
    design, preset = await make(), await make_preset(builder, admin)
    version = id_of_version("prv", preset["id"], 1)
    of_design, of_preset = await pictures(builder, signed(design["id"]), signed(version))
    assert path(of_design) == await path_of(builder, customer, design["id"], "(format: SVG)")
    for url in (of_design, of_preset):
        shown = await get(builder, path(url))
        assert (shown.status_code, "immutable" in shown.headers["cache-control"]) == (200, True)


async def test_a_line_that_shows_nothing_or_is_not_signed_has_no_picture(
    builder: Served, make: Maker, customer: str
) -> None:
    design, other = await make(), await make()
    signed = builder.runtime.resource(SignedIds).sign
    before = await stored(builder)
    moved = signed(design["id"]).replace(design["id"], other["id"])
    unsigned = (None, "", design["id"], f"{design['id']}.", moved, f"{design['id']}.💥")
    gone = (signed(new_id("des")), signed(new_id("prv")), signed(new_id("usr")))
    assert await pictures(builder, *unsigned, *gone) == [None] * 9
    assert await stored(builder) == before


async def test_pictures_of_many_lines_cost_as_much_as_one(builder: Served, make: Maker) -> None:
    signed = builder.runtime.resource(SignedIds).sign
    keys = [signed((await make())["id"]) for _ in range(4)]
    costs = []
    for some in (keys[:1], keys):
        with builder.statements() as sent:
            assert all(await pictures(builder, *some))
        costs.append(len(sent))
    assert costs == [1, 1]

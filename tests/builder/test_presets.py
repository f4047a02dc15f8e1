"""Presets in the hands of admins, and how they are found; designs that are ordered are tidied."""

import itertools
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import select

from shared.core.ids import id_of_version, is_id, new_id
from shared.events.outbox import OUTBOX
from subgraphs.builder.jobs import JOBS
from subgraphs.builder.models import BuilderPreset, SavedDesign
from subgraphs.builder.service.designs import mark_ordered
from subgraphs.builder.service.job_types import DESIGN_OPTIMIZE
from tests.builder.support import Maker, config, events_of, patch, run, stored
from tests.support.apps import Served

PRESET = "preset { id name category version archivedAt price { amount } config { product } }"


async def call(served: Served, name: str, token: str | None, /, **given: Any) -> Any:
    kind = name[0].upper() + name[1:]
    problems = "... on Problem { code } ... on ConflictProblem { currentVersion }"
    if name == "presetCreate":
        problems = "... on InvalidInputProblem { code fields { path code } }"
    elif name == "presetUpdate":
        problems += " ... on InvalidInputProblem { fields { path code } }"
    query = f"""mutation ($input: {kind}Input!) {{ result: {name}(input: $input) {{
      __typename ... on {kind}Success {{ {PRESET} }} {problems} }} }}"""
    return await served.execute(query, token, input=given)


async def make_preset(served: Served, admin: str, **given: Any) -> Any:
    given = {"name": "Comet Collar", "category": "PLAYFUL", "config": config(), **given}
    return (await call(served, "presetCreate", admin, **given)).data["result"]["preset"]


async def everything(served: Served) -> list[Any]:
    async with served.database.read() as connection:
        rows = (await connection.execute(select(BuilderPreset.__table__).order_by(BuilderPreset.id))).all()
    return [*await stored(served), rows]


async def listed(served: Served, arguments: str) -> list[str]:
    answer = await served.execute(f"{{ presets(first: 100, {arguments}) {{ totalCount nodes {{ name }} }} }}")
    page = answer.data["presets"]
    assert page["totalCount"] == len(page["nodes"])
    return [node["name"] for node in page["nodes"]]


VERSION = """query ($of: [_Any!]!) { _entities(representations: $of) { ... on PresetVersion {
  id version name config { text { content } } previewUrl(format: SVG) preset { id version name }
} } }"""


async def test_each_version_of_a_preset_is_kept_as_it_was(builder: Served, admin: str) -> None:
    made = await make_preset(builder, admin, name="Nova")
    changes = {"name": "Nebula", "config": config(text=None)}
    await call(builder, "presetUpdate", admin, id=made["id"], version=1, **changes)
    await call(builder, "presetArchive", admin, id=made["id"], version=2)
    stale = await call(builder, "presetUpdate", admin, id=made["id"], version=1, name="Late")
    assert stale.data["result"]["__typename"] == "ConflictProblem"
    keys = [id_of_version("prv", made["id"], version) for version in (1, 2, 3, 4)]
    named = [{"__typename": "PresetVersion", "id": key} for key in keys]
    first, second, third, none = (await builder.execute(VERSION, None, of=named)).data["_entities"]
    assert none is None
    assert [each["name"] for each in (first, second, third)] == ["Nova", "Nebula", "Nebula"]
    assert [each["version"] for each in (first, second, third)] == [1, 2, 3]
    assert first["config"]["text"] is not None
    assert second["config"] == third["config"] == {"text": None}
    assert first["preset"] == {"id": made["id"], "version": 3, "name": "Nebula"}
    pictures = [(await builder.client.get(urlsplit(each["previewUrl"]).path)).text for each in (first, second, third)]
    assert pictures[0] != pictures[1] == pictures[2]


async def test_versions_of_presets_cost_the_same_for_many(builder: Served, admin: str) -> None:
    keys = [id_of_version("prv", (await make_preset(builder, admin, name="Nova"))["id"], 1) for _ in range(3)]
    counts = []
    for some in (keys[:1], keys):
        named = [{"__typename": "PresetVersion", "id": key} for key in some]
        with builder.statements() as sent:
            await builder.execute(VERSION, None, of=named)
        counts.append(len(sent))
    assert counts[0] == counts[1]


async def test_an_admin_makes_changes_and_archives_a_preset(builder: Served, admin: str, customer: str) -> None:
    made = await make_preset(builder, admin, name=" Zodiac Collar ")
    assert is_id("pre", made["id"])
    assert made == {
        "id": made["id"],
        "name": "Zodiac Collar",
        "category": "PLAYFUL",
        "version": 1,
        "archivedAt": None,
        "price": {"amount": "30.65"},
        "config": {"product": "COLLAR"},
    }
    assert (await listed(builder, 'search: "zodiac col"')) == ["Zodiac Collar"]
    changes = {"name": "Meteor Collar", "category": "OUTDOOR", "config": config(text=None)}
    changed = (await call(builder, "presetUpdate", admin, id=made["id"], version=1, **changes)).data["result"]["preset"]
    assert changed == made | {
        "name": "Meteor Collar",
        "category": "OUTDOOR",
        "version": 2,
        "price": {"amount": "26.90"},
    }
    design = (await run(builder, "designCreateFromPreset", customer, presetId=made["id"]))["design"]
    archived = (await call(builder, "presetArchive", admin, id=made["id"], version=2)).data["result"]["preset"]
    assert (archived["version"], archived["archivedAt"] is None) == (3, False)
    assert await listed(builder, 'search: "meteor"') == []
    refused = await run(builder, "designCreateFromPreset", customer, presetId=made["id"])
    assert refused["__typename"] == "IllegalStateProblem"
    read = "query ($id: ID!) { design(id: $id) { preset { name } } }"
    assert (await builder.execute(read, customer, id=design["id"])).data["design"]["preset"] == {
        "name": "Meteor Collar"
    }
    assert [kind for kind, _ in await events_of(builder, made["id"])] == [
        *("preset.created", "preset.updated", "preset.archived")
    ]


async def test_what_staff_do_is_told_with_their_name(builder: Served, admin: str) -> None:
    made = await make_preset(builder, admin)
    async with builder.database.read() as connection:
        actor = await connection.scalar(select(OUTBOX.c.actor).where(OUTBOX.c.subject == made["id"]))
    assert is_id("usr", actor)


async def test_others_may_not_change_presets(builder: Served, admin: str, customer: str, support: str) -> None:
    made = await make_preset(builder, admin)
    before = await everything(builder)
    calls: dict[str, dict[str, Any]] = {
        "presetCreate": {"name": "x", "category": "PLAYFUL", "config": config()},
        "presetUpdate": {"id": made["id"], "version": 1, "name": "x"},
        "presetArchive": {"id": made["id"], "version": 1},
    }
    for name, given in calls.items():
        for token, code in ((customer, "FORBIDDEN"), (support, "FORBIDDEN"), (None, "UNAUTHENTICATED")):
            assert (await call(builder, name, token, **given)).codes == [code]
    assert await everything(builder) == before


async def test_wrong_presets_are_refused_and_nothing_is_changed(builder: Served, admin: str) -> None:
    made = await make_preset(builder, admin)
    gone = await make_preset(builder, admin)
    await call(builder, "presetArchive", admin, id=gone["id"], version=1)
    before = await everything(builder)
    wrong = {"name": "", "category": "PLAYFUL", "config": config(hardware=None), "position": -1}
    fields = (await call(builder, "presetCreate", admin, **wrong)).data["result"]["fields"]
    assert [(field["path"], field["code"]) for field in fields] == [
        ("input.name", "TOO_SHORT"),
        ("input.config.hardware", "HARDWARE_REQUIRED"),
        ("input.position", "OUT_OF_RANGE"),
    ]
    for given, kind in (
        ({"id": made["id"], "version": 1}, "InvalidInputProblem"),
        ({"id": made["id"], "version": 2, "name": "x"}, "ConflictProblem"),
        ({"id": new_id("pre"), "version": 1, "name": "x"}, "NotFoundProblem"),
        ({"id": gone["id"], "version": 2, "name": "x"}, "IllegalStateProblem"),
    ):
        assert (await call(builder, "presetUpdate", admin, **given)).data["result"]["__typename"] == kind
    for version, kind in ((1, "ConflictProblem"), (2, "IllegalStateProblem")):
        result = (await call(builder, "presetArchive", admin, id=gone["id"], version=version)).data["result"]
        assert result["__typename"] == kind
    assert await everything(builder) == before


async def test_a_retried_preset_is_made_once(builder: Served, admin: str) -> None:
    one, two = [await make_preset(builder, admin, idempotencyKey="preset") for _ in range(2)]
    assert one == two


async def test_presets_are_searched_and_sorted(builder: Served) -> None:
    everything_sorted = await listed(builder, "sort: NAME")
    async with builder.database.read() as connection:
        by_name = select(BuilderPreset.name).where(BuilderPreset.archived_at.is_(None)).order_by(BuilderPreset.name)
        assert everything_sorted == list(await connection.scalars(by_name))
    assert await listed(builder, 'search: "paw P", sort: NAME') == ["Paw Parade Bed", "Paw Print Bowl"]
    assert await listed(builder, 'search: "%"') == []
    assert await listed(builder, 'search: "bowl", product: BOWL, category: SEASONAL') == ["Pumpkin Bowl"]
    one = (await builder.execute("{ presets(first: 1, sort: NAME) { pageInfo { endCursor } } }")).data["presets"]
    other = f'{{ presets(after: "{one["pageInfo"]["endCursor"]}") {{ totalCount }} }}'
    assert (await builder.execute(other)).codes == ["INVALID_INPUT"]
    assert (await builder.execute('{ presets(search: "a\\u0001") { totalCount } }')).codes == ["INVALID_INPUT"]


async def test_an_ordered_design_is_tidied_once(builder: Served, make: Maker, customer: str) -> None:
    layers = [patch(motif="HEART", hidden=True), patch(rotation=-90), patch(x=125, size=10, motif="BONE")]
    design = await make(config=config(layers=layers))
    assert design["config"]["layers"] == layers
    # 30.65 and one motif that can be seen
    assert design["price"]["amount"] == "32.15"
    await JOBS[DESIGN_OPTIMIZE](builder.runtime, {"design_id": design["id"]})
    query = (
        "query ($id: ID!) { design(id: $id) { version status price { amount } config { layers { motif rotation } } } }"
    )
    assert (await builder.execute(query, customer, id=design["id"])).data["design"]["version"] == 1
    async with builder.database.write() as session:
        await mark_ordered(session, new_id("ord"), design["owner"]["id"], {design["id"]: None})
    picture = await builder.client.get(
        f"/designs/{design['id']}/preview.svg", headers={"authorization": f"Bearer {customer}"}
    )
    for _ in range(3):
        await JOBS[DESIGN_OPTIMIZE](builder.runtime, {"design_id": design["id"]})
    assert (await builder.execute(query, customer, id=design["id"])).data["design"] == {
        "version": 3,
        "status": "ORDERED",
        "price": {"amount": "32.15"},
        "config": {"layers": [{"motif": "PAW", "rotation": 270}]},
    }
    assert [data.get("version") for _, data in await events_of(builder, design["id"])] == [None, None, 2, 3]
    headers = {"authorization": f"Bearer {customer}", "if-none-match": picture.headers["etag"]}
    assert (await builder.client.get(f"/designs/{design['id']}/preview.svg", headers=headers)).status_code == 304


async def test_designs_of_the_time_before_layers_have_none(builder: Served, make: Maker, customer: str) -> None:
    design = await make()
    async with builder.database.write() as session:
        row = await session.get(SavedDesign, design["id"])
        assert row is not None
        row.config = row.config.copy()
        del row.config["layers"]
    read = "query ($id: ID!) { design(id: $id) { config { layers { motif } } } }"
    assert (await builder.execute(read, customer, id=design["id"])).data["design"]["config"]["layers"] == []


async def test_wrong_layers_are_named_one_by_one(builder: Served, make: Maker, customer: str) -> None:
    before = await everything(builder)
    layers = [patch(), patch(motif="CROWN", color="TEAL"), patch(x=126, y=-26, size=9, rotation=361)]
    result = await run(builder, "designCreate", customer, name="x", config=config(layers=layers))
    assert [(field["path"].removeprefix("input.config.layers."), field["code"]) for field in result["fields"]] == [
        ("1.motif", "MOTIF_NOT_OFFERED"),
        ("1.color", "LAYER_COLOR_NOT_OFFERED"),
        ("2.x", "OUT_OF_RANGE"),
        ("2.y", "OUT_OF_RANGE"),
        ("2.size", "OUT_OF_RANGE"),
        ("2.rotation", "OUT_OF_RANGE"),
    ]
    many = await run(builder, "designCreate", customer, name="x", config=config(layers=[patch()] * 5))
    assert many["fields"] == [{"path": "input.config.layers", "code": "TOO_MANY_LAYERS"}]
    leash = config(product="LEASH", hardware="BLACK", primaryColor="BLACK", text=None, layers=[patch()])
    refused = await run(builder, "designCreate", customer, name="x", config=leash)
    assert refused["fields"] == [{"path": "input.config.layers", "code": "TOO_MANY_LAYERS"}]
    assert await everything(builder) == before


async def test_the_form_finds_the_size_of_a_pet(builder: Served) -> None:
    query = """query ($product: ProductKind!, $measure: Int!) { productOptions(product: $product) {
      sizeFor(measure: $measure) sizes { size fit { measure least below } }
      layers { most motifs aspect colors { color } limits { field least most } } } }"""
    for product, measure, size in (
        *(("COLLAR", 26, "EXTRA_SMALL"), ("COLLAR", 27, "SMALL"), ("COLLAR", 71, "EXTRA_LARGE"), ("COLLAR", 72, None)),
        *(("HARNESS", 29, None), ("TAG", 5, "SMALL"), ("BED", 70, "LARGE"), ("BOWL", -1, None)),
    ):
        options = (await builder.execute(query, product=product, measure=measure)).data["productOptions"]
        assert options["sizeFor"] == size
    assert options["layers"]["most"] == 5
    assert {"field": "rotation", "least": -360, "most": 360} in options["layers"]["limits"]
    fits = [size["fit"] for size in options["sizes"]]
    assert all(one["below"] == two["least"] for one, two in itertools.pairwise(fits))

"""Who may see and change a design: on every path, and nothing tells whether it exists."""

from typing import Any

from shared.core.ids import new_id
from tests.builder.support import Maker, attempt, config, run, stored
from tests.support.apps import Served

READ = "query ($id: ID!) { design(id: $id) { id name owner { id } } }"
ENTITIES = """query ($r: [_Any!]!) { _entities(representations: $r) {
  ... on Design { name owner { id } } ... on User { id designs { totalCount nodes { name } } }
  ... on Preset { name } ... on Product { title }
} }"""


async def test_only_owner_and_staff_read_a_design(
    builder: Served, make: Maker, customer: str, customer_id: str, stranger: str, support: str
) -> None:
    design = await make()
    shown = {"design": {"id": design["id"], "name": "Rex's collar", "owner": {"id": customer_id}}}
    for reader in (customer, support):
        assert (await builder.execute(READ, reader, id=design["id"])).data == shown
    for token in (stranger, None):
        for key in (design["id"], new_id("des")):
            assert (await builder.execute(READ, token, id=key)).data == {"design": None}


async def test_references_to_a_design_are_null_for_strangers(
    builder: Served, make: Maker, customer: str, customer_id: str, stranger: str, support: str
) -> None:
    design = await make()
    asked = [{"__typename": "Design", "id": key} for key in (design["id"], new_id("des"))]
    shown = {"name": "Rex's collar", "owner": {"id": customer_id}}
    for reader in (customer, support):
        assert (await builder.execute(ENTITIES, reader, r=asked)).data == {"_entities": [shown, None]}
    for token in (stranger, None):
        assert (await builder.execute(ENTITIES, token, r=asked)).data == {"_entities": [None, None]}


async def test_a_users_designs_are_open_to_the_user_and_staff(
    builder: Served, make: Maker, customer: str, customer_id: str, stranger: str, support: str
) -> None:
    await make()
    asked = [{"__typename": "User", "id": customer_id}]
    shown = {"id": customer_id, "designs": {"totalCount": 1, "nodes": [{"name": "Rex's collar"}]}}
    for reader in (customer, support):
        assert (await builder.execute(ENTITIES, reader, r=asked)).data == {"_entities": [shown]}
    for other, code in ((stranger, "FORBIDDEN"), (None, "UNAUTHENTICATED")):
        answer = await builder.execute(ENTITIES, other, r=asked)
        assert answer.body["data"] == {"_entities": [{"id": customer_id, "designs": None}]}
        assert answer.codes == [code]


async def test_strangers_change_nothing_and_learn_nothing(builder: Served, make: Maker, stranger: str) -> None:
    design = await make()
    before = await stored(builder)
    unknown = await run(builder, "designDelete", stranger, id=new_id("des"), version=1)
    assert unknown["__typename"] == "NotFoundProblem"
    for key in (design["id"], new_id("des"), new_id("usr"), "des_", "", "des_\u00e4", "x" * 5000):
        for version in (1, 7):
            assert await run(builder, "designUpdate", stranger, id=key, version=version, name="Mine") == unknown
            assert await run(builder, "designDelete", stranger, id=key, version=version) == unknown
        assert await run(builder, "designDuplicate", stranger, id=key, idempotencyKey="k") == unknown
    assert await stored(builder) == before


async def test_staff_who_may_only_read_change_nothing(builder: Served, make: Maker, support: str) -> None:
    design = await make()
    before = await stored(builder)
    for name, given in (("designUpdate", {"name": "Ours"}), ("designDelete", {})):
        answer = await attempt(builder, name, support, id=design["id"], version=1, **given)
        assert (answer.body["data"], answer.codes) == (None, ["FORBIDDEN"])
    assert await stored(builder) == before


async def test_staff_make_no_copy_that_they_could_share(
    builder: Served, make: Maker, support: str, admin: str, customer: str
) -> None:
    design = await make()
    before = await stored(builder)
    for token in (support, admin):
        refused = await run(builder, "designDuplicate", token, id=design["id"], idempotencyKey="mine")
        assert (refused["__typename"], refused["code"]) == ("NotFoundProblem", "NOT_FOUND")
    assert await stored(builder) == before
    assert (await run(builder, "designDuplicate", customer, id=design["id"]))["__typename"] == "DesignDuplicateSuccess"


async def test_anonymous_callers_change_nothing(builder: Served, make: Maker) -> None:
    design = await make()
    before = await stored(builder)
    calls: dict[str, dict[str, Any]] = {
        "designCreate": {"name": "Mine", "config": config()},
        "designCreateFromPreset": {"presetId": new_id("pre")},
        "designUpdate": {"id": design["id"], "version": 1, "name": "Mine"},
        "designDelete": {"id": design["id"], "version": 1},
        "designDuplicate": {"id": design["id"]},
    }
    for name, given in calls.items():
        assert (await attempt(builder, name, None, **given)).codes == ["UNAUTHENTICATED"]
    assert (await builder.execute("{ designs { totalCount } }")).codes == ["UNAUTHENTICATED"]
    assert await stored(builder) == before


async def test_malformed_references_are_null_or_refused(builder: Served, support: str) -> None:
    odd: list[Any] = ["", "x", "usr_", new_id("ord"), new_id("des").upper(), "des_" + "z" * 26]
    no_keys: list[Any] = [7, None, ["a"], {"a": 1}]
    for kind in ("Design", "Preset", "Product", "User"):
        asked = [{"__typename": kind, "id": key} for key in [*no_keys, *odd]]
        answer = await builder.execute(ENTITIES, support, r=asked)
        assert answer.body["data"] == {"_entities": [None] * len(asked)}
        assert [error["path"] for error in answer.body["errors"]] == [["_entities", place] for place in range(4)]
        assert answer.codes == ["INVALID_INPUT"] * 4
    for wrong in ([{"id": "x"}], [{"__typename": "Query", "id": "x"}], [{"__typename": "Nothing", "id": "x"}]):
        assert (await builder.execute(ENTITIES, support, r=wrong)).codes == ["INVALID_INPUT"]

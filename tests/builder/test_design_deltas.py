"""What changed of designs since an app looked last."""

from typing import Any

from sqlalchemy import text

from shared.live.entity_changes import present
from subgraphs.builder.service.designs import erase_designs_of
from tests.builder.support import Maker, run
from tests.support.apps import Served
from tests.support.waiting import eventually

CHANGES = """
query ($of: [_Any!]!, $since: String) {
  _entities(representations: $of) {
    ... on User { designChanges(since: $since) { reset removedIds cursor hasMore nodes { id name } } }
  }
}"""


async def changes(builder: Served, token: str, user_id: str, since: str | None = None) -> Any:
    async with builder.database.read() as connection:
        newest = await connection.scalar(text("SELECT coalesce(max(xid), 0) FROM entity_change"))

    async def is_later() -> bool:
        return bool((await present(builder.database)).xid > newest)

    await eventually(is_later)
    of = [{"__typename": "User", "id": user_id}]
    return (await builder.execute(CHANGES, token, of=of, since=since)).data["_entities"][0]["designChanges"]


async def test_an_app_learns_of_new_changed_and_deleted_designs(
    builder: Served, make: Maker, customer: str, customer_id: str
) -> None:
    kept, changed, deleted = [await make() for _ in range(3)]
    delta = await changes(builder, customer, customer_id)
    assert (delta["reset"], delta["hasMore"]) == (True, False)
    assert {node["id"] for node in delta["nodes"]} == {kept["id"], changed["id"], deleted["id"]}
    await run(builder, "designUpdate", customer, id=changed["id"], version=1, name="Other")
    await run(builder, "designDelete", customer, id=deleted["id"], version=1)
    new = await make()
    since = delta["cursor"]
    delta = await changes(builder, customer, customer_id, since)
    assert (delta["reset"], delta["removedIds"], delta["hasMore"]) == (False, [deleted["id"]], False)
    assert {node["id"]: node["name"] for node in delta["nodes"]} == {changed["id"]: "Other", new["id"]: new["name"]}
    assert (await changes(builder, customer, customer_id, delta["cursor"]))["nodes"] == []


async def test_only_the_owner_loads_them(builder: Served, customer_id: str, stranger: str, admin: str) -> None:
    of = [{"__typename": "User", "id": customer_id}]
    for token, code in ((stranger, "FORBIDDEN"), (admin, "FORBIDDEN"), (None, "UNAUTHENTICATED")):
        assert (await builder.execute(CHANGES, token, of=of)).codes == [code]


async def test_the_log_forgets_erased_owners(builder: Served, make: Maker, customer_id: str) -> None:
    await make()
    async with builder.database.write() as session:
        await erase_designs_of(session, customer_id)
    async with builder.database.read() as connection:
        named = text("SELECT count(*) FROM entity_change WHERE owner_id = :id")
        assert await connection.scalar(named, {"id": customer_id}) == 0

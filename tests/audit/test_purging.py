"""A change to something that cached answers show purges them, and the purge is on record."""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import delete, select

from shared.core.ids import new_id
from shared.events.event import Event
from subgraphs.audit.models import CacheInvalidation
from subgraphs.audit.service.cache_purge import VERSIONS, CachePurger
from subgraphs.builder.events import DesignUpdated, PresetArchived, PresetUpdated, ProductUpdated
from tests.audit.test_handlers import enveloped, receive
from tests.support.apps import Served
from tests.support.waiting import eventually, soon

LIST = """
query ($id: ID, $first: Int, $after: String) {
  cacheInvalidations(entityId: $id, first: $first, after: $after) {
    totalCount nodes { entity { type subjectId } eventId heardAt purgedAt } pageInfo { hasNextPage endCursor }
  }
}
"""


@pytest_asyncio.fixture(autouse=True)
async def purging(audit: Served) -> AsyncIterator[None]:
    await audit.runtime.redis.delete(VERSIONS)
    async with audit.database.write() as session:
        await session.execute(delete(CacheInvalidation))
    async with CachePurger.open(audit.runtime):
        yield


async def publish(audit: Served, event: Event) -> str:
    envelope = enveloped(event)
    await receive(audit, event, envelope)
    return envelope.id


async def versions(audit: Served) -> dict[Any, Any]:
    found: dict[Any, Any] = await audit.runtime.redis.hgetall(VERSIONS)
    return found


async def all_done(audit: Served) -> bool:
    async with audit.database.read() as connection:
        waiting = select(CacheInvalidation.id).where(CacheInvalidation.purged_at.is_(None))
        return (await connection.execute(waiting)).first() is None


async def test_a_change_gives_its_type_a_new_version_within_a_second_and_is_on_record(
    audit: Served, support: str
) -> None:
    preset_id = new_id("pre")
    event_id = await publish(audit, PresetUpdated(preset_id=preset_id, version=2))
    began = dt.datetime.now(dt.UTC)
    await eventually(lambda: all_done(audit))
    assert set(await versions(audit)) == {b"Preset"}
    answer = (await audit.execute(LIST, support, id=preset_id)).data["cacheInvalidations"]
    [node] = answer["nodes"]
    assert (node["entity"], node["eventId"]) == ({"type": "Preset", "subjectId": preset_id}, event_id)
    assert dt.datetime.fromisoformat(node["purgedAt"]) - began < dt.timedelta(seconds=1)


async def test_each_change_makes_a_version_that_was_never_there(audit: Served) -> None:
    seen = set()
    for number in range(3):
        await publish(audit, PresetUpdated(preset_id=new_id("pre"), version=number + 2))
        await eventually(lambda: all_done(audit))
        seen.add((await versions(audit))[b"Preset"])
    assert len(seen) == 3


async def test_only_types_that_changed_are_purged(audit: Served) -> None:
    await publish(audit, ProductUpdated(product_id=new_id("prd")))
    await eventually(lambda: all_done(audit))
    assert set(await versions(audit)) == {b"Product"}


async def test_what_cached_answers_never_show_purges_nothing(audit: Served) -> None:
    await publish(audit, DesignUpdated(design_id=new_id("des"), owner_id=new_id("usr"), version=2))
    async with audit.database.read() as connection:
        assert (await connection.execute(select(CacheInvalidation.id))).all() == []


async def test_an_event_heard_twice_purges_once(audit: Served) -> None:
    event = PresetArchived(preset_id=new_id("pre"), version=2)
    envelope = enveloped(event)
    await receive(audit, event, envelope)
    await receive(audit, event, envelope)
    async with audit.database.read() as connection:
        assert len((await connection.execute(select(CacheInvalidation.id))).all()) == 1


async def test_a_purge_survives_a_broker_that_is_away(audit: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    refused = asyncio.Event()

    async def refuse(*_: Any, **__: Any) -> None:
        refused.set()
        raise ConnectionError

    monkeypatch.setattr(audit.runtime.redis, "hset", refuse)
    await publish(audit, PresetUpdated(preset_id=new_id("pre"), version=2))
    await soon(refused.wait())
    assert not await all_done(audit)
    monkeypatch.undo()
    await eventually(lambda: all_done(audit))
    assert set(await versions(audit)) == {b"Preset"}


async def test_purges_are_paged_newest_first_for_staff_alone(audit: Served, support: str, customer: str) -> None:
    reported = [await publish(audit, PresetUpdated(preset_id=new_id("pre"), version=2)) for _ in range(3)]
    page = (await audit.execute(LIST, support, first=2)).data["cacheInvalidations"]
    assert page["totalCount"] == 3
    assert [node["eventId"] for node in page["nodes"]] == [reported[2], reported[1]]
    rest = (await audit.execute(LIST, support, first=2, after=page["pageInfo"]["endCursor"])).data
    assert [node["eventId"] for node in rest["cacheInvalidations"]["nodes"]] == [reported[0]]
    for token, code in ((None, "UNAUTHENTICATED"), (customer, "FORBIDDEN")):
        refused = await audit.execute(LIST, token)
        assert (refused.codes, refused.body["data"]) == ([code], {"cacheInvalidations": None})

"""Retries with an idempotency key: the first result again, and one change only."""

import asyncio
import datetime as dt
from typing import Any

import pytest
from sqlalchemy import func, select, text

from shared.core.ids import new_id
from shared.database import idempotency
from shared.jobs import runner
from subgraphs.builder import demo
from subgraphs.builder.models import SavedDesign
from tests.builder.support import Maker, config, events_of, run, stored
from tests.support.apps import Identities, Served

HOUR = dt.timedelta(hours=1)


async def count(served: Served, owner_id: str) -> int:
    async with served.database.read() as connection:
        statement = select(func.count()).where(SavedDesign.owner_id == owner_id)
        return await connection.scalar(statement) or 0


async def test_a_retry_gets_the_first_result(builder: Served, make: Maker, customer: str, customer_id: str) -> None:
    original = await make()
    preset = demo.preset_rows()[0]["id"]
    calls: dict[str, dict[str, Any]] = {
        "designCreate": {"name": "Rex", "config": config()},
        "designCreateFromPreset": {"presetId": preset},
        "designDuplicate": {"id": original["id"]},
    }
    for name, given in calls.items():
        first = await run(builder, name, customer, idempotencyKey="one", **given)
        before = await stored(builder)
        assert await run(builder, name, customer, idempotencyKey="one", **given) == first
        assert await stored(builder) == before
        assert [kind for kind, _ in await events_of(builder, first["design"]["id"])] == ["design.created"]
    assert await count(builder, customer_id) == 4


async def test_a_retry_shows_the_design_as_it_is_now(builder: Served, make: Maker, customer: str) -> None:
    design = await make(idempotencyKey="one")
    changed = await run(builder, "designUpdate", customer, id=design["id"], version=1, name="Walks")
    assert await make(idempotencyKey="one") == changed["design"]


async def test_requests_without_a_key_or_with_another_are_carried_out(make: Maker) -> None:
    made = [await make(idempotencyKey=key) for key in (None, None, "one", "two")]
    assert len({design["id"] for design in made}) == 4


async def test_a_key_belongs_to_one_input(builder: Served, make: Maker, customer: str) -> None:
    await make(idempotencyKey="one")
    before = await stored(builder)
    given = {"name": "Another", "config": config(), "idempotencyKey": "one"}
    result = await run(builder, "designCreate", customer, **given)
    assert result["__typename"] == "InvalidInputProblem"
    assert result["fields"] == [{"path": "input.idempotencyKey", "code": "KEY_REUSED"}]
    assert await stored(builder) == before


async def test_a_key_belongs_to_one_caller_and_one_operation(
    builder: Served, make: Maker, customer: str, people: Identities
) -> None:
    first = await make(idempotencyKey="one")
    other = await Maker(builder, people.token(new_id("usr")))(idempotencyKey="one")
    copy = await run(builder, "designDuplicate", customer, id=first["id"], idempotencyKey="one")
    assert len({first["id"], other["id"], copy["design"]["id"]}) == 3


async def test_a_refused_request_does_not_use_up_its_key(builder: Served, customer: str) -> None:
    wrong = await run(builder, "designCreate", customer, name="", config=config(), idempotencyKey="one")
    assert wrong["__typename"] == "InvalidInputProblem"
    right = await run(builder, "designCreate", customer, name="Rex", config=config(), idempotencyKey="one")
    assert right["__typename"] == "DesignCreateSuccess"


async def test_concurrent_retries_make_one_design(builder: Served, make: Maker, customer_id: str) -> None:
    made = await asyncio.gather(*[make(idempotencyKey="one") for _ in range(12)])
    assert made == [made[0]] * 12
    assert await count(builder, customer_id) == 1
    assert len(await events_of(builder, made[0]["id"])) == 1


async def test_a_key_of_the_wrong_form_is_refused(builder: Served, customer: str) -> None:
    before = await stored(builder)
    for key, code in (("", "TOO_SHORT"), ("x" * 101, "TOO_LONG"), ("a\u0001b", "CONTROL_CHARACTER")):
        result = await run(builder, "designCreate", customer, name="Rex", config=config(), idempotencyKey=key)
        assert result["fields"] == [{"path": "input.idempotencyKey", "code": code}]
    assert await stored(builder) == before


async def test_keys_are_forgotten_after_their_time_and_not_before(
    builder: Served, user: Served, make: Maker, customer_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(idempotency, "PRUNE_ROWS", 1)
    made = {key: await make(idempotencyKey=key) for key in ("kept", "old", "older")}
    aged = text("UPDATE idempotency_key SET created_at = :at WHERE viewer_id = :viewer AND key = :key")
    async with builder.database.write() as session:
        for key, age in {"kept": -HOUR, "old": HOUR, "older": 2 * HOUR}.items():
            at = dt.datetime.now(dt.UTC) - idempotency.RETENTION - age
            await session.execute(aged, {"at": at, "viewer": customer_id, "key": key})
    for served in (builder, user):  # one that has keys, and one that has none
        await runner.prune(served.runtime, {})
    again = {key: await make(idempotencyKey=key) for key in made}
    assert {key for key, design in again.items() if design["id"] == made[key]["id"]} == {"kept"}

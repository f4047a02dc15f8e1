"""The chain: whatever is done to the log behind its back is found and named."""

import asyncio
import datetime as dt
import hashlib
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy.exc import DBAPIError

from shared.core.ids import new_id
from shared.core.settings import Settings
from subgraphs.audit.enums import AuditDamage
from subgraphs.audit.service import verification
from subgraphs.audit.service.chain import GENESIS, Fact, Head, hash_of, link
from subgraphs.audit.service.log import append
from subgraphs.audit.service.verification import Break, verify_log
from tests.audit.factories import Owner, a_fact, fresh_log, log, owner_of
from tests.support.apps import Served
from tests.support.properties import examples

SIZE = 8
CHANGED, REMOVED, INSERTED = AuditDamage
OTHER_VALUES = {
    "id": "id || 'x'",
    "event_id": "event_id || 'x'",
    "at": "at + interval '1 microsecond'",
    "actor_kind": "'USER'",
    "actor_id": "'usr_somebody'",
    "action": "'order.created'",
    "subject_type": "'Design'",
    "subject_id": "subject_id || 'x'",
    "changed": "'[]'",
    "request_id": "NULL",
    "trace_id": "NULL",
    "prev_hash": "repeat('1', 64)",
    "hash": "repeat('1', 64)",
}
HOSTILE_VALUES = [("actor_kind", "'NOBODY'"), ("changed", "'5'"), ("changed", "'{\"a\": 1e400}'"), ("at", "'infinity'")]
SHIFT = "UPDATE audit_log SET sequence = -sequence - {by} WHERE sequence > {place}"
UNSHIFT = "UPDATE audit_log SET sequence = -sequence WHERE sequence < 0"

tampering = hypothesis_settings(
    max_examples=examples(25), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
places = st.integers(1, SIZE)


async def rehash(owner: Owner, place: int, *, link_too: bool = False) -> None:
    """Give an entry the hash that its content must have, as a careful forger would."""
    row: Any = dict((await owner.fetchrow("SELECT * FROM audit_log WHERE sequence = $1", place)) or {})
    if link_too:
        before = await owner.fetchval("SELECT hash FROM audit_log WHERE sequence = $1", place - 1)
        row["prev_hash"] = before or GENESIS
    row["changed"] = json.loads(row["changed"])
    await owner.execute(
        "UPDATE audit_log SET prev_hash = $2, hash = $3 WHERE sequence = $1", place, row["prev_hash"], hash_of(row)
    )


async def insert_copy(owner: Owner, template: int, place: int) -> str:
    """Insert an entry like another, at a free place, and return its id."""
    key = new_id("aud")
    await owner.execute(
        """
        INSERT INTO audit_log (id, sequence, event_id, at, actor_kind, actor_id, action, subject_type, subject_id,
                               changed, request_id, trace_id, prev_hash, hash)
        SELECT $1, $2, $1, at, actor_kind, actor_id, action, subject_type, subject_id,
               changed, request_id, trace_id, prev_hash, hash
        FROM audit_log WHERE sequence = $3""",
        key,
        place,
        template,
    )
    return key


def test_the_hash_can_be_computed_by_anybody() -> None:
    fact = Fact("evt_1", "order.created", "Order", "ord_1", dt.datetime(2026, 1, 2, 3, 4, 5, 6, dt.UTC))
    [row] = link([fact], Head(), lambda _: "aud_1")
    canonical = (
        '["' + "0" * 64 + '",1,"aud_1","evt_1","2026-01-02T03:04:05.000006+00:00","SYSTEM",null,'
        '"order.created","Order","ord_1",[],null,null]'
    )
    assert row["hash"] == hashlib.sha256(canonical.encode()).hexdigest()


async def test_a_log_that_nobody_touched_is_intact(audit: Served, settings: Settings) -> None:
    async with owner_of(settings) as owner:
        await fresh_log(audit, owner, SIZE)
    found = await verify_log(audit.database)
    assert found == verification.Verification(checked=SIZE, checked_to=SIZE, complete=True, first_broken=None)


async def test_an_empty_log_is_intact(audit: Served, settings: Settings) -> None:
    async with owner_of(settings) as owner:
        await fresh_log(audit, owner, 0)
    found = await verify_log(audit.database)
    assert (found.checked, found.complete, found.first_broken) == (0, True, None)


@tampering
@given(place=places, column=st.sampled_from(sorted(OTHER_VALUES)), careful=st.booleans())
async def test_a_changed_entry_is_named(
    audit: Served, settings: Settings, place: int, column: str, careful: bool
) -> None:
    async with owner_of(settings) as owner:
        ids = await fresh_log(audit, owner, SIZE)
        await owner.execute(
            f"UPDATE audit_log SET {column} = {OTHER_VALUES[column]} WHERE sequence = $1",  # noqa: S608
            place,
        )
        if careful and column not in {"hash", "prev_hash"}:
            await rehash(owner, place)
    found = await verify_log(audit.database)
    entry_id = ids[place - 1] + ("x" if column == "id" else "")
    assert found.first_broken == Break(place, entry_id, CHANGED)
    assert found.checked == place - 1


@pytest.mark.parametrize(("column", "value"), HOSTILE_VALUES)
async def test_a_value_that_cannot_be_read_is_a_finding(
    audit: Served, settings: Settings, column: str, value: str
) -> None:
    async with owner_of(settings) as owner:
        ids = await fresh_log(audit, owner, SIZE)
        await owner.execute(f"UPDATE audit_log SET {column} = {value} WHERE sequence = 3")  # noqa: S608
    assert (await verify_log(audit.database)).first_broken == Break(3, ids[2], CHANGED)


@tampering
@given(place=places, count=st.integers(1, SIZE))
async def test_removed_entries_are_named(audit: Served, settings: Settings, place: int, count: int) -> None:
    async with owner_of(settings) as owner:
        await fresh_log(audit, owner, SIZE)
        await owner.execute("DELETE FROM audit_log WHERE sequence BETWEEN $1 AND $2", place, place + count - 1)
    found = await verify_log(audit.database)
    assert found.first_broken == Break(place, None, REMOVED)
    assert found.checked == place - 1


@tampering
@given(place=places, careful=st.booleans())
async def test_an_entry_removed_without_a_gap_is_found(
    audit: Served, settings: Settings, place: int, careful: bool
) -> None:
    async with owner_of(settings) as owner:
        ids = await fresh_log(audit, owner, SIZE)
        await owner.execute("DELETE FROM audit_log WHERE sequence = $1", place)
        await owner.execute(SHIFT.format(by=-1, place=place))
        await owner.execute(UNSHIFT)
        if careful and place < SIZE:
            await rehash(owner, place, link_too=True)
    found = (await verify_log(audit.database)).first_broken
    assert found is not None
    if place == SIZE or (careful and place == SIZE - 1):
        assert found == Break(SIZE, None, REMOVED)
    else:
        assert found == Break(place + careful, ids[place + careful], CHANGED)


@tampering
@given(place=places, careful=st.booleans())
async def test_an_entry_inserted_between_others_is_found(
    audit: Served, settings: Settings, place: int, careful: bool
) -> None:
    async with owner_of(settings) as owner:
        await fresh_log(audit, owner, SIZE)
        await owner.execute(SHIFT.format(by=1, place=place - 1))
        await owner.execute(UNSHIFT)
        await insert_copy(owner, place + 1, place)
        if careful:
            await rehash(owner, place, link_too=True)
    found = (await verify_log(audit.database)).first_broken
    assert found is not None
    assert found.sequence == place + careful


@tampering
@given(place=st.sampled_from([-5, 0, SIZE + 1, SIZE + 7]))
async def test_an_entry_inserted_at_either_end_is_named(audit: Served, settings: Settings, place: int) -> None:
    async with owner_of(settings) as owner:
        await fresh_log(audit, owner, SIZE)
        key = await insert_copy(owner, SIZE, place)
        await rehash(owner, place, link_too=True)
    assert (await verify_log(audit.database)).first_broken == Break(place, key, INSERTED)


async def test_a_rewritten_chain_does_not_fit_its_head(audit: Served, settings: Settings) -> None:
    async with owner_of(settings) as owner:
        ids = await fresh_log(audit, owner, SIZE)
        await owner.execute("UPDATE audit_log SET action = 'nothing.happened' WHERE sequence = 3")
        for place in range(3, SIZE + 1):
            await rehash(owner, place, link_too=True)
    assert (await verify_log(audit.database)).first_broken == Break(SIZE, ids[SIZE - 1], CHANGED)


async def test_a_lost_head_is_a_finding(audit: Served, settings: Settings) -> None:
    async with owner_of(settings) as owner:
        ids = await fresh_log(audit, owner, SIZE)
        await owner.execute("TRUNCATE audit_head")
    assert (await verify_log(audit.database)).first_broken == Break(1, ids[0], INSERTED)


@tampering
@given(first=places, length=st.integers(0, SIZE), broken=places)
async def test_a_part_of_the_log_is_judged_by_itself(
    audit: Served, settings: Settings, first: int, length: int, broken: int
) -> None:
    last = min(first + length, SIZE)
    async with owner_of(settings) as owner:
        ids = await fresh_log(audit, owner, SIZE)
        await owner.execute("UPDATE audit_log SET action = 'nothing.happened' WHERE sequence = $1", broken)
    found = await verify_log(audit.database, first, last)
    if first <= broken <= last:
        assert found.first_broken == Break(broken, ids[broken - 1], CHANGED)
        assert (found.checked_to, found.complete) == (broken - 1, False)
    else:
        assert (found.first_broken, found.checked) == (None, last - first + 1)
        assert (found.checked_to, found.complete) == (last, True)


async def test_a_part_past_the_end_holds_nothing(audit: Served, settings: Settings) -> None:
    async with owner_of(settings) as owner:
        await fresh_log(audit, owner, SIZE)
    for first in (SIZE + 1, SIZE + 2, 2**31 - 1):
        found = await verify_log(audit.database, first)
        assert (found.checked, found.complete, found.first_broken) == (0, True, None)


async def test_a_part_that_follows_a_removed_entry_says_so(audit: Served, settings: Settings) -> None:
    async with owner_of(settings) as owner:
        await fresh_log(audit, owner, SIZE)
        await owner.execute("DELETE FROM audit_log WHERE sequence = 3")
    assert (await verify_log(audit.database, 4)).first_broken == Break(3, None, REMOVED)


async def test_a_long_log_is_verified_in_parts(
    audit: Served, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verification, "LARGEST_VERIFICATION", 5)
    async with owner_of(settings) as owner:
        ids = await fresh_log(audit, owner, SIZE)
        await owner.execute("UPDATE audit_log SET action = 'nothing.happened' WHERE sequence = 7")
    part = await verify_log(audit.database)
    assert (part.checked, part.checked_to, part.complete, part.first_broken) == (5, 5, False, None)
    rest = await verify_log(audit.database, part.checked_to + 1)
    assert (rest.checked, rest.checked_to, rest.complete) == (1, 6, False)
    assert rest.first_broken == Break(7, ids[6], CHANGED)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_log SET action = 'nothing.happened'",
        "DELETE FROM audit_log",
        "TRUNCATE audit_log",
        "DELETE FROM audit_head",
        "TRUNCATE audit_head",
        "DROP TABLE audit_log",
        "ALTER TABLE audit_log DISABLE TRIGGER ALL",
    ],
)
async def test_the_subgraphs_own_role_can_only_append(audit: Served, statement: str) -> None:
    await log(audit, a_fact())
    count = "SELECT count(*), max(sequence), max(action) FROM audit_log"
    async with audit.database.read() as connection:
        before = (await connection.exec_driver_sql(count)).one()
    with pytest.raises(DBAPIError, match=r"permission denied|must be owner"):
        async with audit.database.write() as session:
            await (await session.connection()).exec_driver_sql(statement)
    async with audit.database.read() as connection:
        assert (await connection.exec_driver_sql(count)).one() == before


async def test_writers_at_the_same_time_make_one_chain(audit: Served, settings: Settings) -> None:
    async with owner_of(settings) as owner:
        await fresh_log(audit, owner, 0)
    await asyncio.gather(*[log(audit, a_fact(), a_fact()) for _ in range(15)])
    found = await verify_log(audit.database)
    assert (found.checked, found.first_broken) == (30, None)


async def test_an_event_is_logged_once(audit: Served, settings: Settings) -> None:
    async with owner_of(settings) as owner:
        await fresh_log(audit, owner, 0)
    one, other = a_fact(), a_fact()
    assert sorted(await asyncio.gather(log(audit, one), log(audit, one, one))) == [0, 1]
    assert await log(audit, one, other) == 1
    assert (await verify_log(audit.database)).checked == 2


async def test_what_is_rolled_back_leaves_no_gap(audit: Served, settings: Settings) -> None:
    async with owner_of(settings) as owner:
        await fresh_log(audit, owner, 1)
    with pytest.raises(RuntimeError):
        await _fail_after_logging(audit)
    await log(audit, a_fact())
    found = await verify_log(audit.database)
    assert (found.checked, found.first_broken) == (2, None)


async def _fail_after_logging(audit: Served) -> None:
    async with audit.database.write() as session:
        await append(session, [a_fact()])
        raise RuntimeError


async def test_many_entries_are_copied_and_chained(audit: Served, settings: Settings) -> None:
    async with owner_of(settings) as owner:
        await fresh_log(audit, owner, 3)
    assert await log(audit, *[a_fact() for _ in range(500)]) == 500
    await log(audit, a_fact())
    found = await verify_log(audit.database)
    assert (found.checked, found.first_broken) == (504, None)

"""A deleted user is in no file of an export any more, whether it was finished, half written or only asked for."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import text

from shared.core.ids import new_id
from subgraphs.analytics.service.exports import writer as writing
from subgraphs.analytics.service.exports.formats import Lines
from subgraphs.user.events import UserDeleted
from tests.analytics.exports import (
    ask,
    asked,
    exported,
    fetch,
    ids_in_csv,
    in_order,
    parts_of,
    read_csv,
    receive,
    row_of,
    rows_of,
    shown,
    work,
)
from tests.analytics.tracking import receive_event
from tests.privacy.search import tables_holding
from tests.support.apps import Identities, Served
from tests.support.waiting import eventually


async def events_of(
    analytics: Served, name: str, user_id: str, count: int = 30, theirs: int = 5
) -> list[dict[str, Any]]:
    """Store events of which one is a user's; `theirs` is its place in the order of time."""
    rows = rows_of(name, count)
    rows[count - 1 - theirs * 3] |= {"subject": user_id, "properties": {"said": f"I am {user_id}"}}
    await receive(analytics, rows)
    return rows


async def test_a_finished_file_that_holds_their_events_is_deleted_and_no_other(
    analytics: Served, support: str, customer_id: str
) -> None:
    name, other = new_id("some"), new_id("some")
    await events_of(analytics, name, customer_id)
    await receive(analytics, rows_of(other, 3))
    held, kept = [await asked(analytics, support, "CSV", name=each) for each in (name, other)]
    for export_id in (held, kept):
        await work(analytics, export_id)
    assert "analytics.export_part.content" in (await tables_holding([analytics], [customer_id]))[customer_id]
    await receive_event(analytics, UserDeleted(user_id=customer_id))
    assert await tables_holding([analytics], [customer_id]) == {}
    assert (await shown(analytics, support, held))["state"] == "EXPIRED"
    assert ((await fetch(analytics, support, held)).status_code, await parts_of(analytics, held)) == (404, 0)
    assert ((await shown(analytics, support, kept))["state"], await parts_of(analytics, kept)) == ("DONE", 1)
    # Asked for again, the events are all there, and say nothing of the person.
    again = await exported(analytics, support, "CSV", name=name)
    assert (len(ids_in_csv(again)), customer_id.encode() in again) == (30, False)


@pytest.mark.parametrize(("theirs", "anew"), [(2, True), (9, False)])
async def test_a_file_in_the_making_is_begun_anew_only_where_they_are_in_it(
    analytics: Served, support: str, customer_id: str, monkeypatch: pytest.MonkeyPatch, theirs: int, anew: bool
) -> None:
    monkeypatch.setattr(writing, "PART_ROWS", 10)
    name = new_id("some")
    rows = await events_of(analytics, name, customer_id, theirs=theirs)
    export_id = await asked(analytics, support, "CSV", name=name)
    for _ in range(3):
        assert await writing._step(analytics.database, export_id)
    await receive_event(analytics, UserDeleted(user_id=customer_id))
    row = await row_of(analytics, export_id)
    assert (row.state.value, row.rows) == (("QUEUED", 0) if anew else ("RUNNING", 20))
    assert await tables_holding([analytics], [customer_id]) == {}
    await work(analytics, export_id)
    content = (await fetch(analytics, support, export_id)).content
    assert ids_in_csv(content) == [each["id"] for each in in_order(rows)]
    assert customer_id.encode() not in content


async def test_an_export_of_their_events_goes_on_under_the_name_that_stands_for_them(
    analytics: Served, support: str, customer_id: str
) -> None:
    name = new_id("some")
    rows = await events_of(analytics, name, customer_id)
    export_id = await asked(analytics, support, "CSV", subject=customer_id)
    await receive_event(analytics, UserDeleted(user_id=customer_id))
    nobody = (await shown(analytics, support, export_id))["events"]["subject"]
    assert nobody.startswith("gone_")
    await work(analytics, export_id)
    [row] = read_csv((await fetch(analytics, support, export_id)).content)
    assert row["id"] in {each["id"] for each in rows}
    assert (row["subject"], row["properties"]) == (nobody, {})


async def test_the_id_of_somebody_who_was_erased_does_not_come_back_as_a_filter(
    analytics: Served, support: str, customer_id: str
) -> None:
    await receive_event(analytics, UserDeleted(user_id=customer_id))
    export_id = await asked(analytics, support, "CSV", subject=customer_id)
    assert await tables_holding([analytics], [customer_id]) == {}
    await work(analytics, export_id)
    assert read_csv((await fetch(analytics, support, export_id)).content) == []


async def test_a_part_in_hand_is_waited_for_and_goes_with_the_rest(
    analytics: Served, support: str, customer_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = new_id("some")
    await events_of(analytics, name, customer_id)
    export_id = await asked(analytics, support, "CSV", name=name)
    assert await writing._step(analytics.database, export_id)
    read, go = asyncio.Event(), asyncio.Event()
    to_thread = asyncio.to_thread

    async def wait(function: Any, *args: Any) -> Any:
        if isinstance(getattr(function, "__self__", None), Lines):
            read.set()
            await go.wait()
        return await to_thread(function, *args)

    monkeypatch.setattr(asyncio, "to_thread", wait)
    part = asyncio.create_task(work(analytics, export_id))
    await read.wait()
    deletion = asyncio.create_task(receive_event(analytics, UserDeleted(user_id=customer_id)))
    waits = text(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE wait_event_type = 'Lock' AND query ILIKE '%FROM export%' AND datname = current_database()"
    )

    async def is_waited_for() -> bool:
        async with analytics.database.read() as connection:
            return bool(await connection.scalar(waits))

    await eventually(is_waited_for)
    assert not deletion.done()
    go.set()
    await asyncio.gather(part, deletion)
    assert (await row_of(analytics, export_id)).state.value == "EXPIRED"
    assert await tables_holding([analytics], [customer_id]) == {}


async def test_staff_who_are_deleted_leave_their_exports_and_no_id(analytics: Served, people: Identities) -> None:
    staff_id = new_id("usr")
    token = people.token(staff_id, "SUPPORT")
    name = new_id("none")
    export_id = (await ask(analytics, token, "CSV", new_id("key"), name=name))["export"]["id"]
    holding = (await tables_holding([analytics], [staff_id]))[staff_id]
    assert holding >= {"analytics.export.created_by", "analytics.idempotency_key.viewer_id"}
    await receive_event(analytics, UserDeleted(user_id=staff_id))
    assert (await shown(analytics, people.token(new_id("usr"), "SUPPORT"), export_id))["createdBy"] is None
    # The outbox keeps for some days who did what, for the audit log.
    assert (await tables_holding([analytics], [staff_id]))[staff_id] == {"analytics.outbox.actor"}

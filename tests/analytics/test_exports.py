"""Files of exports: what stands in them, each event once, whoever is killed and whatever comes meanwhile."""

import asyncio
import csv
import datetime as dt
import io
import tracemalloc
from functools import partial
from typing import Any

import orjson
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, text

from shared.core.ids import new_id
from shared.jobs.runner import run_jobs
from subgraphs.analytics.enums import EventSource, ExportState
from subgraphs.analytics.jobs import JOBS
from subgraphs.analytics.models import AnalyticsEvent, EventKey
from subgraphs.analytics.service.event_storage import open_batch
from subgraphs.analytics.service.exports import formats, parquet
from subgraphs.analytics.service.exports import writer as writing
from subgraphs.analytics.service.exports.downloads import Downloads
from subgraphs.analytics.service.exports.formats import guarded
from subgraphs.analytics.service.exports.job_types import EVENT_EXPORT
from subgraphs.analytics.service.exports.retention import expire_old
from subgraphs.analytics.service.subjects import digest
from tests.analytics.exports import (
    START,
    ask,
    asked,
    exported,
    fetch,
    finish,
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
from tests.support.apps import Served
from tests.support.waiting import eventually

FORMULAS = set("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
ODD = [
    '=HYPERLINK("http://evil.example")',
    "+1",
    "-1",
    "@SUM(A1)",
    "'quoted",
    "''=1",
    "\tTab",
    "\uff1d1",
    'say "hi", twice',
    "Zoë 🐕‍🦺 犬 \u202e",
    " leading",
    "",
    "two\r\nlines",
    "back\\slash",
]


def odd_rows(name: str) -> list[dict[str, Any]]:
    """Return events with every odd text in every column that is text, and with nothing where there may be nothing."""
    rows = rows_of(name, len(ODD) + 1)
    for row, odd in zip(rows, ODD, strict=False):
        row |= {"subject": odd, "client_event_id": odd, "design_id": odd or None}
        row["properties"] = {"text": odd, odd[:5] or "x": None, "n": 2**60 + 1, "f": 0.1, "is": True}
    rows[-1] |= {
        "subject": None,
        "source": EventSource.DOMAIN,
        "properties": {},
        "occurred_at": START.replace(second=59),
    }
    return rows


@pytest.mark.parametrize("part_rows", [20_000, 4])
async def test_a_csv_file_says_of_each_event_what_the_table_says(
    analytics: Served, support: str, monkeypatch: pytest.MonkeyPatch, part_rows: int
) -> None:
    monkeypatch.setattr(writing, "PART_ROWS", part_rows)
    name = new_id("odd")
    rows = odd_rows(name)
    await receive(analytics, rows)
    content = await exported(analytics, support, "CSV", name=name)
    assert read_csv(content) == in_order(rows)
    for line in csv.reader(io.StringIO(content.decode(), newline="")):
        assert not [value for value in line if value[:1] in FORMULAS]


@pytest.mark.parametrize("part_rows", [20_000, 4])
async def test_an_ndjson_file_says_of_each_event_what_the_table_says(
    analytics: Served, support: str, monkeypatch: pytest.MonkeyPatch, part_rows: int
) -> None:
    monkeypatch.setattr(writing, "PART_ROWS", part_rows)
    name = new_id("odd")
    rows = odd_rows(name)
    await receive(analytics, rows)
    content = await exported(analytics, support, "NDJSON", name=name)
    assert [orjson.loads(line) for line in content.split(b"\n") if line] == in_order(rows)


@pytest.mark.parametrize("part_rows", [20_000, 4])
async def test_a_parquet_file_says_of_each_event_what_the_table_says(
    analytics: Served, support: str, monkeypatch: pytest.MonkeyPatch, part_rows: int
) -> None:
    monkeypatch.setattr(writing, "PART_ROWS", part_rows)
    name = new_id("odd")
    rows = odd_rows(name)
    await receive(analytics, rows)
    file = pq.ParquetFile(io.BytesIO(await exported(analytics, support, "PARQUET", name=name)))
    assert file.metadata.num_row_groups == -(-len(rows) // part_rows)
    found = file.read().to_pylist()
    for row in found:
        row |= {column: row[column].isoformat() for column in ("occurredAt", "receivedAt")}
        row["properties"] = orjson.loads(row["properties"])
    assert found == in_order(rows)


async def test_a_file_for_excel_begins_with_a_byte_order_mark_and_is_the_same_csv(
    analytics: Served, support: str
) -> None:
    name = new_id("name")
    await receive(analytics, odd_rows(name))
    plain, for_excel = [await exported(analytics, support, form, name=name) for form in ("CSV", "CSV_EXCEL")]
    assert for_excel == b"\xef\xbb\xbf" + plain


@pytest.mark.parametrize(
    ("form", "empty"), [("CSV", formats._CSV_HEAD), ("CSV_EXCEL", b"\xef\xbb\xbf" + formats._CSV_HEAD), ("NDJSON", b"")]
)
async def test_no_events_make_an_empty_file(analytics: Served, support: str, form: str, empty: bytes) -> None:
    assert await exported(analytics, support, form, name=new_id("none")) == empty


async def test_no_events_make_a_parquet_file_without_rows(analytics: Served, support: str) -> None:
    table = pq.read_table(io.BytesIO(await exported(analytics, support, "PARQUET", name=new_id("none"))))
    assert (table.num_rows, table.column_names) == (0, list(formats.COLUMNS))


@given(st.text())
def test_no_text_is_taken_for_a_formula_and_each_can_be_had_back(value: str) -> None:
    safe = guarded(value)
    assert safe[:1] not in FORMULAS
    assert (safe.removeprefix("'")) == value


@given(st.lists(st.lists(st.text(alphabet=st.characters(exclude_categories=["Cs"])), max_size=5), max_size=5))
def test_row_groups_that_are_written_apart_are_one_file(groups: list[list[str]]) -> None:
    content, footers = parquet.MAGIC, []
    for group in groups:
        part = parquet.ParquetPart(["properties"], len(content))
        if group:
            part.add([Row((each,)) for each in group])
        body, footer = part.finish()
        content += body
        footers += [footer] if footer is not None else []
    whole = io.BytesIO(content + parquet.parquet_end(["properties"], footers))
    assert pq.read_table(whole).column("properties").to_pylist() == [each for group in groups for each in group]


class Row(tuple[str]):
    """A row of one column."""

    @property
    def properties(self) -> str:
        return self[0]


async def test_each_condition_of_the_filter_holds(analytics: Served, support: str) -> None:
    name, design = new_id("some"), new_id("des")
    rows = rows_of(name, 9)
    rows[1]["design_id"], rows[2]["source"] = design, EventSource.DOMAIN
    await receive(analytics, rows)
    until = (START + dt.timedelta(seconds=2)).isoformat()
    for wanted, expected in (
        ({"designId": design}, [rows[1]]),
        ({"source": "DOMAIN"}, [rows[2]]),
        ({"subject": "visitor-0"}, [rows[8]]),
        ({"since": START.isoformat(), "until": until}, [row for row in rows if row["occurred_at"].second < 2]),
    ):
        content = await exported(analytics, support, "CSV", name=name, **wanted)
        assert ids_in_csv(content) == [row["id"] for row in in_order(expected)]


async def test_what_comes_after_the_request_is_not_in_the_file_and_nothing_is_twice(
    analytics: Served, support: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "PART_ROWS", 10)
    name = new_id("some")
    before = rows_of(name, 95)
    await receive(analytics, before)
    export_id = await asked(analytics, support, "CSV", name=name)

    async def meanwhile() -> None:
        # At moments before, among and after those of the others.
        for _ in range(20):
            await receive(analytics, rows_of(name, 60, received_at=START))

    await asyncio.gather(work(analytics, export_id), meanwhile())
    export = await shown(analytics, support, export_id)
    assert (export["state"], export["rows"], export["progress"]) == ("DONE", 95, 1)
    content = (await fetch(analytics, support, export_id)).content
    assert ids_in_csv(content) == [row["id"] for row in in_order(before)]


async def test_what_is_being_stored_at_the_request_is_waited_for(analytics: Served, support: str) -> None:
    """A batch takes its number and commits after a later one was seen: it belongs to the export all the same."""
    name = new_id("some")
    slow, quick = rows_of(name, 3), rows_of(name, 3)
    async with analytics.database.write() as session:
        await session.execute(insert(EventKey).values(key=digest("test", new_id("key"))))
        batch = await open_batch(session, len(slow))
        await receive(analytics, quick)
        export_id = (await ask(analytics, support, "CSV", name=name))["export"]["id"]
        await work(analytics, export_id)
        assert (await shown(analytics, support, export_id))["state"] == "QUEUED"
        await session.execute(insert(AnalyticsEvent), [row | {"batch": batch} for row in slow])
    # Transactions of all databases of the server count, so those of other tests do.
    await finish(analytics, export_id)
    await work(analytics, export_id)
    content = (await fetch(analytics, support, export_id)).content
    assert ids_in_csv(content) == [row["id"] for row in in_order(slow + quick)]


@pytest.mark.parametrize("form", ["CSV", "NDJSON", "PARQUET"])
async def test_who_goes_on_after_a_failure_begins_behind_the_last_part(
    analytics: Served, support: str, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    monkeypatch.setattr(writing, "PART_ROWS", 10)
    name = new_id("some")
    rows = rows_of(name, 45)
    await receive(analytics, rows)
    undisturbed = await exported(analytics, support, form, name=name)
    export_id = await asked(analytics, support, form, name=name)
    sent: list[Any] = []

    def fail_at(number: int, change: Any, *args: Any, **values: Any) -> Any:
        sent.append(values.get("parts"))
        if values.get("parts") == number:
            raise OSError("the disk is full")
        return change(*args, **values)

    change = writing._change
    for failing in (1, 3, 5):
        monkeypatch.setattr(writing, "_change", partial(fail_at, failing, change))
        with pytest.raises(OSError, match="full"):
            await work(analytics, export_id)
        assert await parts_of(analytics, export_id) == failing - 1
        half = await shown(analytics, support, export_id)
        assert (half["state"], half["rows"]) == ("RUNNING", 10 * (failing - 1))
        assert (await fetch(analytics, support, export_id)).status_code == 404
    monkeypatch.setattr(writing, "_change", change)
    await work(analytics, export_id)
    # Each finished part was written once; those that failed, once more.
    assert [number for number in sent if number] == [1, 1, 2, 3, 3, 4, 5]
    assert (await fetch(analytics, support, export_id)).content == undisturbed


async def test_an_export_that_fails_again_and_again_is_given_up(
    analytics: Served, support: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "PART_ROWS", 10)
    name = new_id("some")
    await receive(analytics, rows_of(name, 15))
    export_id = await asked(analytics, support, "CSV", name=name)
    with monkeypatch.context() as patch:
        patch.setattr(writing, "_footers", None)
        for _ in range(writing.MOST_FAILURES - 1):
            with pytest.raises(TypeError):
                await work(analytics, export_id)
        assert (await shown(analytics, support, export_id))["state"] == "RUNNING"
        await work(analytics, export_id)
    await work(analytics, export_id)
    export = await shown(analytics, support, export_id)
    assert (export["state"], export["downloadUrl"], await parts_of(analytics, export_id)) == ("FAILED", None, 0)
    assert (await fetch(analytics, support, export_id)).status_code == 404


async def test_two_workers_of_one_export_write_each_event_once(
    analytics: Served, support: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "PART_ROWS", 10)
    name = new_id("some")
    rows = rows_of(name, 100)
    await receive(analytics, rows)
    export_id = await asked(analytics, support, "CSV", name=name)
    await asyncio.gather(*[work(analytics, export_id) for _ in range(3)])
    content = (await fetch(analytics, support, export_id)).content
    assert ids_in_csv(content) == [row["id"] for row in in_order(rows)]


async def test_a_long_export_queues_again_and_is_finished_by_the_job(
    analytics: Served, support: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "PART_ROWS", 10)
    monkeypatch.setattr(writing, "SLICE_SECONDS", 0.0)
    name = new_id("some")
    await receive(analytics, rows_of(name, 25))
    export_id = await asked(analytics, support, "CSV", name=name)

    async def done() -> bool:
        return bool((await row_of(analytics, export_id)).state is ExportState.DONE)

    async with run_jobs(analytics.runtime, {EVENT_EXPORT: JOBS[EVENT_EXPORT]}):
        await eventually(done)
    assert len(ids_in_csv((await fetch(analytics, support, export_id)).content)) == 25


async def peak_of(analytics: Served, support: str, form: str, name: str) -> int:
    """Return the most bytes that Python held more than before while an export was written and fetched."""
    export_id = await asked(analytics, support, form, name=name)
    tracemalloc.start()
    try:
        await work(analytics, export_id)
        row = await row_of(analytics, export_id)
        content = analytics.runtime.resource(Downloads).content(export_id, 0, row.bytes)
        assert sum([len(part) async for part in content]) == row.bytes
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


FILL = text(
    "INSERT INTO analytics_event (id, source, name, subject, occurred_at, properties)"
    " SELECT 'evt_' || :name || n, 'CLIENT', :name, 'visitor-' || n, CAST(:start AS timestamptz) + n * interval '1 ms',"
    " jsonb_build_object('text', repeat('x', 100)) FROM generate_series(1, :count) AS n"
)


@pytest.mark.parametrize("form", ["CSV", "NDJSON", "PARQUET"])
async def test_ten_times_the_events_take_no_more_memory(
    analytics: Served, support: str, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    monkeypatch.setattr(writing, "PART_ROWS", 1_000)
    few, many = new_id("few"), new_id("many")
    async with analytics.database.write() as session:
        for name, count in ((few, 2_000), (many, 20_000)):
            await session.execute(FILL, {"name": name, "start": START, "count": count})
    # What is made once, such as compiled statements, is made before.
    await exported(analytics, support, form, name=few)
    small = await peak_of(analytics, support, form, few)
    large = await peak_of(analytics, support, form, many)
    # The file of many is at least 4 MiB long as text, and its events are several times that in memory.
    assert large < small * 1.3 + 200_000, (small, large)


async def test_a_file_is_deleted_when_its_time_is_over(analytics: Served, support: str) -> None:
    name = new_id("some")
    await receive(analytics, rows_of(name, 3))
    export_id, other = [await asked(analytics, support, "CSV", name=name) for _ in range(2)]
    for each in (export_id, other):
        await work(analytics, each)
    over = (await row_of(analytics, export_id)).expires_at
    async with analytics.database.write() as session:
        later = text("UPDATE export SET expires_at = expires_at + interval '1 day' WHERE id = :id")
        await session.execute(later, {"id": other})
    await expire_old(analytics.database, over)
    export = await shown(analytics, support, export_id)
    assert (export["state"], export["downloadUrl"], await parts_of(analytics, export_id)) == ("EXPIRED", None, 0)
    assert (await fetch(analytics, support, export_id)).status_code == 404
    assert (await fetch(analytics, support, other)).status_code == 200
    await expire_old(analytics.database, over + dt.timedelta(days=91))
    assert await row_of(analytics, export_id) is None

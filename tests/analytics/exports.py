"""What the tests of exports share: events of a test alone, requests for a file, the work on it, and the file."""

import asyncio
import csv
import datetime as dt
import io
from typing import Any

import httpx
import orjson
from sqlalchemy import func, insert, select

from shared.core.ids import new_id
from shared.live import change_log
from subgraphs.analytics.enums import EventSource
from subgraphs.analytics.models import AnalyticsEvent, EventKey, Export, ExportPart
from subgraphs.analytics.service.event_storage import open_batch
from subgraphs.analytics.service.exports.formats import COLUMNS
from subgraphs.analytics.service.exports.writer import write_export
from subgraphs.analytics.service.subjects import digest
from tests.support.apps import Served

FIELDS = """id format state version rows bytes progress createdAt finishedAt expiresAt downloadUrl createdBy { id }
  events { name subject designId source since until }"""
CREATE = f"""
mutation ($input: ExportCreateInput!) {{
  exportCreate(input: $input) {{
    __typename
    ... on ExportCreateSuccess {{ export {{ {FIELDS} }} }}
    ... on Problem {{ code }}
    ... on InvalidInputProblem {{ fields {{ path code }} }}
  }}
}}
"""
EXPORT = f"query ($id: ID!) {{ export(id: $id) {{ {FIELDS} }} }}"
START = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)


def rows_of(name: str, count: int, **changes: Any) -> list[dict[str, Any]]:
    """Return rows of events, some at the same moment, whose ids are not in the order of time."""
    return [
        {
            "id": new_id("evt"),
            "source": EventSource.CLIENT,
            "name": name,
            "subject": f"visitor-{number}",
            "design_id": None,
            "client_event_id": None,
            "occurred_at": START + dt.timedelta(seconds=number // 3),
            "received_at": START + dt.timedelta(days=1, microseconds=number),
            "properties": {"number": number},
        }
        | changes
        for number in reversed(range(count))
    ]


async def receive(analytics: Served, rows: list[dict[str, Any]]) -> None:
    """Store events as the subgraph does: their ids are claimed, then they get a batch, then they are written."""
    async with analytics.database.write() as session:
        await session.execute(insert(EventKey).values(key=digest("test", new_id("key"))))
        batch = await open_batch(session, len(rows))
        for start in range(0, len(rows), 1000):
            await session.execute(
                insert(AnalyticsEvent), [row | {"batch": batch} for row in rows[start : start + 1000]]
            )


async def ask(
    analytics: Served, token: str | None, form: str, idempotency_key: str | None = None, **wanted: Any
) -> Any:
    """Ask for an export and return the result."""
    given = {"format": form, "filter": wanted, "idempotencyKey": idempotency_key}
    return (await analytics.execute(CREATE, token, input=given)).data["exportCreate"]


async def finish(analytics: Served, export_id: str) -> None:
    """Wait as the job does: until all transactions of the server that were under way before have ended."""
    while True:
        async with analytics.database.read() as connection:
            asked_in = await connection.scalar(select(Export.xid).where(Export.id == export_id))
            if asked_in is None or await change_log.xmin_horizon(connection) > asked_in:
                return
        await asyncio.sleep(0.02)


async def asked(analytics: Served, token: str, form: str, **wanted: Any) -> str:
    """Ask for an export and return its id, once it may be begun."""
    export_id = str((await ask(analytics, token, form, **wanted))["export"]["id"])
    await finish(analytics, export_id)
    return export_id


async def work(analytics: Served, export_id: str) -> None:
    """Do what the job does."""
    await write_export(analytics.database, export_id)


async def shown(analytics: Served, token: str, export_id: str) -> Any:
    """Return an export as the graph shows it."""
    return (await analytics.execute(EXPORT, token, id=export_id)).data["export"]


async def fetch(analytics: Served, token: str | None, export_id: str, **headers: str) -> httpx.Response:
    """Fetch the file of an export, or what is answered instead."""
    given = {"authorization": f"Bearer {token}"} if token else {}
    return await analytics.client.get(f"/exports/{export_id}", headers=given | headers)


async def exported(analytics: Served, token: str, form: str, **wanted: Any) -> bytes:
    """Ask for an export, have it written and fetch it."""
    export_id = await asked(analytics, token, form, **wanted)
    await work(analytics, export_id)
    response = await fetch(analytics, token, export_id)
    assert response.status_code == 200, response.text
    return response.content


async def row_of(analytics: Served, export_id: str) -> Any:
    """Return an export's row."""
    async with analytics.database.read() as connection:
        return (await connection.execute(select(Export.__table__).where(Export.id == export_id))).one_or_none()


async def parts_of(analytics: Served, export_id: str) -> int:
    """Count the parts that are stored of an export."""
    async with analytics.database.read() as connection:
        return await connection.scalar(select(func.count()).where(ExportPart.export_id == export_id)) or 0


def ids_in_csv(content: bytes) -> list[str]:
    """Return the ids in a CSV file, in their order."""
    return [row["id"] for row in csv.DictReader(io.StringIO(content.decode(), newline=""))]


def written(row: dict[str, Any]) -> dict[str, Any]:
    """Return what a file says of an event."""
    times = {name: row[name].isoformat() for name in ("occurred_at", "received_at")}
    values = row | times | {"source": row["source"].value}
    return {name: values[column.key] for name, column in COLUMNS.items()}


def in_order(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return events as files have them."""
    return [written(row) for row in sorted(rows, key=lambda row: (row["occurred_at"], row["id"]))]


def read_csv(content: bytes) -> list[dict[str, Any]]:
    """Read a CSV file by RFC 4180, minding what stands in quotes and what does not, as its description says."""
    lines: list[list[str | None]] = []
    fields: list[str | None] = []
    text = content.decode()
    place = 0
    while place < len(text):
        value: str | None = None
        if text[place] == '"':
            end = place + 1
            while text[end] != '"' or text[end : end + 2] == '""':
                end += 2 if text[end] == '"' else 1
            value = text[place + 1 : end].replace('""', '"').removeprefix("'")
            place = end + 1
        fields.append(value)
        if text[place] == ",":
            place += 1
            continue
        assert text[place : place + 2] == "\r\n"
        place += 2
        lines.append(fields)
        fields = []
    names = list(COLUMNS)
    assert lines[0] == names
    rows: list[dict[str, Any]] = [dict(zip(names, line, strict=True)) for line in lines[1:]]
    return [row | {"properties": orjson.loads(row["properties"])} for row in rows]

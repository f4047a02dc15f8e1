"""Measures the intake of events: batches by `POST /collect` into one process, beside a bare COPY of the same rows.

Run `python -m benchmarks.ingestion [EVENTS]`; it starts servers of its own in a temporary directory. With many events
it shows whether the process stays as large as it was.
"""

import asyncio
import datetime as dt
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import orjson
import structlog
from rich.console import Console

from petplus import registry
from petplus.local.embedded import EmbeddedPostgres, EmbeddedValkey
from shared.core.ids import new_id
from shared.core.settings import Settings
from shared.database.migrations import migrate
from tests.support.replicas import Command

BATCH = 1000
SENDERS = 8
ROUNDS = 3
DESIGNS = [new_id("des") for _ in range(2000)]
NAMES = ("config_changed", "design_viewed", "add_to_cart", "checkout_started")
COLUMNS = (
    "id",
    "source",
    "name",
    "subject",
    "design_id",
    "client_event_id",
    "occurred_at",
    "received_at",
    "properties",
)


def events(start: int) -> list[dict[str, Any]]:
    """Make one batch; a tenth of its events are by subjects who come again and again."""
    now = dt.datetime.now(dt.UTC).isoformat()
    return [
        {
            "clientEventId": f"{number:032x}",
            "name": NAMES[number % len(NAMES)],
            "subject": f"visitor-{number % 100_000}",
            "occurredAt": now,
            "designId": DESIGNS[number * 7 % len(DESIGNS)],
            "properties": {"page": "builder", "step": number % 9, "size": "M"},
        }
        for number in range(start, start + BATCH)
    ]


def rows(batch: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    """Return what is stored of a batch."""
    now = dt.datetime.now(dt.UTC)
    return [
        (
            new_id("evt"),
            "CLIENT",
            event["name"],
            event["subject"],
            event["designId"],
            event["clientEventId"],
            now,
            now,
            orjson.dumps(event["properties"]).decode(),
        )
        for event in batch
    ]


async def bare(connection: "asyncpg.Connection[asyncpg.Record]", batches: list[list[tuple[Any, ...]]]) -> float:
    """COPY each batch into the same table, in a transaction of its own; returns events a second."""
    started = time.perf_counter()
    for batch in batches:
        await connection.copy_records_to_table("analytics_event", columns=COLUMNS, records=batch)
    return BATCH * len(batches) / (time.perf_counter() - started)


async def send(client: httpx.AsyncClient, bodies: Iterator[bytes], counts: dict[str, int]) -> None:
    """Send bodies one after another; one that there was no capacity for comes again."""
    for body in bodies:
        while True:
            response = await client.post("/collect", content=body, headers={"content-type": "text/plain"})
            if response.status_code != 429:
                break
            counts["told to wait"] += 1
            await asyncio.sleep(int(response.headers["retry-after"]))
        response.raise_for_status()
        for name, count in response.json().items():
            counts[name] += count


async def collect(client: httpx.AsyncClient, bodies: Iterator[bytes]) -> dict[str, int]:
    """Send all bodies, some at a time; returns how many events got which verdict."""
    counts = dict.fromkeys(("accepted", "duplicates", "ignored", "rejected", "told to wait"), 0)
    await asyncio.gather(*(send(client, bodies, counts) for _ in range(SENDERS)))
    return counts


def memory(pid: int) -> dict[str, int]:
    """Return the resident memory of a process, now and at most, in MB."""
    lines = dict(line.split(":") for line in Path(f"/proc/{pid}/status").read_text().splitlines() if ":" in line)
    return {name: int(lines[name].split()[0]) // 1024 for name in ("VmRSS", "VmHWM")}


async def measure(home: Path, count: int, console: Console) -> None:
    postgres, valkey = EmbeddedPostgres(home), EmbeddedValkey(home)
    await postgres.start()
    await valkey.start()
    settings = Settings(home=home, database_url=postgres.url, redis_url=valkey.url)
    subgraph = registry.load("analytics")
    await migrate(subgraph, settings)
    connection = await asyncpg.connect(postgres.dsn, server_settings={"search_path": "analytics"})
    await connection.set_type_codec("jsonb", schema="pg_catalog", encoder=_jsonb, decoder=bytes, format="binary")
    process = Command(settings, home / "analytics.log", "serve", "--api-only", "analytics")
    try:
        await process.until_ready("analytics")
        async with httpx.AsyncClient(base_url=process.url("analytics"), timeout=60, trust_env=False) as client:
            await report(connection, client, process.process.pid, count, console)
    finally:
        process.stop()
        await connection.close()
        await valkey.stop()
        await postgres.stop()


def _jsonb(text: str) -> bytes:
    return b"\x01" + text.encode()


async def report(
    connection: "asyncpg.Connection[asyncpg.Record]", client: httpx.AsyncClient, pid: int, count: int, console: Console
) -> None:
    sent, size = 0, max(count // ROUNDS // BATCH, 1)
    warm = await collect(client, iter([orjson.dumps({"events": events(10**12)})]))
    assert warm["accepted"] == BATCH, warm
    console.print(f"after a first batch {memory(pid)}")
    for _ in range(ROUNDS):
        made = [events(sent + BATCH * number) for number in range(min(size, 100))]
        copied = await bare(connection, [rows(batch) for batch in made])
        # Many are made as they are sent, so that the sender's memory is not what is measured; few before.
        bodies = [orjson.dumps({"events": batch}) for batch in made]
        rest = (orjson.dumps({"events": events(sent + BATCH * number)}) for number in range(len(made), size))
        started = time.perf_counter()
        counts = await collect(client, _chain(bodies, rest))
        taken = BATCH * size / (time.perf_counter() - started)
        sent += BATCH * size
        assert counts["accepted"] == BATCH * size, counts
        console.print(
            f"bare COPY {copied:8.0f} events/s   accepted and durable {taken:8.0f} events/s, {taken / copied:.2f} of it"
            f"   {memory(pid)}"
        )
    stored = await connection.fetchval("SELECT count(client_event_id) FROM analytics_event WHERE batch > 0")
    assert stored == sent + BATCH, (stored, sent)
    console.print(f"{stored:,} stored, each once")


def _chain(first: list[bytes], rest: Iterator[bytes]) -> Iterator[bytes]:
    yield from first
    yield from rest


if __name__ == "__main__":
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(30))
    with tempfile.TemporaryDirectory() as directory:
        Path(directory).chmod(0o755)  # as root, the servers run as another user
        asyncio.run(measure(Path(directory), int(sys.argv[1]) if len(sys.argv) > 1 else 300_000, Console()))

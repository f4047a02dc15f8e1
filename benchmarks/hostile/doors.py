"""What a request of a stranger costs at each other door, beside its budget: CPU, memory, and what is stored.

A door is asked many times by one address; the CPU is that of the servers' processes, the bytes and rows are those of
the subgraph's tables and of Redis. A budget is for one request, on average over all of them.
"""

import argparse
import json
import os
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeAlias

import asyncpg
import httpx
import orjson
from redis.asyncio import Redis
from rich.console import Console
from rich.table import Table

from benchmarks.hostile.verdict import Verdict
from petplus import registry
from petplus.local.backing_services import DATABASE_VARIABLE, REDIS_VARIABLE, running_settings
from shared.core.ids import new_id
from shared.core.settings import Settings
from tests.analytics.tracking import event
from tests.support.accounts import REGISTER, wanted
from tests.support.attacks.documents import ATTACKER
from tests.support.processes import Process
from tests.support.shop import Shop

HELD = """SELECT coalesce(sum(pg_total_relation_size(relid)), 0)::bigint,
  coalesce(sum(n_tup_ins - n_tup_del), 0)::bigint
FROM pg_stat_user_tables WHERE schemaname = $1"""
Send: TypeAlias = Callable[[httpx.AsyncClient, str, int], Awaitable[httpx.Response]]
BYTES = "SELECT pg_database_size(current_database())"


@dataclass(frozen=True)
class Budget:
    """What one request may cost on average: milliseconds, bytes and rows in the database, bytes in Redis."""

    cpu_ms: float
    stored_bytes: int = 0
    stored_rows: float = 0.0
    redis_bytes: int = 0


@dataclass(frozen=True)
class Door:
    """A request, at which server, who stores something of it, how often it is sent, its budget, and its last answer."""

    name: str
    server: str
    subgraph: str
    send: Send
    times: int
    budget: Budget
    at_last: str


def _posted(path: str, body: Callable[[int], bytes], content_type: str = "application/json") -> Send:
    async def send(client: httpx.AsyncClient, url: str, number: int) -> httpx.Response:
        return await client.post(url + path, content=body(number), headers={"content-type": content_type})

    return send


def _document(query: Callable[[int], str], **variables: object) -> Send:
    return _posted("/graphql", lambda number: json.dumps({"query": query(number), "variables": variables}).encode())


def _got(path: Callable[[int], str], **headers: str) -> Send:
    async def send(client: httpx.AsyncClient, url: str, number: int) -> httpx.Response:
        return await client.get(url + path(number), headers=headers)

    return send


def _events(_: int) -> bytes:
    return orjson.dumps({"events": [event() for _ in range(1_000)]})


_PEOPLE = b" ".join(b"a%d@ b%d@" % (number, number) for number in range(400))
_LOOK_UP = '{{ orderLookup(number: "PET-{}", email: "x@example.com") {{ number }} }}'
_SPACED = '{{ presets(first: 100, search: "{}") {{ nodes {{ name previewUrl }} }} }}'


def _invalid(number: int) -> str:
    """Return a document within all limits that names a field that does not exist."""
    fields = " ".join(f"a{alias}: nothing{number}" for alias in range(99))
    return f"{{ me {{ {fields} }} }}"


def _registration(_: int) -> bytes:
    return orjson.dumps({"query": REGISTER, "variables": {"input": wanted()}})


DOORS = (
    Door(
        "webhook, not signed",
        "webhook",
        "webhook",
        _posted("/webhooks/shopify/orders", lambda _: _PEOPLE),
        600,
        Budget(30, 1_000, 0.5),
        "401",
    ),
    Door(
        "pictures",
        "builder",
        "builder",
        _got(lambda _: f"/presets/{new_id('pre')}/preview.png?size=1200"),
        1_300,
        Budget(30),
        "429",
    ),
    Door(
        "exports, by range",
        "analytics",
        "analytics",
        _got(lambda _: f"/exports/{new_id('xpt')}", range="bytes=1-"),
        400,
        Budget(30, 1_000, 4),
        "429",
    ),
    Door(
        "orders of guests",
        "router",
        "order",
        _document(lambda number: _LOOK_UP.format(1_000 + number % 9)),
        400,
        Budget(60),
        "200 RATE_LIMITED",
    ),
    Door(
        "registrations",
        "router",
        "user",
        _posted("/graphql", _registration),
        400,
        Budget(120, 8_000, 5),
        "200 RATE_LIMITED",
    ),
    Door("documents that are not valid", "router", "user", _document(_invalid), 300, Budget(40), "200"),
    Door(
        "public reads with other spaces",
        "router",
        "builder",
        _document(lambda number: _SPACED.format(" " * (number + 1))),
        150,
        Budget(60, 0, 0, 66_000),
        "200",
    ),
    Door("hosts that are none", "router", "user", _got(lambda _: "/graphql", host="%%"), 200, Budget(5), "4"),
    # Last, since events are counted in the background.
    Door(
        "/collect, 1,000 events",
        "analytics",
        "analytics",
        _posted("/collect", _events),
        40,
        Budget(400, 400_000, 1_000),
        "429",
    ),
)


def _outcome(response: httpx.Response) -> str:
    try:
        said = response.json()
    except ValueError:
        return str(response.status_code)
    if said.get("errors"):
        return f"{response.status_code} {said['errors'][0]['extensions']['code']}"
    results = [each for each in (said.get("data") or {}).values() if isinstance(each, dict)]
    return " ".join([str(response.status_code), *(str(each["code"]) for each in results if "code" in each)])


class Stores:
    """What PostgreSQL and Redis hold."""

    def __init__(self, database: "asyncpg.Connection[asyncpg.Record]", redis: "Redis") -> None:
        self._database, self._redis = database, redis

    async def held(self, subgraph: str) -> tuple[int, int, int]:
        """Return bytes and rows of a subgraph's tables, and bytes of Redis."""
        await self._database.execute("SELECT pg_stat_force_next_flush()")
        held = await self._database.fetchrow(HELD, subgraph)
        assert held is not None
        size, rows = held
        return int(size), int(rows), int((await self._redis.info("memory"))["used_memory"])


async def _try(door: Door, ports: dict[str, int], stores: Stores) -> tuple[Counter[str], str, Budget, float]:
    """Send a door's request many times; returns what came, the last answer, what one cost, and the memory in MB."""
    url = f"http://127.0.0.1:{ports[door.server]}"
    processes = [Process.listening_on(port) for port in ports.values()]
    transport = httpx.AsyncHTTPTransport(local_address=ATTACKER)
    seen, last = Counter[str](), ""
    before, cpu = await stores.held(door.subgraph), sum(each.cpu_ms for each in processes)
    memory = Process.listening_on(ports[door.server]).memory_mb
    async with httpx.AsyncClient(transport=transport, timeout=60) as client:
        for number in range(door.times):
            last = _outcome(await door.send(client, url, number))
            seen[last] += 1
    after, cpu = await stores.held(door.subgraph), sum(each.cpu_ms for each in processes) - cpu
    size, rows, redis = (max(0, now - then) / door.times for now, then in zip(after, before, strict=True))
    cost = Budget(cpu / door.times, round(size), rows, round(redis))
    return seen, last, cost, Process.listening_on(ports[door.server]).memory_mb - memory


async def measure(running: Shop, chosen: argparse.Namespace, verdict: Verdict, console: Console) -> None:
    settings = Settings(port=running.port)
    ports = {"router": running.port, **{name: registry.port_of(name, settings) for name in registry.NAMES}}
    running_settings(Settings(home=running.home))
    database = await asyncpg.connect(os.environ.pop(DATABASE_VARIABLE).replace("+asyncpg", "", 1))
    redis = Redis.from_url(os.environ.pop(REDIS_VARIABLE))
    stores = Stores(database, redis)
    table = Table("door", "times", "answers", "CPU ms", "memory MB", "stored bytes", "rows", "Redis bytes", "promise")
    for door in DOORS:
        seen, last, cost, memory = await _try(door, ports, stores)
        budget = door.budget
        kept = last.startswith(door.at_last) and not any(each.startswith("5") for each in seen)
        kept &= cost.cpu_ms <= budget.cpu_ms and cost.stored_rows <= budget.stored_rows + 1
        kept &= cost.stored_bytes <= budget.stored_bytes + 2_000 and cost.redis_bytes <= budget.redis_bytes + 2_000
        table.add_row(
            door.name,
            str(door.times),
            ", ".join(f"{answer} {count}" for answer, count in seen.items()),
            f"{cost.cpu_ms:.1f} of {budget.cpu_ms:.0f}",
            f"{memory:+.0f}",
            f"{cost.stored_bytes} of {budget.stored_bytes}",
            f"{cost.stored_rows:.1f} of {budget.stored_rows:.1f}",
            f"{cost.redis_bytes} of {budget.redis_bytes}",
            verdict.judge(door.name, kept=kept),
        )
    console.print(table)
    await database.close()
    await redis.aclose()

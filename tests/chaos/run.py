"""One run: a shop of its own, changes, kills, a wiped broker, and the reckoning."""

import asyncio
import json
import random
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from redis.asyncio import Redis
from redis.exceptions import RedisError

from petplus.local.backing_services import DATABASE_VARIABLE, REDIS_VARIABLE
from shared.core.settings import Settings
from shared.core.tasks import stop
from shared.database.database import Database
from shared.runtime import open_runtime
from shared.security.pseudonyms import Pseudonymizer
from subgraphs.user.service.keys import KeyRing
from tests.chaos.changes import STEPS, Changes
from tests.chaos.kills import Killer
from tests.chaos.ledger import Ledger
from tests.support.shop import Shop, shop

DRAIN_SECONDS = 180.0


@dataclass(frozen=True)
class Plan:
    """How much, and how rough. `changes` are spread evenly over `kills`; `at_once` orders are changed at a time."""

    changes: int
    kills: int
    at_once: int = 8
    shortest_interval: float = 1.5
    longest_interval: float = 2.5
    first: tuple[str, ...] = ()
    seed: int = 1


@dataclass(frozen=True)
class Report:
    """What happened, in figures; all checks have passed."""

    changes: int
    events: int
    kills: Counter[str]
    outcomes: Counter[str]
    changing_seconds: float
    draining_seconds: float


def settings_of(running: Shop) -> Settings:
    """Return the settings by which to reach a running shop's own servers."""
    addresses = json.loads((running.home / "addresses.json").read_text())
    return Settings(
        home=running.home,
        port=running.port,
        database_url=addresses[DATABASE_VARIABLE],
        redis_url=addresses[REDIS_VARIABLE],
    )


def chaos(home: Path, plan: Plan) -> Report:
    """Start a shop in `home`, a process for each subgraph, and run a plan; raises AssertionError where it fails."""
    with shop(home, "--split", "--no-seed") as running:
        return asyncio.run(run(running, settings_of(running), plan))


async def run(running: Shop, settings: Settings, plan: Plan) -> Report:
    killer = Killer(running.process.pid, random.Random(plan.seed), plan.first)
    async with open_runtime("user", settings, [KeyRing]) as runtime, Ledger.open(settings) as ledger:
        changes = Changes(running, runtime.resource(KeyRing))
        database = Database.connect(settings, "order")
        await changes.place(database, Pseudonymizer(settings), -(-plan.changes // len(STEPS)))
        await database.close()
        started = time.monotonic()
        beside = [
            asyncio.create_task(
                killer.run(plan.kills, plan.shortest_interval, plan.longest_interval, lambda: changes.done)
            ),
            asyncio.create_task(wipe_when(settings, changes, plan.changes // 2)),
        ]
        try:
            await changes.run(plan.at_once, plan.kills, killer.killed.total)
        finally:
            await stop(beside)
        changed = time.monotonic()
        await drained(running, ledger, 8 * len(changes.acknowledged))
        through = time.monotonic()
        events = await ledger.check(changes.acknowledged)
    assert running.process.poll() is None, running.output
    return Report(changes.done, events, killer.killed, changes.outcomes, changed - started, through - changed)


async def wipe_when(settings: Settings, changes: Changes, reached: int) -> None:
    """Empty the broker under everybody's feet once so many changes are done."""
    while changes.done < reached:  # noqa: ASYNC110 (it looks at a count)
        await asyncio.sleep(0.05)
    redis = Redis.from_url(settings.required_redis_url)
    while True:
        try:
            await redis.flushall()
            break
        except (RedisError, OSError):
            await asyncio.sleep(0.1)
    await redis.aclose()
    changes.outcomes["broker wiped"] += 1


async def drained(running: Shop, ledger: Ledger, events: int) -> None:
    """Wait until every event is published and heard by all; fails with what still waits when that takes too long."""
    deadline = time.monotonic() + DRAIN_SECONDS
    waiting: object = "nothing was asked yet"
    while time.monotonic() < deadline:
        assert running.process.poll() is None, running.output
        try:
            waiting = await ledger.waiting()
            if not waiting and await ledger.has_arrived(events):
                return
        except Exception as error:  # a server that was killed last may not be back yet
            waiting = repr(error)
        await asyncio.sleep(0.2)
    raise AssertionError(f"after {DRAIN_SECONDS:.0f} s there still waits: {waiting}")

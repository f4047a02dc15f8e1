"""`python -m tests.chaos.deliveries`: webhooks repeated and shuffled while processes are killed.

What is known afterwards is compared, row by row, with what is known where the same was told once, in order and
undisturbed. The orders are of several shops, which use the same numbers. Some customers ask what is stored about them
or to be forgotten, and one shop has all of its customers forgotten: told in order, in the end.
"""

import asyncio
import datetime as dt
import math
import random
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import httpx
import typer
from rich.console import Console
from sqlalchemy import text

from shared.core.settings import Settings
from shared.core.tasks import stop
from shared.database.database import Database
from subgraphs.webhook.subgraph import subgraph as webhook
from tests.chaos.kills import Killer, spread
from tests.chaos.ledger import Ledger
from tests.chaos.run import DRAIN_SECONDS, settings_of
from tests.order.facts import SHOWN, STATE, columns_of
from tests.support.http import http_client
from tests.support.shop import Shop, shop
from tests.webhook.senders import SHOP
from tests.webhook.webhook_story import BEGIN, Posting, life, shop_redacted

VICTIMS = ("webhook", "order", "postgres", "valkey")
# Fulfilment goes by the clock, not by what is told: here it stands still.
SURROUNDINGS = {"PETPLUS_PRODUCTION_START_SECONDS": "2000000", "PETPLUS_CARRIER": "none"}
REPEATED = 0.3
TIMEOUT_SECONDS = 60.0
SHOPS = (SHOP, "cats.myshopify.com", "gone.myshopify.com")
UNDONE = text(
    "SELECT count(*) FROM pgqueuer"
    " WHERE entrypoint IN"
    " ('webhook-processing', 'webhook-shop-erasure', 'order-reconciliation', 'order-shop-erasure')"
    " AND status <> 'successful'"
)
UNAPPLIED = text("SELECT count(*) FROM webhook_log WHERE state <> 'PROCESSED'")
APPLIED = text("SELECT delivery_id, jsonb_array_length(told) AS events FROM webhook_log ORDER BY delivery_id")
PUBLISHED = text("SELECT event_id FROM outbox WHERE type LIKE 'webhook.%' ORDER BY event_id")
AUDITED = text("SELECT event_id FROM audit_log WHERE action LIKE 'webhook.%' ORDER BY event_id")
RECEIVED = text("SELECT event_id FROM inbox")
BODIES = text("SELECT count(*) FROM webhook_log WHERE shop = :shop AND length(body) > 0").bindparams(shop=SHOPS[-1])
WAYS = text(
    "SELECT o.status, o.version, array_agg(t.version ORDER BY t.version) AS versions,"
    " (array_agg(t.status ORDER BY t.version DESC))[1] AS last"
    " FROM order_meta o JOIN order_timeline t ON t.order_id = o.id GROUP BY o.id"
)

out = Console(highlight=False)


@dataclass(frozen=True)
class Plan:
    """How many deliveries at least, and how rough. The victims of kills take turns."""

    deliveries: int
    kills: int
    at_once: int = 8
    shortest_interval: float = 5.0
    longest_interval: float = 6.0
    seed: int = 1


@dataclass(frozen=True)
class Report:
    """What happened, in figures; all checks have passed."""

    orders: int
    deliveries: int
    sent: int
    rows: int
    kills: Counter[str]
    answers: Counter[str]
    sending_seconds: float
    draining_seconds: float


class Sender:
    """Delivers as the outside world does: again and again, until it is answered with success."""

    def __init__(self, running: Shop, settings: Settings) -> None:
        self._running = running
        self._url = f"http://{settings.host}:{webhook.port(settings)}/webhooks"
        self._client = http_client(timeout=10)
        self.answers: Counter[str] = Counter()

    @property
    def done(self) -> int:
        return self.answers["received"] + self.answers["duplicate"]

    async def send(self, posting: Posting) -> None:
        deadline = time.monotonic() + TIMEOUT_SECONDS
        while True:
            assert self._running.process.poll() is None, self._running.output[-2000:]
            try:
                answer = await self._client.post(
                    f"{self._url}/{posting.path}", content=posting.body, headers=posting.headers()
                )
                if answer.status_code == httpx.codes.OK:
                    self.answers[answer.json()["status"]] += 1
                    return
                self.answers[f"status {answer.status_code}"] += 1
            except httpx.HTTPError:
                self.answers["no answer"] += 1
            assert time.monotonic() < deadline, f"{posting.topic} found no ear"
            await asyncio.sleep(0.2)

    async def close(self) -> None:
        await self._client.aclose()


def stories(plan: Plan) -> list[list[Posting]]:
    """Return what is to be told, order by order, until there are enough deliveries."""
    story: list[list[Posting]] = []
    while sum(map(len, story)) < plan.deliveries:
        number = len(story) + 1
        rng, shop_number = random.Random(f"{plan.seed} {number}"), 1000 + number // len(SHOPS)
        of_shop = SHOPS[number % len(SHOPS)]
        story.append(list(life(rng, number, shop=of_shop, shop_number=shop_number, privacy=True)))
    return story


def farewell() -> Posting:
    """Return what the last shop tells when it has left: later than all else, as shops are forgotten days later."""
    return shop_redacted(SHOPS[-1], BEGIN + dt.timedelta(days=90))


def chaos(directory: Path, plan: Plan) -> Report:
    """Run a plan against shops of their own; raises AssertionError where the ends differ."""
    story = stories(plan)
    with shop(directory / "calm", "--split", "--no-seed", env=SURROUNDINGS) as running:
        started = time.monotonic()
        expected = asyncio.run(deliver_in_order(running, story, plan))
        out.print(f"undisturbed: told in order in {time.monotonic() - started:.0f} s")
    with shop(directory / "rough", "--split", "--no-seed", env=SURROUNDINGS) as running:
        found, report = asyncio.run(deliver_shuffled(running, story, plan))
    for table, rows in expected.items():
        lacking = Counter(rows) - Counter(found[table])
        assert not lacking, f"{table} lacks {list(lacking)}"
        surplus = Counter(found[table]) - Counter(rows)
        assert not surplus, f"{table} has {list(surplus)} besides"
    return report


async def deliver_in_order(running: Shop, story: Sequence[Sequence[Posting]], plan: Plan) -> dict[str, list[Any]]:
    """Deliver everything once, each order's next news only when the last are through."""
    settings = settings_of(running)
    async with AsyncExitStack() as stack:
        ledger = await stack.enter_async_context(Ledger.open(settings))
        sender = Sender(running, settings)
        stack.push_async_callback(sender.close)
        for place in range(max(map(len, story))):
            of_place = [postings[place] for postings in story if place < len(postings)]
            await spread(of_place, sender.send, plan.at_once, lambda _: True)
            sent = time.monotonic()
            await through(running, settings, ledger)
            out.print(f"  place {place}: {len(of_place)} told, settled {time.monotonic() - sent:.1f} s later")
        await sender.send(farewell())
        await through(running, settings, ledger)
        return await end_state(settings, story)


async def deliver_shuffled(
    running: Shop, story: Sequence[Sequence[Posting]], plan: Plan
) -> tuple[dict[str, list[Any]], Report]:
    """Deliver everything in any order, some of it twice, while processes are killed.

    Single people are forgotten once all else is through: that takes back what was not applied yet. A whole shop is
    forgotten at any time: what it sent until then is applied all the same.
    """
    settings, rng = settings_of(running), random.Random(plan.seed)
    once = [posting for postings in story for posting in postings]
    first, last = (
        disordered(
            rng, [posting for posting in (*once, farewell()) if (posting.topic == "customers/redact") is are_last]
        )
        for are_last in (False, True)
    )
    victims = tuple(VICTIMS[turn % len(VICTIMS)] for turn in range(plan.kills))
    killer = Killer(running.process.pid, rng, victims)
    async with AsyncExitStack() as stack:
        ledger = await stack.enter_async_context(Ledger.open(settings))
        sender = Sender(running, settings)
        stack.push_async_callback(sender.close)
        started = time.monotonic()
        killing = asyncio.create_task(
            killer.run(plan.kills, plan.shortest_interval, plan.longest_interval, lambda: sender.done)
        )
        try:
            # Spread evenly between the kills; the last is while people are forgotten.
            await spread(
                first,
                sender.send,
                plan.at_once,
                lambda number: killer.killed.total() >= number * plan.kills // len(first),
            )
            await through(running, settings, ledger)
            await spread(last, sender.send, plan.at_once, lambda _: True)
            await killing
        finally:
            await stop([killing])
        sent = time.monotonic()
        out.print(f"disturbed: sent in {sent - started:.0f} s, {killer.killed.total()} kills; it settles")
        await through(running, settings, ledger)
        drained = time.monotonic()
        state = await end_state(settings, story)
    assert killer.killed.total() == plan.kills
    report = Report(
        orders=len(story),
        deliveries=len(once) + 1,
        sent=len(first) + len(last),
        rows=sum(map(len, state.values())),
        kills=killer.killed,
        answers=sender.answers,
        sending_seconds=sent - started,
        draining_seconds=drained - sent,
    )
    return state, report


def disordered(rng: random.Random, once: Sequence[Posting]) -> list[Posting]:
    """Return deliveries in any order, some of them twice."""
    postings = [*once, *rng.sample(once, int(len(once) * REPEATED))]
    rng.shuffle(postings)
    return postings


async def through(running: Shop, settings: Settings, ledger: Ledger) -> None:
    """Wait until all is applied, heard and settled; fails with what still waits when it gets no fewer for long."""
    databases = {name: Database.connect(settings, name) for name in ("webhook", "order", "audit")}
    fewest, waiting, moved = math.inf, Counter[str](), time.monotonic()
    try:
        while time.monotonic() < moved + DRAIN_SECONDS:
            assert running.process.poll() is None, running.output[-2000:]
            try:
                waiting = await _waiting(databases, ledger)
                if not waiting:
                    return
            except Exception as error:  # a server that was killed last may not be back yet
                out.print(f"  asking what waits: {error!r}"[:200])
            if waiting.total() != fewest:
                fewest, moved = waiting.total(), time.monotonic()
            await asyncio.sleep(0.2)
    finally:
        for database in databases.values():
            await database.close()
    raise AssertionError(f"for {DRAIN_SECONDS:.0f} s there still waits: {dict(waiting)}")


async def _waiting(databases: Mapping[str, Database], ledger: Ledger) -> Counter[str]:
    """Return what is not through yet, of the first place where anything is not.

    In the order in which things go, or what moves on meanwhile would be seen nowhere.
    """
    if unapplied := await _count(databases["webhook"], UNAPPLIED):
        return Counter({"unapplied": unapplied})
    # A broker that has just lost everything has nothing to be heard either, so events are looked for one by one.
    story = {row.event_id for row in await _rows(databases["webhook"], PUBLISHED)}
    for name in ("order", "audit"):
        if unheard := story - {row.event_id for row in await _rows(databases[name], RECEIVED)}:
            return Counter({f"never heard by {name}": len(unheard)})
    jobs = {f"jobs of {name}": await _count(databases[name], UNDONE) for name in ("webhook", "order")}
    return +Counter(jobs | await ledger.waiting())


async def end_state(settings: Settings, story: Sequence[Sequence[Posting]]) -> dict[str, list[Any]]:
    """Return what the shop knows of all orders, and check what must hold however it came to know it."""
    databases = {name: Database.connect(settings, name) for name in ("webhook", "order", "audit")}
    try:
        applied = await _rows(databases["webhook"], APPLIED)
        keys = sorted(posting.key for posting in [*(each for postings in story for each in postings), farewell()])
        assert sorted(row.delivery_id for row in applied) == keys, "not each delivery is stored once"
        assert {row.events for row in applied} == {1}
        assert await _count(databases["webhook"], BODIES) == 0, "a shop that was forgotten is remembered"
        events = [row.event_id for row in await _rows(databases["webhook"], PUBLISHED)]
        assert len(events) == len(keys)
        assert [row.event_id for row in await _rows(databases["audit"], AUDITED)] == events, "audit differs"
        for way in await _rows(databases["order"], WAYS):
            assert way.versions == list(range(1, way.version + 1))
            assert way.last == way.status
        return {table: await _state_of(databases["order"], table, names.split()) for table, names in STATE.items()}
    finally:
        for database in databases.values():
            await database.close()


async def _state_of(database: Database, table: str, names: Iterable[str]) -> list[Any]:
    key = "id" if table == "order_meta" else "order_id"
    columns = ", ".join(f"it.{column}" for column in columns_of(names))
    shown = SHOWN.get(table, "true")
    statement = f"SELECT o.external_id, {columns} FROM {table} it JOIN order_meta o ON o.id = it.{key} WHERE {shown}"  # noqa: S608
    return sorted(tuple(map(str, row)) for row in await _rows(database, text(statement)))


async def _rows(database: Database, statement: Any) -> list[Any]:
    async with database.read() as connection:
        return list(await connection.execute(statement))


async def _count(database: Database, statement: Any) -> int:
    async with database.read() as connection:
        return int(await connection.scalar(statement) or 0)


def main(
    deliveries: Annotated[int, typer.Option(min=10, help="How many different deliveries, at least.")] = 500,
    kills: Annotated[int, typer.Option(min=1, help="How many kills to spread them over.")] = 12,
    at_once: Annotated[int, typer.Option(min=1, max=64, help="How many are delivered at a time.")] = 8,
    shortest: Annotated[float, typer.Option(min=4, help="Shortest time between two kills, in seconds.")] = 5,
    longest: Annotated[float, typer.Option(min=4, help="Longest time between two kills, in seconds.")] = 6,
    seed: Annotated[int, typer.Option(help="Another number tells other orders in another order.")] = 1,
) -> None:
    """Deliver webhooks in disorder while processes are killed, and compare with an undisturbed shop, row by row."""
    with tempfile.TemporaryDirectory(prefix="petplus-chaos-", ignore_cleanup_errors=True) as directory:
        Path(directory).chmod(0o755)  # as root, the servers run as another user
        report = chaos(Path(directory), Plan(deliveries, kills, at_once, shortest, longest, seed))
    out.print(f"{report.sent} deliveries ({report.deliveries} different) of {report.orders} orders")
    out.print(f"{report.kills.total()} kills: " + ", ".join(f"{name} {n}" for name, n in sorted(report.kills.items())))
    out.print(", ".join(f"{what}: {count}" for what, count in sorted(report.answers.items())))
    out.print(f"sent in {report.sending_seconds:.0f} s, all through {report.draining_seconds:.1f} s later")
    out.print(f"{report.rows} rows as in the undisturbed shop")


if __name__ == "__main__":
    typer.run(main)

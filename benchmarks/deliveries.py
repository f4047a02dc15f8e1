"""Measures how many webhook deliveries a second go all the way through a shop, and what of a processor each costs.

Run `python -m benchmarks.deliveries`; it starts a whole shop in a temporary directory, all subgraphs in one process.
All deliveries are there at once, three of ten twice, shuffled; a delivery is through when it is applied, its events are
heard by every subgraph, and its order is settled. The baseline stands on the same machine and the same database: an
endpoint that does nothing but insert the body as one row.
"""

import asyncio
import json
import os
import random
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Annotated

import httpx
import typer
from rich.console import Console
from sqlalchemy import make_url

from benchmarks.webhooks import bare
from petplus.local.backing_services import DATABASE_VARIABLE
from tests.chaos.deliveries import REPEATED, SURROUNDINGS, Plan, Sender, stories, through
from tests.chaos.ledger import Ledger
from tests.chaos.run import settings_of
from tests.support.shop import Shop, shop
from tests.webhook.webhook_story import Posting

AT_ONCE = 8
TICKS = os.sysconf("SC_CLK_TCK")

out = Console(highlight=False)


def processes(root: int) -> Iterator[tuple[str, float]]:
    """Yield the command line of each process below one, and the seconds of a processor that it has used."""
    parents, used = dict[int, int](), dict[int, tuple[str, float]]()
    for directory in Path("/proc").glob("[0-9]*"):
        try:
            fields = (directory / "stat").read_text().rpartition(") ")[2].split()
            command = (directory / "cmdline").read_text().replace("\0", " ")
        except (FileNotFoundError, ProcessLookupError):
            continue
        parents[int(directory.name)] = int(fields[1])
        used[int(directory.name)] = command, (int(fields[11]) + int(fields[12])) / TICKS
    for pid in used:
        above = pid
        while above > 1 and above != root:
            above = parents.get(above, 0)
        if above == root:
            yield used[pid]


def seconds_of(root: int, *words: str) -> float:
    """Return the processor's seconds of all processes below one whose command line holds one of some words."""
    return sum(seconds for command, seconds in processes(root) if any(word in command for word in words))


async def deliver_all(postings: Sequence[Posting], send: Callable[[Posting], Awaitable[None]]) -> None:
    """Deliver everything, so many at once."""
    waiting = iter(postings)

    async def take() -> None:
        for posting in waiting:
            await send(posting)

    async with asyncio.TaskGroup() as group:
        for _ in range(AT_ONCE):
            group.create_task(take())


async def measure(running: Shop, postings: Sequence[Posting]) -> None:
    settings = settings_of(running)
    url = json.loads((running.home / "addresses.json").read_text())[DATABASE_VARIABLE]
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    async with bare(plain) as port, httpx.AsyncClient(trust_env=False, timeout=30) as client:

        async def insert(posting: Posting) -> None:
            answer = await client.post(f"http://127.0.0.1:{port}/", content=posting.body)
            assert answer.status_code == httpx.codes.OK, answer.text

        before, started = seconds_of(os.getpid(), "--bare"), time.monotonic()
        await deliver_all(postings, insert)
        took = time.monotonic() - started
        show("one row", len(postings), took, took, seconds_of(os.getpid(), "--bare") - before, 0.0)
    async with AsyncExitStack() as stack:
        ledger = await stack.enter_async_context(Ledger.open(settings))
        sender = Sender(running, settings)
        stack.push_async_callback(sender.close)
        parts: Iterable[tuple[str, ...]] = (("serve",), ("postgres", "valkey", "redis"))
        before_parts = [seconds_of(running.process.pid, *words) for words in parts]
        started = time.monotonic()
        await deliver_all(postings, sender.send)
        sent = time.monotonic() - started
        await through(running, settings, ledger)
        took = time.monotonic() - started
        spent = [
            seconds_of(running.process.pid, *words) - known for words, known in zip(parts, before_parts, strict=True)
        ]
        show("a whole shop", len(postings), sent, took, *spent)


def show(name: str, count: int, sent: float, took: float, python: float, servers: float) -> None:
    """Print one measurement."""
    out.print(
        f"{name:14} {count:5} deliveries   answered in {sent:5.1f} s, through in {took:5.1f} s: {count / took:5.1f}"
        f" a second   processor, each: Python {python * 1000 / count:5.1f} ms, servers {servers * 1000 / count:5.1f} ms"
    )


def main(
    deliveries: Annotated[int, typer.Option(min=10, help="How many different deliveries, at least.")] = 600,
    seed: Annotated[int, typer.Option(help="Another number tells other orders in another order.")] = 1,
) -> None:
    """Measure how fast deliveries go through a shop in one process, beside an endpoint that inserts one row."""
    told = [posting for postings in stories(Plan(deliveries, 0, seed=seed)) for posting in postings]
    # To forget somebody takes back what was not applied yet, for which `through` would wait.
    once = [posting for posting in told if posting.topic != "customers/redact"]
    rng = random.Random(seed)  # noqa: S311 (no secret)
    postings = [*once, *rng.sample(once, int(len(once) * REPEATED))]
    rng.shuffle(postings)
    with tempfile.TemporaryDirectory(prefix="petplus-deliveries-", ignore_cleanup_errors=True) as directory:
        Path(directory).chmod(0o755)  # as root, the servers run as another user
        with shop(Path(directory) / "home", "--no-seed", env=SURROUNDINGS) as running:
            asyncio.run(measure(running, postings))


if __name__ == "__main__":
    typer.run(main)

"""Measures how long senders of webhooks wait for their answer, at the mean load and at four times it.

Run `python -m benchmarks.webhooks`; it starts a whole shop in a temporary directory, a process for each subgraph or
(`--together`) one for all, so that all that deliveries set off goes on beside. The baseline stands on the same machine
and the same database: an endpoint that does nothing but insert the body as one row. It is asked alone, and again at the
mean load while the shop is, which shows what of a wait is the machine's.

The mean: five deliveries a second are 432,000 a day. An order makes eight (`tests/webhook/webhook_story.py`), so that
is a shop with 54,000 orders a day. Deliveries arrive at random moments (Poisson), whether or not the last were
answered, and three of ten come twice; a delivery waits from the moment at which it was due, not from when it could be
sent.
"""

import asyncio
import json
import random
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated, Any

import asyncpg
import httpx
import typer
import uvicorn
from rich.console import Console
from sqlalchemy import make_url
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from petplus.local.backing_services import DATABASE_VARIABLE
from shared.core.settings import Settings
from subgraphs.webhook.subgraph import subgraph as webhook
from tests.support.shop import Shop, free_ports, shop
from tests.webhook.webhook_story import Posting, life

MEAN = 5.0
PEAK = 4
REPEATED = 0.3
LONGEST_P99_MS = 500
WARM_UP_SECONDS = 3.0
BARE = "--bare"

out = Console(highlight=False)
Send = Callable[[Posting], Awaitable[None]]


async def serve_bare(url: str, port: int) -> None:
    """Serve the baseline: an endpoint that inserts one row."""
    pool = await asyncpg.create_pool(url, min_size=10)
    await pool.execute("CREATE SCHEMA bare")
    await pool.execute("CREATE TABLE bare.delivery (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, body bytea)")

    async def take(request: Request) -> Response:
        await pool.execute("INSERT INTO bare.delivery (body) VALUES ($1)", await request.body())
        return JSONResponse({"status": "received"})

    app = Starlette(routes=[Route("/{path:path}", take, methods=["POST"])])
    await uvicorn.Server(uvicorn.Config(app, port=port, log_level="warning", access_log=False)).serve()


@asynccontextmanager
async def bare(url: str) -> AsyncIterator[int]:
    """Run the baseline in a process of its own; yields its port."""
    port = free_ports()
    command = (sys.executable, "-m", "benchmarks.webhooks", BARE, url, str(port))
    process = await asyncio.create_subprocess_exec(*command)
    try:
        async with asyncio.timeout(30), httpx.AsyncClient(trust_env=False) as client:
            while True:
                try:
                    await client.get(f"http://127.0.0.1:{port}/")
                    break
                except httpx.TransportError:
                    await asyncio.sleep(0.05)
        yield port
    finally:
        process.terminate()
        await process.wait()


def deliveries(seed: int) -> Iterator[Posting]:
    """Yield deliveries without end, three of ten of them again a little later."""
    rng, number, again = random.Random(seed), seed * 1_000_000, list[Posting]()  # noqa: S311 (no secret)
    while True:
        number += 1
        for posting in life(rng, number):
            yield posting
            if rng.random() < REPEATED:
                again.append(posting)
        rng.shuffle(again)
        while len(again) > 5:
            yield again.pop()


async def answered(base: str, rate: float, seconds: float, seed: int) -> list[float]:
    """Return the milliseconds that each delivery waited, at so many a second."""
    rng, waited = random.Random(seed), list[float]()  # noqa: S311 (no secret)
    limits = httpx.Limits(max_connections=200, max_keepalive_connections=200)
    async with httpx.AsyncClient(trust_env=False, timeout=30, limits=limits) as client:

        async def deliver(posting: Posting, due: float) -> None:
            answer = await client.post(f"{base}/{posting.path}", content=posting.body, headers=posting.headers())
            assert answer.status_code == httpx.codes.OK, answer.text
            waited.append((time.perf_counter() - due) * 1000)

        due = time.perf_counter()
        end = due + seconds
        async with asyncio.TaskGroup() as group:
            for posting in deliveries(seed):
                due += rng.expovariate(rate)
                if due > end:
                    break
                await asyncio.sleep(max(0.0, due - time.perf_counter()))
                group.create_task(deliver(posting, due))
    return waited


async def measure(running: Shop, mean: float, seconds: float) -> None:
    """Print how long both let their senders wait; fails where the shop's p99 is too long."""
    addresses = json.loads((running.home / "addresses.json").read_text())
    url = make_url(addresses[DATABASE_VARIABLE]).set(drivername="postgresql").render_as_string(hide_password=False)
    port = webhook.port(Settings(home=running.home, port=running.port))
    worst = 0.0
    async with bare(url) as bare_port:
        one_row, webhooks = f"http://127.0.0.1:{bare_port}", f"http://127.0.0.1:{port}/webhooks"
        await answered(one_row, mean, WARM_UP_SECONDS, 1)
        for times in (1, PEAK):
            show(f"one row, {times * mean:g} a second", await answered(one_row, times * mean, seconds, 10 + times))
        await answered(webhooks, mean, WARM_UP_SECONDS, 2)
        for times in (1, PEAK):
            waited, beside = await asyncio.gather(
                answered(webhooks, times * mean, seconds, 20 + times), answered(one_row, mean, seconds, 30 + times)
            )
            worst = show(f"webhook, {times * mean:g} a second", waited)
            show("  one row, meanwhile", beside)
    assert worst < LONGEST_P99_MS, f"p99 is {worst:.0f} ms; {LONGEST_P99_MS} ms are allowed"


def show(name: str, waited: list[float]) -> float:
    """Print one measurement and return its p99."""
    p99 = sorted(waited)[int(len(waited) * 0.99)]
    out.print(
        f"{name:28} {len(waited):5} answers   p50 {statistics.median(waited):7.1f} ms   p99 {p99:7.1f} ms"
        f"   longest {max(waited):7.1f} ms"
    )
    return p99


def main(
    mean: Annotated[float, typer.Option(min=0.1, help="Deliveries a second at the mean.")] = MEAN,
    seconds: Annotated[float, typer.Option(min=1, help="How long each load lasts.")] = 30,
    together: Annotated[bool, typer.Option("--together", help="All subgraphs in one process.")] = False,
) -> None:
    """Measure how long senders of webhooks wait, beside an endpoint that inserts one row."""
    with tempfile.TemporaryDirectory(prefix="petplus-webhooks-", ignore_cleanup_errors=True) as directory:
        Path(directory).chmod(0o755)  # as root, the servers run as another user
        with shop(Path(directory) / "home", *([] if together else ["--split"]), "--no-seed") as running:
            asyncio.run(measure(running, mean, seconds))


if __name__ == "__main__":
    arguments: Any = sys.argv[1:]
    if arguments[:1] == [BARE]:
        asyncio.run(serve_bare(arguments[1], int(arguments[2])))
    else:
        typer.run(main)

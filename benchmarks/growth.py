"""Measures how the cost of a request grows: with the rows of a page, and with the parents of an edge.

Run `python -m benchmarks.growth`; it starts servers of its own in a temporary directory and calls the subgraphs without
a socket. For each size it tells the SQL statements, the CPU time, and how far that is from a straight line through all
sizes: what grows with anything but the rows returned bends it.
"""

import asyncio
import contextlib
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import structlog
from rich.console import Console
from rich.table import Table

from benchmarks.hot_path.queries import DESIGNS, USERS
from benchmarks.hot_path.servers import PLAN, chosen
from petplus import registry, seeding
from petplus.local.embedded import EmbeddedPostgres, EmbeddedValkey
from shared.core.settings import Settings
from shared.database.migrations import migrate
from shared.subgraph import freeze_heap
from tests.support.apps import Served, identities, serve

PAGE = """
query Page($first: Int!) {
  orders(first: $first) {
    nodes { id number total { amount } lines { title total { amount } } timeline { status at } }
  }
}
"""
PAGES = (1, 5, 10, 20, 40, 60, 80, 100)
PARENTS = (1, 5, 10, 25, 50, 75, 100)
WARM_UP, REPEATED = 15, 30


async def measure(served: Served, token: str, query: str, variables: dict[str, Any]) -> tuple[int, float]:
    """Return the statements of a request, and the median of its CPU milliseconds."""
    for _ in range(WARM_UP):
        assert (await served.execute(query, token, **variables)).data is not None
    with served.statements() as sent:
        await served.execute(query, token, **variables)
    spent = []
    for _ in range(REPEATED):
        begun = time.process_time()
        await served.execute(query, token, **variables)
        spent.append((time.process_time() - begun) * 1000)
    return len(sent), statistics.median(spent)


def report(title: str, sizes: Sequence[int], measured: Sequence[tuple[int, float]], out: Console) -> None:
    """Print a curve beside the straight line that comes nearest to it."""
    slope, start = statistics.linear_regression(sizes, [cpu for _, cpu in measured])
    table = Table("size", "SQL", "CPU ms", "line", "off", title=f"{title}: {start:.2f} ms + {slope * 1000:.0f} µs each")
    for size, (statements, cpu) in zip(sizes, measured, strict=True):
        line = start + slope * size
        table.add_row(str(size), str(statements), f"{cpu:.2f}", f"{line:.2f}", f"{(cpu - line) / line:+.0%}")
    out.print(table)


async def run(home: Path, out: Console) -> None:
    postgres, valkey = EmbeddedPostgres(home), EmbeddedValkey(home)
    async with contextlib.AsyncExitStack() as stack:
        await postgres.start()
        stack.push_async_callback(postgres.stop)
        await valkey.start()
        stack.push_async_callback(valkey.stop)
        settings = Settings(home=home, database_url=postgres.url, redis_url=valkey.url)
        for subgraph in registry.load_all():
            await migrate(subgraph, settings)
        await seeding.seed(settings, PLAN, Console(quiet=True))
        people, jwks = await stack.enter_async_context(identities(settings))
        settings = settings.model_copy(update={"jwks_url": jwks})
        token = people.token("usr_00000000000000000000000000", "SUPPORT")
        users, owners = await chosen(settings)
        subgraphs = {}
        for name in ("order", "user", "builder"):
            subgraphs[name] = await stack.enter_async_context(serve(registry.load(name), settings))
        freeze_heap()
        pages = [await measure(subgraphs["order"], token, PAGE, {"first": size}) for size in PAGES]
        report("orders on a page, with lines and timeline", PAGES, pages, out)
        for title, name, query, ids in (
            ("users by _entities", "user", USERS, users),
            ("users with their first 5 designs", "builder", DESIGNS, (owners * 2)[:100]),
        ):
            given = [{"representations": [{"__typename": "User", "id": each} for each in ids[:n]]} for n in PARENTS]
            report(title, PARENTS, [await measure(subgraphs[name], token, query, each) for each in given], out)


if __name__ == "__main__":
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(30))
    with tempfile.TemporaryDirectory() as directory:
        Path(directory).chmod(0o755)  # as root, the servers run as another user
        asyncio.run(run(Path(directory), Console(width=100)))

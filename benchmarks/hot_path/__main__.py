"""Measures the CPU time and the latency of three requests, for our subgraphs and for other ways to serve the same data.

Run `make bench`, or `python -m benchmarks.hot_path`. All contenders run at the same time over one seeded database and
take turns, so that a busy moment strikes all of them; before that their answers are compared. A figure is the median
of the rounds. The CPU time is the server process's own, without PostgreSQL's. Beside it stand the SQL statements of a
request, the memory after all rounds, and the time from the start of the process until it answers.
"""

import argparse
import asyncio
import datetime as dt
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import structlog
from rich.console import Console
from rich.table import Table

from benchmarks.hot_path.measurement import cpu_seconds, resident_megabytes
from benchmarks.hot_path.plot import bars
from benchmarks.hot_path.queries import Request
from benchmarks.hot_path.servers import Contender, Testbed, install_yoga, testbed
from benchmarks.hot_path.statements import Counts, count

ROUNDS = 9
REQUESTS_A_ROUND = 40
WARM_UP = 100
PLOT = Path(__file__).parents[2] / "docs" / "images" / "hot-path.svg"

VARIANTS: dict[str, dict[str, str]] = {"All Pet Plus": {}}
MOMENTS = {"placedAt", "at", "createdAt"}

Figures = dict[tuple[str, str], list[tuple[float, float]]]
"""Milliseconds of CPU and of waiting, a pair a round, by contender and request."""


def compare(contenders: Sequence[Contender], requests: Sequence[Request]) -> None:
    """Raise unless all contenders give the same answer to each request."""
    for request in requests:
        answers = {each.name: comparable(each.connect(request).answer()) for each in contenders}
        first, expected = next(iter(answers.items()))
        for name, answer in answers.items():
            if answer != expected:
                raise SystemExit(f"{request.name}: {name} differs from {first}:\n{answer}\n{expected}")


def comparable(value: Any) -> Any:
    """Return an answer with its moments read: PostgreSQL writes `.5`, Python `.500000`."""
    if isinstance(value, dict):
        return {key: read_moment(each) if key in MOMENTS else comparable(each) for key, each in value.items()}
    return [comparable(each) for each in value] if isinstance(value, list) else value


def read_moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def measure(contenders: Sequence[Contender], requests: Sequence[Request], rounds: int) -> Figures:
    """Send each request to each contender in turn, round after round."""
    figures: Figures = {(each.name, request.name): [] for each in contenders for request in requests}
    pairs = [(request, [(each, each.connect(request)) for each in contenders]) for request in requests]
    for _, connections in pairs:
        for _, connection in connections:
            for _ in range(WARM_UP):
                connection.send()
    for number in range(rounds):
        for request, connections in pairs:
            # Nobody is always the first after the warm-up of another.
            turn = number % len(connections)
            for contender, connection in connections[turn:] + connections[:turn]:
                waited = []
                connection.wake()
                before = cpu_seconds(contender.process.pid)
                for _ in range(REQUESTS_A_ROUND):
                    begun = time.perf_counter()
                    connection.send()
                    waited.append((time.perf_counter() - begun) * 1000)
                spent = (cpu_seconds(contender.process.pid) - before) * 1000 / REQUESTS_A_ROUND
                figures[contender.name, request.name].append((spent, statistics.median(waited)))
    return figures


def report(measured: Testbed, figures: Figures, statements: Counts, out: Console) -> dict[str, dict[str, float]]:
    """Print the medians; returns those of CPU time by contender and request."""
    table = Table(title="CPU ms a request (latency ms at concurrency 1), SQL statements")
    table.add_column("")
    for request in measured.requests:
        table.add_column(f"{request.name}: {request.title}", justify="right")
    table.add_column("MB", justify="right")
    table.add_column("start s", justify="right")
    spent: dict[str, dict[str, float]] = {}
    for contender in measured.contenders:
        cells = []
        for request in measured.requests:
            pairs = figures[contender.name, request.name]
            cpu, wait = (statistics.median(each) for each in zip(*pairs, strict=True))
            spent.setdefault(contender.name, {})[request.name] = cpu
            cells.append(f"{cpu:.2f} ({wait:.2f}), {statements[contender.name, request.name]}")
        memory = f"{resident_megabytes(contender.process.pid):.0f}"
        table.add_row(contender.name, *cells, memory, f"{contender.seconds:.1f}")
    out.print(table)
    return spent


async def run(home: Path, chosen: argparse.Namespace, out: Console) -> None:
    """Start everything, measure and report."""
    variants = dict(VARIANTS)
    for each in chosen.variant:
        name, variable, value = each.split("=", 2)
        variants[name] = {**variants.get(name, {}), variable: value}
    async with testbed(home, variants, out) as measured:
        prefixes = tuple(chosen.only or [""])
        wanted = [each for each in measured.contenders if each.name.startswith(prefixes)]
        # The servers that answer are other processes; this loop has the one that serves keys, asked once.
        await asyncio.to_thread(compare, wanted, measured.requests)
        figures = await asyncio.to_thread(measure, wanted, measured.requests, chosen.rounds)
        statements = await count(measured, wanted)
        spent = report(Testbed(measured.settings, wanted, measured.requests), figures, statements, out)
        if chosen.plot:
            PLOT.write_text(bars(spent, [(each.name, each.title) for each in measured.requests]))


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--rounds", type=int, default=ROUNDS, help=f"how often each takes its turn; {ROUNDS}")
    arguments.add_argument("--only", action="append", help="only contenders whose name begins so; may be given often")
    arguments.add_argument("--plot", action="store_true", help=f"write {PLOT.name}")
    arguments.add_argument(
        "--variant",
        action="append",
        default=[],
        metavar="NAME=VARIABLE=VALUE",
        help="our subgraphs once more, with a variable set",
    )
    chosen = arguments.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(30))
    out = Console(width=140)
    install_yoga(out)
    with tempfile.TemporaryDirectory() as directory:
        Path(directory).chmod(0o755)  # as root, the servers run as another user
        asyncio.run(run(Path(directory), chosen, out))


if __name__ == "__main__":
    main()

"""Measures many live subscriptions on one process of the order subgraph: memory for each, and fan-out of a change.

Subscribers follow one order over bare sockets; each must get each change once. The fan-out is the time from the commit
of a change to its event at a subscriber, all changes and subscribers together; the clients share the machine.

Run `python -m benchmarks.streams [--count N] [--followers N]`; it starts servers of its own in a temporary directory.
Of `count` streams, `followers` follow the order that changes, the others one that does not.
"""

import argparse
import asyncio
import tempfile
import time
from pathlib import Path
from typing import Any

import structlog
from rich.console import Console

from benchmarks.hot_path.measuring import cpu_seconds, resident_megabytes
from benchmarks.latency import Stand, p99, standing
from petplus.process import raise_file_limit

CHANGES = 20
AT_ONCE = 200
"""So many streams are opened at the same time."""
SLOWEST_SECONDS = 60


async def opened(stand: Stand, order_id: str, count: int) -> list[Any]:
    """Open streams and take the present version from each."""
    streams: list[Any] = []
    while len(streams) < count:
        some = [stand.follow(order_id) for _ in range(min(AT_ONCE, count - len(streams)))]
        assert set(await asyncio.gather(*[anext(each) for each in some])) == {1}
        streams += some
    return streams


async def moment_of(stream: Any, version: int) -> float:
    """Return when a stream tells of a version, which must be the next that it tells of."""
    assert await anext(stream) == version
    return time.perf_counter()


async def measure(stand: Stand, count: int, followers: int, out: Console) -> None:
    process = stand.command.process.pid
    changing, still = await stand.place(), await stand.place()
    before = resident_megabytes(process)
    begun = time.perf_counter()
    streams = await opened(stand, changing, followers)
    others = await opened(stand, still, count - followers)
    grown = (resident_megabytes(process) - before) * 1024 / count
    out.print(
        f"{count} streams opened in {time.perf_counter() - begun:.1f} s; {grown:.1f} KB each ({before:.0f} MB before)"
    )
    took: list[float] = []
    spent = cpu_seconds(process)
    for number in range(CHANGES):
        waiting = [asyncio.create_task(moment_of(each, number + 2)) for each in streams]
        await asyncio.sleep(0)
        committed = await stand.change(changing)
        async with asyncio.timeout(SLOWEST_SECONDS):
            took += [(moment - committed) * 1000 for moment in await asyncio.gather(*waiting)]
    spent = (cpu_seconds(process) - spent) / CHANGES / followers * 1e6
    ordered = sorted(took)
    out.print(
        f"{CHANGES} changes to {followers} followers: p50 {ordered[len(ordered) // 2]:.1f} ms, p99 {p99(took):.1f} ms, "
        f"last {ordered[-1]:.1f} ms; {spent:.0f} µs of CPU each; none lost, none doubled"
    )
    for each in [*streams, *others]:
        await each.aclose()


async def run(home: Path, count: int, followers: int) -> None:
    async with standing(home, with_worker=True) as stand:
        await measure(stand, count, followers, Console(width=120, highlight=False))


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--count", type=int, default=1_000)
    arguments.add_argument("--followers", type=int, default=1_000)
    chosen = arguments.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(30))
    raise_file_limit()
    with tempfile.TemporaryDirectory() as directory:
        Path(directory).chmod(0o755)  # as root, the servers run as another user
        asyncio.run(run(Path(directory), chosen.count, min(chosen.followers, chosen.count)))


if __name__ == "__main__":
    main()

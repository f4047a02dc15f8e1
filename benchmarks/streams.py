"""Measures many live subscriptions on one process of the order subgraph: memory for each, and fan-out of a change.

Subscribers follow one order over bare sockets, in a process of their own that shares the machine; each must get each
change once. The fan-out is the time from the commit of a change to its event at a subscriber, all changes and
subscribers together. Two servers take turns, change by change: one where subscribers of one audience share the
execution of an event, and one where each has its own (`PETPLUS_SHARED_SUBSCRIPTIONS=off`).

Run `python -m benchmarks.streams [--count N] [--followers N] [--viewers N] [--changes N]`; it starts servers of its own
in a temporary directory. Of `count` streams on each server `followers` follow the order that changes, the others one
that does not. They belong to so many `viewers`, each stream with a token of its own; those of one share.
"""

import argparse
import asyncio
import json
import selectors
import socket
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import structlog
from rich.console import Console

from benchmarks.hot_path.measurement import cpu_seconds, resident_megabytes
from benchmarks.latency import Testbed, p99, standing
from petplus.local.process import raise_file_limit
from shared.core.ids import new_id
from tests.order.streams import FOLLOW
from tests.support.replicas import Command, running

AT_ONCE = 200
"""So many streams are opened at the same time."""
SLOWEST_SECONDS = 60


def crowd(port: int, order_id: str) -> None:
    """Follow an order once with each token that comes in a line.

    Prints a line when all are open, and for each version that all have got one with the moments at which it came
    (seconds of `perf_counter`, one clock for all processes). A version that comes twice or out of turn ends it.
    """
    raise_file_limit()
    body = json.dumps({"query": FOLLOW, "variables": {"id": order_id, "after": None}})
    tokens, selector = sys.stdin.read().split(), selectors.DefaultSelector()
    for opened in range(0, len(tokens), AT_ONCE):
        some = tokens[opened : opened + AT_ONCE]
        for token in some:
            connection = socket.create_connection(("127.0.0.1", port))
            connection.sendall(
                f"POST /graphql HTTP/1.1\r\nhost: subgraph\r\nauthorization: Bearer {token}\r\n"
                "content-type: application/json\r\naccept: text/event-stream\r\n"
                f"content-length: {len(body)}\r\n\r\n{body}".encode()
            )
            connection.setblocking(False)
            selector.register(connection, selectors.EVENT_READ)
        arrivals(selector, len(some), 1)
    count = len(tokens)
    report({"open": count})
    version = 1
    while True:
        version += 1
        report({"moments": arrivals(selector, count, version)})


def arrivals(selector: selectors.BaseSelector, count: int, version: int) -> list[float]:
    """Return the moments at which a version has come, once it has come to `count` of the streams."""
    moments: list[float] = []
    seen: set[Any] = set()
    reported = b'"version":%d,' % version
    while len(moments) < count:
        ready = selector.select()
        for key, _ in ready:
            received = key.fileobj.recv(65536)  # type: ignore[union-attr]
            if b"data: {" not in received:
                assert received, "a stream has ended"
                continue
            assert reported in received, f"not version {version}: {received!r}"
            assert received.count(b"data: {") == 1, f"doubled: {received!r}"
            assert key.fd not in seen, f"doubled: version {version}"
            moments.append(time.perf_counter())
            seen.add(key.fd)
    return moments


def report(something: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(something) + "\n")
    sys.stdout.flush()


@dataclass
class Side:
    """One server with its subscribers, and what was measured of it."""

    name: str
    command: Command
    changing: str
    crowds: list[Any] = field(default_factory=list)
    took: list[float] = field(default_factory=list)
    lasts: list[float] = field(default_factory=list)
    spent: float = 0.0

    @property
    def port(self) -> int:
        return int(self.command.url("order").rpartition(":")[2])

    @property
    def process(self) -> int:
        return self.command.process.pid

    async def open(self, stack: AsyncExitStack, order_id: str, tokens: Sequence[str]) -> None:
        """Start a process of subscribers and wait until all of them follow."""
        if tokens:
            one = await stack.enter_async_context(crowded(self.port, order_id))
            one.stdin.write("\n".join(tokens).encode())
            one.stdin.close()
            assert json.loads(await one.stdout.readline()) == {"open": len(tokens)}
            self.crowds.append(one)

    async def measure(self, testbed: Testbed) -> None:
        """Make a change and wait until all followers have it."""
        before = cpu_seconds(self.process)
        committed = await testbed.change(self.changing)
        async with asyncio.timeout(SLOWEST_SECONDS):
            line = await self.crowds[0].stdout.readline()
        took = [(moment - committed) * 1000 for moment in json.loads(line)["moments"]]
        self.took += took
        self.lasts.append(max(took))
        self.spent += cpu_seconds(self.process) - before


@asynccontextmanager
async def crowded(port: int, order_id: str) -> AsyncIterator[Any]:
    command = (sys.executable, "-m", "benchmarks.streams", "--crowd", str(port), order_id)
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, limit=2**24)
    try:
        yield process
    finally:
        process.kill()
        await process.wait()


async def measure(testbed: Testbed, sides: Sequence[Side], changes: int, chosen: Any, out: Console) -> None:
    viewers = [new_id("usr") for _ in range(chosen.viewers)]
    tokens = [testbed.people.token(viewers[number % chosen.viewers], "SUPPORT") for number in range(chosen.count)]
    still = await testbed.place()
    async with AsyncExitStack() as stack:
        for side in sides:
            before, begun = resident_megabytes(side.process), time.perf_counter()
            await side.open(stack, side.changing, tokens[: chosen.followers])
            await side.open(stack, still, tokens[chosen.followers :])
            seconds, grown = time.perf_counter() - begun, resident_megabytes(side.process) - before
            out.print(
                f"{side.name}: {chosen.count} streams opened in {seconds:.1f} s; "
                f"{grown * 1024 / chosen.count:.1f} KB each ({before:.0f} MB before)"
            )
        for _ in range(changes):
            for side in sides:
                await side.measure(testbed)
                await asyncio.sleep(0.2)
    for side in sides:
        ordered, usual = sorted(side.took), statistics.median(side.lasts)
        out.print(
            f"{side.name}: {changes} changes to {chosen.followers} followers: p50 {ordered[len(ordered) // 2]:.1f} ms, "
            f"p99 {p99(ordered):.1f} ms, last {ordered[-1]:.1f} ms; half of the changes with all by {usual:.1f} ms; "
            f"{side.spent / changes / chosen.followers * 1e6:.0f} µs of CPU each; none lost, none doubled"
        )


async def run(home: Path, chosen: Any) -> None:
    async with standing(home, with_worker=True) as testbed, AsyncExitStack() as stack:
        alone = Command(
            testbed.command.settings,
            home / "alone.log",
            "serve",
            "--api-only",
            "order",
            PETPLUS_LOG_LEVEL="warning",
            PETPLUS_SHARED_SUBSCRIPTIONS="off",
        )
        await stack.enter_async_context(running(alone))
        await alone.until_ready("order")
        sides = [
            Side("shared", testbed.command, await testbed.place()),
            Side("each its own", alone, await testbed.place()),
        ]
        await measure(testbed, sides, chosen.changes, chosen, Console(width=120, highlight=False))


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--count", type=int, default=1_000)
    arguments.add_argument("--followers", type=int, default=1_000)
    arguments.add_argument("--viewers", type=int, default=1)
    arguments.add_argument("--changes", type=int, default=20)
    arguments.add_argument("--crowd", nargs=2, help=argparse.SUPPRESS)
    chosen = arguments.parse_args()
    if chosen.crowd is not None:
        crowd(int(chosen.crowd[0]), chosen.crowd[1])
        return
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(30))
    raise_file_limit()
    chosen.followers = min(chosen.followers, chosen.count)
    with tempfile.TemporaryDirectory() as directory:
        Path(directory).chmod(0o755)  # as root, the servers run as another user
        asyncio.run(run(Path(directory), chosen))


if __name__ == "__main__":
    main()

"""Which promises were kept, and how honest clients fare beside attackers."""

import asyncio
import contextlib
import json
import os
import signal
import statistics
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx

from tests.support.attacks.documents import HONEST
from tests.support.processes import Process

ROOT = Path(__file__).parents[2]
HONEST_QUERY = """
query {
  me {
    name
    orders(first: 5) { nodes { number status lines { design { name } } } }
    designs(first: 5) { nodes { name } }
  }
}
"""
HONEST_RATE = 10
WARM_UP_SECONDS = 2.0
START_SECONDS = 120.0
READY = "attacking"
LEAST_PRIORITY = 19
"""Of attackers' processes: elsewhere they would have processors of their own."""


class Verdict:
    """Collects the promises that were not kept."""

    def __init__(self) -> None:
        self.broken: list[str] = []

    def judge(self, what: str, *, kept: bool) -> str:
        if not kept:
            self.broken.append(what)
        return "kept" if kept else "[red]NOT kept[/red]"


async def honest_seconds(url: str, token: str, seconds: float) -> list[float]:
    """Ask as honest clients do, at a steady rate; returns how long each answer took, in milliseconds."""
    transport = httpx.AsyncHTTPTransport(local_address=HONEST)
    headers = {"authorization": f"Bearer {token}"}
    took: list[float] = []

    async def ask(client: httpx.AsyncClient) -> None:
        started = time.perf_counter()
        response = await client.post(url, json={"query": HONEST_QUERY}, headers=headers)
        took.append((time.perf_counter() - started) * 1000)
        assert "errors" not in response.json(), response.text

    async with httpx.AsyncClient(transport=transport, timeout=30) as client, asyncio.TaskGroup() as asked:
        for _ in range(round(seconds * HONEST_RATE)):
            asked.create_task(ask(client))
            await asyncio.sleep(1 / HONEST_RATE)
    return took


def p99(took: list[float]) -> float:
    return statistics.quantiles(took, n=100)[98]


@contextlib.asynccontextmanager
async def attackers(kind: str, plan: object) -> AsyncIterator[Counter[str]]:
    """Run attackers of a kind in a process of their own, which gives way to the others; yields once they attack.

    On a busy machine their start takes long, and what is measured before says nothing. Yields the counter that is told
    at the end what they have seen.
    """
    words = [sys.executable, "-m", "benchmarks.hostile", "--attack", kind]
    environment = {**os.environ, "HOSTILE_PLAN": json.dumps(plan)}
    process = await asyncio.create_subprocess_exec(
        *words, cwd=ROOT, env=environment, stdout=asyncio.subprocess.PIPE, start_new_session=True
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(START_SECONDS):
            assert await process.stdout.readline() == READY.encode() + b"\n"
        await asyncio.sleep(WARM_UP_SECONDS)
        seen = Counter[str]()
        yield seen
        assert process.returncode is None
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        told, _ = await process.communicate()
    seen.update(json.loads(told or "{}"))


def plan() -> dict[str, Any]:
    """Return, in the process of attackers, what they were given."""
    os.nice(LEAST_PRIORITY)
    # Linux shares the processors among sessions first: see "The autogroup feature" in sched(7).
    with contextlib.suppress(FileNotFoundError):
        Path("/proc/self/autogroup").write_text(str(LEAST_PRIORITY))
    given: dict[str, Any] = json.loads(os.environ["HOSTILE_PLAN"])
    return given


def attacking() -> None:
    """Tell the measuring process that the attack has begun."""
    sys.stdout.write(f"{READY}\n")
    sys.stdout.flush()


@contextlib.contextmanager
def reporting(seen: Counter[str]) -> Iterator[None]:
    """Attack until the process is to end, and tell the measuring process what was seen."""
    task = asyncio.current_task()
    assert task is not None
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    try:
        yield
    except asyncio.CancelledError:
        sys.stdout.write(json.dumps(seen))


def load() -> str:
    return f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"


class Peak:
    """Watches how much memory a process takes at most, over what it took at first."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self._idle = self.most = process.memory_mb

    @property
    def growth(self) -> float:
        return self.most - self._idle

    async def watch(self) -> None:
        """Look again and again, until cancelled."""
        while True:
            self.most = max(self.most, self._process.memory_mb)
            await asyncio.sleep(0.2)

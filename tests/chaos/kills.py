"""Kills processes of a running shop with SIGKILL, as often as its supervisor tolerates."""

import asyncio
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Collection
from pathlib import Path
from typing import TypeAlias, TypeVar

T = TypeVar("T")
Due: TypeAlias = Callable[[int], bool]
"""Tells whether the item of a number may begin."""

# The supervisor gives up on a service that dies more than five times a minute, starts that fail while the database
# is away included.
MOST_KILLS = 3
WITHIN_SECONDS = 60.0
TITLES = {"valkey-server": "valkey", "node": "router"}


def processes(supervisor: int) -> dict[str, int]:
    """Return the services that run under a supervisor's process: a name and a process id each."""
    children = [int(pid) for path in Path(f"/proc/{supervisor}/task").glob("*/children") for pid in read(path).split()]
    named = {name_of(read(Path(f"/proc/{pid}/cmdline")).split("\0")[:-1]): pid for pid in children}
    return {name: pid for name, pid in named.items() if name}


def read(path: Path) -> str:
    try:
        return path.read_text(errors="replace")
    except OSError:
        return ""  # it has just ended


def name_of(argv: list[str]) -> str:
    """Name a service by its command; "" for one that is only about to become something."""
    if not argv or any(word.endswith("launch.py") for word in argv):
        return ""
    if "petplus" in argv:
        command, *words = argv[argv.index("petplus") + 1 :]
        return words[-1] if command == "serve" else " ".join([command, *words])
    program = Path(argv[0].split()[0]).name  # Valkey writes more into its title
    return TITLES.get(program, program)


class Killer:
    """Picks a random victim, each service at most three times a minute."""

    def __init__(self, supervisor: int, rng: random.Random, first: tuple[str, ...] = ()) -> None:
        """`first` names the services to begin with."""
        self._supervisor = supervisor
        self._rng = rng
        self._first = list(first)
        self._times: dict[str, list[float]] = {}
        self.killed: Counter[str] = Counter()

    async def run(self, kills: int, shortest: float, longest: float, progress: Callable[[], int]) -> None:
        """Kill so often, at random intervals in seconds; but only a shop that got on since the last kill.

        Else a slow machine would kill what has not come back yet, and test nothing but starting.
        """
        seen = progress()
        while self.killed.total() < kills:
            await asyncio.sleep(self._rng.uniform(shortest, longest))
            while progress() == seen:  # noqa: ASYNC110 (it looks at a count)
                await asyncio.sleep(0.05)
            if self._kill_one():
                seen = progress()

    def _kill_one(self) -> bool:
        """Kill a service, if one may be killed now."""
        running = processes(self._supervisor)
        tolerated = sorted(name for name in running if self._recent(name) < MOST_KILLS)
        if self._first:
            tolerated = [name for name in self._first[:1] if name in running]
        if not tolerated:
            return False
        name = self._rng.choice(tolerated)
        os.kill(running[name], signal.SIGKILL)
        if self._first:
            self._first.pop(0)
        self.killed[name] += 1
        self._times.setdefault(name, []).append(time.monotonic())
        return True

    def _recent(self, name: str) -> int:
        return sum(at > time.monotonic() - WITHIN_SECONDS for at in self._times.get(name, ()))


async def spread(items: Collection[T], work: Callable[[T], Awaitable[None]], at_once: int, due: Due) -> None:
    """Work on some items at once; each begins only after as many kills as are due before it."""
    gate = asyncio.Semaphore(at_once)

    async def one(item: T) -> None:
        try:
            await work(item)
        finally:
            gate.release()

    async with asyncio.TaskGroup() as group:
        for number, item in enumerate(items):
            while not due(number):  # noqa: ASYNC110 (it looks at a count)
                await asyncio.sleep(0.02)
            await gate.acquire()
            group.create_task(one(item))

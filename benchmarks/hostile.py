"""Sends hostile requests to a shop of its own: each must be refused cheaply, and honest clients must hardly notice.

First each attack alone, at the router and at a subgraph past it: whether it is refused, the CPU time of the server's
process for one, and how much its memory has grown over idle. Then 5,000 idle sockets at both. Then honest clients,
who come from another address, in turns without and with all attacks at once: their p99 with them is held against
their p99 without. The turns are short and many, so that what else the machine does strikes both. The attackers' own
process gives way to the others, since a true one has a machine of its own.

Run `python -m benchmarks.hostile [--seconds N] [--rounds N] [--rate N]`; it starts servers of its own in a temporary
directory. It ends with status 1 where a promise is not kept.
"""

import argparse
import asyncio
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

import httpx
from rich.console import Console
from rich.table import Table

from petplus import registry
from shared.core.settings import Settings
from shared.core.tasks import stop
from tests.support.attacks import ATTACKS, HONEST, SLOW_ATTACKS, TIMEOUT_SECONDS, Attack, idle_sockets, is_refused
from tests.support.processes import Process
from tests.support.shop import Shop, reachable, shop

MOST_CPU_MS = 100.0
MOST_GROWTH_MB = 200.0
MOST_SLOWDOWN = 2.0
TIMES = 5
IDLE_SOCKETS = 5_000
SLOW_CLIENTS = 20
HONEST_RATE = 10
SEED = ("--users", "12", "--designs", "40", "--orders", "60")
# As a shop is run, not as it is tested.
USUAL = {"PETPLUS_COST_BUCKET": "20000", "PETPLUS_CONNECTIONS_PER_ADDRESS": "1000"}
HONEST_QUERY = """
query {
  me {
    name
    orders(first: 5) { nodes { number status lines { design { name } } } }
    designs(first: 5) { nodes { name } }
  }
}
"""


class Verdict:
    """Collects the promises that were not kept."""

    def __init__(self) -> None:
        self.broken: list[str] = []

    def judge(self, what: str, *, kept: bool) -> str:
        if not kept:
            self.broken.append(what)
        return "kept" if kept else "[red]NOT kept[/red]"


async def _cost_of(process: Process, attack: Attack, port: int) -> tuple[set[str], float]:
    """Send an attack some times; returns what came back, and the CPU time of one in milliseconds."""
    await attack.send(port)
    before = process.cpu_ms
    outcomes = {await attack.send(port) for _ in range(TIMES)}
    return outcomes, (process.cpu_ms - before) / TIMES


async def attack_each(name: str, port: int, attacks: Iterable[Attack], verdict: Verdict, console: Console) -> None:
    process = Process.listening_on(port)
    idle = process.memory_mb
    table = Table("attack", "answer", "CPU ms", "memory over idle, MB", "promise", title=f"{name}: {idle:.0f} MB idle")
    for attack in attacks:
        outcomes, cpu = await _cost_of(process, attack, port)
        growth = process.memory_mb - idle
        is_kept = all(map(is_refused, outcomes)) and cpu <= MOST_CPU_MS and growth <= MOST_GROWTH_MB
        judged = verdict.judge(f"{attack.name} at the {name}", kept=is_kept)
        table.add_row(attack.name, ", ".join(sorted(outcomes)), f"{cpu:.1f}", f"{growth:+.0f}", judged)
    console.print(table)


async def hold_sockets(name: str, port: int, verdict: Verdict, console: Console) -> None:
    """Open sockets that stay silent; all that are not refused at once must be let go by the server."""
    process = Process.listening_on(port)
    idle, cpu = process.memory_mb, process.cpu_ms
    async with idle_sockets(port, IDLE_SOCKETS) as readers:
        await asyncio.sleep(1)
        kept = sum(not reader.at_eof() for reader in readers)
        growth = process.memory_mb - idle
        started = time.perf_counter()
        async with asyncio.timeout(TIMEOUT_SECONDS):
            await asyncio.gather(*[reader.read() for reader in readers], return_exceptions=True)
        seconds, cpu = time.perf_counter() - started, process.cpu_ms - cpu
    is_cheap = growth <= MOST_GROWTH_MB and cpu / IDLE_SOCKETS <= MOST_CPU_MS
    judged = verdict.judge(f"idle sockets at the {name}", kept=is_cheap)
    console.print(
        f"{IDLE_SOCKETS} idle sockets at the {name}: {IDLE_SOCKETS - kept} refused at once, "
        f"{kept} let go {seconds:.0f} s later; {growth:+.0f} MB, {cpu / IDLE_SOCKETS:.2f} ms CPU each: {judged}"
    )


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


async def attack_on(ports: list[int], rate: float) -> None:
    """Send everything at once, until the process is ended: what a process of attackers does."""
    os.nice(19)
    router, subgraph = ports

    async def again(attack: Attack, port: int) -> None:
        while True:
            await attack.send(port)

    async def idle() -> None:
        while True:
            async with idle_sockets(router, IDLE_SOCKETS) as readers:
                await asyncio.gather(*[reader.read() for reader in readers], return_exceptions=True)

    slow = [asyncio.create_task(again(each, router)) for each in SLOW_ATTACKS for _ in range(SLOW_CLIENTS // 2)]
    slow.append(asyncio.create_task(idle()))
    try:
        while True:
            for attack in ATTACKS:
                for port in (router, subgraph) if attack.at_subgraph else (router,):
                    await attack.send(port)
                    await asyncio.sleep(1 / rate)
    finally:
        await stop(slow)


def p99(took: list[float]) -> float:
    return statistics.quantiles(took, n=100)[98]


async def honest_in_turns(
    running: Shop, ports: list[int], chosen: argparse.Namespace, verdict: Verdict, console: Console
) -> None:
    """Measure honest clients in turns without and with the attacks, so that a busy moment strikes both."""
    token = await running.log_in("customer")
    await honest_seconds(running.url, token, 3)
    processes = [Process.listening_on(port) for port in ports]
    idle = [process.memory_mb for process in processes]
    alone, beside, growth = list[float](), list[float](), [0.0, 0.0]
    words = [sys.executable, "-m", "benchmarks.hostile", "--rate", str(chosen.rate), "--attack", *map(str, ports)]
    for _ in range(chosen.rounds):
        alone += await honest_seconds(running.url, token, chosen.seconds)
        attackers = await asyncio.create_subprocess_exec(*words, cwd=Path(__file__).parents[1])
        try:
            await asyncio.sleep(2)
            assert attackers.returncode is None
            beside += await honest_seconds(running.url, token, chosen.seconds)
            assert attackers.returncode is None
            growth = [max(most, each.memory_mb - was) for most, each, was in zip(growth, processes, idle, strict=True)]
        finally:
            attackers.terminate()
            await attackers.wait()
    ratio = p99(beside) / p99(alone)
    console.print(
        f"honest clients, {HONEST_RATE}/s: p99 {p99(alone):.0f} ms without ({len(alone)} answers), "
        f"{p99(beside):.0f} ms beside the attacks ({len(beside)}): {ratio:.2f} times; median "
        f"{statistics.median(alone):.0f} and {statistics.median(beside):.0f} ms: "
        f"{verdict.judge('p99 of honest clients', kept=ratio <= MOST_SLOWDOWN)}"
    )
    console.print(
        f"memory over idle beside them: router {growth[0]:+.0f} MB, subgraph {growth[1]:+.0f} MB: "
        f"{verdict.judge('memory', kept=max(growth) <= MOST_GROWTH_MB)}"
    )


async def run(running: Shop, chosen: argparse.Namespace, console: Console) -> list[str]:
    verdict = Verdict()
    ports = [running.port, registry.port_of("order", Settings(port=running.port))]
    token = await running.log_in("customer")
    await honest_seconds(running.url, token, 3)
    await attack_each("router", ports[0], ATTACKS, verdict, console)
    await attack_each("subgraph", ports[1], [each for each in ATTACKS if each.at_subgraph], verdict, console)
    for name, port in zip(("router", "subgraph"), ports, strict=True):
        await hold_sockets(name, port, verdict, console)
    await honest_in_turns(running, ports, chosen, verdict, console)
    return verdict.broken


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--seconds", type=float, default=8, help="how long each turn of honest clients is")
    arguments.add_argument("--rounds", type=int, default=8, help="how many turns there are, without and with attacks")
    arguments.add_argument("--rate", type=float, default=20, help="attacks a second, beside slow and idle ones")
    arguments.add_argument("--attack", type=int, nargs=2, metavar="PORT", help=argparse.SUPPRESS)
    chosen = arguments.parse_args()
    if chosen.attack:
        asyncio.run(attack_on(chosen.attack, chosen.rate))
        return
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 150)
    with tempfile.TemporaryDirectory() as directory:
        Path(directory).chmod(0o755)  # as root, the servers run as another user
        with shop(reachable(Path(directory)) / "home", "--split", "--no-seed", env=USUAL) as running:
            running.run("seed", *SEED)
            broken = asyncio.run(run(running, chosen, console))
    console.print(f"NOT kept: {', '.join(broken)}" if broken else "Every promise was kept.")
    raise SystemExit(bool(broken))


if __name__ == "__main__":
    main()

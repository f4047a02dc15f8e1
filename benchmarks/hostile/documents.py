"""Hostile documents, bodies and idle sockets.

First each attack alone, at the router and at a subgraph past it: whether it is refused, the CPU time of the server's
process for one, and how much its memory has grown over idle. Then 5,000 idle sockets at both. Then honest clients,
who come from another address, in turns without and with all attacks at once: their p99 with them is held against
their p99 without. The turns are short and many, so that what else the machine does strikes both. The attackers' own
process gives way to the others, since a true one has a machine of its own.
"""

import argparse
import asyncio
import statistics
import time
from collections.abc import Iterable

from rich.console import Console
from rich.table import Table

from benchmarks.hostile.verdict import HONEST_RATE, Verdict, attackers, attacking, honest_seconds, p99, plan
from petplus import registry
from shared.core.settings import Settings
from shared.core.tasks import stop
from tests.support.attacks.documents import ATTACKS, SLOW_ATTACKS, TIMEOUT_SECONDS, Attack, idle_sockets, is_refused
from tests.support.processes import Process
from tests.support.shop import Shop

MOST_CPU_MS = 100.0
MOST_GROWTH_MB = 200.0
MOST_SLOWDOWN = 2.0
TIMES = 5
IDLE_SOCKETS = 5_000
SLOW_CLIENTS = 20


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


async def attack() -> None:
    """Send everything at once, until the process is ended: what a process of attackers does."""
    given = plan()
    router, subgraph = given["ports"]
    rate = given["rate"]

    async def again(attack: Attack, port: int) -> None:
        while True:
            await attack.send(port)

    async def idle() -> None:
        while True:
            async with idle_sockets(router, IDLE_SOCKETS) as readers:
                await asyncio.gather(*[reader.read() for reader in readers], return_exceptions=True)

    slow = [asyncio.create_task(again(each, router)) for each in SLOW_ATTACKS for _ in range(SLOW_CLIENTS // 2)]
    slow.append(asyncio.create_task(idle()))
    attacking()
    try:
        while True:
            for attack in ATTACKS:
                for port in (router, subgraph) if attack.at_subgraph else (router,):
                    await attack.send(port)
                    await asyncio.sleep(1 / rate)
    finally:
        await stop(slow)


async def honest_in_turns(
    running: Shop, ports: list[int], chosen: argparse.Namespace, verdict: Verdict, console: Console
) -> None:
    """Measure honest clients in turns without and with the attacks, so that a busy moment strikes both."""
    token = await running.log_in("customer")
    await honest_seconds(running.url, token, 3)
    processes = [Process.listening_on(port) for port in ports]
    idle = [process.memory_mb for process in processes]
    alone, beside, growth = list[float](), list[float](), [0.0, 0.0]
    for _ in range(chosen.rounds):
        alone += await honest_seconds(running.url, token, chosen.seconds)
        async with attackers("documents", {"ports": ports, "rate": chosen.rate}):
            beside += await honest_seconds(running.url, token, chosen.seconds)
            growth = [max(most, each.memory_mb - was) for most, each, was in zip(growth, processes, idle, strict=True)]
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


async def measure(running: Shop, chosen: argparse.Namespace, verdict: Verdict, console: Console) -> None:
    ports = [running.port, registry.port_of("order", Settings(port=running.port))]
    token = await running.log_in("customer")
    await honest_seconds(running.url, token, 3)
    await attack_each("router", ports[0], ATTACKS, verdict, console)
    await attack_each("subgraph", ports[1], [each for each in ATTACKS if each.at_subgraph], verdict, console)
    for name, port in zip(("router", "subgraph"), ports, strict=True):
        await hold_sockets(name, port, verdict, console)
    await honest_in_turns(running, ports, chosen, verdict, console)

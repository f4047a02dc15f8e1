"""One address with a thousand connections, each of which holds all that the router allows; honest clients beside it.

Each kind of connection alone, and then all kinds together, in turns with nobody: the router's memory over idle, the p99
of honest clients, and whether the router was started anew.
"""

import argparse
import asyncio

from rich.console import Console
from rich.table import Table

from benchmarks.hostile.verdict import Peak, Verdict, attackers, attacking, honest_seconds, load, p99, plan
from shared.core.tasks import stop
from tests.support.attacks.connections import KINDS, Target, hold
from tests.support.processes import Process
from tests.support.shop import Shop

CONNECTIONS = 1_000
MOST_GROWTH_MB = 200.0
MOST_SLOWDOWN = 2.0
LEAST_CPU_SECONDS = 0.1
"""What a thousand connections cost the router at least, if they were opened at all."""


async def attack() -> None:
    """Hold connections until the process is ended."""
    given = plan()
    target = Target(given["port"], given["tokens"])
    async with asyncio.TaskGroup() as group:
        group.create_task(hold([KINDS[name] for name in given["kinds"]], target, CONNECTIONS))
        await target.all_tried.wait()
        attacking()


async def measure(running: Shop, chosen: argparse.Namespace, verdict: Verdict, console: Console) -> None:
    tokens = [await running.log_in(name) for name in ("admin", "support")]
    honest = await running.log_in("customer")
    await honest_seconds(running.url, honest, 3)
    process = Process.listening_on(running.port)
    peak = Peak(process)
    watching = asyncio.create_task(peak.watch())
    table = Table("connections", "memory over idle, MB", "CPU s", title=f"{CONNECTIONS} connections of one address")
    for name in KINDS:
        alone, cpu = Peak(process), process.cpu_ms
        watching_alone = asyncio.create_task(alone.watch())
        async with attackers("connections", {"port": running.port, "tokens": tokens, "kinds": [name]}):
            await asyncio.sleep(chosen.seconds)
        await stop([watching_alone])
        spent = (process.cpu_ms - cpu) / 1000
        assert spent > LEAST_CPU_SECONDS, f"{name}: the router had nothing to do"
        table.add_row(name, f"{alone.growth:+.0f}", f"{spent:.1f}")
    console.print(table)
    quiet, beside = list[float](), list[float]()
    for _ in range(chosen.rounds):
        quiet += await honest_seconds(running.url, honest, chosen.seconds)
        async with attackers("connections", {"port": running.port, "tokens": tokens, "kinds": [*KINDS]}):
            beside += await honest_seconds(running.url, honest, chosen.seconds)
    await stop([watching])
    ratio = p99(beside) / p99(quiet)
    is_alive = Process.listening_on(running.port) == process
    kept = verdict.judge("memory beside a thousand connections", kept=peak.growth <= MOST_GROWTH_MB)
    console.print(f"memory over idle, at most: {peak.growth:+.0f} MB of {MOST_GROWTH_MB:.0f}: {kept}")
    kept = verdict.judge("p99 beside a thousand connections", kept=ratio <= MOST_SLOWDOWN)
    console.print(
        f"honest clients: p99 {p99(quiet):.0f} ms without ({len(quiet)}), {p99(beside):.0f} ms beside all kinds "
        f"({len(beside)}): {ratio:.2f} times: {kept}; {load()}"
    )
    console.print(f"the router was not started anew: {verdict.judge('the router lives', kept=is_alive)}")

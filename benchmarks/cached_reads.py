"""Measures cached public reads: how long old answers are given after a change, and what the cache saves.

Each change of a preset is followed by reads of a caller without credentials until one shows it. Beside them, in the
same run, a signed-in caller asks for the same, whose answers are never cached.

Run `python -m benchmarks.cached_reads [CHANGES]`; it starts a shop of its own in a temporary directory.
"""

import asyncio
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx
from rich.console import Console

from tests.support.shop import Shop, reachable, shop

CHANGES = 100
READS_PER_CHANGE = 10
PROMISED_SECONDS = 1.0
READ = "{ presets(first: 20, sort: NAME) { totalCount nodes { id name version price { amount } previewUrl } } }"
CHANGE = """
mutation ($id: ID!, $version: Int!, $name: String!) {
  presetUpdate(input: { id: $id, version: $version, name: $name }) {
    ... on PresetUpdateSuccess { preset { id name version } }
  }
}
"""


async def read(client: httpx.AsyncClient, running: Shop, token: str | None = None) -> tuple[Any, float, bool]:
    """Return the presets by id, the milliseconds that it took, and whether the cache answered."""
    headers = {"authorization": f"Bearer {token}"} if token else {}
    started = time.perf_counter()
    response = await client.post(running.url, json={"query": READ}, headers=headers)
    took = (time.perf_counter() - started) * 1000
    nodes = response.json()["data"]["presets"]["nodes"]
    return {node["id"]: node for node in nodes}, took, response.headers.get("cache-status") == "router; hit"


async def measure(running: Shop, changes: int, out: Console) -> None:
    admin = await running.log_in("admin")
    stale, cached, uncached = [], [], []
    async with httpx.AsyncClient(timeout=30, trust_env=False) as client:
        presets, _, _ = await read(client, running)
        preset = next(iter(presets.values()))
        for number in range(changes):
            for _ in range(READS_PER_CHANGE):
                _, took, hit = await read(client, running)
                if hit:
                    cached.append(took)
                uncached.append((await read(client, running, admin))[1])
            name = f"{preset['name'].partition(' #')[0]} #{number}"
            given = {"id": preset["id"], "version": preset["version"], "name": name}
            preset = (await running.execute(CHANGE, admin, **given)).data["presetUpdate"]["preset"]
            changed = time.perf_counter()
            assert (await read(client, running, admin))[0][preset["id"]]["name"] == name
            while (await read(client, running))[0][preset["id"]]["name"] != name:  # noqa: ASYNC110 (it asks the router)
                await asyncio.sleep(0.005)
            stale.append(time.perf_counter() - changed)
    report(stale, cached, uncached, out)


def report(stale: list[float], cached: list[float], uncached: list[float], out: Console) -> None:
    verdict = "kept" if max(stale) <= PROMISED_SECONDS else "NOT kept"
    median = statistics.median(stale)
    out.print(f"old answers after a change: p50 {median:.3f} s, longest {max(stale):.3f} s, of {len(stale)}")
    out.print(f"  promise, at most {PROMISED_SECONDS:.0f} s: {verdict}")
    for name, took in (("answered from the cache", cached), ("worked out (signed in)", uncached)):
        p99 = sorted(took)[int(len(took) * 0.99)]
        out.print(f"{name:26} p50 {statistics.median(took):6.2f} ms   p99 {p99:6.2f} ms   of {len(took)}")
    ratio = statistics.median(uncached) / statistics.median(cached)
    out.print(f"  at the median the cache is {ratio:.1f} times as fast")


def main() -> None:
    changes = int(sys.argv[1]) if len(sys.argv) > 1 else CHANGES
    with tempfile.TemporaryDirectory(prefix="petplus-benchmark-") as directory:
        home = reachable(Path(directory)) / "home"
        with shop(home, "--split", "--no-seed") as running:
            running.run("seed", "--users", "10", "--designs", "10", "--orders", "10")
            asyncio.run(measure(running, changes, Console(highlight=False)))


if __name__ == "__main__":
    main()

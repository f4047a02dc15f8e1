"""Measures pictures: drawing, painting, and what a cache that asks again costs.

Run `python -m benchmarks.previews [ROUNDS]`; it starts servers of its own in a temporary directory.
"""

import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import structlog
from rich.console import Console
from sqlalchemy import insert

from petplus import registry
from petplus.local.embedded import EmbeddedPostgres, EmbeddedValkey
from shared.core.settings import Settings
from shared.database.migrations import migrate
from subgraphs.builder import demo
from subgraphs.builder.drawing import SIDE, draw
from subgraphs.builder.drawing.raster import rasterise
from subgraphs.builder.drawing.svg import Canvas
from subgraphs.builder.models import BuilderPreset
from subgraphs.builder.service.rendering import Painter
from tests.support.apps import Served, serve

LONGEST_PAINTING_MS = 150
HITS = 300


async def measure(home: Path, rounds: int, console: Console) -> None:
    postgres, valkey = EmbeddedPostgres(home), EmbeddedValkey(home)
    await postgres.start()
    await valkey.start()
    try:
        settings = Settings(home=home, database_url=postgres.url, redis_url=valkey.url)
        builder = registry.load("builder")
        await migrate(builder, settings)
        async with serve(builder, settings) as served:
            await report(served, rounds, console)
    finally:
        await valkey.stop()
        await postgres.stop()


async def report(served: Served, rounds: int, console: Console) -> None:
    rows = demo.preset_rows()
    async with served.database.write() as session:
        await session.execute(insert(BuilderPreset), rows)
    configs = [preset.config for preset in demo.PRESETS] * rounds
    drawn = iter(configs)

    async def drawing() -> None:
        draw(next(drawn))

    painter, svgs = served.runtime.resource(Painter), [draw(config) for config in configs]
    blanks = [Canvas().finish(SIDE, "Nothing")] * len(svgs)
    await painter.paint(svgs[0], SIDE)
    asked = iter([*blanks, *svgs])

    async def painting() -> None:
        await painter.paint(next(asked), SIDE)

    url = f"/presets/{rows[0]['id']}/preview.png"
    etag = (await served.client.get(url)).headers["etag"]

    async def hit() -> None:
        answer = await served.client.get(url, headers={"if-none-match": etag})
        assert answer.status_code == 304

    async def fetch() -> None:
        assert (await served.client.get(url)).status_code == 200

    show(console, "drawing as SVG", await times(drawing, len(configs)))
    show(console, "painting a blank", await times(painting, len(blanks)))
    show(console, "  processor time", [processor_ms(svg) for svg in blanks])
    show(console, f"painting {SIDE}x{SIDE}", await times(painting, len(svgs)))
    worked = [processor_ms(svg) for svg in svgs]
    show(console, "  processor time", worked)
    before = painter.painted
    show(console, "kept picture", await times(fetch, HITS))
    show(console, "hit by entity tag", await times(hit, HITS))
    assert painter.painted == before, "a hit was painted"
    assert p99(worked) < LONGEST_PAINTING_MS, "painting takes too long"


def processor_ms(svg: str) -> float:
    """Milliseconds of one core that a painting takes, however long others keep it waiting."""
    started = time.process_time()
    rasterise(svg, SIDE)
    return (time.process_time() - started) * 1000


async def times(work: Callable[[], Awaitable[None]], count: int) -> list[float]:
    """Milliseconds of each run, one at a time."""
    took = []
    for _ in range(count):
        started = time.perf_counter()
        await work()
        took.append((time.perf_counter() - started) * 1000)
    return took


def show(console: Console, name: str, took: list[float]) -> None:
    console.print(f"{name:20} p50 {statistics.median(took):7.2f} ms   p99 {p99(took):7.2f} ms")


def p99(took: list[float]) -> float:
    return sorted(took)[int(len(took) * 0.99)]


if __name__ == "__main__":
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(30))
    with tempfile.TemporaryDirectory() as directory:
        Path(directory).chmod(0o755)  # as root, the servers run as another user
        asyncio.run(measure(Path(directory), int(sys.argv[1]) if len(sys.argv) > 1 else 2, Console()))

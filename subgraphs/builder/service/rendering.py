"""Paints pixels outside of the event loop: resvg holds the interpreter's lock, so it gets a process of its own."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from shared.core.environment import system_environment
from shared.core.errors import Unavailable
from shared.core.tasks import stop
from shared.runtime import Runtime
from subgraphs.builder.drawing import raster

RENDER_TIMEOUT_SECONDS = 20.0
LARGEST_PNG = 8_000_000
MOST_IN_HAND = 50
"""More than jobs ever ask for at once, so clients find a place beside them, and painted in five seconds or so."""


class Painter:
    """Paints one picture after another, and each that is asked for at the same time only once."""

    def __init__(self) -> None:
        self._turn = asyncio.Lock()
        self._process: asyncio.subprocess.Process | None = None
        self._in_hand: dict[tuple[str, int], asyncio.Task[bytes]] = {}
        self.painted = 0

    @classmethod
    @asynccontextmanager
    async def open(cls, _runtime: Runtime) -> AsyncIterator["Painter"]:
        """Make a painter; its process starts with the first picture."""
        painter = cls()
        try:
            yield painter
        finally:
            await painter.close()

    async def paint(self, svg: str, size: int) -> bytes:
        """Return a drawing as PNG of so many pixels each way.

        Raises Unavailable when too many others are asked for already, or when this one takes too long.
        """
        task = self._in_hand.get((svg, size))
        if task is None:
            if len(self._in_hand) >= MOST_IN_HAND:
                raise Unavailable("Too many pictures are requested at once; try again in a moment.")
            task = self._in_hand[svg, size] = asyncio.create_task(self._paint(svg, size))
            task.add_done_callback(lambda _: self._in_hand.pop((svg, size), None))
        # A client that leaves must not take the picture from others, nor leave half an answer in the pipe.
        return await asyncio.shield(task)

    async def close(self) -> None:
        """End the process, and whatever it is at."""
        await stop(list(self._in_hand.values()))
        await self._dismiss()

    async def _paint(self, svg: str, size: int) -> bytes:
        async with self._turn:
            try:
                async with asyncio.timeout(RENDER_TIMEOUT_SECONDS):
                    png = await self._ask(svg.encode(), size)
            except TimeoutError:
                await self._dismiss()
                raise Unavailable("Rendering the picture takes too long; try again in a moment.") from None
            except BaseException:
                await self._dismiss()
                raise
        self.painted += 1
        return png

    async def _ask(self, svg: bytes, size: int) -> bytes:
        process = await self._hired()
        assert process.stdin is not None and process.stdout is not None  # noqa: S101, PT018 (both are pipes)
        process.stdin.write(raster.REQUEST.pack(size, len(svg)) + svg)
        await process.stdin.drain()
        (length,) = raster.ANSWER.unpack(await process.stdout.readexactly(raster.ANSWER.size))
        if length > LARGEST_PNG:
            raise ValueError(f"a picture of {length} bytes")
        return await process.stdout.readexactly(length)

    async def _hired(self) -> asyncio.subprocess.Process:
        if self._process is None or self._process.returncode is not None:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-I", str(Path(raster.__file__))),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                env=system_environment(),
                # An interrupt of the terminal is for the shop; the end of its input ends this process.
                start_new_session=True,
            )
        return self._process

    async def _dismiss(self) -> None:
        process, self._process = self._process, None
        if process is not None and process.returncode is None:
            process.kill()
            await process.wait()

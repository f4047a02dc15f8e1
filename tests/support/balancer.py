"""A balancer of TCP connections, such as a Service of Kubernetes: it knows nothing of what they carry.

Each connection goes to one of the healthy servers in turn, and is reset where nobody listens there.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx

from tests.support.http import http_client

CHECK_SECONDS = 0.1
"""How often health is checked."""


class Balancer:
    """Balances over the servers at some ports of this machine; they may change at any time."""

    def __init__(self, *ports: int) -> None:
        self.port = 0
        self.ports = list(ports)
        self.healthy = list(ports)
        self.requests: Counter[int] = Counter()
        """How many POST requests each server was sent."""
        self._turn = 0
        self._open: dict[asyncio.Task[None], asyncio.StreamWriter] = {}

    @classmethod
    @asynccontextmanager
    async def open(cls, *ports: int, checked: bool = False) -> AsyncIterator["Balancer"]:
        """Listen until the end of the block; `checked` leaves out servers that are not ready."""
        balancer = cls(*ports)
        server = await asyncio.start_server(balancer._serve, "127.0.0.1", 0)
        balancer.port = server.sockets[0].getsockname()[1]
        checking = asyncio.create_task(balancer._check()) if checked else None
        try:
            yield balancer
        finally:
            if checking is not None:
                checking.cancel()
            server.close()
            for writer in balancer._open.values():
                writer.transport.abort()
            await asyncio.gather(*balancer._open)

    async def _check(self) -> None:
        async with http_client(timeout=CHECK_SECONDS * 10) as client:
            while True:
                self.healthy = [port for port in self.ports if await _is_ready(client, port)]
                await asyncio.sleep(CHECK_SECONDS)

    def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = asyncio.create_task(self._connect(reader, writer))
        self._open[connection] = writer
        connection.add_done_callback(self._open.pop)

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        candidates = self.healthy or self.ports
        self._turn += 1
        port = candidates[self._turn % len(candidates)] if candidates else 0
        try:
            server_reader, server_writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            writer.transport.abort()
            return
        await asyncio.gather(self._carry(reader, server_writer, port), self._carry(server_reader, writer, None))

    async def _carry(self, source: asyncio.StreamReader, target: asyncio.StreamWriter, to: int | None) -> None:
        try:
            while data := await source.read(65536):
                if to is not None:
                    self.requests[to] += data.count(b"POST /")
                target.write(data)
                await target.drain()
        except OSError:
            pass
        target.close()


async def _is_ready(client: httpx.AsyncClient, port: int) -> bool:
    try:
        response = await client.get(f"http://127.0.0.1:{port}/ready", headers={"connection": "close"})
    except httpx.HTTPError:
        return False
    return response.status_code == httpx.codes.OK

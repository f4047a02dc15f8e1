"""A network that can be cut: passes connections on to a server until it is cut, and again when it is mended."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Network:
    """Connections to one server."""

    def __init__(self, port: int) -> None:
        self._to = port
        self._is_cut = False
        self._writers: set[asyncio.StreamWriter] = set()

    def cut(self) -> None:
        """End all connections, and refuse new ones."""
        self._is_cut = True
        for writer in self._writers:
            writer.transport.abort()

    def mend(self) -> None:
        """Let connections pass again."""
        self._is_cut = False

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Pass one connection on."""
        if self._is_cut:
            writer.transport.abort()
            return
        to_reader, to_writer = await asyncio.open_connection("127.0.0.1", self._to)
        self._writers |= {writer, to_writer}
        try:
            await asyncio.gather(_copy(reader, to_writer), _copy(to_reader, writer))
        finally:
            self._writers -= {writer, to_writer}


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(ConnectionError):
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    writer.close()


@asynccontextmanager
async def network_to(port: int) -> AsyncIterator[tuple[Network, str]]:
    """Yield a network to a server of this machine, and the address of its other end."""
    network = Network(port)
    server = await asyncio.start_server(network.handle, "127.0.0.1", 0)
    try:
        own: int = server.sockets[0].getsockname()[1]
        yield network, f"http://127.0.0.1:{own}"
    finally:
        network.cut()
        server.close()

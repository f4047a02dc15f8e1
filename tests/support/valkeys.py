"""Valkey servers on TCP ports, as primaries, replicas and nodes of a cluster; the embedded ones know sockets alone."""

import socket
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from redis.asyncio import Redis
from redis.exceptions import RedisError

from petplus.local.embedded.binaries import valkey_binary
from petplus.local.embedded.directories import ServerDirectory
from tests.support.waiting import eventually


@dataclass
class Valkey:
    """A running server."""

    port: int
    process: "subprocess.Popen[bytes]"

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}"

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    async def info(self, section: str) -> dict[str, object]:
        async with Redis.from_url(self.url) as redis:
            found: dict[str, object] = await redis.info(section)
            return found

    async def promote(self) -> None:
        """Make a replica a primary, as Sentinel and hosted services do."""
        async with Redis.from_url(self.url) as redis:
            await redis.replicaof("NO", "ONE")


@asynccontextmanager
async def valkey(directory: Path, *options: str, replica_of: Valkey | None = None) -> AsyncIterator[Valkey]:
    """Run a server until the end of the block; a replica holds what its primary does when the block begins."""
    port = free_port()
    follow = ["--replicaof", "127.0.0.1", str(replica_of.port)] if replica_of else []
    binary = valkey_binary(ServerDirectory(directory, None))
    argv = [str(binary), "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(directory)]
    made = Valkey(port, _run([*argv, "--repl-diskless-sync-delay", "0", *follow, *options]))

    async def is_ready() -> bool:
        assert made.process.poll() is None, "the server has ended"
        with suppress(RedisError, OSError):
            return replica_of is None or (await made.info("replication"))["master_link_status"] == "up"
        return False

    async def answers() -> bool:
        with suppress(RedisError, OSError):
            return bool(await made.info("server"))
        return False

    try:
        await eventually(answers)
        await eventually(is_ready)
        yield made
    finally:
        made.kill()


def free_port() -> int:
    """Return a port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _run(argv: list[str]) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

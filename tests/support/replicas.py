"""`petplus` commands that stay, such as replicas of a subgraph, on servers that the test gives them."""

import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

from petplus import registry
from petplus.local.backing_services import DATABASE_VARIABLE, REDIS_VARIABLE
from petplus.local.services import http_ready
from shared.core.settings import Settings
from tests.support.apps import Answer
from tests.support.http import http_client
from tests.support.shop import ROOT, free_ports
from tests.support.waiting import TEST_TIMEOUT, eventually


def environment(settings: Settings, **more: str) -> dict[str, str]:
    """Return the environment of a command on the servers of some settings."""
    inherited = {key: value for key, value in os.environ.items() if not key.startswith(("PETPLUS_", "PYTEST_"))}
    named = {
        "PETPLUS_HOME": str(settings.home),
        "PETPLUS_PORT": str(settings.port),
        DATABASE_VARIABLE: settings.database_url,
        REDIS_VARIABLE: settings.redis_url,
        "PETPLUS_JWKS_URL": settings.jwks_url,
    }
    return inherited | {name: value for name, value in named.items() if value is not None} | more


class Command:
    """A running `petplus` command, which may be killed and started again."""

    def __init__(
        self, settings: Settings, log: Path, *arguments: str, under: Sequence[str] = (), **variables: str
    ) -> None:
        """`log` gets its output; `under` is a command that runs it; `variables` are added to its environment."""
        self.settings = settings.model_copy(update={"port": free_ports()})
        self.arguments = arguments
        self._argv = [*under, sys.executable, "-m", "petplus", *arguments]
        self._variables = variables
        self._log = log
        self.start()

    def start(self) -> None:
        """Start it, the first time or again."""
        env = environment(self.settings, **self._variables)
        with self._log.open("ab") as output:
            self.process = subprocess.Popen(self._argv, env=env, stdout=output, stderr=output, cwd=ROOT)

    @property
    def output(self) -> str:
        return self._log.read_text(errors="replace")

    def url(self, name: str) -> str:
        """Return the address of one of its subgraphs."""
        return f"http://127.0.0.1:{registry.port_of(name, self.settings)}"

    def kill(self) -> None:
        """End it with SIGKILL."""
        self.process.kill()
        self.process.wait()

    def stop(self, by: signal.Signals = signal.SIGTERM) -> int:
        """End it politely and return its exit status."""
        if self.process.poll() is None:
            self.process.send_signal(by)
        return self.process.wait(TEST_TIMEOUT)

    async def until_ready(self, name: str) -> None:
        """Return when one of its subgraphs says that it is ready; fails with its output when it ends or takes long."""
        ready = http_ready(f"{self.url(name)}/ready")

        async def is_ready() -> bool:
            assert self.process.poll() is None, self.output
            return await ready()

        await eventually(is_ready, pause=0.05, about=lambda: self.output)

    async def until_says(self, words: str) -> None:
        """Return when its output holds some words."""

        async def says() -> bool:
            assert self.process.poll() is None, self.output
            return words in self.output

        await eventually(says, pause=0.05, about=lambda: self.output)

    async def execute(self, name: str, query: str, token: str | None = None, **variables: Any) -> Answer:
        """Send one operation to one of its subgraphs."""
        headers = {"authorization": f"Bearer {token}"} if token else {}
        async with http_client() as client:
            response = await client.post(
                f"{self.url(name)}/graphql", json={"query": query, "variables": variables}, headers=headers
            )
        return Answer(response.status_code, response.json())


@asynccontextmanager
async def running(*commands: Command) -> AsyncIterator[None]:
    """End commands with the block."""
    async with AsyncExitStack() as stack:
        for command in commands:
            stack.callback(command.stop)
        yield

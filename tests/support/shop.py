"""The whole shop as an operator runs it: `petplus up` in processes of its own, and clients of its router."""

import asyncio
import contextlib
import json
import math
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

from petplus.seeding import Plan, seed
from shared.core.settings import load_settings
from shared.core.supergraph import port_offsets
from subgraphs.user.demo import DEMO_PASSWORD
from tests.support.apps import Answer
from tests.support.clusters import copy_cluster
from tests.support.http import http_client
from tests.support.waiting import TEST_TIMEOUT, in_time, wait_until

ROOT = Path(__file__).parents[2]
PORTS_NEEDED = 1 + max(port_offsets().values())
UNBOUNDED = {
    # All clients of a test are one address, and often one account.
    "PETPLUS_COST_BUCKET": "100000000",
    "PETPLUS_CONNECTIONS_PER_ADDRESS": "100000",
    # On a busy machine all takes long, and nothing may be given up for it.
    "PETPLUS_START_TIMEOUT": "600",
    "PETPLUS_UPSTREAM_TIMEOUT": "600000",
    "PETPLUS_UPSTREAM_IDLE_TIMEOUT": "600000",
    "PETPLUS_REQUEST_WAIT": "600000",
    # Of what hangs at the end of a test nobody waits for the answer.
    "PETPLUS_GRACE_SECONDS": "10",
}
TOKEN_SECONDS = 300
"""For how long a token is used: far less than it is valid for."""
IGNORES_INTERRUPTS = ("sh", "-c", "trap '' INT; exec \"$@\"", "sh")
"""Runs the command that follows it as a shell runs its background jobs: SIGINT is ignored."""

LOG_IN = """
mutation ($email: String!, $password: String!) {
  sessionCreate(input: { email: $email, password: $password }) { ... on SessionCreateSuccess { accessToken } }
}"""


def free_ports() -> int:
    """Return the first of as many neighbouring ports as a shop needs, on which nobody listens."""
    for base in range(20_000 + os.getpid() % 1000 * 10, 60_000, 10):
        with contextlib.ExitStack() as stack:
            try:
                for port in range(base, base + PORTS_NEEDED):
                    stack.enter_context(socket.socket()).bind(("127.0.0.1", port))
            except OSError:
                continue
            return base
    raise AssertionError("no free ports")


def reachable(directory: Path) -> Path:
    """Open a temporary directory and those above it to the user that servers run as when we are root."""
    for path in (directory, *directory.parents):
        if path.stat().st_uid == os.getuid() and path.is_relative_to(tempfile.gettempdir()) and path != path.parent:
            path.chmod(path.stat().st_mode | 0o011)
    return directory


class Shop:
    """A running `petplus up`."""

    def __init__(
        self,
        home: Path,
        *arguments: str,
        env: Mapping[str, str] | None = None,
        under: Sequence[str] = (),
        from_nothing: bool = False,
    ) -> None:
        """`under` is a command that runs the command that follows it, such as `IGNORES_INTERRUPTS`.

        `from_nothing` leaves it to the shop to make its server and tables, or it needs no server.
        """
        self.home = home
        if not from_nothing:
            copy_cluster(home)
        self._under = under
        self.port = free_ports()
        self.url = f"http://127.0.0.1:{self.port}/graphql"
        inherited = {key: value for key, value in os.environ.items() if not key.startswith(("PETPLUS_", "PYTEST_"))}
        usual = {"PETPLUS_HOME": str(home), "PETPLUS_PORT": str(self.port), **UNBOUNDED}
        self._env = inherited | usual | dict(env or {})
        self._output = home.parent / f"{home.name}.out"
        self._arguments = arguments
        self._tokens: dict[str, tuple[str, float]] = {}
        self.process = self._start()

    def _start(self) -> "subprocess.Popen[bytes]":
        with self._output.open("ab") as output:
            argv = [*self._under, sys.executable, "-m", "petplus", "up", *self._arguments]
            return subprocess.Popen(argv, env=self._env, stdout=output, stderr=output, cwd=ROOT, start_new_session=True)

    @property
    def output(self) -> str:
        return self._output.read_text(errors="replace")

    def wait_until_up(self) -> None:
        """Return when the shop says that it is up; fails with its output when it ends or takes too long."""

        def is_up() -> bool:
            assert self.process.poll() is None, f"exit {self.process.poll()}: {self.output}"
            return "All Pet Plus is up" in self.output

        wait_until(is_up, pause=0.05, about=lambda: self.output)

    def stop(self, by: signal.Signals = signal.SIGTERM) -> int:
        """Ask it to end and return the exit status."""
        if self.process.poll() is None:
            self.process.send_signal(by)
        return self.process.wait(TEST_TIMEOUT)

    def restart(self) -> None:
        """Start it again on the same data."""
        self._output.unlink()
        self.process = self._start()
        self.wait_until_up()

    def seed(self, *, users: int = 12, designs: int = 40, orders: int = 60) -> None:
        """Fill it with demo data, as `petplus seed` does, which takes seconds to load."""
        addresses = json.loads((self.home / "addresses.json").read_text(encoding="utf-8"))
        with pytest.MonkeyPatch.context() as patch:
            for name, value in {**self._env, **addresses}.items():
                if name.startswith("PETPLUS_"):
                    patch.setenv(name, value)
            plan = Plan(users=users, designs=designs, orders=orders)
            asyncio.run(seed(load_settings(), plan, Console(quiet=True)))

    def run(self, *arguments: str) -> str:
        """Run another `petplus` command against the same home."""
        argv = [sys.executable, "-m", "petplus", *arguments]
        done = subprocess.run(argv, env=self._env, cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    async def execute(self, query: str, token: str | None = None, **variables: Any) -> Answer:
        """Send one operation to the router."""
        headers = {"authorization": f"Bearer {token}"} if token else {}
        async with http_client() as client:
            response = await client.post(self.url, json={"query": query, "variables": variables}, headers=headers)
        return Answer(response.status_code, response.json())

    async def log_in(self, name: str) -> str:
        """Return the access token of a demo account: customer, support or admin."""
        email = f"{name}@allpetplus.example"
        answer = await self.execute(LOG_IN, email=email, password=DEMO_PASSWORD)
        token: str = answer.data["sessionCreate"]["accessToken"]
        return token

    async def token_of(self, name: str) -> str:
        """Return an access token of a demo account that others use too: a log-in costs as much as ten requests."""
        token, since = self._tokens.get(name, ("", -math.inf))
        if time.monotonic() - since > TOKEN_SECONDS:
            token = await self.log_in(name)
            self._tokens[name] = token, time.monotonic()
        return token

    def forget_tokens(self) -> None:
        """Log in anew from now on, because sessions of demo accounts have ended."""
        self._tokens.clear()

    async def sse(self, query: str, token: str, **variables: Any) -> AsyncGenerator[Any, None]:
        """Subscribe over server-sent events; yields each result."""
        headers = {"authorization": f"Bearer {token}", "accept": "text/event-stream"}
        payload = {"query": query, "variables": variables}
        async with http_client() as client, client.stream("POST", self.url, json=payload, headers=headers) as response:
            assert response.status_code == 200, await response.aread()
            kind = ""
            async for line in response.aiter_lines():
                if line.startswith("event:"):
                    kind = line.removeprefix("event:").strip()
                elif line.startswith("data:") and kind == "next":
                    yield json.loads(line.removeprefix("data:"))
                elif line.startswith("data:") and kind == "complete":
                    return

    async def multipart(self, query: str, token: str, **variables: Any) -> AsyncIterator[Any]:
        """Subscribe by Apollo's multipart protocol; yields each result."""
        accept = "multipart/mixed;subscriptionSpec=1.0, application/json"
        headers = {"authorization": f"Bearer {token}", "accept": accept}
        payload = {"query": query, "variables": variables}
        async with http_client() as client, client.stream("POST", self.url, json=payload, headers=headers) as response:
            assert response.headers["content-type"].startswith("multipart/mixed"), await response.aread()
            async for line in response.aiter_lines():
                # A heartbeat is an empty object.
                if line.startswith("{") and (part := json.loads(line)):
                    yield part["payload"]

    async def websocket(self, query: str, token: str, **variables: Any) -> AsyncIterator[Any]:
        """Run an operation over graphql-transport-ws; yields each result, and the errors of one that does not run."""
        url = self.url.replace("http:", "ws:")
        async with connect(url, subprotocols=[Subprotocol("graphql-transport-ws")]) as socket_:
            hello = {"type": "connection_init", "payload": {"authorization": f"Bearer {token}"}}
            await socket_.send(json.dumps(hello))
            assert json.loads(await socket_.recv())["type"] == "connection_ack"
            payload = {"query": query, "variables": variables}
            await socket_.send(json.dumps({"id": "1", "type": "subscribe", "payload": payload}))
            async for text in socket_:
                message = json.loads(text)
                if message["type"] == "next":
                    yield message["payload"]
                elif message["type"] == "ping":
                    await socket_.send(json.dumps({"type": "pong"}))
                elif message["type"] == "error":
                    yield {"errors": message["payload"]}
                    return
                else:
                    assert message["type"] == "complete", message
                    return


@contextlib.contextmanager
def shop(
    home: Path, *arguments: str, env: Mapping[str, str] | None = None, from_nothing: bool = False
) -> Iterator[Shop]:
    """Run a shop for the length of the block; see `Shop`."""
    running = Shop(home, *arguments, env=env, from_nothing=from_nothing)
    try:
        running.wait_until_up()
        yield running
    finally:
        running.stop()


async def take(stream: AsyncIterator[Any], count: int) -> list[Any]:
    """Return the next results of a subscription."""
    async with in_time():
        return [await anext(stream) for _ in range(count)]

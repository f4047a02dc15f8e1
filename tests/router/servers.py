"""Runs the router against the stand-ins, all as real processes on free ports."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from petplus.local.node import ROUTER, find_node
from tests.router.tokens import KEY, key_set
from tests.router.toy.orders import order_schema
from tests.router.toy.people import builder_schema, user_schema
from tests.support.http import http_client
from tests.support.waiting import TEST_TIMEOUT, eventually, wait_until

REPOSITORY = ROUTER.parent
TOYS = Path(__file__).parent / "toy"
SCHEMAS = {"user": user_schema, "builder": builder_schema, "order": order_schema}
FAULTY = ("webhook", "analytics", "audit")
# Longer than any test: what ends does not end by them. A test of the time-outs sets its own.
UPSTREAM_TIMEOUT_MS = 600_000
UPSTREAM_IDLE_TIMEOUT_MS = 600_000
GRACE_SECONDS = 10
"""How long a router is waited for at the end of the tests, whatever they have left open."""
SECRET = "a-secret-of-production-in-tests-alone"

FOLLOW = """
subscription ($order: ID!, $after: Int! = 0) {
  orderStatusChanged(orderId: $order, afterVersion: $after) { version order { customer { name } design { name } } }
}
"""
ADVANCE = "mutation ($order: ID!) { orderStatusAdvance(orderId: $order) }"


def write_subgraphs(folder: Path) -> Path:
    """Writes the schemas of the stand-ins and the file that names them; answers its path."""
    lines = ["federation_version: =2.9.3", "subgraphs:"]
    for name in (*SCHEMAS, *FAULTY):
        schema = SCHEMAS.get(name)
        text = schema.as_str() if schema else (TOYS / f"{name}.graphql").read_text()
        (folder / f"{name}.graphql").write_text(text)
        lines += [f"  {name}:", "    routing_url: http://127.0.0.1:1/graphql", f"    schema: {{file: {name}.graphql}}"]
    config = folder / "supergraph.yaml"
    config.write_text("\n".join(lines))
    return config


def run_script(name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs one of the router's tools to its end."""
    command = [str(find_node().binary), str(ROUTER / "tools" / name), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=TEST_TIMEOUT)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class Testbed:
    """The running parts, and a client of the router."""

    __test__ = False

    supergraph: Path
    ports: dict[str, int] = field(default_factory=lambda: {name: _free_port() for name in ("people", "order", "audit")})
    port: int = field(default_factory=_free_port)
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.keys.write_text(key_set(KEY))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/graphql"

    @property
    def keys(self) -> Path:
        """The file that the stand-in for user answers as its JWKS."""
        return self.supergraph.with_name(f"keys-{self.port}.json")

    @property
    def log(self) -> Path:
        return self.supergraph.with_name(f"router-{self.port}.log")

    def start_toy(self, role: str) -> None:
        command = [sys.executable, "-m", "tests.router.toy.app", role, str(self.ports[role])]
        environment = {**os.environ, "TOY_KEYS": str(self.keys)}
        self.running[role] = subprocess.Popen(command, cwd=REPOSITORY, env=environment)
        self._wait(self.ports[role], role)

    def start_router(self, **variables: str) -> None:
        people, order, audit = (f"http://127.0.0.1:{self.ports[name]}" for name in ("people", "order", "audit"))
        environment = {
            **os.environ,
            "PETPLUS_PORT": str(self.port),
            "PETPLUS_SUPERGRAPH": str(self.supergraph),
            "PETPLUS_UPSTREAM_TIMEOUT": str(UPSTREAM_TIMEOUT_MS),
            "PETPLUS_UPSTREAM_IDLE_TIMEOUT": str(UPSTREAM_IDLE_TIMEOUT_MS),
            "PETPLUS_GRACE_SECONDS": str(GRACE_SECONDS),
            "PETPLUS_JWKS_URL": f"{people}/.well-known/jwks.json",
            "PETPLUS_COST_BUCKET": "100000000",
            "PETPLUS_USER_URL": f"{people}/user/graphql",
            "PETPLUS_BUILDER_URL": f"{people}/builder/graphql",
            "PETPLUS_WEBHOOK_URL": f"{people}/webhook/graphql",
            "PETPLUS_ANALYTICS_URL": f"{people}/analytics/graphql",
            "PETPLUS_ORDER_URL": f"{order}/graphql",
            "PETPLUS_AUDIT_URL": f"{audit}/graphql",
            **variables,
        }
        command = [str(find_node().binary), str(ROUTER / "server.mjs")]
        with self.log.open("wb") as log:
            self.running["router"] = subprocess.Popen(command, env=environment, stderr=log)
        self._wait(self.port, "router")

    def kill(self, role: str) -> None:
        process = self.running.pop(role)
        process.kill()
        process.wait()

    def stop(self) -> None:
        """Ends the router politely, which it must obey, and the stand-ins firmly."""
        for role, process in self.running.items():
            if role == "router":
                process.terminate()
            else:
                process.kill()
        for process in self.running.values():
            process.wait(timeout=TEST_TIMEOUT)

    def _wait(self, port: int, role: str) -> None:
        def listens() -> bool:
            if self.running[role].poll() is not None:
                raise ChildProcessError(f"{role} has ended")
            with socket.socket() as probe:
                return probe.connect_ex(("127.0.0.1", port)) == 0

        wait_until(listens, about=lambda: f"{role} does not listen")

    async def post(self, query: str, headers: dict[str, str] | None = None, **variables: Any) -> httpx.Response:
        async with http_client() as client:
            return await client.post(self.url, json={"query": query, "variables": variables}, headers=headers)

    async def client_post(self, body: dict[str, Any], accept: str = "application/json") -> httpx.Response:
        """Send a whole body."""
        async with http_client() as client:
            return await client.post(self.url, json=body, headers={"accept": accept})

    async def execute(self, query: str, **variables: Any) -> dict[str, Any]:
        """Sends one operation; answers all but its cost."""
        answer: dict[str, Any] = (await self.post(query, **variables)).json()
        return {name: value for name, value in answer.items() if name != "extensions"}

    async def until_watched_by(self, count: int) -> None:
        """Waits until the stand-in for order has so many subscribers."""

        async def watched() -> bool:
            return bool((await self.execute("{ watchers }"))["data"]["watchers"] == count)

        await eventually(watched, pause=0.02)

    @asynccontextmanager
    async def follow(self, order: str, **variables: Any) -> AsyncIterator[AsyncIterator[dict[str, Any]]]:
        """Opens a subscription as an event stream; yields the payloads, and ends with the completed stream."""
        body = {"query": FOLLOW, "variables": {"order": order, **variables}}
        headers = {"accept": "text/event-stream"}
        async with http_client() as client, client.stream("POST", self.url, json=body, headers=headers) as response:
            assert response.status_code == httpx.codes.OK
            yield _payloads(response)

    async def events(self, query: str, count: int) -> list[dict[str, Any]]:
        """Return the first events of a subscription."""
        async with (
            http_client() as client,
            client.stream("POST", self.url, json={"query": query}, headers={"accept": "text/event-stream"}) as response,
        ):
            found: list[dict[str, Any]] = []
            async for line in response.aiter_lines():
                if line.startswith("data: {"):
                    found.append(json.loads(line.removeprefix("data: ")))
                if len(found) == count:
                    break
            return found


async def _payloads(response: httpx.Response) -> AsyncIterator[dict[str, Any]]:
    completed = False
    async for line in response.aiter_lines():
        completed = completed or line == "event: complete"
        if line.startswith("data: {"):
            yield json.loads(line.removeprefix("data: "))
    assert completed

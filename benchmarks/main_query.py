"""Measures the main query through the router, beside the calls to subgraphs that the router makes for it.

The shop runs with a process for each subgraph. A second router, whose subgraphs are stand-ins that pass requests on,
shows which calls the query takes; these are then sent to the subgraphs directly as the router sends them, signed, one
after another, in turns with the whole query through the first router. A figure is the median of the rounds. The CPU
time is that of the router and the subgraphs, without PostgreSQL's and Valkey's.

Run `python -m benchmarks.main_query [--rounds N]`; it starts servers of its own in a temporary directory.
"""

import argparse
import asyncio
import json
import os
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import uvicorn
from rich.console import Console
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from benchmarks.hot_path.measurement import Connection, cpu_seconds
from petplus import registry
from petplus.generated import composition as compose
from petplus.local.node import ROUTER
from shared.core.settings import Settings
from shared.http.request import PATH
from shared.security.request_signature import ADDRESS, PURPOSE, SIGNATURE, TIME, WAIT, sign
from tests.supergraph.test_journeys import MAIN
from tests.support.shop import Shop, free_ports, shop

ROUNDS = 9
QUERIES_A_ROUND = 30
WARM_UP = 150
PROMISED = 1.5
"""The query costs at most so many times what the calls for it do."""
TRAVELLING = ("authorization", "content-type", "accept", "x-request-id", ADDRESS.decode(), WAIT.decode())
SEED = ("--users", "200", "--designs", "600", "--orders", "1000")


@dataclass(frozen=True)
class Call:
    """A request that the router sent to a subgraph."""

    subgraph: str
    body: bytes
    headers: dict[str, str]

    def connect(self, settings: Settings) -> Connection:
        """Open a connection that sends it, signed anew: a signature is good for a minute."""
        headers = {**self.headers, TIME.decode(): str(int(time.time()))}
        key = settings.router_keys(PURPOSE)[0]
        signed = {name.encode(): value.encode() for name, value in headers.items()}
        headers[SIGNATURE.decode()] = sign(key, self.subgraph, signed, PATH.encode(), self.body)
        return Connection(registry.port_of(self.subgraph, settings), PATH, headers, self.body)


class Recorder:
    """Stands before all subgraphs: passes each request on, and keeps it."""

    def __init__(self, settings: Settings) -> None:
        self.calls: list[Call] = []
        self._settings = settings
        self._client = httpx.AsyncClient(timeout=30, trust_env=False)
        self.app = Starlette(routes=[Route("/{name}/graphql", self._pass_on, methods=["POST"])])

    async def _pass_on(self, request: Request) -> Response:
        name, body = request.path_params["name"], await request.body()
        headers = {key: request.headers[key] for key in TRAVELLING if key in request.headers}
        self.calls.append(Call(name, body, headers))
        url = f"http://127.0.0.1:{registry.port_of(name, self._settings)}/graphql"
        answer = await self._client.post(url, content=body, headers=headers)
        return Response(answer.content, answer.status_code, media_type=answer.headers["content-type"])


@asynccontextmanager
async def recording_router(shop: Shop, port: int) -> AsyncIterator[Recorder]:
    """Run a router before the recorder, before the shop's subgraphs."""
    recorder = Recorder(Settings(port=shop.port))
    server = uvicorn.Server(uvicorn.Config(recorder.app, port=port + 1, log_level="warning"))
    serving = asyncio.create_task(server.serve())
    urls = {f"PETPLUS_{name.upper()}_URL": f"http://127.0.0.1:{port + 1}/{name}/graphql" for name in registry.NAMES}
    user = registry.port_of("user", Settings(port=shop.port))
    keys = {"PETPLUS_JWKS_URL": f"http://127.0.0.1:{user}/.well-known/jwks.json"}
    env = compose.gateway_environment(Settings(port=port), os.environ | urls | keys)
    process = await asyncio.create_subprocess_exec(*compose.gateway_command(), env=env, cwd=ROUTER)
    try:
        await asyncio.to_thread(Connection.wait_for, port)
        yield recorder
    finally:
        process.terminate()
        await process.wait()
        server.should_exit = True
        await serving


async def calls_of(shop: Shop, token: str) -> list[Call]:
    """Return the calls that the router makes for the main query, in their order."""
    port = free_ports()
    async with recording_router(shop, port) as recorder, httpx.AsyncClient(timeout=30, trust_env=False) as client:
        answer = await client.post(
            f"http://127.0.0.1:{port}/graphql", json={"query": MAIN}, headers={"authorization": f"Bearer {token}"}
        )
        assert "errors" not in answer.json(), answer.json()
        return recorder.calls


def processes(shop: Shop) -> dict[str, int]:
    """Return the ids of the router's and the subgraphs' processes, by name."""
    found = {}
    for directory in Path("/proc").glob("[0-9]*"):
        try:
            words = (directory / "cmdline").read_text().split("\0")
            parent = int((directory / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        if parent == shop.process.pid and "serve" in words:
            found[words[-2]] = int(directory.name)
        elif parent == shop.process.pid and str(ROUTER / "server.mjs") in words:
            found["router"] = int(directory.name)
    assert set(found) == {"router", *registry.NAMES}, found
    return found


def measured(connections: Sequence[Connection], pids: dict[str, int]) -> tuple[dict[str, float], float]:
    """Send all requests one after another, many times; returns CPU ms by process and the median ms of waiting."""
    for connection in connections:
        connection.wake()
    before, waited = {name: cpu_seconds(pid) for name, pid in pids.items()}, []
    for _ in range(QUERIES_A_ROUND):
        begun = time.perf_counter()
        for connection in connections:
            connection.send()
        waited.append((time.perf_counter() - begun) * 1000)
    spent = {name: (cpu_seconds(pid) - before[name]) * 1000 / QUERIES_A_ROUND for name, pid in pids.items()}
    return spent, statistics.median(waited)


def compare(shop: Shop, token: str, calls: Sequence[Call], rounds: int, out: Console) -> None:
    """Measure and print."""
    settings, pids = Settings(port=shop.port), processes(shop)
    headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
    whole = [Connection(shop.port, "/graphql", headers, json.dumps({"query": MAIN}).encode())]
    for connection in [*whole * WARM_UP, *[call.connect(settings) for call in calls] * WARM_UP]:
        connection.send()
    through, apart = [], []
    for _ in range(rounds):
        through.append(measured(whole, pids))
        direct = [call.connect(settings) for call in calls]
        apart.append(measured(direct, pids))
        for connection in direct:
            connection.close()
    waits = [statistics.median(wait for _, wait in each) for each in (through, apart)]
    costs = [statistics.median(sum(spent.values()) for spent, _ in each) for each in (through, apart)]
    routers = statistics.median(spent["router"] for spent, _ in through)
    out.print(f"{len(calls)} calls: {', '.join(call.subgraph for call in calls)}")
    for name, unit, (query, parts) in (("CPU", "ms", costs), ("latency", "ms", waits)):
        verdict = "kept" if query <= PROMISED * parts else "missed"
        out.print(
            f"{name:8} through the router {query:6.2f} {unit}, its calls {parts:6.2f} {unit}: {query / parts:.2f} times"
            f" (promised {PROMISED}: {verdict})"
        )
    out.print(f"the router itself: {routers:.2f} ms of CPU")


async def run(home: Path, rounds: int, out: Console) -> None:
    with shop(home, "--no-seed", "--split") as running:
        running.run("seed", *SEED)
        token = await running.log_in("customer")
        calls = await calls_of(running, token)
        await asyncio.to_thread(compare, running, token, calls, rounds, out)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as directory:
        Path(directory).chmod(0o755)  # as root, the servers run as another user
        asyncio.run(run(Path(directory, "home"), parser.parse_args().rounds, Console(highlight=False)))

"""Starts what is measured: one seeded database, and each contender in a process of its own."""

import json
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
from rich.console import Console
from sqlalchemy import make_url

from benchmarks.hot_path.measurement import Connection
from benchmarks.hot_path.queries import OWNERS_ASKED, USERS_ASKED, Request, requests
from petplus import registry, seeding
from petplus.local.embedded import EmbeddedPostgres, EmbeddedValkey
from petplus.local.node import find_node
from shared.core.settings import Settings
from shared.database.migrations import migrate
from tests.support.apps import identities
from tests.support.replicas import Command
from tests.support.shop import ROOT, free_ports

YOGA = Path(__file__).parents[1] / "yoga"
PLAN = seeding.Plan(users=200, designs=2_000, orders=1_000)


@dataclass(frozen=True)
class Contender:
    """A process that answers the requests, and where it does so."""

    name: str
    process: "subprocess.Popen[bytes]"
    ports: Mapping[str, int]
    """The port by subgraph, or one for all under `*`."""
    path: str = "/graphql"
    headers: Mapping[str, str] | None = None
    seconds: float = 0.0
    """How long it took to start."""

    def connect(self, request: Request) -> Connection:
        """Open a connection to where this contender answers a request."""
        port = self.ports.get(request.subgraph) or self.ports["*"]
        headers = {"content-type": "application/json"} | dict(self.headers or {})
        if request.stub:
            headers["x-stub"] = "1"
        return Connection(port, self.path.format(name=request.name), headers, request.body)


@dataclass(frozen=True)
class Testbed:
    """All that is needed to measure."""

    settings: Settings
    contenders: Sequence[Contender]
    requests: Sequence[Request]


@asynccontextmanager
async def testbed(home: Path, variants: Mapping[str, Mapping[str, str]], out: Console) -> AsyncIterator[Testbed]:
    """Start everything; `variants` are our subgraphs by name, each with variables of its own."""
    async with AsyncExitStack() as stack:
        postgres, valkey = EmbeddedPostgres(home), EmbeddedValkey(home)
        await postgres.start()
        stack.push_async_callback(postgres.stop)
        await valkey.start()
        stack.push_async_callback(valkey.stop)
        settings = Settings(home=home, database_url=postgres.url, redis_url=valkey.url)
        for subgraph in registry.load_all():
            await migrate(subgraph, settings)
        await seeding.seed(settings, PLAN, out)
        people, jwks = await stack.enter_async_context(identities(settings))
        settings = settings.model_copy(update={"jwks_url": jwks})
        token = people.token("usr_00000000000000000000000000", "SUPPORT")
        users, owners = await chosen(settings)
        contenders: list[Contender] = []
        for name, variables in variants.items():
            log = home / f"{name.replace(' ', '-')}.log"
            begun = time.perf_counter()
            ours = Command(settings, log, "serve", "user", "builder", "order", "--api-only", **variables)
            stack.callback(ours.stop)
            for subgraph_name in ("user", "builder", "order"):
                await ours.until_ready(subgraph_name)
            ports = {each: registry.port_of(each, ours.settings) for each in ("user", "builder", "order")}
            seconds = time.perf_counter() - begun
            headers = {"authorization": f"Bearer {token}"}
            contenders.append(Contender(name, ours.process, ports, headers=headers, seconds=seconds))
        contenders.extend(others(settings, stack))
        yield Testbed(settings, contenders, requests(users, owners))


def others(settings: Settings, stack: AsyncExitStack) -> Iterator[Contender]:
    """Start the contenders that are not ours."""
    place = json.dumps(place_of(settings))
    module = "benchmarks.hot_path.contenders"
    yield stack.enter_context(python("stock Strawberry", f"{module}.stock:app", place, "/graphql"))
    yield stack.enter_context(python("hand-written", f"{module}.handwritten:app", place, "/{name}"))
    yield stack.enter_context(node("graphql-yoga", place))
    yield stack.enter_context(node("graphql-yoga + jit", place, BENCH_JIT="1"))


@contextmanager
def python(name: str, app: str, place: str, path: str) -> Iterator[Contender]:
    """Run an application in uvicorn as it comes."""
    port = free_ports()
    argv = [sys.executable, "-m", "uvicorn", app, "--port", str(port), "--log-level", "warning", "--no-access-log"]
    begun = time.perf_counter()
    with started(argv, ROOT, BENCH_DATABASE=place) as process:
        Connection.wait_for(port)
        yield Contender(name, process, {"*": port}, path, seconds=time.perf_counter() - begun)


@contextmanager
def node(name: str, place: str, **variables: str) -> Iterator[Contender]:
    """Run graphql-yoga."""
    port = free_ports()
    argv = [str(find_node().binary), "server.mjs"]
    environment = {"BENCH_DATABASE": place, "BENCH_PORT": str(port), "NODE_ENV": "production"} | variables
    begun = time.perf_counter()
    with started(argv, YOGA, **environment) as process:
        Connection.wait_for(port)
        yield Contender(name, process, {"*": port}, seconds=time.perf_counter() - begun)


@contextmanager
def started(argv: Sequence[str], directory: Path, **variables: str) -> Iterator["subprocess.Popen[bytes]"]:
    """Run a process to the end of the block."""
    process = subprocess.Popen(argv, cwd=directory, env=os.environ | variables)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(10)


def place_of(settings: Settings) -> dict[str, Any]:
    """Return where the database is, in the words of asyncpg and of Node's pg alike."""
    url = make_url(settings.database_url_of("order"))
    host, port = url.query.get("host", url.host), url.query.get("port", url.port or 5432)
    return {
        "host": str(host),
        "port": int(str(port)),
        "user": str(url.username),
        "password": str(url.password),
        "database": str(url.database),
    }


async def chosen(settings: Settings) -> tuple[list[str], list[str]]:
    """Return the ids that are asked for: users, and owners of at least one design."""
    connection = await asyncpg.connect(**place_of(settings))
    try:
        users = await connection.fetch('SELECT id FROM "user".user_profile ORDER BY id LIMIT $1', USERS_ASKED)
        owners = await connection.fetch(
            "SELECT DISTINCT owner_id AS id FROM builder.saved_design ORDER BY 1 LIMIT $1", OWNERS_ASKED
        )
    finally:
        await connection.close()
    return [row["id"] for row in users], [row["id"] for row in owners]


def install_yoga(out: Console) -> None:
    """Install graphql-yoga from its lockfile, unless it is there."""
    if (YOGA / "node_modules").exists():
        return
    out.print("Installing graphql-yoga …")
    found = find_node()
    options = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    subprocess.run([str(found.binary), str(found.npm), *options], cwd=YOGA, check=True)

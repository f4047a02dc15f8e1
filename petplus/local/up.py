"""`petplus up`: the whole shop on this machine, supervised, from one command.

What only some starts need is imported by those: SQLAlchemy alone takes as long as all of the rest.
"""

import asyncio
import contextlib
import os
import sys
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

import asyncpg
import httpx
from rich.console import Console

from petplus import registry
from petplus.configuration import check_router_settings, is_loopback
from petplus.generated import composition as compose
from petplus.local import node
from petplus.local.apps import APPS, DEV_ADDRESSES, dev_command, ensure_app_tools, ensure_apps
from petplus.local.backing_services import (
    CACHE_VARIABLE,
    DATABASE_VARIABLE,
    REDIS_VARIABLE,
    embedded_valkeys,
    publish_addresses,
)
from petplus.local.embedded import EmbeddedPostgres
from petplus.local.embedded.directories import make_private
from petplus.local.engines import Engine
from petplus.local.environments import subgraph_environment
from petplus.local.process import ServiceError, exit_text, spawn
from petplus.local.services import CommandService, Service, Step, console_lines, http_ready, until_ready
from petplus.local.supervisor import Supervisor
from shared.core.environment import system_environment
from shared.core.settings import Settings

APP_URL_VARIABLE = "PETPLUS_APP_URL"
_CLOSING_SECONDS = 8.0
"""What a process may take to close what it holds open, after its last request."""
_COMPILE_CACHE = "NODE_COMPILE_CACHE"
_PUBLISHED_PASSWORDS = (
    "The passwords of the demo accounts are published, an administrator's too, and so are the default secrets of "
    "webhooks: open this shop to a network that you trust, or start without demo data (--no-seed)."
)


class Up:
    """One run of everything: which parts there are, and in which order they start."""

    def __init__(
        self,
        settings: Settings,
        out: Console,
        *,
        split: bool,
        seed: bool,
        dev_apps: bool = False,
        engine: Engine = Engine.GATEWAY,
    ) -> None:
        """`split` gives each subgraph its own process; `seed` fills an empty database with demo data; `dev_apps` has
        Vite serve the apps too, which shows each change of their sources at once.
        """
        self._settings = settings
        self._out = out
        self._split = split
        self._seed = seed
        self._dev_apps = dev_apps
        self._engine = engine
        self._postgres = EmbeddedPostgres(settings.home) if settings.database_url is None else None
        self._valkeys = embedded_valkeys(settings)

    @property
    def _ready(self) -> str:
        return "readiness" if self._engine is Engine.HIVE else "ready"

    @property
    def _url(self) -> str:
        return f"http://{self._settings.host}:{self._settings.port}"

    async def run(self) -> None:
        """Run until Ctrl-C; raises ServiceError with one sentence when something cannot be kept running."""
        await Supervisor(self._settings.home, self._stages()).run(when_ready=self._announce)

    def _stages(self) -> list[list[Service]]:
        groups = [[name] for name in registry.NAMES] if self._split else [list(registry.NAMES)]
        stages: list[list[Service]] = [
            [Step("router settings", self._check_router)],
            [*([self._postgres] if self._postgres else []), *self._valkeys.values()],
            [Step("addresses", self._publish_addresses)],
            [Step("demo accounts", self._check_demo_accounts)] if self._settings.is_production else [],
            # Before anything can be asked: what somebody changes meanwhile would be in the way of the demo data.
            [Step("apps", self._build_apps), *([Step("demo data", self._seed_if_empty)] if self._seed else [])],
            [self._router(), *[self._subgraphs(group) for group in groups]],
            [self._dev_app(name) for name in self._dev_names()] if self._dev_apps else [],
            [Step("first answer", until_ready("router", f"{self._url}/{self._ready}", self._settings.start_timeout))],
        ]
        return [stage for stage in stages if stage]

    def _environment(self) -> dict[str, str]:
        """Return this process's environment, with the addresses of the embedded servers. No child gets all of it."""
        found = dict(os.environ)
        if self._postgres is not None:
            found[DATABASE_VARIABLE] = self._postgres.url
        if not self._settings.is_production:
            # The pages that mails lead to are the storefront's.
            found.setdefault(APP_URL_VARIABLE, DEV_ADDRESSES["web"].rstrip("/") if self._dev_apps else self._url)
        return found | {variable: valkey.url for variable, valkey in self._valkeys.items()}

    def _subgraphs(self, names: list[str]) -> CommandService:
        ports = [registry.port_of(name, self._settings) for name in names]
        return CommandService(
            names[0] if self._split else "subgraphs",
            [*_petplus(), "serve", "--migrate", *names],
            log=self._log(names[0] if self._split else "subgraphs"),
            env=lambda: subgraph_environment(names, self._environment()),
            port=ports[0],
            ready=_all_ready([f"http://{self._settings.host}:{port}/ready" for port in ports]),
            deadline=self._settings.start_timeout,
            grace=self._settings.stop_seconds + _CLOSING_SECONDS,
            on_line=console_lines(names[0] if self._split else "subgraphs"),
        )

    def _router(self) -> CommandService:
        is_hive = self._engine is Engine.HIVE
        argv, prepare = compose.gateway_command(), _prepare_gateway
        if is_hive:
            from petplus import hive_router

            argv, prepare = [str(hive_router.find_hive_router(self._settings))], hive_router.prepare
        return CommandService(
            "router",
            argv,
            log=self._log("router"),
            env=lambda: prepare(self._settings, self._environment()),
            port=self._settings.port,
            # Not readiness, which needs the subgraphs: a router that is started again serves those that are there.
            ready=http_ready(f"{self._url}/{'health' if is_hive else 'healthz'}"),
            deadline=self._settings.start_timeout,
            grace=self._settings.stop_seconds + _CLOSING_SECONDS,
            on_line=console_lines("router"),
        )

    def _dev_names(self) -> list[str]:
        # In production nobody is shown GraphiQL.
        return [name for name in DEV_ADDRESSES if name != "graphiql" or not self._settings.is_production]

    def _dev_app(self, name: str) -> CommandService:
        url = httpx.URL(DEV_ADDRESSES[name])
        return CommandService(
            f"app {name}",
            dev_command(name),
            log=self._log(f"app-{name}"),
            env=lambda: system_environment() | {"DEV_ROUTER_URL": self._url},
            cwd=APPS,
            port=url.port,
            ready=http_ready(str(url)),
            deadline=self._settings.start_timeout,
        )

    def _log(self, name: str) -> Path:
        return self._settings.home / "logs" / f"{name}.log"

    async def _publish_addresses(self) -> None:
        found = self._environment()
        named = (DATABASE_VARIABLE, REDIS_VARIABLE, CACHE_VARIABLE)
        publish_addresses(self._settings.home, {name: found[name] for name in named if found.get(name)})

    async def _check_router(self) -> None:
        await asyncio.to_thread(node.ensure_router_modules, say=self._out.print)
        await asyncio.to_thread(check_router_settings, self._settings, os.environ)

    async def _build_apps(self) -> None:
        # Sources that are being written may not build, and Vite says why.
        prepare = ensure_app_tools if self._dev_apps else ensure_apps
        await asyncio.to_thread(prepare, say=self._out.print)

    async def _seed_if_empty(self) -> None:
        environment = self._environment()
        from petplus.bulk_copy import has_users

        # The command says more than yes or no, and waits for a database that is away, but takes seconds to load.
        with contextlib.suppress(OSError, asyncpg.PostgresError):
            if await has_users(self._reachable_settings()):
                return
        own = subgraph_environment(registry.NAMES, environment)
        await _finish("demo data", [*_petplus(), "seed", "--if-empty"], own, self._log("seed"))

    async def _check_demo_accounts(self) -> None:
        from petplus.demo_accounts import require_closed

        # The user subgraph waits for a database that is away, and checks again.
        with contextlib.suppress(OSError, asyncpg.PostgresError):
            await require_closed(self._reachable_settings())

    def _reachable_settings(self) -> Settings:
        """Return the settings with the address of the database that is used."""
        return self._settings.model_copy(update={"database_url": self._environment()[DATABASE_VARIABLE]})

    async def _announce(self) -> None:
        if not self._settings.is_production and self._seed and not is_loopback(self._settings.host):
            warning = f"\n  Other machines reach {self._settings.host}. {_PUBLISHED_PASSWORDS}"
            self._out.print(warning, highlight=False, soft_wrap=True)
        what = "Graph" if self._settings.is_production else "GraphiQL"
        self._out.print("\n  All Pet Plus is up. Ctrl-C stops it.\n", highlight=False)
        if self._engine is Engine.HIVE:  # it serves no pages but its own
            self._out.print(f"  Graph      {self._url}/graphql", highlight=False)
            self._out.print(f"  Data       {self._settings.home}\n", highlight=False, soft_wrap=True)
            return
        apps = {"web": f"{self._url}/", "admin": f"{self._url}/admin", "mobile": f"{self._url}/mobile"}
        apps["graphiql"] = f"{self._url}/graphql"
        if self._dev_apps:
            apps |= {name: DEV_ADDRESSES[name] for name in self._dev_names()}
        self._out.print(f"  Shop       {apps['web']}", highlight=False)
        self._out.print(f"  Admin      {apps['admin']}", highlight=False)
        self._out.print(f"  Mobile     {apps['mobile']}", highlight=False)
        self._out.print(f"  {what:<9}  {apps['graphiql']}", highlight=False)
        self._out.print(f"  Data       {self._settings.home}\n", highlight=False, soft_wrap=True)


def _prepare_gateway(settings: Settings, variables: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of the gateway. What Node compiles is kept in the home: a fifth of each start."""
    environment = compose.gateway_environment(settings, variables)
    if not environment.get(_COMPILE_CACHE):
        make_private(settings.home / "node", None)  # whoever writes there runs code
        environment[_COMPILE_CACHE] = str(settings.home / "node")
    return environment


def _petplus() -> list[str]:
    return [sys.executable, "-m", "petplus"]


def _all_ready(urls: list[str]) -> Callable[[], Awaitable[bool]]:
    probes = [http_ready(url) for url in urls]

    async def probe() -> bool:
        return all(await asyncio.gather(*[ready() for ready in probes]))

    return probe


async def _finish(name: str, argv: list[str], env: Mapping[str, str], log: Path) -> None:
    """Run a command to its end, showing its output; raises ServiceError when it fails."""
    process = await spawn(name, argv, log=log, env=env, on_line=console_lines("seed"))
    try:
        code = await process.wait()
    except BaseException:
        await process.abort()
        raise
    if code != 0:
        raise ServiceError(f"{name} {exit_text(code)}: its log is {log}.")

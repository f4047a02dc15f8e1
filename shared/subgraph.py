"""A subgraph's entry point: all that is needed to compose, migrate, serve and connect it."""

import gc
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from fastapi import APIRouter, FastAPI, Request
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import MetaData
from starlette.responses import JSONResponse, Response

from shared.core.errors import Unauthenticated, Unavailable
from shared.core.observability import log
from shared.core.settings import Settings
from shared.events.event import Handlers
from shared.graph.access import ANYBODY
from shared.graph.schema import SubgraphSchema
from shared.http.admission import Admission
from shared.http.cors import CrossOrigin
from shared.http.draining import STOPPING, ConnectionClose, Drain
from shared.http.endpoint import GraphQLEndpoint, RuntimeHolder, unauthenticated, unavailable
from shared.http.hosts import HostCheck
from shared.http.middleware import AccessLog, BodyLimit, RequestIdentity, SecurityHeaders, error_body
from shared.http.readiness import Readiness
from shared.http.request import SignedRequestMiddleware
from shared.jobs.jobs import Jobs
from shared.jobs.runner import run_jobs
from shared.runtime import Resource, Runtime, open_runtime
from shared.security import request_signature
from shared.security.request_signature import RequestSignatures
from shared.workers import run_event_workers

Grants = Mapping[str, str]


@dataclass(frozen=True)
class Subgraph:
    """One domain, as the composition root sees it."""

    name: str
    schema: SubgraphSchema
    metadata: MetaData
    directory: Path
    # What holds something open, and what must be made at the start because its settings may be wrong; in any order.
    # All others are made on first use.
    resources: Sequence[type] = ()
    # Background work beside events and jobs, in the same processes.
    background: Sequence[type[Resource]] = ()
    routes: Callable[[RuntimeHolder], APIRouter] | None = None
    handlers: Handlers = field(default_factory=dict)
    jobs: Jobs = field(default_factory=dict)
    # What the subgraph's own role may do with a table, where it is less than everything.
    grants: Grants = field(default_factory=dict)
    # By the beginnings of paths: how many bytes a body may have there, where it is more than elsewhere.
    larger_bodies: Mapping[str, int] = field(default_factory=dict)
    # The beginnings of the paths that pages of listed origins may use.
    paths_of_pages: Sequence[str] = ()

    @property
    def migrations(self) -> Path:
        return self.directory / "migrations"

    @property
    def sdl_file(self) -> Path:
        return self.directory / "schema.graphql"

    def port(self, settings: Settings) -> int:
        return settings.port_of(self.name)


@asynccontextmanager
async def run_background(subgraph: Subgraph, runtime: Runtime) -> AsyncIterator[None]:
    """Run a subgraph's events, jobs and other background work until the end of the block."""
    async with AsyncExitStack() as stack:
        for kind in subgraph.background:
            await stack.enter_async_context(kind.open(runtime))
        await stack.enter_async_context(run_event_workers(runtime, subgraph.handlers))
        await stack.enter_async_context(run_jobs(runtime, subgraph.jobs))
        yield


@asynccontextmanager
async def run_worker(subgraph: Subgraph, settings: Settings) -> AsyncIterator[Runtime]:
    """Run all of a subgraph but its API until the end of the block."""
    async with open_runtime(subgraph.name, settings, subgraph.resources) as runtime, run_background(subgraph, runtime):
        yield runtime


def create_app(
    subgraph: Subgraph, settings: Settings, *, messaging: bool = True, drain: Drain | None = None
) -> FastAPI:
    """Build the ASGI application of one subgraph; without `messaging` its events and jobs are left to a worker.

    `drain` says how far its server is with a stop.
    """
    holder, drain = RuntimeHolder(), drain or Drain()
    readiness = Readiness(lambda: [holder.value.database])
    subgraph.schema.compile(settings.compiled)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            runtime = await stack.enter_async_context(open_runtime(subgraph.name, settings, subgraph.resources))
            holder.value = app.state.runtime = runtime
            stack.push_async_callback(readiness.close)
            if messaging:
                await stack.enter_async_context(run_background(subgraph, runtime))
            yield

    app = FastAPI(title=subgraph.name, lifespan=lifespan, openapi_url=None, docs_url=None, redoc_url=None)
    app.router.routes.append(GraphQLEndpoint(subgraph.schema, holder, drain).route())
    if subgraph.routes is not None:
        app.include_router(subgraph.routes(holder))
    app.include_router(operation_routes(readiness, drain))
    app.add_exception_handler(Unauthenticated, unauthenticated)
    app.add_exception_handler(Unavailable, unavailable)
    app.add_exception_handler(Exception, _bug)
    keys = settings.router_keys(request_signature.PURPOSE)
    signatures = RequestSignatures(keys, subgraph.name, required=settings.is_production)
    app.add_middleware(Admission, wait_seconds=settings.request_wait / 1000)
    app.add_middleware(SignedRequestMiddleware, signatures=signatures)
    app.add_middleware(BodyLimit, larger=subgraph.larger_bodies)
    if settings.listed_origins and subgraph.paths_of_pages:
        app.add_middleware(CrossOrigin, origins=settings.listed_origins, paths=subgraph.paths_of_pages)
    if not settings.is_production:
        app.add_middleware(HostCheck, names={settings.host.lower(), *settings.public_hosts})
    app.add_middleware(SecurityHeaders, https_only=settings.is_production)
    app.add_middleware(AccessLog, subgraph=subgraph.name)
    app.add_middleware(RequestIdentity)
    app.add_middleware(ConnectionClose, drain=drain)
    return app


def operation_routes(readiness: Readiness, drain: Drain) -> APIRouter:
    """Return the routes of every process for operators."""
    router = APIRouter()

    @router.get("/healthz", openapi_extra=ANYBODY)
    async def healthz() -> JSONResponse:
        return JSONResponse({"status": "ok"})

    @router.get("/ready", openapi_extra=ANYBODY)
    async def ready() -> JSONResponse:
        fault = STOPPING if drain.has_begun else await readiness.fault()
        if fault is not None:
            return JSONResponse({"status": "unavailable", "reason": fault}, 503)
        return JSONResponse({"status": "ready"})

    @router.get("/metrics", openapi_extra=ANYBODY)
    async def metrics() -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return router


async def _bug(request: Request, error: Exception) -> Response:
    route = getattr(request.scope.get("route"), "path", "unknown")
    log.error("unhandled exception", route=route, exc_info=error)
    body = error_body("INTERNAL_SERVER_ERROR", "Internal server error.")
    return Response(body, 500, media_type="application/json")


def freeze_heap() -> None:
    """Tell the garbage collector that what is loaded by now lives as long as the process.

    Measured: about 15 % of a request's time went to collections that walked the schema again and again. Collecting
    before freezing found a thousand of 200,000 objects and took 0.2 s of every start.
    """
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
    gc.enable()

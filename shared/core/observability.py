"""Logs, metrics and the origin of the current work: its viewer, request and trace.

Every log line and every event carries the request id and trace that the router propagated. No line shows what a client
sent: fields are ids, names of ours and numbers, and errors are written without their messages.
"""

import logging
import re
import sys
from contextvars import ContextVar
from dataclasses import dataclass

import structlog
from prometheus_client import Counter, Histogram

from shared.core.error_report import LibraryFormatter, describe, report
from shared.core.settings import Settings

LOADER_BATCH_SIZE = Histogram(
    "petplus_loader_batch_size",
    "Keys fetched by one batch of a loader.",
    ["loader"],
    buckets=(1, 2, 5, 10, 20, 50, 100, 200, 500, 1000),
)
REQUEST_SECONDS = Histogram(
    "petplus_http_request_seconds",
    "Time from the first byte of a request to the last of its response.",
    ["subgraph", "route", "status"],
    buckets=(0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
MASKED_ERRORS = Counter("petplus_masked_errors_total", "Bugs that clients saw as a masked error.", ["subgraph"])


@dataclass(frozen=True)
class Origin:
    """Where a piece of work comes from. Events and audit entries keep it."""

    request_id: str | None = None
    traceparent: str | None = None
    actor: str | None = None

    @property
    def trace_id(self) -> str | None:
        """The trace that the work is part of."""
        return trace_id_of(self.traceparent)


def trace_id_of(traceparent: str | None) -> str | None:
    """Return the id of a trace, 32 hexadecimal digits (W3C Trace Context); None without one."""
    found = _TRACEPARENT.match(traceparent or "")
    return found[1] if found is not None else None


_TRACEPARENT = re.compile(r"[0-9a-f]{2}-([0-9a-f]{32})-", re.ASCII)
ORIGIN: ContextVar[Origin] = ContextVar("origin", default=Origin())  # noqa: B039 (frozen)

log: structlog.stdlib.BoundLogger = structlog.get_logger()


def configure_logging(settings: Settings) -> None:
    """Write structured lines to standard output: readable in development, JSON in production."""
    level = getattr(logging, settings.log_level.upper())
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer()
        if settings.log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stdout.isatty(), pad_event_to=28)
    )
    structlog.configure(
        processors=[
            _add_origin,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _describe_errors,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stdout),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(LibraryFormatter())
    logging.basicConfig(level=logging.WARNING, handlers=[handler])


def _add_origin(_logger: object, _method: str, fields: structlog.typing.EventDict) -> structlog.typing.EventDict:
    origin = ORIGIN.get()
    if origin.request_id is not None:
        fields.setdefault("request_id", origin.request_id)
    return fields


def _describe_errors(_logger: object, _method: str, fields: structlog.typing.EventDict) -> structlog.typing.EventDict:
    error = fields.pop("exc_info", None)
    for name, value in fields.items():
        if isinstance(value, BaseException):
            fields[name] = describe(value)
    if isinstance(error, BaseException):
        fields["exception"] = report(error)
    return fields

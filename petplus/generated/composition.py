"""Composes the supergraph, builds the manifest of trusted documents, and says how the router is started."""

import json
import os
import subprocess
from collections.abc import Mapping
from typing import Any

from petplus.local.node import ROUTER, ensure_router_modules, find_node
from shared.core.environment import system_environment
from shared.core.settings import Settings
from shared.core.supergraph import port_offsets

ROUTER_FILE = ROUTER / "gateway" / "settings.json"
_SCRIPT_SECONDS = 60


class CompositionError(Exception):
    """The subgraphs do not fit together, or the checked-in supergraph is old; the text says what to mend."""


class OperationsError(Exception):
    """A trusted document does not fit the graph, or the manifest is old; the text says what to mend."""


def compose(*, check: bool = False) -> None:
    """Write router/supergraph.graphql from the subgraphs' schemas, or with `check` only compare it."""
    _run("tools/compose.mjs", CompositionError, check=check)


def write_api_schema(*, check: bool = False) -> None:
    """Write router/schema.graphql, the schema that clients see, or with `check` only compare it."""
    _run("tools/api-schema.mjs", CompositionError, check=check)


def build_operations(*, check: bool = False) -> None:
    """Write router/operations/manifest.json from the operations beside it, or with `check` only compare it."""
    _run("tools/operations.mjs", OperationsError, check=check)


def _run(script: str, error: type[Exception], *, check: bool) -> None:
    ensure_router_modules()
    argv = [str(find_node().binary), str(ROUTER / script), *(["--check"] if check else [])]
    done = subprocess.run(argv, capture_output=True, text=True, timeout=_SCRIPT_SECONDS, check=False)
    if done.returncode != 0:
        raise error(done.stderr.strip())


def gateway_command() -> list[str]:
    """Return the command that runs the router."""
    return [str(find_node().binary), str(ROUTER / "server.mjs")]


def gateway_environment(settings: Settings, inherited: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the environment of the router's process: the system's variables, its settings, and one secret.

    The secret signs its requests. The shop's own, from which all others derive, stays with the subgraphs.
    """
    listed = router_settings()
    own = {name.replace("<NAME>", each.upper()) for name in listed["own"] for each in port_offsets()}
    wanted = own.union(listed["sharedWithSubgraphs"]) - {"PETPLUS_SECRET_KEY"}
    given = os.environ if inherited is None else inherited
    if given.get("PETPLUS_CACHE_REDIS_URL"):
        wanted -= {"PETPLUS_REDIS_URL"}  # it publishes no events
    return (
        system_environment()
        | {name: value for name, value in given.items() if name in wanted}
        | {
            "PETPLUS_ROUTER_SECRETS": settings.router_secret,
            "PETPLUS_HOST": settings.host,
            "PETPLUS_PORT": str(settings.port),
            "PETPLUS_ENV": settings.env,
            "NODE_ENV": settings.env,
        }
    )


def router_settings() -> dict[str, Any]:
    """Return the router's list: its own settings, and the names of those that it shares with the subgraphs."""
    listed: dict[str, Any] = json.loads(ROUTER_FILE.read_text(encoding="utf-8"))
    return listed

"""Composes the supergraph, builds the manifest of trusted documents, and says how the router is started."""

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from petplus.local.node import ROUTER, ensure_router_modules, find_node
from shared.core.environment import system_environment
from shared.core.settings import Settings, load_settings
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


def compose_for_hive(path: Path) -> None:
    """Write the supergraph for Hive Router: without what the gateway itself answers, and with costs."""
    _run("tools/hive-supergraph.mjs", CompositionError, f"--output={path}")


def write_api_schema(*, check: bool = False) -> None:
    """Write router/schema.graphql, the schema that clients see, or with `check` only compare it."""
    _run("tools/api-schema.mjs", CompositionError, check=check)


def build_operations(*, check: bool = False) -> None:
    """Write router/operations/manifest.json from the operations beside it, or with `check` only compare it."""
    _run("tools/operations.mjs", OperationsError, check=check)


def _run(script: str, error: type[Exception], *arguments: str, check: bool = False) -> None:
    ensure_router_modules()
    argv = [str(find_node().binary), str(ROUTER / script), *arguments, *(["--check"] if check else [])]
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
    wanted = _router_variables() - {"PETPLUS_SECRET_KEY"}
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


def router_environment(given: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of a router that runs alone, from the one that it is given.

    With `PETPLUS_ROUTER_SECRETS` it needs no secret of the shop, and no other setting of subgraphs.
    """
    if not given.get("PETPLUS_ROUTER_SECRETS"):
        return gateway_environment(load_settings(), given)
    own = _router_variables() - {"PETPLUS_SECRET_KEY"}
    named = {name: value for name, value in given.items() if name in own}
    return system_environment() | named | {"NODE_ENV": given.get("PETPLUS_ENV") or "development"}


def _router_variables() -> set[str]:
    listed = router_settings()
    own = {name.replace("<NAME>", each.upper()) for name in listed["own"] for each in port_offsets()}
    return own.union(listed["sharedWithSubgraphs"])


def router_settings() -> dict[str, Any]:
    """Return the router's list: its own settings, and the names of those that it shares with the subgraphs."""
    listed: dict[str, Any] = json.loads(ROUTER_FILE.read_text(encoding="utf-8"))
    return listed

"""Runs Hive Router, an engine in Rust, in the gateway's place: writes its configuration from the same settings.

Hive Router (https://the-guild.dev/graphql/hive/docs/router, MIT) is not installed by this package. What it does
differently is in docs/hive-router.md.
"""

import json
import re
import secrets
import shutil
from collections.abc import Mapping
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Any, Literal

from pydantic import SecretStr

from petplus.generated.composition import compose_for_hive
from petplus.local.node import ROUTER
from petplus.local.process import ServiceError
from shared.core.environment import system_environment
from shared.core.limits_file import LIMITS
from shared.core.private_files import write_private
from shared.core.settings import SHORTEST_SECRET, TLS_PORT_OFFSET, Settings, SettingsError
from shared.core.supergraph import port_offsets
from shared.http.mutual_tls import AUTHORITY_FILE, CERTIFICATE_FILE, KEY_FILE
from shared.http.mutual_tls import ROUTER as ROUTER_FOLDER

VERSION = "0.3.10"
"""The version that was compared with the gateway."""
BINARY = "hive_router"
DIRECTORY = "hive-router"
CONFIGURATION_VARIABLE = "ROUTER_CONFIG_FILE_PATH"
"""The only variable that the engine reads."""
BUILT_SUPERGRAPH = ROUTER / "supergraph.hive.graphql"
"""Composed when the image of subgraphs was built, which has no Node to compose by."""
CONFIGURATION, SUPERGRAPH, DOCUMENTS = "router.config.json", "supergraph.graphql", "documents.json"
HOW_TO_GET_IT = (
    f"cargo install hive-router --version {VERSION} --locked --features graphiql, with rustc 1.97 or newer, or the "
    "makers' image"
)
FORWARDED = ("authorization", "traceparent", "dnt", "sec-gpc", "x-request-id", "x-forwarded-for")
_CRATE = re.compile(rb"hive-router-(\d+\.\d+\.\d+)/src/")
MOST_STREAMS = 10_000


def settings_without_secrets() -> Settings:
    """Read the environment for the engine's process, which uses no secret; raises SettingsError."""
    return Settings.load(secret_key=SecretStr(secrets.token_urlsafe(SHORTEST_SECRET)))


def find_hive_router(settings: Settings) -> Path:
    """Return the binary; raises ServiceError where there is none."""
    found = shutil.which(settings.hive_router or BINARY)
    if found is None:
        given = settings.hive_router
        where = f"PETPLUS_HIVE_ROUTER names no program: {given}" if given else f"{BINARY} is not on the PATH"
        raise ServiceError(f"Hive Router is missing, because {where}. Get it by {HOW_TO_GET_IT}.")
    return Path(found)


def version_in(binary: Path) -> str | None:
    """Return the version that a binary was built of, or None where it does not say.

    It is not asked: `hive_router --version` starts a server. Places in the source, which panics print, have the name of
    the crate and its version; a build from a checkout has not.
    """
    with binary.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as content:
        found = _CRATE.search(content)
        return found[1].decode() if found else None


def prepare(settings: Settings, variables: Mapping[str, str]) -> dict[str, str]:
    """Write the configuration, the supergraph and the trusted documents into a directory; returns the environment of
    the engine's process.

    Raises SettingsError in production without certificates: the engine cannot sign its requests.
    """
    if settings.is_production and settings.tls_directory is None:
        reason = "Hive Router cannot sign its requests, and shows a certificate instead"
        raise SettingsError(f"PETPLUS_TLS_DIRECTORY must be set: {reason} (`petplus keys certificates`).")
    directory = settings.home / DIRECTORY
    manifest = Path(variables.get("PETPLUS_OPERATIONS") or ROUTER / "operations" / "manifest.json")
    documents = documents_of(json.loads(manifest.read_text(encoding="utf-8")))
    write_private(directory, DOCUMENTS, json.dumps(documents).encode())
    if BUILT_SUPERGRAPH.exists():
        write_private(directory, SUPERGRAPH, BUILT_SUPERGRAPH.read_bytes())
    else:
        compose_for_hive(directory / SUPERGRAPH)
    found = configuration(settings, variables, directory)
    write_private(directory, CONFIGURATION, json.dumps(found, indent=2).encode())
    return system_environment() | {CONFIGURATION_VARIABLE: str(directory / CONFIGURATION)}


def documents_of(manifest: dict[str, Any]) -> dict[str, Any]:
    """Return a manifest in which each operation has its id in both spellings that clients use."""
    operations = manifest["operations"]
    return manifest | {"operations": [*operations, *[each | {"id": f"sha256:{each['id']}"} for each in operations]]}


def configuration(settings: Settings, variables: Mapping[str, str], directory: Path) -> dict[str, Any]:
    """Return the configuration of the engine: what the gateway does by the same settings, as far as the engine can.

    `directory` holds the supergraph and the trusted documents.
    """
    is_open = not settings.is_production or variables.get("PETPLUS_OPEN_GRAPH") == "true"
    user_url = _url_of("user", settings, {}, is_tls=False)
    keys = settings.jwks_url or user_url.replace("/graphql", "/.well-known/jwks.json")
    timeout = f"{settings.upstream_timeout}ms"
    return {
        "supergraph": {"source": "file", "path": str(directory / SUPERGRAPH), "poll_interval": "10s"},
        "http": {"host": settings.host, "port": settings.port, "shutdown_timeout": f"{settings.request_grace}s"},
        "log": {"level": _LEVELS[settings.log_level], "format": "json"},
        "introspection": not settings.is_production,
        "laboratory": {"enabled": not settings.is_production},
        "override_subgraph_urls": {
            "subgraphs": {
                name: {"url": _url_of(name, settings, variables, is_tls=settings.tls_directory is not None)}
                for name in port_offsets()
            }
        },
        "jwt": {
            "enabled": True,
            # What is anonymous is the graph's to decide. A bad token is refused by the subgraphs.
            "require_authentication": False,
            "allowed_algorithms": ["ES256"],
            "issuers": [settings.token_issuer],
            "audiences": [settings.token_audience],
            "jwks_providers": [
                {
                    "source": "remote",
                    "url": keys,
                    "polling_interval": "5m",
                    # It may start before the user subgraph does.
                    "prefetch": False,
                    "refresh_on_unknown_kid": f"{LIMITS.access_tokens.jwks_minimum_interval_seconds:g}s",
                }
            ],
        },
        # The subgraphs decide: enabled, the engine removes the user's name from the answer to a log-in.
        "authorization": {"directives": {"enabled": False}},
        "headers": {"all": {"request": [{"propagate": {"named": list(FORWARDED)}}]}},
        "limits": {
            "max_depth": {"n": LIMITS.document.depth, "flatten_fragments": True},
            "max_aliases": {"n": LIMITS.document.aliases},
            "max_directives": {"n": LIMITS.document.directives},
            "max_tokens": {"n": LIMITS.document.tokens},
            "max_request_body_size": f"{LIMITS.body_bytes}B",
        },
        "demand_control": {
            "enabled": True,
            "operation_cost": {"max": LIMITS.cost.maximum, "mode": "enforce"},
            "default_list_size": {"all": LIMITS.cost.unpaged_list},
            "subgraphs_budget": {"mode": "measure"},
        },
        "persisted_documents": {
            "enabled": True,
            "require_id": not is_open,
            "storage": {"type": "file", "path": str(directory / DOCUMENTS)},
        },
        "csrf": {"enabled": True, "required_headers": ["x-request-id"]},
        "cors": _cors(settings),
        "subscriptions": {"enabled": True},
        "websocket": {"enabled": True},
        "error_masking": {"enabled": True, "all": {"enabled": False}},
        "traffic_shaping": {
            "all": {"request_timeout": timeout} | _tls(settings),
            # Never `dedupe`: who joins a shared subscription later misses its first event.
            "router": {"max_long_lived_clients": MOST_STREAMS, "keep_alive": "75s"},
        },
        "telemetry": {"metrics": {"exporters": [{"kind": "prometheus", "enabled": True, "path": "/metrics"}]}},
    }


_LEVELS: Mapping[Literal["debug", "info", "warning", "error"], str] = {
    "debug": "debug",
    "info": "info",
    "warning": "warn",
    "error": "error",
}


def _url_of(name: str, settings: Settings, variables: Mapping[str, str], *, is_tls: bool) -> str:
    given = variables.get(f"PETPLUS_{name.upper()}_URL")
    if given:
        return given
    port = settings.port + port_offsets()[name]
    return (
        f"https://{settings.host}:{port + TLS_PORT_OFFSET}/graphql"
        if is_tls
        else f"http://{settings.host}:{port}/graphql"
    )


def _tls(settings: Settings) -> dict[str, Any]:
    if settings.tls_directory is None:
        return {}
    own = settings.tls_directory / ROUTER_FOLDER
    client = {"cert_file": str(own / CERTIFICATE_FILE), "key_file": str(own / KEY_FILE)}
    return {"tls": {"cert_file": str(own / AUTHORITY_FILE), "client_auth": client}}


def _cors(settings: Settings) -> dict[str, Any]:
    if not settings.listed_origins:
        return {"enabled": False, "policies": []}
    return {
        "enabled": True,
        "policies": [
            {
                "origins": settings.listed_origins,
                "methods": ["GET", "POST", "OPTIONS"],
                "allow_headers": ["authorization", "content-type", "traceparent", "x-request-id"],
            }
        ],
    }

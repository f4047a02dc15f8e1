"""What the product says of settings: their names, which are secret, and whether a process starts with some."""

import atexit
import os
import shutil
import subprocess
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from types import UnionType
from typing import get_args
from unittest.mock import patch

from pydantic import SecretStr

from petplus import registry
from petplus.certificates import write_certificates
from petplus.configuration import check_settings
from petplus.generated.composition import router_environment, router_settings
from petplus.generated.settings_page import sections
from petplus.local.environments import subgraph_environment
from petplus.local.node import ROUTER, find_node
from shared.core.settings import OF_ONE_SUBGRAPH, SettingsError, load_settings, variable_of

TLS_DIRECTORY = "PETPLUS_TLS_DIRECTORY"
ADDRESSES_WITH_PASSWORDS = {"PETPLUS_DATABASE_URL", "PETPLUS_REDIS_URL", "PETPLUS_CACHE_REDIS_URL"}
SECRETS = {
    "PETPLUS_SECRET_KEY": "a-secret-of-the-chart-in-tests-5d0c7b3a",
    "PETPLUS_ROUTER_SECRETS": "a-secret-of-routers-in-tests-91f6e2c8",
    "PETPLUS_REDIS_URL": "redis://broker.example:6379/0",
    "PETPLUS_CACHE_REDIS_URL": "redis://cache.example:6379/0",
    "PETPLUS_SMTP_URL": "smtp+starttls://user:password@mail.example:587",
    "PETPLUS_STRIPE_API_KEY": "sk_live_of_tests",
    "PETPLUS_SHOPIFY_WEBHOOK_SECRETS": "a-secret-of-shopify-in-tests",
    "PETPLUS_STRIPE_WEBHOOK_SECRETS": "whsec_a-secret-of-stripe-in-tests",
    "PETPLUS_INTERNAL_WEBHOOK_SECRETS": "whsec_YSBzZWNyZXQgb2Ygb3VycyBpbiB0ZXN0cw==",
    **{
        f"PETPLUS_{prefix}DATABASE_URL": "postgresql://owner:password@database.example/allpetplus"
        for prefix in ("", *(f"{name.upper()}_" for name in registry.NAMES))
    },
}
"""What a Secret of the chart may hold."""


@cache
def known_variables() -> frozenset[str]:
    """Return the names of all settings, those of each subgraph written out."""
    fields = {variable_of(name) for _, kind in sections() for name in kind.model_fields}
    router = router_settings()
    patterns = {*OF_ONE_SUBGRAPH, *router["own"], *router["sharedWithSubgraphs"]}
    return frozenset(fields).union(
        *({pattern.replace("<NAME>", name.upper()) for name in registry.NAMES} for pattern in patterns)
    )


@cache
def secret_variables() -> frozenset[str]:
    """Return the names of the settings whose values nobody may read."""
    found = {
        variable_of(name)
        for _, kind in sections()
        for name, field in kind.model_fields.items()
        if field.annotation is SecretStr
        or (isinstance(field.annotation, UnionType) and SecretStr in get_args(field.annotation))
    }
    return frozenset(found | ADDRESSES_WITH_PASSWORDS)


def needed_by(arguments: list[str], environment: Mapping[str, str]) -> set[str]:
    """Return the settings of an environment that a process of the product takes from it."""
    if arguments[0] == "server.mjs":
        taken = router_environment(environment)
    else:
        names = [each for each in arguments[1:] if not each.startswith("-")] or registry.NAMES
        taken = subgraph_environment(names, environment)
    return {name for name in taken if name.startswith("PETPLUS_")}


def start_error(arguments: list[str], environment: Mapping[str, str]) -> str | None:
    """Return the sentence with which a process refuses to start with an environment, or None."""
    if TLS_DIRECTORY in environment:
        environment = {**environment, TLS_DIRECTORY: str(_certificates())}
    if arguments[0] == "server.mjs":
        return _router_error(frozenset(router_environment(environment).items()))
    names = [each for each in arguments[1:] if not each.startswith("-")]
    with patch.dict(os.environ, environment, clear=True):
        try:
            settings = load_settings()
            if arguments[0] != "migrate":
                check_settings(settings, names)
            for name in names or registry.NAMES:
                settings.database_url_of(name)
        except SettingsError as error:
            return str(error)
    return None


@cache
def _certificates() -> Path:
    """Return a directory with certificates; a volume of a Secret has the same files."""
    directory = Path(mkdtemp(prefix="petplus-certificates-"))
    atexit.register(shutil.rmtree, directory)
    write_certificates(directory, ["shop-user"], days=1)
    return directory


@cache
def _router_error(environment: frozenset[tuple[str, str]]) -> str | None:
    argv = [str(find_node().binary), str(ROUTER / "tools" / "settings.mjs")]
    done = subprocess.run(argv, env=dict(environment), capture_output=True, text=True, timeout=60, check=False)
    return None if done.returncode == 0 else done.stdout + done.stderr

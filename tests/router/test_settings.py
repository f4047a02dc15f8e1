"""The router's settings: what it reads from the environment."""

import json
import subprocess
from typing import Any

import pytest

from petplus import registry
from petplus.local.node import ROUTER, find_node
from shared.core.settings import load_settings
from tests.support.waiting import TEST_TIMEOUT

READ_SETTINGS = """
import { readSettings } from "./gateway/settings.mjs";
console.log(JSON.stringify(readSettings(JSON.parse(process.argv[1]))));
"""


def read_settings(variables: dict[str, str]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The settings that an environment means, and the lines that are logged while they are read."""
    command = [str(find_node().binary), "--input-type=module", "--eval", READ_SETTINGS, json.dumps(variables)]
    done = subprocess.run(command, cwd=ROUTER, capture_output=True, text=True, check=True, timeout=TEST_TIMEOUT)
    return json.loads(done.stdout), [json.loads(line) for line in done.stderr.splitlines()]


@pytest.mark.parametrize("port", ["4000", "5000"])
def test_the_router_finds_each_subgraph_at_its_port(monkeypatch: pytest.MonkeyPatch, port: str) -> None:
    monkeypatch.setenv("PETPLUS_PORT", port)
    ports = {name: registry.port_of(name, load_settings()) for name in registry.NAMES}
    settings, _ = read_settings({"PETPLUS_PORT": port})
    assert settings["subgraphUrls"] == {name: f"http://127.0.0.1:{at}/graphql" for name, at in ports.items()}
    assert settings["tokens"]["jwksUrl"] == f"http://127.0.0.1:{ports['user']}/.well-known/jwks.json"


def test_a_subgraph_has_a_url_of_its_own_if_one_is_set() -> None:
    elsewhere = "https://orders.example/graphql"
    settings, _ = read_settings({"PETPLUS_ORDER_URL": elsewhere})
    assert settings["subgraphUrls"] == read_settings({})[0]["subgraphUrls"] | {"order": elsewhere}


def test_with_certificates_the_router_calls_the_ports_for_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PETPLUS_PORT", "5000")
    own = load_settings()
    settings, _ = read_settings({"PETPLUS_PORT": "5000", "PETPLUS_TLS_DIRECTORY": "certificates"})
    urls = {name: f"https://127.0.0.1:{own.tls_port_of(name)}/graphql" for name in registry.NAMES}
    assert settings["subgraphUrls"] == urls
    # What everybody may read stays where everybody is let in.
    assert settings["tokens"]["jwksUrl"] == f"http://127.0.0.1:{own.port_of('user')}/.well-known/jwks.json"
    assert settings["pictureOrigins"] == [f"http://127.0.0.1:{own.port_of(name)}" for name in ("builder", "user")]


def test_with_certificates_the_keys_of_tokens_elsewhere_must_be_named() -> None:
    given = {"PETPLUS_TLS_DIRECTORY": "certificates", "PETPLUS_USER_URL": "https://user.shop/graphql"}
    with pytest.raises(subprocess.CalledProcessError) as caught:
        read_settings(given)
    assert "PETPLUS_JWKS_URL must be set with PETPLUS_TLS_DIRECTORY and PETPLUS_USER_URL." in caught.value.stderr
    settings, _ = read_settings(given | {"PETPLUS_JWKS_URL": "http://user.shop/keys"})
    assert settings["tokens"]["jwksUrl"] == "http://user.shop/keys"


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({}, 35_000),
        ({"PETPLUS_UPSTREAM_IDLE_TIMEOUT": "7000"}, 7_000),
        ({"PETPLUS_UPSTREAM_IDLE_TIMEOUT": "7000", "PETPLUS_UPSTREAM_SILENCE": "9000"}, 7_000),
    ],
)
def test_the_idle_timeout_has_a_setting(variables: dict[str, str], expected: int) -> None:
    settings, logged = read_settings(variables)
    assert (settings["upstreamIdleTimeoutMs"], logged) == (expected, [])


def test_the_old_name_of_the_idle_timeout_works_with_a_warning() -> None:
    settings, logged = read_settings({"PETPLUS_UPSTREAM_SILENCE": "9000"})
    assert settings["upstreamIdleTimeoutMs"] == 9_000
    [warning] = logged
    assert {name: warning[name] for name in ("level", "event", "name", "replacement")} == {
        "level": "warn",
        "event": "deprecated setting",
        "name": "PETPLUS_UPSTREAM_SILENCE",
        "replacement": "PETPLUS_UPSTREAM_IDLE_TIMEOUT",
    }

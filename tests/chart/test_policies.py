"""What the chart renders is valid for Kubernetes, and keeps to the policies with each of its files of values."""

import shutil
from pathlib import Path

import pytest

from tests.chart.helm import CHART, Rendered, lint, read_yaml
from tests.chart.mutations import MUTATIONS, Mutation
from tests.chart.policies import POLICIES
from tests.chart.scenarios import SCENARIOS, rendered, servers_of_a_laptop

VERSIONS = ("1.30", "1.37")
"""The oldest that Chart.yaml names, and the newest whose schemas are installed."""
CUSTOM = {"ExternalSecret", "Gateway", "HTTPRoute", "ServiceMonitor"}
"""Kinds that are not Kubernetes' own."""


def invalid(release: Rendered, version: str) -> list[str]:
    """Return what the schemas of a version of Kubernetes refuse."""
    from kubernetes_validate import ValidationError, validate

    found = []
    for each in release.objects:
        try:
            if each["kind"] not in CUSTOM:
                validate(each, version, strict=True)
        except ValidationError as error:
            found.append(f"{each['kind']} {each['metadata']['name']}: {error.message}")
    return found


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_helm_and_the_schemas_of_kubernetes_accept_it(scenario: str, tmp_path: Path) -> None:
    assert "0 chart(s) failed" in lint(SCENARIOS[scenario].paths(tmp_path))
    for version in VERSIONS:
        assert invalid(rendered(scenario), version) == []


def test_the_oldest_version_is_the_one_that_the_chart_asks_for() -> None:
    assert read_yaml(CHART / "Chart.yaml")["kubeVersion"] == f">={VERSIONS[0]}.0-0"


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_it_keeps_to_the_policies(scenario: str, policy: str) -> None:
    assert list(POLICIES[policy](rendered(scenario))) == []


@pytest.mark.parametrize("mutation", MUTATIONS, ids=str)
def test_a_chart_that_breaks_a_policy_is_found(mutation: Mutation, tmp_path: Path) -> None:
    chart = tmp_path / "chart"
    shutil.copytree(CHART, chart)
    mutation.apply(chart)
    release = SCENARIOS[mutation.scenario].render(tmp_path, chart)
    found = [*POLICIES[mutation.policy](release)] if mutation.policy in POLICIES else invalid(release, VERSIONS[-1])
    assert found != []


def test_each_policy_is_broken_by_a_chart() -> None:
    assert {mutation.policy for mutation in MUTATIONS} == {*POLICIES, "schemas"}


@pytest.mark.parametrize("policy", ["restricted", "limits"])
def test_the_servers_of_a_laptop_keep_to_the_policies_too(policy: str) -> None:
    servers = servers_of_a_laptop()
    assert len(servers.of("Deployment")) == 3
    assert list(POLICIES[policy](servers)) == []
    for version in VERSIONS:
        assert invalid(servers, version) == []

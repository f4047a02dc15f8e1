"""Which pods reach which, as the NetworkPolicies of a release decide it. Peers are pods of the same namespace."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from tests.chart.helm import Object

Labels: TypeAlias = Mapping[str, str]


@dataclass(frozen=True)
class Target:
    """What is connected to: a port of a pod, or of a server elsewhere, which has no labels."""

    labels: Labels | None
    port: int
    port_name: str | None = None


def selects(selector: Mapping[str, Any], labels: Labels) -> bool:
    """Tell whether a selector of labels selects a pod."""
    if any(labels.get(name) != value for name, value in selector.get("matchLabels", {}).items()):
        return False
    return all(_matches(each, labels) for each in selector.get("matchExpressions", ()))


def _matches(expression: Mapping[str, Any], labels: Labels) -> bool:
    is_listed = labels.get(expression["key"]) in expression["values"]
    assert expression["operator"] in {"In", "NotIn"}
    return is_listed if expression["operator"] == "In" else not is_listed


def policies_of(objects: Iterable[Object], labels: Labels, direction: str) -> list[Object]:
    """Return the policies that restrict a pod in one direction, `Ingress` or `Egress`."""
    return [
        each["spec"]
        for each in objects
        if each["kind"] == "NetworkPolicy"
        and direction in each["spec"]["policyTypes"]
        and selects(each["spec"]["podSelector"], labels)
    ]


def may_leave(objects: Sequence[Object], source: Labels, target: Target) -> bool:
    """Tell whether the policies of a pod let it open a connection."""
    restricting = policies_of(objects, source, "Egress")
    return not restricting or any(
        _allows(rule, "to", target.labels, target) for each in restricting for rule in each["egress"]
    )


def may_arrive(objects: Sequence[Object], source: Labels, target: Target) -> bool:
    """Tell whether the policies of what is connected to accept a pod; what is elsewhere has none."""
    restricting = [] if target.labels is None else policies_of(objects, target.labels, "Ingress")
    return not restricting or any(
        _allows(rule, "from", source, target) for each in restricting for rule in each["ingress"]
    )


def _allows(rule: Mapping[str, Any], side: str, peer: Labels | None, target: Target) -> bool:
    ports = {port["port"] for port in rule.get("ports", ()) if port.get("protocol", "TCP") == "TCP"}
    if "ports" in rule and not ports & {target.port, target.port_name}:
        return False
    return side not in rule or any(_is_peer(each, peer) for each in rule[side])


def _is_peer(peer: Mapping[str, Any], labels: Labels | None) -> bool:
    if "namespaceSelector" in peer or "podSelector" not in peer or labels is None:
        return False
    return selects(peer["podSelector"], labels)

"""The values with which the chart is rendered in tests: its own files, and all options together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml

from tests.chart.helm import CHART, Rendered, render, write_values

PUBLIC: dict[str, Any] = {
    "public": {"origin": "https://shop.example", "filesOrigin": "https://files.shop.example"},
    "passkeys": {"domain": "shop.example"},
}
"""What the chart requires."""
EVERYTHING: dict[str, Any] = {
    "public": {**PUBLIC["public"], "trustedProxies": ["10.244.0.0/16"], "corsOrigins": ["https://shop.example"]},
    "image": {
        "registry": "registry.example/pets",
        "pullSecrets": ["registry"],
        "router": {"digest": f"sha256:{'a' * 64}"},
    },
    "payments": {"provider": "stripe", "stripePublishableKey": "pk_live_of_tests"},
    "mail": {"from": "Shop <orders@shop.example>"},
    "secrets": {"external": {"enabled": True, "store": {"name": "vault"}}},
    "broker": {"port": 6380},
    "workers": {"main": {"busLag": {"enabled": True, "labels": {"namespace": "shop"}}}},
    "scheduling": {
        "nodeSelector": {"pool": "shop"},
        "tolerations": [{"key": "shop", "operator": "Exists"}],
        "priorityClassName": "shop",
    },
    "ingress": {"enabled": True, "annotations": {"cert-manager.io/cluster-issuer": "issuer"}},
    "gateway": {"enabled": True, "className": "cilium", "annotations": {"cert-manager.io/cluster-issuer": "issuer"}},
    "mutualTls": {"enabled": True},
    "serviceMonitor": {"enabled": True, "labels": {"release": "prometheus"}},
}


@dataclass(frozen=True)
class Scenario:
    """Files of the chart, and values beside them."""

    files: Sequence[str] = ()
    values: Mapping[str, Any] = field(default_factory=lambda: PUBLIC)

    def paths(self, folder: Path, chart: Path = CHART) -> list[Path]:
        """Return all its files, in the order in which helm reads them."""
        return [*(chart / "values" / file for file in self.files), write_values(folder, self.values)]

    def render(self, folder: Path, chart: Path = CHART) -> Rendered:
        """Render the chart; raises RefusedError."""
        return render(self.paths(folder, chart), chart)


SCENARIOS: Mapping[str, Scenario] = {
    "defaults": Scenario(),
    "laptop": Scenario(["laptop.yaml"], {}),
    "small": Scenario(["small.yaml"]),
    "large": Scenario(["large.yaml"]),
    "database-per-service": Scenario(["database-per-service.yaml"]),
    "large with a database per service": Scenario(["large.yaml", "database-per-service.yaml"]),
    "mutual TLS": Scenario([], PUBLIC | {"mutualTls": {"enabled": True}}),
    "everything": Scenario([], PUBLIC | EVERYTHING),
}


@cache
def rendered(scenario: str) -> Rendered:
    """Return the objects of a scenario."""
    with TemporaryDirectory() as folder:
        return SCENARIOS[scenario].render(Path(folder))


def servers_of_a_laptop() -> Rendered:
    """Return the objects of `laptop/servers.yaml`, with the label by which workloads are named."""
    objects = list(yaml.load_all((CHART / "laptop" / "servers.yaml").read_text(), yaml.CSafeLoader))
    for each in objects:
        each["metadata"].setdefault("labels", {"app.kubernetes.io/component": each["metadata"]["name"]})
    return Rendered(objects)

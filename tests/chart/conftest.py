"""The chart's tests need the dependency group `deploy`, which `make test-chart` installs."""

import os
from importlib.util import find_spec

import pytest

from tests.chart.helm import find_helm


@pytest.fixture(scope="session", autouse=True)
def _tools() -> None:
    """Skip where helm or the schemas of Kubernetes are missing; with PETPLUS_TEST_CHART=1 that is a failure."""
    is_there = find_helm() is not None and find_spec("kubernetes_validate") is not None
    if not is_there and os.environ.get("PETPLUS_TEST_CHART") != "1":
        pytest.skip("helm is installed by `make test-chart`")
    assert is_there, "the dependency group `deploy` is not installed"

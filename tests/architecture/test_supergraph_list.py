"""`router/supergraph.yaml` is the only list of subgraphs: the registry and the router read the same from it."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from petplus import registry
from petplus.local.node import ROUTER, find_node
from shared.core.settings import Settings
from shared.core.supergraph import SupergraphFileError, port_offsets, supergraph_file

ROOT = ROUTER.parent
SEVENTH = """\
  reviews:
    routing_url: http://127.0.0.1:4017/graphql
    schema:
      file: ../subgraphs/reviews/schema.graphql
"""
REGISTRY = """
import json
from petplus import registry
from shared.core.settings import Settings
print(json.dumps({name: registry.port_of(name, Settings(port=5000)) for name in registry.NAMES}))
"""
ROUTER_URLS = """
import { readSettings } from "./gateway/settings.mjs";
console.log(JSON.stringify(readSettings({ PETPLUS_PORT: "5000" }).subgraphUrls));
"""


def output(argv: list[str], folder: Path) -> Any:
    environment = os.environ | {"PYTHONPATH": str(folder)}
    done = subprocess.run(argv, cwd=folder, env=environment, capture_output=True, text=True, check=True, timeout=60)
    return json.loads(done.stdout)


def test_registry_and_router_agree_about_an_added_subgraph(tmp_path: Path) -> None:
    for package in ("petplus", "shared"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROUTER / "gateway", tmp_path / "router" / "gateway")
    (tmp_path / "router" / "node_modules").symlink_to(ROUTER / "node_modules")
    (tmp_path / "router" / "supergraph.yaml").write_text(supergraph_file().read_text() + SEVENTH)

    ports = output([sys.executable, "-c", REGISTRY], tmp_path)
    assert ports == {name: registry.port_of(name, Settings(port=5000)) for name in registry.NAMES} | {"reviews": 5017}

    node = [str(find_node().binary), "--input-type=module", "--eval", ROUTER_URLS]
    urls = output(node, tmp_path / "router")
    assert urls == {name: f"http://127.0.0.1:{port}/graphql" for name, port in ports.items()}


def test_every_subgraph_is_in_the_list_and_nothing_else() -> None:
    assert set(registry.NAMES) == {file.parent.name for file in ROOT.glob("subgraphs/*/subgraph.py")}
    assert {name: registry.load(name).name for name in registry.NAMES} == {name: name for name in registry.NAMES}


@pytest.mark.parametrize(
    "entry",
    ["", "  reviews:\n    schema: {}\n", "  reviews:\n    routing_url: http://reviews/graphql\n", "  reviews: {}\n"],
    ids=["none", "without a URL", "without a port", "in another form"],
)
def test_an_entry_that_cannot_be_read_is_refused(tmp_path: Path, entry: str) -> None:
    file = tmp_path / "supergraph.yaml"
    file.write_text(f"federation_version: =2.9.3\nsubgraphs:\n{entry}")
    with pytest.raises(SupergraphFileError, match=r"routing_url"):
        port_offsets(file)

"""`make sbom`: each image's list names the packages of the lockfiles that are in it, and no others."""

import json
import tomllib
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from petplus.local.apps import APPS
from petplus.local.node import ROUTER
from tests.support.shop import ROOT
from tests.support.uv import find_uv
from tools import sbom

LOCKED = {each["name"]: each["version"] for each in tomllib.loads((ROOT / "uv.lock").read_text())["package"]}
NEEDED = {"strawberry-graphql", "sqlalchemy", "asyncpg", "redis", "uvicorn", "stripe"}


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sbom, "FOLDER", tmp_path)


def components(file: Path) -> list[dict[str, Any]]:
    listed = json.loads(file.read_text())
    assert (listed["bomFormat"], listed["specVersion"]) == ("CycloneDX", "1.5")
    found: list[dict[str, Any]] = listed["components"]
    return found


def test_an_image_of_subgraphs_has_what_it_needs_and_neither_servers_nor_tests() -> None:
    lean = {
        each["name"]: each["version"]
        for each in components(sbom.write_python(find_uv(), "a", [*sbom.LEFT_OUT, "pyarrow"]))
    }
    full = {each["name"]: each["version"] for each in components(sbom.write_python(find_uv(), "b", sbom.LEFT_OUT))}
    assert lean.keys() >= NEEDED
    assert not lean.keys() & {*sbom.LEFT_OUT, "pytest", "mypy", "mkdocs"}
    assert {name: LOCKED[name] for name in full} == full
    assert full.keys() - lean.keys() == {"pyarrow"}


@pytest.mark.parametrize(
    ("project", "used"), [(ROUTER, {"ws", "graphql"}), (APPS, {"react", "urql"})], ids=["router", "apps"]
)
def test_the_list_of_an_npm_project_is_its_lockfile_without_what_is_for_development(
    project: Path, used: set[str]
) -> None:
    locked = json.loads((project / "package-lock.json").read_text())["packages"]
    production = {
        f"{path.rpartition('node_modules/')[2]}@{package['version']}"
        for path, package in locked.items()
        if "node_modules/" in path and not package.get("dev") and not package.get("link")
    }
    listed = components(sbom.write_node("a", project))
    found = {unquote(each["purl"].removeprefix("pkg:npm/")) for each in listed}
    assert len(production) > 30
    assert {each for each in found if not each.startswith("@petplus/")} == production
    assert {each["name"] for each in listed} >= used
    assert {each["scope"] for each in listed} == {"required"}

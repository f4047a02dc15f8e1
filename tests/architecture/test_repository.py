"""The files that a hosted repository reads name what exists, and the same versions as the Makefile."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GITHUB = ROOT / ".github"
WORKFLOWS = sorted((GITHUB / "workflows").glob("*.yml"))
MAKEFILE = (ROOT / "Makefile").read_text()


def test_every_path_that_has_an_owner_exists() -> None:
    lines = [line.split() for line in (GITHUB / "CODEOWNERS").read_text().splitlines()]
    owned = [(line[0], line[1:]) for line in lines if line and not line[0].startswith("#")]
    assert len(owned) > 20
    assert [path for path, _ in owned if path != "*" and not (ROOT / path.strip("/")).exists()] == []
    assert [path for path, owners in owned if not owners or not all(each.startswith("@") for each in owners)] == []


@pytest.mark.parametrize(
    "package",
    [
        "petplus",
        "shared",
        *(f"subgraphs/{path.parent.name}" for path in sorted((ROOT / "subgraphs").glob("*/subgraph.py"))),
    ],
)
def test_every_package_has_an_owner(package: str) -> None:
    assert re.search(rf"^/{package}/ +@", (GITHUB / "CODEOWNERS").read_text(), re.MULTILINE)


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_workflows_run_targets_of_the_makefile_with_its_uv(workflow: Path) -> None:
    text = workflow.read_text()
    targets = set(re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE))
    assert set(re.findall(r"run: make ([a-z-]+)", text)) - targets == set()
    assert "run: make test" in text
    uv = re.search(r"^UV_VERSION := (\S+)$", MAKEFILE, re.MULTILINE)
    assert uv is not None
    assert re.findall(r'UV_VERSION: "(.+)"', text) == [uv[1]]


def test_the_suite_runs_on_every_python_that_is_promised() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    promised = [each.rpartition(" ")[2] for each in project["classifiers"] if re.search(r":: 3\.\d+$", each)]
    matrix = re.search(r"python: \[(.+)\]", (GITHUB / "workflows" / "ci.yml").read_text())
    assert matrix is not None
    assert matrix[1].replace('"', "").split(", ") == promised
    assert project["requires-python"] == f">={promised[0]}"


def test_hooks_and_forms_name_the_repository_and_files_that_exist() -> None:
    repository = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["urls"]["Repository"]
    contact = (GITHUB / "ISSUE_TEMPLATE" / "config.yml").read_text()
    assert f"url: {repository}/security/advisories/new" in contact
    named = re.findall(r"`((?:docs|router|tests)/[\w./-]+)`", (GITHUB / "PULL_REQUEST_TEMPLATE.md").read_text())
    assert len(named) >= 3
    assert [name for name in named if not (ROOT / name).exists()] == []

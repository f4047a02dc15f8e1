"""docs/clients/python.md: ariadne-codegen makes a client, by which the program type-checks."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.codegen.conftest import Tool
from tests.codegen.guides import ROOT, write_project

OPERATIONS = ROOT / "router" / "operations"


def snake_case(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory, python_tool: Tool) -> Path:
    """The project of a reader of the guide, after its generator."""
    folder = write_project(tmp_path_factory.mktemp("python"), "python.md")
    python_tool(folder, "ariadne-codegen")
    return folder


def test_the_program_of_the_guide_has_no_type_errors(project: Path) -> None:
    argv = [
        sys.executable,
        "-m",
        "mypy",
        "--strict",
        "--no-incremental",
        "--follow-imports",
        "silent",
        "late_orders.py",
    ]
    done = subprocess.run(argv, cwd=project, capture_output=True, text=True, check=False)
    assert done.stdout.splitlines()[-1].startswith("Success"), done.stdout


def test_the_generated_client_can_be_imported(project: Path, python_tool: Tool) -> None:
    asked = "from late_orders import Client; print(Client.late_orders.__name__, Client.follow.__name__)"
    assert python_tool(project, "python", "-c", asked).split() == ["late_orders", "follow"]


def test_all_trusted_operations_have_methods(tmp_path: Path, python_tool: Tool) -> None:
    folder = write_project(tmp_path, "python.md")
    documents = sorted([*OPERATIONS.glob("*.graphql"), *(OPERATIONS / "fragments").glob("*.graphql")])
    (folder / "operations.graphql").write_text("\n".join(path.read_text() for path in documents))
    python_tool(folder, "ariadne-codegen")
    asked = "from petplus_client import Client; print(*vars(Client))"
    methods = {name for name in python_tool(folder, "python", "-c", asked).split() if not name.startswith("__")}
    assert methods == {snake_case(path.stem) for path in OPERATIONS.glob("*.graphql")}

"""The tools that make types for clients, each in the version of this folder's lockfiles."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from petplus.local.node import ensure_modules, find_node
from tests.codegen.guides import write_project
from tests.support.uv import find_uv
from tests.support.waiting import TEST_TIMEOUT

HERE = Path(__file__).parent
COMMANDS = {
    "graphql-codegen": "@graphql-codegen/cli/cjs/bin.js",
    "gql.tada": "gql.tada/bin/cli.js",
    "relay-compiler": "relay-compiler/cli.js",
    "tsc": "typescript/bin/tsc",
}

Tool = Callable[..., str]


def run(argv: list[str], folder: Path, env: dict[str, str] | None = None) -> str:
    """Run a command that must succeed; returns what it wrote."""
    done = subprocess.run(argv, cwd=folder, env=env, capture_output=True, text=True, timeout=TEST_TIMEOUT, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="session")
def node_tool() -> Tool:
    """Runs a tool of npm in a folder: `node_tool(folder, "tsc", "--strict")`."""
    ensure_modules(HERE, "the code generators of the tests", for_tests=True)
    node = find_node().binary

    def run_tool(folder: Path, name: str, *arguments: str) -> str:
        modules = folder / "node_modules"
        if not modules.exists():
            modules.symlink_to(HERE / "node_modules")
        return run([str(node), str(modules / COMMANDS[name]), *arguments], folder)

    return run_tool


@pytest.fixture(scope="session")
def python_tool() -> Tool:
    """Runs a command of the Python environment of this folder."""
    uv = find_uv()
    env = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}

    def run_tool(folder: Path, *argv: str) -> str:
        return run([uv, "run", "--quiet", "--frozen", "--project", str(HERE), *argv], folder, env)

    return run_tool


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project of a reader of docs/clients/web.md."""
    return write_project(tmp_path_factory.mktemp("web"), "web.md")

"""CONTRIBUTING's recipes hold: applied to the letter in a copy of the repository, they leave it green."""

import ast
import os
import re
import shlex
import shutil
import subprocess
import sys
import textwrap
from dataclasses import dataclass
from pathlib import Path

import pytest

from petplus.local.backing_services import DATABASE_VARIABLE, REDIS_VARIABLE
from petplus.local.node import ROUTER
from shared.core.settings import Settings

ROOT = ROUTER.parent
BLOCK = re.compile(r"^( *)```(?:python title=\"([^\"]+)\"|(sh))\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
SECONDS = 400


@dataclass(frozen=True)
class Block:
    """Code for a file, where it is told perhaps for one of its classes, or commands."""

    place: str
    text: str


def blocks() -> list[Block]:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    return [Block(place, textwrap.dedent(body)) for _, place, _, body in BLOCK.findall(text)]


def apply(block: Block, copy: Path) -> None:
    """Put a block where its title says: a whole file, the end of a file, or the fields of a class."""
    name, _, owner = block.place.partition(", class ")
    file = copy / name
    if not owner and block.text.startswith('"""'):
        file.write_text(block.text, encoding="utf-8")
        return
    source = file.read_text(encoding="utf-8")
    if not owner:
        file.write_text(f"{source}\n\n{block.text}", encoding="utf-8")
        return
    [found] = [node for node in ast.parse(source).body if isinstance(node, ast.ClassDef) and node.name == owner]
    last = max(node.end_lineno or 0 for node in found.body if isinstance(node, ast.AnnAssign))
    lines = source.splitlines(keepends=True)
    lines.insert(last, textwrap.indent(block.text, "    "))
    file.write_text("".join(lines), encoding="utf-8")


def run(command: str, copy: Path, environment: dict[str, str]) -> None:
    program, *arguments = shlex.split(command)
    argv = [sys.executable, "-m", program, *arguments]
    if program == "pytest":
        argv += ["-q", "-p", "no:cacheprovider"]
    done = subprocess.run(argv, cwd=copy, env=environment, capture_output=True, text=True, check=False, timeout=SECONDS)
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    for name in names:
        if (ROOT / name).is_file():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, tmp_path / name)
    (tmp_path / "router" / "node_modules").symlink_to(ROUTER / "node_modules")
    return tmp_path


@pytest.mark.timeout(900)
def test_the_recipes_hold(copy: Path, base_settings: Settings) -> None:
    given = blocks()
    code, commands = [block for block in given if block.place], [block.text for block in given if not block.place]
    lines = [line for text in commands for line in text.splitlines()]
    tests = [line.removeprefix("pytest ") for line in lines if line.startswith("pytest ")]
    assert (len(code) >= 6, len(tests) >= 3, "petplus generate" in lines) == (True, True, True)

    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("PETPLUS_", "PYTEST_"))}
    alone = inherited | {"PYTHONPATH": str(copy)}
    servers = {DATABASE_VARIABLE: str(base_settings.database_url), REDIS_VARIABLE: str(base_settings.redis_url)}
    for block in code:
        apply(block, copy)
    # What writes all generated files is run once, after what it depends on.
    others = [line for line in lines if line.startswith("petplus ") and line != "petplus generate"]
    for command in [*others, "petplus generate", "petplus check"]:
        run(command, copy, alone | servers)
    # On servers of its own: the copy's migrations are not those of other tests.
    run(f"pytest {' '.join(tests)}", copy, alone)
    style = [sys.executable, "-m", "ruff", "check", "--quiet", "."]
    assert subprocess.run(style, cwd=copy, capture_output=True, text=True, check=False).stdout == ""

"""docs/limits.md: each shared limit is on it, and each row has a test of what happens beyond it."""

import ast
import re
from pathlib import Path

import pytest

from petplus.generated.door import Door
from petplus.generated.doors import DOORS
from petplus.generated.limits_page import FILE, shared_limits, text

ROOT = Path(__file__).parents[2]
ROWS = [door for group in DOORS.values() for door in group]
CACHES = re.compile(r"@(?:functools\.)?cache\b|lru_cache\(\s*(?:maxsize=)?None\s*\)")
CHOSEN = re.compile(r"\b(?:str|int|float|bytes|bool|Sequence|Mapping|tuple|object)\b")
"""Annotations of what a client may choose; types, enums and files of the repository are few."""


def test_the_page_is_that_of_the_code() -> None:
    assert FILE.read_text(encoding="utf-8") == text()


def test_each_shared_limit_belongs_to_a_door() -> None:
    named = {path for door in ROWS for path in door.shared}
    assert named == shared_limits().keys()
    page = text()
    assert [path for path, value in shared_limits().items() if f"{value:,}" not in page] == []


@pytest.mark.parametrize("door", ROWS, ids=lambda door: door.name)
def test_a_test_shows_what_happens_beyond_the_limit(door: Door) -> None:
    file, _, name = door.test.partition("::")
    tree = ast.parse((ROOT / "tests" / file).read_text(encoding="utf-8"))
    assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


@pytest.mark.parametrize("door", ROWS, ids=lambda door: door.name)
def test_a_row_says_everything(door: Door) -> None:
    assert all((door.name, door.most, door.payer, door.beyond, door.kept))


def test_no_cache_of_functions_is_unbounded_where_clients_choose_the_arguments() -> None:
    found = []
    for folder in ("shared", "subgraphs", "packages"):
        for source in (ROOT / folder).rglob("*.py"):
            if "tests" in source.parts or ".venv" in source.parts:
                continue
            written = source.read_text(encoding="utf-8")
            for node in ast.walk(ast.parse(written)) if "cache" in written else ():
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.decorator_list:
                    arguments = " ".join(ast.unparse(each.annotation) for each in node.args.args if each.annotation)
                    decorators = [f"@{ast.unparse(each)}" for each in node.decorator_list]
                    if CHOSEN.search(arguments) and any(CACHES.search(each) for each in decorators):
                        found.append(f"{source.relative_to(ROOT)}: {node.name}")
    assert found == []

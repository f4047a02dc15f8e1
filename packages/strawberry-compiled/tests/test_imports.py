"""The package can be installed on its own: it imports nothing but its dependencies."""

import ast
import sys
from pathlib import Path

import strawberry_compiled

ALLOWED = {"graphql", "strawberry", "strawberry_compiled"} | sys.stdlib_module_names


def test_only_the_standard_library_graphql_core_and_strawberry_are_imported() -> None:
    modules = sorted(Path(strawberry_compiled.__file__).parent.glob("**/*.py"))
    assert len(modules) > 10
    for path in modules:
        for node in ast.walk(ast.parse(path.read_text())):
            module = node.module if isinstance(node, ast.ImportFrom) else None
            names = [module] if module else [each.name for each in node.names] if isinstance(node, ast.Import) else []
            assert [name for name in names if name.partition(".")[0] not in ALLOWED] == [], path

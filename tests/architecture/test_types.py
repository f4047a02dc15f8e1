"""Types: `Any` is the exception, and what is fetched or served is never one."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.architecture.test_files import ROOT, tracked

HIGHEST_SHARE = 0.01
Annotated = tuple[str, ast.expr]
"""What is annotated (a parameter, a variable, or a function's result), and its annotation."""


def annotations(tree: ast.Module) -> Iterator[Annotated]:
    """Yield all annotations of parameters, results and variables."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            of = node.args
            for argument in (*of.posonlyargs, *of.args, *of.kwonlyargs, of.vararg, of.kwarg):
                if argument is not None and argument.annotation is not None:
                    yield argument.arg, argument.annotation
            if node.returns is not None:
                yield f"{node.name}()", node.returns
        elif isinstance(node, ast.AnnAssign):
            yield ast.unparse(node.target), node.annotation


def names_any(annotation: ast.expr) -> bool:
    """Tell whether an annotation has `Any` somewhere, be it in a text."""
    for node in ast.walk(annotation):
        if isinstance(node, ast.Name) and node.id == "Any":
            return True
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            try:
                if names_any(ast.parse(node.value, mode="eval").body):
                    return True
            except SyntaxError:
                continue  # a description
    return False


def is_any(annotation: ast.expr) -> bool:
    """Tell whether an annotation is `Any` and nothing else, also where it may be None."""
    return ast.unparse(annotation).strip("'\"") in {"Any", "Any | None", "None | Any"}


@cache
def found_in(package: str) -> list[tuple[Path, Annotated]]:
    return [
        (path, annotated)
        for path in tracked(f"{package}/*.py")
        for annotated in annotations(ast.parse(path.read_text(encoding="utf-8")))
    ]


def row_names() -> set[str]:
    """Return what a row may be called: `row`, `rows`, and each model in lower case, with its last word alone."""
    names = {"row", "rows"}
    for path in tracked("subgraphs/*/models.py"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef):
                words = re.sub(r"([A-Z])", r" \1", node.name).lower().split()
                names |= {"_".join(words), words[-1]}
    return names


def test_at_most_one_annotation_in_a_hundred_is_any() -> None:
    everywhere = found_in("shared") + found_in("subgraphs")
    by_file = Counter(path.relative_to(ROOT) for path, (_, annotation) in everywhere if names_any(annotation))
    found, most = by_file.total(), int(len(everywhere) * HIGHEST_SHARE)
    listed = "\n".join(f"{count:4} {path}" for path, count in by_file.most_common())
    assert found <= most, f"{found} of {len(everywhere)} annotations name Any; {most} may:\n{listed}"


def test_no_row_is_any() -> None:
    names = row_names()
    assert {"order", "design", "export", "rows"} < names
    wrong = [
        f"{path.relative_to(ROOT)}: {name}"
        for path, (name, annotation) in found_in("subgraphs")
        if name in names and is_any(annotation)
    ]
    assert wrong == []


def test_no_service_returns_any() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}: {name}"
        for path, (name, annotation) in found_in("subgraphs")
        if "service" in path.parts and name.endswith("()") and is_any(annotation)
    ]
    assert wrong == []

"""What a document says is true: its operations fit the graph, its commands and files exist."""

import re
from pathlib import Path

import pytest
from graphql import GraphQLSchema, build_schema, parse, validate
from typer.main import get_command

from petplus.cli.main import app

ROOT = Path(__file__).parents[2]
DOCUMENTS = [ROOT / name for name in ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md")] + sorted(
    (ROOT / "docs").rglob("*.md")
)
OPERATIONS = sorted((ROOT / "router" / "graphiql").glob("*.graphql"))


@pytest.fixture(scope="module")
def graph() -> GraphQLSchema:
    return build_schema((ROOT / "router" / "supergraph.graphql").read_text(), assume_valid=True)


def fenced(language: str, document: Path) -> list[str]:
    return re.findall(rf"^ *```{language}\n(.*?)^ *```", document.read_text(), re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize(("name", "least"), [("README.md", 4), ("docs/operations.md", 3)])
def test_operations_in_documents_fit_the_graph(graph: GraphQLSchema, name: str, least: int) -> None:
    operations = fenced("graphql", ROOT / name)
    assert len(operations) >= least
    assert [error.message for text in operations for error in validate(graph, parse(text))] == []


def test_the_tabs_of_graphiql_fit_the_graph(graph: GraphQLSchema) -> None:
    assert len(OPERATIONS) >= 5
    assert [error.message for path in OPERATIONS for error in validate(graph, parse(path.read_text()))] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_commands_that_are_named_exist(document: Path) -> None:
    known = set(get_command(app).commands)  # type: ignore[attr-defined]
    named = set(re.findall(r"`(?:\.venv/bin/)?petplus ([a-z]+)", document.read_text()))
    assert named - known == set()
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"`make ([a-z-]+)", document.read_text())) - targets == set()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_files_that_are_named_exist(document: Path) -> None:
    named = set(
        re.findall(r"`((?:packages|shared|petplus|router|subgraphs|tests|docs)/[\w/.-]+\.\w+)`", document.read_text())
    )
    invented = {"subgraphs/user/migrations/0004_add_nickname.py"}
    assert [name for name in sorted(named - invented) if not (ROOT / name).exists()] == []
    # Two levels above the root is the repository's own address on GitHub.
    linked = re.findall(r"\]\((?!\.\./\.\./security)([\w/.-]+)\)", document.read_text())
    assert [name for name in linked if not (document.parent / name).exists()] == []


def test_every_proof_of_security_exists() -> None:
    named = re.findall(r"`([\w/]+\.py)::(test_\w+)`", (ROOT / "docs" / "security.md").read_text())
    assert len(named) > 100
    texts = {file: (ROOT / "tests" / file).read_text() for file, _ in named}
    assert [f"{file}::{name}" for file, name in named if f"def {name}(" not in texts[file]] == []


def test_every_decision_has_a_date_and_a_status_and_is_in_the_index() -> None:
    folder = ROOT / "docs" / "decisions"
    index = re.findall(
        r"^\| \[(\d+)\]\(([\w-]+\.md)\) \| (.+?) \| (\d{4}-\d\d-\d\d) \| (.+) \|$",
        (folder / "README.md").read_text(),
        re.MULTILINE,
    )
    records = sorted(folder.glob("[0-9]*.md"))
    head = re.compile(r"# (\d+)\. (.+)\n\n- Date: (\d{4}-\d\d-\d\d)\n- Status: (.+)\n\n")
    found = [(path.name, head.match(path.read_text())) for path in records]
    assert [name for name, match in found if match is None] == []
    assert [(match[1], name, match[2], match[3], match[4]) for name, match in found if match] == index
    assert [int(number) for number, *_ in index] == list(range(1, len(records) + 1))
    status = re.compile(r"accepted|(accepted; .+ is )?superseded by \[\d+\]\(\d{4}-[\w-]+\.md\)")
    assert [number for number, *_, said in index if not status.fullmatch(said)] == []

"""What a document says is true: its operations fit the graph, its commands and files exist."""

import json
import re
import tomllib
from pathlib import Path

import pytest
from graphql import GraphQLSchema, build_schema, parse, validate
from typer.main import get_command

from petplus.cli.main import app
from petplus.registry import NAMES

ROOT = Path(__file__).parents[2]
DOCUMENTS = [ROOT / name for name in ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md")] + sorted(
    (ROOT / "docs").rglob("*.md")
)
OPERATIONS = sorted((ROOT / "apps" / "graphiql" / "tabs").glob("*.graphql"))


@pytest.fixture(scope="module")
def graph() -> GraphQLSchema:
    return build_schema((ROOT / "router" / "supergraph.graphql").read_text(), assume_valid=True)


def fenced(language: str, document: Path) -> list[str]:
    return re.findall(rf"^ *```{language}\n(.*?)^ *```", document.read_text(), re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize(
    ("name", "least"),
    [("README.md", 4), ("docs/guide.md", 3), ("docs/operations.md", 3), ("docs/clients/mobile.md", 3)],
)
def test_operations_in_documents_fit_the_graph(graph: GraphQLSchema, name: str, least: int) -> None:
    operations = fenced("graphql", ROOT / name)
    assert len(operations) >= least
    assert [error.message for text in operations for error in validate(graph, parse(text))] == []


def test_configurations_of_mobile_clients_are_json() -> None:
    [shown] = re.findall(
        r"^```json title=.*?\n(.*?)^```", (ROOT / "docs/clients/mobile.md").read_text(), re.MULTILINE | re.DOTALL
    )
    assert json.loads(shown)["schemaNamespace"] == "PetPlusGraph"


def test_the_tabs_of_graphiql_fit_the_graph(graph: GraphQLSchema) -> None:
    assert len(OPERATIONS) >= 5
    assert [error.message for path in OPERATIONS for error in validate(graph, parse(path.read_text()))] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_commands_that_are_named_exist(document: Path) -> None:
    text = document.read_text()
    known = get_command(app).commands  # type: ignore[attr-defined]
    named = re.findall(r"(?:`|^ *)(?:\.venv/bin/)?petplus ([a-z]+)(?: ([a-z]+))?", text, re.MULTILINE)
    assert {command for command, _ in named} - set(known) == set()
    groups = {(command, word) for command, word in named if word and hasattr(known[command], "commands")}
    assert [each for each in sorted(groups) if each[1] not in known[each[0]].commands] == []
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"(?:`|^ *)make ([a-z-]+)", text, re.MULTILINE)) - targets == set()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_files_that_are_named_exist(document: Path) -> None:
    text = document.read_text()
    named = set(re.findall(r"`((?:packages|shared|petplus|router|subgraphs|tests|docs)/[\w/.-]+\.\w+)`", text))
    named |= {f"subgraphs/{name}" for name in re.findall(rf"`((?:{'|'.join(NAMES)})/[\w/.-]+\.\w+)`", text)}
    invented = {"subgraphs/user/migrations/0016_add_nickname.py"}
    # docs/security.md names tests without their folder; another test looks for these.
    missing = [name for name in sorted(named - invented) if not (ROOT / name).exists()]
    assert [name for name in missing if not (ROOT / "tests" / name.removeprefix("subgraphs/")).exists()] == []
    # Two levels above the root is the repository's own address on GitHub.
    linked = re.findall(r"\]\((?!\.\./\.\./security)([\w/.-]+)\)", text)
    assert [name for name in linked if not (document.parent / name).exists()] == []


def anchors_of(document: Path) -> set[str]:
    """Return the anchors that GitHub gives to the headings of a document."""
    text = re.sub(r"^ *```.*?^ *```", "", document.read_text(), flags=re.MULTILINE | re.DOTALL)
    headings = re.findall(r"^#+ +(.+?) *$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_sections_that_are_linked_exist() -> None:
    linked = [
        (document, target, anchor)
        for document in DOCUMENTS
        for target, anchor in re.findall(r"\]\(([\w/.-]*)#([\w-]+)\)", document.read_text())
    ]
    assert len(linked) > 5
    missing = [
        f"{document.name}: {target}#{anchor}"
        for document, target, anchor in linked
        if anchor not in anchors_of(document.parent / target if target else document)
    ]
    assert missing == []


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


def modules_of(architecture: str) -> dict[str, tuple[set[str], set[str]]]:
    """Return the modules that ARCHITECTURE.md lists for each folder: those that may be imported, and the machinery."""
    listed: dict[str, tuple[set[str], set[str]]] = {}
    for folder, text in re.findall(r"^- `([\w/]+)/`: (.*?)(?=^- |^$)", architecture, re.MULTILINE | re.DOTALL):
        usable, _, machinery = text.partition("Machinery")
        listed[folder] = (
            set(re.findall(r"`([a-z][a-z0-9_-]*)`", usable)),
            set(re.findall(r"`([a-z][a-z0-9_-]*)`", machinery)),
        )
    return listed


def test_the_page_of_the_architecture_lists_every_module() -> None:
    listed = modules_of((ROOT / "ARCHITECTURE.md").read_text())
    with_services = {f"subgraphs/{path.parent.name}/service" for path in ROOT.glob("subgraphs/*/subgraph.py")}
    assert with_services | {"shared", "petplus", "router/gateway"} <= set(listed)
    folders = {path.parent for name in ("shared", "petplus") for path in (ROOT / name).rglob("*.py")}
    folders |= {path.parent for path in ROOT.glob("subgraphs/*/service/**/*.py")}
    assert {str(path.relative_to(ROOT)) for path in folders} - set(listed) == {
        "petplus/local/embedded",
        "shared/database/alembic",
    }
    for folder, (usable, machinery) in listed.items():
        there = {path.stem for path in (ROOT / folder).glob("*.[pm]*") if path.suffix in (".py", ".mjs")}
        assert (folder, usable | machinery) == (folder, {name for name in there if not name.startswith("__")})


def test_the_page_of_the_architecture_calls_machinery_what_subgraphs_may_not_import() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    forbidden = {
        module
        for each in contracts
        if each.get("source_modules") == ["subgraphs"]
        for module in each["forbidden_modules"]
    }
    assert len(forbidden) > 10
    for folder, (usable, machinery) in modules_of((ROOT / "ARCHITECTURE.md").read_text()).items():
        package = folder.replace("/", ".")
        hidden = {name for name in usable | machinery if {package, f"{package}.{name}"} & forbidden}
        assert (folder, machinery) == (folder, hidden)


def test_the_page_of_the_architecture_is_short() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text()
    assert len(text.splitlines()) <= 200
    _, _, where = text.partition("## Where is …?")
    assert 0 < len(re.findall(r"^\| (?!behaviour|---)", where, re.MULTILINE)) <= 15

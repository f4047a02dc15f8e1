"""Files: their size, their first sentence, their names."""

import ast
import subprocess
from pathlib import Path

import pytest

from petplus import registry

ROOT = Path(__file__).parents[2]
LONGEST_FILE = 400
MOST_MUTATIONS = 10
SUBGRAPH_FILES = {
    "__init__.py",
    "subgraph.py",
    "schema.py",
    "schema.graphql",
    "queries.py",
    "mutations.py",
    "subscriptions.py",
    "types.py",
    "guest_types.py",
    "cart_types.py",
    "cart_loaders.py",
    "cart_inputs.py",
    "cart_models.py",
    "cart_demo.py",
    "shipment_demo.py",
    "shipment_types.py",
    "value_types.py",
    "price_types.py",
    "facet_types.py",
    "shop_types.py",
    "line_types.py",
    "statistics_types.py",
    "order_conditions.py",
    "order_types.py",
    "results.py",
    "inputs.py",
    "enums.py",
    "discount_inputs.py",
    "discount_models.py",
    "discount_types.py",
    "loaders.py",
    "service.py",
    "models.py",
    "fact_models.py",
    "payment_models.py",
    "events.py",
    "handlers.py",
    "jobs.py",
    "routes.py",
    "errors.py",
    "settings.py",
    "demo.py",
    "demo_countries.toml",
    "status.py",
}
GENERATED = ("/migrations/", "/src/gql.ts")


def tracked(*patterns: str) -> list[Path]:
    listed = subprocess.run(["git", "ls-files", *patterns], cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / line for line in listed.stdout.splitlines() if not any(part in line for part in GENERATED)]


def test_no_file_is_longer_than_a_reader_wants() -> None:
    sources = tracked("*.py", "*.mjs", "*.js", "*.ts")
    assert len(sources) > 50
    lengths = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in sources}
    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}


def test_every_module_starts_with_a_sentence_of_purpose() -> None:
    without = [
        str(path.relative_to(ROOT))
        for path in tracked("*.py")
        if path.read_text().strip() and not ast.get_docstring(ast.parse(path.read_text()))
    ]
    assert without == []


@pytest.mark.parametrize("name", registry.NAMES)
def test_subgraphs_have_the_same_file_names(name: str) -> None:
    subgraph = ROOT / "subgraphs" / name
    files = {path.name for path in subgraph.iterdir() if path.is_file()}
    assert files - SUBGRAPH_FILES == set()
    assert {"subgraph.py", "schema.py", "schema.graphql", "queries.py", "types.py", "models.py"} <= files


@pytest.mark.parametrize("name", registry.NAMES)
def test_more_than_ten_mutations_are_a_package_by_aggregate(name: str) -> None:
    mutation = registry.load(name).schema._schema.mutation_type
    is_package = (ROOT / "subgraphs" / name / "mutations" / "__init__.py").exists()
    assert is_package == (mutation is not None and len(mutation.fields) > MOST_MUTATIONS)


def test_clients_of_tests_load_no_certificate_authorities() -> None:
    """That takes longer than most requests; `tests/support/http.py` makes clients without."""
    texts = {path: path.read_text(encoding="utf-8") for path in tracked("tests/*.py")}
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path, text in texts.items()
        if "httpx.AsyncClient" in text
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "httpx.AsyncClient"
        # One with a transport of its own loads none.
        if "transport" not in {keyword.arg for keyword in node.keywords} and path.name != "http.py"
    ]
    assert found == [], "these should call `http_client`"

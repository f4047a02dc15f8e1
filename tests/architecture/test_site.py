"""The documentation site builds without a warning, needs no network, and shows the whole API and all events."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from graphql import GraphQLObjectType, build_schema

from tools.reference import reference_pages
from tools.site import for_python_markdown, site_links

ROOT = Path(__file__).parents[2]
REPOSITORY = "https://example.com/shop"
LOADED = re.compile(
    r"<(?:script|img|iframe)[^>]+src=\"?(https?:[^\" >]+)|<link[^>]+stylesheet[^>]+href=\"?(https?:[^\" >]+)"
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    words = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)]
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=200)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")
    return folder


def test_nothing_is_loaded_from_elsewhere(site: Path) -> None:
    pages = sorted(site.rglob("*.html"))
    assert len(pages) > 45
    loaded = {match[0] for page in pages for match in LOADED.finditer(page.read_text())}
    assert loaded == set()
    # Where Material finds one of these it asks GitHub, a CDN or Google.
    found = {page.name for page in pages if re.search(r'data-md-component="source"|class="mermaid"', page.read_text())}
    assert found == set()


def test_the_whole_api_is_in_the_reference(site: Path) -> None:
    schema = build_schema((ROOT / "router" / "supergraph.graphql").read_text(), assume_valid=True)
    text = "".join(page.read_text() for page in (site / "reference").glob("*.html"))
    anchors = set(re.findall(r'id="([\w.]+)"', text))
    types = {name: each for name, each in schema.type_map.items() if "__" not in name}
    roots = {"Query", "Mutation", "Subscription"}
    assert set(types) - roots - anchors == set()
    fields = {
        f"{name}.{field}"
        for name, each in types.items()
        if isinstance(each, GraphQLObjectType)
        for field in each.fields
    }
    assert len(fields) > 500
    assert fields - anchors == set()


def test_all_events_are_on_their_page(site: Path) -> None:
    events = json.loads((ROOT / "docs" / "events.json").read_text())["components"]["messages"]
    anchors = set(re.findall(r'id="([\w.]+)"', (site / "reference" / "events.html").read_text()))
    assert set(events) - anchors == set()


def test_the_reference_says_what_a_field_takes_and_what_is_deprecated() -> None:
    pages = reference_pages("""
        type Query {
          "All things."
          things("How many." first: Int! = 20, filter: Filter): [Thing!]!
        }
        type Thing { "Its name." name: String, old: Kind @deprecated(reason: "Use name.") }
        enum Kind { "The first." A, B @deprecated(reason: "Use A.") }
        input Filter { kinds: [Kind!] = [A] }
        union Found = Thing
        scalar join__FieldSet
    """)
    assert "`first`: [Int](scalars.md#Int)`!` = `20` How many." in pages["reference/queries.md"]
    assert "| `[`[Thing](objects.md#Thing)`!]!` | All things.<br>" in pages["reference/queries.md"]
    assert "## Thing { #Thing }" in pages["reference/objects.md"]
    assert (
        '<a id="Thing.old"></a>`old` | [Kind](enums.md#Kind) | **Deprecated**: Use name. |'
        in pages["reference/objects.md"]
    )
    assert "`B` | **Deprecated**: Use A. |" in pages["reference/enums.md"]
    assert "`[`[Kind](enums.md#Kind)`!]` = `[A]`" in pages["reference/inputs.md"]
    assert "- [Thing](objects.md#Thing)" in pages["reference/unions.md"]
    assert "join__" not in "".join(pages.values())


@pytest.mark.parametrize(
    ("origin", "page", "link", "target"),
    [
        ("README.md", "index.md", "docs/operations.md#events", "operations.md#events"),
        ("README.md", "index.md", "docs/decisions", "decisions/README.md"),
        ("README.md", "index.md", "ARCHITECTURE.md", "architecture.md"),
        ("README.md", "index.md", "Makefile", f"{REPOSITORY}/blob/main/Makefile"),
        ("docs/operations.md", "operations.md", "../README.md#two-commands", "index.md#two-commands"),
        (
            "docs/decisions/0014-limits-and-cost.md",
            "decisions/0014-limits-and-cost.md",
            "../security.md",
            "../security.md",
        ),
        ("docs/security.md", "security.md", "../shared", f"{REPOSITORY}/tree/main/shared"),
        ("SECURITY.md", "security-policy.md", "../../security/advisories/new", f"{REPOSITORY}/security/advisories/new"),
        ("README.md", "index.md", "https://example.org/a", "https://example.org/a"),
    ],
)
def test_links_of_github_lead_to_pages_of_the_site(origin: str, page: str, link: str, target: str) -> None:
    assert site_links(f"See [it]({link}).", origin, page, REPOSITORY) == f"See [it]({target})."


def test_what_belongs_to_a_list_item_is_indented_for_the_site() -> None:
    written = "Steps:\n1. **Do** it:\n   ```python\n   if x:\n\n       y()\n   ```\n   Then rest.\n\nEnd.\n- a\n  b\n"
    shown = "Steps:\n\n1. **Do** it:\n    ```python\n    if x:\n\n        y()\n    ```\n    Then rest.\n"
    shown += "\nEnd.\n\n- a\n    b\n"
    assert for_python_markdown(written) == shown


def test_code_outside_of_lists_is_left_alone() -> None:
    written = "Text:\n\n```yaml\na:\n  - b\n  c: 1\n```\n"
    assert for_python_markdown(written) == written

"""The schema that clients see obeys the rules that Relay and code generators rely on; what breaks them is found."""

import re
from pathlib import Path

import pytest
from graphql import parse, print_ast

from petplus.local.node import ROUTER
from tools.lint_schema import findings

SCHEMA = (ROUTER / "schema.graphql").read_text(encoding="utf-8")
PLANTED = {
    "a type without a description": ("Bare", "type Bare { id: ID! }", "require-description"),
    "a type without an id": ("Nameless", '"A thing." type Nameless { "A name." name: String }', "strict-id-in-types"),
    "a list of objects without pages": (
        "[Order!]!",
        "",
        "A list type should only wrap an edge type. (@graphql-eslint/relay-edge-types)",
    ),
    "pages of what is no node": (
        "ThingConnection",
        """
        "A thing." type Thing { "Its id." id: ID! }
        "A page." type ThingConnection { "Edges." edges: [ThingEdge!]! "The page." pageInfo: PageInfo! }
        "An edge." type ThingEdge { "The thing." node: Thing! "Where it is." cursor: String! }""",
        "must implement `Node` interface",
    ),
    "a name in another case": ("Int", "enum Mood { happy }", "naming-convention"),
}
LINE = re.compile(r"schema\.graphql:(\d+): ")


def linted(folder: Path, schema: str) -> list[str]:
    file = folder / "schema.graphql"
    file.write_text(schema, encoding="utf-8")
    return findings(file)


def test_the_schema_has_no_findings() -> None:
    assert findings(ROUTER / "schema.graphql") == []


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """The findings of a schema that breaks all rules, by what breaks them: to look for them takes seconds each time."""
    kinds = [kind for kind, _, _ in PLANTED.values()]
    fields = "".join(f'  "Planted."\n  planted{number}: {kind}\n' for number, kind in enumerate(kinds))
    schema = SCHEMA.replace("\ntype Query {\n", f"\ntype Query {{\n{fields}", 1)
    first = schema[: schema.index(fields)].count("\n") + 1
    lines = dict(enumerate([planted for planted in PLANTED for _ in range(2)], first))
    for planted, (_, definitions, _) in PLANTED.items():
        # Printed, since findings name lines.
        text = f"{print_ast(parse(definitions))}\n" if definitions else ""
        first = schema.count("\n") + 1
        lines |= dict.fromkeys(range(first, first + text.count("\n")), planted)
        schema += text
    findings_of: dict[str, list[str]] = {planted: [] for planted in PLANTED}
    for finding in linted(tmp_path_factory.mktemp("planted"), schema):
        named = LINE.match(finding)
        assert named is not None, finding
        findings_of[lines[int(named[1])]].append(finding)
    return findings_of


@pytest.mark.parametrize("planted", PLANTED)
def test_what_breaks_a_rule_is_found(planted: str, found: dict[str, list[str]]) -> None:
    _, _, finding = PLANTED[planted]
    assert [each for each in found[planted] if finding in each], found


def test_an_exception_of_nothing_is_found(tmp_path: Path) -> None:
    renamed = re.sub(r"\bMoney\b", "Sum", SCHEMA.replace("CacheInvalidation", "CacheRemoval"))
    found = linted(tmp_path, renamed)
    assert "exceptions.mjs: CacheInvalidation needs no exception" in found
    assert "exceptions.mjs: Money needs no exception" in found

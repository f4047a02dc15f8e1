"""The schema that clients see obeys the rules that Relay and code generators rely on; what breaks them is found."""

import re
from pathlib import Path

import pytest
from graphql import parse, print_ast

from petplus.local.node import ROUTER
from tools.lint_schema import findings

SCHEMA = (ROUTER / "schema.graphql").read_text(encoding="utf-8")
PLANTED = {
    "a type without a description": ("Thing", "type Thing { id: ID! }", "require-description"),
    "a type without an id": ("Thing", '"A thing." type Thing { "A name." name: String }', "strict-id-in-types"),
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


def linted(folder: Path, schema: str) -> list[str]:
    file = folder / "schema.graphql"
    file.write_text(schema, encoding="utf-8")
    return findings(file)


def test_the_schema_has_no_findings() -> None:
    assert findings(ROUTER / "schema.graphql") == []


@pytest.mark.parametrize("planted", PLANTED)
def test_what_breaks_a_rule_is_found(planted: str, tmp_path: Path) -> None:
    kind, definitions, finding = PLANTED[planted]
    extended = SCHEMA.replace("\ntype Query {\n", f'\ntype Query {{\n  "Planted."\n  planted: {kind}\n', 1)
    # Printed, since findings name lines.
    found = linted(tmp_path, f"{extended}\n{print_ast(parse(definitions)) if definitions else ''}\n")
    assert [each for each in found if finding in each], found


def test_an_exception_of_nothing_is_found(tmp_path: Path) -> None:
    renamed = re.sub(r"\bMoney\b", "Sum", SCHEMA.replace("CacheInvalidation", "CacheRemoval"))
    found = linted(tmp_path, renamed)
    assert "exceptions.mjs: CacheInvalidation needs no exception" in found
    assert "exceptions.mjs: Money needs no exception" in found

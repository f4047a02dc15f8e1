"""Documents and descriptions keep to the style sheet of CONTRIBUTING.md: none of these phrases is in them.

A list of a dozen phrases needs no linter: vale is a Go binary that its package on PyPI downloads at the first run, and
proselint's rules are about English in general.
"""

import re
from pathlib import Path

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    build_schema,
)

ROOT = Path(__file__).parents[2]
CHECKS_DESCRIPTIONS = True
"""Whether the descriptions in the schema are held to the style sheet too. They are being rewritten."""

PHRASES = {
    r"unless (told|set)\b": "default: …",
    r"\bshall\b": "must, may",
    r"\bwho(m|so)?ever\b": "the client, the viewer",
    r"\bsomebody\b": "a user, a person",
    r"\b(it|is|are|was|has) told\b|\btold of\b": "is reported, gets",
    r"\bis over\b": "has expired, has ended",
    r"\bput up\b": "published",
    r"\bhears?\b|\bheard\b": "handles, receives",
    r"\brooms?\b": "subgraph",
    r"\bby (itself|themselves)\b": "automatically, or nothing",
    r"\blets? all pass\b": "allows everything",
    r"\bgives? way\b": "has a lower priority",
    r"\bdoorbells?\b": "wake-up, notification",
    r"\bhow dear\b|\btoo dear\b|\bdearest\b": "expensive",
}

# What PostgreSQL, a person or a table's heading says, word for word.
QUOTED = re.compile(r"```.*?```|`[^`]*`|\"[^\"\n]*\"", re.DOTALL)
DOCUMENTS = [
    *(ROOT / name for name in ("README.md", "ARCHITECTURE.md", "CHANGELOG.md", "SECURITY.md")),
    *sorted(path for path in (ROOT / "docs").rglob("*.md") if path.name != "access.md"),
]


def found_in(text: str) -> list[str]:
    """Return the phrases of a text that the style sheet replaces, with what to write."""
    text = QUOTED.sub("…", text)
    matches = (
        (match, better) for phrase, better in PHRASES.items() for match in re.finditer(phrase, text, re.IGNORECASE)
    )
    return [f"{match[0]!r} in “{_around(text, match)}”: write {better}" for match, better in matches]


def _around(text: str, match: re.Match[str]) -> str:
    return " ".join(text[max(0, match.start() - 30) : match.end() + 30].split())


def described(schema: GraphQLSchema) -> dict[str, str]:
    """Return all descriptions of a schema by what they describe."""
    found: dict[str, str | None] = {}
    for name, kind in schema.type_map.items():
        if "__" in name:
            continue
        found[name] = kind.description
        if isinstance(kind, GraphQLEnumType):
            found |= {f"{name}.{value}": each.description for value, each in kind.values.items()}
        if isinstance(kind, GraphQLInputObjectType | GraphQLObjectType | GraphQLInterfaceType):
            found |= {f"{name}.{field}": each.description for field, each in kind.fields.items()}
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
            arguments = ((field, each.args) for field, each in kind.fields.items())
            found |= {
                f"{name}.{field}({arg})": each.description for field, args in arguments for arg, each in args.items()
            }
    return {name: text for name, text in found.items() if text}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_document_keeps_to_the_style_sheet(document: Path) -> None:
    assert found_in(document.read_text()) == []


@pytest.mark.skipif(not CHECKS_DESCRIPTIONS, reason="the descriptions are being rewritten")
def test_descriptions_in_the_schema_keep_to_the_style_sheet() -> None:
    texts = described(build_schema((ROOT / "router" / "supergraph.graphql").read_text(), assume_valid=True))
    assert len(texts) > 900
    found = {name: found_in(text) for name, text in texts.items()}
    assert {name: phrases for name, phrases in found.items() if phrases} == {}


def test_phrases_are_found_in_descriptions_and_not_in_code() -> None:
    schema = build_schema("""
        "A room."
        type Query { "How many; 20 unless told." first("Whoever asks." of: Int): Int }
        enum Kind { "It is over." A }
    """)
    assert {name for name, text in described(schema).items() if found_in(text)} == {
        "Query",
        "Query.first",
        "Query.first(of)",
        "Kind.A",
    }
    assert found_in('`whoever`, "database is over"\n```\nshall\n```\n') == []

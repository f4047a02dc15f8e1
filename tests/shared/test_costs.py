"""Costs: what a document excludes costs nothing, and everything else as much as without a condition."""

import contextlib
import sys
from types import FrameType
from typing import Any

import pytest
from graphql import parse

from shared.graph.execution.cost import plan_of
from shared.graph.execution.documents import Document, Documents
from shared.graph.execution.limits import LimitExceeded, Size, measure
from subgraphs.order.schema import schema

WHOLE = "orders(first: 50) { nodes { id lines { id } } }"
"""1 for the connection, and for each of 50 orders 1 for itself and 5 for its lines."""
COST = 1 + 50 * (1 + 5)
CHANGE = 'orderCancel(input: { orderId: "x", version: 1 }) { __typename }'


def cost(query: str, **variables: Any) -> int:
    node = parse(query)
    [operation, *_] = [each for each in node.definitions if each.kind == "operation_definition"]
    document = Document(node, measure(node))
    assert document.operation(None) is operation
    return plan_of(schema._schema, node, document.operation(None) or pytest.fail("no operation")).cost(variables)


@pytest.mark.parametrize(
    ("query", "variables", "expected"),
    [
        (f"{{ {WHOLE} }}", {}, COST),
        (f"{{ ... @include(if: true) {{ {WHOLE} }} }}", {}, COST),
        (f"{{ ... @include(if: false) {{ {WHOLE} }} }}", {}, 0),
        (f"{{ ... @skip(if: true) {{ {WHOLE} }} __typename }}", {}, 1),
        (f"query ($x: Boolean!) {{ ... @skip(if: $x) {{ {WHOLE} }} }}", {"x": True}, 0),
        (f"query ($x: Boolean!) {{ ... @skip(if: $x) {{ {WHOLE} }} }}", {"x": False}, COST),
        (f"query ($x: Boolean!) {{ ...F @include(if: $x) }} fragment F on Query {{ {WHOLE} }}", {"x": False}, 0),
        (f"query ($x: Boolean!) {{ ...F @include(if: $x) }} fragment F on Query {{ {WHOLE} }}", {"x": True}, COST),
        (f"query ($x: Boolean! = false) {{ ... @include(if: $x) {{ {WHOLE} }} }}", {}, 0),
        (f"query ($x: Boolean! = false) {{ ... @include(if: $x) {{ {WHOLE} }} }}", {"x": True}, COST),
        ("query ($x: Boolean!) { orders(first: 50) { nodes { id lines @include(if: $x) { id } } } }", {"x": False}, 51),
        ("query ($x: Boolean!) { orders(first: 50) { nodes @skip(if: $x) { id lines { id } } } }", {"x": True}, 1),
        (
            f"query ($x: Boolean!, $y: Boolean!) {{ ... @include(if: $x) {{ ... @skip(if: $y) {{ {WHOLE} }} }} }}",
            {"x": True, "y": True},
            0,
        ),
        (f"query ($x: Boolean!) {{ a: {WHOLE} ... @include(if: $x) {{ b: {WHOLE} }} }}", {"x": False}, COST),
        (f"mutation ($x: Boolean!) {{ a: {CHANGE} ... @include(if: $x) {{ b: {CHANGE} }} }}", {"x": False}, 10),
        (f"mutation ($x: Boolean!) {{ a: {CHANGE} ... @include(if: $x) {{ b: {CHANGE} }} }}", {"x": True}, 20),
        (f"query ($x: Boolean!) {{ ... @include(if: $x) {{ {WHOLE} }} }}", {}, COST),
        (f"query ($x: Boolean!) {{ ... @skip(if: $x) {{ {WHOLE} }} }}", {"x": 1}, COST),
    ],
)
def test_what_is_excluded_costs_nothing(query: str, variables: dict[str, Any], expected: int) -> None:
    assert cost(query, **variables) == expected


NESTED = 22
"""Levels of fragments that each spread the next one twice. Written out, their spreads are four million."""


def _nested(spread: str, end: str = "") -> str:
    fragments = [f"fragment F{n} on Query {{ {spread.format(n + 1)} }}" for n in range(NESTED)]
    return " ".join([*fragments, end])


@pytest.mark.parametrize(
    "query",
    [
        "{ ...F0 } " + _nested("...F{0} ...F{0}"),
        "query ($x: Boolean!) { ...F0 } " + _nested("...F{0} @include(if: $x) ...F{0} @skip(if: $x)"),
        "{ ...F0 } " + _nested("... {{ ...F{0} }} ... {{ ...F{0} }}"),
        "{ ...F0 } " + _nested("...F{0} ...F{0}", f"fragment F{NESTED} on Query {{ ...F0 ...F1 nothing }}"),
        "{ orders { ...F0 } } " + _nested("...F{0} ...F{0}").replace("on Query", "on OrderConnection"),
        "query A { ...F0 } query B { ...F9 } " + _nested("...F{0} ...F{0}"),
    ],
    ids=["twice", "conditions", "inline", "cycle", "page", "operations"],
)
def test_a_document_of_nested_fragments_is_checked_in_time_in_proportion_to_its_text(query: str) -> None:
    visited = 0

    def count(frame: FrameType, event: str, _: object) -> None:
        nonlocal visited
        visited += event == "call" and frame.f_code.co_filename.endswith(("cost.py", "limits.py"))
        assert visited < 20 * len(query)

    documents, node = Documents(schema._schema), parse(query)
    name = "A" if "query A" in query else None
    operation = Document(node, Size()).operation(name) or pytest.fail("no operation")
    sys.setprofile(count)
    try:
        with contextlib.suppress(LimitExceeded):
            documents.check(query, name, {"x": True}, signed=False, introspects=True)
        plan_of(schema._schema, node, operation).cost({"x": True})
    finally:
        sys.setprofile(None)


@pytest.mark.parametrize(
    "query",
    [
        "{ ...F } fragment F on Query { ...F }",
        "{ ...F } fragment F on Query { orders { ...F } }",
        "{ ...F } fragment F on Query { a: orders { ...G } b: orders { ...G } } fragment G on Query { ...F ...G }",
    ],
)
def test_a_fragment_that_spreads_itself_is_named(query: str) -> None:
    documents = Documents(schema._schema)
    documents.check(query, None, {}, signed=False, introspects=True)
    errors = schema.errors_of(documents.read(query))
    assert errors
    assert all(error.message.startswith("Cannot spread fragment") for error in errors)

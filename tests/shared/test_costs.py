"""Costs: what a document excludes costs nothing, and everything else as much as without a condition."""

from typing import Any

import pytest
from graphql import parse

from shared.graph.execution.cost import plan_of
from shared.graph.execution.documents import Document
from shared.graph.execution.limits import measure
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

"""The router and the subgraphs reckon the same: each operation has one cost, wherever it is asked for."""

import json
import subprocess
from pathlib import Path
from typing import Any

from graphql import build_schema, parse

from petplus.local.node import ROUTER, find_node
from shared.graph.execution.cost import plan_of
from shared.graph.execution.documents import Document
from shared.graph.execution.limits import measure
from tests.support.waiting import TEST_TIMEOUT

SUPERGRAPH = ROUTER / "supergraph.graphql"
PAGE = "query ($n: Int = 7, $m: Int) {{ {} }}"
ORDERS = "orders(first: $n) { nodes { id lines { design { id } } } }"
LINE = "fragment L on OrderLine { design { id } }"
WRITTEN: list[tuple[str, dict[str, Any]]] = [
    ("{ __typename }", {}),
    ("{ presets { id name } }", {}),
    ("{ a: presets { id } b: presets { id } }", {}),
    (PAGE.format(ORDERS), {}),
    (PAGE.format(ORDERS), {"n": 100}),
    (PAGE.format(ORDERS), {"n": 101}),
    (PAGE.format(ORDERS), {"n": -1}),
    (PAGE.format(ORDERS), {"n": None}),
    (PAGE.format("orders(last: 3) { edges { cursor node { id } } pageInfo { hasNextPage } totalCount }"), {}),
    (PAGE.format("orders(first: $n, last: $m) { nodes { id } }"), {"n": 2, "m": 50}),
    (PAGE.format("orders(first: null) { nodes { id } }"), {}),
    (PAGE.format("orders(first: 0) { nodes { id } }"), {}),
    (PAGE.format("orders { ...P ... { nodes { id } } ... on OrderConnection { nodes { id } } }"), {}),
    ("{ orders(first: 4) { ...P } } fragment P on OrderConnection { nodes { lines { ...L } } } " + LINE, {}),
    ("{ me { orders(first: 9) { nodes { customer { orders(first: 9) { nodes { id } } } } } } }", {}),
    ("mutation { a: sessionRevokeAll { __typename } }", {}),
]  # fmt: skip
OF_APPS = sorted((ROUTER / "operations").glob("*.graphql"))


def asked() -> list[dict[str, Any]]:
    """Every operation of the apps, with pages of several sizes, and those above."""
    cases = [{"query": query, "name": None, "variables": variables} for query, variables in WRITTEN]
    for path in OF_APPS:
        query = path.read_text()
        operation = measured(query).node.definitions[0]
        names = [each.variable.name.value for each in getattr(operation, "variable_definitions", None) or ()]
        cases += [{"query": query, "name": path.stem, "variables": dict.fromkeys(names, size)} for size in (1, 20, 100)]
    return cases


def measured(query: str) -> Document:
    node = parse(query)
    return Document(node, measure(node))


def estimated_by_router(cases: list[dict[str, Any]]) -> list[int]:
    command = [str(find_node().binary), str(Path(__file__).with_name("costs.mjs")), str(SUPERGRAPH)]
    done = subprocess.run(
        command, input=json.dumps(cases), capture_output=True, text=True, check=False, timeout=TEST_TIMEOUT
    )
    assert done.returncode == 0, done.stderr
    found: list[int] = json.loads(done.stdout)
    return found


def test_the_router_and_the_subgraphs_reckon_the_same_cost() -> None:
    schema = build_schema(SUPERGRAPH.read_text(), assume_valid=True)
    cases = asked()
    found = []
    for case in cases:
        document = measured(case["query"])
        operation = document.operation(case["name"])
        assert operation is not None
        found.append(plan_of(schema, document.node, operation).cost(case["variables"]))
    assert len(cases) == len(WRITTEN) + 3 * len(OF_APPS)
    assert len(set(found)) > 20
    by_router = estimated_by_router(cases)
    assert [
        (case["query"], case["variables"], one, other)
        for case, one, other in zip(cases, found, by_router, strict=True)
        if one != other
    ] == []

"""`node` and `nodes`: any object by its id, as its owner shows it, and null for what is not there."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from petplus.local.node import ROUTER, find_node
from shared.core.ids import new_id
from tests.router.servers import Testbed, run_script, write_subgraphs
from tests.support.waiting import TEST_TIMEOUT

MOST = 100
NODE = "query ($id: ID!) { node(id: $id) { %s } }"
NODES = "query ($ids: [ID!]!) { nodes(ids: $ids) { %s } }"
SELECTIONS = [
    "id",
    "__typename",
    "again: id kind: __typename",
    "... on Design { name }",
    "... on Design { code }",
    "... on Order { sized }",
    "... on Node { ... on Node { __typename } }",
    "id @skip(if: true) __typename",
]


def an_id(prefix: str, end: str = "111") -> str:
    return new_id(prefix)[:-3] + end


@pytest.mark.parametrize(("kind", "prefix"), [("User", "usr"), ("Design", "des"), ("Order", "ord")])
async def test_the_prefix_of_an_id_tells_the_type(testbed: Testbed, kind: str, prefix: str) -> None:
    key = an_id(prefix)
    answer = await testbed.execute(NODE % "__typename id", id=key)
    assert answer == {"data": {"node": {"__typename": kind, "id": key}}}


async def test_an_object_has_the_fields_of_all_its_subgraphs(testbed: Testbed) -> None:
    key = an_id("usr")
    answer = await testbed.execute(NODE % "... on User { name orders { id } } ... on Order { sized }", id=key)
    assert answer == {"data": {"node": {"name": f"Person {key} ñ🐾", "orders": [{"id": "o1"}]}}}


async def test_what_needs_an_object_that_its_owner_refuses_fails_with_its_error(testbed: Testbed) -> None:
    answer = await testbed.execute(NODE % "... on User { name orders { id } }", id=an_id("usr", "403"))
    assert [(error["path"], error["extensions"]["code"]) for error in answer["errors"]] == [
        (["node", "name"], "FORBIDDEN"),
        (["node", "orders"], "FORBIDDEN"),
    ]


@pytest.mark.parametrize("selection", SELECTIONS)
async def test_what_does_not_exist_is_null_whatever_is_selected(testbed: Testbed, selection: str) -> None:
    assert await testbed.execute(NODE % selection, id=an_id("des", "404")) == {"data": {"node": None}}
    ids = [an_id("des"), an_id("des", "404"), an_id("ord")]
    answer = await testbed.execute(NODES % selection, ids=ids)
    assert [each is None for each in answer["data"]["nodes"]] == [False, True, False]
    assert "errors" not in answer


@pytest.mark.parametrize(
    "key",
    ["", "1", "des", "des_1", "xyz_01kbaaaaaaaaaaaaaaaaaaaaaa", "des_81kbaaaaaaaaaaaaaaaaaaaaaa", "__proto__", "Des_1"],
)
async def test_what_is_no_id_of_the_graph_is_null(testbed: Testbed, key: str) -> None:
    answer = await testbed.execute("query ($id: ID!) { node(id: $id) { id } nodes(ids: [$id]) { id } }", id=key)
    assert answer == {"data": {"node": None, "nodes": [None]}}


async def test_objects_have_the_order_of_their_ids_also_of_repeated_ones(testbed: Testbed) -> None:
    ids = [an_id("des"), an_id("usr"), an_id("des", "404"), an_id("ord"), an_id("usr", "222")]
    ids += ids[:2]
    answer = await testbed.execute(NODES % "id ... on Design { name } ... on Order { design { name } }", ids=ids)
    found = answer["data"]["nodes"]
    assert [each and each["id"] for each in found] == [*ids[:2], None, *ids[3:]]
    assert found[0] == found[5] == {"id": ids[0], "name": f"Design {ids[0]}"}
    assert found[3] == {"id": ids[3], "design": {"name": "Design d1"}}


async def test_a_denied_field_is_denied_below_a_node(testbed: Testbed) -> None:
    answer = await testbed.execute(NODE % "... on User { email name }", id=an_id("usr"))
    assert answer["data"]["node"]["email"] is None
    assert [(each["path"], each["extensions"]["code"]) for each in answer["errors"]] == [
        (["node", "email"], "UNAUTHENTICATED")
    ]


async def test_an_owner_that_fails_is_an_error_and_not_an_absence(testbed: Testbed) -> None:
    ids = [an_id("des"), an_id("des", "500")]
    answer = await testbed.execute(NODES % "id ... on Design { name }", ids=ids)
    assert answer["data"] == {"nodes": [{"id": ids[0], "name": f"Design {ids[0]}"}, None]}
    assert {each["extensions"]["code"] for each in answer["errors"]} == {"BROKEN"}
    away = await testbed.execute(NODE % "... on User { name trail }", id=an_id("usr"))
    assert (away["data"]["node"]["trail"], away["errors"][0]["extensions"]["code"]) == (None, "SUBGRAPH_UNAVAILABLE")
    assert away["errors"][0]["path"] == ["node", "trail"]


@pytest.mark.parametrize("written", [False, True], ids=["variable", "literal"])
async def test_more_ids_than_a_page_holds_are_refused_whole(testbed: Testbed, written: bool) -> None:
    async def ask(count: int) -> dict[str, Any]:
        ids = [an_id("des") for _ in range(count)]
        if written:
            return await testbed.execute(f"{{ nodes(ids: {json.dumps(ids)}) {{ id }} }}")
        return await testbed.execute(NODES % "id", ids=ids)

    assert len((await ask(MOST))["data"]["nodes"]) == MOST
    refused = await ask(MOST + 1)
    assert refused["data"] is None
    [error] = refused["errors"]
    message = "At most 100 ids are allowed."
    fields = [{"path": "ids", "code": "TOO_MANY", "message": message}]
    assert error["message"] == message
    assert (error["path"], error["extensions"]) == (["nodes"], {"code": "INVALID_INPUT", "fields": fields})


async def test_the_cost_counts_each_id(testbed: Testbed) -> None:
    query = NODES % "id ... on Order { design { id } }"
    costs = []
    for count in (1, 10):
        answer = (await testbed.post(query, ids=[an_id("ord") for _ in range(count)])).json()
        costs.append(answer["extensions"]["cost"]["requested"])
    assert costs == [2, 20]


def test_a_plan_asks_each_owner_once_for_all_its_objects() -> None:
    script = Path(__file__).with_name("node_plans.mjs")
    command = [str(find_node().binary), str(script), str(ROUTER / "supergraph.graphql")]
    done = subprocess.run(command, cwd=ROUTER, capture_output=True, text=True, check=True, timeout=TEST_TIMEOUT)
    root, *fetches = json.loads(done.stdout)
    assert root == {"service": "router", "keys": []}
    assert all(each["keys"] == ["id"] for each in fetches)
    services = [each["service"] for each in fetches]
    assert sorted(services) == sorted({"user", "order", "builder", "webhook", "analytics", "audit"})


def test_a_schema_without_tagged_types_composes_as_before(tmp_path: Path) -> None:
    config = write_subgraphs(tmp_path)
    for schema in tmp_path.glob("*.graphql"):
        text = schema.read_text()
        for prefix in ("usr", "des", "ord"):
            text = text.replace(f' @tag(name: "id/{prefix}")', "")
        schema.write_text(text)
    output = tmp_path / "supergraph.out"
    done = run_script("compose.mjs", f"--config={config}", f"--output={output}")
    assert (done.returncode, done.stderr) == (0, "")
    assert "Node" not in output.read_text()

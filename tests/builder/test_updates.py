"""Updates of designs and presets: null removes nothing of them, and is refused at its field."""

from typing import Any

import pytest

from tests.builder.support import Maker, run, stored
from tests.builder.test_presets import make_preset
from tests.support.apps import Served

PROBLEMS = "__typename ... on InvalidInputProblem { fields { path code } }"


@pytest.mark.parametrize("fields", [["name"], ["config"], ["name", "config"]])
async def test_null_removes_nothing_of_a_design(builder: Served, make: Maker, customer: str, fields: list[str]) -> None:
    design = await make()
    query = f"mutation ($input: DesignUpdateInput!) {{ designUpdate(input: $input) {{ {PROBLEMS} }} }}"
    given = {"id": design["id"], "version": 1, "name": "Walks", **dict.fromkeys(fields)}
    refused = (await builder.execute(query, customer, input=given)).data["designUpdate"]
    assert refused["fields"] == [{"path": f"input.{name}", "code": "REQUIRED"} for name in fields]
    shown = "query ($id: ID!) { design(id: $id) { name version } }"
    after = (await builder.execute(shown, customer, id=design["id"])).data["design"]
    assert after == {"name": design["name"], "version": 1}


@pytest.mark.parametrize("name", ["name", "category", "config", "position"])
async def test_null_removes_nothing_of_a_preset(builder: Served, admin: str, name: str) -> None:
    made: Any = await make_preset(builder, admin, name="Unchanged")
    query = f"mutation ($input: PresetUpdateInput!) {{ presetUpdate(input: $input) {{ {PROBLEMS} }} }}"
    given = {"id": made["id"], "version": 1, "position": 7, name: None}
    refused = (await builder.execute(query, admin, input=given)).data["presetUpdate"]
    assert refused["fields"] == [{"path": f"input.{name}", "code": "REQUIRED"}]
    shown = 'query { presets(first: 100, search: "Unchanged") { nodes { id name version } } }'
    after = (await builder.execute(shown)).data["presets"]["nodes"]
    assert {"id": made["id"], "name": "Unchanged", "version": 1} in after


CONFLICT = """
mutation ($input: DesignUpdateInput!) {
  designUpdate(input: $input) {
    __typename
    ... on ConflictProblem {
      currentVersion
      current { __typename id version ... on Design { name config { primaryColor } shares { totalCount } } }
    }
  }
}"""


async def test_a_conflict_shows_the_design_as_it_is_now(
    builder: Served, make: Maker, customer: str, stranger: str
) -> None:
    design = await make(name="Mine")
    await run(builder, "designUpdate", customer, id=design["id"], version=1, name="Newer")
    given = {"id": design["id"], "version": 1, "name": "Stale"}
    before = await stored(builder)
    conflict = (await builder.execute(CONFLICT, customer, input=given)).data["designUpdate"]
    current = {"__typename": "Design", "id": design["id"], "version": 2, "name": "Newer"}
    current |= {"config": {"primaryColor": "NAVY"}, "shares": {"totalCount": 0}}
    assert conflict == {"__typename": "ConflictProblem", "currentVersion": 2, "current": current}
    others = (await builder.execute(CONFLICT, stranger, input=given)).data["designUpdate"]
    assert others == {"__typename": "NotFoundProblem"}
    assert await stored(builder) == before

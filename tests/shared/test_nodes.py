"""The objects that `node` shows: each type says the prefix of its ids, and any number of them costs as much as one."""

import re

import pytest

from petplus import registry
from shared.core.ids import new_id
from shared.graph.row_types import RowType
from tests.support.apps import Identities, Served

ENTITIES = "query ($of: [_Any!]!) {{ _entities(representations: $of) {{ ... on {} {{ id }} }} }}"
OWNED = [
    (subgraph.name, name)
    for subgraph in registry.load_all()
    for name, kind in subgraph.schema.entities.items()
    if issubclass(kind, RowType)
]


NO_NODES = {"OrderLine"}
"""The picture of a line needs a field of its owner, to which the planner finds no way from `node`."""


def prefix_of(subgraph: str, kind: str) -> str:
    """Return the prefix by which the ids of a type are described."""
    definition = registry.load(subgraph).schema._schema.type_map[kind]
    found = re.search(r"`(\w+)_…`", definition.fields["id"].description)  # type: ignore[attr-defined]
    assert found, f"The description of `{kind}.id` needs its form, as in `ord_…`."
    return found[1]


@pytest.fixture
def served(subgraph: str, request: pytest.FixtureRequest) -> Served:
    """The subgraph that a test is about."""
    found: Served = request.getfixturevalue(subgraph)
    return found


@pytest.mark.parametrize(("subgraph", "kind"), [each for each in OWNED if each[1] not in NO_NODES])
def test_the_tag_of_an_entity_is_the_prefix_that_its_id_is_described_by(subgraph: str, kind: str) -> None:
    tagged = re.search(rf'^type {kind} .*@tag\(name: "id/(\w+)"\)', registry.load(subgraph).schema.sdl(), re.MULTILINE)
    assert tagged, f'{kind} needs a tag: `@federation.type(keys=["id"], tags=["id/…"])`'
    assert tagged[1] == prefix_of(subgraph, kind)


@pytest.mark.parametrize(("subgraph", "kind"), OWNED)
async def test_objects_that_do_not_exist_are_null_at_one_cost_for_any_number(
    served: Served, subgraph: str, kind: str, people: Identities
) -> None:
    token = people.token(new_id("usr"), "ADMIN")
    costs = []
    for count in (1, 100):
        of = [{"__typename": kind, "id": new_id(prefix_of(subgraph, kind))} for _ in range(count)]
        with served.statements() as sent:
            answer = await served.execute(ENTITIES.format(kind), token, of=of)
        assert answer.data == {"_entities": [None] * count}
        costs.append(len(sent))
    assert costs == [1, 1]

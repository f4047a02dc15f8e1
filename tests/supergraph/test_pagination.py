"""Each list of the graph is walked through the router as Relay walks it: whole, in both directions, nothing twice."""

from dataclasses import dataclass
from typing import Any

import pytest
from graphql import GraphQLObjectType, build_schema, get_named_type

from petplus.local.node import ROUTER
from tests.support.shop import Shop

pytestmark = [pytest.mark.usefixtures("_urls"), pytest.mark.parametrize("running", ["one process"], indirect=True)]

PAGES = 3
"""So many pages at least, where the list has as many items."""
MOST_ON_A_PAGE = 100
# Who sees the lists of a type, and of which object.
AROUND = {
    "Query": ("admin", "{ %s }"),
    "User": ("customer", "{ me { %s } }"),
    "User.auditTrail": ("admin", "{ me { %s } }"),
    "Order": ("admin", "{ orders(first: 1) { nodes { %s } } }"),
    "Design": ("admin", "{ orders(first: 1) { nodes { lines { design { %s } } } } }"),
    "Design.shares": ("customer", "{ designs(first: 1) { nodes { %s } } }"),
}


def connections() -> list[str]:
    """Return all fields of the graph that are lists in pages, as `Type.field`."""
    schema = build_schema((ROUTER / "schema.graphql").read_text())
    types = [kind for kind in schema.type_map.values() if isinstance(kind, GraphQLObjectType)]
    return sorted(
        f"{kind.name}.{name}"
        for kind in types
        for name, field in kind.fields.items()
        if get_named_type(field.type).name.endswith("Connection")
    )


@dataclass
class List:
    """One list of the graph, as somebody sees it."""

    shop: Shop
    token: str
    around: str
    name: str

    async def page(self, arguments: str) -> Any:
        """Return one page."""
        selection = (
            f"{self.name}({arguments}) {{ totalCount edges {{ cursor node {{ __typename }} }} "
            "pageInfo { hasNextPage hasPreviousPage startCursor endCursor } }"
        )
        answer = await self.shop.execute(self.around % selection, self.token)
        assert answer.body.get("errors") is None, answer.body["errors"]
        return _found(answer.data, self.name)

    async def walk(self, size: int, *, backwards: bool) -> list[str]:
        """Return the cursors of all items, in the order of the list."""
        count, position, more, end = (
            ("last", "before", "hasPreviousPage", "startCursor")
            if backwards
            else ("first", "after", "hasNextPage", "endCursor")
        )
        seen: list[str] = []
        arguments = f"{count}: {size}"
        while True:
            page = await self.page(arguments)
            cursors = [edge["cursor"] for edge in page["edges"]]
            assert (page["pageInfo"]["startCursor"], page["pageInfo"]["endCursor"]) == (
                (cursors[0], cursors[-1]) if cursors else (None, None)
            )
            seen = cursors + seen if backwards else seen + cursors
            if not page["pageInfo"][more]:
                return seen
            assert len(cursors) == size
            arguments = f'{count}: {size}, {position}: "{page["pageInfo"][end]}"'


def _found(data: Any, name: str) -> Any:
    if isinstance(data, list):
        return next((found for each in data if (found := _found(each, name)) is not None), None)
    if not isinstance(data, dict):
        return None
    return data[name] if name in data and "pageInfo" in (data[name] or ()) else _found(list(data.values()), name)


@pytest.mark.parametrize("place", connections())
async def test_a_walk_shows_the_whole_list_once_in_either_direction(running: Shop, place: str) -> None:
    kind, _, name = place.partition(".")
    role, around = AROUND.get(place) or AROUND[kind]
    shown = List(running, await running.token_of(role), around, name)
    nothing = await shown.page("first: 0")
    assert nothing["edges"] == []
    assert nothing["pageInfo"]["hasNextPage"] == (nothing["totalCount"] > 0)
    assert (nothing["pageInfo"]["startCursor"], nothing["pageInfo"]["endCursor"]) == (None, None)

    size = min(MOST_ON_A_PAGE, nothing["totalCount"] // PAGES + 1)
    forwards = await shown.walk(size, backwards=False)
    backwards = await shown.walk(size, backwards=True)
    assert len(set(forwards)) == len(forwards)
    # Meanwhile items may have been added, which is where the list begins.
    assert backwards[len(backwards) - len(forwards) :] == forwards
    assert len(forwards) >= nothing["totalCount"]

"""Connections: pages fit together whatever their size and direction, and wrong requests are refused by name."""

import base64
import datetime as dt

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert

from shared.core.ids import new_id
from shared.database.database import Database
from subgraphs.user.models import UserProfile
from tests.support.apps import Served
from tests.support.properties import examples

QUERY = """
query ($search: String!, $first: Int, $after: String, $last: Int, $before: String) {
  users(filter: { search: $search }, first: $first, after: $after, last: $last, before: $before) {
    totalCount
    edges { cursor node { id } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}"""
LONGEST = 12


async def people_of(database: Database, name: str, count: int) -> list[str]:
    """Insert people, some of whom joined at the same moment; returns their ids in the order of the list."""
    start = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    rows = [
        {
            "id": new_id("usr"),
            "email": f"{new_id('usr')}@example.com",
            "name": name,
            "roles": ["CUSTOMER"],
            "version": 1,
            "created_at": start + dt.timedelta(seconds=number // 3),
        }
        for number in range(count)
    ]
    if rows:
        async with database.write() as session:
            await session.execute(insert(UserProfile), rows)
    rows.sort(key=lambda row: (row["created_at"], row["id"]), reverse=True)
    return [str(row["id"]) for row in rows]


@given(count=st.integers(0, LONGEST), size=st.integers(1, LONGEST + 1))
@settings(max_examples=examples(20), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_pages_walk_the_whole_list_once_in_both_directions(
    user: Served, support: str, count: int, size: int
) -> None:
    name = new_id("usr")
    expected = await people_of(user.database, name, count)
    forwards: list[str] = []
    after = None
    while True:
        page = (await user.execute(QUERY, support, search=name, first=size, after=after)).data["users"]
        assert page["totalCount"] == count
        assert page["pageInfo"]["hasPreviousPage"] == (after is not None)
        forwards += [edge["node"]["id"] for edge in page["edges"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert forwards == expected
    backwards: list[str] = []
    before = None
    while True:
        page = (await user.execute(QUERY, support, search=name, last=size, before=before)).data["users"]
        backwards = [edge["node"]["id"] for edge in page["edges"]] + backwards
        before = page["pageInfo"]["startCursor"]
        if not page["pageInfo"]["hasPreviousPage"]:
            break
    assert backwards == expected


@pytest.mark.parametrize(
    ("arguments", "path", "code"),
    [
        ({"first": -1}, "first", "OUT_OF_RANGE"),
        ({"first": 101}, "first", "OUT_OF_RANGE"),
        ({"last": -1}, "last", "OUT_OF_RANGE"),
        ({"first": 1, "last": 1}, "last", "EXCLUSIVE"),
        ({"first": 1, "before": "x"}, "before", "EXCLUSIVE"),
        ({"last": 1, "after": "x"}, "after", "EXCLUSIVE"),
        ({"after": "x", "before": "x"}, "before", "EXCLUSIVE"),
        ({"after": "x"}, "after", "INVALID_CURSOR"),
        ({"after": ""}, "after", "INVALID_CURSOR"),
        ({"before": "ü"}, "before", "INVALID_CURSOR"),
    ],
)
async def test_wrong_paging_is_refused_by_name(
    user: Served, support: str, arguments: dict[str, object], path: str, code: str
) -> None:
    answer = await user.execute(QUERY, support, search="x", **arguments)
    assert answer.body["data"] == {"users": None}
    (error,) = answer.body["errors"]
    assert error["extensions"]["code"] == "INVALID_INPUT"
    assert [(field["path"], field["code"]) for field in error["extensions"]["fields"]] == [(path, code)]


@given(st.one_of(st.text(), st.binary().map(lambda raw: base64.urlsafe_b64encode(raw).decode())))
@settings(max_examples=examples(50), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_no_cursor_from_outside_is_a_bug(user: Served, support: str, cursor: str) -> None:
    if "\x00" not in cursor and cursor.isprintable():
        assert (await user.execute(QUERY, support, search="x", after=cursor)).codes == ["INVALID_INPUT"]


@pytest.mark.parametrize(
    "values",
    [
        ["created_at"],
        ["created_at", "2026-01-01T00:00:00+00:00", 1],
        ["created_at", "9999-12-31T23:59:59-23:59", "usr_1"],
        ["created_at", "2026-01-01T00:00:00+00:00", "a\x00b"],
        ["created_at", 2**70, "usr_1"],
        ["name", "Anna", "usr_1"],
        {"created_at": 1},
        None,
    ],
)
async def test_a_forged_cursor_is_refused(user: Served, support: str, values: object) -> None:
    raw = str(values).encode() if isinstance(values, list) and 2**70 in values else orjson.dumps(values)
    cursor = base64.urlsafe_b64encode(raw).decode().rstrip("=")
    answer = await user.execute(QUERY, support, search="x", after=cursor)
    assert answer.codes == ["INVALID_INPUT"]


@given(count=st.integers(0, 4), size=st.integers(0, 5), seen=st.integers(-1, 3), backward=st.booleans())
@settings(max_examples=examples(20), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_pages_of_any_size_are_those_of_the_specification_of_relay(
    user: Served, support: str, count: int, size: int, seen: int, *, backward: bool
) -> None:
    name = new_id("usr")
    rest = await people_of(user.database, name, count)
    edges = (await user.execute(QUERY, support, search=name)).data["users"]["edges"]
    cursor = edges[seen]["cursor"] if 0 <= seen < count else None
    if cursor is not None:
        rest = rest[:seen] if backward else rest[seen + 1 :]
    shown = rest[max(0, len(rest) - size) :] if backward else rest[:size]
    has_more, has_seen = len(rest) > size, cursor is not None
    arguments = {"last": size, "before": cursor} if backward else {"first": size, "after": cursor}
    page = (await user.execute(QUERY, support, search=name, **arguments)).data["users"]
    assert page["totalCount"] == count
    assert [edge["node"]["id"] for edge in page["edges"]] == shown
    assert page["pageInfo"] == {
        "hasNextPage": has_seen if backward else has_more,
        "hasPreviousPage": has_more if backward else has_seen,
        "startCursor": page["edges"][0]["cursor"] if shown else None,
        "endCursor": page["edges"][-1]["cursor"] if shown else None,
    }

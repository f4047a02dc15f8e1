"""Values of custom scalars, and nulls: what is wrong anywhere in a request stops all of it, and names what was sent."""

import json
from typing import Any

import pytest
from strawberry.exceptions import StrawberryInputCoercionError

from shared.graph.scalars import SCALARS
from tests.router.servers import Testbed
from tests.router.test_streams import operation, socket

GOOD: dict[str, list[Any]] = {
    "Decimal": ["0", "-1", "12.50", "007.10", "123456789012345678901234567.8", 0, -2, 12.5, 123456789012345, 1e-14],
    "Date": ["2026-11-23", "2024-02-29", "0001-01-01", "9999-12-31"],
    "DateTime": [
        "2026-11-23T08:00:00Z",
        "2026-11-23T08:00:00",
        "2026-11-23T08:00:00.123456789+00:00",
        "2024-02-29T23:59:59.1-23:59",
        "0001-01-01T00:00:00Z",
        "0001-01-01T00:00:00",
        "9999-12-31T23:59:59.999999Z",
    ],
}
BAD: dict[str, list[Any]] = {
    "Decimal": [
        "",
        " 1",
        "1 ",
        "1_0",
        "\uff11",
        "+1",
        ".5",
        "5.",
        "1e2",
        "NaN",
        "Infinity",
        "0x10",
        "1\n",
        "12345678901234567890123456789",
        "0.0000000000000000000000000001",
        1234567890123456,
        1e15,
        1e-15,
        True,
        [],
        {},
    ],
    "Date": [
        "",
        "2026-02-30",
        "2026-13-01",
        "2025-02-29",
        "2026-1-1",
        "20261123",
        "2026-11-23T08:00:00Z",
        "0000-01-01",
        5,
        "\uff12026-11-23",
        "2026-11-23\n",
        True,
        {},
    ],
    "DateTime": [
        "",
        "2026-11-23",
        "2026-11-23T08:00:00.1234567890Z",
        "2026-11-23 08:00:00Z",
        "2026-11-23t08:00:00z",
        "2026-02-30T08:00:00Z",
        "2026-11-23T24:00:00Z",
        "2026-11-23T08:00:60Z",
        "2026-11-23T08:00:00+24:00",
        "2026-11-23T08:00Z",
        "0001-01-01T00:00:00+00:01",
        "9999-12-31T23:59:59-00:01",
        "2026-11-23T08:00:00Z\n",
        1764000000,
        True,
    ],
}
ARGUMENTS = {"Decimal": "amount", "Date": "day", "DateTime": "at"}


def cases(values: dict[str, list[Any]]) -> list[Any]:
    return [pytest.param(name, value, id=f"{name} {value!r}") for name in values for value in values[name]]


async def taken(testbed: Testbed) -> Any:
    return (await testbed.execute("{ taken }"))["data"]["taken"]


@pytest.mark.parametrize(("scalar", "value"), cases(BAD))
async def test_a_wrong_value_in_a_second_mutation_stops_the_first(testbed: Testbed, scalar: str, value: Any) -> None:
    before = await taken(testbed)
    argument = ARGUMENTS[scalar]
    query = f"mutation ($d: {scalar}) {{ a: take(amount: 1) b: take({argument}: $d) }}"
    answer = await testbed.execute(query, d=value)
    assert "data" not in answer
    [error] = answer["errors"]
    assert error["message"].startswith('Variable "$d" got invalid value ')
    assert f"; {scalar} must be " in error["message"]
    assert error["extensions"] == {"code": "BAD_USER_INPUT"}
    literal = json.dumps(value, ensure_ascii=False)
    answer = await testbed.execute(f"mutation {{ a: take(amount: 1) b: take({argument}: {literal}) }}")
    assert "data" not in answer
    assert answer["errors"][0]["message"].startswith(f"{scalar} must be ") or scalar in answer["errors"][0]["message"]
    assert await taken(testbed) == before


def test_the_subgraphs_have_the_same_grammar() -> None:
    scalars = {scalar.name: scalar for scalar in SCALARS.values()}

    def is_accepted(name: str, value: object) -> bool:
        parse = scalars[name].parse_value
        assert parse is not None
        try:
            parse(value)
        except StrawberryInputCoercionError:
            return False
        return True

    for name in ARGUMENTS:
        assert [value for value in GOOD[name] if not is_accepted(name, value)] == []
        assert [value for value in BAD[name] if is_accepted(name, value)] == []


@pytest.mark.parametrize(("scalar", "value"), cases(GOOD))
async def test_a_right_value_arrives_as_it_was_sent(testbed: Testbed, scalar: str, value: Any) -> None:
    argument = ARGUMENTS[scalar]
    query = f"mutation ($d: {scalar}) {{ take({argument}: $d) }}"
    answer = await testbed.execute(query, d=value)
    literal = await testbed.execute(f"mutation {{ take({argument}: {json.dumps(value)}) }}")
    assert "errors" not in answer
    assert literal == answer


async def test_a_wrong_value_is_found_inside_inputs_and_lists(testbed: Testbed) -> None:
    answer = await testbed.execute(
        "mutation ($input: Wanted, $days: [[Date!]]!) { take(wanted: $input) several(days: $days) }",
        input={"before": "yesterday"},
        days=[["2026-11-23", "x"], None],
    )
    assert [error["message"] for error in answer["errors"]] == [
        'Variable "$input" got invalid value "yesterday" at "input.before"; DateTime must be an RFC 3339 date and time '
        'such as "2026-11-23T08:00:00Z".',
        'Variable "$days" got invalid value "x" at "days[0][1]"; Date must be a date such as "2026-11-23".',
    ]
    assert "data" not in answer
    answer = await testbed.execute("mutation ($days: [[Date!]]!) { several(days: $days) }", days="2026-11-23")
    assert answer == {"data": {"several": 1}}


async def test_values_of_subgraphs_are_shown_as_they_are(testbed: Testbed) -> None:
    assert await testbed.execute("{ odd }") == {"data": {"odd": "1E+2"}}


NULLS = [
    ("query ($z: Sort) { sorted(sort: $z) }", 'Argument "sort" of field "sorted"'),
    ("query ($z: Int) { sorted(count: $z) }", 'Argument "count" of field "sorted"'),
    ("query ($z: Int) { sorted(wanted: {count: $z}) }", 'Argument "wanted.count" of field "sorted"'),
    ("query ($z: Sort = OLDEST) { a: sorted ...F } fragment F on Query { sorted(sort: $z) }", 'Argument "sort"'),
    ("query ($z: Int) { me { id } order(id: 1) { sized(count: $z) } }", 'Argument "count" of field "sized"'),
    ("query ($z: Boolean = true) { watchers @skip(if: $z) }", 'Argument "if" of directive "@skip"'),
    ("query ($z: Boolean = true) { me { ... @include(if: $z) { id } } }", 'Argument "if" of directive "@include"'),
    ('query ($z: Boolean = true) { __type(name: "Me") { ofType { name @skip(if: $z) } } }', 'Argument "if" of dir'),
    ("mutation ($z: Int) { a: take(amount: 7) b: take(wanted: {count: $z}) }", 'Argument "wanted.count"'),
    ("subscription ($z: Int) { orderStatusChanged(orderId: 1, afterVersion: $z) { version } }", 'Argument "afterV'),
]


@pytest.mark.parametrize(("query", "place"), NULLS)
async def test_a_null_that_is_not_allowed_is_an_error_that_names_the_argument(
    testbed: Testbed, query: str, place: str
) -> None:
    before, log = await taken(testbed), testbed.log.read_text()
    async with socket(testbed) as connection:
        [answer] = [payload async for payload in operation(connection, query, z=None)]
    [error] = answer["errors"]
    assert error["message"].startswith(place)
    assert error["message"].endswith('must not be null, and the variable "$z" is.')
    assert error["extensions"] == {"code": "BAD_USER_INPUT"}
    assert "data" not in answer
    assert (await taken(testbed), testbed.log.read_text()) == (before, log)


async def test_a_null_in_a_variable_of_an_input_names_its_place(testbed: Testbed) -> None:
    answer = await testbed.execute("query ($w: Wanted) { sorted(wanted: $w) }", w={"count": None})
    [error] = answer["errors"]
    assert 'at "w.count"' in error["message"]
    assert error["extensions"] == {"code": "BAD_USER_INPUT"}


@pytest.mark.parametrize(
    ("query", "variables", "data"),
    [
        ("query ($z: Sort) { sorted(sort: $z) }", {}, "NEWEST 1 None None"),
        ("query ($z: Sort = OLDEST) { sorted(sort: $z) }", {}, "OLDEST 1 None None"),
        ("query ($z: Wanted) { sorted(wanted: $z) }", {"z": None}, "NEWEST 1 None None"),
        ("query ($z: Int) { sorted(wanted: {count: $z}) }", {}, "NEWEST 1 NEWEST 1"),
        ("query ($z: Sort) { sorted a: sorted(sort: $z) @skip(if: true) }", {"z": None}, "NEWEST 1 None None"),
        ("query ($z: Boolean = true) { sorted a: sorted @include(if: $z) @skip(if: true) }", {}, "NEWEST 1 None None"),
        (
            "query ($z: Boolean = true) { sorted a: sorted @include(if: $z) @skip(if: true) }",
            {"z": None},
            "NEWEST 1 None None",
        ),
        (
            "query ($z: Sort, $x: Boolean!) { sorted ...F @include(if: $x) } "
            "fragment F on Query { a: sorted(sort: $z) }",
            {"z": None, "x": False},
            "NEWEST 1 None None",
        ),
    ],
)
async def test_what_is_absent_has_its_default_and_what_is_excluded_is_not_read(
    testbed: Testbed, query: str, variables: dict[str, Any], data: str
) -> None:
    assert await testbed.execute(query, **variables) == {"data": {"sorted": data}}


async def test_no_literal_of_a_request_is_logged_with_an_error(testbed: Testbed) -> None:
    query = 'mutation ($z: Int) { take(attributes: {password: "hunter2"}, wanted: {count: $z}) }'
    answer = await testbed.execute(query, z=None)
    assert answer["errors"][0]["extensions"] == {"code": "BAD_USER_INPUT"}
    assert "hunter2" not in testbed.log.read_text()

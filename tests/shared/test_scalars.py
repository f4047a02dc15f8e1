"""Custom scalars: one grammar for what is sent, as variable and as literal, and one form for what is shown."""

import datetime as dt
import json
import re
from decimal import Decimal

import pytest
from graphql import GraphQLScalarType, is_specified_scalar_type
from hypothesis import assume, given
from hypothesis import strategies as st

from petplus import registry
from shared.core.settings import Settings
from shared.graph.datetimes import parse_datetime, show_datetime
from shared.graph.scalars import SCALARS
from subgraphs.order.enums import OrderStatus
from tests.order.factories import move, place
from tests.order.operations import document
from tests.order.test_transitions import stored
from tests.support.apps import Answer, Served, serve, signed

REFUSED = {"BAD_USER_INPUT", "GRAPHQL_PARSE_FAILED", "GRAPHQL_VALIDATION_FAILED", "BAD_REQUEST"}

NO_DECIMALS = [
    '"____0____.____1____"',
    '"1_0"',
    '"\uff11"',
    '"\u0661"',
    '" 1 "',
    '"1\\n"',
    '"1e1"',
    '"1."',
    '".5"',
    '"+1"',
    '"0x1"',
    '"NaN"',
    '"Infinity"',
    '""',
    f'"0.1{"0" * 40}1"',
    "1e400",
    "-1e400",
    "1e30",
    "123456789012345678901234567890",
    "9" * 5000,
    "true",
    "[1]",
    "{}",
]


async def send(served: Served, token: str, query: str, variables: str) -> Answer:
    """Send a query with variables as JSON text, digit by digit."""
    body = f'{{"query": {json.dumps(query)}, "variables": {variables}}}'.encode()
    headers = signed(served.runtime.settings, body, f"Bearer {token}", to=served.subgraph.name)
    response = await served.client.post("/graphql", content=body, headers=headers)
    return Answer(response.status_code, response.json())


@pytest.mark.parametrize("name", registry.NAMES)
def test_every_custom_scalar_has_a_grammar_of_this_graph(name: str) -> None:
    kinds = registry.load(name).schema._schema.type_map.values()
    scalars = [kind for kind in kinds if isinstance(kind, GraphQLScalarType) and not is_specified_scalar_type(kind)]
    parsers = {kind.name: kind.coerce_input_value for kind in scalars if "_" not in kind.name}
    assert parsers
    # What JSON may hold is checked where it is used, value by value: one bad event must not cost its batch.
    parsers.pop("JSON", None)
    assert parsers.items() <= {scalar.name: scalar.parse_value for scalar in SCALARS.values()}.items()


@pytest.mark.parametrize("written", NO_DECIMALS)
async def test_what_is_no_decimal_refunds_nothing(order: Served, support: str, written: str) -> None:
    placed = await place(order, None)
    await move(order, placed.id, OrderStatus.PAID)
    before = await stored(order, placed.id)
    amount = document("orderRefund").replace("$input: OrderRefundInput!", "$id: ID!, $amount: Decimal")
    by_variable = amount.replace("input: $input", "input: {orderId: $id, version: 2, amount: $amount}")
    by_literal = (
        document("orderRefund")
        .replace("$input: OrderRefundInput!", "$id: ID!")
        .replace("input: $input", f"input: {{orderId: $id, version: 2, amount: {written}}}")
    )
    for query, more in ((by_variable, f', "amount": {written}'), (by_literal, "")):
        answer = await send(order, support, query, f'{{"id": "{placed.id}"{more}}}')
        assert answer.body.get("data") is None
        assert set(answer.codes) <= REFUSED, answer.body
        assert answer.codes
    assert await stored(order, placed.id) == before


@pytest.mark.parametrize(
    ("written", "refunded"), [('"7.19"', "7.19"), ("7.19", "7.19"), ("7", "7.00"), ("719e-2", "7.19")]
)
@pytest.mark.parametrize("literal", [False, True])
async def test_decimals_are_strings_or_short_numbers(
    order: Served, support: str, written: str, refunded: str, *, literal: bool
) -> None:
    placed = await place(order, None)
    await move(order, placed.id, OrderStatus.PAID)
    amount = written if literal else "$amount"
    query = """mutation ($id: ID!%s) { orderRefund(input: {orderId: $id, version: 2, amount: %s}) {
      ... on OrderRefundSuccess { refund { amount { amount } } } } }""" % (
        ("", amount) if literal else (", $amount: Decimal", amount)
    )
    answer = await send(order, support, query, f'{{"id": "{placed.id}", "amount": {written}}}')
    assert answer.data == {"orderRefund": {"refund": {"amount": {"amount": refunded}}}}


@pytest.mark.parametrize("value", ["0E-8", "1E+2", "-1E+30", "0.1", "24.90"])
def test_decimals_are_shown_without_an_exponent(value: str) -> None:
    assert "E" not in SCALARS[Decimal].serialize(Decimal(value))  # type: ignore[misc]
    assert Decimal(SCALARS[Decimal].serialize(Decimal(value))) == Decimal(value)  # type: ignore[misc]


@pytest.mark.parametrize(
    "written",
    ['"20260301"', '"2026-W10-1"', '"2026-3-1"', '"\uff12026-03-01"', '"2026-02-30"', "20260301", '" 2026-03-01"'],
)
async def test_what_is_no_date_is_refused(analytics: Served, support: str, written: str) -> None:
    report = '{ reports { revenue(from: %s, to: "2026-03-02") { at } } }'
    for query in (report % written, "query ($from: Date!) " + report % "$from"):
        answer = await send(analytics, support, query, f'{{"from": {written}}}' if "$" in query else "{}")
        assert answer.body.get("data") is None
        assert answer.codes
        assert set(answer.codes) <= REFUSED


@pytest.mark.parametrize("written", ["1e400", "[1, [-1e400]]", "{deep: {x: 1e400}}"])
async def test_numbers_in_json_are_finite(analytics: Served, support: str, written: str) -> None:
    query = """mutation { experimentAssign(input: {key: "none", subject: "s", attributes: {x: %s}}) {
      ... on InvalidInputProblem { fields { path code } } } }"""
    answer = await send(analytics, support, query % written, "{}")
    (refused,) = answer.data["experimentAssign"]["fields"]
    assert refused["path"] == "input.attributes.x"
    assert refused["code"] in {"OUT_OF_RANGE", "INVALID_TYPE"}


def test_the_descriptions_name_an_example_that_is_read() -> None:
    assert SCALARS[dt.date].parse_value("2026-11-23") == dt.date(2026, 11, 23)  # type: ignore[misc]


@pytest.mark.parametrize("size", ["9" * 5000, "-" + "9" * 4500])
async def test_whole_numbers_of_any_length_are_refused_with_a_code(user: Served, support: str, size: str) -> None:
    for query in (
        f"{{ users(first: {size}) {{ totalCount }} }}",
        f"query ($n: Int = {size}) {{ users(first: $n) {{ totalCount }} }}",
        "query ($n: Int) { users(first: $n) { totalCount } }",
        f"{{ _entities(representations: [{{__typename: {size}}}]) {{ __typename }} }}",
    ):
        answer = await send(user, support, query, f'{{"n": {size}}}' if "$n: Int)" in query else "{}")
        assert answer.codes
        assert set(answer.codes) <= REFUSED, answer.body


FORM = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}[.][0-9]{6}Z")


@pytest.mark.parametrize("mode", ["off", "always"])
@pytest.mark.parametrize("placed", ["2026-05-01T00:00:00", "2026-05-01T00:00:00.000001", "2026-05-01T10:00:00.5"])
async def test_datetimes_have_one_form(settings: Settings, support: str, mode: str, placed: str) -> None:
    async with serve(registry.load("order"), settings.model_copy(update={"compiled": mode})) as order:
        at = dt.datetime.fromisoformat(placed).replace(tzinfo=dt.UTC)
        row = await place(order, None, placed_at=at)
        query = "query ($id: ID!) { order(id: $id) { placedAt timeline { at } } }"
        shown = (await order.execute(query, support, id=row.id)).data["order"]
        assert shown["placedAt"] == f"{at:%Y-%m-%dT%H:%M:%S.%f}Z"
        assert all(FORM.fullmatch(entry["at"]) for entry in shown["timeline"])


@given(st.datetimes(timezones=st.timezones() | st.just(dt.UTC)))
def test_a_datetime_is_shown_as_it_is_read(moment: dt.datetime) -> None:
    assume(2 < moment.year < dt.MAXYEAR)
    shown = show_datetime(moment)
    assert FORM.fullmatch(shown)
    assert parse_datetime(shown) == moment.astimezone(dt.UTC)


@pytest.mark.parametrize(
    "written",
    [
        "2026-05-01T10:00:00Z",
        "2026-05-01T12:00:00+02:00",
        "2026-05-01T10:00:00",
        "2026-05-01T10:00:00.000000999Z",
        "2026-05-01T10:00:00.000-00:00",
    ],
)
def test_datetimes_are_read_with_any_offset(written: str) -> None:
    assert parse_datetime(written) == dt.datetime(2026, 5, 1, 10, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    "written",
    [
        "2026-05-01",
        "2026-05-01 10:00:00Z",
        "2026-05-01T10:00Z",
        "2026-05-01T10Z",
        "20260501T100000Z",
        "2026-W18-5T10:00:00Z",
        "2026-05-01T10:00:00,5Z",
        "2026-05-01T10:00:00.Z",
        "2026-05-01T24:00:00Z",
        "2026-05-01T10:00:00+02",
        "2026-05-01T10:00:00+0200",
        "2026-05-01T10:00:00+24:00",
        "2026-05-01t10:00:00z",
        " 2026-05-01T10:00:00Z",
        "2026-05-01T10:00:00Z\n",
        "\uff12026-05-01T10:00:00Z",
    ],
)
async def test_what_is_no_datetime_is_refused(order: Served, support: str, written: str) -> None:
    by_literal = f"{{ orders(filter: {{placedFrom: {json.dumps(written)}}}) {{ totalCount }} }}"
    by_variable = "query ($at: DateTime) { orders(filter: {placedFrom: $at}) { totalCount } }"
    for query, variables in ((by_literal, "{}"), (by_variable, json.dumps({"at": written}))):
        answer = await send(order, support, query, variables)
        assert answer.body.get("data") is None
        assert answer.codes
        assert set(answer.codes) <= REFUSED

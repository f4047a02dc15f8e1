"""Numbers reach the subgraphs with their digits or are refused, wherever they stand and over each transport."""

import json
from typing import Any

import httpx
import pytest

from tests.router.servers import Testbed
from tests.router.test_streams import socket
from tests.support.http import http_client

INEXACT = [
    "1e400",
    "-1e400",
    "1E+400",
    "1e-400",
    "123456789012345678901234567890",
    "9007199254740993",
    "0.12345678901234567890",
    "8.3399999999999999",
    "12345678.123456789",
]
EXACT = ["0", "-0", "0.10", "29.51", "1e2", "1.50E1", "123456789012345", "0e999"]
EXACT_BUT_LARGE = ["9007199254740992", "100000000000000000000", "1e21", "1e300"]
DECIMAL = "mutation ($amount: Decimal) { take(amount: $amount) }"
JSON = "mutation ($attributes: JSON) { take(attributes: $attributes) }"


async def send(testbed: Testbed, query: str, variables: str = "{}") -> httpx.Response:
    """Send a body whose variables are the given text."""
    content = f'{{"query": {json.dumps(query)}, "variables": {variables}}}'
    async with http_client() as client:
        return await client.post(testbed.url, content=content, headers={"content-type": "application/json"})


async def taken(testbed: Testbed) -> Any:
    return (await testbed.execute("{ taken }"))["data"]["taken"]


@pytest.mark.parametrize("number", INEXACT)
@pytest.mark.parametrize(
    ("query", "variables"),
    [
        (DECIMAL, '{"amount":%s}'),
        (JSON, '{"attributes":%s}'),
        (JSON, '{"attributes": {"x": [1, {"y": %s}]}}'),
        (DECIMAL, '{"amount": 1, "unused": %s}'),
        ("mutation { take(amount: %s) }", "{}"),
        ("mutation { take(attributes: {x: [%s]}) }", "{}"),
        ("mutation ($amount: Decimal = %s) { take(amount: $amount) }", "{}"),
        ("{ measured(weight: %s) }", "{}"),
        ("query ($weight: Float) { measured(weight: $weight) }", '{"weight": %s}'),
    ],
)
async def test_a_number_that_would_lose_digits_is_refused(
    testbed: Testbed, number: str, query: str, variables: str
) -> None:
    before = await taken(testbed)
    response = await send(testbed, query.replace("%s", number), variables.replace("%s", number))
    [error] = response.json()["errors"]
    assert "data" not in response.json()
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert error["message"] == "A number has more digits than are kept, or is too large: send it as a string."
    assert await taken(testbed) == before


@pytest.mark.parametrize("number", EXACT)
async def test_a_number_that_keeps_its_digits_arrives(testbed: Testbed, number: str) -> None:
    for query, variables in ((DECIMAL, f'{{"amount": {number}}}'), (f"mutation {{ take(amount: {number}) }}", "{}")):
        answer = (await send(testbed, query, variables)).json()
        assert "errors" not in answer
        assert float(answer["data"]["take"] or 0) == float(number)


@pytest.mark.parametrize("number", EXACT_BUT_LARGE)
async def test_a_large_number_arrives_where_it_is_no_decimal(testbed: Testbed, number: str) -> None:
    query = "query ($weight: Float) { measured(weight: $weight) }"
    for text, variables in ((query, f'{{"weight": {number}}}'), (f"{{ measured(weight: {number}) }}", "{}")):
        answer = (await send(testbed, text, variables)).json()
        assert answer["data"] == {"measured": f"None {float(number)}"}
    refused = (await send(testbed, DECIMAL, f'{{"amount": {number}}}')).json()
    assert [each["extensions"]["code"] for each in refused["errors"]] == ["BAD_USER_INPUT"]


async def test_digits_in_texts_and_ids_are_no_numbers(testbed: Testbed) -> None:
    digits = "12345678901234567890"
    query = "mutation ($a: Decimal, $j: JSON) { a: take(amount: $a) j: take(attributes: $j) }"
    answer = (await send(testbed, query, json.dumps({"a": digits, "j": {"x": f": {digits} 1e400"}}))).json()
    assert answer["data"] == {"a": digits, "j": str({"x": f": {digits} 1e400"})}
    measured = (await send(testbed, f"{{ measured(id: {digits}) }}")).json()
    assert measured["data"] == {"measured": f"{digits} None"}


async def test_over_web_socket_too_numbers_keep_their_digits_or_are_refused(testbed: Testbed) -> None:
    before = await taken(testbed)
    async with socket(testbed) as connection:
        payload = f'{{"query": {json.dumps(DECIMAL)}, "variables": {{"amount": 1e400}}}}'
        await connection.send(f'{{"id": "1", "type": "subscribe", "payload": {payload}}}')
        refused = json.loads(await connection.recv())
        assert (refused["id"], refused["type"]) == ("1", "error")
        assert [error["extensions"] for error in refused["payload"]] == [{"code": "BAD_USER_INPUT"}]
        assert await taken(testbed) == before
        payload = f'{{"query": {json.dumps(DECIMAL)}, "variables": {{"amount": 29.51}}}}'
        await connection.send(f'{{"id": "1", "type": "subscribe", "payload": {payload}}}')
        assert json.loads(await connection.recv())["payload"]["data"] == {"take": "29.51"}

"""The graphql-transport-ws protocol: ids that are used again at once, errors of operations that do not run, the end."""

import json
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosedError

from tests.router.servers import ADVANCE, FOLLOW, Testbed
from tests.router.test_streams import change, socket
from tests.support.waiting import eventually

SLOW = "query ($seconds: Float!) { slow(seconds: $seconds) }"


async def subscribe(connection: ClientConnection, id: str, query: str, **variables: Any) -> None:
    payload = {"query": query, "variables": variables}
    await connection.send(json.dumps({"id": id, "type": "subscribe", "payload": payload}))


async def complete(connection: ClientConnection, id: str) -> None:
    await connection.send(json.dumps({"id": id, "type": "complete"}))


async def receive(connection: ClientConnection) -> dict[str, Any]:
    message: dict[str, Any] = json.loads(await connection.recv())
    return message


async def test_the_id_of_a_completed_subscription_is_used_again_at_once(testbed: Testbed) -> None:
    async with socket(testbed) as connection:
        for turn in range(3):
            order = f"again-{turn}"
            for _ in range(5):
                await subscribe(connection, "1", FOLLOW, order=order)
                await complete(connection, "1")
            await subscribe(connection, "1", FOLLOW, order=order)
            await testbed.execute(ADVANCE, order=order)
            assert await receive(connection) == {"id": "1", "type": "next", "payload": change(1)}
            await complete(connection, "1")
    await testbed.until_watched_by(0)


async def test_the_answer_of_a_completed_query_is_not_that_of_its_successor(testbed: Testbed) -> None:
    async with socket(testbed) as connection:
        await subscribe(connection, 'é"1', SLOW, seconds=1)
        await complete(connection, 'é"1')
        await subscribe(connection, 'é"1', "{ other: watchers }")
        answer = await receive(connection)
        assert (answer["id"], answer["type"], answer["payload"]["data"]) == ('é"1', "next", {"other": 0})
        assert await receive(connection) == {"id": 'é"1', "type": "complete"}
        await subscribe(connection, "2", "{ last: watchers }")
        assert (await receive(connection))["payload"]["data"] == {"last": 0}


async def test_completing_a_query_ends_its_work(testbed: Testbed) -> None:
    async def waiting() -> Any:
        return (await testbed.execute("{ waiting }"))["data"]["waiting"]

    async with socket(testbed) as connection:
        await subscribe(connection, "1", SLOW, seconds=3600)
        await eventually(waiting)
        await complete(connection, "1")

        async def nobody_waits() -> bool:
            return bool(await waiting() == 0)

        await eventually(nobody_waits)


async def test_a_second_operation_under_the_id_of_a_running_one_closes_the_socket(testbed: Testbed) -> None:
    async with socket(testbed) as connection:
        await subscribe(connection, "twice", FOLLOW, order="twice")
        await subscribe(connection, "twice", FOLLOW, order="twice")
        with pytest.raises(ConnectionClosedError) as closed:
            await connection.recv()
    assert closed.value.rcvd is not None
    assert (closed.value.rcvd.code, closed.value.rcvd.reason) == (4409, "Subscriber for twice already exists")
    await testbed.until_watched_by(0)


@pytest.mark.parametrize("message", ["", "[]", "{", '{"type": "subscribe", "id": ""}', '{"type": "nothing"}'])
async def test_a_message_that_is_none_closes_the_socket(testbed: Testbed, message: str) -> None:
    async with socket(testbed) as connection:
        await connection.send(message)
        with pytest.raises(ConnectionClosedError) as closed:
            await connection.recv()
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4400


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{ me {", "GRAPHQL_PARSE_FAILED"),
        ("{ nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ("query ($id: ID!) { order(id: $id) { id } }", "BAD_USER_INPUT"),
        ("query A { me { id } } query B { me { id } }", "OPERATION_RESOLUTION_FAILURE"),
        ("subscription ($x: Boolean!) { orderStatusChanged(orderId: 1) @include(if: $x) { version } }", None),
    ],
    ids=["syntax", "unknown", "variable", "ambiguous", "conditional"],
)
async def test_an_operation_that_does_not_run_is_an_error_message(testbed: Testbed, query: str, code: str) -> None:
    async with socket(testbed) as connection:
        for _ in range(2):
            await subscribe(connection, "1", query, x=True)
            message = await receive(connection)
            assert (message["id"], message["type"]) == ("1", "error")
            extensions = [error["extensions"] for error in message["payload"]]
            assert extensions == [{"code": code or "GRAPHQL_VALIDATION_FAILED"}]
        await subscribe(connection, "1", "{ watchers }")
        assert (await receive(connection))["type"] == "next"


async def test_an_error_of_a_field_comes_with_the_data(testbed: Testbed) -> None:
    async with socket(testbed) as connection:
        await subscribe(connection, "1", "{ forbidden }")
        message = await receive(connection)
    assert message["type"] == "next"
    assert message["payload"]["data"] == {"forbidden": None}
    assert [error["extensions"]["code"] for error in message["payload"]["errors"]] == ["FORBIDDEN"]


@pytest.mark.parametrize(
    "root",
    [
        "orderStatusChanged(orderId: 1) @include(if: $x) { version }",
        "orderStatusChanged(orderId: 1) @skip(if: true) { version }",
        "... @include(if: $x) { orderStatusChanged(orderId: 1) { version } }",
        "...Root @skip(if: false)",
        "...Conditional",
    ],
)
async def test_the_root_field_of_a_subscription_is_not_conditional(testbed: Testbed, root: str) -> None:
    query = (
        f"subscription ($x: Boolean!) {{ {root} }} "
        "fragment Root on Subscription { orderStatusChanged(orderId: 1) { version } } "
        "fragment Conditional on Subscription { orderStatusChanged(orderId: 1) @skip(if: false) { version } }"
    )
    for x in (True, False):
        response = await testbed.post(query, headers={"accept": "text/event-stream"}, x=x)
        [line] = [line for line in response.text.splitlines() if line.startswith("data: {")]
        [error] = json.loads(line.removeprefix("data: "))["errors"]
        assert error["message"] == "The root field of a subscription must not be conditional."
        assert error["extensions"] == {"code": "GRAPHQL_VALIDATION_FAILED"}

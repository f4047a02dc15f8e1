"""Subscribers of one audience share the execution of a change, and nobody is shown what is for another audience."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import pytest

from shared.core.errors import Unavailable
from shared.core.ids import new_id
from shared.core.settings import Settings
from shared.database.database import Database
from shared.graph.context import Context
from shared.runtime import Runtime
from shared.security.auth import Viewer
from shared.subgraph import create_app
from subgraphs.order.enums import OrderStatus
from subgraphs.order.loaders import LinesByOrder
from subgraphs.order.service import status_feed as feeds
from subgraphs.order.service.guests import GuestLookup
from tests.order.factories import TO_THE_END, move, place
from tests.order.operations import operate
from tests.order.streams import Stream, Streams
from tests.support.apps import Identities, Served, just_authenticated, listen
from tests.support.waiting import in_time, soon

BODY = """{
  version order { contactEmail notes { text } lines { title } }
}"""
WATCH = f"""subscription ($id: ID!, $after: Int, $pass: String) {{
  orderStatusChanged(orderId: $id, afterVersion: $after, trackingToken: $pass) {BODY}
}}"""


class Executions:
    """The loads of an order's lines, of which each execution of `WATCH` causes one."""

    def __init__(self) -> None:
        self.count = 0
        self.contexts: list[Context] = []
        self.begun = asyncio.Event()
        self.may_end = asyncio.Event()
        self.may_end.set()
        self.failure: Exception | None = None


@pytest.fixture
def executions(monkeypatch: pytest.MonkeyPatch) -> Executions:
    found, fetch = Executions(), LinesByOrder.fetch

    async def noted(self: LinesByOrder, database: Database, keys: Sequence[str]) -> Any:
        found.count += 1
        found.contexts.append(self.context)
        found.begun.set()
        await found.may_end.wait()
        if found.failure is not None:
            raise found.failure
        return await fetch(self, database, keys)

    monkeypatch.setattr(LinesByOrder, "fetch", noted)
    return found


@asynccontextmanager
async def watching(
    streams: Streams, order_id: str, *tokens: str | None, query: str = WATCH, **variables: Any
) -> AsyncIterator[list[Stream]]:
    """Follow an order once with each token, and take the present status from each."""
    async with AsyncExitStack() as stack:
        opened = [
            await stack.enter_async_context(streams.follow(order_id, it, query=query, **variables)) for it in tokens
        ]
        for stream in opened:
            await stream.event()
        yield opened


async def shown(stream: Stream) -> dict[str, Any]:
    """Return the next change as it is shown, errors or not."""
    kind, payload = await stream.event()
    assert kind == "next"
    change: dict[str, Any] = payload["data"]["orderStatusChanged"]
    return change


async def test_followers_of_one_audience_cost_one_execution(
    order: Served, streams: Streams, people: Identities, executions: Executions
) -> None:
    user_id = new_id("usr")
    placed = await place(order, None)
    async with watching(streams, placed.id, *[people.token(user_id, "SUPPORT") for _ in range(10)]) as opened:
        for version, to in enumerate(TO_THE_END, 2):
            before = executions.count
            await move(order, placed.id, to)
            assert [(await stream.change())["version"] for stream in opened] == [version] * 10
            assert executions.count == before + 1
    context = executions.contexts[-1]
    assert context.viewer == Viewer(user_id, frozenset({"SUPPORT"}), context.viewer.scopes)
    assert (context.request, context.address) == (None, "")
    await streams.until_unwatched(placed.id)


async def test_each_audience_is_shown_what_is_for_it(
    order: Served, streams: Streams, people: Identities, executions: Executions, customer_id: str
) -> None:
    placed = await place(order, customer_id)
    staff = people.token(new_id("usr"), "SUPPORT")
    for text, visibility in (("Thank you.", "CUSTOMER"), ("Known for returns.", "INTERNAL")):
        assert (await operate(order, staff, "orderNoteAdd", orderId=placed.id, text=text, visibility=visibility))[
            "note"
        ]
    customer = people.token(customer_id)
    promoted = people.token(customer_id, "CUSTOMER", "SUPPORT")
    colleague = people.token(new_id("usr"), "SUPPORT")
    callers = [customer, staff, colleague, promoted, customer, staff, colleague, promoted]
    async with watching(streams, placed.id, *callers) as opened:
        before = executions.count
        await move(order, placed.id, OrderStatus.PAID)
        changes = [await stream.change() for stream in opened]
        assert executions.count == before + 4
    for caller, change in zip(callers, changes, strict=True):
        notes = [note["text"] for note in change["order"]["notes"]]
        assert notes == (["Thank you."] if caller == customer else ["Thank you.", "Known for returns."])
        assert (change["version"], change["order"]["contactEmail"]) == (2, "anna@example.com")


async def test_guests_share_with_their_pass_and_see_no_more_than_guests(
    order: Served, streams: Streams, people: Identities, executions: Executions, customer_id: str
) -> None:
    placed = await place(order, customer_id)
    lookup = order.runtime.resource(GuestLookup)
    one_pass = lookup.issue(placed.id)[0]
    other_pass = one_pass + "="  # of another moment, it would be another text
    customer = people.token(customer_id)
    async with (
        watching(streams, placed.id, None, None, customer, **{"pass": one_pass}) as [first, second, owner],
        watching(streams, placed.id, None, **{"pass": other_pass}) as [third],
    ):
        before = executions.count
        await move(order, placed.id, OrderStatus.PAID)
        for guest in (first, second, third):
            change = (await guest.event())[1]
            assert {error["extensions"]["code"] for error in change["errors"]} == {"UNAUTHENTICATED"}
            assert change["data"]["orderStatusChanged"]["order"]["contactEmail"] is None
        assert (await owner.change())["order"]["contactEmail"] == "anna@example.com"
        assert executions.count == before + 3


@pytest.mark.parametrize(
    ("query", "variables"),
    [
        (WATCH, {"after": 1}),
        (WATCH, {"pass": None}),
        (WATCH + " ", {}),
        (f"subscription ($id: ID!) {{ ... {{ orderStatusChanged(orderId: $id) {BODY} }} }}", {}),
    ],
)
async def test_what_is_asked_otherwise_is_executed_by_itself(
    order: Served, streams: Streams, support: str, executions: Executions, query: str, variables: dict[str, Any]
) -> None:
    placed = await place(order, None)
    async with (
        watching(streams, placed.id, support) as [first],
        streams.follow(placed.id, support, query=query, **variables) as second,
    ):
        if "after" not in variables:
            assert (await second.change())["version"] == 1
        before = executions.count
        await move(order, placed.id, OrderStatus.PAID)
        assert (await first.change()) == (await second.change())
        assert executions.count == before + 2


async def test_sharing_can_be_switched_off(
    order: Served, settings: Settings, support: str, executions: Executions
) -> None:
    placed = await place(order, None)
    app = create_app(order.subgraph, settings.model_copy(update={"shared_subscriptions": "off"}), messaging=False)
    async with (
        listen(app) as url,
        Streams.open(url, app) as streams,
        watching(streams, placed.id, support, support) as opened,
    ):
        before = executions.count
        await move(order, placed.id, OrderStatus.PAID)
        assert [(await stream.change())["version"] for stream in opened] == [2, 2]
        assert executions.count == before + 2


async def test_whose_session_ends_is_ended_and_the_others_go_on(
    order: Served, streams: Streams, people: Identities, executions: Executions
) -> None:
    user_id, ended, going_on = new_id("usr"), new_id("ses"), new_id("ses")
    tokens = [
        people.keys.sign(user_id, ("SUPPORT",), session, just_authenticated())[0]
        for session in (ended, going_on, going_on)
    ]
    placed = await place(order, None)
    runtime: Runtime = streams.app.state.runtime
    async with watching(streams, placed.id, *tokens) as [first, second, third]:
        await move(order, placed.id, OrderStatus.PAID)
        assert [(await stream.change())["version"] for stream in (first, second, third)] == [2, 2, 2]
        runtime.revocations.add({ended: time.time() + 60})
        assert await first.failure() == "UNAUTHENTICATED"
        before = executions.count
        await move(order, placed.id, OrderStatus.IN_PRODUCTION)
        assert [(await stream.change())["version"] for stream in (second, third)] == [3, 3]
        assert executions.count == before + 1


async def test_who_comes_late_begins_with_the_present_as_it_is_then(
    order: Served, streams: Streams, people: Identities, executions: Executions
) -> None:
    user_id = new_id("usr")
    token = people.token(user_id, "SUPPORT")
    placed = await place(order, None)
    async with watching(streams, placed.id, token) as [early]:
        await move(order, placed.id, OrderStatus.PAID)
        assert (await early.change())["order"]["notes"] == []
        reported = {"orderId": placed.id, "text": "Meanwhile.", "visibility": "INTERNAL"}
        assert (await operate(order, token, "orderNoteAdd", **reported))["note"]
        async with streams.follow(placed.id, token, query=WATCH) as late:
            first = await late.change()
            assert (first["version"], first["order"]["notes"]) == (2, [{"text": "Meanwhile."}])
            for version, to in enumerate(TO_THE_END[1:], 3):
                before = executions.count
                await move(order, placed.id, to)
                assert [(await stream.change())["version"] for stream in (early, late)] == [version] * 2
                assert executions.count == before + 1


async def test_those_who_leave_take_no_answer_from_those_who_stay(
    order: Served, streams: Streams, support: str, executions: Executions
) -> None:
    placed = await place(order, None)
    async with watching(streams, placed.id, support) as [stays]:
        async with watching(streams, placed.id, support, support):
            executions.may_end.clear()
            executions.begun.clear()
            await move(order, placed.id, OrderStatus.PAID)
            await soon(executions.begun.wait())
        executions.may_end.set()
        assert (await stays.change())["version"] == 2
        await move(order, placed.id, OrderStatus.IN_PRODUCTION)
        assert (await stays.change())["version"] == 3


async def test_a_failure_is_told_to_all_and_ends_nobodys_stream(
    order: Served, streams: Streams, support: str, executions: Executions
) -> None:
    placed = await place(order, None)
    path = iter(TO_THE_END)
    async with watching(streams, placed.id, support, support) as opened:
        for failure, code in (
            (RuntimeError("secret"), "INTERNAL_SERVER_ERROR"),
            (Unavailable("Later."), "UNAVAILABLE"),
        ):
            executions.failure = failure
            before = executions.count
            await move(order, placed.id, next(path))
            for stream in opened:
                _, payload = await stream.event()
                assert [error["extensions"]["code"] for error in payload["errors"]] == [code]
                assert "secret" not in str(payload)
            assert executions.count == before + 1
        executions.failure = None
        await move(order, placed.id, next(path))
        assert [(await stream.change())["version"] for stream in opened] == [4, 4]


async def test_who_reads_nothing_is_ended_and_keeps_nobody_waiting(
    order: Served, streams: Streams, support: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeds, "MOST_WAITING", 3)
    placed = await place(order, None)
    parts = " ".join(f"part{number}: timeline {{ reason }}" for number in range(20))
    parts += " " + " ".join(f"more{number}: timeline {{ a: reason b: reason c: reason }}" for number in range(20))
    query = f"subscription ($id: ID!) {{ orderStatusChanged(orderId: $id) {{ version order {{ {parts} }} }} }}"
    async with streams.unread(placed.id, support, query) as narrow:
        async with streams.follow(placed.id, support, query=query) as quick:
            assert (await quick.change())["version"] == 1
            for version in range(2, 27):
                to = OrderStatus.ON_HOLD if version % 2 == 0 else OrderStatus.PENDING
                await move(order, placed.id, to, reason="Because. " * 55)
                assert (await quick.change())["version"] == version
        read = b""
        async with in_time():
            while not read.endswith(b"0\r\n\r\n"):
                read = read[-2000:] + await asyncio.get_running_loop().sock_recv(narrow, 2**20)
        assert b"SUBSCRIBER_TOO_SLOW" in read
        assert b"event: complete" in read
    await streams.until_unwatched(placed.id)

"""What is revoked here stops everywhere: at other subgraphs, in other processes, in streams; and Redis may be wiped."""

import time
from collections.abc import AsyncIterator

import pytest_asyncio
from redis.asyncio import Redis

from shared.core.best_effort import REDIS_TIMEOUT_SECONDS
from shared.security import revocation as revocation_list
from shared.security.revocation import RevocationList, Revocations
from tests.order.factories import place
from tests.order.streams import Streams
from tests.support.accounts import log_in, open_account
from tests.support.apps import Served
from tests.support.waiting import eventually
from tests.user.test_sessions import END, END_ALL, current

MY_ORDERS = "{ orders(first: 1) { nodes { id } } }"
FEED = "subscription { orderFeed { cursor } }"
ME = "{ me { id } }"


@pytest_asyncio.fixture(scope="module")
async def streams(order: Served) -> AsyncIterator[Streams]:
    """The order subgraph on a socket, as a process of its own would serve it."""
    from tests.order.conftest import streams as opened

    async for each in opened.__wrapped__(order.runtime.settings):  # type: ignore[attr-defined]
        yield each


async def test_an_ended_session_stops_at_every_subgraph_and_in_its_streams(
    user: Served, builder: Served, order: Served, streams: Streams
) -> None:
    account = await open_account(user)
    token = (await log_in(user, account))["accessToken"]
    placed = await place(order, account.id)
    designs = "{ designs(first: 1) { totalCount } }"
    async with streams.follow(placed.id, token) as stream:
        assert (await stream.change())["version"] == 1
        assert (await builder.execute(designs, token)).status == 200
        await user.execute(END_ALL, token, keep=False)
        assert await stream.failure() == "UNAUTHENTICATED"

    async def refused() -> bool:
        return (await builder.execute(designs, token)).status == 401

    await eventually(refused)
    await streams.until_unwatched(placed.id)


async def test_a_feed_ends_with_the_session_of_its_reader(user: Served, admin: str, streams: Streams) -> None:
    account = await open_account(user)
    roles = """
    mutation ($id: ID!, $roles: [Role!]!) {
      userRolesSet(input: { userId: $id, version: 1, roles: $roles }) { __typename }
    }"""
    await user.execute(roles, admin, id=account.id, roles=["SUPPORT"])
    token = (await log_in(user, account))["accessToken"]
    async with streams.follow("", token, query=FEED) as stream:
        await user.execute(END, token, id=await current(user, token))
        assert await stream.failure() == "UNAUTHENTICATED"


def test_what_is_revoked_stops_within_five_seconds() -> None:
    # A process may have looked just before, and the list may have been away for one look.
    assert 2 * (revocation_list.LOOK_SECONDS + REDIS_TIMEOUT_SECONDS) < 5


async def test_a_wiped_broker_is_told_again(user: Served) -> None:
    session = await log_in(user, await open_account(user))
    session_id = await current(user, session["accessToken"])
    await user.execute(END, session["accessToken"], id=session_id)
    await user.runtime.redis.flushdb()

    async def is_back() -> bool:
        return await user.runtime.redis.zscore(revocation_list.KEY, session_id) is not None

    await eventually(is_back)
    async with Revocations.open(user.runtime.redis) as started_later:
        assert started_later.includes(session_id)
    assert (await user.execute(ME, session["accessToken"])).status == 401


async def test_while_redis_is_away_the_last_copy_holds() -> None:
    copy = Revocations()
    now = time.time()
    copy.add({"ses_ended": now + 60, "ses_past": now - 1})
    await RevocationList(Redis.from_url("redis://127.0.0.1:1")).copy_to(copy)
    assert [copy.includes(key) for key in ("ses_ended", "ses_past", "ses_open", None)] == [True, False, False, False]


async def test_watchers_are_told_once_and_no_longer_than_they_watch() -> None:
    copy, reported = Revocations(), list[str]()
    end = time.time() + 60
    with copy.watch(("ses_a", None), lambda: reported.append("first")):
        copy.add({"ses_a": end, "ses_b": end})
        copy.add({"ses_a": end})
    with copy.watch(("ses_c",), lambda: reported.append("second")):
        pass
    copy.add({"ses_c": end})
    assert reported == ["first"]

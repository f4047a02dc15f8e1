"""Sessions: refreshed by tokens that are good once, listed, ended, and then void."""

import asyncio
import datetime as dt
import random
from typing import Any

from pydantic import SecretStr
from sqlalchemy import func, insert, select, update

from shared.core.ids import id_at
from subgraphs.user.jobs import JOBS
from subgraphs.user.models import UserSession
from subgraphs.user.service.job_types import USER_SYNC
from subgraphs.user.service.refresh_tokens import RefreshTokens
from subgraphs.user.service.sessions import GRACE_SECONDS, MOST_KEPT, MOST_OPEN
from tests.support.accounts import Account, log_in, open_account
from tests.support.apps import Served
from tests.user.events import published

REFRESH = """
mutation ($given: String!) {
  sessionRefresh(input: { refreshToken: $given }) {
    __typename
    ... on SessionRefreshSuccess { accessToken expiresIn refreshToken user { name } }
    ... on Problem { code }
  }
}
"""
END = """
mutation ($id: ID!) {
  sessionRevoke(input: { sessionId: $id }) {
    __typename ... on SessionRevokeSuccess { session { id revokedAt } } ... on Problem { code }
  }
}
"""
END_ALL = """
mutation ($keep: Boolean!) {
  sessionsRevokeAll(input: { keepCurrent: $keep }) {
    ... on SessionsRevokeAllSuccess { revoked } ... on Problem { code }
  }
}
"""
OTHER_SECRET = SecretStr("another secret key that has more than 32 characters")
SESSIONS = "{ me { sessions(first: 50) { nodes { id current revokedAt } } } }"


async def refresh(user: Served, given: str) -> dict[str, Any]:
    answer: dict[str, Any] = (await user.execute(REFRESH, given=given)).data["sessionRefresh"]
    return answer


async def current(user: Served, token: str) -> str:
    """Return the id of the session that asks."""
    shown = (await user.execute(SESSIONS, token)).data["me"]["sessions"]["nodes"]
    [session_id] = [session["id"] for session in shown if session["current"]]
    return str(session_id)


async def test_a_session_goes_on_with_new_tokens(user: Served) -> None:
    session = await log_in(user, await open_account(user))
    refreshed = await refresh(user, session["refreshToken"])
    assert (refreshed["__typename"], refreshed["user"], refreshed["expiresIn"]) == (
        "SessionRefreshSuccess",
        {"name": "Anna"},
        900,
    )
    assert refreshed["refreshToken"] != session["refreshToken"]
    assert await current(user, refreshed["accessToken"]) == await current(user, session["accessToken"])
    async with user.database.read() as connection:
        stored = await connection.scalars(select(UserSession.refresh_hash))
        assert not {session["refreshToken"], refreshed["refreshToken"]} & set(stored)


async def test_a_refresh_token_whose_successor_was_used_ends_the_session(user: Served) -> None:
    account = await open_account(user)
    session = await log_in(user, account)
    other = await log_in(user, account)
    stolen = session["refreshToken"]
    kept = await refresh(user, (await refresh(user, stolen))["refreshToken"])
    assert (await refresh(user, stolen))["code"] == "REFRESH_TOKEN_REUSED"
    assert (await refresh(user, kept["refreshToken"]))["code"] == "INVALID_REFRESH_TOKEN"
    for token in (session["accessToken"], kept["accessToken"]):
        assert (await user.execute(SESSIONS, token)).codes == ["UNAUTHENTICATED"]
    # Only this session: that of the other device goes on.
    assert (await refresh(user, other["refreshToken"]))["__typename"] == "SessionRefreshSuccess"
    reported = await published(user, account.id, "user.refresh_reused", "user.session_ended")
    assert [event["why"] for event in reported["user.session_ended"]] == ["REFRESH_REUSED"]
    assert reported["user.refresh_reused"] == [
        {"user_id": account.id, "session_id": reported["user.session_ended"][0]["session_id"]}
    ]


async def refreshed_ago(user: Served, session: dict[str, Any], seconds: float) -> None:
    """Make the last refresh of a session so many seconds old."""
    at = dt.datetime.now(dt.UTC) - dt.timedelta(seconds=seconds)
    session_id = await current(user, session["accessToken"])
    async with user.database.write() as connection:
        await connection.execute(update(UserSession).where(UserSession.id == session_id).values(refreshed_at=at))


async def test_a_client_whose_answer_was_lost_gets_the_same_refresh_token_again(user: Served) -> None:
    account = await open_account(user)
    session = await log_in(user, account)
    lost = await refresh(user, session["refreshToken"])
    await refreshed_ago(user, session, GRACE_SECONDS - 10)
    again = await refresh(user, session["refreshToken"])
    assert again["refreshToken"] == lost["refreshToken"]
    assert await current(user, again["accessToken"]) == await current(user, lost["accessToken"])
    assert (await refresh(user, again["refreshToken"]))["__typename"] == "SessionRefreshSuccess"
    assert "user.refresh_reused" not in await published(user, account.id)


async def test_a_refresh_token_that_is_used_again_after_the_grace_ends_the_session(user: Served) -> None:
    session = await log_in(user, await open_account(user))
    kept = await refresh(user, session["refreshToken"])
    await refreshed_ago(user, session, GRACE_SECONDS - 10)
    assert (await refresh(user, session["refreshToken"]))["refreshToken"] == kept["refreshToken"]
    # A retry does not make it longer.
    await refreshed_ago(user, session, GRACE_SECONDS)
    assert (await refresh(user, session["refreshToken"]))["code"] == "REFRESH_TOKEN_REUSED"
    assert (await refresh(user, kept["refreshToken"]))["code"] == "INVALID_REFRESH_TOKEN"


async def test_fifty_refreshes_at_once_get_one_refresh_token_and_the_session_goes_on(user: Served) -> None:
    account = await open_account(user)
    session = await log_in(user, account)
    answers = await asyncio.gather(*[refresh(user, session["refreshToken"]) for _ in range(50)])
    assert {answer["__typename"] for answer in answers} == {"SessionRefreshSuccess"}
    [given] = {answer["refreshToken"] for answer in answers}
    async with user.database.read() as connection:
        of_user = UserSession.user_id == account.id
        assert await connection.scalar(select(UserSession.refresh_number).where(of_user)) == 1
    assert (await refresh(user, given))["__typename"] == "SessionRefreshSuccess"
    assert "user.refresh_reused" not in await published(user, account.id)


async def test_what_is_no_refresh_token_is_refused(user: Served) -> None:
    session = await log_in(user, await open_account(user))
    good = session["refreshToken"]
    foreign = RefreshTokens(user.runtime.settings.model_copy(update={"secret_key": OTHER_SECRET}))
    session_id = await current(user, session["accessToken"])
    bad = ["", "ä", "x" * 20_000, good[:-1], good[::-1], session["accessToken"], foreign.make(session_id, 0).text]
    assert {(await refresh(user, given)).get("code") for given in bad} == {"INVALID_REFRESH_TOKEN"}
    assert (await refresh(user, good))["__typename"] == "SessionRefreshSuccess"


async def test_a_session_that_is_ended_is_over_at_once(user: Served, stranger: str) -> None:
    account = await open_account(user)
    here, there = await log_in(user, account), await log_in(user, account)
    session_id = await current(user, there["accessToken"])
    foreign = (await user.execute(END, stranger, id=session_id)).data["sessionRevoke"]
    assert foreign == {"__typename": "NotFoundProblem", "code": "NOT_FOUND"}
    assert (await user.execute(END, id=session_id)).data["sessionRevoke"]["code"] == "UNAUTHENTICATED"
    ended = (await user.execute(END, here["accessToken"], id=session_id)).data["sessionRevoke"]["session"]
    assert (ended["id"], ended["revokedAt"] is not None) == (session_id, True)
    assert (await user.execute(SESSIONS, there["accessToken"])).status == 401
    assert (await refresh(user, there["refreshToken"]))["code"] == "INVALID_REFRESH_TOKEN"
    shown = (await user.execute(SESSIONS, here["accessToken"])).data["me"]["sessions"]["nodes"]
    assert [(session["current"], session["revokedAt"] is None) for session in shown] == [(False, False), (True, True)]


async def test_all_sessions_can_be_ended_but_the_one_that_asks(user: Served) -> None:
    account = await open_account(user)
    first, second, third = [await log_in(user, account) for _ in range(3)]
    assert (await user.execute(END_ALL, first["accessToken"], keep=True)).data["sessionsRevokeAll"] == {"revoked": 2}
    statuses = [(await user.execute(SESSIONS, each["accessToken"])).status for each in (first, second, third)]
    assert statuses == [200, 401, 401]
    assert (await user.execute(END_ALL, first["accessToken"], keep=False)).data["sessionsRevokeAll"] == {"revoked": 1}
    assert (await user.execute(SESSIONS, first["accessToken"])).status == 401
    events = await published(user, account.id)
    assert events["user.sessions_ended"] == [{"user_id": account.id, "count": 2, "why": "REVOKED"}]
    assert [event["why"] for event in events["user.session_ended"]] == ["REVOKED"]


async def test_administrators_end_sessions_of_others(user: Served, admin: str, support: str) -> None:
    session = await log_in(user, await open_account(user))
    session_id = await current(user, session["accessToken"])
    assert (await user.execute(END, support, id=session_id)).data["sessionRevoke"]["code"] == "NOT_FOUND"
    assert (await user.execute(END, admin, id=session_id)).data["sessionRevoke"]["session"]["id"] == session_id
    assert (await user.execute(SESSIONS, session["accessToken"])).status == 401


async def test_sessions_that_are_over_are_removed(user: Served) -> None:
    account: Account = await open_account(user)
    over, open_ = await log_in(user, account), await log_in(user, account)
    session_id = await current(user, over["accessToken"])
    async with user.database.write() as session:
        past = func.now() - func.make_interval(0, 0, 0, 0, 0, 1)
        await session.execute(update(UserSession).where(UserSession.id == session_id).values(expires_at=past))
    assert (await refresh(user, over["refreshToken"]))["code"] == "INVALID_REFRESH_TOKEN"
    await JOBS[USER_SYNC](user.runtime, {})
    shown = (await user.execute(SESSIONS, open_["accessToken"])).data["me"]["sessions"]["nodes"]
    assert [session["id"] for session in shown] == [await current(user, open_["accessToken"])]


async def begin_many(user: Served, account: Account, count: int) -> list[str]:
    """Store open sessions of the past, and return their ids, the oldest first."""
    start = dt.datetime.now(dt.UTC) - dt.timedelta(hours=1)
    times = [start + dt.timedelta(milliseconds=number) for number in range(count)]
    ids = [id_at("ses", at, random.Random(f"{account.id} {at}")) for at in times]
    end = dt.datetime.now(dt.UTC) + dt.timedelta(days=1)
    rows = [
        {"id": key, "user_id": account.id, "device": key, "created_at": at, "expires_at": end}
        for key, at in zip(ids, times, strict=True)
    ]
    async with user.database.write() as session:
        await session.execute(insert(UserSession), rows)
    return ids


async def open_sessions(user: Served, account: Account) -> list[str]:
    async with user.database.read() as connection:
        found = select(UserSession.id).where(UserSession.user_id == account.id, UserSession.revoked_at.is_(None))
        return list(await connection.scalars(found.order_by(UserSession.id)))


async def test_beyond_a_hundred_sessions_the_oldest_ends(user: Served) -> None:
    account = await open_account(user)
    oldest, *others = await begin_many(user, account, MOST_OPEN)
    last = await log_in(user, account)
    assert await open_sessions(user, account) == [*others, await current(user, last["accessToken"])]
    reported = (await published(user, account.id))["user.session_ended"]
    assert reported == [{"user_id": account.id, "session_id": oldest, "why": "LIMIT"}]


async def test_many_sessions_of_before_end_with_one_event_and_are_forgotten(user: Served) -> None:
    account = await open_account(user)
    await begin_many(user, account, 3 * MOST_KEPT)
    await log_in(user, account)
    assert len(await open_sessions(user, account)) == MOST_OPEN
    ended = [{"user_id": account.id, "count": 3 * MOST_KEPT + 1 - MOST_OPEN, "why": "LIMIT"}]
    assert (await published(user, account.id))["user.sessions_ended"] == ended
    token = (await log_in(user, account))["accessToken"]
    counted = (await user.execute("{ me { sessions(first: 1) { totalCount } } }", token)).data["me"]["sessions"]
    assert counted == {"totalCount": MOST_KEPT}


async def test_sessions_are_a_list_in_pages(user: Served) -> None:
    account = await open_account(user)
    ids = await begin_many(user, account, 5)
    token = (await log_in(user, account))["accessToken"]
    query = """query ($after: String) {
      me { sessions(first: 2, after: $after) { totalCount nodes { device } pageInfo { hasNextPage endCursor } } }
    }"""
    seen, after = list[str](), None
    while True:
        with user.statements() as sent:
            page = (await user.execute(query, token, after=after)).data["me"]["sessions"]
        assert (page["totalCount"], len(sent)) == (6, 3)
        seen += [node["device"] for node in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert seen == ["Anna's phone", *reversed(ids)]
    refused = await user.execute("{ me { sessions(first: 1000000) { totalCount } } }", token)
    assert refused.codes == ["INVALID_INPUT"]

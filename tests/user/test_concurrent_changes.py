"""A password that is being checked while it is replaced opens nothing, and neither do roles that are taken away."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from argon2 import PasswordHasher
from sqlalchemy import func, select, update

from subgraphs.user.models import EmailProof, UserCredential, UserProfile, UserSession
from subgraphs.user.service.passwords import Passwords
from tests.support.accounts import LOG_IN, PASSWORD, Account, log_in, mailed, open_account, token_in
from tests.support.apps import Answer, Served
from tests.support.waiting import eventually
from tests.user.test_passwords import ASK, CHANGE, ME, MOVE, NEW, RESET, outcome
from tests.user.test_sessions import END_ALL, REFRESH

DELETE = """
mutation ($password: String!) {
  accountDelete(input: { password: $password }) { __typename ... on Problem { code } }
}
"""
ROLES = """
mutation ($id: ID!, $version: Int!, $roles: [Role!]!) {
  userRolesSet(input: { userId: $id, version: $version, roles: $roles }) { __typename ... on Problem { code } }
}
"""
USERS = "{ users(first: 1) { totalCount } }"
WAITING = (
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE wait_event_type = 'Lock' AND query LIKE '%user_session%' AND datname = current_database()"
)
THIEFS = "a thief was here 7"


@pytest.fixture
def under_way(user: Served, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Begin an operation, and go on with it at the end of the block, between the check of a password and its use."""
    passwords = user.runtime.resource(Passwords)
    verify = passwords.verify

    @asynccontextmanager
    async def begin(query: str, token: str | None = None, **variables: object) -> AsyncIterator[list[Answer]]:
        checked, goes_on, answers = asyncio.Event(), asyncio.Event(), list[Answer]()

        async def held(password: str, stored: str | None, *, caller: str) -> tuple[bool, str | None]:
            monkeypatch.setattr(passwords, "verify", verify)
            matches = await verify(password, stored, caller=caller)
            checked.set()
            await goes_on.wait()
            return matches

        monkeypatch.setattr(passwords, "verify", held)
        operation = asyncio.create_task(user.execute(query, token, **variables))
        await checked.wait()
        yield answers
        goes_on.set()
        answers.append(await operation)

    return begin


async def count(user: Served, table: Any, account: Account) -> int:
    async with user.database.read() as connection:
        found = await connection.scalar(select(func.count()).select_from(table).where(table.user_id == account.id))
    return int(found or 0)


async def mailed_reset(user: Served, account: Account) -> str:
    await user.execute(ASK, email=account.email)
    [mail] = await mailed(user, to=account.email)
    return token_in(mail)


async def test_a_log_in_with_a_password_that_is_changed_meanwhile_is_refused(user: Served, under_way: Any) -> None:
    account = await open_account(user)
    session = await log_in(user, account)
    before = await count(user, UserSession, account)
    async with under_way(LOG_IN, email=account.email, password=PASSWORD) as answers:
        changed = await user.execute(CHANGE, session["accessToken"], old=PASSWORD, new=NEW)
        assert changed.data["passwordChange"]["__typename"] == "PasswordChangeSuccess"
    assert answers[0].data["sessionCreate"]["code"] == "WRONG_CREDENTIALS"
    assert await count(user, UserSession, account) == before
    assert await outcome(user, account, NEW) == "SessionCreateSuccess"


async def test_a_hash_that_is_made_anew_does_not_bring_the_old_password_back(user: Served, under_way: Any) -> None:
    account = await open_account(user)
    session = await log_in(user, account)
    weak = PasswordHasher(time_cost=2, memory_cost=8, parallelism=1).hash(PASSWORD)
    async with user.database.write() as write:
        of_user = UserCredential.user_id == account.id
        await write.execute(update(UserCredential).where(of_user).values(password_hash=weak))
    async with under_way(LOG_IN, email=account.email, password=PASSWORD) as answers:
        await user.execute(CHANGE, session["accessToken"], old=PASSWORD, new=NEW)
    assert answers[0].data["sessionCreate"]["code"] == "WRONG_CREDENTIALS"
    outcomes = [await outcome(user, account, each) for each in (PASSWORD, NEW)]
    assert outcomes == ["UnauthenticatedProblem", "SessionCreateSuccess"]


async def test_a_log_in_gets_the_roles_that_hold_when_it_is_answered(user: Served, under_way: Any, admin: str) -> None:
    account = await open_account(user)
    await user.execute(ROLES, admin, id=account.id, version=1, roles=["SUPPORT"])
    async with under_way(LOG_IN, email=account.email, password=PASSWORD) as answers:
        set_anew = await user.execute(ROLES, admin, id=account.id, version=2, roles=["CUSTOMER"])
        assert set_anew.data["userRolesSet"]["__typename"] == "UserRolesSetSuccess"
    token = answers[0].data["sessionCreate"]["accessToken"]
    assert (await user.execute(USERS, token)).codes == ["FORBIDDEN"]
    assert (await user.execute(ME, token)).data["me"]["id"] == account.id


async def test_a_log_in_to_an_account_that_is_deleted_meanwhile_is_refused(user: Served, under_way: Any) -> None:
    account = await open_account(user)
    session = await log_in(user, account)
    async with under_way(LOG_IN, email=account.email, password=PASSWORD) as answers:
        deleted = await user.execute(DELETE, session["accessToken"], password=PASSWORD)
        assert deleted.data["accountDelete"]["__typename"] == "AccountDeleteSuccess"
    assert answers[0].data["sessionCreate"]["code"] == "WRONG_CREDENTIALS"
    assert await count(user, UserSession, account) == 0


@pytest.mark.parametrize(
    ("query", "variables"),
    [
        (CHANGE, {"old": PASSWORD, "new": THIEFS}),
        (MOVE, {"email": "thief@example.com", "password": PASSWORD}),
        (DELETE, {"password": PASSWORD}),
    ],
    ids=["passwordChange", "emailChange", "accountDelete"],
)
async def test_what_a_thief_does_while_the_password_or_the_session_ends_has_no_effect(
    user: Served, under_way: Any, query: str, variables: dict[str, str]
) -> None:
    account = await open_account(user)
    thief, owner = await log_in(user, account), await log_in(user, account)
    async with under_way(query, thief["accessToken"], **variables) as answers:
        assert (await user.execute(END_ALL, owner["accessToken"], keep=True)).data["sessionsRevokeAll"]["revoked"] == 1
    [refused] = answers[0].data.values()
    assert refused["code"] == "UNAUTHENTICATED"
    thief, token = await log_in(user, account), await mailed_reset(user, account)
    async with under_way(query, thief["accessToken"], **variables) as answers:
        assert (await user.execute(RESET, proof=token, new=NEW)).data["passwordReset"]["accessToken"]
    [refused] = answers[0].data.values()
    assert refused["code"] == "WRONG_PASSWORD"
    outcomes = [await outcome(user, account, each) for each in (PASSWORD, THIEFS, NEW)]
    assert outcomes == ["UnauthenticatedProblem", "UnauthenticatedProblem", "SessionCreateSuccess"]
    async with user.database.read() as connection:
        pending = select(EmailProof.id).where(EmailProof.user_id == account.id)
        assert (await connection.scalars(pending)).all() == []


async def test_a_refresh_while_roles_are_taken_away_gets_none_of_them(user: Served) -> None:
    account = await open_account(user)
    session = await log_in(user, account)
    async with user.database.write() as write:
        this = UserProfile.id == account.id
        await write.execute(update(UserProfile).where(this).values(roles=["CUSTOMER"]))
        ended = update(UserSession).where(UserSession.user_id == account.id).values(revoked_at=func.now())
        await write.execute(ended)
        operation = asyncio.create_task(user.execute(REFRESH, given=session["refreshToken"]))

        async def waits() -> bool:
            async with user.database.read() as connection:
                return bool((await connection.exec_driver_sql(WAITING)).scalar())

        await eventually(waits)
    assert (await operation).data["sessionRefresh"]["code"] == "INVALID_REFRESH_TOKEN"

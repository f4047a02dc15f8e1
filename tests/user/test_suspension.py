"""Suspended accounts: their sessions end, nobody logs in to them by any way, and staff can undo it."""

import asyncio
import datetime as dt
from typing import Any

import pytest
from sqlalchemy import select

from shared.core.ids import new_id
from subgraphs.user.inputs import UserFilter
from subgraphs.user.loaders import _conditions
from subgraphs.user.models import UserProfile
from tests.support.accounts import LOG_IN, Account, log_in, mailed, open_account, text_of, token_in
from tests.support.apps import Identities, Served
from tests.support.plans import plan_without_scans
from tests.support.second_factor import answered, challenged, code_of, protect
from tests.user.events import published
from tests.user.passkeys import login, login_options, with_passkey
from tests.user.test_passwords import ASK, RESET
from tests.user.test_sessions import REFRESH

SUSPEND = """mutation ($id: ID!, $reason: String = "Fraud.") { userSuspend(input: { userId: $id, reason: $reason }) {
  __typename ... on UserSuspendSuccess { user { id suspendedAt suspensionReason } }
  ... on Problem { code } ... on InvalidInputProblem { fields { path code } }
} }"""
REINSTATE = """mutation ($id: ID!) { userReinstate(input: { userId: $id }) {
  __typename ... on UserReinstateSuccess { user { id suspendedAt suspensionReason } } ... on Problem { code }
} }"""
SHOWN = "query ($id: ID!) { user(id: $id) { suspendedAt suspensionReason } }"
LIST = """query ($filter: UserFilter, $sort: UserSort! = NEWEST, $first: Int = 100, $after: String) {
  users(filter: $filter, sort: $sort, first: $first, after: $after) { totalCount nodes { id } pageInfo { endCursor } }
}"""
ME = "{ me { id } }"


@pytest.fixture
async def account(user: Served) -> Account:
    return await open_account(user)


@pytest.fixture
async def admin(user: Served, people: Identities) -> str:
    return people.token((await open_account(user)).id, "ADMIN")


async def suspend(user: Served, admin: str, user_id: str, **more: Any) -> Any:
    return (await user.execute(SUSPEND, admin, id=user_id, **more)).data["userSuspend"]


async def try_to_log_in(user: Served, account: Account, password: str | None = None) -> Any:
    given = {"email": account.email, "password": password or account.password}
    return (await user.execute(LOG_IN, **given)).data["sessionCreate"]


async def test_a_suspended_account_is_logged_out_and_refused_until_it_is_reinstated(
    user: Served, account: Account, admin: str
) -> None:
    session = await log_in(user, account)
    done = await suspend(user, admin, account.id, reason="  Fraud.  ")
    assert done["user"]["suspensionReason"] == "Fraud."
    assert done["user"]["suspendedAt"] is not None
    assert (await user.execute(ME, session["accessToken"])).codes == ["UNAUTHENTICATED"]
    refreshed = (await user.execute(REFRESH, given=session["refreshToken"])).data["sessionRefresh"]
    assert refreshed["code"] == "INVALID_REFRESH_TOKEN"
    assert (await try_to_log_in(user, account))["code"] == "ACCOUNT_SUSPENDED"
    # Whoever does not know the password learns nothing.
    assert (await try_to_log_in(user, account, "another-password"))["code"] == "WRONG_CREDENTIALS"
    again = (await user.execute(REINSTATE, admin, id=account.id)).data["userReinstate"]
    assert again["user"] == {"id": account.id, "suspendedAt": None, "suspensionReason": None}
    assert (await try_to_log_in(user, account))["__typename"] == "SessionCreateSuccess"
    told = await published(user, account.id, "user.suspended", "user.reinstated", "user.session_ended")
    assert told["user.suspended"] == told["user.reinstated"] == [{"user_id": account.id}]
    assert [each["why"] for each in told["user.session_ended"]] == ["SUSPENDED"]


async def test_a_new_password_opens_no_suspended_account_and_is_not_set(
    user: Served, account: Account, admin: str
) -> None:
    await user.execute(ASK, email=account.email)
    [mail] = await mailed(user, to=account.email)
    await suspend(user, admin, account.id)
    given = {"proof": token_in(mail), "new": "another-good-password"}
    refused = (await user.execute(RESET, **given)).data["passwordReset"]
    assert refused["code"] == "ACCOUNT_SUSPENDED"
    await user.execute(REINSTATE, admin, id=account.id)
    assert (await try_to_log_in(user, account))["__typename"] == "SessionCreateSuccess"


async def test_a_second_factor_opens_no_suspended_account(user: Served, admin: str) -> None:
    who = await protect(user)
    before = await challenged(user, who.account)
    await suspend(user, admin, who.id)
    assert (await answered(user, before, code_of(who.secret)))["code"] == "INVALID_CHALLENGE"
    after = await challenged(user, who.account)
    assert (await answered(user, after, code_of(who.secret)))["code"] == "ACCOUNT_SUSPENDED"


async def test_a_passkey_opens_no_suspended_account(user: Served, admin: str) -> None:
    account, _, authenticator = await with_passkey(user)
    await suspend(user, admin, account.id)
    refused = await login(user, authenticator.get(await login_options(user)))
    assert refused["code"] == "ACCOUNT_SUSPENDED"
    await user.execute(REINSTATE, admin, id=account.id)
    assert (await login(user, authenticator.get(await login_options(user))))["__typename"] == "PasskeyLoginSuccess"


async def test_no_session_survives_a_log_in_at_the_same_time(user: Served, account: Account, admin: str) -> None:
    answers = await asyncio.gather(*[try_to_log_in(user, account) for _ in range(4)], suspend(user, admin, account.id))
    assert answers[-1]["__typename"] == "UserSuspendSuccess"
    for answer in answers[:-1]:
        token = answer.get("accessToken")
        assert answer.get("code") == "ACCOUNT_SUSPENDED" or (await user.execute(ME, token)).codes == ["UNAUTHENTICATED"]
    assert (await try_to_log_in(user, account))["code"] == "ACCOUNT_SUSPENDED"


async def test_what_cannot_be_done_is_refused_and_changes_nothing(
    user: Served, account: Account, admin: str, people: Identities, support: str
) -> None:
    chief = await open_account(user)
    own = people.token(chief.id, "ADMIN")
    for token, code in ((support, "FORBIDDEN"), (None, "UNAUTHENTICATED")):
        assert (await user.execute(SUSPEND, token, id=account.id)).codes == [code]
        assert (await user.execute(REINSTATE, token, id=account.id)).codes == [code]
    assert (await suspend(user, own, chief.id))["code"] == "ILLEGAL_STATE"
    assert (await suspend(user, admin, new_id("usr")))["code"] == "NOT_FOUND"
    for reason, code in (("", "TOO_SHORT"), ("x" * 501, "TOO_LONG")):
        refused = await suspend(user, admin, account.id, reason=reason)
        assert refused["fields"] == [{"path": "input.reason", "code": code}]
    assert (await user.execute(REINSTATE, admin, id=account.id)).data["userReinstate"]["code"] == "ILLEGAL_STATE"
    assert (await try_to_log_in(user, account))["__typename"] == "SessionCreateSuccess"
    assert (await try_to_log_in(user, chief))["__typename"] == "SessionCreateSuccess"
    await suspend(user, admin, account.id)
    assert (await suspend(user, admin, account.id, reason="Other."))["code"] == "ILLEGAL_STATE"
    shown = (await user.execute(SHOWN, support, id=account.id)).data["user"]
    assert shown["suspensionReason"] == "Fraud."


async def test_customers_read_no_reasons(user: Served, account: Account, admin: str, people: Identities) -> None:
    await suspend(user, admin, account.id)
    stranger = await user.execute(SHOWN, people.token(new_id("usr")), id=account.id)
    assert stranger.body["data"]["user"] == {"suspendedAt": None, "suspensionReason": None}
    assert stranger.codes == ["FORBIDDEN", "FORBIDDEN"]


async def test_users_are_listed_by_time_and_suspension_in_both_orders(user: Served, admin: str, support: str) -> None:
    since = dt.datetime.now(dt.UTC)
    accounts = [await open_account(user) for _ in range(3)]
    ids = [each.id for each in accounts]
    await suspend(user, admin, ids[1])
    window = {"createdFrom": since.isoformat()}

    async def listed(sort: str = "NEWEST", **wanted: Any) -> list[str]:
        page = (await user.execute(LIST, support, filter=window | wanted, sort=sort)).data["users"]
        assert page["totalCount"] == len(page["nodes"])
        return [node["id"] for node in page["nodes"] if node["id"] in ids]

    assert await listed() == ids[::-1]
    assert await listed("OLDEST") == ids
    assert await listed(suspended=True) == [ids[1]]
    assert await listed("OLDEST", suspended=False) == [ids[0], ids[2]]
    assert await listed(createdBefore=since.isoformat()) == []
    first = (await user.execute(LIST, support, filter=window, sort="OLDEST", first=1)).data["users"]
    given = {"filter": window, "sort": "OLDEST", "first": 1, "after": first["pageInfo"]["endCursor"]}
    second = (await user.execute(LIST, support, **given)).data["users"]
    assert first["nodes"] != second["nodes"]


async def test_suspended_users_are_found_by_an_index(user: Served) -> None:
    statement = select(UserProfile.id).where(*_conditions(UserFilter(suspended=True)))
    statement = statement.order_by(UserProfile.created_at.desc(), UserProfile.id.desc()).limit(21)
    async with user.database.write() as session:
        plan = await plan_without_scans(session, statement)
    assert "user_profile_suspended" in plan, plan


async def test_the_owner_is_mailed_without_the_reason_and_a_refused_change_mails_nobody(
    user: Served, account: Account, admin: str
) -> None:
    await mailed(user, to=account.email)
    await suspend(user, admin, account.id, reason="Chargebacks.")
    assert (await suspend(user, admin, account.id))["code"] == "ILLEGAL_STATE"
    [mail] = await mailed(user, to=account.email)
    assert mail["Subject"] == "Your account is suspended"
    assert "all devices are logged out" in text_of(mail)
    assert "Chargebacks" not in text_of(mail)
    assert "#token=" not in text_of(mail)
    await user.execute(REINSTATE, admin, id=account.id)
    [mail] = await mailed(user, to=account.email)
    assert mail["Subject"] == "Your account is open again"
    refused = (await user.execute(REINSTATE, admin, id=account.id)).data["userReinstate"]
    assert refused["code"] == "ILLEGAL_STATE"
    assert await mailed(user, to=account.email) == []

"""A recent authentication: asked for where it matters, renewed by a password or a code, and by nothing else."""

import asyncio

import pytest
from sqlalchemy import func, select, update

from shared.security.auth import ACCOUNT_AGE, CLOCK_LEEWAY_SECONDS, MONEY_AGE, Viewer
from subgraphs.user.models import RecoveryCode, TotpFactor, UserProfile, UserSession
from subgraphs.user.service.sessions import GRACE_SECONDS
from tests.support.accounts import Account, log_in, open_account
from tests.support.apps import Identities, Served, authenticated_ago
from tests.support.second_factor import CONFIRM, ENROL, REAUTHENTICATE, code_of, problem, protect, wrong_code
from tests.user.events import published
from tests.user.test_authentication import viewer_of
from tests.user.test_second_factor import EXPORT, ME, REMOVE_FOR, REPLACE, SET_ROLES
from tests.user.test_sessions import END, current, refresh, refreshed_ago

TOO_OLD = "INSUFFICIENT_USER_AUTHENTICATION"


async def aged(user: Served, token: str, seconds: float) -> str:
    """Let the authentication of a session be older, and return its id."""
    session_id = (await viewer_of(user, token)).session_id
    older = authenticated_ago(seconds).at
    async with user.database.write() as session:
        await session.execute(update(UserSession).where(UserSession.id == session_id).values(authenticated_at=older))
    return str(session_id)


async def old_session(user: Served, account: Account, seconds: float = ACCOUNT_AGE + 60) -> dict[str, str]:
    """Log in, and let that be a while ago."""
    tokens = await log_in(user, account)
    await aged(user, tokens["accessToken"], seconds)
    return await refresh(user, tokens["refreshToken"])


@pytest.mark.parametrize(("older", "is_refused"), [(-60, False), (CLOCK_LEEWAY_SECONDS + 60, True)])
def test_the_rule_allows_for_clocks_that_differ(older: float, is_refused: bool) -> None:
    viewer = Viewer("usr_x", authenticated_at=authenticated_ago(MONEY_AGE + older).at.timestamp())
    if is_refused:
        with pytest.raises(Exception, match="within the last 60 minutes"):
            viewer.check_recent(MONEY_AGE)
    else:
        viewer.check_recent(MONEY_AGE)
    with pytest.raises(Exception, match="within the last 15 minutes"):
        Viewer("usr_x").check_recent(ACCOUNT_AGE)


async def test_an_old_authentication_adds_no_factor_and_copies_no_account(user: Served) -> None:
    account = await open_account(user)
    token = (await old_session(user, account))["accessToken"]
    asked = (await user.execute(ENROL, token)).data["totpEnrol"]
    assert (asked["__typename"], asked["code"], asked["maxAge"]) == ("ReauthenticationProblem", TOO_OLD, ACCOUNT_AGE)
    for query, given in ((CONFIRM, {"code": "123456"}), (REPLACE, {}), (EXPORT, {})):
        assert problem(await user.execute(query, token, **given)) == TOO_OLD
    async with user.database.read() as connection:
        for table in (TotpFactor, RecoveryCode):
            found = select(func.count()).select_from(table).where(table.user_id == account.id)
            assert await connection.scalar(found) == 0
    assert "user.exported" not in await published(user, account.id)
    # What takes the password is open to everybody who knows it.
    assert (await user.execute(ME, token)).data["me"]["id"] == account.id


async def test_an_old_authentication_of_staff_changes_no_roles_and_no_factor(user: Served, people: Identities) -> None:
    who = await protect(user)
    admin = people.token_of(who.id, authenticated_ago(ACCOUNT_AGE + 60), "ADMIN")
    target = await protect(user)
    roles = {"id": target.id, "version": 1, "roles": ["ADMIN"]}
    assert problem(await user.execute(SET_ROLES, admin, **roles)) == TOO_OLD
    assert problem(await user.execute(REMOVE_FOR, admin, id=target.id)) == TOO_OLD
    async with user.database.read() as connection:
        shown = select(UserProfile.roles, UserProfile.version).where(UserProfile.id == target.id)
        assert (await connection.execute(shown)).one() == (["CUSTOMER"], 1)
    assert (await user.execute(ME, target.token)).data["me"]["recoveryCodesLeft"] == 10
    # The rule beside it comes first: who may not do it at all is told so.
    customer = people.token_of(who.id, authenticated_ago(ACCOUNT_AGE + 60), "CUSTOMER")
    assert problem(await user.execute(SET_ROLES, customer, **roles)) == "FORBIDDEN"
    recent = people.token_of(who.id, authenticated_ago(ACCOUNT_AGE - 60), "ADMIN")
    assert problem(await user.execute(SET_ROLES, recent, **roles)) == "UserRolesSetSuccess"


async def test_the_password_renews_the_session(user: Served) -> None:
    account = await open_account(user)
    old = await old_session(user, account)
    renewed = (await user.execute(REAUTHENTICATE, old["accessToken"], password=account.password)).data
    tokens = renewed["sessionReauthenticate"]
    before, after = [await viewer_of(user, each["accessToken"]) for each in (old, tokens)]
    assert (after.session_id, set(after.methods)) == (before.session_id, {"pwd"})
    assert (after.authenticated_at or 0) - (before.authenticated_at or 0) > ACCOUNT_AGE
    assert problem(await user.execute(ENROL, tokens["accessToken"])) == "TotpEnrolSuccess"
    # The access token from before says what it said.
    assert problem(await user.execute(ENROL, old["accessToken"])) == TOO_OLD
    again = await refresh(user, tokens["refreshToken"])
    assert (await viewer_of(user, again["accessToken"])).authenticated_at == after.authenticated_at
    told = await published(user, account.id, "user.session_reauthenticated")
    assert told["user.session_reauthenticated"] == [{"user_id": account.id, "session_id": after.session_id}]


async def test_a_wrong_password_renews_nothing(user: Served) -> None:
    account = await open_account(user)
    old = await old_session(user, account)
    for given in ({"password": "not it at all"}, {}, {"password": account.password, "code": "123456"}):
        refused = problem(await user.execute(REAUTHENTICATE, old["accessToken"], **given))
        assert refused == ("WRONG_PASSWORD" if len(given) == 1 else "INVALID_INPUT")
    assert problem(await user.execute(REAUTHENTICATE, old["accessToken"], code="123456")) == "ILLEGAL_STATE"
    assert problem(await user.execute(REAUTHENTICATE, password=account.password)) == "UNAUTHENTICATED"
    again = await refresh(user, old["refreshToken"])
    assert problem(await user.execute(ENROL, again["accessToken"])) == TOO_OLD


async def test_an_account_with_a_factor_is_renewed_by_a_code_alone(user: Served) -> None:
    who = await protect(user)
    await aged(user, who.token, ACCOUNT_AGE + 60)
    old = await refresh(user, who.tokens["refreshToken"])
    given = {"password": who.account.password}
    assert problem(await user.execute(REAUTHENTICATE, old["accessToken"], **given)) == "CODE_REQUIRED"
    wrong = await user.execute(REAUTHENTICATE, old["accessToken"], code=wrong_code(who.secret))
    assert problem(wrong) == "WRONG_CODE"
    assert problem(await user.execute(REPLACE, old["accessToken"])) == TOO_OLD
    code = code_of(who.secret)
    tokens = (await user.execute(REAUTHENTICATE, old["accessToken"], code=code)).data["sessionReauthenticate"]
    assert (await viewer_of(user, tokens["accessToken"])).methods == {"pwd", "otp", "mfa"}
    assert problem(await user.execute(REPLACE, tokens["accessToken"])) == "RecoveryCodesReplaceSuccess"
    assert problem(await user.execute(REAUTHENTICATE, old["accessToken"], code=code)) == "WRONG_CODE"


async def test_an_ended_session_is_not_renewed_and_uses_no_code_up(user: Served) -> None:
    who = await protect(user)
    viewer = await viewer_of(user, who.token)
    async with user.database.write() as session:
        # As if it were ended while the request is on its way.
        ended = update(UserSession).where(UserSession.id == viewer.session_id).values(revoked_at=func.now())
        await session.execute(ended)
    for given in ({"code": code_of(who.secret)}, {"code": who.recovery_codes[0]}, {"password": who.account.password}):
        assert problem(await user.execute(REAUTHENTICATE, who.token, **given)) == "UNAUTHENTICATED"
    async with user.database.read() as connection:
        left = select(func.count()).select_from(RecoveryCode).where(RecoveryCode.user_id == who.id)
        assert await connection.scalar(left) == 10
        step = select(TotpFactor.last_step).where(TotpFactor.user_id == who.id)
        assert await connection.scalar(step) == 0


async def test_renewing_and_refreshing_at_once_leave_one_good_token(user: Served) -> None:
    account = await open_account(user)
    tokens = await log_in(user, account)
    renewed, refreshed = await asyncio.gather(
        user.execute(REAUTHENTICATE, tokens["accessToken"], password=account.password),
        user.execute(REAUTHENTICATE, tokens["accessToken"], password=account.password),
    )
    given = [answer.data["sessionReauthenticate"]["refreshToken"] for answer in (renewed, refreshed)]
    session_id = await current(user, tokens["accessToken"])
    async with user.database.read() as connection:
        number = select(UserSession.refresh_number).where(UserSession.id == session_id)
        assert await connection.scalar(number) == 2
    assert len(set(given)) == 2
    assert (await user.execute(END, tokens["accessToken"], id=session_id)).data


async def test_a_refresh_token_that_an_authentication_has_just_replaced_gives_nothing_and_ends_nothing(
    user: Served,
) -> None:
    account = await open_account(user)
    tokens = await log_in(user, account)
    renewed = await user.execute(REAUTHENTICATE, tokens["accessToken"], password=account.password)
    assert (await refresh(user, tokens["refreshToken"]))["code"] == "REFRESH_TOKEN_SPENT"
    given = renewed.data["sessionReauthenticate"]
    await refreshed_ago(user, tokens, GRACE_SECONDS - 10)
    assert (await refresh(user, tokens["refreshToken"]))["code"] == "REFRESH_TOKEN_SPENT"
    await refreshed_ago(user, tokens, GRACE_SECONDS)
    assert (await refresh(user, tokens["refreshToken"]))["code"] == "REFRESH_TOKEN_REUSED"
    assert (await refresh(user, given["refreshToken"]))["code"] == "INVALID_REFRESH_TOKEN"

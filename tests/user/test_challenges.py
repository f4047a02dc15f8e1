"""Challenges: a right password whose code is still to come. They open nothing, and end with what they rest on."""

import datetime as dt

from sqlalchemy import func, select, update

from shared.core.ids import new_id
from subgraphs.user.jobs import JOBS
from subgraphs.user.models import LogInChallenge, RecoveryCode, TotpFactor, UserCredential, UserProfile
from subgraphs.user.service.challenges import MOST_OPEN, MOST_WRONG
from subgraphs.user.service.job_types import USER_SYNC
from tests.support.apps import Served
from tests.support.second_factor import REMOVE, answered, challenged, code_of, protect, wrong_code
from tests.user.test_second_factor import SET_ROLES
from tests.user.test_sessions import END_ALL

CHANGE_PASSWORD = """
mutation ($current: String!, $new: String!) {
  passwordChange(input: { currentPassword: $current, newPassword: $new }) { __typename ... on Problem { code } }
}
"""
DELETE = """
mutation ($password: String!) { accountDelete(input: { password: $password }) { __typename ... on Problem { code } } }
"""


async def test_a_challenge_that_is_none_is_refused(user: Served) -> None:
    who = await protect(user)
    challenge = await challenged(user, who.account)
    forged = f"{challenge[:-4]}AAAA"
    other = f"{new_id('chl')}.{challenge.partition('.')[2]}"
    for given in (forged, other, "", "x" * 5000, challenge.partition(".")[0], who.token):
        assert (await answered(user, given, code_of(who.secret)))["code"] == "INVALID_CHALLENGE"
    async with user.database.write() as session:
        over = dt.datetime.now(dt.UTC) - dt.timedelta(seconds=1)
        await session.execute(update(LogInChallenge).where(LogInChallenge.user_id == who.id).values(expires_at=over))
    assert (await answered(user, challenge, code_of(who.secret)))["code"] == "INVALID_CHALLENGE"
    await JOBS[USER_SYNC](user.runtime, {})
    async with user.database.read() as connection:
        left = select(func.count()).select_from(LogInChallenge).where(LogInChallenge.user_id == who.id)
        assert await connection.scalar(left) == 0


async def test_a_changed_password_ends_a_challenge(user: Served) -> None:
    who = await protect(user)
    challenge = await challenged(user, who.account)
    changed = await user.execute(CHANGE_PASSWORD, who.token, current=who.account.password, new="wisteria in november")
    assert changed.data["passwordChange"]["__typename"] == "PasswordChangeSuccess"
    assert (await answered(user, challenge, code_of(who.secret)))["code"] == "INVALID_CHALLENGE"


async def test_changed_roles_end_a_challenge(user: Served, admin: str) -> None:
    who = await protect(user)
    challenge = await challenged(user, who.account)
    async with user.database.read() as connection:
        version = await connection.scalar(select(UserProfile.version).where(UserProfile.id == who.id))
    given = await user.execute(SET_ROLES, admin, id=who.id, version=version, roles=["SUPPORT"])
    assert given.data["userRolesSet"]["__typename"] == "UserRolesSetSuccess"
    assert (await answered(user, challenge, code_of(who.secret)))["code"] == "INVALID_CHALLENGE"


async def test_a_removed_factor_ends_a_challenge(user: Served) -> None:
    who = await protect(user)
    challenge = await challenged(user, who.account)
    removed = (await user.execute(REMOVE, who.token, code=code_of(who.secret))).data["totpRemove"]
    assert removed["__typename"] == "TotpRemoveSuccess"
    assert (await answered(user, challenge, code_of(who.secret, steps=1)))["code"] == "INVALID_CHALLENGE"


async def test_ending_all_sessions_and_deleting_the_account_end_a_challenge(user: Served) -> None:
    who = await protect(user)
    challenge = await challenged(user, who.account)
    assert (await user.execute(END_ALL, who.token, keep=True)).data
    assert (await answered(user, challenge, code_of(who.secret)))["code"] == "INVALID_CHALLENGE"
    challenge = await challenged(user, who.account)
    assert (await user.execute(DELETE, who.token, password=who.account.password)).data
    assert (await answered(user, challenge, code_of(who.secret)))["code"] == "INVALID_CHALLENGE"
    for table in (TotpFactor, RecoveryCode, LogInChallenge, UserCredential):
        async with user.database.read() as connection:
            left = select(func.count()).select_from(table).where(table.user_id == who.id)
            assert await connection.scalar(left) == 0


async def test_open_challenges_of_an_account_are_limited(user: Served) -> None:
    who = await protect(user)
    challenges = [await challenged(user, who.account) for _ in range(MOST_OPEN + 2)]
    async with user.database.read() as connection:
        kept = select(func.count()).select_from(LogInChallenge).where(LogInChallenge.user_id == who.id)
        assert await connection.scalar(kept) == MOST_OPEN
    assert (await answered(user, challenges[0], code_of(who.secret)))["code"] == "INVALID_CHALLENGE"
    assert (await answered(user, challenges[-1], code_of(who.secret)))["__typename"] == "SessionConfirmSuccess"


async def test_wrong_codes_end_a_challenge_whatever_their_form(user: Served) -> None:
    who = await protect(user)
    challenge = await challenged(user, who.account)
    for code in [wrong_code(who.secret), "a-recovery-code"] * 2 + ["", "more"]:
        last = await answered(user, challenge, code)
    assert (MOST_WRONG, last["code"]) == (5, "INVALID_CHALLENGE")
    assert (await answered(user, challenge, code_of(who.secret)))["code"] == "INVALID_CHALLENGE"

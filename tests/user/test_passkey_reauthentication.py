"""Passkeys and a recent authentication: they renew it, adding and removing one needs it, and staff need a factor."""

import json

from shared.core import base64url
from shared.security.auth import ACCOUNT_AGE
from tests.support.accounts import log_in, mailed, open_account
from tests.support.apps import Served
from tests.support.authenticator import Authenticator
from tests.support.second_factor import problem, protect
from tests.user.events import published
from tests.user.passkeys import (
    REAUTHENTICATE,
    REAUTHENTICATION_START,
    REGISTER,
    START,
    add,
    login,
    login_options,
    passkeys_of,
    reauthenticate,
    reauthentication_options,
    start,
    with_passkey,
)
from tests.user.test_authentication import viewer_of
from tests.user.test_email_change import request, reset
from tests.user.test_passkey_login import state
from tests.user.test_passkeys import REMOVE
from tests.user.test_reauthentication import TOO_OLD, old_session
from tests.user.test_sessions import END, current
from tests.user.test_staff_second_factor import USERS, member, production

__all__ = ["production"]  # a fixture


async def test_an_old_authentication_adds_and_removes_no_passkey(user: Served) -> None:
    account, token, _ = await with_passkey(user)
    [passkey] = await passkeys_of(user, token)
    answer = Authenticator().create(await start(user, token))
    old = (await old_session(user, account))["accessToken"]
    for query, given in ((START, {}), (REGISTER, {"response": answer, "name": "x"}), (REMOVE, {"id": passkey["id"]})):
        assert problem(await user.execute(query, old, **given)) == TOO_OLD
    assert await passkeys_of(user, token) == [passkey]


async def test_a_passkey_renews_the_authentication_of_a_session(user: Served) -> None:
    account, token, authenticator = await with_passkey(user)
    [passkey] = await passkeys_of(user, token)
    old = (await old_session(user, account))["accessToken"]
    before = await viewer_of(user, old)
    options = await reauthentication_options(user, old)
    [allowed] = json.loads(options)["allowCredentials"]
    assert allowed["id"] == base64url.encode(authenticator.credential_id)
    # An authenticator that was told which passkey may leave out whose it is.
    renewed = await reauthenticate(user, old, authenticator.get(options, user_handle=None))
    assert renewed["__typename"] == "PasskeyReauthenticateSuccess"
    viewer = await viewer_of(user, renewed["accessToken"])
    assert (viewer.id, viewer.session_id) == (before.id, before.session_id)
    assert set(viewer.methods) == {"pwd", "hwk", "user", "mfa"}
    assert (viewer.authenticated_at or 0) - (before.authenticated_at or 0) > ACCOUNT_AGE
    told = await published(user, account.id, "user.session_reauthenticated")
    assert [each["session_id"] for each in told["user.session_reauthenticated"]] == [viewer.session_id]
    removed = await user.execute(REMOVE, renewed["accessToken"], id=passkey["id"])
    assert removed.data["passkeyRemove"]["__typename"] == "PasskeyRemoveSuccess"


async def test_challenges_of_other_sessions_accounts_and_purposes_renew_nothing(user: Served) -> None:
    account, token, authenticator = await with_passkey(user)
    other, of_other, stranger = await with_passkey(user)
    elsewhere = (await log_in(user, account))["accessToken"]
    before = await state(user, account), await state(user, other)
    for options in (
        await reauthentication_options(user, elsewhere),
        await reauthentication_options(user, of_other),
        await login_options(user),
    ):
        refused = await reauthenticate(user, token, authenticator.get(options))
        assert refused == {"__typename": "UnauthenticatedProblem", "code": "CHALLENGE_EXPIRED"}
    as_login = authenticator.get(await reauthentication_options(user, token))
    assert (await login(user, as_login))["code"] == "CHALLENGE_EXPIRED"
    # Another person's passkey is none of this session's owner.
    foreign = stranger.get(await reauthentication_options(user, token))
    assert (await reauthenticate(user, token, foreign))["code"] == "WRONG_PASSKEY"
    without_user = stranger.get(await reauthentication_options(user, token), user_handle=None)
    assert (await reauthenticate(user, token, without_user))["code"] == "WRONG_PASSKEY"
    assert (await state(user, account), await state(user, other)) == before


async def test_an_answer_renews_once_and_not_after_the_session_has_ended(user: Served) -> None:
    _, token, authenticator = await with_passkey(user)
    answer = authenticator.get(await reauthentication_options(user, token))
    assert (await reauthenticate(user, token, answer))["__typename"] == "PasskeyReauthenticateSuccess"
    assert (await reauthenticate(user, token, answer))["code"] == "CHALLENGE_EXPIRED"
    later = authenticator.get(await reauthentication_options(user, token))
    await user.execute(END, token, id=await current(user, token))
    assert (await user.execute(START, token)).codes == ["UNAUTHENTICATED"]
    assert (await user.execute(REAUTHENTICATE, token, response=later)).codes == ["UNAUTHENTICATED"]


async def test_an_account_without_passkeys_has_none_to_authenticate_with(user: Served) -> None:
    token = (await log_in(user, await open_account(user)))["accessToken"]
    refused = (await user.execute(REAUTHENTICATION_START, token)).data["passkeyReauthenticationStart"]
    assert refused["code"] == "ILLEGAL_STATE"


async def test_a_passkey_logs_in_to_an_account_with_a_second_factor_without_its_code(user: Served) -> None:
    who = await protect(user)
    authenticator = Authenticator()
    await add(user, who.token, authenticator)
    session = await login(user, authenticator.get(await login_options(user)))
    assert "mfa" in (await viewer_of(user, session["accessToken"])).methods


async def test_staff_in_production_have_their_scopes_by_passkey(user: Served, production: Served) -> None:
    account = await member(user, "SUPPORT")
    token = str((await log_in(production, account))["accessToken"])
    assert (await production.execute(USERS, token)).codes == ["FORBIDDEN"]
    authenticator = Authenticator()
    await add(production, token, authenticator)
    session = await login(production, authenticator.get(await login_options(production)))
    assert (await production.execute(USERS, session["accessToken"])).data["users"]["totalCount"] > 0
    # The session that began with the password gets them too.
    answer = authenticator.get(await reauthentication_options(production, token))
    renewed = await reauthenticate(production, token, answer)
    assert (await production.execute(USERS, renewed["accessToken"])).data["users"]["totalCount"] > 0


async def test_staff_in_production_keep_their_last_factor(user: Served, production: Served) -> None:
    account = await member(user, "SUPPORT")
    token = str((await log_in(production, account))["accessToken"])
    only = await add(production, token, Authenticator())
    refused = (await production.execute(REMOVE, token, id=only)).data["passkeyRemove"]
    assert (refused["code"], "second factor" in refused["message"]) == ("ILLEGAL_STATE", True)
    assert [each["id"] for each in await passkeys_of(production, token)] == [only]
    assert await published(user, account.id, "user.passkey_removed") == {}
    other = await add(production, token, Authenticator())
    assert (await production.execute(REMOVE, token, id=only)).data["passkeyRemove"]["passkeyId"] == only
    # Customers, and staff in development, may go without.
    customer = await open_account(user)
    theirs = str((await log_in(production, customer))["accessToken"])
    last = await add(production, theirs, Authenticator())
    assert (await production.execute(REMOVE, theirs, id=last)).data["passkeyRemove"]["passkeyId"] == last
    in_development = str((await log_in(user, account))["accessToken"])
    assert (await user.execute(REMOVE, in_development, id=other)).data["passkeyRemove"]["passkeyId"] == other


async def test_a_change_of_address_that_is_undone_removes_all_passkeys(user: Served) -> None:
    account = await open_account(user)
    thief = (await log_in(user, account))["accessToken"]
    authenticators = [Authenticator(), Authenticator()]
    for each in authenticators:
        await add(user, thief, each)
    _, undo = await request(user, account, thief, f"thief.{account.email}")
    await mailed(user, to=account.email)
    assert (await reset(user, undo))["__typename"] == "PasswordResetSuccess"
    for each in authenticators:
        assert (await login(user, each.get(await login_options(user))))["code"] == "WRONG_PASSKEY"
    told = await published(user, account.id, "user.passkey_removed")
    assert len(told["user.passkey_removed"]) == 2
    subjects = [mail["Subject"] for mail in await mailed(user, to=account.email)]
    assert subjects.count("A passkey was removed from your account") == 1

"""A change of address that was asked for ends with the password, and its owner can undo it by mail."""

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import func, select, update

from subgraphs.user.models import EmailProof
from tests.support.accounts import PASSWORD, VERIFY, Account, log_in, mailed, open_account, text_of, token_in
from tests.support.apps import Served
from tests.user.events import published
from tests.user.test_passwords import ASK, CHANGE, ME, MOVE, NEW, RESET, outcome
from tests.user.test_sessions import END_ALL

REQUESTED = "Another e-mail address was requested for your account"
CHANGED = "Your account has another e-mail address"


async def request(user: Served, account: Account, token: str, to: str) -> tuple[str, str]:
    """Ask for a change, and return the token of the new address and the one that undoes it."""
    asked = (await user.execute(MOVE, token, email=to, password=account.password)).data["emailChange"]
    assert asked["__typename"] == "EmailChangeSuccess"
    async with user.database.read() as connection:
        newest = select(EmailProof.email).where(EmailProof.user_id == account.id).order_by(EmailProof.id.desc())
        present = (await connection.scalars(newest)).first()
    mails = await mailed_to(user, to, str(present))
    return token_in(mails[to]), token_in(mails[str(present)])


async def mailed_to(user: Served, *addresses: str) -> dict[str, Any]:
    """Return the mail to each address of those that wait."""
    everything = await mailed(user, to=addresses)
    return {str(mail["To"]): mail for mail in everything}


async def verify(user: Served, token: str) -> dict[str, Any]:
    answer: dict[str, Any] = (await user.execute(VERIFY, proof=token)).data["emailVerify"]
    return answer


async def reset(user: Served, token: str, new: str = NEW) -> dict[str, Any]:
    answer: dict[str, Any] = (await user.execute(RESET, proof=token, new=new)).data["passwordReset"]
    return answer


def refused(answer: dict[str, Any]) -> bool:
    return answer.get("fields") == [{"path": "input.token", "code": "INVALID_TOKEN"}]


async def email_of(user: Served, account: Account, password: str) -> str:
    session = await log_in(user, Account(account.id, account.email, password, account.name))
    return str((await user.execute(ME, session["accessToken"])).data["me"]["email"])


async def by_change(user: Served, account: Account) -> str:
    session = await log_in(user, account)
    done = await user.execute(CHANGE, session["accessToken"], old=PASSWORD, new=NEW)
    assert done.data["passwordChange"]["__typename"] == "PasswordChangeSuccess"
    return NEW


async def by_mail(user: Served, account: Account) -> str:
    await user.execute(ASK, email=account.email)
    [mail] = await mailed(user, to=account.email)
    assert (await reset(user, token_in(mail)))["__typename"] == "PasswordResetSuccess"
    return NEW


async def by_ending_all(user: Served, account: Account, keep: bool = False) -> str:
    session = await log_in(user, account)
    await user.execute(END_ALL, session["accessToken"], keep=keep)
    return PASSWORD


async def by_ending_others(user: Served, account: Account) -> str:
    return await by_ending_all(user, account, keep=True)


@pytest.mark.parametrize("means", [by_change, by_mail, by_ending_all, by_ending_others])
async def test_a_change_that_was_asked_for_ends_with_the_password_and_with_all_sessions(
    user: Served, means: Any
) -> None:
    account = await open_account(user)
    thief = await log_in(user, account)
    change, undo = await request(user, account, thief["accessToken"], f"thief.{account.email}")
    password = await means(user, account)
    assert refused(await verify(user, change))
    # Nor is the other token a way to set a password for a week where there is nothing to undo.
    assert refused(await reset(user, undo, "another pony 43"))
    assert await email_of(user, account, password) == account.email
    assert "user.email_changed" not in await published(user, account.id)


async def test_tokens_for_a_new_password_end_with_the_password_and_with_all_sessions(user: Served) -> None:
    for means in (by_change, by_ending_all):
        account = await open_account(user)
        await user.execute(ASK, email=account.email)
        [mail] = await mailed(user, to=account.email)
        password = await means(user, account)
        assert refused(await reset(user, token_in(mail), "another pony 43"))
        assert await email_of(user, account, password) == account.email


async def test_the_present_address_is_told_when_a_change_is_asked_for(user: Served) -> None:
    account = await open_account(user)
    session = await log_in(user, account)
    new_email = f"new.{account.email}"
    await user.execute(MOVE, session["accessToken"], email=new_email, password=PASSWORD)
    mails = await mailed_to(user, account.email, new_email)
    assert mails[account.email]["Subject"] == REQUESTED
    assert "good for 7 days, once" in text_of(mails[account.email])
    assert "/reset-password#token=" in text_of(mails[account.email])
    assert new_email not in text_of(mails[account.email])
    assert (await published(user, account.id))["user.email_change_requested"] == [{"user_id": account.id}]


async def test_a_change_is_stopped_before_it_is_made(user: Served) -> None:
    account = await open_account(user)
    thief = await log_in(user, account)
    change, undo = await request(user, account, thief["accessToken"], f"thief.{account.email}")
    assert refused(await verify(user, undo))
    assert (await reset(user, undo))["__typename"] == "PasswordResetSuccess"
    assert (await user.execute(ME, thief["accessToken"])).status == 401
    assert refused(await verify(user, change))
    assert refused(await reset(user, undo, "another pony 43"))
    assert await email_of(user, account, NEW) == account.email


async def test_a_change_is_undone_after_it_was_made_whatever_the_thief_did_next(user: Served) -> None:
    account = await open_account(user)
    thief = await log_in(user, account)
    second, third = f"second.{account.email}", f"third.{account.email}"
    change, undo = await request(user, account, thief["accessToken"], second)
    assert (await verify(user, change))["verified"] == "EMAIL_CHANGED"
    [changed] = await mailed(user, to=account.email)
    assert (changed["Subject"], "good for 7 days" in text_of(changed)) == (CHANGED, True)
    theirs = Account(account.id, second, "a thief was here 7", "Anna")
    await user.execute(CHANGE, thief["accessToken"], old=PASSWORD, new=theirs.password)
    await user.execute(END_ALL, thief["accessToken"], keep=True)
    change, undo_of_thief = await request(user, theirs, thief["accessToken"], third)
    assert (await verify(user, change))["verified"] == "EMAIL_CHANGED"
    assert (await reset(user, undo))["__typename"] == "PasswordResetSuccess"
    assert await email_of(user, account, NEW) == account.email
    assert (await user.execute(ME, thief["accessToken"])).status == 401
    for token in (undo_of_thief, token_in(changed)):
        assert refused(await reset(user, token, "another pony 43"))
    for each in (second, third):
        assert await outcome(user, Account(account.id, each, "", ""), theirs.password) == "UnauthenticatedProblem"
    assert await email_of(user, account, NEW) == account.email


async def test_the_mail_about_the_change_undoes_it_too(user: Served) -> None:
    account = await open_account(user)
    thief = await log_in(user, account)
    change, undo = await request(user, account, thief["accessToken"], f"second.{account.email}")
    await verify(user, change)
    [changed] = await mailed(user, to=account.email)
    assert (await reset(user, token_in(changed)))["__typename"] == "PasswordResetSuccess"
    assert await email_of(user, account, NEW) == account.email
    assert refused(await reset(user, undo, "another pony 43"))


async def test_a_change_cannot_be_undone_after_a_week(user: Served) -> None:
    account = await open_account(user)
    session = await log_in(user, account)
    change, undo = await request(user, account, session["accessToken"], f"new.{account.email}")
    await verify(user, change)
    async with user.database.write() as write:
        past = func.now() - dt.timedelta(seconds=1)
        await write.execute(update(EmailProof).where(EmailProof.user_id == account.id).values(expires_at=past))
    assert refused(await reset(user, undo))
    assert (await user.execute(ME, session["accessToken"])).data["me"]["email"] == f"new.{account.email}"


async def test_an_address_that_has_another_account_by_now_is_not_given_back(user: Served) -> None:
    account = await open_account(user)
    session = await log_in(user, account)
    change, undo = await request(user, account, session["accessToken"], f"new.{account.email}")
    await verify(user, change)
    await mailed(user, to=account.email)
    again = await open_account(user, email=account.email)
    assert (await reset(user, undo))["fields"] == [{"path": "input.token", "code": "TAKEN"}]
    assert await email_of(user, again, PASSWORD) == account.email
    assert (await user.execute(ME, session["accessToken"])).data["me"]["email"] == f"new.{account.email}"

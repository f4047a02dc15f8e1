"""Passwords and addresses anew: by the old password, or by a mail."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from argon2 import PasswordHasher
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import select, update

from shared.core.ids import new_id
from shared.events.event import Envelope
from shared.security.pseudonyms import Pseudonymizer
from subgraphs.order.handlers import HANDLERS
from subgraphs.order.models import Order
from subgraphs.user.events import EmailVerified
from subgraphs.user.models import UserCredential, UserProfile
from subgraphs.user.service.password_queue import PasswordQueue
from subgraphs.user.service.passwords import Passwords
from tests.order.factories import place
from tests.support.accounts import LOG_IN, PASSWORD, VERIFY, Account, log_in, mailed, open_account, text_of, token_in
from tests.support.apps import Served
from tests.user.events import published

NEW = "a fresh pony 42"
ME = "{ me { id email } }"
CHANGE = """
mutation ($old: String!, $new: String!) {
  passwordChange(input: { currentPassword: $old, newPassword: $new }) {
    __typename ... on PasswordChangeSuccess { user { name } } ... on Problem { code }
    ... on InvalidInputProblem { fields { path code } }
  }
}
"""
ASK = """
mutation ($email: String!) {
  passwordResetRequest(input: { email: $email }) {
    __typename ... on PasswordResetRequestSuccess { message } ... on Problem { code }
  }
}
"""
RESET = """
mutation ($proof: String!, $new: String!) {
  passwordReset(input: { token: $proof, password: $new, device: "Anna's tablet" }) {
    __typename
    ... on PasswordResetSuccess { accessToken refreshToken user { name } }
    ... on Problem { code }
    ... on InvalidInputProblem { fields { path code } }
  }
}
"""
MOVE = """
mutation ($email: String!, $password: String!) {
  emailChange(input: { email: $email, password: $password }) {
    __typename ... on EmailChangeSuccess { message } ... on Problem { code }
  }
}
"""


async def outcome(user: Served, account: Account, password: str) -> str:
    """Return what a log-in gets."""
    answer = await user.execute(LOG_IN, email=account.email, password=password)
    return str(answer.data["sessionCreate"]["__typename"])


async def test_a_changed_password_ends_all_other_sessions(user: Served) -> None:
    account = await open_account(user)
    here, there = await log_in(user, account), await log_in(user, account)
    wrong = (await user.execute(CHANGE, here["accessToken"], old="wrong password", new=NEW)).data["passwordChange"]
    assert wrong == {"__typename": "UnauthenticatedProblem", "code": "WRONG_PASSWORD"}
    weak = (await user.execute(CHANGE, here["accessToken"], old=PASSWORD, new="password123")).data["passwordChange"]
    assert weak["fields"] == [{"path": "input.newPassword", "code": "TOO_COMMON"}]
    assert (await user.execute(ME, there["accessToken"])).status == 200
    done = (await user.execute(CHANGE, here["accessToken"], old=PASSWORD, new=NEW)).data["passwordChange"]
    assert done == {"__typename": "PasswordChangeSuccess", "user": {"name": "Anna"}}
    assert [(await user.execute(ME, each["accessToken"])).status for each in (here, there)] == [200, 401]
    kinds = [await outcome(user, account, password) for password in (PASSWORD, NEW)]
    assert kinds == ["UnauthenticatedProblem", "SessionCreateSuccess"]
    [mail] = await mailed(user, to=account.email)
    assert mail["Subject"] == "Your password was changed"
    reported = await published(user, account.id, "user.password_changed")
    assert reported["user.password_changed"] == [{"user_id": account.id, "by_mail": False}]


async def test_a_forgotten_password_is_set_anew_by_mail(user: Served) -> None:
    account = await open_account(user)
    before = await log_in(user, account)
    with user.statements() as for_known:
        known = (await user.execute(ASK, email=account.email)).data
    with user.statements() as for_unknown:
        unknown = (await user.execute(ASK, email=f"nobody.{account.email}")).data
    assert known == unknown
    assert for_known == for_unknown
    [mail] = await mailed(user, to=account.email)
    assert "good for 1 hour, once" in text_of(mail)
    token = token_in(mail)
    weak = (await user.execute(RESET, proof=token, new="qwertyuiop")).data["passwordReset"]
    assert weak["fields"] == [{"path": "input.password", "code": "TOO_COMMON"}]
    done = (await user.execute(RESET, proof=token, new=NEW)).data["passwordReset"]
    assert done["user"] == {"name": "Anna"}
    # Whoever was logged in is out, whoever has reset the password is in.
    assert [(await user.execute(ME, each["accessToken"])).status for each in (before, done)] == [401, 200]
    assert [await outcome(user, account, each) for each in (PASSWORD, NEW)] == [
        "UnauthenticatedProblem",
        "SessionCreateSuccess",
    ]
    again = (await user.execute(RESET, proof=token, new="another pony 43")).data["passwordReset"]
    assert again["fields"] == [{"path": "input.token", "code": "INVALID_TOKEN"}]
    assert await outcome(user, account, NEW) == "SessionCreateSuccess"


async def test_a_token_for_one_purpose_is_none_for_another(user: Served) -> None:
    account = await open_account(user)
    await user.execute(ASK, email=account.email)
    [mail] = await mailed(user, to=account.email)
    verified = (await user.execute(VERIFY, proof=token_in(mail))).data["emailVerify"]
    assert verified["fields"] == [{"path": "input.token", "code": "INVALID_TOKEN"}]
    assert await outcome(user, account, PASSWORD) == "SessionCreateSuccess"


async def test_nobody_is_mailed_who_has_no_account(user: Served) -> None:
    await user.execute(ASK, email="nobody.at.all@example.com")
    assert await mailed(user, to="nobody.at.all@example.com") == []


async def test_an_account_moves_to_an_address_that_is_proved_and_the_old_one_is_told(user: Served) -> None:
    account = await open_account(user)
    session = await log_in(user, account)
    new_email = f"new.{account.email}"
    refused = (await user.execute(MOVE, session["accessToken"], email=new_email, password="wrong password")).data
    assert refused["emailChange"]["code"] == "WRONG_PASSWORD"
    await user.execute(MOVE, session["accessToken"], email=new_email.upper(), password=PASSWORD)
    [mail] = await mailed(user, to=new_email)
    assert (await user.execute(ME, session["accessToken"])).data["me"]["email"] == account.email
    done = (await user.execute(VERIFY, proof=token_in(mail))).data["emailVerify"]
    assert done == {"__typename": "EmailVerifySuccess", "userId": account.id, "verified": "EMAIL_CHANGED"}
    assert (await user.execute(ME, session["accessToken"])).data["me"]["email"] == new_email
    [reported] = await mailed(user, to=account.email)
    assert reported["Subject"] == "Your account has another e-mail address"
    assert new_email not in text_of(reported)
    people = user.runtime.resource(Pseudonymizer)
    digests = {"email_digest": people.of_email(new_email), "previous_digest": people.of_email(account.email)}
    events = await published(user, account.id)
    assert events["user.email_verified"][-1] == {"user_id": account.id, **digests}
    assert events["user.email_changed"] == [{"user_id": account.id}]


async def test_an_address_of_somebody_else_is_answered_alike_and_stays_theirs(user: Served) -> None:
    owner, other = await open_account(user), await open_account(user)
    session = await log_in(user, other)
    token = session["accessToken"]
    taken = (await user.execute(MOVE, token, email=owner.email, password=PASSWORD)).data
    free = (await user.execute(MOVE, token, email=f"free.{owner.email}", password=PASSWORD)).data
    assert taken == free
    [mail] = await mailed(user, to=owner.email)
    assert mail["Subject"] == "You have an account already"
    assert (await user.execute(ME, token)).data["me"]["email"] == other.email


async def test_a_password_that_was_hashed_in_another_way_is_hashed_anew_at_the_next_log_in(user: Served) -> None:
    account = await open_account(user)
    weak = PasswordHasher(time_cost=2, memory_cost=8, parallelism=1).hash(PASSWORD)
    of_user = UserCredential.user_id == account.id
    async with user.database.write() as session:
        await session.execute(update(UserCredential).where(of_user).values(password_hash=weak))
    for _ in range(2):
        assert await outcome(user, account, PASSWORD) == "SessionCreateSuccess"
        async with user.database.read() as connection:
            stored = await connection.scalar(select(UserCredential.password_hash).where(of_user))
            assert stored is not None
            assert stored.startswith("$argon2id$v=19$m=8,t=1,p=1$")


async def test_the_hasher_takes_64_mib_and_three_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("subgraphs.user.service.passwords.Argon2Hasher", Argon2Hasher)
    with ThreadPoolExecutor() as threads:
        passwords = Passwords(PasswordQueue(threads, wait_seconds=600))
        assert (await passwords.hash(PASSWORD, caller="")).startswith("$argon2id$v=19$m=65536,t=3,p=4$")


async def test_a_guests_orders_find_who_proves_the_address(user: Served, order: Served) -> None:
    account = await open_account(user)
    digest = user.runtime.resource(Pseudonymizer).of_email(account.email)
    placed: Any = await place(order, None, contact_email=account.email)
    [reported] = (await published(user, account.id, "user.email_verified"))["user.email_verified"]
    async with order.database.write() as session:
        await session.execute(update(Order).where(Order.id == placed.id).values(contact_digest=digest))
        event = EmailVerified(**reported)
        envelope = Envelope(
            id=new_id("evt"),
            source="user",
            type=event.type,
            subject=account.id,
            time=dt.datetime.now(dt.UTC),
            data=reported,
        )
        for handler in HANDLERS[EmailVerified]:
            await handler(session, event, envelope)
    async with order.database.read() as connection:
        assert await connection.scalar(select(Order.customer_id).where(Order.id == placed.id)) == account.id


async def test_an_address_that_was_never_proved_lets_nobody_in_until_it_is(user: Served) -> None:
    """Accounts of a version that did not ask for a proof."""
    account = await open_account(user)
    async with user.database.write() as session:
        this = UserProfile.id == account.id
        await session.execute(update(UserProfile).where(this).values(email_verified_at=None))
    assert await outcome(user, account, PASSWORD) == "UnauthenticatedProblem"
    await user.execute(ASK, email=account.email)
    [mail] = await mailed(user, to=account.email)
    assert (await user.execute(RESET, proof=token_in(mail), new=NEW)).data["passwordReset"]["user"]
    assert await outcome(user, account, NEW) == "SessionCreateSuccess"

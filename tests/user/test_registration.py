"""Registration: the same answer for everybody, an account only for who reads the address's mails."""

import asyncio

import pytest
from sqlalchemy import select, update

from shared.core.ids import is_id, new_id
from shared.security.pseudonyms import Pseudonymizer
from subgraphs.user.models import Registration
from subgraphs.user.service.registration import MOST_MAILS_TO_ADDRESS
from tests.support.accounts import (
    LOG_IN,
    PASSWORD,
    REGISTER,
    VERIFY,
    Account,
    log_in,
    mailed,
    open_account,
    text_of,
    token_in,
    wanted,
)
from tests.support.apps import Served
from tests.user.events import published
from tests.user.test_passwords import ASK, MOVE

AGAIN = """
mutation ($receipt: ID!) {
  emailVerificationRequest(input: { receipt: $receipt }) {
    __typename ... on EmailVerificationRequestSuccess { message } ... on Problem { code }
  }
}
"""
ME = "{ me { id name email roles version preferences { locale currency } } }"


async def test_an_account_is_open_once_its_address_is_proved(user: Served) -> None:
    given = wanted(name="  Anna  ")
    assert (await user.execute(REGISTER, input=given)).data["accountRegister"]["__typename"] == "AccountRegisterSuccess"
    closed = (await user.execute(LOG_IN, email=given["email"], password=PASSWORD)).data["sessionCreate"]
    assert closed["code"] == "WRONG_CREDENTIALS"
    [mail] = await mailed(user, to=given["email"])
    assert mail["Subject"] == "Verify your e-mail address"
    assert {part.get_content_type() for part in mail.iter_parts()} == {"text/plain", "text/html"}
    opened = (await user.execute(VERIFY, proof=token_in(mail), password=PASSWORD)).data["emailVerify"]
    assert is_id("usr", opened["userId"])
    assert opened["verified"] == "REGISTERED"
    session = (await user.execute(LOG_IN, email=given["email"].upper(), password=PASSWORD)).data["sessionCreate"]
    assert (await user.execute(ME, session["accessToken"])).data["me"] == {
        "id": opened["userId"],
        "name": "Anna",
        "email": given["email"],
        "roles": ["CUSTOMER"],
        "version": 1,
        "preferences": {"locale": "en-GB", "currency": "EUR"},
    }
    digest = user.runtime.resource(Pseudonymizer).of_email(given["email"])
    reported = await published(user, opened["userId"], "user.created", "user.email_verified")
    assert reported == {
        "user.created": [{"user_id": opened["userId"], "locale": None}],
        "user.email_verified": [{"user_id": opened["userId"], "email_digest": digest, "previous_digest": None}],
    }


async def test_a_taken_address_is_answered_alike_and_its_owner_is_told(user: Served) -> None:
    owner = await open_account(user)
    given = wanted(email=owner.email.upper())
    with user.statements() as for_taken:
        taken = (await user.execute(REGISTER, input=given)).data["accountRegister"]
    with user.statements() as for_free:
        free = (await user.execute(REGISTER, input=wanted())).data["accountRegister"]
    assert is_id("reg", taken.pop("receipt"))
    assert is_id("reg", free.pop("receipt"))
    assert taken == free
    assert for_taken == for_free
    [mail] = await mailed(user, to=owner.email)
    assert mail["Subject"] == "You have an account already"
    assert "token" not in text_of(mail)
    assert (await log_in(user, owner))["user"] == {"name": "Anna"}


async def test_every_broken_rule_is_named(user: Served) -> None:
    given = {"email": "nobody", "name": "a\tb"}
    made = (await user.execute(REGISTER, input=given)).data["accountRegister"]
    assert made["fields"] == [
        {"path": "input.email", "code": "INVALID_EMAIL"},
        {"path": "input.name", "code": "CONTROL_CHARACTER"},
    ]


async def test_an_account_is_not_opened_without_a_good_password_and_the_token_stays_good(user: Served) -> None:
    about_me = {"email": "zebedee.quagmire@example.com", "name": "Zebedee Quagmire"}
    await user.execute(REGISTER, input=about_me)
    [mail] = await mailed(user, to=about_me["email"])
    easy = ("password123", "1234567890", "qwertyuiop", "iloveyou2024", "aaaaaaaaaaaaaaaa", "quagmire123")
    tries = [(None, "REQUIRED"), ("short", "TOO_SHORT"), *[(each, "TOO_COMMON") for each in easy]]
    for password, code in tries:
        refused = (await user.execute(VERIFY, proof=token_in(mail), password=password)).data["emailVerify"]
        assert refused["fields"] == [{"path": "input.password", "code": code}], password
    closed = (await user.execute(LOG_IN, email=about_me["email"], password="quagmire123")).data["sessionCreate"]
    assert closed["code"] == "WRONG_CREDENTIALS"
    opened = await user.execute(VERIFY, proof=token_in(mail), password=PASSWORD)
    assert opened.data["emailVerify"]["verified"] == "REGISTERED"


async def test_a_token_is_good_once_and_no_other_is(user: Served) -> None:
    given = wanted()
    await user.execute(REGISTER, input=given)
    [mail] = await mailed(user, to=given["email"])
    token = token_in(mail)
    row_id, _, mac = token.partition(".")
    forged = ["", "x" * 20_000, row_id, f"{new_id('reg')}.{mac}", f"{row_id}.{mac[::-1]}", f"{row_id}.ä"]
    for proof in forged:
        refused = (await user.execute(VERIFY, proof=proof, password=PASSWORD)).data["emailVerify"]
        assert refused["fields"] == [{"path": "input.token", "code": "INVALID_TOKEN"}]
    answers = [(await user.execute(VERIFY, proof=token, password=PASSWORD)).data["emailVerify"] for _ in range(2)]
    assert [answers[0]["verified"], answers[1]["fields"][0]["code"]] == ["REGISTERED", "INVALID_TOKEN"]


async def test_of_many_who_use_a_token_at_once_one_opens_the_account(user: Served) -> None:
    given = wanted()
    await user.execute(REGISTER, input=given)
    [mail] = await mailed(user, to=given["email"])
    words = [f"{PASSWORD} {number}" for number in range(4)]
    answers = await asyncio.gather(*[user.execute(VERIFY, proof=token_in(mail), password=each) for each in words])
    opened = [answer.data["emailVerify"]["__typename"] == "EmailVerifySuccess" for answer in answers]
    assert sum(opened) == 1
    winner = words[opened.index(True)]
    assert (await log_in(user, Account("", given["email"], winner, "")))["user"] == {"name": "Anna"}


@pytest.mark.parametrize("followed", [0, 1], ids=["the older mail", "the newer mail"])
async def test_whichever_mail_is_followed_the_account_opens_with_the_password_of_its_reader(
    user: Served, followed: int
) -> None:
    email = wanted()["email"]
    for name in ("Thief", "Anna"):
        await user.execute(REGISTER, input=wanted(email=email, name=name))
    tokens = [token_in(mail) for mail in await mailed(user, to=email)]
    opened = (await user.execute(VERIFY, proof=tokens[followed], password=PASSWORD)).data["emailVerify"]
    assert opened["verified"] == "REGISTERED"
    again = await user.execute(VERIFY, proof=tokens[1 - followed], password="a thief was here 7")
    assert again.data["emailVerify"]["fields"] == [{"path": "input.token", "code": "INVALID_TOKEN"}]
    answers = [await user.execute(LOG_IN, email=email, password=each) for each in ("a thief was here 7", PASSWORD)]
    kinds = [answer.data["sessionCreate"]["__typename"] for answer in answers]
    assert kinds == ["UnauthenticatedProblem", "SessionCreateSuccess"]


async def test_registering_takes_no_password_so_that_a_link_opens_nothing_with_another_persons(user: Served) -> None:
    given = wanted() | {"password": "a thief was here 7"}
    refused = await user.execute(REGISTER, input=given)
    assert refused.codes == ["BAD_USER_INPUT"]
    assert await mailed(user, to=given["email"]) == []


async def test_the_mail_can_be_had_again_a_few_times(user: Served) -> None:
    given = wanted()
    receipt = (await user.execute(REGISTER, input=given)).data["accountRegister"]["receipt"]
    [first] = await mailed(user, to=given["email"])
    again = (await user.execute(AGAIN, receipt=receipt)).data["emailVerificationRequest"]
    unknown = (await user.execute(AGAIN, receipt=new_id("reg"))).data["emailVerificationRequest"]
    assert again == unknown
    mails = await mailed(user, to=given["email"])
    assert {token_in(mail) for mail in mails} == {token_in(first)}
    assert len({mail["Message-ID"] for mail in [first, *mails]}) == 2
    codes = [
        (await user.execute(AGAIN, receipt=receipt)).data["emailVerificationRequest"].get("code") for _ in range(5)
    ]
    assert codes == [None] * (MOST_MAILS_TO_ADDRESS - 2) + ["RATE_LIMITED"] * 2


async def test_nobody_is_flooded_with_mails(user: Served) -> None:
    email = wanted()["email"]
    request = """
    mutation ($email: String!) {
      a: passwordResetRequest(input: { email: $email }) { __typename }
      b: passwordResetRequest(input: { email: $email }) { __typename }
      c: passwordResetRequest(input: { email: $email }) { __typename }
    }"""
    answers = [(await user.execute(request, email=email)).data for _ in range(2)]
    kinds = [answer[alias]["__typename"] for answer in answers for alias in "abc"]
    assert kinds == ["PasswordResetRequestSuccess"] * MOST_MAILS_TO_ADDRESS + ["RateLimitedProblem"]


async def test_addresses_that_cannot_be_mailed_are_refused_everywhere_and_queue_nothing(user: Served) -> None:
    account = await open_account(user)
    token = (await log_in(user, account))["accessToken"]
    for email in ("müller@example.com", "=?utf-8?q?collab=40evil.example=3e=20?=@example.com"):
        answers = [
            (await user.execute(REGISTER, input=wanted(email=email))).data["accountRegister"],
            (await user.execute(ASK, email=email)).data["passwordResetRequest"],
            (await user.execute(MOVE, token, email=email, password=PASSWORD)).data["emailChange"],
        ]
        assert [answer["code"] for answer in answers] == ["INVALID_INPUT"] * 3
    async with user.database.read() as connection:
        assert (await connection.execute(select(Registration.id).where(Registration.email.contains("=?")))).all() == []


async def test_a_mail_to_an_address_of_before_that_cannot_be_mailed_does_not_fail_for_ever(
    user: Served, capsys: pytest.CaptureFixture[str]
) -> None:
    given = wanted()
    await user.execute(REGISTER, input=given)
    async with user.database.write() as session:
        this = Registration.email == given["email"]
        await session.execute(update(Registration).where(this).values(email="=?utf-8?q?collab?=@example.com"))
    assert await mailed(user, to=given["email"]) == []
    assert "collab" not in "".join(capsys.readouterr())

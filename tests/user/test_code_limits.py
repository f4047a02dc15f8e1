"""Guesses at codes of a second factor: few for each challenge and account, and none that strangers could use up."""

import asyncio
import datetime as dt

from sqlalchemy import select, update

from subgraphs.user.models import TotpFactor
from subgraphs.user.service.code_check import MOST_IN_ROW, MOST_WRONG, WINDOW
from tests.support.accounts import mailed, token_in
from tests.support.apps import Served
from tests.support.second_factor import (
    LOG_IN,
    REAUTHENTICATE,
    REMOVE,
    Protected,
    answered,
    challenged,
    code_of,
    problem,
    protect,
    wrong_code,
)
from tests.user.events import published
from tests.user.test_second_factor import ASK_RESET, ME, RESET


async def guess(user: Served, who: Protected, times: int) -> list[str]:
    """Guess codes, each with a challenge of its own, and return what comes of it."""
    challenges = [await challenged(user, who.account) for _ in range(times)]
    wrong = wrong_code(who.secret)
    return [(await answered(user, challenge, wrong))["code"] for challenge in challenges]


async def change(user: Served, who: Protected, **values: object) -> None:
    async with user.database.write() as session:
        await session.execute(update(TotpFactor).where(TotpFactor.user_id == who.id).values(values))


async def test_ten_wrong_codes_an_hour_are_answered_whatever_the_challenge(user: Served) -> None:
    who = await protect(user)
    assert await guess(user, who, MOST_WRONG + 2) == ["WRONG_CODE"] * MOST_WRONG + ["RATE_LIMITED"] * 2
    refused = await answered(user, await challenged(user, who.account), code_of(who.secret))
    assert refused["code"] == "RATE_LIMITED"
    assert WINDOW.total_seconds() - 300 < refused["retryAfter"] <= WINDOW.total_seconds() + 1
    # Wherever a code is asked for, it is one limit.
    assert problem(await user.execute(REMOVE, who.token, code=code_of(who.secret))) == "RATE_LIMITED"
    assert problem(await user.execute(REAUTHENTICATE, who.token, code=code_of(who.secret))) == "RATE_LIMITED"
    assert (await user.execute(ME, who.token)).data["me"]["secondFactorSince"] is not None
    told = await published(user, who.id, "user.session_refused")
    assert [each["refusal"] for each in told["user.session_refused"]] == ["WRONG_CODE"] * MOST_WRONG
    over = dt.datetime.now(dt.UTC) - WINDOW - dt.timedelta(seconds=1)
    await change(user, who, wrong_since=over)
    tokens = await answered(user, await challenged(user, who.account), code_of(who.secret))
    assert tokens["__typename"] == "SessionConfirmSuccess"


async def test_guesses_at_once_are_no_way_around_the_limit(user: Served) -> None:
    who = await protect(user)
    challenges = [await challenged(user, who.account) for _ in range(15)]
    wrong = wrong_code(who.secret)
    answers = await asyncio.gather(*[answered(user, challenge, wrong) for challenge in challenges])
    assert sorted(answer["code"] for answer in answers) == ["RATE_LIMITED"] * 5 + ["WRONG_CODE"] * MOST_WRONG


async def test_a_right_code_does_not_give_guesses_back(user: Served) -> None:
    who = await protect(user)
    assert await guess(user, who, MOST_WRONG - 1) == ["WRONG_CODE"] * (MOST_WRONG - 1)
    tokens = await answered(user, await challenged(user, who.account), code_of(who.secret))
    assert tokens["__typename"] == "SessionConfirmSuccess"
    assert await guess(user, who, 2) == ["WRONG_CODE", "RATE_LIMITED"]


async def test_a_hundred_wrong_codes_in_a_row_lock_codes_until_a_recovery_code(user: Served) -> None:
    who = await protect(user)
    await change(user, who, wrong_in_row=MOST_IN_ROW - 1)
    assert await guess(user, who, 2) == ["WRONG_CODE", "CODES_LOCKED"]
    await change(user, who, wrong_since=None, wrong_codes=0)
    challenge = await challenged(user, who.account)
    assert (await answered(user, challenge, code_of(who.secret)))["code"] == "CODES_LOCKED"
    assert (await answered(user, challenge, who.recovery_codes[0]))["__typename"] == "SessionConfirmSuccess"
    tokens = await answered(user, await challenged(user, who.account), code_of(who.secret))
    assert tokens["__typename"] == "SessionConfirmSuccess"


async def test_a_new_password_by_mail_unlocks_codes_and_gives_no_guess_of_the_hour_back(user: Served) -> None:
    who = await protect(user)
    now = dt.datetime.now(dt.UTC)
    await change(user, who, wrong_in_row=MOST_IN_ROW, wrong_codes=MOST_WRONG - 1, wrong_since=now)
    assert (await user.execute(ASK_RESET, email=who.account.email)).data
    mails = await mailed(user, to=who.account.email)
    proof = token_in(next(mail for mail in mails if mail["Subject"] == "Set a new password"))
    reset = (await user.execute(RESET, proof=proof, password="wisteria in november")).data["passwordReset"]
    wrong = wrong_code(who.secret)
    codes = [(await answered(user, reset["challenge"], wrong))["code"] for _ in range(2)]
    assert codes == ["WRONG_CODE", "RATE_LIMITED"]


async def test_whoever_does_not_know_the_password_uses_up_no_guesses(user: Served) -> None:
    who = await protect(user)
    challenge = await challenged(user, who.account)
    for _ in range(3):
        refused = (await user.execute(LOG_IN, email=who.account.email, password="not it at all")).data["sessionCreate"]
        assert refused["code"] == "WRONG_CREDENTIALS"
    for number in range(20):
        forged = f"{challenge[:-3]}{number:03}"
        assert (await answered(user, forged, wrong_code(who.secret)))["code"] == "INVALID_CHALLENGE"
    async with user.database.read() as connection:
        counted = select(TotpFactor.wrong_codes).where(TotpFactor.user_id == who.id)
        assert await connection.scalar(counted) == 0
    assert (await answered(user, challenge, code_of(who.secret)))["__typename"] == "SessionConfirmSuccess"

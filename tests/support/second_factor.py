"""Gives accounts a second factor as people do, and makes the codes that their apps show."""

import time
from dataclasses import dataclass
from typing import Any

from pyotp import TOTP
from sqlalchemy import update

from subgraphs.user.models import TotpFactor
from tests.support.accounts import Account, log_in, open_account
from tests.support.apps import Answer, Served

TOKENS = "accessToken refreshToken secondFactorRequired user { id name }"
ENROL = """
mutation {
  totpEnrol {
    __typename
    ... on TotpEnrolSuccess { secret uri expiresIn }
    ... on Problem { code message }
    ... on ReauthenticationProblem { maxAge }
  }
}
"""
CONFIRM = f"""
mutation ($code: String!) {{
  totpConfirm(input: {{ code: $code }}) {{
    __typename ... on TotpConfirmSuccess {{ recoveryCodes {TOKENS} }} ... on Problem {{ code message }}
  }}
}}
"""
REMOVE = f"""
mutation ($code: String!) {{
  totpRemove(input: {{ code: $code }}) {{
    __typename ... on TotpRemoveSuccess {{ {TOKENS} }} ... on Problem {{ code message }}
  }}
}}
"""
LOG_IN = f"""
mutation ($email: String!, $password: String!) {{
  sessionCreate(input: {{ email: $email, password: $password, device: "Anna's phone" }}) {{
    __typename
    ... on SessionCreateSuccess {{ {TOKENS} }}
    ... on SecondFactorChallenge {{ challenge expiresIn }}
    ... on Problem {{ code message }}
  }}
}}
"""
ANSWER = f"""
mutation ($challenge: String!, $code: String!) {{
  sessionConfirm(input: {{ challenge: $challenge, code: $code }}) {{
    __typename
    ... on SessionConfirmSuccess {{ {TOKENS} }}
    ... on Problem {{ code message }}
    ... on RateLimitedProblem {{ retryAfter }}
  }}
}}
"""
REAUTHENTICATE = f"""
mutation ($password: String, $code: String) {{
  sessionReauthenticate(input: {{ password: $password, code: $code }}) {{
    __typename ... on SessionReauthenticateSuccess {{ {TOKENS} }} ... on Problem {{ code message }}
  }}
}}
"""


@dataclass(frozen=True)
class Protected:
    """An account with a second factor: its secret, its recovery codes, and the tokens of the session that added it."""

    account: Account
    secret: str
    recovery_codes: list[str]
    tokens: dict[str, Any]

    @property
    def id(self) -> str:
        return self.account.id

    @property
    def token(self) -> str:
        return str(self.tokens["accessToken"])


def code_of(secret: str, *, steps: int = 0) -> str:
    """Return the code that an app shows now, or some steps of 30 seconds later."""
    return TOTP(secret).at(time.time() + 30 * steps)


def wrong_code(secret: str) -> str:
    """Return six digits that are none of the codes around now."""
    good = {code_of(secret, steps=step) for step in range(-3, 4)}
    return next(
        code
        for code in ("000000", "111111", "222222", "333333", "444444", "555555", "666666", "777777")
        if code not in good
    )


async def protect(user: Served, account: Account | None = None) -> Protected:
    """Add a second factor to an account, or to a new one."""
    account = account or await open_account(user)
    token = (await log_in(user, account))["accessToken"]
    enrolled = (await user.execute(ENROL, token)).data["totpEnrol"]
    assert enrolled["__typename"] == "TotpEnrolSuccess", enrolled
    confirmed = (await user.execute(CONFIRM, token, code=code_of(enrolled["secret"]))).data["totpConfirm"]
    assert confirmed["__typename"] == "TotpConfirmSuccess", confirmed
    await let_time_pass(user, account.id)
    return Protected(account, enrolled["secret"], confirmed["recoveryCodes"], confirmed)


async def let_time_pass(user: Served, user_id: str) -> None:
    """Make the present code good again, as if it were the next one."""
    async with user.database.write() as session:
        await session.execute(update(TotpFactor).where(TotpFactor.user_id == user_id).values(last_step=0))


async def challenged(user: Served, account: Account) -> str:
    """Log in by password, and return the challenge."""
    given = {"email": account.email, "password": account.password}
    answer = (await user.execute(LOG_IN, **given)).data["sessionCreate"]
    assert answer["__typename"] == "SecondFactorChallenge", answer
    return str(answer["challenge"])


async def answered(user: Served, challenge: str, code: str) -> dict[str, Any]:
    """Answer a challenge, and return what comes of it."""
    result: dict[str, Any] = (await user.execute(ANSWER, challenge=challenge, code=code)).data["sessionConfirm"]
    return result


async def log_in_with_code(user: Served, who: Protected) -> dict[str, Any]:
    """Log in by password and code, and return the tokens."""
    tokens = await answered(user, await challenged(user, who.account), code_of(who.secret))
    assert tokens["__typename"] == "SessionConfirmSuccess", tokens
    await let_time_pass(user, who.id)
    return tokens


def problem(answer: Answer) -> str:
    """Return the code of the only problem of an answer, wherever it stands."""
    if answer.codes:
        return answer.codes[0]
    [result] = answer.data.values()
    return str(result.get("code") or result["__typename"])

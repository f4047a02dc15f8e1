"""Guessing at passwords: the eleventh wrong one within a minute is refused, and nobody is locked out by strangers."""

import asyncio
from collections import Counter
from typing import Any

import httpx

from shared.core.errors import TooManyRequests
from shared.core.ids import new_id
from shared.security.rate_limit import SlidingWindowLimiter
from subgraphs.user.service.log_in import LogIn
from subgraphs.user.service.sessions import Tokens
from tests.support.accounts import LOG_IN, PASSWORD, open_account
from tests.support.apps import Served
from tests.support.waiting import eventually
from tests.user.events import published

WRONG = "not my password"


def aliases(count: int) -> str:
    """Return one operation with many log-ins."""
    fields = " ".join(
        f"a{number}: sessionCreate(input: {{ email: $email, password: $password }}) {{ ... on Problem {{ code }} }}"
        for number in range(count)
    )
    return f"mutation ($email: String!, $password: String!) {{ {fields} }}"


def codes(data: dict[str, Any]) -> Counter[str]:
    return Counter(answer.get("code", "in") for answer in data.values())


async def test_the_eleventh_wrong_password_is_refused_as_aliases(user: Served) -> None:
    account = await open_account(user)
    answer = await user.execute(aliases(13), email=account.email, password=WRONG)
    assert codes(answer.data) == {"WRONG_CREDENTIALS": 10, "RATE_LIMITED": 3}
    # The right one does no better: otherwise the limit could be felt around.
    right = await user.execute(LOG_IN, email=account.email, password=PASSWORD)
    assert right.data["sessionCreate"]["code"] == "RATE_LIMITED"
    reported = (await published(user, account.id))["user.session_refused"]
    assert Counter(event["refusal"] for event in reported) == {"WRONG_CREDENTIALS": 10, "RATE_LIMITED": 1}


async def test_it_is_refused_sent_all_at_once_from_many_addresses(user: Served) -> None:
    account = await open_account(user)
    by_password = user.runtime.resource(LogIn).by_password
    tries = [by_password(account.email, WRONG, "", f"192.0.2.{number}") for number in range(15)]
    outcomes = await asyncio.gather(*tries, return_exceptions=True)
    assert Counter(type(each).__name__ for each in outcomes) == {"WrongCredentials": 10, "TooManyRequests": 5}


async def test_strangers_cannot_lock_out_who_is_where_they_logged_in_before(user: Served) -> None:
    account = await open_account(user)
    by_password = user.runtime.resource(LogIn).by_password
    assert isinstance(await by_password(account.email, PASSWORD, "", "198.51.100.7"), Tokens)
    tries = [by_password(account.email, WRONG, "", f"192.0.2.{number}") for number in range(12)]
    outcomes = await asyncio.gather(*tries, return_exceptions=True)
    assert Counter(type(each).__name__ for each in outcomes) == {"WrongCredentials": 10, "TooManyRequests": 2}
    assert isinstance(await by_password(account.email, PASSWORD, "", "198.51.100.7"), Tokens)
    elsewhere = await asyncio.gather(by_password(account.email, PASSWORD, "", "203.0.113.9"), return_exceptions=True)
    assert isinstance(elsewhere[0], TooManyRequests)
    # Nor may guesses be made from there without end.
    tries = [by_password(account.email, WRONG, "", "198.51.100.7") for _ in range(12)]
    outcomes = [(await asyncio.gather(each, return_exceptions=True))[0] for each in tries]
    assert Counter(type(each).__name__ for each in outcomes) == {"WrongCredentials": 10, "TooManyRequests": 2}


async def test_an_unknown_account_is_refused_alike(user: Served) -> None:
    email = f"{new_id('usr')}@example.com"
    answer = await user.execute(aliases(11), email=email, password=WRONG)
    assert codes(answer.data) == {"WRONG_CREDENTIALS": 10, "RATE_LIMITED": 1}


async def test_right_passwords_are_not_counted(user: Served) -> None:
    account = await open_account(user)
    answer = await user.execute(aliases(11), email=account.email, password=PASSWORD)
    assert codes(answer.data) == {"in": 11}


async def test_known_and_unknown_accounts_cost_the_same_statements(user: Served) -> None:
    account = await open_account(user)
    sent: list[list[str]] = []
    for email in (account.email, f"nobody.{account.email}"):
        with user.statements() as statements:
            answer = await user.execute(LOG_IN, email=email, password=WRONG)
        assert answer.data["sessionCreate"]["code"] == "WRONG_CREDENTIALS"
        sent.append(statements)
    assert sent[0] == sent[1]
    assert len(sent[0]) >= 2


async def test_the_owners_password_cannot_be_guessed_with_a_stolen_token(user: Served) -> None:
    account = await open_account(user)
    token = (await user.execute(LOG_IN, email=account.email, password=PASSWORD)).data["sessionCreate"]["accessToken"]
    fields = " ".join(
        f'a{number}: accountDelete(input: {{ password: "{WRONG}" }}) {{ ... on Problem {{ code }} }}'
        for number in range(12)
    )
    answer = await user.execute(f"mutation {{ {fields} }}", token)
    assert codes(answer.data) == {"WRONG_PASSWORD": 10, "RATE_LIMITED": 2}
    assert (await user.execute("{ me { id } }", token)).data == {"me": {"id": account.id}}


async def test_an_allowance_looks_back_exactly_and_refusals_do_not_count(user: Served) -> None:
    limiter, subject = SlidingWindowLimiter(user.runtime.redis, new_id("tst"), most=2, seconds=3), "somebody"
    first = await limiter.acquire(subject)
    await limiter.acquire(subject)
    refused = await asyncio.gather(*[limiter.acquire(subject) for _ in range(5)], return_exceptions=True)
    assert {type(each) for each in refused} == {TooManyRequests}
    await limiter.release(subject, first)
    assert await limiter.acquire(subject)

    async def allowed() -> bool:
        try:
            await limiter.acquire(subject)
        except TooManyRequests:
            return False
        return True

    await eventually(allowed, pause=0.05)


async def test_hostile_texts_are_wrong_credentials(user: Served) -> None:
    for email, password in (("", ""), ("x" * 20_000, "y" * 20_000), ("\u202e犬", "\x01"), ("%' OR 1=1 --", WRONG)):
        answer = await user.execute(LOG_IN, email=email, password=password)
        assert answer.status == httpx.codes.OK
        assert answer.data["sessionCreate"]["code"] == "WRONG_CREDENTIALS"

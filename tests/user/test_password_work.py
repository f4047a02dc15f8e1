"""The work that passwords take: none for a token that is good for nothing, and limited for each caller and account."""

import asyncio
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from shared.core.errors import TooManyRequests
from shared.core.ids import new_id
from subgraphs.user.service.log_in import LogIn
from subgraphs.user.service.password_check import MOST_BY_ACCOUNT, MOST_BY_ADDRESS, MOST_BY_TOKEN
from subgraphs.user.service.passwords import HASHES_AT_ONCE, MOST_WAITING, MOST_WAITING_OF_CALLER, Passwords
from subgraphs.user.service.sessions import Tokens
from tests.support.accounts import PASSWORD, REGISTER, VERIFY, log_in, mailed, open_account, token_in, wanted
from tests.support.apps import Served
from tests.user.test_passwords import ASK, MOVE, NEW, RESET
from tests.user.test_rate_limits import WRONG, account_with_cheap_hash

SEATED = "198.51.100.7"
ELSEWHERE = "203.0.113.9"


@pytest.fixture
def work(user: Served, monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often passwords are judged, hashed and verified."""
    passwords, done = user.runtime.resource(Passwords), Counter[str]()

    def counted(name: str) -> Any:
        method = getattr(passwords, name)

        async def call(*args: Any, **kwargs: Any) -> Any:
            done[name] += 1
            return await method(*args, **kwargs)

        return call

    for name in ("check", "hash", "verify"):
        monkeypatch.setattr(passwords, name, counted(name))
    return done


async def good_for_nothing(user: Served) -> list[str]:
    """Return tokens of ours that set no password: a used one, a dropped one, and those of another purpose."""
    account = await open_account(user)
    session = await log_in(user, account)
    tokens = []
    for _ in range(2):
        await user.execute(ASK, email=account.email)
        tokens += [token_in(mail) for mail in await mailed(user, to=account.email)]
    await user.execute(RESET, proof=tokens[1], new=PASSWORD)
    new_email = f"new.{account.email}"
    session = await log_in(user, account)
    await user.execute(MOVE, session["accessToken"], email=new_email, password=PASSWORD)
    given = wanted()
    await user.execute(REGISTER, input=given)
    tokens += [token_in(mail) for mail in await mailed(user, to=(new_email, given["email"]))]
    assert len(tokens) == 4
    return tokens


async def test_a_token_that_is_good_for_nothing_costs_no_password_work(user: Served, work: Counter[str]) -> None:
    tokens = await good_for_nothing(user)
    work.clear()
    for token in tokens:
        refused = (await user.execute(RESET, proof=token, new=NEW)).data["passwordReset"]
        assert refused["fields"] == [{"path": "input.token", "code": "INVALID_TOKEN"}]
    for token in tokens[:2]:
        refused = (await user.execute(VERIFY, proof=token, password=NEW)).data["emailVerify"]
        assert refused["fields"] == [{"path": "input.token", "code": "INVALID_TOKEN"}]
    assert work == {}


@pytest.mark.parametrize("kind", ["passwordReset", "emailVerify"])
async def test_new_passwords_that_are_tried_with_one_token_are_counted(
    user: Served, work: Counter[str], kind: str
) -> None:
    if kind == "passwordReset":
        email, query = (await open_account(user)).email, RESET
        await user.execute(ASK, email=email)
    else:
        given, query = wanted(), VERIFY
        email = given["email"]
        await user.execute(REGISTER, input=given)
    [mail] = await mailed(user, to=email)
    work.clear()
    asked = [await user.execute(query, proof=token_in(mail), new="short", password="short") for _ in range(12)]
    codes = Counter(answer.data[kind]["code"] for answer in asked)
    assert codes == {"INVALID_INPUT": MOST_BY_TOKEN, "RATE_LIMITED": 2}
    assert work == {"check": MOST_BY_TOKEN}


@pytest.fixture
def instant(user: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make passwords take no time: what counts is how often they are asked for."""

    async def verify(password: str, stored: str | None, *, caller: str) -> tuple[bool, str | None]:
        return stored is not None and password == PASSWORD, None

    monkeypatch.setattr(user.runtime.resource(Passwords), "verify", verify)


@pytest.fixture
def halted() -> Iterator[tuple[Passwords, threading.Event]]:
    """Passwords whose threads do nothing until the event."""
    event = threading.Event()
    with ThreadPoolExecutor(HASHES_AT_ONCE) as threads:
        passwords = Passwords(threads)
        for _ in range(HASHES_AT_ONCE):
            threads.submit(event.wait)
        yield passwords, event
        event.set()


async def test_who_asks_for_too_much_is_refused_at_once_and_others_wait(
    halted: tuple[Passwords, threading.Event],
) -> None:
    passwords, event = halted

    def ask(caller: str) -> "asyncio.Task[tuple[bool, str | None]]":
        return asyncio.create_task(passwords.verify(WRONG, None, caller=caller))

    waiting = [ask(SEATED) for _ in range(MOST_WAITING_OF_CALLER)]
    await asyncio.sleep(0)
    for work in (passwords.verify(WRONG, None, caller=SEATED), passwords.hash(WRONG, caller=SEATED)):
        with pytest.raises(TooManyRequests) as refused:
            await work
    assert refused.value.details == {"retryAfter": 2}
    waiting += [ask(f"192.0.2.{number}") for number in range(MOST_WAITING - MOST_WAITING_OF_CALLER)]
    await asyncio.sleep(0)
    with pytest.raises(TooManyRequests):
        await passwords.verify(WRONG, None, caller=ELSEWHERE)
    # Whoever leaves makes room for others.
    waiting.pop().cancel()
    await asyncio.sleep(0)
    waiting.append(ask(ELSEWHERE))
    await asyncio.sleep(0)
    assert not any(task.done() for task in waiting)
    event.set()
    assert await asyncio.gather(*waiting) == [(False, None)] * MOST_WAITING
    assert await passwords.verify(WRONG, None, caller=SEATED) == (False, None)


@pytest.mark.usefixtures("instant")
async def test_right_passwords_are_counted_by_account_and_other_accounts_go_on(user: Served) -> None:
    account, other = await open_account(user), await open_account(user)
    by_password = user.runtime.resource(LogIn).by_password
    # The first makes the address known, from which tries are counted apart.
    for _ in range(1 + MOST_BY_ACCOUNT):
        await by_password(account.email, PASSWORD, "", SEATED)
    with pytest.raises(TooManyRequests):
        await by_password(account.email, PASSWORD, "", SEATED)
    assert isinstance(await by_password(other.email, PASSWORD, "", SEATED), Tokens)
    # Nor are they anybody's at another address.
    assert isinstance(await by_password(account.email, PASSWORD, "", ELSEWHERE), Tokens)


@pytest.mark.usefixtures("instant")
async def test_all_passwords_are_counted_by_address_and_others_go_on(user: Served) -> None:
    address, by_password = f"2001:db8::{new_id('tst')}", user.runtime.resource(LogIn).by_password
    accounts = [await open_account(user) for _ in range(MOST_BY_ADDRESS // 50)]
    for account in accounts:
        for _ in range(50):
            await by_password(account.email, PASSWORD, "", address)
    for password in (PASSWORD, WRONG):
        with pytest.raises(TooManyRequests):
            await by_password(accounts[0].email, password, "", address)
    assert isinstance(await by_password(accounts[0].email, PASSWORD, "", ELSEWHERE), Tokens)


async def test_a_problem_of_a_limit_says_when_to_try_again(user: Served) -> None:
    email = f"{new_id('usr')}@example.com"
    query = """
    mutation ($email: String!) {
      sessionCreate(input: { email: $email, password: "not my password" }) {
        ... on RateLimitedProblem { code retryAfter }
      }
    }"""
    answers = [(await user.execute(query, email=email)).data["sessionCreate"] for _ in range(11)]
    assert answers[-1] == {"code": "RATE_LIMITED", "retryAfter": 60}


async def test_who_tries_with_a_stolen_token_does_not_keep_the_owner_from_changing_the_password(user: Served) -> None:
    account = await account_with_cheap_hash(user)
    thief, owner = await log_in(user, account), await log_in(user, account)
    query = """mutation ($password: String!) {
      accountDelete(input: { password: $password }) { __typename ... on Problem { code } }
    }"""
    tried = [(await user.execute(query, thief["accessToken"], password=WRONG)).data for _ in range(11)]
    assert tried[-1]["accountDelete"]["code"] == "RATE_LIMITED"
    own = await user.execute(MOVE, owner["accessToken"], email=f"new.{account.email}", password=PASSWORD)
    assert own.data["emailChange"]["__typename"] == "EmailChangeSuccess"

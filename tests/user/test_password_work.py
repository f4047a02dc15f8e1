"""The work that passwords take: none for a token that is good for nothing, and limited for each caller and account."""

import asyncio
import os
import sys
import threading
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from shared.core.errors import TooManyRequests
from shared.core.ids import new_id
from shared.security.fair_queue import HELD, WAITING_SHARE, FairQueue
from subgraphs.user.errors import WrongCredentials
from subgraphs.user.service.log_in import LogIn
from subgraphs.user.service.password_check import MOST_BY_ACCOUNT, MOST_BY_ADDRESS, MOST_BY_TOKEN
from subgraphs.user.service.password_queue import HASHES_AT_ONCE, MOST_WAITING, PasswordQueue
from subgraphs.user.service.passwords import NICENESS, Passwords
from subgraphs.user.service.sessions import Tokens
from tests.support.accounts import PASSWORD, REGISTER, VERIFY, log_in, mailed, open_account, token_in, wanted
from tests.support.apps import Served
from tests.support.waiting import TEST_TIMEOUT
from tests.user.test_passwords import ASK, MOVE, NEW, RESET
from tests.user.test_rate_limits import WRONG

MOST_WAITING_OF_CALLER = MOST_WAITING // WAITING_SHARE
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


class Halted:
    """Passwords whose threads are at work until the event, and who was served since, in order."""

    def __init__(self, threads: ThreadPoolExecutor, wait_seconds: float) -> None:
        self.event = threading.Event()
        self.served: list[str] = []
        self.queue = PasswordQueue(threads, wait_seconds)
        self.block()

    def block(self) -> None:
        """Keep all threads at work until the event."""
        self.event.clear()
        self.blocking = [asyncio.create_task(self.queue.run("blocks", self.event.wait)) for _ in range(HASHES_AT_ONCE)]

    def ask(self, caller: str) -> "asyncio.Task[None]":
        return asyncio.create_task(self.queue.run(caller, lambda: self.served.append(caller)))


@pytest.fixture
async def halt() -> AsyncIterator[Callable[[float], Halted]]:
    with ThreadPoolExecutor(HASHES_AT_ONCE) as threads:
        made: list[Halted] = []

        def make(wait_seconds: float = TEST_TIMEOUT) -> Halted:
            made.append(Halted(threads, wait_seconds))
            return made[-1]

        yield make
        for each in made:
            each.event.set()
            await asyncio.gather(*each.blocking)


async def test_who_asks_for_too_much_is_refused_at_once_and_others_wait(halt: Callable[[], Halted]) -> None:
    halted = halt()
    await asyncio.sleep(0)
    waiting = [halted.ask(SEATED) for _ in range(MOST_WAITING_OF_CALLER)]
    await asyncio.sleep(0)
    with pytest.raises(TooManyRequests) as refused:
        await halted.ask(SEATED)
    assert refused.value.details == {"retryAfter": 2}
    waiting += [halted.ask(f"192.0.2.{number}") for number in range(MOST_WAITING - MOST_WAITING_OF_CALLER)]
    await asyncio.sleep(0)
    with pytest.raises(TooManyRequests):
        await halted.ask(ELSEWHERE)
    # Whoever leaves makes room for others.
    waiting.pop().cancel()
    await asyncio.sleep(0)
    waiting.append(halted.ask(ELSEWHERE))
    await asyncio.sleep(0)
    assert not any(task.done() for task in waiting)
    halted.event.set()
    await asyncio.gather(*waiting)
    assert len(halted.served) == MOST_WAITING


async def test_who_has_asked_for_least_goes_first_and_takes_the_place_of_who_has_asked_for_most(
    halt: Callable[[], Halted],
) -> None:
    halted = halt()
    halted.event.set()
    await asyncio.gather(*halted.blocking)
    busy = [f"192.0.2.{number}" for number in range(MOST_WAITING // MOST_WAITING_OF_CALLER)]
    for caller in busy:
        await halted.ask(caller)
    halted.served.clear()
    halted.block()
    await asyncio.sleep(0)
    waiting = [halted.ask(caller) for caller in busy for _ in range(MOST_WAITING_OF_CALLER)]
    await asyncio.sleep(0)
    honest = halted.ask(ELSEWHERE)
    refused, _ = await asyncio.wait(waiting, timeout=TEST_TIMEOUT, return_when=asyncio.FIRST_COMPLETED)
    assert [type(task.exception()) for task in refused] == [TooManyRequests]
    halted.event.set()
    await honest
    assert ELSEWHERE in halted.served[:HASHES_AT_ONCE]


async def test_the_networks_of_one_site_are_ranked_together(halt: Callable[[], Halted]) -> None:
    halted = halt()
    halted.event.set()
    await asyncio.gather(*halted.blocking)
    await halted.ask("2001:db8:1:1::/64")
    halted.served.clear()
    halted.block()
    await asyncio.sleep(0)
    waiting = [halted.ask(f"2001:db8:1:{number}::/64") for number in range(2, 8)]
    await asyncio.sleep(0)
    honest = halted.ask("2001:db8:2:1::/64")
    halted.event.set()
    await asyncio.gather(honest, *waiting)
    assert "2001:db8:2:1::/64" in halted.served[:HASHES_AT_ONCE]


async def test_nobody_waits_longer_than_is_allowed(halt: Callable[[float], Halted]) -> None:
    halted = halt(0.01)
    await asyncio.sleep(0)
    with pytest.raises(TooManyRequests) as refused:
        await halted.ask(ELSEWHERE)
    assert refused.value.details == {"retryAfter": 2}
    halted.event.set()
    await asyncio.gather(*halted.blocking)
    assert halted.served == []


async def test_an_operation_that_waits_for_password_work_holds_no_place(halt: Callable[[], Halted]) -> None:
    halted, operations = halt(), FairQueue(1, MOST_WAITING)
    token = HELD.set(await operations.enter(SEATED, TEST_TIMEOUT))
    waiting = halted.ask(SEATED)
    HELD.reset(token)
    await asyncio.sleep(0)
    (await operations.enter(ELSEWHERE, 0)).leave()
    assert not waiting.done()
    halted.event.set()
    await waiting


async def test_a_turn_that_comes_as_the_time_is_over_is_not_lost(halt: Callable[[float], Halted]) -> None:
    halted = halt(0.01)
    await asyncio.sleep(0)
    waiting = [halted.ask(f"192.0.2.{number}") for number in range(MOST_WAITING)]
    await asyncio.sleep(0)
    # The work ends, and the time to wait for it, in one turn of the loop.
    halted.event.set()
    time.sleep(0.05)  # noqa: ASYNC251 (nothing else is to run meanwhile)
    await asyncio.gather(*waiting, *halted.blocking, return_exceptions=True)
    together = threading.Barrier(HASHES_AT_ONCE, timeout=TEST_TIMEOUT)
    await asyncio.gather(*(halted.queue.run(f"203.0.113.{number}", together.wait) for number in range(HASHES_AT_ONCE)))


async def test_nobody_waits_longer_than_their_operation_may(halt: Callable[[], Halted]) -> None:
    halted, operations = halt(), FairQueue(1, MOST_WAITING)
    token = HELD.set(await operations.enter(SEATED, 0.01))
    with pytest.raises(TooManyRequests):
        await halted.ask(SEATED)
    HELD.reset(token)
    halted.event.set()
    await asyncio.gather(*halted.blocking)
    assert halted.served == []


async def test_time_at_work_is_no_waiting(halt: Callable[[], Halted]) -> None:
    halted, operations = halt(), FairQueue(1, MOST_WAITING)
    halted.event.set()
    await asyncio.gather(*halted.blocking)
    place = await operations.enter(SEATED, TEST_TIMEOUT)
    token = HELD.set(place)
    await halted.queue.run(SEATED, lambda: time.sleep(1))
    HELD.reset(token)
    assert TEST_TIMEOUT - 0.5 < place.wait_seconds <= TEST_TIMEOUT


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
    neighbour, account = await open_account(user), await open_account(user)
    assert isinstance(await by_password(neighbour.email, PASSWORD, "", address), Tokens)
    for number in range(MOST_BY_ADDRESS - 1):
        with pytest.raises(WrongCredentials):
            await by_password(f"{number}.{account.email}", WRONG, "", address)
    for password in (PASSWORD, WRONG):
        with pytest.raises(TooManyRequests):
            await by_password(account.email, password, "", address)
    assert isinstance(await by_password(account.email, PASSWORD, "", ELSEWHERE), Tokens)
    # Who is known at the address is not kept out by strangers there.
    assert isinstance(await by_password(neighbour.email, PASSWORD, "", address), Tokens)


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
    account = await open_account(user)
    thief, owner = await log_in(user, account), await log_in(user, account)
    query = """mutation ($password: String!) {
      accountDelete(input: { password: $password }) { __typename ... on Problem { code } }
    }"""
    tried = [(await user.execute(query, thief["accessToken"], password=WRONG)).data for _ in range(11)]
    assert tried[-1]["accountDelete"]["code"] == "RATE_LIMITED"
    own = await user.execute(MOVE, owner["accessToken"], email=f"new.{account.email}", password=PASSWORD)
    assert own.data["emailChange"]["__typename"] == "EmailChangeSuccess"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has priorities of threads")
async def test_hashes_give_way_to_everything_else(user: Served) -> None:
    await open_account(user)
    workers = [each.native_id for each in threading.enumerate() if each.name.startswith("passwords")]
    assert workers
    assert {os.getpriority(os.PRIO_PROCESS, each or 0) for each in workers} == {NICENESS}
    assert os.getpriority(os.PRIO_PROCESS, os.getpid()) < NICENESS

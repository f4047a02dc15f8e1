"""Twenty attackers at all that takes a password, and honest people who log in beside them.

Each attacker has an address and an account of its own, and names the honest people's accounts. The honest people log
in from where they have logged in before: each from an address of their own, and a few from attackers' addresses.
Whoever is refused waits as long as the answer says, and tries again. The counters of passwords look back a minute,
those of mails an hour; attackers use all of them up within seconds, so that a run of any length is as hard as an hour.
"""

import argparse
import asyncio
import statistics
import time
from collections import Counter
from dataclasses import asdict, dataclass, field

import httpx
from rich.console import Console

from benchmarks.hostile.verdict import Verdict, attackers, attacking, load, plan
from tests.supergraph.story import mails_to
from tests.support.accounts import LOG_IN, REGISTER, Account, open_account_at, token_in, wanted
from tests.support.attacks.passwords import NEW, Material, attack_all
from tests.support.shop import Shop
from tests.support.waiting import eventually
from tests.user.test_passwords import ASK, RESET
from tests.user.test_sessions import REFRESH

ATTACKERS = 20
PEOPLE = 20
NEIGHBOURS = 3
"""People at attackers' addresses."""
MOST_SLOWDOWN = 3.0
MOST_REFUSAL_SECONDS = 1.0
MOST_TRIES = 10
TURN_SECONDS = 25.0


@dataclass
class Person:
    account: Account
    address: str


@dataclass
class Honest:
    """What honest people saw: seconds of log-ins and of refusals, the tries that each took, and who gave up."""

    seconds: list[float] = field(default_factory=list)
    refusals: list[float] = field(default_factory=list)
    tries: Counter[int] = field(default_factory=Counter)
    shut_out: int = 0
    unexplained: int = 0
    said: Counter[str] = field(default_factory=Counter)

    async def log_in(self, url: str, person: Person) -> None:
        """Log in as somebody, trying again when told to."""
        transport = httpx.AsyncHTTPTransport(local_address=person.address)
        async with httpx.AsyncClient(transport=transport, timeout=60) as client:
            variables = {"email": person.account.email, "password": person.account.password}
            query = LOG_IN.replace("code message", "code message } ... on RateLimitedProblem { retryAfter")
            for number in range(1, MOST_TRIES + 1):
                started = time.perf_counter()
                response = await client.post(url, json={"query": query, "variables": variables})
                seconds = time.perf_counter() - started
                said = response.json()
                result = (said.get("data") or {}).get("sessionCreate") or {}
                if "accessToken" in result:
                    self.seconds.append(seconds)
                    self.tries[number] += 1
                    return
                self.refusals.append(seconds)
                code = result.get("code") or said["errors"][0]["extensions"]["code"]
                self.said[code] += 1
                wait = result.get("retryAfter") or int(response.headers.get("retry-after", 0))
                self.unexplained += not wait
                await asyncio.sleep(wait or 1)
        self.shut_out += 1


async def attack() -> None:
    """Attack at all doors until the process is ended."""
    given = plan()
    materials = [Material(**each | {"account": Account(**each["account"])}) for each in given["materials"]]
    attacking()
    async with asyncio.TaskGroup() as group:
        for number, material in enumerate(materials):
            group.create_task(attack_all(given["url"], material, f"127.0.1.{number + 1}", Counter()))


async def _mailed_token(running: Shop, email: str, known: set[str]) -> str:
    async def found() -> list[str]:
        return [token for token in map(token_in, mails_to(running, email)) if token not in known]

    return (await eventually(found, pause=0.1))[0]


async def _prepare(running: Shop, victims: list[str]) -> Material:
    """Open an attacker's account, and get all the tokens that one can get."""
    account = await open_account_at(running)
    registration = {token_in(mail) for mail in mails_to(running, account.email)}
    await running.execute(ASK, email=account.email)
    used = await _mailed_token(running, account.email, registration)
    reset = (await running.execute(RESET, proof=used, new=NEW)).data["passwordReset"]
    await running.execute(REFRESH, given=reset["refreshToken"])
    never = wanted()
    receipt = (await running.execute(REGISTER, input=never)).data["accountRegister"]["receipt"]
    unopened = await _mailed_token(running, never["email"], set())
    own = Account(account.id, account.email, NEW, account.name)
    return Material(own, reset["accessToken"], reset["refreshToken"], used, unopened, unopened, receipt, victims)


async def _turn(running: Shop, people: list[Person], count: int, rate: float) -> Honest:
    """Log people in at a steady rate."""
    seen = Honest()
    async with asyncio.TaskGroup() as group:
        for number in range(count):
            group.create_task(seen.log_in(running.url, people[number % len(people)]))
            await asyncio.sleep(1 / rate)
    return seen


async def measure(running: Shop, chosen: argparse.Namespace, verdict: Verdict, console: Console) -> None:
    addresses = [f"127.0.1.{number + 1}" for number in range(NEIGHBOURS)]
    addresses += [f"127.0.2.{number + 1}" for number in range(PEOPLE - NEIGHBOURS)]
    people = [Person(await open_account_at(running), address) for address in addresses]
    for person in people:
        await Honest().log_in(running.url, person)
    victims = [person.account.email for person in people]
    materials = [await _prepare(running, victims) for _ in range(ATTACKERS)]
    given = {"url": running.url, "materials": [asdict(each) for each in materials]}
    quiet, beside = Honest(), Honest()
    left = chosen.logins
    while left > 0:
        count = min(left, round(TURN_SECONDS * chosen.login_rate))
        left -= count
        _add(quiet, await _turn(running, people, max(5, count // 2), chosen.login_rate))
        async with attackers("passwords", given):
            _add(beside, await _turn(running, people, count, chosen.login_rate))
    _report(quiet, beside, verdict, console)


def _add(to: Honest, more: Honest) -> None:
    to.seconds += more.seconds
    to.refusals += more.refusals
    to.tries += more.tries
    to.said += more.said
    to.shut_out += more.shut_out
    to.unexplained += more.unexplained


def _report(quiet: Honest, beside: Honest, verdict: Verdict, console: Console) -> None:
    medians = [statistics.median(each.seconds) for each in (quiet, beside)]
    worst = [statistics.quantiles(each.seconds, n=100)[98] for each in (quiet, beside)]
    ratios = medians[1] / medians[0], worst[1] / worst[0]
    kept = verdict.judge("time of honest log-ins", kept=max(ratios) <= MOST_SLOWDOWN)
    console.print(
        f"honest log-ins beside {ATTACKERS} attackers ({len(beside.seconds)}; {len(quiet.seconds)} without): median "
        f"{medians[0] * 1000:.0f} → {medians[1] * 1000:.0f} ms ({ratios[0]:.2f} times), p99 {worst[0] * 1000:.0f} → "
        f"{worst[1] * 1000:.0f} ms ({ratios[1]:.2f} times): {kept}; {load()}"
    )
    slowest = max(beside.refusals, default=0.0)
    kept = verdict.judge("refusals", kept=slowest <= MOST_REFUSAL_SECONDS and not beside.unexplained)
    console.print(
        f"refusals: {len(beside.refusals)} {dict(beside.said)}, the slowest after {slowest:.2f} s, "
        f"{beside.unexplained} without the seconds to wait: {kept}"
    )
    kept = verdict.judge("nobody is shut out", kept=beside.shut_out == 0)
    tries = dict(sorted(beside.tries.items()))
    console.print(f"log-ins by the tries that they took: {tries}; shut out: {beside.shut_out}: {kept}")

"""Twenty attackers at all that takes a password, and honest people who log in beside them.

Each attacker has an address and an account of its own, and names the honest people's accounts. The honest people log
in from where they have logged in before: each from an address of their own, and a few from attackers' addresses, who
are reported apart. A log-in takes three times as long as without attackers at most, or is refused within a second,
with the seconds to wait. Whoever is refused waits as long as the answer says, and tries again. The counters of
passwords look back a minute, those of mails an hour; attackers use all of them up within seconds, so that a run of any
length is as hard as an hour.
"""

import argparse
import asyncio
import statistics
import time
from collections import Counter
from dataclasses import asdict, dataclass, field

import httpx
from rich.console import Console

from benchmarks.hostile.verdict import Verdict, attackers, attacking, load, plan, reporting
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
ATTACKED_FROM = "127.0.1."
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
                try:
                    response = await client.post(url, json={"query": query, "variables": variables})
                except httpx.HTTPError as error:
                    self._refused(time.perf_counter() - started, type(error).__name__, 0)
                    continue
                seconds = time.perf_counter() - started
                said = response.json()
                result = (said.get("data") or {}).get("sessionCreate") or {}
                if "accessToken" in result:
                    self.seconds.append(seconds)
                    self.tries[number] += 1
                    return
                code = result.get("code") or said["errors"][0]["extensions"]["code"]
                wait = result.get("retryAfter") or int(response.headers.get("retry-after", 0))
                self._refused(seconds, code, wait)
                await asyncio.sleep(wait or 1)
        self.shut_out += 1

    def _refused(self, seconds: float, code: str, wait: int) -> None:
        self.refusals.append(seconds)
        self.said[code] += 1
        self.unexplained += not wait


async def attack() -> None:
    """Attack at all doors until the process is ended."""
    given = plan()
    materials = [Material(**each | {"account": Account(**each["account"])}) for each in given["materials"]]
    attacking()
    seen = Counter[str]()
    with reporting(seen):
        async with asyncio.TaskGroup() as group:
            for number, material in enumerate(materials):
                group.create_task(attack_all(given["url"], material, f"{ATTACKED_FROM}{number + 1}", seen))


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


@dataclass
class Seen:
    """What the two kinds of honest people saw."""

    apart: Honest = field(default_factory=Honest)
    neighbours: Honest = field(default_factory=Honest)

    def of(self, person: Person) -> Honest:
        return self.neighbours if person.address.startswith(ATTACKED_FROM) else self.apart


async def _turn(running: Shop, people: list[Person], seen: Seen, first: int, count: int, rate: float) -> None:
    """Log people in at a steady rate."""
    async with asyncio.TaskGroup() as group:
        for number in range(first, first + count):
            person = people[number % len(people)]
            group.create_task(seen.of(person).log_in(running.url, person))
            await asyncio.sleep(1 / rate)


async def measure(running: Shop, chosen: argparse.Namespace, verdict: Verdict, console: Console) -> None:
    addresses = [f"{ATTACKED_FROM}{number + 1}" for number in range(NEIGHBOURS)]
    addresses += [f"127.0.2.{number + 1}" for number in range(PEOPLE - NEIGHBOURS)]
    people = [Person(await open_account_at(running), address) for address in addresses]
    for person in people:
        await Honest().log_in(running.url, person)
    victims = [person.account.email for person in people]
    materials = [await _prepare(running, victims) for _ in range(ATTACKERS)]
    given = {"url": running.url, "materials": [asdict(each) for each in materials]}
    quiet, beside = Seen(), Seen()
    done, attacks, attacked = 0, Counter[str](), 0.0
    while done < chosen.logins:
        count = min(chosen.logins - done, round(TURN_SECONDS * chosen.login_rate))
        await _turn(running, people, quiet, done, max(5, count // 2), chosen.login_rate)
        began = time.perf_counter()
        async with attackers("passwords", given) as seen:
            await _turn(running, people, beside, done, count, chosen.login_rate)
        attacked += time.perf_counter() - began
        attacks += seen
        done += count
    refused = sum(count for outcome, count in attacks.items() if outcome.endswith("RATE_LIMITED"))
    console.print(
        f"attackers: {attacks.total() / attacked:.0f} answers a second, {refused / attacks.total():.0%} refused"
    )
    idle = quiet.apart.seconds + quiet.neighbours.seconds
    _report("honest people", idle, beside.apart, verdict, console)
    _report("neighbours of attackers", idle, beside.neighbours, verdict, console)


def _report(who: str, idle: list[float], seen: Honest, verdict: Verdict, console: Console) -> None:
    allowed = statistics.median(idle) * MOST_SLOWDOWN
    pairs = [(statistics.median(each), _p99(each)) for each in (idle, seen.seconds or [float("inf")])]
    ratios = [beside / without for without, beside in zip(*pairs, strict=True)]
    kept = verdict.judge(f"{who}: time of log-ins", kept=max(ratios) <= MOST_SLOWDOWN)
    (idle_median, idle_p99), (median, p99) = [[seconds * 1000 for seconds in pair] for pair in pairs]
    console.print(
        f"{who}: {len(seen.seconds)} log-ins beside {ATTACKERS} attackers, {len(idle)} without: median "
        f"{idle_median:.0f} → {median:.0f} ms ({ratios[0]:.2f} times), p99 {idle_p99:.0f} → {p99:.0f} ms "
        f"({ratios[1]:.2f} times), {sum(each > allowed for each in seen.seconds)} longer than {MOST_SLOWDOWN:g} "
        f"medians: {kept}; {load()}"
    )
    slowest = max(seen.refusals, default=0.0)
    kept = verdict.judge(f"{who}: refusals", kept=slowest <= MOST_REFUSAL_SECONDS and not seen.unexplained)
    late = sum(each > MOST_REFUSAL_SECONDS for each in seen.refusals)
    console.print(
        f"refusals: {len(seen.refusals)} {dict(seen.said)}, the slowest after {slowest:.2f} s, {late} after more than "
        f"{MOST_REFUSAL_SECONDS:g} s, {seen.unexplained} without the seconds to wait: {kept}"
    )
    kept = verdict.judge(f"{who}: nobody is shut out", kept=seen.shut_out == 0)
    tries = dict(sorted(seen.tries.items()))
    console.print(f"log-ins by the tries that they took: {tries}; shut out: {seen.shut_out}: {kept}")


def _p99(seconds: list[float]) -> float:
    return statistics.quantiles(seconds, n=100)[98] if len(seconds) > 1 else seconds[0]

"""Can accounts be told apart by how long a refusal takes? Log-ins, registrations and password resets, put to a test.

Tries at known, unknown and unverified addresses follow one another in random order through the user subgraph's own
endpoint, so that a busy moment strikes all of them. Two kinds are compared by the Mann-Whitney U test, two-sided
(https://doi.org/10.1214/aoms/1177730491): `p` is how probable such a difference would be if there were none, and `AUC`
how often a try of the first kind is the slower of two: 0.5 tells nothing. As a baseline known accounts are compared
with known ones. Two leaks show that the test finds what there is: a log-in whose check is left out for unknown
accounts, and one that takes a twentieth longer for known ones.

Run `python -m benchmarks.login_timing [--tries N]`; it starts servers of its own in a temporary directory, and fails
when a difference is found (p below 0.001), or when a leak is not.
"""

import argparse
import asyncio
import datetime as dt
import math
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import httpx
import structlog
from rich.console import Console
from sqlalchemy import insert

from petplus import registry
from petplus.local.embedded import EmbeddedPostgres, EmbeddedValkey
from shared.core.ids import new_id
from shared.core.settings import Settings
from shared.database.migrations import migrate
from subgraphs.user.models import UserCredential, UserPreferences, UserProfile
from subgraphs.user.service.passwords import Passwords
from tests.support.apps import Served, serve

LOG_IN = """mutation ($email: String!) {
  sessionCreate(input: { email: $email, password: "not my password" }) { ... on Problem { code } }
}"""
REGISTER = """mutation ($email: String!) {
  accountRegister(input: { email: $email, name: "Anna" }) { ... on Problem { code } }
}"""
RESET = "mutation ($email: String!) { passwordResetRequest(input: { email: $email }) { ... on Problem { code } } }"
TRIES_AN_ACCOUNT = 4
"""Below all limits, which would answer sooner."""
LEAST_P = 0.001

Times = dict[str, list[float]]


class Testbed:
    """A served user subgraph with many accounts; each caller has a network address of its own."""

    def __init__(self, served: Served, known: Sequence[str], unverified: Sequence[str]) -> None:
        self.served = served
        self._emails = {"known": known, "unverified": unverified}

    def email(self, kind: str, number: int) -> str:
        """Return the address for the n-th try of a kind."""
        made = self._emails.get(kind.rstrip("'"))
        return made[number % len(made)] if made is not None else f"{new_id('usr')}@example.com"

    async def send(self, operation: str, email: str, code: str | None) -> float:
        """Send an operation and return the seconds until its answer, which must have a code, or be a success."""
        caller = (".".join(str(random.randrange(1, 255)) for _ in range(4)), 1)  # noqa: S311
        transport = httpx.ASGITransport(self.served.app, client=caller)
        async with httpx.AsyncClient(transport=transport, base_url="http://subgraph", timeout=60) as client:
            started = time.perf_counter()
            answer = await client.post("/graphql", json={"query": operation, "variables": {"email": email}})
            seconds = time.perf_counter() - started
        [found] = answer.json()["data"].values()
        assert found.get("code") == code, found
        return seconds


async def measure(tries: int, kinds: Sequence[str], one: Callable[[str, int], Awaitable[float]]) -> Times:
    """Time tries of some kinds, each as often, in random order."""
    plan = [(kind, number) for kind in kinds for number in range(tries)]
    random.shuffle(plan)
    times: Times = {kind: [] for kind in kinds}
    for kind, number in plan:
        times[kind].append(await one(kind, number))
    return times


def mann_whitney(first: Sequence[float], second: Sequence[float]) -> tuple[float, float]:
    """Return the share of pairs in which the first is the greater, and the two-sided p by the normal approximation."""
    ordered = sorted([(value, True) for value in first] + [(value, False) for value in second])
    rank_sum = sum(rank for rank, (_, is_first) in enumerate(ordered, 1) if is_first)
    n, m = len(first), len(second)
    u = rank_sum - n * (n + 1) / 2
    z = (u - n * m / 2) / math.sqrt(n * m * (n + m + 1) / 12)
    return u / (n * m), math.erfc(abs(z) / math.sqrt(2))


def report(console: Console, title: str, times: Times, pairs: Sequence[tuple[str, str]]) -> bool:
    """Print what was measured; returns whether kinds can be told apart."""
    console.print(f"\n{title}")
    for kind, values in times.items():
        median, spread = statistics.median(values) * 1000, statistics.quantiles(values, n=20)
        console.print(f"  {kind:<12} n={len(values)}  median {median:7.2f} ms  p95 {spread[18] * 1000:7.2f} ms")
    apart = False
    for first, second in pairs:
        auc, p = mann_whitney(times[first], times[second])
        apart = apart or p < LEAST_P
        console.print(f"  {first} against {second}: AUC {auc:.3f}, p {p:.4f}")
    return apart


async def run(home: Path, tries: int, console: Console) -> list[str]:
    async with AsyncExitStack() as stack:
        postgres, valkey = EmbeddedPostgres(home), EmbeddedValkey(home)
        for server in (postgres, valkey):
            await server.start()
            stack.push_async_callback(server.stop)
        settings = Settings(home=home, database_url=postgres.url, redis_url=valkey.url)
        await migrate(registry.load("user"), settings)
        served = await stack.enter_async_context(serve(registry.load("user"), settings))
        testbed = Testbed(
            served, *[await accounts(served, tries // TRIES_AN_ACCOUNT + 20, each) for each in (True, False)]
        )

        async def log_in(kind: str, number: int) -> float:
            return await testbed.send(LOG_IN, testbed.email(kind, number), "WRONG_CREDENTIALS")

        async def register(kind: str, number: int) -> float:
            return await testbed.send(REGISTER, testbed.email(kind, number), None)

        async def reset(kind: str, number: int) -> float:
            return await testbed.send(RESET, testbed.email(kind, number), None)

        pairs = [("known", "unknown"), ("known", "unverified")]
        apart = report(console, "Log in", await measure(tries, ("known", "unknown", "unverified"), log_in), pairs)
        few = max(tries // 4, 20)
        for title, one in (("Register", register), ("Ask for a new password", reset)):
            found = report(console, title, await measure(few, ("known", "unknown"), one), pairs[:1])
            apart = apart or found
        baseline = await measure(few, ("known", "known'"), log_in)
        report(console, "Baseline: log in, known against known", baseline, [("known", "known'")])
        longer = statistics.median(baseline["known"]) / 20
        verify = Passwords.verify

        async def careless(
            self: Passwords, password: str, stored: str | None, *, caller: str
        ) -> tuple[bool, str | None]:
            return await verify(self, password, stored, caller=caller) if stored is not None else (False, None)

        async def slower(self: Passwords, password: str, stored: str | None, *, caller: str) -> tuple[bool, str | None]:
            if stored is not None:
                await asyncio.sleep(longer)
            return await verify(self, password, stored, caller=caller)

        missed = False
        for title, leak, count in (("the check left out", careless, 20), ("a twentieth longer", slower, few)):
            Passwords.verify = leak  # type: ignore[method-assign]
            found = report(console, f"A leak: {title}", await measure(count, ("known", "unknown"), log_in), pairs[:1])
            missed = missed or not found
        Passwords.verify = verify  # type: ignore[method-assign]
        faults = {"accounts can be told apart by the time that an answer takes": apart, "a leak was not found": missed}
        return [fault for fault, is_so in faults.items() if is_so]


async def accounts(served: Served, count: int, verified: bool) -> list[str]:
    """Make accounts and return their addresses; they share a password, hashed as any other."""
    password_hash = await served.runtime.resource(Passwords).hash("marmalade for eleven", caller="")
    rows: list[dict[str, Any]] = [{"id": new_id("usr"), "email": f"{new_id('usr')}@example.com"} for _ in range(count)]
    async with served.database.write() as session:
        at = dt.datetime.now(dt.UTC) if verified else None
        profiles = [row | {"name": "Anna", "roles": ["CUSTOMER"], "email_verified_at": at} for row in rows]
        await session.execute(insert(UserProfile), profiles)
        credentials = [{"user_id": row["id"], "password_hash": password_hash} for row in rows]
        await session.execute(insert(UserCredential), credentials)
        await session.execute(insert(UserPreferences), [{"user_id": row["id"]} for row in rows])
    return [row["email"] for row in rows]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--tries", type=int, default=1000, help="how many log-ins of each kind")
    chosen = arguments.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(30))
    with tempfile.TemporaryDirectory() as directory:
        Path(directory).chmod(0o755)  # as root, the servers run as another user
        if faults := asyncio.run(run(Path(directory), chosen.tries, Console(highlight=False))):
            sys.exit("; ".join(faults))


if __name__ == "__main__":
    main()

"""Attacks on all that takes a password or a mailed token: each asks for as much work as it can get."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from shared.core.ids import new_id
from tests.support.accounts import LOG_IN, REGISTER, VERIFY, Account
from tests.support.http import http_client
from tests.user.test_passwords import ASK, CHANGE, MOVE, RESET
from tests.user.test_sessions import REFRESH

WRONG = "not their password"
WEAK = "password123"
NEW = "marmalade for eleven"
CONNECTIONS = 2
"""Of one attacker at each door."""
AGAIN = (
    "mutation ($receipt: ID!) { emailVerificationRequest(input: { receipt: $receipt }) { ... on Problem { code } } }"
)
DELETE = "mutation ($password: String!) { accountDelete(input: { password: $password }) { ... on Problem { code } } }"


@dataclass(frozen=True)
class Material:
    """What an attacker has: an account with a session, tokens that are used or for something else, and victims."""

    account: Account
    access_token: str
    refresh_token: str
    used_token: str
    other_token: str
    open_token: str
    """Of a registration, whose account is never opened."""
    receipt: str
    victims: list[str]


def doors(given: Material, number: int) -> Mapping[str, tuple[str, Mapping[str, Any], bool]]:
    """Return the operation, its variables, and whether it is sent with the session, by what is attacked."""
    victim = given.victims[number % len(given.victims)]
    nobody = f"{new_id('usr')}@example.com"
    own = {"email": given.account.email, "password": given.account.password}
    register = {"input": {"email": nobody, "name": "Mallory"}}
    return {
        "log-in, wrong password": (LOG_IN, {"email": victim, "password": WRONG}, False),
        "log-in, nobody": (LOG_IN, {"email": nobody, "password": WRONG}, False),
        "log-in, own account": (LOG_IN, own, False),
        "reset, used token": (RESET, {"proof": given.used_token, "new": NEW}, False),
        "reset, other token": (RESET, {"proof": given.other_token, "new": NEW}, False),
        "reset, asked for": (ASK, {"email": victim}, False),
        "change, wrong password": (CHANGE, {"old": WRONG, "new": NEW}, True),
        "change, weak password": (CHANGE, {"old": given.account.password, "new": WEAK}, True),
        "address, own password": (MOVE, {"email": nobody, "password": given.account.password}, True),
        "deletion, wrong password": (DELETE, {"password": WRONG}, True),
        "registration": (REGISTER, register, False),
        "registration of a victim": (REGISTER, {"input": {"email": victim, "name": "Mallory"}}, False),
        "verification, weak password": (VERIFY, {"proof": given.open_token, "password": WEAK}, False),
        "verification, mailed again": (AGAIN, {"receipt": given.receipt}, False),
        "refresh, spent token": (REFRESH, {"given": given.refresh_token}, False),
    }


def outcome_of(response: httpx.Response) -> str:
    """Return the code of an answer, or the name of the result."""
    said = response.json()
    if said.get("errors"):
        return str(said["errors"][0]["extensions"]["code"])
    [result] = said["data"].values()
    return str(result.get("code") or result.get("__typename", "done"))


async def attack_all(url: str, given: Material, address: str, seen: Counter[str]) -> None:
    """Ask at all doors at once from one address, as fast as answers come, until cancelled."""
    transport = httpx.AsyncHTTPTransport(local_address=address)
    async with http_client(transport=transport, timeout=60) as client, asyncio.TaskGroup() as group:

        async def again(name: str) -> None:
            number = 0
            while True:
                number += 1
                query, variables, is_signed = doors(given, number)[name]
                headers = {"authorization": f"Bearer {given.access_token}"} if is_signed else {}
                body = {"query": query, "variables": variables}
                try:
                    seen[f"{name}: {outcome_of(await client.post(url, json=body, headers=headers))}"] += 1
                except httpx.HTTPError as error:
                    seen[f"{name}: {type(error).__name__}"] += 1

        for name in doors(given, 0):
            for _ in range(CONNECTIONS):
                group.create_task(again(name))

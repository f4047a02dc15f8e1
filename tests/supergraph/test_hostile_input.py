"""What no client should send, through the router and at each subgraph: refused with a code, and nothing half done."""

import asyncio
import json
from collections import Counter
from collections.abc import Iterable
from typing import Any

import httpx
import pytest
import pytest_asyncio
from graphql import GraphQLSchema, build_client_schema, get_introspection_query

from petplus import registry
from shared.settings import Settings
from subgraphs.user.demo import DEMO_PASSWORD
from tests.support.hostile import Case, Hostility, together
from tests.support.shop import Shop

pytestmark = [
    pytest.mark.usefixtures("_urls"),
    pytest.mark.parametrize("running", ["a process each"], indirect=True),
]

AT_ONCE = 4
# Passwords are slow to check by design.
SLOW_FIELDS = {"sessionCreate": 5, "accountRegister": 5}
INTERNAL = (
    "sqlalchemy", "asyncpg", "graphql-core", "traceback", "site-packages", "node_modules", "/work", "/home", "/root",
    "127.0.0.1", "localhost", "econn", "http://", "internal", "exception", "object at 0x", "nonetype", "__",
)  # fmt: skip

REAL_THINGS = """
query {
  orders(filter: { status: [DELIVERED] }, first: 1) { nodes { id } }
  users(first: 1) { nodes { id } }
  experiments(first: 1) { nodes { id } }
  webhookDeliveries(first: 1) { nodes { id } }
  auditEntries(first: 1) { nodes { id } }
  presets(first: 1) { nodes { id } }
  products { id }
}
"""
REGISTER = """
mutation ($email: String!, $password: String!) {
  accountRegister(input: { email: $email, password: $password, name: "Ivy Intruder" }) { __typename }
}
"""
MY_DESIGN = "query { designs(first: 1) { nodes { id } } }"
STATE = """
query {
  users(first: 1) { totalCount }
  orders(first: 100) { totalCount nodes { id version status timeline { version status } } }
  experiments(first: 1) { totalCount }
  auditVerify { ok: __typename }
}
"""


class Sender:
    """Sends hostile requests and looks at what comes back."""

    def __init__(self, url: str, token: str | None) -> None:
        self.url = url
        self.headers = {"authorization": f"Bearer {token}"} if token else {}
        self.faults: list[str] = []
        self.outcomes: Counter[str] = Counter()
        self.succeeded: Counter[str] = Counter()

    async def send_all(self, hostility: Hostility, kind: str, groups: Iterable[list[Case]]) -> None:
        free = asyncio.Semaphore(AT_ONCE)

        async def send(client: httpx.AsyncClient, cases: list[Case]) -> None:
            async with free:
                await self._send(client, hostility, kind, cases)

        async with httpx.AsyncClient(timeout=60, trust_env=False) as client:
            await asyncio.gather(*[send(client, cases) for cases in groups])

    async def _send(self, client: httpx.AsyncClient, hostility: Hostility, kind: str, cases: list[Case]) -> None:
        query, variables = hostility.operation(kind, cases)
        content = json.dumps({"query": query, "variables": variables})
        headers = {**self.headers, "content-type": "application/json"}
        response = await client.post(self.url, content=content, headers=headers)
        body = response.json()
        if response.status_code >= 500 or response.status_code not in (200, 400):
            self.faults.append(f"{response.status_code} for {cases}: {response.text[:300]}")
        for error in body.get("errors", []):
            place = (error.get("path") or [""])[0]
            about = cases[int(place[1:])] if place else cases
            code = error.get("extensions", {}).get("code")
            self.outcomes[code] += 1
            if code in (None, "INTERNAL_SERVER_ERROR", "SUBGRAPH_UNAVAILABLE", "SUBGRAPH_ERROR") or is_internal(error):
                self.faults.append(f"{error['message'][:300]} {code} at {error.get('path')} for {about!s:.400}")
        for number, case in enumerate(cases):
            answer = (body.get("data") or {}).get(f"f{number}")
            if isinstance(answer, dict) and kind == "mutation":
                self._note(case, answer)

    def _note(self, case: Case, answer: dict[str, Any]) -> None:
        name = answer["__typename"]
        self.outcomes[name] += 1
        if name.endswith("Success"):
            self.succeeded[case.field] += 1
        elif is_internal(answer):
            self.faults.append(f"{answer} for {case}")


def is_internal(said: Any) -> bool:
    """Tell whether a message holds a word that is none of the client's business."""
    messages = [said[key] for key in said if key.endswith("message")]
    return any(word in message.lower() for message in messages for word in INTERNAL)


async def schema_of(url: str) -> GraphQLSchema:
    async with httpx.AsyncClient(timeout=30, trust_env=False) as client:
        response = await client.post(url, json={"query": get_introspection_query(descriptions=False)})
    return build_client_schema(response.json()["data"])


@pytest_asyncio.fixture(scope="module")
async def real(running: Shop) -> dict[str, str]:
    """A real id for each kind of thing, by the word that begins the names of such ids."""
    admin, customer = await running.log_in("admin"), await running.log_in("customer")
    found = (await running.execute(REAL_THINGS, admin)).data
    await running.execute(REGISTER, email="intruder@allpetplus.example", password=DEMO_PASSWORD)
    mine = (await running.execute(MY_DESIGN, customer)).data["designs"]["nodes"]
    first = {name: (value["nodes"] if isinstance(value, dict) else value)[0]["id"] for name, value in found.items()}
    return {
        "order": first["orders"],
        "user": first["users"],
        "actor": first["users"],
        "experiment": first["experiments"],
        "webhook": first["webhookDeliveries"],
        "audit": first["auditEntries"],
        "preset": first["presets"],
        "product": first["products"],
        "design": mine[0]["id"],
    }


def thinned(cases: Iterable[Case]) -> Iterable[Case]:
    """Leave out most cases of the fields that are slow by design."""
    seen: Counter[str] = Counter()
    for case in cases:
        seen[case.field] += 1
        if seen[case.field] % SLOW_FIELDS.get(case.field, 1) == 0:
            yield case


@pytest.mark.parametrize("who", [None, "intruder", "admin"])
async def test_hostile_values_are_refused_with_a_code_and_nothing_is_half_done(
    running: Shop, real: dict[str, str], who: str | None
) -> None:
    hostility = Hostility(await schema_of(running.url), real)
    admin = await running.log_in("admin")
    token = await running.log_in(who) if who else None
    before = (await running.execute(STATE, admin)).data
    sender = Sender(running.url, token)
    for kind in ("query", "mutation"):
        await sender.send_all(hostility, kind, together(iter(thinned(hostility.odd(kind)))))
    assert sender.faults == []
    assert {"GRAPHQL_VALIDATION_FAILED", "GRAPHQL_PARSE_FAILED", "BAD_REQUEST"}.isdisjoint(sender.outcomes)
    after = (await running.execute(STATE, admin)).data
    made = {"users": "accountRegister", "experiments": "experimentCreate", "orders": "orderCreate"}
    for listed, mutation in made.items():
        assert after[listed]["totalCount"] - before[listed]["totalCount"] == sender.succeeded[mutation]
    for order in after["orders"]["nodes"]:
        assert [entry["version"] for entry in order["timeline"]] == list(range(1, order["version"] + 1))
        assert order["timeline"][-1]["status"] == order["status"]


async def test_wrong_types_are_refused_with_a_code(running: Shop, real: dict[str, str]) -> None:
    token = await running.log_in("admin")
    settings = Settings(port=running.port)
    subgraphs = [registry.load(name).port(settings) for name in registry.NAMES]
    for port in (running.port, *subgraphs):
        url = f"http://127.0.0.1:{port}/graphql"
        hostility, sender = Hostility(await schema_of(url), real), Sender(url, token)
        for kind in ("query", "mutation"):
            await sender.send_all(hostility, kind, ([case] for case in hostility.wrong(kind)))
        assert sender.faults == []
        assert set(sender.outcomes) <= {"BAD_USER_INPUT", "INVALID_INPUT", "BAD_REQUEST"}

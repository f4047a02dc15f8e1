"""What no client should send, through the router and at each subgraph: refused with a code, and nothing half done."""

from collections import Counter
from collections.abc import Iterable

import httpx
import pytest
import pytest_asyncio

from petplus import registry
from shared.core.settings import Settings
from subgraphs.user.demo import DEMO_PASSWORD
from tests.support.accounts import open_account_at
from tests.support.hostile import Case, Hostility, together
from tests.support.http import http_client
from tests.support.requests import Sender, schema_of
from tests.support.shop import Shop

pytestmark = [pytest.mark.usefixtures("_urls"), pytest.mark.parametrize("running", ["a process each"], indirect=True)]

# Passwords are slow to check by design.
SLOW_FIELDS = {"sessionCreate": 5, "accountRegister": 5, "passwordReset": 5}
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
MY_DESIGN = "query { designs(first: 1) { nodes { id } } }"
STATE = """
query {
  users(first: 1) { totalCount }
  orders(first: 100) { totalCount nodes { id version status timeline { version status } } }
  experiments(first: 1) { totalCount }
  auditVerify { ok: __typename }
}
"""


def client_of(port: int) -> httpx.AsyncClient:
    """Return a client of the router, or of a subgraph by its port."""
    return http_client(base_url=f"http://127.0.0.1:{port}")


@pytest_asyncio.fixture(scope="module")
async def real(running: Shop) -> dict[str, str]:
    """A real id for each kind of thing, by the word that begins the names of such ids."""
    admin, customer = await running.token_of("admin"), await running.token_of("customer")
    found = (await running.execute(REAL_THINGS, admin)).data
    await open_account_at(running, email="intruder@allpetplus.example", password=DEMO_PASSWORD, name="Ivy Intruder")
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
    admin = await running.token_of("admin")
    token = await running.token_of(who) if who else None
    before = (await running.execute(STATE, admin)).data
    async with client_of(running.port) as client:
        hostility, sender = Hostility(await schema_of(client), real), Sender(client, token)
        for kind in ("query", "mutation"):
            await sender.send_all(hostility, kind, together(iter(thinned(hostility.odd(kind)))))
    assert sender.faults == []
    assert {"GRAPHQL_VALIDATION_FAILED", "GRAPHQL_PARSE_FAILED", "BAD_REQUEST"}.isdisjoint(sender.outcomes)
    after = (await running.execute(STATE, admin)).data
    made = {"users": "emailVerify", "experiments": "experimentCreate", "orders": "orderCreate"}
    for listed, mutation in made.items():
        assert after[listed]["totalCount"] - before[listed]["totalCount"] == sender.succeeded[mutation]
    for order in after["orders"]["nodes"]:
        assert [entry["version"] for entry in order["timeline"]] == list(range(1, order["version"] + 1))
        assert order["timeline"][-1]["status"] == order["status"]


async def test_wrong_types_are_refused_with_a_code(running: Shop, real: dict[str, str]) -> None:
    token = await running.token_of("admin")
    settings = Settings(port=running.port)
    subgraphs = [registry.load(name).port(settings) for name in registry.NAMES]
    for port in (running.port, *subgraphs):
        async with client_of(port) as client:
            hostility, sender = Hostility(await schema_of(client), real), Sender(client, token)
            for kind in ("query", "mutation"):
                await sender.send_all(hostility, kind, ([case] for case in hostility.wrong(kind)))
        assert sender.faults == []
        assert set(sender.outcomes) <= {"BAD_USER_INPUT", "INVALID_INPUT", "BAD_REQUEST"}

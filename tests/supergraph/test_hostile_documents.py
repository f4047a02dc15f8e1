"""A whole shop under attack: what is hostile is refused cheaply, and no secret of anybody is left in what it writes.

`python -m benchmarks.hostile` measures the same attacks at length, beside honest clients.
"""

import json
import os
import re
from typing import Any

import pytest
from sqlalchemy import make_url
from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

from petplus import registry
from petplus.local.backing_services import DATABASE_VARIABLE, REDIS_VARIABLE
from shared.core.settings import Settings
from subgraphs.webhook.settings import DEVELOPMENT_SECRETS
from tests.supergraph.story import mails_to
from tests.support.accounts import LOG_IN, open_account_at
from tests.support.attacks.documents import ATTACKS, Attack, is_refused
from tests.support.http import http_client
from tests.support.processes import Process
from tests.support.shop import Shop
from tests.support.waiting import eventually
from tests.user.test_passwords import ASK, RESET
from tests.user.test_sessions import REFRESH
from tests.webhook.senders import fixture, stripe

# The shop that writes all that it can to its logs.
pytestmark = [pytest.mark.usefixtures("_urls"), pytest.mark.parametrize("running", ["a process each"], indirect=True)]

MOST_CPU_MS = 100.0
MOST_GROWTH_MB = 200.0
TIMES = 3
PASSWORDS = ("marmalade for ten 1", "marmalade for ten 2", "marmalade for nobody 3")


def ports(running: Shop) -> dict[str, int]:
    """The ports of the router and of each subgraph."""
    settings = Settings(port=running.port)
    return {"router": running.port, **{name: registry.port_of(name, settings) for name in registry.NAMES}}


async def outcome_of(attack: Attack, port: int, process: Process) -> tuple[set[str], float]:
    """Send an attack some times; returns what came back, and the CPU time of one in milliseconds."""
    before = process.cpu_ms
    outcomes = {await attack.send(port) for _ in range(TIMES)}
    return outcomes, (process.cpu_ms - before) / TIMES


@pytest.mark.parametrize("where", ["router", "order"])
async def test_hostile_documents_are_refused_within_their_bounds(running: Shop, where: str) -> None:
    port = ports(running)[where]
    process = Process.listening_on(port)
    idle = process.memory_mb
    sent = [each for each in ATTACKS if each.at_subgraph or where == "router"]
    found = {each.name: await outcome_of(each, port, process) for each in sent}
    assert {name: said for name, (said, _) in found.items() if not all(map(is_refused, said))} == {}
    assert {name: cpu for name, (_, cpu) in found.items() if cpu > MOST_CPU_MS} == {}
    assert process.memory_mb - idle <= MOST_GROWTH_MB
    alive = await running.execute("{ __typename }")
    assert alive.data == {"__typename": "Query"}


async def over_websocket(running: Shop, token: str) -> Any:
    """Run a query over a WebSocket whose connection parameters say who asks."""
    url = running.url.replace("http:", "ws:")
    async with connect(url, subprotocols=[Subprotocol("graphql-transport-ws")], proxy=None) as socket:
        hello = {"type": "connection_init", "payload": {"authorization": f"Bearer {token}"}}
        await socket.send(json.dumps(hello))
        await socket.recv()
        query = {"id": "1", "type": "subscribe", "payload": {"query": "{ me { name } }"}}
        await socket.send(json.dumps(query))
        return json.loads(await socket.recv())


def mailed_tokens(running: Shop, address: str) -> list[str]:
    """The secret parts of all tokens that were mailed to somebody, and the tokens before them."""
    texts = [mail.get_body(("plain",)) for mail in mails_to(running, address)]
    contents = [str(text.get_content()) for text in texts if text is not None]
    return [token for content in contents for token in re.findall(r"#token=(\S+)", content)]


async def test_no_secret_is_left_in_any_log_metric_or_error(running: Shop) -> None:
    person = await open_account_at(running, password=PASSWORDS[0])
    registration = mailed_tokens(running, person.email)
    wrong = await running.execute(LOG_IN, email=person.email, password=PASSWORDS[2])
    session = (await running.execute(LOG_IN, email=person.email, password=PASSWORDS[0])).data["sessionCreate"]
    renewed = (await running.execute(REFRESH, given=session["refreshToken"])).data["sessionRefresh"]
    # A spent token is refused once its successor was used.
    latest = (await running.execute(REFRESH, given=renewed["refreshToken"])).data["sessionRefresh"]
    reused = await running.execute(REFRESH, given=session["refreshToken"])
    await running.execute(ASK, email=person.email)

    async def reset_token() -> list[str]:
        return [each for each in mailed_tokens(running, person.email) if each not in registration]

    [mailed] = await eventually(reset_token)
    reset = (await running.execute(RESET, proof=mailed, new=PASSWORDS[1])).data["passwordReset"]
    again = await running.execute(RESET, proof=mailed, new=PASSWORDS[1])
    assert (await over_websocket(running, reset["accessToken"]))["payload"]["data"] == {"me": {"name": person.name}}

    # What fails on its way, at each place where a document, a variable or a header may be told of.
    literal = f'mutation {{ sessionCreate(input: {{ email: "x", password: "{PASSWORDS[0]}" }}) {{ nothing }} }}'
    failed = [wrong, reused, again, await running.execute(literal)]
    failed.append(await running.execute("{ me { name } }", reset["accessToken"][:-4]))
    failed.append(await running.execute("query ($n: Int) { presets(first: $n) { totalCount } }", n=None))
    body = fixture("payment_intent.succeeded.json")
    signatures = stripe(body)
    async with http_client() as client:
        url = f"http://127.0.0.1:{ports(running)['webhook']}/webhooks/stripe/payment"
        taken = [await client.post(url, content=body, headers=signatures)]
        taken.append(await client.post(url, content=body + b" ", headers=signatures))
        metrics = [
            (await client.get(f"http://127.0.0.1:{port}/metrics")).text for port in list(ports(running).values())[1:]
        ]
    assert [answer.status_code for answer in taken] == [200, 401]

    tokens = [each[name] for each in (session, renewed, latest, reset) for name in ("accessToken", "refreshToken")]
    mailed_secrets = [each.partition(".")[2] for each in (*registration, mailed)]
    servers = [make_url(os.environ[name]).password for name in (DATABASE_VARIABLE, REDIS_VARIABLE)]
    ours = [Settings().secret_key.get_secret_value(), *DEVELOPMENT_SECRETS.values(), signatures["stripe-signature"]]
    secrets = [*PASSWORDS, *tokens, *mailed_secrets, *ours, *filter(None, servers)]
    assert len(secrets) >= 3 + 8 + 2 + 5
    assert min(map(len, secrets)) > 15

    logs = {path.name: path.read_text(errors="replace") for path in (running.home / "logs").iterdir()}
    assert {"router.log", "user.log", "webhook.log"} <= set(logs)
    # Else nothing was found because nothing was written.
    assert logs["user.log"].count("route=/graphql") >= 10
    places = {
        **logs,
        "output": running.output,
        "metrics": "".join(metrics),
        "errors": str([each.body for each in failed]),
    }
    assert [(place, secret) for place, text in places.items() for secret in secrets if secret in text] == []

"""The first start of a shop: requests from its first second on do not disturb it, and SIGINT ends it."""

import asyncio
import os
import signal
import stat
from collections import Counter
from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio

from petplus import seeding
from subgraphs.user.demo import DEMO_PASSWORD
from tests.supergraph.test_journeys import alive, descendants
from tests.support.http import http_client
from tests.support.shop import IGNORES_INTERRUPTS, LOG_IN, Shop, reachable
from tests.support.waiting import TEST_TIMEOUT, eventually

PAUSE_SECONDS = 0.1
LOG_IN_OR_WHY_NOT = LOG_IN.replace("{ accessToken }", "{ accessToken } ... on Problem { code }")
TOTALS = """{ users(first: 1) { totalCount } orders(first: 1) { totalCount }
  webhookDeliveries(first: 1) { totalCount } auditVerify { checkedTo complete firstBroken { sequence } } }"""


@pytest_asyncio.fixture(scope="module")
async def first(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[Shop, Counter[str]]]:
    """A shop that somebody logged in to every 100 ms while it started, and how often they got which answer."""
    home = reachable(tmp_path_factory.mktemp("first")) / "home"
    shop = Shop(home, under=IGNORES_INTERRUPTS, from_nothing=True, env={"NODE_COMPILE_CACHE": ""})
    answers: Counter[str] = Counter()
    asking = asyncio.create_task(_log_in_again_and_again(shop, answers))
    try:
        await asyncio.to_thread(shop.wait_until_up)

        async def has_logged_in() -> bool:
            assert not asking.done(), asking
            return bool(answers["logged in"])

        await eventually(has_logged_in, about=lambda: answers)
        asking.cancel()
        yield shop, answers
    finally:
        shop.stop()


async def _log_in_again_and_again(shop: Shop, answers: Counter[str]) -> None:
    body = {
        "query": LOG_IN_OR_WHY_NOT,
        "variables": {"email": "customer@allpetplus.example", "password": DEMO_PASSWORD},
    }

    async def log_in() -> None:
        try:
            answer = (await client.post(shop.url, json=body)).json()
        except httpx.TransportError:
            answers["unreachable"] += 1
        else:
            codes = [error["extensions"]["code"] for error in answer.get("errors", ())]
            session = (answer.get("data") or {}).get("sessionCreate") or {}
            answers[codes[0] if codes else session.get("code", "logged in")] += 1

    async with http_client() as client, asyncio.TaskGroup() as requests:
        while True:
            requests.create_task(log_in())
            await asyncio.sleep(PAUSE_SECONDS)


async def test_a_shop_that_is_asked_while_it_starts_has_all_demo_data(first: tuple[Shop, Counter[str]]) -> None:
    shop, answers = first
    assert answers["unreachable"] > 0
    # Nobody was told that the account does not exist, or that the shop has a bug. Ten guesses at once are the limit.
    allowed = {"unreachable", "logged in", "SUBGRAPH_UNAVAILABLE", "UNAVAILABLE", "RATE_LIMITED"}
    assert set(answers) <= allowed, answers
    shown = (await shop.execute(TOTALS, await shop.log_in("admin"))).data
    # What `petplus seed` makes unless told.
    demo = dict(seeding.generate(seeding.Plan(users=200, designs=600, orders=1000)))
    assert shown["users"]["totalCount"] == len(demo["user"]["user_profile"])
    assert shown["orders"]["totalCount"] == len(demo["order"]["order_meta"])
    assert shown["webhookDeliveries"]["totalCount"] == len(demo["webhook"]["webhook_log"])
    assert shown["auditVerify"]["firstBroken"] is None
    # Those who logged in are entries of their own.
    intact = shop.run("audit", "verify").split()
    assert intact[0] == "intact:"
    assert int(intact[1]) > len(demo["audit"]["audit_log"])
    assert "Traceback" not in shop.output


async def test_an_interrupt_of_its_process_group_stops_a_shop_that_inherited_it_as_ignored(
    first: tuple[Shop, Counter[str]],
) -> None:
    shop, _ = first
    children = descendants(shop.process.pid)
    assert len(children) >= 4
    os.killpg(shop.process.pid, signal.SIGINT)
    assert await asyncio.to_thread(shop.process.wait, TEST_TIMEOUT) == 0, shop.output
    assert [pid for pid in children if alive(pid)] == []
    # What the router has compiled waits for its next start, out of reach of others.
    assert stat.S_IMODE((shop.home / "node").stat().st_mode) == 0o700
    assert [path for path in (shop.home / "node").rglob("*") if path.is_file()]
    assert "Traceback" not in shop.output

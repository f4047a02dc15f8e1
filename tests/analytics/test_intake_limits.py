"""How much one client may send: by events, at both doors together, and by files."""

from typing import Any

import httpx
import pytest
from sqlalchemy import text

from shared.core.ids import new_id
from subgraphs.analytics.service import intake_limits
from subgraphs.analytics.service.intake_limits import IntakeLimits
from tests.analytics.test_experiments import ASSIGN, assignments, running
from tests.analytics.test_export_access import done, recorded
from tests.analytics.tracking import TRACK, event
from tests.support.apps import Identities, Served
from tests.support.http import http_client


def address() -> str:
    """Return an address of a network of its own, with room for a neighbour."""
    seed = int.from_bytes(new_id("net").encode()[-8:])
    return f"2001:db8:{seed % 2**16:x}:{seed // 2**16 % 2**16:x}::1"


async def visit(served: Served, client: str, method: str, path: str, **more: Any) -> httpx.Response:
    """Send a request from an address."""
    transport = httpx.ASGITransport(served.app, client=(client, 40000))
    async with http_client(transport=transport, base_url="http://subgraph") as sender:
        return await sender.request(method, path, **more)


async def collect(served: Served, client: str, count: int, token: str | None = None) -> httpx.Response:
    events = [event(subject=... if token else f"anon-{new_id('any')}") for _ in range(count)]
    headers = {"authorization": f"Bearer {token}"} if token else {}
    return await visit(served, client, "POST", "/collect", json={"events": events}, headers=headers)


async def stored(served: Served) -> int:
    async with served.database.read() as connection:
        return await connection.scalar(text("SELECT count(*) FROM analytics_event")) or 0


@pytest.fixture
def few(analytics: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, most in (("MOST_EVENTS", 50), ("MOST_EVENTS_A_DAY", 80), ("MOST_FILES", 3)):
        monkeypatch.setattr(intake_limits, name, most)
    monkeypatch.setitem(analytics.runtime.resources, IntakeLimits, IntakeLimits(analytics.runtime))


@pytest.mark.usefixtures("few")
async def test_a_batch_counts_as_its_events_and_beyond_the_limit_nothing_is_stored(analytics: Served) -> None:
    client = address()
    assert (await collect(analytics, client, 30)).json()["accepted"] == 30
    before = await stored(analytics)
    refused = await collect(analytics, client.replace("::1", "::2"), 21)
    assert (refused.status_code, refused.json()["errors"][0]["extensions"]["code"]) == (429, "RATE_LIMITED")
    assert int(refused.headers["retry-after"]) > 0
    assert refused.headers["retry-after"] == str(refused.json()["errors"][0]["extensions"]["retryAfter"])
    assert await stored(analytics) == before
    assert (await collect(analytics, address(), 50)).json()["accepted"] == 50


@pytest.mark.usefixtures("few")
async def test_users_are_counted_by_themselves_and_at_both_doors_together(
    analytics: Served, people: Identities
) -> None:
    client, token = address(), people.token(new_id("usr"))
    assert (await collect(analytics, client, 50)).status_code == 202
    assert (await collect(analytics, client, 40, token)).json()["accepted"] == 40
    before = await stored(analytics)
    batch = [event(subject=...) for _ in range(11)]
    answer = (await analytics.execute(TRACK, token, events=batch)).data["eventsTrack"]
    assert answer["code"] == "RATE_LIMITED"
    assert (await collect(analytics, address(), 1, token)).status_code == 429
    assert await stored(analytics) == before


@pytest.mark.usefixtures("few")
async def test_assignments_count_as_events_and_beyond_the_limit_none_is_stored(
    analytics: Served, people: Identities, admin: str
) -> None:
    made = await running(analytics, admin)
    token = people.token(new_id("usr"))
    assert (await collect(analytics, address(), 49, token)).status_code == 202

    async def assign() -> str:
        given = {"key": made["key"], "subject": f"anon-{new_id('any')}"}
        answer = (await analytics.execute(ASSIGN, token, input=given)).data["experimentAssign"]
        code: str = answer["__typename"]
        return code

    assert await assign() == "ExperimentAssignSuccess"
    before = await assignments(analytics, made["id"])
    assert await assign() == "RateLimitedProblem"
    assert await assignments(analytics, made["id"]) == before == 1


@pytest.mark.usefixtures("few")
async def test_files_are_counted_by_network_and_refused_without_a_trace(analytics: Served, support: str) -> None:
    export_id, client = await done(analytics, support), address()
    headers = {"authorization": f"Bearer {support}", "range": "bytes=0-0"}
    statuses = [
        (await visit(analytics, client, "GET", f"/exports/{export_id}", headers=headers)).status_code for _ in range(4)
    ]
    assert statuses == [206, 206, 206, 429]
    unknown = await visit(analytics, client, "GET", f"/exports/{new_id('xpt')}")
    assert (unknown.status_code, 1 <= int(unknown.headers["retry-after"]) <= 60) == (429, True)
    assert (await visit(analytics, address(), "GET", f"/exports/{export_id}", headers=headers)).status_code == 206
    assert len(await recorded(analytics, export_id)) == 2

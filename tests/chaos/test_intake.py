"""Events of clients while the process that takes them in is killed."""

import asyncio
from pathlib import Path

import httpx
import orjson
import pytest
from sqlalchemy import text

from shared.core.ids import new_id
from shared.core.settings import Settings
from shared.database.database import Database
from tests.analytics.tracking import event
from tests.support.http import http_client
from tests.support.replicas import Command, running

pytestmark = pytest.mark.endurance

KILLS = 5
SENDERS = 4
BATCH = 50
STORED = text("SELECT count(*), count(DISTINCT client_event_id) FROM analytics_event WHERE subject = :subject")


async def test_a_killed_intake_loses_nothing_acknowledged_and_doubles_nothing(
    settings: Settings, tmp_path: Path
) -> None:
    subject, acknowledged, done = new_id("vis"), 0, asyncio.Event()
    intake = Command(settings, tmp_path / "analytics.log", "serve", "--api-only", "analytics")

    async def send(client: httpx.AsyncClient) -> None:
        """Send batch after batch, each again and again until it is answered."""
        nonlocal acknowledged
        while not done.is_set():
            body = orjson.dumps({"events": [event(subject=subject) for _ in range(BATCH)]})
            while True:
                try:
                    response = await client.post("/collect", content=body, headers={"content-type": "text/plain"})
                except httpx.TransportError:
                    await asyncio.sleep(0.05)
                    continue
                counts = response.json()
                assert (response.status_code, counts["accepted"] + counts["duplicates"]) == (202, BATCH)
                acknowledged += BATCH
                break

    with_client = http_client(base_url=intake.url("analytics"))
    async with running(intake), with_client as client, asyncio.TaskGroup() as senders:
        await intake.until_ready("analytics")
        for _ in range(SENDERS):
            senders.create_task(send(client))
        for _ in range(KILLS):
            before = acknowledged
            while acknowledged < before + 20 * BATCH:  # noqa: ASYNC110 (it looks at a count)
                await asyncio.sleep(0.01)
            intake.kill()
            intake.start()
            await intake.until_ready("analytics")
        done.set()

    database = Database.connect(settings, "analytics")
    async with database.read() as connection:
        stored = (await connection.execute(STORED, {"subject": subject})).one()
    await database.close()
    assert tuple(stored) == (acknowledged, acknowledged)

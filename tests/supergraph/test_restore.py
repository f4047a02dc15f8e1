"""The drill: a shop of backups of two moments goes on where the later one was, and nothing is lost or doubled."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import aclosing, asynccontextmanager
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from shared.core.settings import Settings
from shared.database.database import Database
from shared.runtime import open_runtime
from shared.security.pseudonyms import Pseudonymizer
from subgraphs.user.service.keys import KeyRing
from tests.chaos.changes import Changes
from tests.chaos.ledger import TIMELINE, Ledger
from tests.chaos.run import drained, settings_of
from tests.support.shop import ROOT, Shop, reachable, shop
from tests.support.waiting import eventually, in_time

pytestmark = pytest.mark.usefixtures("_urls")

ORDERS = 7
FIRST = ("audit", "analytics")
REST = ("user", "builder", "order", "webhook")
FEED = "subscription ($after: String) { orderFeed(afterCursor: $after) { change { version order { id } } } }"

Versions = dict[str, dict[int, str]]


def test_a_shop_is_restored_from_backups_of_different_moments(tmp_path: Path) -> None:
    directory = reachable(tmp_path)
    first, rest = directory / "first", directory / "rest"
    with shop(directory / "home", "--no-seed") as running:
        changing = asyncio.run(change_and_back_up(running, settings_of(running), first, rest))
    petplus(directory / "new", "restore", str(first), str(rest))
    with shop(directory / "new", "--no-seed") as running:
        asyncio.run(go_on(running, settings_of(running), *changing))


async def change_and_back_up(running: Shop, settings: Settings, first: Path, rest: Path) -> tuple[Versions, str]:
    """Move orders, and back up some subgraphs early and the rest later.

    Returns what was acknowledged before the later backup began, and a cursor of after it.
    """
    done = 0
    async with changing(running, settings) as changes:
        database = Database.connect(settings, "order")
        await changes.place(database, Pseudonymizer(settings), ORDERS)
        await database.close()
        moving = asyncio.create_task(changes.run(2, kills=2, killed=lambda: done))
        await eventually(reached(changes, 3))
        await asyncio.to_thread(running.run, "backup", str(first), *only(FIRST))
        done = 1
        await eventually(reached(changes, 17))
        acknowledged = deepcopy(changes.acknowledged)
        await asyncio.to_thread(running.run, "backup", str(rest), *only(REST))
        done = 2
        await moving
        answer = await running.execute("{ orderFeedCursor }", changes.fresh_token())
    return acknowledged, str(answer.data["orderFeedCursor"])


async def go_on(running: Shop, settings: Settings, acknowledged: Versions, cursor: str) -> None:
    """Move the restored orders to their end, and compare all databases with what was acknowledged."""
    async with changing(running, settings) as changes, Ledger.open(settings) as ledger:
        restored = await versions_of(settings)
        # All that was acknowledged is there, and what more was changed before the moment of the backup.
        for order_id, versions in acknowledged.items():
            assert versions.items() <= restored[order_id].items()
        assert ORDERS < sum(map(len, restored.values())) < ORDERS * 6
        token = changes.fresh_token()
        async with aclosing(running.sse(FEED, token, after=cursor)) as stream:
            [error] = (await anext(stream))["errors"]
        assert [field["code"] for field in error["extensions"]["fields"]] == ["CURSOR_EXPIRED"]
        changes.acknowledged.update(deepcopy(restored))
        start = (await running.execute("{ orderFeedCursor }", token)).data["orderFeedCursor"]
        await changes.run(2, kills=1, killed=lambda: 1)
        made = {
            (order_id, version)
            for order_id, versions in changes.acknowledged.items()
            for version in versions
            if version not in restored[order_id]
        }
        assert await followed(running, token, start, len(made)) == made
        await drained(running, ledger, 8 * ORDERS)
        assert await ledger.check(changes.acknowledged) == 8 * ORDERS


async def followed(running: Shop, token: str, start: str, count: int) -> set[tuple[str, int]]:
    """Return the first changes behind a cursor, by order and version."""
    found: list[tuple[str, int]] = []
    async with in_time(), aclosing(running.sse(FEED, token, after=start)) as stream:
        while len(found) < count:
            change: Mapping[str, Any] = (await anext(stream))["data"]["orderFeed"]["change"]
            found.append((change["order"]["id"], change["version"]))
    assert len(set(found)) == count
    return set(found)


async def versions_of(settings: Settings) -> Versions:
    found: Versions = {}
    database = Database.connect(settings, "order")
    async with database.read() as connection:
        for row in await connection.execute(TIMELINE):
            found.setdefault(row.order_id, {})[row.version] = row.status
    await database.close()
    return found


@asynccontextmanager
async def changing(running: Shop, settings: Settings) -> AsyncIterator[Changes]:
    async with open_runtime("user", settings, [KeyRing]) as runtime:
        yield Changes(running, runtime.resource(KeyRing))


def reached(changes: Changes, count: int) -> Callable[[], Awaitable[bool]]:
    async def is_reached() -> bool:
        return changes.done >= count

    return is_reached


def only(names: tuple[str, ...]) -> list[str]:
    return [part for name in names for part in ("--only", name)]


def petplus(home: Path, *arguments: str) -> None:
    """Run a command on a home of its own."""
    inherited = {key: value for key, value in os.environ.items() if not key.startswith(("PETPLUS_", "PYTEST_"))}
    argv = [sys.executable, "-m", "petplus", *arguments]
    env = inherited | {"PETPLUS_HOME": str(home)}
    done = subprocess.run(argv, env=env, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr

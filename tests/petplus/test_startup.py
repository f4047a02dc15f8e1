"""A start that finds its database away waits for it, says so once, and gives up in a sentence; SIGINT ends it."""

import asyncio
import os
import signal
import subprocess
from pathlib import Path

import pytest

from petplus.generated import composition
from petplus.local.embedded import EmbeddedPostgres
from petplus.local.services import http_ready
from petplus.local.supervisor import RestartPolicy
from shared.core.errors import Unavailable
from shared.core.settings import Settings
from shared.database.startup import WAIT_SECONDS, wait_for_database
from tests.support.replicas import Command, running
from tests.support.shop import IGNORES_INTERRUPTS, free_ports, reachable
from tests.support.waiting import TEST_TIMEOUT, eventually

LONG_ENOUGH_SECONDS = 1  # for several attempts


async def test_a_subgraph_started_without_its_database_waits_and_then_serves(
    settings: Settings, tmp_path: Path
) -> None:
    postgres = EmbeddedPostgres(reachable(tmp_path) / "home")
    await postgres.start()
    try:
        alone = settings.model_copy(update={"database_url": postgres.url})
        await postgres.stop()
        command = Command(alone, tmp_path / "user.log", "serve", "--migrate", "user", PETPLUS_LOG_FORMAT="json")
        async with running(command):
            await command.until_says("waiting for the database")
            await asyncio.sleep(LONG_ENOUGH_SECONDS)
            assert command.process.poll() is None
            await postgres.start()
            await command.until_ready("user")
            reported = [line for line in command.output.splitlines() if "waiting for the database" in line]
            assert len(reported) == 1, reported
            assert '"subgraph":"user"' in reported[0].replace(" ", "")
    finally:
        await postgres.stop()


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("command", ["serve", "worker"])
async def test_whoever_waits_for_a_database_can_be_stopped(
    settings: Settings, tmp_path: Path, command: str, by: signal.Signals
) -> None:
    absent = settings.model_copy(update={"database_url": f"postgresql://nobody@127.0.0.1:{free_ports()}/nothing"})
    waiting = Command(absent, tmp_path / f"{command}.log", command, "user", under=IGNORES_INTERRUPTS)
    async with running(waiting):
        await waiting.until_says("waiting for the database")
        # Had it gone on until it gave up, it would have failed.
        assert await asyncio.to_thread(waiting.stop, by) == 0, waiting.output
        assert "Traceback" not in waiting.output, waiting.output


def test_a_router_that_inherited_interrupts_as_ignored_is_ended_by_one(tmp_path: Path) -> None:
    port = free_ports()
    is_up = http_ready(f"http://127.0.0.1:{port}/healthz")
    env = os.environ | {"PETPLUS_PORT": str(port)}
    argv = [*IGNORES_INTERRUPTS, *composition.gateway_command()]
    with (tmp_path / "router.log").open("wb") as log, subprocess.Popen(argv, env=env, stderr=log) as router:
        try:
            asyncio.run(eventually(is_up))
            router.send_signal(signal.SIGINT)
            assert router.wait(TEST_TIMEOUT) == 0
        finally:
            router.kill()


def test_starts_that_wait_for_a_database_never_end_the_shop() -> None:
    policy = RestartPolicy()
    # They end by themselves, in a sentence, and are then too far apart to be too many.
    assert Settings().start_timeout > WAIT_SECONDS
    assert WAIT_SECONDS * policy.limit > policy.within


async def test_waiting_ends_when_the_work_is_done() -> None:
    failures = [ConnectionRefusedError("no"), TimeoutError("slow"), Unavailable()]

    async def attempt() -> str:
        if failures:
            raise failures.pop(0)
        return "done"

    assert await wait_for_database(attempt, "order", seconds=30) == "done"
    assert failures == []


async def test_waiting_ends_after_its_time() -> None:
    async def attempt() -> None:
        raise ConnectionRefusedError("nobody listens")

    with pytest.raises(Unavailable) as ended:
        await wait_for_database(attempt, "order", seconds=0)
    assert str(ended.value.__cause__) == "nobody listens"


async def test_what_waiting_cannot_mend_is_raised_at_once() -> None:
    attempts = 0

    async def attempt() -> None:
        nonlocal attempts
        attempts += 1
        raise ValueError("a bug")

    with pytest.raises(ValueError, match="a bug"):
        await wait_for_database(attempt, "order", seconds=30)
    assert attempts == 1


async def test_a_migration_waits_for_its_database(settings: Settings, tmp_path: Path) -> None:
    postgres = EmbeddedPostgres(reachable(tmp_path) / "home")
    await postgres.start()
    try:
        alone = settings.model_copy(update={"database_url": postgres.url})
        await postgres.stop()
        command = Command(alone, tmp_path / "migrate.log", "migrate", "audit")
        async with running(command):
            await command.until_says("waiting for the database")
            await postgres.start()
            assert await asyncio.to_thread(command.process.wait, TEST_TIMEOUT) == 0, command.output
            assert "audit: up to date" in command.output
            assert "Traceback" not in command.output
    finally:
        await postgres.stop()


@pytest.mark.parametrize("command", ["serve", "worker"])
async def test_a_role_that_the_database_refuses_is_one_sentence(
    settings: Settings, tmp_path: Path, command: str
) -> None:
    other = {"PETPLUS_SECRET_KEY": "another-secret-than-the-migration-had"}
    refused = Command(settings, tmp_path / "refused.log", command, "user", **other)
    async with running(refused):
        assert await asyncio.to_thread(refused.process.wait, TEST_TIMEOUT) == 1
    [line] = [line for line in refused.output.splitlines() if "log" not in line]
    assert line.startswith("The database refuses petplus_user: run `petplus migrate user`"), refused.output

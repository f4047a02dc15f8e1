"""The embedded Valkey starts anywhere on its private socket, and ends with its parent."""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from redis.asyncio import Redis
from redis.exceptions import ConnectionError as RedisConnectionError

from petplus.local.embedded import EmbeddedValkey
from petplus.local.process import ServiceError
from tests.petplus.parent_processes import Parent, command_line, runs
from tests.support.waiting import wait_until

Start = Callable[[Path], Awaitable[EmbeddedValkey]]


async def test_start_offers_a_broker_that_never_evicts_nor_writes_to_disk(home: Path, start_valkey: Start) -> None:
    server = await start_valkey(home)
    async with Redis.from_url(server.url, decode_responses=True) as redis:
        assert await redis.config_get("maxmemory-policy", "save", "appendonly", "port") == {
            "maxmemory-policy": "noeviction",
            "save": "",
            "appendonly": "no",
            "port": "0",
        }
    assert server.process is not None
    assert (home / "servers" / "valkey" / "password").read_text() not in command_line(server.process.pid)


async def test_wrong_password_is_refused(home: Path, start_valkey: Start) -> None:
    server = await start_valkey(home)
    wrong = server.url.replace((home / "servers" / "valkey" / "password").read_text(), "guess")
    async with Redis.from_url(wrong) as redis:
        with pytest.raises(RedisConnectionError, match="invalid username-password pair"):
            await redis.ping()


async def test_restart_after_kill_has_the_same_url_and_is_empty(home: Path, start_valkey: Start) -> None:
    server = await start_valkey(home)
    url = server.url
    async with Redis.from_url(url) as redis:
        await redis.set("key", "value")
    assert server.process is not None
    os.kill(server.process.pid, signal.SIGKILL)
    assert await server.process.wait() == -signal.SIGKILL
    await server.start()
    assert server.url == url
    async with Redis.from_url(url) as redis:
        assert await redis.dbsize() == 0


async def test_kill_of_the_parent_ends_the_server(
    home: Path, start_valkey: Start, start_parent: Callable[..., Parent]
) -> None:
    parent = start_parent("valkey", home)
    said = parent.said()
    parent.kill()
    await asyncio.to_thread(wait_until, lambda: not runs(said["pid"]))
    assert (await start_valkey(home)).url == said["url"]


async def test_two_instances_run_side_by_side(home: Path, start_valkey: Start) -> None:
    one, other = await start_valkey(home), await start_valkey(home.with_name("other"))
    async with Redis.from_url(one.url) as mine, Redis.from_url(other.url) as theirs:
        await mine.set("key", "value")
        assert await mine.dbsize() == 1
        assert await theirs.dbsize() == 0


async def test_second_instance_on_the_same_home_is_refused_and_harms_nothing(home: Path, start_valkey: Start) -> None:
    server = await start_valkey(home)
    second = EmbeddedValkey(home)
    with pytest.raises(ServiceError, match=rf"^Another process already runs the Valkey \(valkey\) of {home}.$"):
        await second.start()
    await second.stop()
    async with Redis.from_url(server.url) as redis:
        assert await redis.ping() is True


@pytest.mark.parametrize("name", ['o\'d, "q" & #?', "a long, 'odd' näme & #" + "x" * 120])
async def test_home_with_strange_characters_works(home: Path, start_valkey: Start, name: str) -> None:
    server = await start_valkey(home / name)
    async with Redis.from_url(server.url) as redis:
        assert await redis.ping() is True


async def test_stop_removes_process_and_socket(home: Path, start_valkey: Start) -> None:
    server = await start_valkey(home)
    assert server.process is not None
    pid = server.process.pid
    await server.stop()
    assert server.process is None
    assert not runs(pid)
    assert not (home / "servers" / "valkey" / "valkey.sock").exists()
    await server.stop()

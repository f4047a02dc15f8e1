"""The supervisor starts in order, restarts what dies, gives up in one sentence, and stops in reverse."""

import asyncio
import contextlib
import os
import signal
import socket
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import asyncpg
import pytest

from petplus.local.process import ManagedProcess, ServiceError
from petplus.local.services import (
    CommandService,
    Service,
    Step,
    console_lines,
    http_ready,
    require_free_port,
    until_ready,
)
from petplus.local.supervisor import RestartPolicy, Supervisor
from tests.petplus.parent_processes import SLEEPER, STUBBORN, Parent, runs
from tests.support.waiting import in_time, wait_until

_NO_DELAY = RestartPolicy(limit=2, first_delay=0.0)


class _Recorded(CommandService):
    """A command that writes into `story` what happens to it."""

    def __init__(self, name: str, home: Path, story: list[str], argv: list[str] = SLEEPER) -> None:
        super().__init__(name, argv, log=home / "logs" / f"{name}.log")
        self._story = story

    async def start(self) -> None:
        await super().start()
        self._story.append(f"{self.name} started")

    async def stop(self) -> None:
        await super().stop()
        self._story.append(f"{self.name} stopped")


def _sleeper(home: Path, name: str = "sleeper") -> CommandService:
    return CommandService(name, SLEEPER, log=home / "logs" / f"{name}.log")


def _interrupt() -> None:
    os.kill(os.getpid(), signal.SIGINT)


async def _interrupt_when_ready() -> None:
    _interrupt()


def _pid(service: Service) -> int:
    assert service.process is not None
    return service.process.pid


async def _until(condition: Callable[[], bool]) -> None:
    await asyncio.to_thread(wait_until, condition)


async def test_stages_start_in_order_and_stop_in_reverse(home: Path) -> None:
    story: list[str] = []
    first, second = _Recorded("first", home, story), _Recorded("second", home, story)

    async def migrate() -> None:
        story.append("migrated")

    await Supervisor(home, [[first], [Step("migrations", migrate)], [second]]).run(_interrupt_when_ready)
    assert story == ["first started", "migrated", "second started", "second stopped", "first stopped"]
    assert (first.process, second.process) == (None, None)


async def test_services_of_one_stage_start_together(home: Path) -> None:
    meeting = asyncio.Barrier(2)

    async def meet() -> None:
        await meeting.wait()

    async with in_time():
        await Supervisor(home, [[Step("one", meet), Step("other", meet)]]).run(_interrupt_when_ready)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
async def test_each_stop_signal_ends_the_children(home: Path, number: signal.Signals) -> None:
    service = _sleeper(home)
    seen: list[int] = []

    async def when_ready() -> None:
        seen.append(_pid(service))
        os.kill(os.getpid(), number)

    await Supervisor(home, [[service]]).run(when_ready)
    assert [runs(pid) for pid in seen] == [False]


async def test_signal_during_the_start_stops_it(home: Path) -> None:
    story: list[str] = []

    async def never() -> None:
        _interrupt()
        await asyncio.Event().wait()

    stages: list[Sequence[Service]] = [
        [_Recorded("first", home, story)],
        [Step("never", never)],
        [_Recorded("last", home, story)],
    ]
    await Supervisor(home, stages).run()
    assert story == ["first started", "last stopped", "first stopped"]


async def test_killed_service_is_restarted_and_the_others_are_left_alone(home: Path) -> None:
    victim, other = _sleeper(home, "victim"), _sleeper(home, "other")
    pids: list[int] = []

    async def when_ready() -> None:
        pids.extend((_pid(victim), _pid(other)))
        os.kill(pids[0], signal.SIGKILL)
        await _until(lambda: _pid(victim) != pids[0])
        pids.extend((_pid(victim), _pid(other)))
        _interrupt()

    await Supervisor(home, [[victim, other]], _NO_DELAY).run(when_ready)
    assert pids[2] != pids[0]
    assert pids[3] == pids[1]


async def test_service_that_dies_too_often_stops_everything_in_one_sentence(home: Path) -> None:
    story: list[str] = []
    steady = _Recorded("steady", home, story)
    fragile = _Recorded("fragile", home, story, [sys.executable, "-c", "raise SystemExit(3)"])
    with pytest.raises(ServiceError) as error:
        await Supervisor(home, [[steady], [fragile]], _NO_DELAY).run()
    log = home / "logs" / "fragile.log"
    assert str(error.value) == f"fragile ended 3 times within 60 s, so everything was stopped: its log is {log}."
    assert story.count("fragile started") == 3
    assert story[-1] == "steady stopped"
    assert steady.process is None


async def test_deaths_long_ago_are_forgotten(home: Path) -> None:
    policy = RestartPolicy(limit=1, within=0.0, first_delay=0.0)
    victim = _sleeper(home)

    async def when_ready() -> None:
        for _ in range(3):
            pid = _pid(victim)
            os.kill(pid, signal.SIGKILL)
            await _until(lambda pid=pid: _pid(victim) != pid)  # type: ignore[misc]
        _interrupt()

    await Supervisor(home, [[victim]], policy).run(when_ready)


def test_delay_doubles_up_to_the_longest() -> None:
    policy = RestartPolicy(first_delay=0.1, longest_delay=5.0)
    assert [policy.delay(deaths) for deaths in (1, 2, 3, 10)] == [0.1, 0.2, 0.4, 5.0]


async def test_service_that_cannot_start_stops_what_runs(home: Path) -> None:
    story: list[str] = []
    broken = CommandService(
        "broken",
        [sys.executable, "-c", "print('why'); raise SystemExit(4)"],
        log=home / "logs" / "broken.log",
        ready=http_ready("http://127.0.0.1:9/"),
    )
    with pytest.raises(ServiceError) as error:
        await Supervisor(home, [[_Recorded("first", home, story)], [broken]]).run()
    log = home / "logs" / "broken.log"
    assert str(error.value) == f"broken exited with 4 while starting: its log is {log}."
    assert log.read_text() == "why\n"
    assert story == ["first started", "first stopped"]


async def test_service_that_is_never_ready_is_stopped_at_its_deadline(home: Path) -> None:
    pids: list[int] = []

    async def never() -> bool:
        pids.append(_pid(slow))
        return False

    slow = CommandService("slow", SLEEPER, log=home / "slow.log", ready=never, deadline=0.2)
    with pytest.raises(ServiceError) as error:
        await slow.start()
    assert str(error.value) == f"slow was not ready after 0 s: its log is {home / 'slow.log'}."
    assert not runs(pids[0])


async def test_readiness_is_waited_for_and_what_is_missing_is_said() -> None:
    answers = [(503, b'{"reason": "order does not answer"}'), (200, b"")]

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # A client that has waited for too long leaves in the middle.
        with contextlib.closing(writer), contextlib.suppress(OSError, asyncio.IncompleteReadError):
            await reader.readuntil(b"\r\n\r\n")
            status, body = answers[0] if len(answers) == 1 else answers.pop(0)
            head = b"HTTP/1.1 %d X\r\ncontent-length: %d\r\nconnection: close\r\n\r\n" % (status, len(body))
            writer.write(head + body)
            await writer.drain()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/ready"
        async with in_time():
            await until_ready("router", url, 600)()
        assert answers == [(200, b"")]
        answers[:] = [(503, b'{"reason": "order does not answer"}')]
        with pytest.raises(ServiceError) as error:
            await until_ready("router", url, 0.5)()
    said = '{"reason": "order does not answer"}'
    assert str(error.value) == f"router was not ready after 0 s: {url} says {said}."


async def test_command_that_does_not_exist_is_named_in_the_log(home: Path) -> None:
    async def never() -> bool:
        return False

    service = CommandService("absent", ["/no/such/program"], log=home / "absent.log", ready=never)
    with pytest.raises(ServiceError, match="absent exited with 126 while starting"):
        await service.start()
    assert (home / "absent.log").read_text() == "/no/such/program: No such file or directory\n"


async def test_taken_port_is_one_sentence(home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as stranger:
        port = stranger.getsockname()[1]
        service = CommandService("router", SLEEPER, log=home / "router.log", port=port)
        with pytest.raises(
            ServiceError, match=f"^router cannot listen on port {port}: it is taken by another program.$"
        ):
            await service.start()
        assert service.process is None
    require_free_port("router", port)


async def test_second_supervisor_on_the_home_is_refused_and_the_first_runs_on(home: Path) -> None:
    service = _sleeper(home)
    pids: list[tuple[int, bool]] = []

    async def when_ready() -> None:
        with pytest.raises(ServiceError) as error:
            await Supervisor(home, [[_sleeper(home, "intruder")]]).run()
        assert str(error.value) == f"{home} is in use by another `petplus up`: stop that one, or set PETPLUS_HOME."
        pids.append((_pid(service), runs(_pid(service))))
        _interrupt()

    await Supervisor(home, [[service]]).run(when_ready)
    assert [alive for _, alive in pids] == [True]
    assert not (home / "logs" / "intruder.log").exists()
    await Supervisor(home, [[service]]).run(_interrupt_when_ready)  # the lock is free again


async def test_second_signal_ends_a_service_that_ignores_the_first(home: Path) -> None:
    deaf = asyncio.Event()
    seen: list[ManagedProcess] = []
    stubborn = CommandService(
        "stubborn",
        STUBBORN,
        log=home / "s.log",
        grace=60.0,
        on_line=lambda line: deaf.set() if line == "deaf" else None,
    )

    async def when_ready() -> None:
        await deaf.wait()
        assert stubborn.process is not None
        seen.append(stubborn.process)
        _interrupt()
        asyncio.get_running_loop().call_later(0.2, _interrupt)

    async with in_time():
        await Supervisor(home, [[stubborn]]).run(when_ready)
    assert seen[0].returncode == -signal.SIGKILL


async def test_service_that_ignores_sigterm_is_killed_after_its_grace(home: Path) -> None:
    deaf = asyncio.Event()
    stubborn = CommandService("stubborn", STUBBORN, log=home / "s.log", grace=0.2, on_line=lambda _: deaf.set())
    await stubborn.start()
    process = stubborn.process
    assert process is not None
    await deaf.wait()
    await stubborn.stop()
    assert process.returncode == -signal.SIGKILL


async def test_group_of_a_dead_service_dies_with_it(home: Path) -> None:
    lines: asyncio.Queue[str] = asyncio.Queue()
    code = "import subprocess, signal; print(subprocess.Popen(['sleep', '60']).pid, flush=True); signal.pause()"
    service = CommandService("forking", [sys.executable, "-c", code], log=home / "f.log", on_line=lines.put_nowait)
    await service.start()
    grandchild = int(await lines.get())
    os.kill(_pid(service), signal.SIGKILL)
    assert service.process is not None
    await service.process.wait()
    await asyncio.to_thread(wait_until, lambda: not runs(grandchild))
    await service.stop()


async def test_output_goes_to_the_log_and_prefixed_to_the_console(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = f"print('x' * {200_000}); print('end', end='')"
    service = CommandService(
        "order", [sys.executable, "-c", code], log=home / "order.log", on_line=console_lines("order", 8)
    )
    await service.start()
    assert service.process is not None
    assert await service.process.wait() == 0
    assert (home / "order.log").read_text() == "x" * 200_000 + "\nend"
    assert capsys.readouterr().out == "order   | " + "x" * 200_000 + "\norder   | end\n"


async def test_environment_is_asked_for_at_each_start(home: Path) -> None:
    values = iter(["one", "two"])
    argv = [sys.executable, "-c", "import os; print(os.environ['WHICH'])"]
    service = CommandService("env", argv, log=home / "env.log", env=lambda: os.environ | {"WHICH": next(values)})
    for _ in range(2):
        await service.start()
        assert service.process is not None
        await service.process.wait()
    assert (home / "env.log").read_text() == "one\ntwo\n"


async def test_killed_servers_are_restarted_at_the_same_url(home: Path, start_parent: Callable[..., Parent]) -> None:
    parent = start_parent("supervisor", home)
    said = parent.said()
    connection = await asyncpg.connect(said["dsn"])
    await connection.execute("CREATE TABLE kept AS SELECT 7 AS n")
    os.kill(said["postgres"], signal.SIGKILL)

    async def answered() -> int:
        async with in_time():
            while True:
                try:
                    again = await asyncpg.connect(said["dsn"])
                except (OSError, asyncpg.PostgresError):
                    await asyncio.sleep(0.02)
                    continue
                value: int = await again.fetchval("SELECT n FROM kept")
                await again.close()
                return value

    await asyncio.to_thread(wait_until, lambda: not runs(said["postgres"]))
    assert await answered() == 7
    assert runs(said["valkey"])
    assert runs(said["sleeper"])
    connection.terminate()


@pytest.mark.parametrize("what", ["supervisor", "stubborn"])
async def test_kill_of_the_supervisor_leaves_no_process(
    home: Path, start_parent: Callable[..., Parent], what: str
) -> None:
    parent = start_parent(what, home)
    said = parent.said()
    pids = [said[name] for name in ("postgres", "valkey", "sleeper")]
    assert all(runs(pid) for pid in pids)
    connection = await asyncpg.connect(said["dsn"])
    backend = connection.get_server_pid()
    busy = asyncio.create_task(connection.execute("DO $$ BEGIN LOOP PERFORM 1; END LOOP; END $$"))
    parent.kill()
    await asyncio.to_thread(wait_until, lambda: not any(runs(pid) for pid in [*pids, backend]))
    with pytest.raises(Exception, match="closed"):
        await busy
    again = start_parent("supervisor", home)
    assert again.said()["url"] == said["url"]


async def test_terminated_supervisor_exits_cleanly_and_leaves_no_process(
    home: Path, start_parent: Callable[..., Parent]
) -> None:
    parent = start_parent("supervisor", home)
    said = parent.said()
    parent.process.terminate()
    assert await asyncio.to_thread(parent.process.wait, 20) == 0
    assert not any(runs(said[name]) for name in ("postgres", "valkey", "sleeper"))
    assert "database system is shut down" in (home / "logs" / "postgres.log").read_text()

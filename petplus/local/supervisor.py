"""Start services in order, keep them running, and stop them in reverse: the core of `petplus up`."""

import asyncio
import contextlib
import logging
import signal
import time
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from petplus.local.home import make_home
from petplus.local.locking import DirectoryLock
from petplus.local.process import ManagedProcess, ServiceError, exit_text
from petplus.local.services import Service

_log = logging.getLogger(__name__)
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass(frozen=True, slots=True)
class RestartPolicy:
    """How often a service may die: more than `limit` times within `within` seconds stops everything.

    The delay before a restart starts at `first_delay` seconds, doubles with each death within that time, and
    ends at `longest_delay`.
    """

    limit: int = 5
    within: float = 60.0
    first_delay: float = 0.1
    longest_delay: float = 5.0

    def delay(self, deaths: int) -> float:
        """Return the seconds to wait after this many recent deaths, which is at least 1."""
        return float(min(self.first_delay * 2 ** (deaths - 1), self.longest_delay))


class Supervisor:
    """Runs services until SIGINT, SIGTERM or SIGHUP, or until one of them cannot be kept running.

    Services come in stages: those of one stage start together, once all earlier stages are ready, and stop
    together, after all later stages have stopped. A service that dies is restarted alone: what depends on it
    must reconnect.
    """

    def __init__(self, home: Path, stages: Iterable[Sequence[Service]], restart: RestartPolicy | None = None) -> None:
        """`home` is PETPLUS_HOME, locked while `run` runs, so that a second supervisor on it is refused."""
        self._home = home
        self._stages = [list(stage) for stage in stages]
        self._restart = restart or RestartPolicy()
        self._watchers: set[asyncio.Task[None]] = set()
        self._hurry = asyncio.Event()
        self._outcome: asyncio.Future[None] | None = None

    async def run(self, when_ready: Callable[[], Awaitable[None]] | None = None) -> None:
        """Start everything, call `when_ready`, and return after a signal, when everything has stopped.

        Call it in the main thread. A second signal during the stop ends all services at once. Raises
        ServiceError with one sentence when the home is in use, a service cannot be started, or one dies too
        often; everything has stopped by then, too.
        """
        self._home.mkdir(mode=0o700, parents=True, exist_ok=True)
        refusal = f"{self._home} is in use by another `petplus up`: stop that one, or set PETPLUS_HOME."
        with DirectoryLock(self._home, refusal), self._signals() as outcome:
            make_home(self._home)
            start = self._watch_task(self._start_all(when_ready))
            try:
                await outcome
            finally:
                await _cancel([start, *self._watchers])
                await self._stop_all()

    @contextlib.contextmanager
    def _signals(self) -> Iterator[asyncio.Future[None]]:
        loop = asyncio.get_running_loop()
        self._outcome = loop.create_future()
        # Under nohup(1) a hang-up is ignored, and must stay so.
        is_kept = signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
        handled = [number for number in _SIGNALS if number != signal.SIGHUP or not is_kept]
        for number in handled:
            loop.add_signal_handler(number, self._on_signal)
        try:
            yield self._outcome
        finally:
            for number in handled:
                loop.remove_signal_handler(number)

    def _on_signal(self) -> None:
        if self._outcome is not None and not self._outcome.done():
            self._outcome.set_result(None)
        else:
            self._hurry.set()

    def _watch_task(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Run `work` in the background; its failure becomes the outcome of `run`."""
        task = asyncio.create_task(work)
        self._watchers.add(task)
        task.add_done_callback(self._on_done)
        return task

    def _on_done(self, task: asyncio.Task[None]) -> None:
        self._watchers.discard(task)
        if task.cancelled() or (error := task.exception()) is None or self._outcome is None:
            return
        if self._outcome.done():
            _log.error("%s", error)
        else:
            self._outcome.set_exception(error)

    async def _start_all(self, when_ready: Callable[[], Awaitable[None]] | None) -> None:
        for stage in self._stages:
            starts = [asyncio.create_task(self._start(service)) for service in stage]
            try:
                await asyncio.gather(*starts)
            finally:
                await _cancel(starts)
        if when_ready is not None:
            await when_ready()

    async def _start(self, service: Service) -> None:
        begun = time.monotonic()
        await service.start()
        _log.info("%s is ready after %.2f s", service.name, time.monotonic() - begun)
        if service.process is not None:
            self._watch_task(self._watch(service, service.process))

    async def _watch(self, service: Service, process: ManagedProcess) -> None:
        """Restart the service whenever its process ends; a restart that fails counts as another death."""
        deaths: deque[float] = deque()
        while True:
            reason = f"{service.name} {exit_text(await process.wait())}"
            while True:
                now = time.monotonic()
                deaths.append(now)
                while now - deaths[0] > self._restart.within:
                    deaths.popleft()
                if len(deaths) > self._restart.limit:
                    raise ServiceError(
                        f"{service.name} ended {len(deaths)} times within {self._restart.within:.0f} s, "
                        f"so everything was stopped: its log is {service.log}."
                    )
                delay = self._restart.delay(len(deaths))
                _log.warning("%s: restarting it in %.1f s", reason, delay)
                await asyncio.sleep(delay)
                try:
                    await service.start()
                except ServiceError as error:
                    reason = str(error).rstrip(".")
                else:
                    break
            _log.info("%s is ready again", service.name)
            if service.process is None:
                return
            process = service.process

    async def _stop_all(self) -> None:
        polite = asyncio.create_task(self._stop_politely())
        hurry = asyncio.create_task(self._hurry.wait())
        await asyncio.wait({polite, hurry}, return_when=asyncio.FIRST_COMPLETED)
        if not polite.done():
            running = [service.process for stage in self._stages for service in stage if service.process]
            _log.warning("ending all services at once")
            await asyncio.gather(*(process.abort() for process in running))
        await _cancel([hurry])
        await polite

    async def _stop_politely(self) -> None:
        for stage in reversed(self._stages):
            for result in await asyncio.gather(*(service.stop() for service in stage), return_exceptions=True):
                if isinstance(result, BaseException):
                    _log.error("a service did not stop cleanly: %s", result)


async def _cancel(tasks: Iterable[asyncio.Task[Any]]) -> None:
    tasks = list(tasks)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)

"""Programs that start children and can be killed, and their handle.

Run `python -m tests.petplus.parent_processes WHAT HOME`.
"""

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from petplus.local.embedded import EmbeddedPostgres, EmbeddedValkey
from petplus.local.process import ServiceError
from petplus.local.services import CommandService
from petplus.local.supervisor import Supervisor

_ROOT = Path(__file__).parents[2]
SLEEPER = [sys.executable, "-c", "import signal; signal.pause()"]
STUBBORN = [
    sys.executable,
    "-c",
    "import signal; signal.signal(15, 1); print('deaf', flush=True)\nwhile 1: signal.pause()",
]


class Parent:
    """A running program of this file; `said` is the JSON line it printed when it was ready."""

    def __init__(self, what: str, home: Path, *demotion: str) -> None:
        """`demotion` is a user id to become, and a Python that this user may run."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.petplus.parent_processes", what, str(home), *demotion],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=_ROOT,
        )
        assert self.process.stdout is not None
        self._output = self.process.stdout

    def line(self) -> str:
        """The next line of its output."""
        return self._output.readline().rstrip("\n")

    def said(self) -> Any:
        """The next line of its output, decoded."""
        line = self.line()
        assert line.startswith("{"), line + self._output.read()
        return json.loads(line)

    def kill(self) -> None:
        """End it with SIGKILL, if it still runs, and collect it."""
        self.process.kill()
        self.process.wait()
        self._output.close()


def runs(pid: int) -> bool:
    """Tell whether a process with this id runs; one that ended and was not collected by its parent does not."""
    listing = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True)
    return bool(listing.stdout.strip()) and not listing.stdout.strip().startswith("Z")


def command_line(pid: int) -> str:
    """The command line of a process."""
    listing = subprocess.run(["ps", "-ww", "-o", "args=", "-p", str(pid)], capture_output=True, text=True)
    return listing.stdout.strip()


def _say(**facts: Any) -> None:
    sys.stdout.write(json.dumps(facts) + "\n")
    sys.stdout.flush()


def _pid(service: EmbeddedPostgres | EmbeddedValkey | CommandService) -> int | None:
    return service.process.pid if service.process else None


async def _postgres(home: Path) -> None:
    server = EmbeddedPostgres(home)
    try:
        await server.start()
    except ServiceError as error:
        sys.exit(str(error))
    _say(url=server.url, dsn=server.dsn, pid=_pid(server), uid=os.geteuid())
    await asyncio.Event().wait()


async def _valkey(home: Path) -> None:
    server = EmbeddedValkey(home)
    await server.start()
    _say(url=server.url, pid=_pid(server), uid=os.geteuid())
    await asyncio.Event().wait()


async def _supervisor(home: Path, command: list[str]) -> None:
    postgres, valkey = EmbeddedPostgres(home), EmbeddedValkey(home)
    sleeper = CommandService("sleeper", command, log=home / "logs" / "sleeper.log")

    async def when_ready() -> None:
        _say(postgres=_pid(postgres), valkey=_pid(valkey), sleeper=_pid(sleeper), url=postgres.url, dsn=postgres.dsn)

    try:
        await Supervisor(home, [[postgres, valkey], [sleeper]]).run(when_ready)
    except ServiceError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    _what, _home = sys.argv[1], Path(sys.argv[2])
    if len(sys.argv) > 3:
        # Demoted only now: the modules of this interpreter may be out of that user's reach.
        os.setgroups([])
        os.setuid(int(sys.argv[3]))
        sys.executable = sys.argv[4]
    _programs = {"postgres": _postgres, "valkey": _valkey}
    if _what in _programs:
        asyncio.run(_programs[_what](_home))
    else:
        asyncio.run(_supervisor(_home, STUBBORN if _what == "stubborn" else SLEEPER))

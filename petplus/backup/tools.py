"""The tools of PostgreSQL that dump and restore: those of the embedded server, or of the system's packages.

A tool dumps servers of its own major version and of older ones, so the oldest that can is taken.
"""

import asyncio
import os
import re
import shutil
import subprocess
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL

from petplus.backup.errors import ToolFailed
from petplus.local.embedded.binaries import client_tools
from shared.core.environment import system_environment

_SYSTEM = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql@*/bin")
_ERROR_BYTES = 64 * 1024
# Whatever the user's language and the data's encoding are.
_ALIKE = {"PGAPPNAME": "petplus backup", "PGCLIENTENCODING": "UTF8", "LC_ALL": "C"}
_SENTENCE = re.compile(r"^(?:\S+: )?(?:error|fatal): +(.+)$|^(?:psql:\S+ )?ERROR: +(.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Tools:
    """The directory of `pg_dump`, `pg_restore` and `psql` of one major version."""

    directory: Path
    major: int

    def path(self, name: str) -> str:
        return str(self.directory / name)


def find_tools(server: int) -> Tools:
    """Return the tools for a server of some major version; raises ToolFailed."""
    fitting = [tools for tools in _installed() if tools.major >= server]
    if not fitting:
        raise ToolFailed(f"The server is PostgreSQL {server}: install its client, which has pg_dump {server} or newer.")
    return min(fitting, key=lambda tools: tools.major)


def environment_of(url: URL) -> dict[str, str]:
    """Return the environment in which tools reach a database: no password is on a command line."""
    query = {name: value if isinstance(value, str) else value[-1] for name, value in url.query.items()}
    given = {
        "PGHOST": query.get("host") or url.host,
        "PGPORT": query.get("port") or (str(url.port) if url.port else None),
        "PGUSER": url.username,
        "PGPASSWORD": str(url.password) if url.password is not None else None,
        "PGDATABASE": url.database,
        "PGSSLMODE": query.get("ssl"),
        "PGPASSFILE": query.get("passfile"),
    }
    own = {name: value for name, value in given.items() if value is not None}
    return system_environment(prefixes=["PG"]) | _ALIKE | own


class RunningTool:
    """A tool that runs; `process` has its pipes."""

    def __init__(self, name: str, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self._name = name
        assert process.stderr is not None  # noqa: S101
        self._errors = asyncio.create_task(_last_bytes(process.stderr))

    async def finished(self) -> None:
        """Wait for the end; raises ToolFailed with what the tool says, unless it ended well."""
        code = await self.process.wait()
        said = (await self._errors).decode(errors="replace")
        if code != 0:
            found = _SENTENCE.search(said)
            reason = next(filter(None, found.groups())) if found else said.strip().rpartition("\n")[2] or f"exit {code}"
            raise ToolFailed(f"{self._name} has failed: {reason.rstrip('.')}.")

    async def kill(self) -> None:
        """End it at once, if it still runs."""
        if self.process.returncode is None:
            self.process.kill()
            await self.process.wait()
        await self._errors


@asynccontextmanager
async def running(
    tools: Tools,
    name: str,
    arguments: Sequence[str],
    environment: Mapping[str, str],
    *,
    stdin: int = asyncio.subprocess.DEVNULL,
    stdout: int = asyncio.subprocess.PIPE,
) -> AsyncIterator[RunningTool]:
    """Run a tool until the end of the block at most."""
    process = await asyncio.create_subprocess_exec(
        tools.path(name),
        *arguments,
        env=dict(environment),
        stdin=stdin,
        stdout=stdout,
        stderr=asyncio.subprocess.PIPE,
        limit=2**20,
    )
    tool = RunningTool(name, process)
    try:
        yield tool
    finally:
        await tool.kill()


async def _last_bytes(stream: asyncio.StreamReader) -> bytes:
    kept = b""
    while part := await stream.read(_ERROR_BYTES):
        kept = (kept + part)[-_ERROR_BYTES:]
    return kept


def _installed() -> list[Tools]:
    directories = [client_tools()]
    if found := shutil.which("pg_dump"):
        directories.append(Path(found).parent)
    for pattern in _SYSTEM:
        directories += sorted(Path("/").glob(pattern.removeprefix("/")))
    return [
        Tools(directory, major)
        for directory in dict.fromkeys(each for each in directories if each is not None)
        if (major := _major_of(directory)) is not None
    ]


def _major_of(directory: Path) -> int | None:
    """Return the major version of the tools in a directory; None where one is missing."""
    if not all(os.access(directory / name, os.X_OK) for name in ("pg_dump", "pg_restore", "psql")):
        return None
    argv = [str(directory / "pg_dump"), "--version"]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    found = re.search(r"\) (\d+)", done.stdout)
    return int(found[1]) if found and done.returncode == 0 else None

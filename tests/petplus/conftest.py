"""Homes for the tests of the embedded servers, and parents that can be killed."""

import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
import pytest_asyncio

from petplus.local.embedded import EmbeddedPostgres, EmbeddedValkey
from petplus.local.embedded.directories import remove_servers
from tests.petplus.parent_processes import Parent


@pytest.fixture
def home() -> Iterator[Path]:
    """A PETPLUS_HOME that does not exist yet, below a directory that every user may enter."""
    with tempfile.TemporaryDirectory(prefix="petplus-home-") as directory:
        Path(directory).chmod(0o755)
        path = Path(directory, "home")
        yield path
        if path.exists():
            remove_servers(path)


@pytest_asyncio.fixture
async def start_postgres() -> AsyncIterator[Callable[[Path], Awaitable[EmbeddedPostgres]]]:
    """Starts a PostgreSQL for a home; it is stopped after the test."""
    async with AsyncExitStack() as stack:

        async def start(home: Path) -> EmbeddedPostgres:
            server = EmbeddedPostgres(home)
            stack.push_async_callback(server.stop)
            await server.start()
            return server

        yield start


@pytest_asyncio.fixture
async def start_valkey() -> AsyncIterator[Callable[[Path], Awaitable[EmbeddedValkey]]]:
    """Starts a Valkey for a home; it is stopped after the test."""
    async with AsyncExitStack() as stack:

        async def start(home: Path) -> EmbeddedValkey:
            server = EmbeddedValkey(home)
            stack.push_async_callback(server.stop)
            await server.start()
            return server

        yield start


@pytest.fixture
def start_parent() -> Iterator[Callable[..., Parent]]:
    """Starts `tests/petplus/parent_processes.py` as a process of its own; it is killed after the test."""
    parents: list[Parent] = []

    def start(what: str, home: Path, *demotion: str) -> Parent:
        parents.append(Parent(what, home, *demotion))
        return parents[-1]

    yield start
    for parent in parents:
        parent.kill()

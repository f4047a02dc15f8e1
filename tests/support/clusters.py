"""The files of an embedded PostgreSQL whose tables are made: made once a run, and copied for each shop.

To make a cluster and to migrate it takes half of the CPU time of a shop's start.
"""

import asyncio
import os
import subprocess
from pathlib import Path

from petplus import registry
from petplus.local.embedded import EmbeddedPostgres
from petplus.local.embedded.directories import open_server_directory
from shared.core.settings import load_settings
from shared.database.migrations import migrate_if_needed

CLUSTER = "PETPLUS_TEST_CLUSTER"
"""The variable by which workers find the home of the server that is copied."""


def make_cluster(home: Path) -> None:
    """Make a server in a home, with the tables of all subgraphs and no rows, and have later homes copy it.

    A run that a test of another run starts copies that one's, and adds what it lacks.
    """
    copy_cluster(home)
    asyncio.run(_migrate(home))
    os.environ[CLUSTER] = str(home)


def copy_cluster(home: Path) -> None:
    """Give a home the server that this run has made, unless there is none or the home has one."""
    source = os.environ.get(CLUSTER)
    base = open_server_directory(home).subdirectory("postgres")
    if source is not None and not (base / "data").exists():
        subprocess.run(["cp", "-a", str(_data(Path(source))), str(base)], check=True)


def _data(home: Path) -> Path:
    return open_server_directory(home).subdirectory("postgres") / "data"


async def _migrate(home: Path) -> None:
    server = EmbeddedPostgres(home)
    await server.start()
    try:
        settings = load_settings().model_copy(update={"database_url": server.url})
        for subgraph in registry.load_all():
            await migrate_if_needed(subgraph, settings)
    finally:
        await server.stop()

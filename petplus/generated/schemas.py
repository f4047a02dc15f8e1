"""Writes and checks what is generated from the code: each subgraph's SDL file and its migrations."""

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import make_url

from petplus.generated.formatting import tidy
from shared.core.settings import Settings
from shared.database.database import create_engine
from shared.database.migrations import migrate, new_revision
from shared.subgraph import Subgraph


def write_schemas(subgraphs: Sequence[Subgraph]) -> list[Path]:
    """Write `schema.graphql` of each subgraph; returns the files that changed."""
    stale = stale_schemas(subgraphs)
    for subgraph in subgraphs:
        if subgraph.sdl_file in stale:
            subgraph.sdl_file.write_text(subgraph.schema.sdl(), encoding="utf-8")
    return stale


def stale_schemas(subgraphs: Sequence[Subgraph]) -> list[Path]:
    """Return the SDL files that differ from the code."""
    return [
        subgraph.sdl_file
        for subgraph in subgraphs
        if not subgraph.sdl_file.exists() or subgraph.sdl_file.read_text(encoding="utf-8") != subgraph.schema.sdl()
    ]


async def write_revision(subgraph: Subgraph, settings: Settings, message: str) -> Path:
    """Write the migration that brings a subgraph's tables up to its models, and return its file."""
    await migrate(subgraph, settings)
    engine = create_engine(make_url(settings.database_url_of(subgraph.name)), subgraph.name, pool_size=1)
    try:
        async with engine.connect() as connection:
            file = await connection.run_sync(lambda sync: new_revision(subgraph, sync, message))
    finally:
        await engine.dispose()
    tidy([file])
    return file

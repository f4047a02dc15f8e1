"""One shop for each arrangement, shared by a worker's journeys."""

import os

import asyncpg
import pytest_asyncio
from sqlalchemy import make_url

from petplus import registry
from petplus.surroundings import DATABASE_VARIABLE

SMALL = {"users": "12", "designs": "40", "orders": "60"}


@pytest_asyncio.fixture(scope="session")
async def database_each(_servers_up: None) -> dict[str, str]:
    """Make an empty database for each subgraph; returns the variables that name them."""
    url = make_url(os.environ[DATABASE_VARIABLE]).set(drivername="postgresql", database="postgres")
    admin = await asyncpg.connect(url.render_as_string(hide_password=False))
    variables = {}
    for name in registry.NAMES:
        database = f"petplus_apart_{name}"
        await admin.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
        await admin.execute(f'CREATE DATABASE "{database}"')
        variables[f"PETPLUS_{name.upper()}_DATABASE_URL"] = url.set(database=database).render_as_string(False)
    await admin.close()
    return variables

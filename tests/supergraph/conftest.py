"""One shop for each arrangement, shared by all journeys."""

import asyncio
import os
from collections.abc import Iterator

import asyncpg
import pytest
from sqlalchemy import make_url

from petplus import registry
from petplus.local.backing_services import DATABASE_VARIABLE
from tests.support.shop import Shop, reachable, shop


# A shop in which nothing happens takes a twelfth of a core, so none outlives its tests.
@pytest.fixture(scope="package", params=["one process", "a process each", "a database each"])
def running(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """A seeded shop in one of the three arrangements of the growth path."""
    home = reachable(tmp_path_factory.mktemp("shop"))
    # The tables of this one are made by the processes of the shop, all at once.
    from_nothing = request.param == "a database each"
    env = asyncio.run(_database_each()) if from_nothing else {}
    if request.param == "a process each":
        env["PETPLUS_LOG_LEVEL"] = "debug"
    arguments = [] if request.param == "one process" else ["--split"]
    with shop(home, "--no-seed", *arguments, env=env, from_nothing=from_nothing) as up:
        up.seed()
        yield up


async def _database_each() -> dict[str, str]:
    """Make an empty database for each subgraph; returns the variables that name them."""
    url = make_url(os.environ[DATABASE_VARIABLE]).set(drivername="postgresql", database="postgres")
    admin = await asyncpg.connect(url.render_as_string(hide_password=False))
    variables = {DATABASE_VARIABLE: url.render_as_string(hide_password=False)}
    for name in registry.NAMES:
        database = f"petplus_apart_{name}"
        await admin.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
        await admin.execute(f'CREATE DATABASE "{database}"')
        apart = url.set(database=database).render_as_string(hide_password=False)
        variables[f"PETPLUS_{name.upper()}_DATABASE_URL"] = apart
    await admin.close()
    return variables

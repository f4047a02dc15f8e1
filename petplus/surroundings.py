"""The servers around the subgraphs: external ones where URLs are given, embedded ones of PETPLUS_HOME otherwise."""

import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from petplus.embedded import EmbeddedPostgres, EmbeddedValkey
from shared.settings import Settings, load_settings

DATABASE_VARIABLE = "PETPLUS_DATABASE_URL"
REDIS_VARIABLE = "PETPLUS_REDIS_URL"


@asynccontextmanager
async def surroundings(settings: Settings) -> AsyncIterator[Settings]:
    """Start what is not given, for the length of the block; yields settings that name all servers.

    The variables are set in this process's environment too, so that its children find the same servers.
    """
    async with AsyncExitStack() as stack:
        if settings.database_url is None:
            postgres = EmbeddedPostgres(settings.home)
            await postgres.start()
            stack.push_async_callback(postgres.stop)
            os.environ[DATABASE_VARIABLE] = postgres.url
        if settings.redis_url is None:
            valkey = EmbeddedValkey(settings.home)
            await valkey.start()
            stack.push_async_callback(valkey.stop)
            os.environ[REDIS_VARIABLE] = valkey.url
        yield load_settings()

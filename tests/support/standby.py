"""A streaming replica of an embedded PostgreSQL, as operators have them."""

from pathlib import Path

from petplus.local.embedded import EmbeddedPostgres
from petplus.local.embedded.binaries import postgres_binaries
from petplus.local.embedded.directories import open_server_directory
from petplus.local.process import SERVER_ENVIRONMENT, spawn


async def start_standby(primary: EmbeddedPostgres, home: Path) -> EmbeddedPostgres:
    """Copy a running server into a new home, and start the copy, which follows it."""
    directory = open_server_directory(home)
    base = directory.subdirectory("postgres")
    argv = [
        str(postgres_binaries(directory) / "pg_basebackup"),
        "--dbname",
        primary.dsn,
        "--pgdata",
        str(base / "data"),
    ]
    argv += ["--write-recovery-conf", "--checkpoint=fast", "--no-sync"]
    log = home / "logs" / "basebackup.log"
    process = await spawn("basebackup", argv, log=log, env=SERVER_ENVIRONMENT, cwd=base, account=directory.account)
    assert await process.wait() == 0, log.read_text()
    standby = EmbeddedPostgres(home)
    await standby.start()
    return standby

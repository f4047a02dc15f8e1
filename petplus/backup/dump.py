"""`petplus backup`: dumps the schema of each subgraph, all as they were at one moment."""

import asyncio
import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import URL, make_url

from petplus.backup.ciphers import Cipher
from petplus.backup.files import new_directory
from petplus.backup.manifest import DumpFacts, Manifest, new_backup_id
from petplus.backup.snapshots import Snapshot, content_of, snapshots
from petplus.backup.tools import environment_of, find_tools, running
from shared.core.settings import Settings

_READ_BYTES = 2**20
_LOCK_WAIT = "60s"


async def back_up(settings: Settings, target: Path, names: Sequence[str], passphrase: str | None) -> Manifest:
    """Write a backup of some subgraphs to a new directory; raises BackupError, and nothing is at `target` then."""
    databases = databases_of(settings, names)
    with new_directory(target) as partial:
        cipher = None if passphrase is None else Cipher.new(passphrase)
        async with snapshots(databases) as taken:
            # All were taken while nothing was received, so any of their moments is that of all.
            moment = min(snapshot.moment for snapshot in taken.values())
            dumps = {
                name: await _dump(taken[url], name, partial, cipher) for url, each in databases.items() for name in each
            }
        manifest = Manifest.new(settings, moment, {name: dumps[name] for name in names}, cipher, new_backup_id())
        manifest.write(partial)
    return manifest


def databases_of(settings: Settings, names: Iterable[str]) -> dict[URL, list[str]]:
    """Return the databases of some subgraphs, as their owner reaches them."""
    found: dict[URL, list[str]] = {}
    for name in names:
        found.setdefault(make_url(settings.database_url_of(name)), []).append(name)
    return found


async def _dump(snapshot: Snapshot, name: str, directory: Path, cipher: Cipher | None) -> DumpFacts:
    content = await content_of(snapshot, name)
    tools = find_tools(snapshot.postgres)
    arguments = [
        "--format=custom",
        f"--snapshot={snapshot.name}",
        f'--schema="{name}"',
        f"--lock-wait-timeout={_LOCK_WAIT}",
        "--no-password",
        # Roles and grants are made by the migration: their names and passwords belong to an installation.
        "--no-owner",
        "--no-privileges",
    ]
    file = f"{name}.dump" if cipher is None else f"{name}.dump.encrypted"
    async with running(tools, "pg_dump", arguments, environment_of(snapshot.url)) as tool:
        assert tool.process.stdout is not None  # noqa: S101
        size, digest = await _store(directory / file, tool.process.stdout, name, cipher)
        await tool.finished()
    return DumpFacts(
        file=file,
        bytes=size,
        sha256=digest,
        postgres=snapshot.postgres,
        revision=content.revision,
        rows=content.rows,
        unpublished=content.unpublished,
    )


async def _store(path: Path, source: asyncio.StreamReader, name: str, cipher: Cipher | None) -> tuple[int, str]:
    """Write a stream to a new file, encrypted or as it is; returns its length and its checksum."""
    loop = asyncio.get_running_loop()

    def parts() -> Iterator[bytes]:
        while part := asyncio.run_coroutine_threadsafe(source.read(_READ_BYTES), loop).result():
            yield part

    def write() -> tuple[int, str]:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            return _write(file, parts() if cipher is None else cipher.encrypt(name, parts()))

    return await asyncio.to_thread(write)


def _write(file: BinaryIO, parts: Iterable[bytes]) -> tuple[int, str]:
    size, digest = 0, hashlib.sha256()
    for part in parts:
        file.write(part)
        digest.update(part)
        size += len(part)
    file.flush()
    os.fsync(file.fileno())
    return size, digest.hexdigest()

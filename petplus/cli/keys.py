"""`petplus keys`: the keys that sign access tokens, what to do when one has leaked, and the router's certificates."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from petplus.cli.console import command, out
from petplus.local.process import ServiceError
from shared.core.errors import PublicError
from shared.core.settings import Settings, load_settings

if TYPE_CHECKING:
    from shared.database.database import Database

app = typer.Typer(
    help="See the keys that sign access tokens, change them, void one that has leaked; make certificates.",
    no_args_is_help=True,
)


@asynccontextmanager
async def _opened() -> "AsyncIterator[tuple[Settings, Database]]":
    """Reach the user subgraph's database; what it refuses is one sentence for the operator."""
    from petplus.local.backing_services import backing_services
    from shared.database.database import Database

    async with backing_services(load_settings()) as settings:
        database = Database.connect(settings, "user")
        try:
            yield settings, database
        except PublicError as error:
            raise ServiceError(error.message) from None
        finally:
            await database.close()


@app.command("list")
@command
async def list_() -> None:
    """Show all keys, newest first: announced, signing, verifying, retired or revoked."""
    from subgraphs.user.service.key_rotation import list_keys

    async with _opened() as (_, database):
        found = await list_keys(database)
    table = Table("key", "state", "made", "signs from")
    for key in found:
        table.add_row(key.kid, key.state, f"{key.created_at:%Y-%m-%d %H:%M:%S}", f"{key.signs_from:%Y-%m-%d %H:%M:%S}")
    out.print(table)


@app.command()
@command
async def rotate() -> None:
    """Announce a new key. It signs in ten minutes, when all know it; the old one verifies until its tokens end."""
    from subgraphs.user.service.key_rotation import ANNOUNCED_FOR, rotate_key

    async with _opened() as (settings, database):
        kid = await rotate_key(database, settings)
    minutes = round(ANNOUNCED_FOR.total_seconds() / 60)
    out.print(f"{kid} is announced; it signs in {minutes} minutes.", highlight=False)


@app.command()
@command
async def revoke(kid: Annotated[str, typer.Argument(help="The key's id, `key_…`.")]) -> None:
    """Void a key that has leaked, and at once all tokens that it has signed: their holders refresh, or log in again."""
    from redis.asyncio import Redis

    from shared.security.revocation import RevocationList
    from subgraphs.user.service.key_rotation import revoke_key

    async with _opened() as (settings, database):
        ends = await revoke_key(database, settings, kid)
        redis = Redis.from_url(settings.required_cache_redis_url)
        await RevocationList(redis).publish(ends)
        await redis.aclose()
    out.print(f"{kid} is void, and so is what it has signed.", highlight=False)


@app.command()
@command
async def certificates(
    directory: Annotated[Path, typer.Argument(help="Where to write them: PETPLUS_TLS_DIRECTORY.")],
    host: Annotated[
        list[str] | None,
        typer.Option(help="A name or address by which the router reaches subgraphs; may be given often."),
    ] = None,
    days: Annotated[int, typer.Option(min=1, max=825, help="How long they are valid.")] = 90,
) -> None:
    """Make the certificates by which router and subgraphs know each other, or renew them: the authority stays."""
    from petplus import registry
    from petplus.certificates import write_certificates

    hosts = host or ["localhost", "127.0.0.1", "::1", *registry.NAMES]
    until = write_certificates(directory, hosts, days)
    out.print(f"{directory} holds certificates until {until:%Y-%m-%d}.", highlight=False, soft_wrap=True)


@app.command()
@command
async def environment(
    origin: Annotated[str, typer.Option(help="Where clients reach the shop, such as https://shop.example.")],
    smtp: Annotated[str | None, typer.Option(help="The server that sends mails; without one they are dropped.")] = None,
) -> None:
    """Print an environment file for a production shop, with new secrets; nothing is stored."""
    from petplus.production import environment_file

    out.print(environment_file(origin, smtp), end="", markup=False, highlight=False, soft_wrap=True)

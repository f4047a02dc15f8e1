"""`petplus backup` and `petplus restore`: the shop's databases as files, and as databases again."""

from pathlib import Path
from typing import Annotated

import typer

from petplus.cli.console import command, out
from shared.core.settings import load_settings

Only = Annotated[list[str] | None, typer.Option("--only", help="This subgraph alone; may be given often.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(backup)
    app.command()(restore)


@command
async def backup(
    directory: Annotated[Path, typer.Argument(help="Where the backup will be; it must not exist.")], only: Only = None
) -> None:
    """Write a backup of all subgraphs to a new directory, as they are at one moment, while the shop runs."""
    from petplus import registry
    from petplus.backup.dump import back_up
    from petplus.local.backing_services import backing_services

    names = [subgraph.name for subgraph in registry.load_all(only or ())]
    passphrase = _passphrase()
    async with backing_services(load_settings()) as settings:
        made = await back_up(settings, directory, names, passphrase)
    out.print(f"backup of {made.moment:%Y-%m-%d %H:%M:%S} UTC: {directory}", highlight=False, soft_wrap=True)
    for name, dump in made.subgraphs.items():
        rows = sum(dump.rows.values())
        out.print(f"{name}: {rows} rows, {dump.bytes} bytes, migration {dump.revision}", highlight=False)
    if passphrase is None:
        out.print("not encrypted: PETPLUS_BACKUP_PASSPHRASE is not set", highlight=False)


@command
async def restore(
    directories: Annotated[list[Path], typer.Argument(help="Backups; of each subgraph the newest is restored.")],
    only: Only = None,
    accept_lost_events: Annotated[
        bool,
        typer.Option("--accept-lost-events", help="Restore publishers that are older than what others know of them."),
    ] = False,
) -> None:
    """Restore subgraphs from backups to databases where they have no tables, while the shop is stopped."""
    from petplus import registry
    from petplus.backup.restore import read_backups
    from petplus.backup.restore import restore as restore_dumps
    from petplus.local.backing_services import backing_services

    names = [subgraph.name for subgraph in registry.load_all(only)] if only else []
    settings = load_settings()
    dumps = read_backups(settings, directories, names, _passphrase())
    async with backing_services(settings) as settings:
        restored = await restore_dumps(settings, dumps, accept_lost_events=accept_lost_events)
    for name, moment in restored.moments.items():
        out.print(f"{name}: {restored.rows[name]} rows of {moment:%Y-%m-%d %H:%M:%S} UTC", highlight=False)
    for name, lost in restored.lost.items():
        out.print(f"{name} shows effects of {lost} events that their publisher has lost", highlight=False)


def _passphrase() -> str | None:
    from petplus.backup.settings import BackupSettings

    passphrase = BackupSettings.load().backup_passphrase
    return None if passphrase is None else passphrase.get_secret_value()

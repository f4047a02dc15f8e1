"""`petplus demo`: the demo accounts of a database that was seeded in development."""

import typer

from petplus.cli.console import command, out
from shared.core.settings import load_settings

app = typer.Typer(help="Close the demo accounts, whose password is published.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Keep `close` a command of a group, though it is the only one."""


@app.command()
@command
async def close() -> None:
    """Take the published password from the demo accounts, and end their sessions."""
    from petplus import registry
    from petplus.demo_accounts import close as close_accounts
    from petplus.local.backing_services import backing_services
    from shared.database.migrations import migrate_if_needed

    async with backing_services(load_settings()) as settings:
        await migrate_if_needed(registry.load("user"), settings)
        closed = await close_accounts(settings)
    out.print(f"closed: {', '.join(closed) or 'none'}", highlight=False, soft_wrap=True)

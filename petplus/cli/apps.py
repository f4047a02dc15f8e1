"""`petplus apps`: the apps that the router serves."""

import typer

from petplus.cli.console import err, out
from petplus.local.apps import ensure_apps
from petplus.local.process import ServiceError

app = typer.Typer(help="The apps that the router serves.", no_args_is_help=True)


@app.callback()
def main() -> None:
    """Keep `build` a command of its own, beside those to come."""


@app.command()
def build() -> None:
    """Build the apps, unless they are built from these sources. A router that runs serves them after its next start."""
    try:
        ensure_apps(out.print)
    except ServiceError as error:
        err.print(f"[red]{error}[/red]", highlight=False, soft_wrap=True)
        raise typer.Exit(1) from None

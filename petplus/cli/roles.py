"""`petplus roles`: the roles of accounts, for the first administrator, whom nobody in the graph can appoint."""

from typing import Annotated

import typer

from petplus.cli.console import command, out
from petplus.local.process import ServiceError
from shared.core.errors import PublicError
from shared.core.settings import load_settings

app = typer.Typer(help="See and set the roles of accounts.", no_args_is_help=True)

Email = Annotated[str, typer.Argument(help="The account's address.")]


@app.command()
@command
async def show(email: Email) -> None:
    """Show the roles of an account."""
    from petplus.accounts import roles_of
    from petplus.local.backing_services import backing_services

    async with backing_services(load_settings()) as settings:
        found = await roles_of(settings, email)
    out.print(", ".join(found), highlight=False)


@app.command("set")
@command
async def set_(email: Email, roles: Annotated[list[str], typer.Argument(help="CUSTOMER, SUPPORT, ADMIN.")]) -> None:
    """Give an account exactly these roles, and end its sessions."""
    from petplus.accounts import set_roles_of
    from petplus.local.backing_services import backing_services

    async with backing_services(load_settings()) as settings:
        try:
            given = await set_roles_of(settings, email, roles)
        except PublicError as error:
            raise ServiceError(error.message) from None
    out.print(f"{email}: {', '.join(given)}", markup=False, highlight=False)

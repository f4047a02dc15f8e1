"""The `petplus` command: each subcommand is a few lines over a module that does the work.

Modules are imported by the subcommand that needs them, because the supervisor should start in a moment.
"""

import asyncio
import gc
import json
import os
import sys
from functools import partial
from typing import Annotated

import typer

from petplus.cli import apps, audit, backup, demo, events, generation, keys, new, operations, roles
from petplus.cli.console import command, err, out
from petplus.cli.generation import Names
from petplus.local.engines import Engine
from petplus.local.process import accept_interrupts, raise_file_limit
from shared.core.settings import SettingsError, load_settings

EngineOption = Annotated[Engine, typer.Option(help="What routes: the gateway, or Hive Router.")]

app = typer.Typer(
    help="All Pet Plus: the federated backend of a pet-products shop.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.add_typer(events.app, name="events")
app.add_typer(operations.app, name="operations")
app.add_typer(apps.app, name="apps")
app.add_typer(audit.app, name="audit")
app.add_typer(keys.app, name="keys")
app.add_typer(demo.app, name="demo")
app.add_typer(roles.app, name="roles")
app.add_typer(new.app, name="new")
generation.register(app)
backup.register(app)


@app.command()
@command
async def up(
    split: Annotated[bool, typer.Option("--split", help="Give each subgraph a process of its own.")] = False,
    seed: Annotated[bool, typer.Option(help="Fill an empty database with demo data.")] = True,
    dev_apps: Annotated[
        bool, typer.Option("--dev-apps", help="Serve the apps from their sources, with hot reload.")
    ] = False,
    engine: EngineOption = Engine.GATEWAY,
) -> None:
    """Start everything on this machine, and stop it all at Ctrl-C."""
    accept_interrupts()
    from petplus.configuration import check_home, check_settings
    from petplus.local.up import Up

    raise_file_limit()
    settings = load_settings()
    check_settings(settings, with_router=True)
    check_home(settings.home)
    seeds = seed and not settings.is_production
    await Up(settings, out, split=split, seed=seeds, dev_apps=dev_apps, engine=engine).run()


@app.command()
@command
async def serve(
    names: Names = None,
    migrate: Annotated[bool, typer.Option("--migrate", help="Bring their databases up to date first.")] = False,
    api_only: Annotated[bool, typer.Option("--api-only", help="Leave events and jobs to `petplus worker`.")] = False,
) -> None:
    """Serve subgraphs from this process, each on its own port."""
    accept_interrupts()
    # Modules are not garbage: collecting while they load made a start half a second longer. freeze_heap enables it.
    gc.disable()
    from petplus import registry, server
    from petplus.backing_checks import check_servers
    from petplus.configuration import check_settings
    from petplus.demo_accounts import require_closed
    from petplus.signals import unless_stopped
    from shared.core.observability import configure_logging
    from shared.database.migrations import migrate_if_needed
    from shared.database.startup import wait_for_database

    raise_file_limit()
    settings = load_settings()
    check_settings(settings, names or ())
    configure_logging(settings)
    subgraphs = registry.load_all(names or ())
    if migrate:
        for subgraph in subgraphs:
            await migrate_if_needed(subgraph, settings)

    async def check() -> None:
        if settings.is_production and any(subgraph.name == "user" for subgraph in subgraphs):
            await wait_for_database(lambda: require_closed(settings), "user")
        await check_servers(settings, names or ())

    if await unless_stopped(check()):
        await server.serve(subgraphs, settings, with_background=not api_only)


@app.command()
@command
async def worker(names: Names = None) -> None:
    """Carry events and do jobs of subgraphs from this process, without their APIs."""
    accept_interrupts()
    from petplus import registry
    from petplus.backing_checks import check_servers
    from petplus.configuration import check_settings
    from petplus.signals import unless_stopped
    from petplus.worker import work
    from shared.core.observability import configure_logging

    settings = load_settings()
    check_settings(settings, names or ())
    configure_logging(settings)
    if await unless_stopped(check_servers(settings, names or ())):
        await work(registry.load_all(names or ()), settings)


@app.command()
@command
async def router(
    engine: EngineOption = Engine.GATEWAY,
    write_only: Annotated[
        bool, typer.Option("--write-only", help="Only write the configuration of Hive Router, for another process.")
    ] = False,
) -> None:
    """Run the router alone: its engine takes the place of this process."""
    from petplus import hive_router
    from petplus.generated.composition import gateway_command, router_environment
    from petplus.local.node import ensure_router_modules

    raise_file_limit()
    if write_only:
        if engine is not Engine.HIVE:
            raise typer.BadParameter("The gateway has no configuration to write: add --engine hive.")
        environment = hive_router.prepare(hive_router.settings_without_secrets(), os.environ)
        out.print(environment[hive_router.CONFIGURATION_VARIABLE], highlight=False, soft_wrap=True)
        return
    if engine is Engine.HIVE:
        settings = hive_router.settings_without_secrets()
        argv, environment = [str(hive_router.find_hive_router(settings))], hive_router.prepare(settings, os.environ)
    else:
        ensure_router_modules(say=err.print)
        argv, environment = gateway_command(), router_environment(os.environ)
    os.execve(argv[0], argv, environment)  # noqa: S606 - no shell is wanted


@app.command()
@command
async def jobs(
    name: Annotated[str, typer.Argument(help="A subgraph.")],
    retry: Annotated[list[int] | None, typer.Option(help="Try this held job again; may be given often.")] = None,
    retry_all: Annotated[bool, typer.Option("--retry-all", help="Try all held jobs again.")] = False,
) -> None:
    """Show the jobs of a subgraph that failed for good, or have them tried again."""
    from petplus import registry
    from petplus.local.backing_services import backing_services
    from petplus.worker import retry_jobs, show_jobs

    async with backing_services(load_settings()) as settings:
        subgraph = registry.load(name)
        if retry or retry_all:
            await retry_jobs(subgraph, settings, None if retry_all else retry, out)
        else:
            await show_jobs(subgraph, settings, out)


@app.command()
@command
async def migrate(
    names: Names = None,
    plan: Annotated[bool, typer.Option("--plan", help="Only show what would be done, and what it locks.")] = False,
) -> None:
    """Bring the databases up to date: roles, schemas, tables. Waits up to a minute for a database that is away."""
    from petplus import registry
    from petplus.local.backing_services import backing_services
    from shared.database.migration_plan import plan_of
    from shared.database.migrations import migrate as migrate_subgraph
    from shared.database.startup import wait_for_database

    async with backing_services(load_settings()) as settings:
        for subgraph in registry.load_all(names or ()):
            if plan:
                for line in (await plan_of(subgraph, settings)).lines():
                    out.print(line, highlight=False, soft_wrap=True, markup=False)
                continue
            found = await wait_for_database(partial(migrate_subgraph, subgraph, settings), subgraph.name)
            out.print(f"{subgraph.name}: {found}", highlight=False, soft_wrap=True)


@app.command()
@command
async def seed(
    users: Annotated[int, typer.Option(min=3, help="How many people, the three demo accounts included.")] = 200,
    designs: Annotated[int, typer.Option(min=1, help="How many designs.")] = 600,
    orders: Annotated[int, typer.Option(min=0, help="How many orders.")] = 1000,
    number: Annotated[int, typer.Option("--number", help="Another number makes another world.")] = 1,
    if_empty: Annotated[bool, typer.Option("--if-empty", help="Leave databases that have rows as they are.")] = False,
) -> None:
    """Fill the databases with demo data: the same numbers make the same shop."""
    from petplus import registry, seeding
    from petplus.bulk_copy import NotEmpty
    from petplus.local.backing_services import backing_services
    from shared.database.migrations import migrate_if_needed

    async with backing_services(load_settings()) as settings:
        if settings.is_production:
            raise SettingsError("PETPLUS_ENV is production: demo data with a published password do not belong there.")
        for subgraph in registry.load_all():
            await migrate_if_needed(subgraph, settings)
        plan = seeding.Plan(users=users, designs=designs, orders=orders, number=number)
        try:
            await seeding.seed(settings, plan, out)
        except NotEmpty as error:
            if not if_empty:
                raise
            out.print(str(error), highlight=False, soft_wrap=True)


@app.command()
@command
async def doctor() -> None:
    """Look at everything the shop needs, and say what is wrong and what to do."""
    from petplus.doctor import examine
    from petplus.local.backing_services import running_settings

    wrong = 0
    async for finding in examine(running_settings(load_settings())):
        mark = "[green]✓[/green]" if finding.is_well else "[red]✗[/red]"
        out.print(f"{mark} {finding.what:<20} {finding.fact}", highlight=False, soft_wrap=True)
        if not finding.is_well:
            wrong += 1
            out.print(f"  → {finding.advice}", highlight=False, soft_wrap=True)
    if wrong:
        raise typer.Exit(1)


@app.command()
@command
async def servers() -> None:
    """Start the embedded servers alone, print their URLs as JSON, and stop them when standard input closes."""
    from petplus.local.backing_services import DATABASE_VARIABLE, REDIS_VARIABLE, backing_services

    async with backing_services(load_settings()) as settings:
        urls = {DATABASE_VARIABLE: settings.database_url, REDIS_VARIABLE: settings.redis_url}
        sys.stdout.write(json.dumps(urls) + "\n")
        sys.stdout.flush()
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


@app.command()
@command
async def revision(name: str, message: str) -> None:
    """Write the migration that brings one subgraph's tables up to its models."""
    from petplus import registry
    from petplus.generated import schemas
    from petplus.local.backing_services import backing_services

    async with backing_services(load_settings()) as settings:
        out.print(str(await schemas.write_revision(registry.load(name), settings, message)))


if __name__ == "__main__":
    app()

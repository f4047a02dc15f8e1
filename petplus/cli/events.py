"""`petplus events`: what passes between the subgraphs, what is stuck and why, and the means to mend it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer
from rich.markup import escape
from rich.table import Table

from petplus.cli.console import command, err, first_line, out
from petplus.local.process import ServiceError
from shared.core.errors import Unavailable
from shared.core.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from shared.database.database import Database
    from shared.events.broker import Broker, Entry
    from shared.events.inspection import Parked, Recorded
    from shared.subgraph import Subgraph

T = TypeVar("T")

app = typer.Typer(help="See what passes between the subgraphs, and mend what is stuck.", no_args_is_help=True)

EventId = Annotated[str, typer.Argument(help="The event's id, `evt_…`.")]
Only = Annotated[str | None, typer.Option("--in", help="One subgraph alone, by name.")]
MOST_SHOWN = 50
FOLLOW_SECONDS = 5.0


@dataclass(frozen=True)
class Bus:
    """The databases of the subgraphs that were asked for, and the broker."""

    subgraphs: "Sequence[tuple[Subgraph, Database]]"
    broker: "Broker"

    async def ask(self, question: "Callable[[Subgraph, Database], Awaitable[T]]") -> "list[tuple[Subgraph, T | str]]":
        """Put a question to each subgraph; where it gets no answer, the reason stands in its place."""
        return [
            (subgraph, await answer_or_reason(question(subgraph, database))) for subgraph, database in self.subgraphs
        ]


async def answer_or_reason(question: "Awaitable[T]") -> "T | str":
    """Return an answer, or the first line of why there is none: one server that is away must not hide the others."""
    from asyncpg import PostgresError
    from redis.exceptions import RedisError
    from sqlalchemy.exc import SQLAlchemyError

    try:
        return await question
    except (Unavailable, SQLAlchemyError, PostgresError, RedisError, OSError, TimeoutError) as error:
        return f"no answer: {first_line(error)}"


@asynccontextmanager
async def connected(only: str | None = None) -> "AsyncIterator[Bus]":
    """Reach the servers of a running `petplus up`, or those that the settings name."""
    from contextlib import AsyncExitStack

    from redis.asyncio import Redis

    from petplus import registry
    from petplus.local.backing_services import backing_services
    from shared.database.database import Database
    from shared.events.broker import Broker

    async with backing_services(load_settings()) as settings, AsyncExitStack() as stack:
        subgraphs = []
        for subgraph in registry.load_all([only] if only else ()):
            database = Database.connect(settings, subgraph.name)
            stack.push_async_callback(database.close)
            subgraphs.append((subgraph, database))
        redis = Redis.from_url(settings.required_redis_url)
        stack.push_async_callback(redis.aclose)
        yield Bus(subgraphs, Broker(redis))


def complain(subgraph: "Subgraph", reason: str) -> None:
    err.print(f"[red]{subgraph.name}: {escape(reason)}[/red]", highlight=False, soft_wrap=True)


@app.command()
@command
async def lag(only: Only = None) -> None:
    """Show what waits: unpublished events, events to be heard, and parked ones, by subgraph."""
    from shared.events import inspection

    table = Table("subgraph", "unpublished", "oldest", "to be heard", "dead", "retrying", "waiting", "remark")
    async with connected(only) as bus:
        outboxes = await bus.ask(lambda _, database: inspection.unpublished(database))
        groups = await bus.ask(lambda subgraph, _: inspection.group_lag(bus.broker, subgraph.name))
        dead_letters = await bus.ask(lambda _, database: inspection.parked(database))
    for (subgraph, outbox), (_, behind), (_, parked) in zip(outboxes, groups, dead_letters, strict=True):
        remarks = [
            f"{part} {said}" for part, said in (("database:", outbox), ("broker:", behind)) if isinstance(said, str)
        ]
        states = None if isinstance(parked, str) else [dead_letter.state for dead_letter in parked]
        table.add_row(
            subgraph.name,
            *(("?", "?") if isinstance(outbox, str) else (str(outbox.count), f"{outbox.oldest_seconds:.0f} s")),
            "?" if isinstance(behind, str) else str(behind) if subgraph.handlers else "hears nothing",
            *("?" if states is None else str(states.count(state)) for state in ("dead", "retrying", "waiting")),
            escape("; ".join(remarks)),
        )
    out.print(table)


@app.command()
@command
async def dead(only: Only = None) -> None:
    """Show the events whose handlers failed, why, and how many wait behind each."""
    from shared.events import inspection

    table = Table("subgraph", "event", "state", "attempts", "behind it", "error", show_lines=True)
    async with connected(only) as bus:
        answers = await bus.ask(lambda _, database: inspection.parked(database))
    for subgraph, dead_letters in answers:
        if isinstance(dead_letters, str):
            err.print(f"[red]{escape(f'{subgraph.name}: {dead_letters}')}[/red]", highlight=False, soft_wrap=True)
            continue
        for dead_letter in dead_letters:
            if dead_letter.state != "waiting":
                names = f"{dead_letter.event_id}\n{dead_letter.type}\n{dead_letter.subject}"
                error = escape(dead_letter.error or "")
                table.add_row(
                    subgraph.name, names, dead_letter.state, str(dead_letter.attempts), str(dead_letter.behind), error
                )
    out.print(table if table.row_count else "No event has failed.")


@app.command()
@command
async def show(
    name: Annotated[str, typer.Argument(help="An event's id (`evt_…`), or an aggregate's such as `ord_…`.")],
) -> None:
    """Follow events from their outbox to everybody who hears them."""
    from shared.events import inspection

    async with connected() as bus:
        found: list[Recorded] = []
        for subgraph, events in await bus.ask(
            lambda subgraph, database: inspection.recorded(database, subgraph.name, name, MOST_SHOWN)
        ):
            if isinstance(events, str):
                complain(subgraph, events)
            else:
                found += events
        if not found:
            raise ServiceError(f"No outbox holds an event or aggregate {name}; events are kept there for 7 days.")
        table = Table("event", "recorded", "published", "heard by", show_lines=True)
        for event in sorted(found, key=lambda event: event.occurred_at):
            handled = [
                f"{subgraph.name}: {await fate(bus, database, event)}"
                for subgraph, database in bus.subgraphs
                if handles(subgraph, event)
            ]
            published = f"{event.published_at:%H:%M:%S}" if event.published_at else "not yet"
            names = f"{event.event_id}\n{event.type}\n{event.subject}"
            table.add_row(
                names, f"{event.occurred_at:%Y-%m-%d %H:%M:%S}", published, escape("\n".join(handled)) or "nobody"
            )
    out.print(table)


def handles(subgraph: "Subgraph", event: "Recorded") -> bool:
    return any(kind.type == event.type for kind in subgraph.handlers)


async def fate(bus: Bus, database: "Database", event: "Recorded") -> str:
    """Say in a few words what became of an event in one subgraph."""
    from shared.events import inspection

    dead_letters = await answer_or_reason(inspection.parked(database, event.event_id))
    received = await answer_or_reason(inspection.received_at(database, event.event_id))
    if isinstance(dead_letters, str):
        return dead_letters
    if dead_letters:
        return state_of(dead_letters[0])
    if received is None:
        return "on its way"
    return received if isinstance(received, str) else f"done (received {received:%H:%M:%S})"


def state_of(dead_letter: "Parked") -> str:
    if dead_letter.state == "waiting":
        return "waits behind an earlier event of its aggregate"
    return f"{dead_letter.state} after {dead_letter.attempts} attempts: {dead_letter.error}"


@app.command()
@command
async def tail(
    number: Annotated[int, typer.Option("--number", "-n", min=0, max=1000, help="How many events to begin with.")] = 20,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on with each new event until Ctrl-C.")] = False,
) -> None:
    """Show the newest events on the broker."""
    from redis.exceptions import RedisError

    try:
        async with connected() as bus:
            entries = await bus.broker.newest(max(1, number))
            last: dict[int, bytes] = {}
            print_entries(entries if number else [], last)
            last |= {entry.partition: entry.id for entry in entries}
            while follow:
                print_entries(await bus.broker.after(last, FOLLOW_SECONDS), last)
    except RedisError as error:
        raise ServiceError(f"The broker does not answer: {error}.") from None


def print_entries(entries: "Sequence[Entry]", last: dict[int, bytes]) -> None:
    """Write a line for each event, and note the places that were reached."""
    from shared.events.event import Envelope

    for entry in entries:
        last[entry.partition] = entry.id
        if entry.body is not None:
            event = Envelope.model_validate_json(entry.body)
            time = f"{event.time:%H:%M:%S.%f}"[:-3]
            out.print(f"{time} {event.id} {event.type:<24} {event.subject}", highlight=False, soft_wrap=True)


@app.command()
@command
async def replay(
    event_id: Annotated[str | None, typer.Argument(help="The event's id, `evt_…`.")] = None,
    every: Annotated[bool, typer.Option("--all", help="Every dead event.")] = False,
    only: Only = None,
) -> None:
    """Have a dead event tried again, with all its attempts; what waits behind it follows."""
    from shared.events import inbox, inspection

    if (event_id is None) is not every:
        raise ServiceError("Name one event, or say --all.")

    async def again(_: "Subgraph", database: "Database") -> int:
        if event_id is None:
            return await inspection.replay_all(database)
        return int(await inbox.replay(database, event_id))

    async with connected(only) as bus:
        report(
            "to be tried again in", "No dead event" if every else f"No parked event {event_id}", await bus.ask(again)
        )


@app.command()
@command
async def discard(event_id: EventId, only: Only = None) -> None:
    """Give an event up: it never has its effect there, and what waits behind it goes on."""
    from shared.events import inbox

    async def give_up(_: "Subgraph", database: "Database") -> int:
        return int(await inbox.discard(database, event_id))

    async with connected(only) as bus:
        report("discarded in", f"No parked event {event_id}", await bus.ask(give_up))


def report(done: str, none: str, answers: "Sequence[tuple[Subgraph, int | str]]") -> None:
    """Say in which subgraphs something was done; raises ServiceError where it was nowhere, or could not be asked."""
    for subgraph, count in answers:
        if isinstance(count, int) and count:
            out.print(f"{count} {done} {subgraph.name}")
    silent = [f"{subgraph.name}: {said}" for subgraph, said in answers if isinstance(said, str)]
    if silent:
        raise ServiceError("; ".join(silent))
    if not any(count for _, count in answers):
        raise ServiceError(f"{none}.")


@app.command()
def catalogue(
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing; fail when the file is not up to date.")
    ] = False,
) -> None:
    """Write docs/events.json, the catalogue of all events, from the code; refuse what would break a receiver."""
    from petplus.generated import event_catalogue as catalogue

    broken = catalogue.breaks(catalogue.read(), catalogue.document()) if check else catalogue.write()
    for sentence in broken:
        err.print(sentence, highlight=False, markup=False, soft_wrap=True)
    if broken:
        raise typer.Exit(1)
    if check and catalogue.FILE.read_text(encoding="utf-8") != catalogue.text():
        err.print("[red]docs/events.json is not up to date: run `petplus events catalogue` and commit it.[/red]")
        raise typer.Exit(1)

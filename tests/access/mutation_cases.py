"""Every mutation with the least input of the right shape, what came of it, and what is stored."""

import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    get_named_type,
    is_required_input_field,
)
from redis.asyncio import Redis
from sqlalchemy import text

from petplus import registry
from shared.database.database import Database
from shared.events import inspection
from shared.events.broker import Broker
from subgraphs.analytics.service.aggregation.run import aggregate
from tests.access.fixtures import Scenario
from tests.access.query_cases import graph, literal
from tests.support.waiting import in_time

REFUSALS = {"UNAUTHENTICATED", "FORBIDDEN", "NOT_FOUND"}
BELOW = "{ __typename ... on Problem { code } }"
TABLES = text(
    "SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()"
    " AND table_type = 'BASE TABLE' AND table_name NOT LIKE 'pgqueuer%'"
)
# Links are counted some seconds after they were opened.
DIGEST = (
    "SELECT md5(coalesce(string_agg(row, '' ORDER BY row), ''))"
    " FROM (SELECT (to_jsonb(t) - 'views')::text AS row FROM \"{}\" t) s"
)
# These end what others need.
LAST = [
    "designShareRevoke",
    "designDelete",
    "passkeyRemove",
    "addressDelete",
    "petDelete",
    "deviceUnregister",
    "sessionsRevokeAll",
    "sessionRevoke",
    "userReinstate",
    "userSuspend",
    "userSecondFactorRemove",
    "userRolesSet",
]
MORE = {"webhookReplay": ["id"], "designUpdate": ["name"], "addressUpdate": ["label"]}
MORE |= {"petUpdate": ["name"], "experimentUpdate": ["name"]}
# What an input's name does not tell.
THINGS = {"order": "ord", "design": "des", "session": "ses", "user": "usr", "shipment": "shp", "webhook": "whd"}
THINGS |= {"cart": "crt", "line": "cln", "address": "adr", "pet": "pet", "device": "dev"}
THINGS |= {"experiment": "exp", "preset": "pre", "task": "tsk", "passkey": "pky", "discountCode": "dsc"}
SPECIAL = {"designShareRevoke": "shr"}
TEXTS = {"amount": "1.00", "occurredAt": "2026-01-01T00:00:00Z", "email": "somebody@example.org", "countryCode": "DE"}
TEXTS |= {"image": "R0lGODlhAQABAAAAACw="}


def value(scenario: Scenario, mutation: str, name: str, kind: GraphQLInputType) -> str:
    """Return a value for a field of an input, about the owner's things."""
    named = get_named_type(kind)
    inner = kind.of_type if isinstance(kind, GraphQLNonNull) else kind
    if isinstance(inner, GraphQLList):
        return f"[{value(scenario, mutation, name, inner.of_type)}]"
    if name == "config":
        return literal(scenario.facts["config"])
    if isinstance(named, GraphQLInputObjectType):
        return document(scenario, mutation, named)
    if isinstance(named, GraphQLEnumType):
        return str(next(iter(named.values)))
    if named.name == "ID":
        thing = name.removesuffix("Id") if name != "id" else next(each for each in THINGS if mutation.startswith(each))
        return f'"{scenario.ids.get(SPECIAL.get(mutation) or THINGS.get(thing, ""), "acc_1")}"'
    if name == "token" and mutation == "designCreateFromShare":
        return f'"{scenario.facts["token"]}"'
    plain = {"Int": "1", "Float": "0.5", "Boolean": "true", "JSON": "{}"}
    return plain.get(named.name) or f'"{TEXTS.get(name, "a text that says enough")}"'


def document(scenario: Scenario, mutation: str, kind: GraphQLInputObjectType) -> str:
    """Write the least input that has the right shape."""
    needed = MORE.get(mutation, [])
    wanted = {name: each for name, each in kind.fields.items() if is_required_input_field(each) or name in needed}
    if mutation == "experimentAssign":
        return f'{{ key: "{scenario.facts["key"]}", subject: "{scenario.owner_id}" }}'
    return (
        "{ "
        + ", ".join(f"{name}: {value(scenario, mutation, name, each.type)}" for name, each in wanted.items())
        + " }"
    )


def mutations(scenario: Scenario, subgraph: str | None) -> Iterator[tuple[str, str]]:
    """Yield each mutation of a place and how it is asked for."""
    root = graph(subgraph).mutation_type
    for name, definition in root.fields.items() if root else ():
        given = "".join(f"({key}: {value(scenario, name, key, each.type)})" for key, each in definition.args.items())
        yield name, f"mutation {{ {name}{given} {BELOW} }}"


def outcome(name: str, answer: Any) -> str | None:
    """Return the code of a refusal, wherever it stands, or None."""
    errors = {error["extensions"]["code"] for error in answer.get("errors", [])}
    result = (answer.get("data") or {}).get(name) or {}
    assert not (errors and result), answer
    return errors.pop() if errors else result.get("code")


async def table_digests(scenario: Scenario) -> dict[str, str]:
    """Return a digest of every table of every subgraph, once no event is on its way."""
    async with AsyncExitStack() as stack:
        databases = {name: Database.connect(scenario.settings, name) for name in registry.NAMES}
        for database in databases.values():
            stack.push_async_callback(database.close)
        redis = Redis.from_url(scenario.settings.required_redis_url)
        stack.push_async_callback(redis.aclose)
        broker, before = Broker(redis), dict[str, str]()
        async with in_time():
            while True:
                # Events are counted once a minute: not between two looks.
                await aggregate(databases["analytics"])
                waits = await uncounted(databases["analytics"])
                for name, database in databases.items():
                    waits |= bool((await inspection.unpublished(database)).count) or await is_at_work(database)
                    if registry.load(name).handlers:
                        waits |= bool(await inspection.group_lag(broker, name))
                now = {
                    f"{name}.{key}": each for name, db in databases.items() for key, each in (await digest(db)).items()
                }
                if now == before and not waits:
                    return now
                before = now
                await asyncio.sleep(0.2)


async def is_at_work(database: Database) -> bool:
    """Tell whether jobs run, or could."""
    due = text("SELECT EXISTS (SELECT 1 FROM pgqueuer WHERE status <> 'failed' AND execute_after <= now())")
    async with database.read() as connection:
        return bool(await connection.scalar(due))


async def uncounted(database: Database) -> bool:
    """Tell whether events wait to be counted, or are being counted."""
    async with database.read() as connection:
        waiting = "SELECT EXISTS (SELECT 1 FROM event_batch) OR EXISTS (SELECT 1 FROM visitor_link WHERE NOT applied)"
        return bool(await connection.scalar(text(waiting)))


async def digest(database: Database) -> dict[str, str]:
    async with database.read() as connection:
        tables = list(await connection.scalars(TABLES))
        return {table: str(await connection.scalar(text(DIGEST.format(table)))) for table in tables}

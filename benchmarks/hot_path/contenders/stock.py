"""Strawberry as its documentation shows it: ORM entities in a session, DataLoaders, resolvers, nothing tuned.

Run by the benchmark as `uvicorn benchmarks.hot_path.contenders.stock:app`. It checks no access and counts nothing.
"""

import datetime as dt
import json
import os
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import strawberry
from fastapi import FastAPI
from sqlalchemy import URL, func, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from strawberry import federation
from strawberry.dataloader import DataLoader
from strawberry.fastapi import BaseContext, GraphQLRouter

from shared.graph.money import CurrencyCode
from subgraphs.builder.enums import DesignStatus
from subgraphs.builder.models import SavedDesign
from subgraphs.order.enums import OrderStatus
from subgraphs.order.models import Order as OrderRow
from subgraphs.order.models import OrderLine as LineRow
from subgraphs.order.models import OrderTimeline as TimelineRow
from subgraphs.user.enums import Role
from subgraphs.user.models import UserProfile

_place = json.loads(os.environ["BENCH_DATABASE"])
_schemas = {"server_settings": {"search_path": '"order","user",builder'}}
engine = create_async_engine(
    URL.create(
        "postgresql+asyncpg",
        _place["user"],
        _place["password"],
        database=_place["database"],
        query={"host": _place["host"], "port": str(_place["port"])},
    ),
    connect_args=_schemas,
)
sessions = async_sessionmaker(engine, expire_on_commit=False)


class Context(BaseContext):
    """The loaders of one request."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: DataLoader[str, list[LineRow]] = DataLoader(load_fn=load_lines)
        self.timeline: DataLoader[str, list[TimelineRow]] = DataLoader(load_fn=load_timeline)
        self.users: DataLoader[str, UserProfile | None] = DataLoader(load_fn=load_users)
        self.designs: DataLoader[tuple[str, int], list[SavedDesign]] = DataLoader(load_fn=load_designs)


async def load_lines(keys: list[str]) -> list[list[LineRow]]:
    async with sessions() as session:
        statement = select(LineRow).where(LineRow.order_id.in_(keys)).order_by(LineRow.position)
        return grouped(keys, (await session.scalars(statement)).all(), "order_id")


async def load_timeline(keys: list[str]) -> list[list[TimelineRow]]:
    async with sessions() as session:
        statement = select(TimelineRow).where(TimelineRow.order_id.in_(keys)).order_by(TimelineRow.version)
        return grouped(keys, (await session.scalars(statement)).all(), "order_id")


async def load_users(keys: list[str]) -> list[UserProfile | None]:
    async with sessions() as session:
        rows = (await session.scalars(select(UserProfile).where(UserProfile.id.in_(keys)))).all()
    found = {row.id: row for row in rows}
    return [found.get(key) for key in keys]


async def load_designs(keys: list[tuple[str, int]]) -> list[list[SavedDesign]]:
    owners, first = [owner for owner, _ in keys], keys[0][1]
    place = (
        func.row_number()
        .over(partition_by=SavedDesign.owner_id, order_by=(SavedDesign.created_at.desc(), SavedDesign.id.desc()))
        .label("place")
    )
    ranked = (
        select(SavedDesign.id, place)
        .where(SavedDesign.owner_id.in_(owners), SavedDesign.status != DesignStatus.ARCHIVED)
        .subquery()
    )
    async with sessions() as session:
        statement = (
            select(SavedDesign)
            .join(ranked, ranked.c.id == SavedDesign.id)
            .where(ranked.c.place <= first + 1)
            .order_by(SavedDesign.owner_id, ranked.c.place)
        )
        return grouped(owners, (await session.scalars(statement)).all(), "owner_id")


def grouped(keys: Sequence[str], rows: Sequence[Any], name: str) -> list[list[Any]]:
    found: dict[str, list[Any]] = {key: [] for key in keys}
    for row in rows:
        found[getattr(row, name)].append(row)
    return [found[key] for key in keys]


@strawberry.type
class Money:
    amount: Decimal
    currency_code: CurrencyCode

    @classmethod
    def of(cls, minor: int, currency: CurrencyCode) -> "Money":
        return cls(amount=Decimal(minor).scaleb(0 if currency is CurrencyCode.JPY else -2), currency_code=currency)


@strawberry.type
class PageInfo:
    has_next_page: bool


@strawberry.type
class OrderLine:
    id: strawberry.ID
    title: str
    quantity: int
    unit_price: Money
    total: Money


@strawberry.type
class OrderTimelineEntry:
    version: int
    status: OrderStatus
    at: dt.datetime
    reason: str | None


@strawberry.type
class Order:
    id: strawberry.ID
    number: str
    status: OrderStatus
    version: int
    placed_at: dt.datetime
    total: Money

    @strawberry.field
    async def lines(self, info: strawberry.Info[Context, None]) -> list[OrderLine]:
        return [
            OrderLine(
                id=strawberry.ID(row.id),
                title=row.title,
                quantity=row.quantity,
                unit_price=Money.of(row.unit_price_minor, row.currency),
                total=Money.of(row.total_minor, row.currency),
            )
            for row in await info.context.lines.load(self.id)
        ]

    @strawberry.field
    async def timeline(self, info: strawberry.Info[Context, None]) -> list[OrderTimelineEntry]:
        return [
            OrderTimelineEntry(version=row.version, status=row.status, at=row.at, reason=row.reason)
            for row in await info.context.timeline.load(self.id)
        ]


@strawberry.type
class OrderEdge:
    node: Order


@strawberry.type
class OrderConnection:
    edges: list[OrderEdge]
    page_info: PageInfo


@strawberry.type
class Design:
    id: strawberry.ID
    name: str
    status: DesignStatus
    version: int
    created_at: dt.datetime
    price: Money


@strawberry.type
class DesignEdge:
    node: Design


@strawberry.type
class DesignConnection:
    edges: list[DesignEdge]
    page_info: PageInfo


@federation.type(keys=["id"])
class User:
    id: strawberry.ID
    name: str | None = None
    email: str | None = None
    avatar_url: str | None = None
    roles: list[Role] | None = None
    created_at: dt.datetime | None = None

    @strawberry.field
    async def designs(self, info: strawberry.Info[Context, None], first: int = 20) -> DesignConnection | None:
        rows = await info.context.designs.load((self.id, first))
        edges = [
            DesignEdge(
                node=Design(
                    id=strawberry.ID(row.id),
                    name=row.name,
                    status=row.status,
                    version=row.version,
                    created_at=row.created_at,
                    price=Money.of(row.price_minor, row.currency),
                )
            )
            for row in rows[:first]
        ]
        return DesignConnection(edges=edges, page_info=PageInfo(has_next_page=len(rows) > first))

    @classmethod
    async def resolve_reference(cls, info: strawberry.Info[Context, None], id: strawberry.ID) -> "User | None":
        if info.context.request is not None and "x-stub" in info.context.request.headers:
            return cls(id=id)
        row = await info.context.users.load(id)
        if row is None:
            return None
        return cls(
            id=id,
            name=row.name,
            email=row.email,
            avatar_url=row.avatar_url,
            roles=[Role(each) for each in row.roles],
            created_at=row.created_at,
        )


@strawberry.type
class Query:
    @strawberry.field
    async def orders(self, first: int = 20) -> OrderConnection:
        async with sessions() as session:
            rows = await page_of_orders(session, first)
        edges = [
            OrderEdge(
                node=Order(
                    id=strawberry.ID(row.id),
                    number=row.number,
                    status=row.status,
                    version=row.version,
                    placed_at=row.placed_at,
                    total=Money.of(row.total_minor, row.currency),
                )
            )
            for row in rows[:first]
        ]
        return OrderConnection(edges=edges, page_info=PageInfo(has_next_page=len(rows) > first))


async def page_of_orders(session: AsyncSession, first: int) -> Sequence[OrderRow]:
    statement = select(OrderRow).order_by(OrderRow.placed_at.desc(), OrderRow.id.desc()).limit(first + 1)
    return (await session.scalars(statement)).all()


async def context() -> Context:
    return Context()


schema = federation.Schema(query=Query, types=[User], federation_version="2.9")
app = FastAPI()
app.include_router(GraphQLRouter(schema, path="/graphql", context_getter=context))

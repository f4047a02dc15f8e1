"""Stand-in for order: one status that moves, watched by subscriptions."""

import asyncio
from collections.abc import AsyncGenerator

import strawberry
from graphql import GraphQLError
from starlette.requests import Request
from strawberry.federation import Schema
from strawberry.types import Info

from tests.router.toy.values import ValueMutation, ValueQuery


@strawberry.federation.type(name="User", keys=["id"], description="A person.")
class Customer:
    id: strawberry.ID

    @strawberry.field(description="What the person ordered.")
    def orders(self) -> "list[Order] | None":
        return [Order(id=strawberry.ID("o1"))]

    @classmethod
    def resolve_reference(cls, id: strawberry.ID) -> "Customer":
        return cls(id=id)


@strawberry.federation.type(name="Design", keys=["id"], description="A design.")
class LineDesign:
    id: strawberry.ID

    @classmethod
    def resolve_reference(cls, id: strawberry.ID) -> "LineDesign":
        return cls(id=id)


@strawberry.federation.type(keys=["id"], tags=["id/ord"], description="An order.")
class Order:
    id: strawberry.ID

    @strawberry.field(description="Who ordered.")
    def customer(self) -> Customer | None:
        return Customer(id=strawberry.ID("u1"))

    @strawberry.field(description="Has an argument with a default that must not be null.")
    def sized(self, count: int = 1) -> int:
        return count

    @strawberry.field(description="What was ordered.")
    def design(self) -> LineDesign | None:
        return LineDesign(id=strawberry.ID(f"d{self.id[1:]}" if self.id[1:].isdigit() else "d1"))

    @classmethod
    def resolve_reference(cls, id: strawberry.ID) -> "Order":
        return cls(id=id)


@strawberry.type(description="One change of an order's status.")
class StatusChange:
    version: int
    order: Order | None


LAST_VERSION = 5


class Board:
    """The versions of each order, and those who wait for the next."""

    def __init__(self) -> None:
        self.versions: dict[str, int] = {}
        self.moved = asyncio.Condition()
        self.watchers = 0
        self.waiting = 0
        self.waited = 0

    async def advance(self, order_id: str) -> int:
        async with self.moved:
            self.versions[order_id] = self.versions.get(order_id, 0) + 1
            self.moved.notify_all()
            return self.versions[order_id]

    async def watch(self, order_id: str, after: int) -> AsyncGenerator[int, None]:
        self.watchers += 1
        try:
            while True:
                after += 1
                async with self.moved:
                    while self.versions.get(order_id, 0) < after:
                        await self.moved.wait()
                yield after
        finally:
            self.watchers -= 1


board = Board()


async def _wait(info: Info[dict[str, object], None], seconds: float) -> bool:
    """Waits until the client leaves, or for some seconds."""
    request = info.context["request"]
    assert isinstance(request, Request)
    board.waiting += 1
    board.waited += 1
    try:
        async with asyncio.timeout(seconds):
            while True:
                if await request.is_disconnected():
                    return False
                await asyncio.sleep(0.02)
    except TimeoutError:
        return True
    finally:
        board.waiting -= 1


@strawberry.type(name="Query")
class OrderQuery(ValueQuery):
    @strawberry.field(description="One order.")
    def order(self, id: strawberry.ID) -> Order | None:
        return Order(id=id)

    @strawberry.field(description="Some orders; the design of o2 is d2.")
    def orders(self, ids: list[strawberry.ID]) -> list[Order]:
        return [Order(id=order_id) for order_id in ids]

    @strawberry.field(description="How many watch.")
    def watchers(self) -> int:
        return board.watchers

    @strawberry.field(description="Waits until the client leaves, or for some seconds.")
    async def slow(self, info: Info[dict[str, object], None], seconds: float) -> bool:
        return await _wait(info, seconds)

    @strawberry.field(description="How many wait slowly.")
    def waiting(self) -> int:
        return board.waiting

    @strawberry.field(description="How often it was waited.")
    def waited(self) -> int:
        return board.waited

    @strawberry.field(description="Orders by page, such as connections have.")
    def page(self, first: int | None = None) -> "list[Order]":
        board.waited += 1
        return [Order(id=strawberry.ID("o1"))]

    @strawberry.field(description="Fails as a subgraph does that masks its errors itself.")
    def forbidden(self) -> str | None:
        raise GraphQLError("You may not see this order.", extensions={"code": "FORBIDDEN"})


@strawberry.type(name="Mutation")
class OrderMutation(ValueMutation):
    @strawberry.mutation(description="Moves an order one status on.")
    async def order_status_advance(self, order_id: strawberry.ID) -> int:
        return await board.advance(order_id)

    @strawberry.mutation(description="Waits as the query does.")
    async def slow(self, info: Info[dict[str, object], None], seconds: float) -> bool:
        return await _wait(info, seconds)

    @strawberry.federation.field(description="Moves an order, for staff.", requires_scopes=[["orders:write"]])
    async def order_status_set(self, order_id: strawberry.ID) -> int:
        return await board.advance(order_id)


@strawberry.type(name="Subscription")
class OrderSubscription:
    @strawberry.subscription(description="Each change of one order's status.")
    async def order_status_changed(
        self, order_id: strawberry.ID, after_version: int = 0
    ) -> AsyncGenerator[StatusChange, None]:
        async for version in board.watch(order_id, after_version):
            if version > LAST_VERSION:
                return
            yield StatusChange(version=version, order=Order(id=order_id))


order_schema = Schema(
    query=OrderQuery, mutation=OrderMutation, subscription=OrderSubscription, federation_version="2.9"
)

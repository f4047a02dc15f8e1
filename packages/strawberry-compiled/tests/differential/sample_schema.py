"""A schema with every kind of Strawberry field, over objects whose values sometimes have the wrong type."""

import asyncio
import datetime as dt
import enum
import random
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Annotated, Any, Generic, TypeVar

import strawberry
from graphql import GraphQLError
from strawberry.types.scalar import ScalarDefinition

from differential.batches import Batches, SampleAwaitable, StrSubclass
from differential.extensions import MinimumLevel, Uppercase

T = TypeVar("T")


@dataclass
class SampleContext:
    """The context of one execution: the caller's level, the objects, and the log of the resolvers."""

    seed: int
    level: int
    log: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.rng = random.Random(self.seed)
        self.factory = ObjectFactory(random.Random(self.seed))
        self.home = self.factory.node(2)
        self.batches = Batches()


Info = strawberry.Info[SampleContext, None]


@strawberry.enum
class Color(enum.Enum):
    RED = "red"
    GREEN = "green"
    BLUE = 3


class Shout(str):
    """The Python type of the scalar `Shout`."""


SHOUT = ScalarDefinition(
    name="Shout",
    description=None,
    specified_by_url=None,
    serialize=lambda value: None if value == "" else value.upper(),
    parse_value=str,
    parse_literal=None,
    origin=Shout,
)


@strawberry.input
class Wish:
    color: Color | None = None
    sizes: list[int] = strawberry.field(default_factory=list)


@strawberry.interface
class Animal:
    name: str
    age: int | None


@strawberry.type
class Dog(Animal):
    tricks: list[str]


@strawberry.type
class Cat(Animal):
    lives: int


@strawberry.type
class Leaves:
    text: str
    text_or_none: str | None
    number: int
    number_or_none: int | None
    real: float
    truth: bool
    key: strawberry.ID
    price: Decimal
    moment: dt.datetime
    color: Color
    color_or_none: Color | None
    anything: strawberry.scalars.JSON | None
    shout: Shout | None
    texts: list[str]
    colors_or_none: list[Color | None] | None
    rows: list[list[int]]


@strawberry.type
class Box(Generic[T]):
    content: T
    contents: list[T]
    label: str


Thing = Annotated["Node | Dog | Cat | Leaves", strawberry.union("Thing")]


@strawberry.type
class Node:
    name: str
    color: Color
    leaves: Leaves
    leaves_or_none: Leaves | None
    child: "Node | None"
    children: "list[Node]"
    children_or_none: "list[Node | None] | None"
    animal: Animal | None
    thing: Thing | None
    things: list[Thing | None]
    box: "Box[Leaves] | None"
    secret: str = strawberry.field(extensions=[MinimumLevel(2)])
    secret_or_none: str | None = strawberry.field(extensions=[MinimumLevel(1)])
    secret_leaves: Leaves | None = strawberry.field(extensions=[MinimumLevel(2), MinimumLevel(1)])
    secret_child: "Node | None" = strawberry.field(extensions=[MinimumLevel(1)])
    loud: str | None = strawberry.field(extensions=[Uppercase()])
    extra: strawberry.Private[int]
    answer: strawberry.Private[Any]
    ticks: strawberry.Private[int]

    @strawberry.field
    def twin(self) -> "Node | None":
        return self.child

    @strawberry.field
    def family(self) -> "list[Node]":
        return self.children

    @strawberry.field
    def whole(self) -> Leaves:
        return self.leaves

    @strawberry.field
    def place(self, info: Info) -> str:
        info.context.log.append(f"place {self.name}")
        return "/".join(map(str, info.path.as_list())) + info.field_name

    @strawberry.field
    def repainted(self, info: Info, color: Color = Color.RED) -> "Node":
        info.context.log.append(f"repaint {self.name} {color}")
        self.color = color
        return self

    @strawberry.field
    def some(self, info: Info, count: int = 2, wish: Wish | None = None) -> "list[Node]":
        info.context.log.append(f"some {self.name} {count} {wish}")
        if wish is not None:
            wish.sizes.append(1)
        if count < 0:
            raise ValueError(f"{count} is less than none")
        return self.children[:count]

    @strawberry.field
    def odd(self, info: Info) -> "Node":
        info.context.log.append(f"odd {self.name}")
        if isinstance(self.answer, GraphQLError):
            raise self.answer
        return self.answer  # type: ignore[no-any-return]

    @strawberry.field
    def odd_number(self) -> int:
        return self.answer  # type: ignore[no-any-return]

    @strawberry.field
    def odd_list(self) -> "list[Node] | None":
        return self.answer  # type: ignore[no-any-return]

    @strawberry.field
    async def later(self, info: Info, ticks: int | None = None) -> "Node | None":
        info.context.log.append(f"later {self.name}")
        for _ in range(min(ticks or self.ticks, 3)):
            await asyncio.sleep(0)
        return self.child

    @strawberry.field
    async def family_later(self) -> "list[Node]":
        await asyncio.sleep(0)
        return self.children

    @strawberry.field
    async def fails_later(self, info: Info) -> str:
        for _ in range(self.ticks):
            await asyncio.sleep(0)
        info.context.log.append(f"fails {self.name}")
        raise RuntimeError(f"{self.name} fails")

    @strawberry.field(extensions=[MinimumLevel(1)])
    async def secret_later(self, info: Info) -> Leaves | None:
        info.context.log.append(f"secret {self.name}")
        return self.leaves

    @strawberry.field(extensions=[MinimumLevel(2)])
    def secret_family(self, info: Info) -> "list[Node] | None":
        info.context.log.append(f"secret family {self.name}")
        return self.children

    @strawberry.field
    def loaded(self, info: Info) -> "Node | None":
        info.context.log.append(f"loaded {self.name}")
        return info.context.batches.promise("near", self.child, self._made(info))  # type: ignore[no-any-return]

    @strawberry.field
    def loaded_far(self, info: Info) -> "Node":
        info.context.log.append(f"loaded far {self.name}")
        return info.context.batches.promise("far", self.child, self._made(info))  # type: ignore[no-any-return]

    @strawberry.field
    def loaded_family(self, info: Info, count: int = 2) -> "list[Node]":
        info.context.log.append(f"loaded family {self.name}")
        return info.context.batches.promise(  # type: ignore[no-any-return]
            "near", self.children, lambda found: self._made(info)(found)[:count]
        )

    @strawberry.field
    def loaded_text(self, info: Info) -> str:
        return info.context.batches.promise("far", self.name, self._made(info))  # type: ignore[no-any-return]

    @strawberry.field(extensions=[MinimumLevel(1)])
    def secret_loaded(self, info: Info) -> "list[Node | None] | None":
        info.context.log.append(f"secret loaded {self.name}")
        return info.context.batches.promise(  # type: ignore[no-any-return]
            "near", self.children_or_none, self._made(info)
        )

    def _made(self, info: Info) -> Callable[[Any], Any]:
        def made(found: Any) -> Any:
            info.context.log.append(f"made for {self.name}")
            if isinstance(found, ValueError):
                raise found
            return found

        return made

    @strawberry.field
    def promised(self) -> "Node | None":
        return SampleAwaitable(self.child)  # type: ignore[return-value]

    @strawberry.field
    async def streamed(self) -> "list[Node]":
        async def items() -> AsyncIterator[Node]:
            for each in self.children:
                yield each

        return items()  # type: ignore[return-value]


class UnregisteredNode(Node):
    """A subclass of a Strawberry type that is no Strawberry type itself."""


# Values that do not have the type of their field.
UNEXPECTED_VALUES: list[Callable[[], Any]] = [
    lambda: None,
    lambda: "text",
    lambda: 12.5,
    lambda: 2**40,
    lambda: float("nan"),
    lambda: True,
    lambda: StrSubclass("subclass"),
    lambda: ValueError("a value that is an exception"),
    lambda: GraphQLError("an error that says what it is", extensions={"code": "ODD"}),
    lambda: SampleAwaitable("late text"),
    lambda: SampleAwaitable(None),
    lambda: SampleAwaitable(ValueError("late error")),
    lambda: Color.BLUE,
    lambda: "red",
    lambda: (),
    list,
    lambda: [None],
    lambda: object,
    lambda: {"a": 1},
]


class ObjectFactory:
    """Makes objects; equal seeds make equal objects."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._count = 0
        self._odd_share = rng.choice([0.0, 0.0, 0.02, 0.1])
        self._leaves = [self._new_leaves() for _ in range(3)]

    def _or_odd(self, value: Any) -> Any:
        return self._rng.choice(UNEXPECTED_VALUES)() if self._rng.random() < self._odd_share else value

    def leaves(self) -> Leaves:
        return self._rng.choice(self._leaves)

    def _new_leaves(self) -> Leaves:
        rng, odd = self._rng, self._or_odd
        return Leaves(
            text=odd(f"text {rng.randint(0, 9)}"),
            text_or_none=odd(rng.choice([None, "é\n"])),
            number=odd(rng.randint(-5, 5)),
            number_or_none=odd(rng.choice([None, 2**31 - 1, -(2**31)])),
            real=odd(rng.choice([0.5, -1e300, 0.0])),
            truth=odd(rng.random() < 0.5),
            key=odd(strawberry.ID(f"k{rng.randint(0, 9)}")),
            price=odd(Decimal(rng.randint(0, 9999)).scaleb(-2)),
            moment=odd(dt.datetime(2026, 1, rng.randint(1, 28), tzinfo=dt.UTC)),
            color=odd(rng.choice(list(Color))),
            color_or_none=odd(rng.choice([None, *Color])),
            anything=odd(rng.choice([None, {"a": [1]}, "x"])),
            shout=odd(rng.choice([None, Shout("hey"), Shout("")])) if self._odd_share else Shout("hey"),
            texts=odd([odd("a") for _ in range(rng.randint(0, 3))]),
            colors_or_none=odd(rng.choice([None, [odd(Color.RED), None]])),
            rows=odd([[1, odd(2)], []]),
        )

    def animal(self) -> Animal:
        odd = self._or_odd
        if self._rng.random() < 0.5:
            return Dog(name=odd("Rex"), age=odd(3), tricks=odd(["sit", odd("roll")]))
        return Cat(name=odd("Tom"), age=odd(None), lives=odd(9))

    def thing(self, depth: int) -> Any:
        made: Callable[[], Any] = self._rng.choice([self.animal, self.leaves, lambda: self.node(depth - 1)])
        return made()

    def node(self, depth: int) -> Node:
        rng, odd = self._rng, self._or_odd
        self._count += 1

        def inner(count: int) -> list[Any]:
            return [odd(self.node(depth - 1)) for _ in range(count if depth > 0 else 0)]

        kind = UnregisteredNode if rng.random() < self._odd_share else Node
        return kind(
            name=odd(f"node {self._count}"),
            color=odd(rng.choice(list(Color))),
            leaves=odd(self.leaves()),
            leaves_or_none=odd(rng.choice([None, self.leaves()])),
            child=odd(next(iter(inner(rng.randint(0, 1))), None)),
            children=odd(inner(rng.randint(0, 2))),
            children_or_none=odd(rng.choice([None, [None, *inner(1)]])),
            animal=odd(rng.choice([None, self.animal()])),
            thing=odd(rng.choice([None, self.thing(depth)])) if depth > 0 else None,
            things=odd([odd(None), *[odd(self.thing(depth)) for _ in range(rng.randint(0, 2))]]) if depth > 0 else [],
            box=odd(rng.choice([None, Box(content=self.leaves(), contents=[odd(self.leaves())], label=odd("box"))])),
            secret=odd("hidden"),
            secret_or_none=odd(rng.choice([None, "hidden"])),
            secret_leaves=odd(rng.choice([None, self.leaves()])),
            secret_child=odd(next(iter(inner(rng.randint(0, 1))), None)),
            loud=odd("psst"),
            extra=rng.choice([0, 0, 0, 1]),
            answer=rng.choice(UNEXPECTED_VALUES)() if self._odd_share else self,
            ticks=rng.randint(0, 3),
        )


@strawberry.type
class Query:
    @strawberry.field
    def home(self, info: Info) -> Node:
        return info.context.home

    @strawberry.field
    async def family(self, info: Info) -> list[Node]:
        return [info.context.home, *[each for each in info.context.factory.node(1).children or [] if each]]

    @strawberry.field
    def things(self, info: Info) -> list[Thing | None]:
        return [info.context.factory.thing(1) for _ in range(3)]

    @strawberry.field
    def thing(self, info: Info) -> Thing | None:
        return info.context.factory.thing(1)  # type: ignore[no-any-return]

    @strawberry.field(extensions=[MinimumLevel(1)])
    def cellar(self, info: Info) -> Node | None:
        return info.context.home

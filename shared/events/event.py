"""What happened: the base of all events, and the envelope they travel in.

Event names and envelope fields are those of CloudEvents 1.0 (https://cloudevents.io). An event holds ids and the
few facts that its receivers need, never a copy of the entity; it only ever gains fields.
"""

import datetime as dt
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any, ClassVar, TypeAlias

from pydantic import BaseModel, ConfigDict
from sqlalchemy.ext.asyncio import AsyncSession

from shared.core.supergraph import port_offsets

EVENT_TYPES: dict[str, type["Event"]] = {}


class Event(BaseModel):
    """Base of every event: `class OrderPlaced(Event, type="order.created", aggregate="order_id")`.

    `type` is its name on the wire. `aggregate` names the field whose value orders it: events of one aggregate
    reach each receiver in the order in which they were committed.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    type: ClassVar[str]
    aggregate: ClassVar[str]

    def __init_subclass__(cls, *, type: str, aggregate: str) -> None:
        super().__init_subclass__()
        cls.type, cls.aggregate = type, aggregate
        if EVENT_TYPES.setdefault(type, cls) is not cls:
            raise TypeError(f"two events are called {type}")

    @property
    def aggregate_id(self) -> str:
        return str(getattr(self, self.aggregate))


class Envelope(BaseModel):
    """An event on its way, with CloudEvents' attribute names and two extensions of ours."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    specversion: str = "1.0"
    id: str
    source: str
    type: str
    subject: str
    time: dt.datetime
    dataversion: int = 1
    traceparent: str | None = None
    requestid: str | None = None
    actor: str | None = None
    data: dict[str, object]


Handler: TypeAlias = Callable[[AsyncSession, Any, Envelope], Awaitable[None]]
"""`async def handler(session, event, envelope)`: its effects are the rows that it writes with the session, which
commits them together with the note that the event was handled. It must not commit, and be quick."""

Received: TypeAlias = tuple[Any, Envelope]
"""An event, and the envelope in which it came."""


@dataclass(frozen=True)
class BatchHandler:
    """A handler of many events: `async def handle(session, received)` gets those of a batch at once, in order.

    It is for effects that wait for each other, where the round trips of each would hold up all that come after it.
    What holds of a `Handler` holds of it, but that it must record no events: they would have no origin.
    """

    handle: Callable[[AsyncSession, Sequence[Received]], Awaitable[None]]


Handlers: TypeAlias = Mapping[type[Event], Sequence[Handler] | BatchHandler]
"""The events that a subgraph handles, and their handlers, in this order."""


def published_events() -> Iterator[type[Event]]:
    """Return the events of all subgraphs, for those that handle every event."""
    modules = [f"subgraphs.{name}.events" for name in port_offsets()]
    # By name, so that a subgraph that is added is handled too.
    yield from events_of(*[import_module(module) for module in modules if find_spec(module)])


def events_of(*modules: ModuleType) -> Iterator[type[Event]]:
    """Return all events that some subgraphs' `events.py` declare."""
    for module in modules:
        for member in vars(module).values():
            if isinstance(member, type) and issubclass(member, Event) and member.__module__ == module.__name__:
                yield member

"""The port by which parcels are booked with a carrier, and a carrier for development that only pretends."""

import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import Protocol

from subgraphs.order.models import Order

SIMULATED_DAYS = 3


@dataclass(frozen=True)
class Label:
    """What a carrier answers to a booking."""

    carrier: str
    tracking_number: str
    tracking_url: str | None
    estimated_delivery: dt.date | None


class Carrier(Protocol):
    """Books parcels. A booking is known by its key: asked for twice, it is made once, with the same answer."""

    async def book(self, key: str, order: Order) -> Label:
        """Book a parcel for an order (its row has the address); raises anything where it cannot now."""


class SimulatedCarrier:
    """Makes labels out of the booking's key, and sends nothing."""

    async def book(self, key: str, order: Order) -> Label:
        number = f"SIM{int.from_bytes(hashlib.sha256(key.encode()).digest()[:6]):015d}"
        estimate = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=SIMULATED_DAYS)
        return Label("Simulated Post", number, f"https://tracking.example/simulated-post/{number}", estimate)

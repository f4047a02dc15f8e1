"""Fulfilment: a paid order goes to production, and what is made gets its parcel. Each step is taken once."""

import datetime as dt

from sqlalchemy import select

from shared.core.ids import new_id
from shared.database.database import Database
from shared.database.rows import one_or_none
from shared.runtime import Runtime
from subgraphs.order.enums import OrderStatus
from subgraphs.order.models import Order, Shipment
from subgraphs.order.service.carrier import Carrier, SimulatedCarrier
from subgraphs.order.service.job_types import FULFILLED, FULFILLMENT
from subgraphs.order.service.shipping import NewParcel, announce
from subgraphs.order.service.transitions import SYSTEM, change_status, locked_order
from subgraphs.order.settings import OrderSettings


class Fulfillment:
    """Takes orders forward. Without a carrier, parcels are left to staff."""

    def __init__(self, database: Database, carrier: Carrier | None, *, start_after: float, make_for: float) -> None:
        self._database = database
        self._carrier = carrier
        self._waits = {OrderStatus.PAID: start_after, OrderStatus.IN_PRODUCTION: make_for}

    @classmethod
    def from_runtime(cls, runtime: Runtime) -> "Fulfillment":
        """Make the fulfillment that the settings ask for; raises SettingsError."""
        settings = OrderSettings.load()
        carrier = SimulatedCarrier() if settings.carrier_of(runtime.settings) == "simulated" else None
        return cls(
            runtime.database,
            carrier,
            start_after=settings.production_start_seconds,
            make_for=settings.production_seconds,
        )

    async def advance(self, order_id: str) -> None:
        """Take an order's next step, or ask to be called again when it is due. Other orders are left alone."""
        async with self._database.read() as connection:
            order = await one_or_none(connection, Order, select(Order.__table__).where(Order.id == order_id))
        # Nobody bought a test order, so nothing is made of it.
        if order is None or order.test or order.status not in FULFILLED:
            return
        due = order.changed_at + dt.timedelta(seconds=self._waits[order.status])
        wait = (due - dt.datetime.now(dt.UTC)).total_seconds()
        if wait > 0:
            async with self._database.write() as session:
                await FULFILLMENT.enqueue(session, {"order_id": order_id}, delay=wait)
        elif order.status is OrderStatus.PAID:
            await self._begin(order)
        elif self._carrier is not None:
            await self._ship(order, self._carrier)

    async def _begin(self, seen: Order) -> None:
        async with self._database.write() as session:
            order = await locked_order(session, seen.id)
            if order.changed_at != seen.changed_at:
                return  # the change of status has enqueued what follows
            await change_status(session, order, order.version, OrderStatus.IN_PRODUCTION, SYSTEM, None)

    async def _ship(self, seen: Order, carrier: Carrier) -> None:
        # Outside of the transaction, which must not wait for the carrier; the key makes a repeat harmless.
        label = await carrier.book(seen.id, seen)
        parcel = NewParcel(label.carrier, label.tracking_number, label.tracking_url, label.estimated_delivery)
        async with self._database.write() as session:
            order = await locked_order(session, seen.id)
            # What is made again gets a parcel of its own, which staff announce.
            parcels = await session.scalar(
                select(Shipment.id).where(Shipment.order_id == seen.id, ~Shipment.withdrawn).limit(1)
            )
            if order.status is OrderStatus.IN_PRODUCTION and parcels is None:
                await announce(session, order, new_id("shp"), parcel, None)

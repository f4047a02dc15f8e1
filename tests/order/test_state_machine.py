"""Any sequence of calls, those at once included: only legal statuses, no lost update, a timeline that tells the truth.

The machine calls the subgraph's services, with several calls at once in a step, and reads the database after each step.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from redis.asyncio import Redis
from sqlalchemy import select
from strawberry import ID

from shared.core.errors import PublicError
from shared.core.ids import new_id
from shared.core.settings import Settings
from shared.database.database import Database
from shared.events.outbox import OUTBOX
from shared.security.auth import Viewer
from shared.security.pseudonyms import Pseudonymizer
from subgraphs.order import inputs, status
from subgraphs.order.enums import ActorKind, OrderStatus, ShipmentStatus
from subgraphs.order.models import Order, OrderRefund, OrderTimeline, Shipment
from subgraphs.order.service import decisions, refunds, shipping, staff
from subgraphs.order.service import transitions as changes
from subgraphs.order.service.carrier import SimulatedCarrier
from subgraphs.order.service.fulfillment import Fulfillment
from subgraphs.order.service.placement import place_order
from subgraphs.order.status import Situation
from tests.order.factories import new_order
from tests.support.properties import examples
from tests.support.waiting import soon

Call = tuple[str, Any]
calls = st.one_of(
    st.tuples(st.just("advance"), st.sampled_from(OrderStatus)),
    st.tuples(st.sampled_from(["cancel", "cancel as staff", "hold", "release", "fulfill"]), st.none()),
    st.tuples(st.just("refund"), st.none() | st.sampled_from(["0.01", "53.60", "107.19", "107.20"])),
    st.tuples(st.just("parcel"), st.booleans()),
    st.tuples(st.just("scan"), st.sampled_from(ShipmentStatus)),
)


class OrderMachine(RuleBasedStateMachine):
    """One order, and everything that can be done to it."""

    shop: Settings

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.database = Database.connect(self.shop, "order")
        self.redis = Redis.from_url(self.shop.required_redis_url)
        self.customer = Viewer(new_id("usr"))
        self.staff = Viewer(new_id("usr"), scopes=frozenset({"orders:write"}), authenticated_at=time.time())

    def run(self, work: Awaitable[Any]) -> Any:
        return self.loop.run_until_complete(soon(work))

    @initialize()
    def place(self) -> None:
        self.order_id = self.run(self._place())

    async def _place(self) -> str:
        people = Pseudonymizer(self.shop)
        async with self.database.write() as session:
            return str((await place_order(session, people, new_order(self.customer.id))).id)

    @rule(at_once=st.lists(calls, min_size=1, max_size=4), stale=st.integers(0, 8).map(lambda number: number == 0))
    def act(self, at_once: list[Call], stale: bool) -> None:
        self.run(self._act(at_once, stale))

    async def _act(self, at_once: list[Call], stale: bool) -> None:
        version = (await self._rows(select(Order.__table__).where(Order.id == self.order_id)))[0].version - stale
        done = await asyncio.gather(
            *[self._call(name, value, version) for name, value in at_once], return_exceptions=True
        )
        for outcome in done:
            assert not isinstance(outcome, BaseException) or isinstance(outcome, PublicError), repr(outcome)
        # Those that name a version: of those at once one wins at most, and none with a stale version.
        exclusive = [
            outcome
            for (name, _), outcome in zip(at_once, done, strict=True)
            if name in {"advance", "cancel", "cancel as staff", "hold", "release", "refund"}
            and not isinstance(outcome, BaseException)
        ]
        assert len(exclusive) <= (0 if stale else 1)

    async def _call(self, name: str, value: Any, version: int) -> Any:
        key, database = ID(self.order_id), self.database
        ways: dict[str, Callable[[], Awaitable[Any]]] = {
            "advance": lambda: decisions.advance_status(
                database, self.staff, inputs.OrderStatusAdvanceInput(order_id=key, version=version, to=value)
            ),
            "cancel": lambda: decisions.cancel_order(
                database, self.customer, inputs.OrderCancelInput(order_id=key, version=version)
            ),
            "cancel as staff": lambda: decisions.cancel_order(
                database, self.staff, inputs.OrderCancelInput(order_id=key, version=version)
            ),
            "hold": lambda: staff.hold_order(
                database, self.staff, inputs.OrderHoldInput(order_id=key, version=version)
            ),
            "release": lambda: staff.release_order(
                database, self.staff, inputs.OrderReleaseInput(order_id=key, version=version)
            ),
            "refund": lambda: refunds.refund_order(
                database,
                self.staff,
                inputs.OrderRefundInput(order_id=key, version=version, amount=Decimal(value) if value else None),
            ),
            "fulfill": lambda: Fulfillment(database, SimulatedCarrier(), start_after=0, make_for=0).advance(key),
            "parcel": lambda: shipping.create_shipment(
                database,
                self.staff,
                inputs.ShipmentCreateInput(
                    order_id=key, carrier="DHL", tracking_number=new_id("trk"), completes=bool(value)
                ),
            ),
            "scan": lambda: self._scan(value),
        }
        return await ways[name]()

    async def _scan(self, reached: ShipmentStatus) -> None:
        parcels = select(Shipment.id).where(Shipment.order_id == self.order_id).order_by(Shipment.id)
        for row in await self._rows(parcels):
            given = inputs.ShipmentScanAddInput(shipment_id=row.id, status=reached, description="Scanned.")
            await shipping.add_scan(self.database, self.staff, given)

    async def _rows(self, statement: Any) -> list[Any]:
        async with self.database.read() as connection:
            return list((await connection.execute(statement)).all())

    @invariant()
    def the_books_agree(self) -> None:
        if hasattr(self, "order_id"):
            self.run(self._check())

    async def _check(self) -> None:
        [order] = await self._rows(select(Order.__table__).where(Order.id == self.order_id))
        of_order = select(OrderTimeline.__table__).where(OrderTimeline.order_id == self.order_id)
        entries = await self._rows(of_order.order_by(OrderTimeline.version))
        assert [entry.version for entry in entries] == list(range(1, order.version + 1))
        assert entries == sorted(entries, key=lambda entry: (entry.xid, entry.seq))
        now: Situation = status.NEW
        for entry in entries[1:]:
            assert entry.previous is now.status
            assert (entry.actor_id is None) == (entry.actor_kind is ActorKind.SYSTEM)
            if entry.status is entry.previous:  # a partial refund
                continue
            assert status.refusal(now, entry.status, entry.actor_kind) is None
            now = status.after(now, entry.status)
        assert now == changes.situation_of(order)
        await self._check_events(entries)
        await self._check_money(order)

    async def _check_events(self, entries: list[Any]) -> None:
        published = select(OUTBOX.c.type, OUTBOX.c.data).where(OUTBOX.c.subject == self.order_id).order_by(OUTBOX.c.id)
        events = await self._rows(published)
        reported = [event.data for event in events if event.type == "order.status_changed"]
        assert [(it["version"], it["previous"], it["status"]) for it in reported] == [
            (entry.version, entry.previous.value, entry.status.value)
            for entry in entries[1:]
            if entry.status is not entry.previous
        ]
        counted = Counter(event.type for event in events)
        reached = Counter(entry.status for entry in entries if entry.status is not entry.previous)
        assert counted["order.cancelled"] == reached[OrderStatus.CANCELLED]
        assert counted["order.delivered"] == reached[OrderStatus.DELIVERED]

    async def _check_money(self, order: Any) -> None:
        booked = await self._rows(select(OrderRefund.amount_minor).where(OrderRefund.order_id == self.order_id))
        assert sum(row.amount_minor for row in booked) == order.refunded_minor
        assert order.refunded_minor <= (order.total_minor if order.paid_at is not None else 0)
        assert (order.status is OrderStatus.REFUNDED) == (order.refunded_minor == order.total_minor)

    def teardown(self) -> None:
        self.run(self.redis.aclose())
        self.run(self.database.close())
        self.loop.close()


def test_no_sequence_of_calls_breaks_an_order(base_settings: Settings) -> None:
    machine = type("Machine", (OrderMachine,), {"shop": base_settings})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples(12), stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )

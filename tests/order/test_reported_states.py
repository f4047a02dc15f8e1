"""What carriers, shops and payment providers may report, from any state, in any order: one state, ledger, set of tasks.

Each example is a set of facts about one order of a shop. They arrive in two orders, some twice, each reconciled before
the next, and then all at once. Some were reported before, and staff have moved the order since.
"""

import asyncio
import datetime as dt
from collections.abc import Sequence
from typing import Any, cast

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from shared.core.ids import new_id
from shared.core.settings import Settings
from shared.database.database import Database
from shared.database.rows import one
from shared.security.sealing import Sealer
from subgraphs.order.enums import ActorKind, FactKind, LedgerEntryState, OrderStatus
from subgraphs.order.fact_models import FactData
from subgraphs.order.models import Order
from subgraphs.order.service.decisions import decide
from subgraphs.order.service.facts import Fact, note_facts
from subgraphs.order.service.reconciliation import OrderReconciler, reconcile_again
from subgraphs.order.service.transitions import situation_of
from subgraphs.order.status import legal
from tests.order.factories import STAFF
from tests.order.facts import SHOWN
from tests.support.properties import examples

BEGIN = dt.datetime(2025, 11, 1, 8, tzinfo=dt.UTC)
TOTAL = 5000
Said = tuple[FactKind, int, FactData, tuple[str, ...]]
hours = st.integers(1, 6)
parcels = st.tuples(
    st.sampled_from(["p1", "p2"]),
    st.sampled_from(
        ["LABEL_CREATED", "IN_TRANSIT", "OUT_FOR_DELIVERY", "READY_FOR_PICKUP", "DELIVERED", "EXCEPTION", "RETURNED"]
    ),
    st.integers(1, 2),
    st.integers(0, 4).map(lambda number: number == 0),
)
payments = st.sampled_from([("pi_1", "ch_1"), ("pi_2", "ch_2")])
amounts = st.sampled_from([2500, 5000])


def parcel(at: int, given: tuple[str, str, int, bool]) -> Said:
    key, status, pieces, withdrawn = given
    data = {"parcel_id": key, "status": status, "pieces": pieces, "carrier": "DHL", "tracking_number": key}
    sent_at = BEGIN + dt.timedelta(hours=1 if key == "p1" else 3)
    data |= {"withdrawn": withdrawn, "at": sent_at.isoformat(), "tracking_url": None}
    return FactKind.PARCEL, at, cast("FactData", data), ()


def money(kind: FactKind, hour: int, names: tuple[str, ...], minor: int, **more: Any) -> Said:
    data = {"provider": "STRIPE", "currency": "EUR", "amount_minor": minor} | more
    return kind, hour, cast("FactData", data), names


CONTENT = FactData(
    placed_at=BEGIN.isoformat(),
    updated_at=BEGIN.isoformat(),
    currency="EUR",
    lines=[{"title": "Collar", "quantity": 2, "unit_price_minor": 2500, "design_id": None}],
    discount_minor=0,
    shipping_minor=0,
    tax_minor=0,
)


def content(at: int, shipping_minor: int) -> Said:
    """Return what the order costs from an hour on."""
    updated_at = (BEGIN + dt.timedelta(hours=at)).isoformat()
    return FactKind.CONTENT, at, CONTENT | FactData(updated_at=updated_at, shipping_minor=shipping_minor), ()


said = st.one_of(
    st.builds(parcel, hours, parcels),
    st.builds(content, hours, st.sampled_from([0, 1000])),
    st.builds(lambda at: (FactKind.PAID, at, FactData(amount_minor=TOTAL), ()), hours),
    st.builds(lambda at: (FactKind.CANCELLED, at, FactData(), ()), hours),
    st.builds(lambda at: (FactKind.ALL_LEFT, at, FactData(), ()), hours),
    st.builds(
        lambda at, minor, key: (FactKind.REFUND, at, FactData(refund_id=key, amount_minor=minor), ()),
        hours,
        amounts,
        st.sampled_from(["r1", "r2"]),
    ),
    st.builds(
        lambda at, names, minor: money(FactKind.PAYMENT, at, names, minor, payment=names[0]), hours, payments, amounts
    ),
    st.builds(
        lambda at, names, minor: money(
            FactKind.PAYMENT_REFUNDED, at, names[1:], minor, received_minor=TOTAL, at=str(at)
        ),
        hours,
        payments,
        amounts,
    ),
    st.builds(
        lambda at, names, state: money(
            FactKind.REFUND_STATE, at, names[1:], 2500, refund_id=f"re_{names[0]}", state=state
        ),
        hours,
        payments,
        st.sampled_from([state.name for state in LedgerEntryState]),
    ),
    st.builds(
        lambda at, names, outcome: money(
            FactKind.DISPUTE, at, names[1:], 5000, dispute_id=f"dp_{names[0]}", reason="fraudulent", outcome=outcome
        ),
        hours,
        payments,
        st.sampled_from(["OPEN", "WON", "LOST"]),
    ),
)
decisions: st.SearchStrategy[list[int]] = st.one_of(st.just([]), st.lists(st.integers(0, 9), max_size=6))
"""Which of the statuses that staff may move an order to they choose, one after the other."""
KNOWN = {
    "order_meta": "status, held_from, held_for, total_minor, received_minor, returned_minor, refunded_minor,"
    " paid_at IS NOT NULL",
    # What staff decided is of now.
    "ledger_entry": "kind, provider, CASE WHEN provider <> 'ALL_PET_PLUS' THEN provider_id END, state, amount_minor,"
    " currency, CASE WHEN provider <> 'ALL_PET_PLUS' THEN occurred_at END",
    "order_refund": "external_id, amount_minor, state, CASE WHEN external_id IS NOT NULL THEN at END",
    "shipment_tracking": "external_id, status, completes, superseded",
    "order_task": "kind, about, amount_minor",
}


class Shop:
    """The order subgraph's own services on a database, without the bus."""

    def __init__(self, given: Settings) -> None:
        self.loop = asyncio.new_event_loop()
        self.database = Database.connect(given, "order")
        self.reconciler = OrderReconciler(self.database, Sealer(given))

    def close(self) -> None:
        self.loop.run_until_complete(self.database.close())
        self.loop.close()

    async def report(
        self, before: Sequence[Said], decided: Sequence[int], facts: Sequence[Said], *, at_once: bool = False
    ) -> dict[str, list[tuple[str, ...]]]:
        """Report an order and facts of it, have staff move it, and report more; returns what is known of it then."""
        name, unique = _named()
        await self._reconcile([Fact(FactKind.CONTENT, BEGIN, name, data=CONTENT)], at_once=False)
        await self._reconcile(_facts(name, unique, before), at_once=False)
        await self._decide(name, decided)
        await self._reconcile(_facts(name, unique, facts), at_once=at_once)
        return await self._known(name, unique)

    async def report_each(self, decided: Sequence[int], facts: Sequence[Said]) -> None:
        """Report facts one by one, and hold each state against what it is when nothing but a reconciliation follows."""
        name, unique = _named()
        await self._reconcile([Fact(FactKind.CONTENT, BEGIN, name, data=CONTENT)], at_once=False)
        for place, fact in enumerate(_facts(name, unique, facts)):
            await self._reconcile([fact], at_once=False)
            known = await self._known(name, unique)
            await self._reconcile_again(name)
            assert await self._known(name, unique) == known
            await self._decide(name, decided[place : place + 1])

    async def _reconcile_again(self, name: str) -> None:
        async with self.database.write() as session:
            order = await one(
                session, Order, select(Order.__table__).where(Order.external_id == name).with_for_update()
            )
            await reconcile_again(session, order)

    async def _reconcile(self, facts: Sequence[Fact], *, at_once: bool) -> None:
        for fact in facts:
            async with self.database.write() as session:
                await note_facts(session, [fact], new_id("whd"))
            if not at_once:
                await self.reconciler.reconcile(fact.id)
        if at_once:
            for fact in facts:
                await self.reconciler.reconcile(fact.id)

    async def _decide(self, name: str, decided: Sequence[int]) -> None:
        for number in decided:
            async with self.database.write() as session:
                order = await one(session, Order, select(Order.__table__).where(Order.external_id == name))
                choice = sorted(legal(situation_of(order), ActorKind.STAFF), key=list(OrderStatus).index)
                if choice:
                    await decide(session, order, order.version, choice[number % len(choice)], STAFF, None)

    async def _known(self, name: str, unique: str) -> dict[str, list[tuple[str, ...]]]:
        found = {}
        async with self.database.read() as connection:
            for table, columns in KNOWN.items():
                key = "id" if table == "order_meta" else "order_id"
                rows = await connection.exec_driver_sql(
                    f"SELECT {columns} FROM {table}"  # noqa: S608 (names of this file)
                    f" WHERE {key} = (SELECT id FROM order_meta WHERE external_id = $1)"
                    f" AND {SHOWN.get(table, 'true')}",
                    (name,),
                )
                found[table] = sorted(tuple(str(value).replace(unique, "") for value in row) for row in rows)
        return found


def _named() -> tuple[str, str]:
    """Return a name for an order, and the part of it that is only its own."""
    name = f"gid://shopify/Order/{new_id('ext')}"
    return name, name.rpartition("_")[2]


def _facts(name: str, unique: str, said: Sequence[Said]) -> list[Fact]:
    found = []
    for kind, at, data, ids in said:
        own = data
        if "parcel_id" in data:
            own = cast("FactData", {**data, "parcel_id": f"{data['parcel_id']} {unique}"})
        keys = [f"{key}_{unique}" for key in ids]
        found.append(Fact(kind, BEGIN + dt.timedelta(hours=at), name, keys, own))
    return found


def test_the_same_reports_in_any_order_lead_to_the_same_state_ledger_and_tasks(base_settings: Settings) -> None:
    shop = Shop(base_settings)

    @settings(max_examples=examples(60), deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        before=st.lists(said, max_size=4),
        decided=decisions,
        facts=st.lists(said, min_size=1, max_size=7),
        order=st.randoms(use_true_random=False),
    )
    def converge(before: list[Said], decided: list[int], facts: list[Said], order: Any) -> None:
        shuffled = [*facts, *order.sample(facts, len(facts) // 2)]
        order.shuffle(shuffled)
        expected = shop.loop.run_until_complete(shop.report(before, decided, facts))
        check(expected)
        for others, at_once in ((shuffled, False), (facts, True)):
            known = shop.loop.run_until_complete(shop.report(before, decided, others, at_once=at_once))
            check(known)
            assert known == expected

    try:
        converge()
    finally:
        shop.close()


def test_after_each_report_an_order_is_where_another_reconciliation_leaves_it(base_settings: Settings) -> None:
    shop = Shop(base_settings)

    @settings(max_examples=examples(60), deadline=None, suppress_health_check=list(HealthCheck))
    @given(decided=decisions, facts=st.lists(said, min_size=1, max_size=7))
    def stay(decided: list[int], facts: list[Said]) -> None:
        shop.loop.run_until_complete(shop.report_each(decided, facts))

    try:
        stay()
    finally:
        shop.close()


def check(known: dict[str, list[tuple[str, ...]]]) -> None:
    """Hold a state against what must be true of any."""
    [(status, held_from, held_for, total, received, returned, refunded, is_paid)] = known["order_meta"]
    assert OrderStatus(status) in OrderStatus
    assert (held_from != "None") == (status == "ON_HOLD")
    assert held_for == "None" or status == "ON_HOLD"
    assert status in {"PENDING", "CANCELLED", "ON_HOLD"} or is_paid == "True"
    none_held = 0 < int(received) <= int(returned)
    assert not (none_held and is_paid == "True") or status == "REFUNDED"
    assert status != "REFUNDED" or none_held
    assert int(refunded) == min(max(0, int(returned) - max(0, int(received) - int(total))), int(total))
    tasks = {kind: minor for kind, about, minor in known["order_task"]}
    held = max(0, int(received) - int(returned))
    assert (status == "CANCELLED" and held > 0) == ("REFUND_DUE" in tasks)
    assert ("OVERPAID" in tasks) == (status != "CANCELLED" and int(received) - int(total) - int(returned) > 0)

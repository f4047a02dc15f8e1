"""Every event of every subgraph leaves an entry, with who did it, and with nothing personal in it."""

import datetime as dt
from importlib import import_module
from typing import Any

import pytest
from sqlalchemy import select

from petplus import registry
from shared.core.ids import new_id
from shared.core.settings import Settings
from shared.database.advisory_locks import lock_connection
from shared.events.event import Envelope, Event, events_of
from shared.events.inbox import Inbox
from subgraphs.audit.handlers import HANDLERS, append_entries
from subgraphs.audit.models import AuditLog, CacheInvalidation
from subgraphs.audit.service.log import COPY_FROM_ROWS
from subgraphs.audit.service.verification import Verification, verify_log
from subgraphs.builder.events import PresetUpdated
from subgraphs.order.events import OrderCreated, OrderedLine, OrderStatusChanged
from subgraphs.user.events import UserUpdated
from subgraphs.webhook.events import WebhookPaymentSucceeded
from tests.audit.factories import fresh_log, owner_of
from tests.support.apps import Served

TRAIL = """
query ($id: ID!) {
  auditEntries(filter: { subjectId: $id }) {
    nodes {
      action actorKind actor { id } subject { type subjectId } changes { field before after } at requestId traceId
    }
  }
}
"""


def enveloped(event: Event, **attributes: Any) -> Envelope:
    return Envelope(
        id=new_id("evt"),
        source="/test",
        type=event.type,
        subject=event.aggregate_id,
        time=dt.datetime(2026, 11, 20, 8, tzinfo=dt.UTC),
        data=event.model_dump(mode="json"),
        **attributes,
    )


async def receive(audit: Served, event: Event, envelope: Envelope) -> None:
    async with audit.database.write() as session:
        await append_entries(session, [(event, envelope)])


async def entries(audit: Served, token: str, subject_id: str) -> list[Any]:
    found: list[Any] = (await audit.execute(TRAIL, token, id=subject_id)).data["auditEntries"]["nodes"]
    return found


def test_every_event_of_every_other_subgraph_is_heard() -> None:
    subgraphs = [import_module(f"subgraphs.{name}.events") for name in registry.NAMES if name != "audit"]
    assert set(HANDLERS) == set(events_of(*subgraphs))


async def test_a_staff_action_is_logged_with_its_actor_and_origin(audit: Served, support: str) -> None:
    order_id, actor_id = new_id("ord"), new_id("usr")
    event = OrderStatusChanged(
        order_id=order_id, customer_id=new_id("usr"), version=3, previous="PAID", status="SHIPPED"
    )
    trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    envelope = enveloped(event, actor=actor_id, requestid="req_1", traceparent=f"00-{trace}-00f067aa0ba902b7-01")
    await receive(audit, event, envelope)
    assert await entries(audit, support, order_id) == [
        {
            "action": "order.status_changed",
            "actorKind": "USER",
            "actor": {"id": actor_id},
            "subject": {"type": "Order", "subjectId": order_id},
            "changes": [
                {"field": "customer_id", "before": None, "after": event.customer_id},
                {"field": "version", "before": None, "after": "3"},
                {"field": "status", "before": "PAID", "after": "SHIPPED"},
            ],
            "at": "2026-11-20T08:00:00.000000Z",
            "requestId": "req_1",
            "traceId": trace,
        }
    ]


async def test_what_the_system_does_has_no_actor(audit: Served, support: str) -> None:
    for actor in (None, "", "somebody", "ord_01jd0000000000000000000000"):
        user_id = new_id("usr")
        event = UserUpdated(user_id=user_id, fields=["email", "name"])
        await receive(audit, event, enveloped(event, actor=actor, traceparent="nonsense"))
        [entry] = await entries(audit, support, user_id)
        assert (entry["actorKind"], entry["actor"], entry["traceId"]) == ("SYSTEM", None, None)
        assert entry["subject"] == {"type": "User", "subjectId": user_id}
        assert entry["changes"] == [
            {"field": "email", "before": None, "after": None},
            {"field": "name", "before": None, "after": None},
        ]


async def test_an_event_that_comes_twice_leaves_one_entry(audit: Served, support: str) -> None:
    user_id = new_id("usr")
    event = UserUpdated(user_id=user_id, fields=["name"])
    envelope = enveloped(event)
    await receive(audit, event, envelope)
    await receive(audit, event, envelope)
    assert len(await entries(audit, support, user_id)) == 1


@pytest.mark.parametrize("more", [7, 2 * COPY_FROM_ROWS])
async def test_a_batch_takes_no_more_statements_than_one_event(
    audit: Served, settings: Settings, support: str, more: int
) -> None:
    """Batches wait for each other at the head of the chain: a round trip for each event would add up there."""
    events = [PresetUpdated(preset_id=new_id("pre"), version=number) for number in range(1 + more)]
    inbox = Inbox("audit", HANDLERS)
    async with owner_of(settings) as owner, lock_connection(audit.database) as connection:
        await fresh_log(audit, owner, 1)
        with audit.statements() as alone:
            await inbox.receive(connection, [enveloped(events[0])])
        with audit.statements() as together:
            await inbox.receive(connection, [enveloped(event) for event in events[1:]])
    assert 0 < len(together) <= len(alone)
    assert await verify_log(audit.database) == Verification(2 + more, 2 + more, complete=True, first_broken=None)
    async with audit.database.read() as connection:
        logged = await connection.execute(select(AuditLog.subject_id).order_by(AuditLog.sequence).offset(1))
        purged = await connection.execute(select(CacheInvalidation.entity_id).order_by(CacheInvalidation.id))
    subjects = [event.preset_id for event in events]
    assert logged.scalars().all() == subjects
    assert purged.scalars().all()[-len(subjects) :] == subjects


async def test_lines_of_an_order_are_left_out(audit: Served, support: str) -> None:
    order_id = new_id("ord")
    lines = [OrderedLine(design_id=new_id("des"), quantity=2)]
    event = OrderCreated(
        order_id=order_id, number="AP-1", customer_id=None, lines=lines, total_minor=4990, currency="EUR"
    )
    await receive(audit, event, enveloped(event))
    [entry] = await entries(audit, support, order_id)
    assert [(change["field"], change["after"]) for change in entry["changes"]] == [
        ("number", "AP-1"),
        ("total_minor", "4990"),
        ("currency", "EUR"),
        ("test", "False"),
    ]


async def test_a_thing_of_the_outside_world_is_named_for_its_field(audit: Served, support: str) -> None:
    payment_id = new_id("pi")
    event = WebhookPaymentSucceeded(
        delivery_id=new_id("whd"), source="STRIPE", external_payment_id=payment_id, amount_minor=1, currency="EUR"
    )
    await receive(audit, event, enveloped(event))
    [entry] = await entries(audit, support, payment_id)
    assert entry["subject"] == {"type": "ExternalPayment", "subjectId": payment_id}


async def test_a_field_that_nobody_declared_safe_is_not_logged(audit: Served, support: str) -> None:
    class Revealing(UserUpdated, type="test.revealing", aggregate="user_id"):
        email: str
        note: str

    user_id = new_id("usr")
    event = Revealing(user_id=user_id, fields=[], email="anna@example.com", note="Anna, Bakerstreet 1")
    async with audit.database.write() as session:
        await append_entries(session, [(event, enveloped(event))])
    [entry] = await entries(audit, support, user_id)
    assert entry["changes"] == []

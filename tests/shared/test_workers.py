"""Messaging as processes run it: relay and consumers beside an API."""

from prometheus_client import REGISTRY
from sqlalchemy import func, select

from shared.workers import run_event_workers
from subgraphs.audit.models import Base as AuditBase
from tests.support.accounts import open_account
from tests.support.apps import Served
from tests.support.waiting import eventually

HANDLED = {"subgraph": "audit", "type": "user.created", "outcome": "handled"}


def handled() -> float:
    return REGISTRY.get_sample_value("petplus_event_attempts_total", HANDLED) or 0


async def nothing_waits() -> bool:
    return REGISTRY.get_sample_value("petplus_outbox_oldest_seconds", {"subgraph": "user"}) == 0


async def test_a_change_in_one_subgraph_has_its_effect_in_another(user: Served, audit: Served) -> None:
    rows = select(func.count()).select_from(AuditBase.metadata.tables["audit_log"])

    async def entries() -> int:
        async with audit.database.read() as connection:
            return await connection.scalar(rows) or 0

    before, handled_before = await entries(), handled()
    workers = run_event_workers(audit.runtime, audit.subgraph.handlers)
    async with run_event_workers(user.runtime, user.subgraph.handlers), workers:
        await open_account(user)

        async def received() -> bool:
            return handled() > handled_before and await entries() > before

        await eventually(received)
        # The relay measures once more after what it has published.
        await eventually(nothing_waits)

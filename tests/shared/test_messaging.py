"""Messaging as processes run it: relay and consumers beside an API."""

from prometheus_client import REGISTRY
from sqlalchemy import func, select

from shared.messaging import run_messaging
from subgraphs.audit.models import Base as AuditBase
from tests.support.apps import Served
from tests.support.bus import eventually

REGISTER = """mutation($email: String!) {
  accountRegister(input: {email: $email, name: "Ada", password: "correct horse battery"}) { __typename }
}"""


async def test_a_change_in_one_subgraph_has_its_effect_in_another(user: Served, audit: Served) -> None:
    entries = select(func.count()).select_from(AuditBase.metadata.tables["audit_log"])

    async def count() -> int:
        async with audit.database.read() as connection:
            return await connection.scalar(entries) or 0

    before = await count()
    hearing = run_messaging(audit.runtime, audit.subgraph.handlers)
    async with run_messaging(user.runtime, user.subgraph.handlers), hearing:
        answer = await user.execute(REGISTER, email="ada.lovelace@messaging.example")
        assert answer.data["accountRegister"]["__typename"] == "AccountRegisterSuccess"

        async def heard() -> bool:
            return await count() > before

        await eventually(heard)
        labels = {"subgraph": "audit", "type": "user.created", "outcome": "handled"}
        assert (REGISTRY.get_sample_value("petplus_event_attempts_total", labels) or 0) >= 1
        assert REGISTRY.get_sample_value("petplus_outbox_oldest_seconds", {"subgraph": "user"}) == 0

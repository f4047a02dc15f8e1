"""Reports of mails that came back or were unwanted: told by the digest of the address, which is then no longer kept."""

from typing import Any

import orjson
import pytest

from shared.core.ids import new_id
from shared.security.pseudonyms import Pseudonymizer
from tests.support.apps import Served
from tests.webhook.processing import work
from tests.webhook.senders import deliver, internal, stored
from tests.webhook.test_processing import reported, shown

EMAIL = "Anna.Bounce@Example.com"


async def report(webhook: Served, topic: str, **data: Any) -> str:
    """Deliver a report and return the id under which it is stored."""
    body = orjson.dumps({"type": topic, "timestamp": "2026-11-20T08:15:30Z", "data": data})
    key = new_id("msg")
    answer = await deliver(webhook, "internal", body, internal(body, key))
    assert answer.json() == {"status": "received"}
    return str((await stored(webhook, key))[0].id)


@pytest.mark.parametrize(
    ("topic", "more", "fields"),
    [
        ("mail.bounced", {"kind": "hard"}, {"permanent": True}),
        ("mail.bounced", {"kind": "soft"}, {"permanent": False}),
        ("mail.complained", {}, {}),
    ],
)
async def test_a_report_is_told_without_its_address_and_then_emptied(
    webhook: Served, support: str, topic: str, more: dict[str, str], fields: dict[str, bool]
) -> None:
    key = await report(webhook, topic, email=EMAIL, **more)
    await work(webhook, key)
    [(_, kind, data)] = await reported(webhook, key)
    assert kind == f"webhook.{topic.replace('.', '_')}"
    digest = webhook.runtime.resource(Pseudonymizer).of_email(EMAIL)
    about = {"delivery_id": key, "source": "INTERNAL", "occurred_at": "2026-11-20T08:15:30Z"}
    assert data == {**about, "email_digest": digest, **fields}
    assert (await shown(webhook, support, key))["state"] == "PROCESSED"
    async with webhook.database.read() as connection:
        row = (await connection.exec_driver_sql("SELECT * FROM webhook_log WHERE id = $1", (key,))).one()
    assert (row.body, row.people) == (b"", [])
    assert "anna.bounce" not in str(tuple(row)).lower()


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"email": 1, "kind": "hard"},
        {"email": "nobody", "kind": "hard"},
        {"email": "a@b@c", "kind": "hard"},
        {"email": "x" * 250 + "@example.com", "kind": "hard"},
        {"email": EMAIL},
        {"email": EMAIL, "kind": "HARD"},
        {"email": EMAIL, "kind": ["hard"]},
    ],
)
async def test_a_report_that_cannot_be_read_has_no_effect_and_is_repeated(
    webhook: Served, support: str, data: dict[str, Any]
) -> None:
    key = await report(webhook, "mail.bounced", **data)
    await work(webhook, key)
    assert await reported(webhook, key) == []
    found = await shown(webhook, support, key)
    assert found["state"] == "FAILED"
    assert found["error"].startswith(("`email`", "`kind`"))
    assert EMAIL not in found["error"]

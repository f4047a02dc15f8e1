"""What shops must have forgotten: a customer, or all of a shop, here and in the bodies of deliveries; no more."""

import datetime as dt
from typing import Any

import orjson
import pytest

from shared.security.pseudonyms import Pseudonymizer
from shared.security.sealing import Sealer
from subgraphs.order.service import privacy as order_privacy
from subgraphs.user.events import UserDeleted
from subgraphs.webhook.service import privacy as webhook_privacy
from tests.order.facts import receive
from tests.order.test_corrected_contact import verify
from tests.support.apps import Served
from tests.webhook.public_door import Door
from tests.webhook.senders import SHOP, deliver, shopify
from tests.webhook.shop_orders import BEGIN, ShopOrder

OTHER = "other.myshopify.com"
NOBODY = {"contactEmail": None, "recipient": None}


def redaction(*orders: ShopOrder, email: str | None = None) -> Any:
    customer = {"id": 191167, "email": email, "phone": "555-625-1199"}
    return {"shop_id": 1, "shop_domain": SHOP, "customer": customer, "orders_to_redact": [each.id for each in orders]}


async def person_of(order: Served, support: str, sold: ShopOrder) -> Any:
    found = await sold.shown(order, support)
    return {"contactEmail": found["contactEmail"], "recipient": found["shippingAddress"]["recipient"]}


async def bodies(webhook: Served, *words: str) -> list[bytes]:
    """Return the stored bodies that hold a word."""
    async with webhook.database.read() as connection:
        rows = await connection.exec_driver_sql("SELECT body FROM webhook_log WHERE length(body) > 0")
        return [body for body in rows.scalars() if any(word.encode() in body for word in words)]


@pytest.mark.parametrize("named_by", ["order", "email"])
async def test_a_redacted_customer_is_forgotten_in_orders_and_bodies(
    webhook: Served, order: Served, support: str, named_by: str
) -> None:
    door, sold, other = Door(webhook, order), ShopOrder(), ShopOrder()
    for each in (sold, other):
        await door.shopify("orders/create", each.told(financial_status="paid"))
    kept = await person_of(order, support, other)
    request = redaction(sold) if named_by == "order" else redaction(email=sold.email.upper())
    await door.shopify("customers/redact", request, x_shopify_webhook_id=f"redact {sold.id}")
    assert await person_of(order, support, sold) == NOBODY
    assert await person_of(order, support, other) == kept
    assert await bodies(webhook, sold.email, sold.email.upper()) == []
    [row] = await door.deliveries(delivery_id=f"redact {sold.id}")
    assert (row.state, row.body) == ("PROCESSED", b"")
    assert (await sold.shown(order, support))["total"] == {"amount": "55.00"}


async def test_what_is_told_of_an_erased_order_later_is_not_kept(webhook: Served, order: Served, support: str) -> None:
    door, sold = Door(webhook, order), ShopOrder()
    await door.shopify("orders/create", sold.told())
    await door.shopify("customers/redact", redaction(sold))
    for topic in ("orders/updated", "orders/paid"):
        await door.shopify(topic, sold.told(financial_status="paid"))
    await door.shopify("fulfillments/create", sold.fulfillment(email=sold.email))
    found = await sold.shown(order, support)
    assert await person_of(order, support, sold) == NOBODY
    assert found["status"] == "SHIPPED"
    assert await bodies(webhook, sold.email, str(sold.id)) == []
    async with webhook.database.read() as connection:
        contacts = await connection.exec_driver_sql(
            "SELECT data#>>'{order,content,contact}' FROM outbox WHERE subject = $1", (sold.external_id,)
        )
        assert set(contacts.scalars()) == {None}


async def test_a_redaction_that_comes_before_its_order_holds(webhook: Served, order: Served, support: str) -> None:
    door, sold = Door(webhook, order), ShopOrder()
    await door.shopify("customers/redact", redaction(sold))
    await door.shopify("orders/create", sold.told())
    assert await person_of(order, support, sold) == NOBODY
    assert await bodies(webhook, sold.email) == []


async def test_another_shop_cannot_have_a_customer_forgotten(webhook: Served, order: Served, support: str) -> None:
    door, sold = Door(webhook, order), ShopOrder()
    await door.shopify("orders/create", sold.told())
    kept = await person_of(order, support, sold)
    await door.shopify("customers/redact", redaction(sold, email=sold.email), shop=OTHER)
    assert await person_of(order, support, sold) == kept
    assert len(await bodies(webhook, sold.email)) == 1


async def test_a_shop_that_has_left_is_forgotten_and_no_other(webhook: Served, order: Served, support: str) -> None:
    door, gone, kept = Door(webhook, order), ShopOrder(), ShopOrder()
    leaving = f"leaving-{gone.id}.myshopify.com"
    await door.shopify("orders/create", gone.told(), shop=leaving)
    await door.shopify("orders/create", kept.told())
    before = await person_of(order, support, kept)
    await door.shopify("shop/redact", {"shop_id": 1, "shop_domain": leaving}, shop=leaving)
    for subgraph in (order, webhook):
        async with subgraph.database.read() as connection:
            jobs = await connection.exec_driver_sql(
                "DELETE FROM pgqueuer WHERE entrypoint LIKE '%-shop-erasure' RETURNING payload"
            )
            at = "2026-11-20T08:15:30.123456+00:00"
            assert [orjson.loads(payload) for payload in jobs.scalars()] == [{"shop": leaving, "redacted_at": at}]
    for subgraph, privacy in ((order, order_privacy), (webhook, webhook_privacy)):
        sealer = subgraph.runtime.resource(Sealer)
        await privacy.forget_shop(subgraph.database, sealer, leaving, dt.datetime.fromisoformat(at))
    assert await person_of(order, support, gone) == NOBODY
    assert await person_of(order, support, kept) == before
    assert await bodies(webhook, gone.email, leaving) == []
    assert len(await bodies(webhook, kept.email)) == 1


@pytest.mark.parametrize("address", ["o'brien.{}@example.org", "pat.{}@xn--bcher-kva.example", "Pat.{}@BÜCHER.example"])
async def test_a_deleted_account_leaves_no_body_however_its_address_is_written(
    webhook: Served, order: Served, address: str
) -> None:
    door, sold = Door(webhook, order), ShopOrder()
    written = address.format(sold.id)
    user_id = await verify(order, written)
    document = sold.told(contact_email=written, email=None, note="Leave it at the door")
    await door.shopify("orders/create", document)
    assert len(await bodies(webhook, str(sold.id))) == 1
    digest = webhook.runtime.resource(Pseudonymizer).of_email(written)
    deleted = UserDeleted(user_id=user_id, email_digest=digest, email_verified=True)
    await forget(webhook, order, deleted)
    assert await bodies(webhook, str(sold.id)) == []


async def forget(webhook: Served, order: Served, deleted: UserDeleted) -> None:
    await receive(order, deleted)
    async with webhook.database.write() as session:
        assert deleted.email_digest is not None
        await webhook_privacy.forget_person(session, deleted.email_digest)


async def test_an_order_placed_before_its_customer_was_deleted_is_nobodys_however_late_it_is_told(
    webhook: Served, order: Served, support: str
) -> None:
    door, sold, later = Door(webhook, order), ShopOrder(), ShopOrder()
    user_id = await verify(order, sold.email)
    digest = webhook.runtime.resource(Pseudonymizer).of_email(sold.email)
    await forget(webhook, order, UserDeleted(user_id=user_id, email_digest=digest, email_verified=True))
    soon = dt.datetime.now(dt.UTC) + dt.timedelta(days=1)
    await door.shopify("orders/updated", sold.told() | {"updated_at": soon.isoformat()})
    assert await person_of(order, support, sold) == NOBODY
    assert await bodies(webhook, sold.email) == []
    told = later.told(contact_email=sold.email) | {"created_at": soon.isoformat(), "updated_at": soon.isoformat()}
    await door.shopify("orders/create", told)
    assert (await person_of(order, support, later))["contactEmail"] == sold.email
    assert soon > BEGIN


async def test_a_customer_who_asks_for_their_data_is_a_note_for_staff_and_a_stored_request(
    webhook: Served, order: Served, support: str
) -> None:
    door, sold, other = Door(webhook, order), ShopOrder(), ShopOrder()
    for each in (sold, other):
        await door.shopify("orders/create", each.told())
    request = {"shop_domain": SHOP, "customer": {"email": sold.email}, "orders_requested": [sold.id], "data_request": 1}
    headers = {"x_shopify_triggered_at": "2026-11-20T08:15:30Z", "x_shopify_webhook_id": f"asked {sold.id}"}
    for _ in range(2):
        await door.shopify("customers/data_request", request, **headers)
    [row] = await door.deliveries(delivery_id=f"asked {sold.id}")
    assert (row.state, sold.email.encode() in row.body) == ("PROCESSED", True)
    notes = [note["text"] for note in (await sold.shown(order, support))["notes"]]
    assert notes == ["The customer asked the shop for a copy of their data: answer by 2026-12-20."]
    assert (await other.shown(order, support))["notes"] == []
    await door.shopify("customers/redact", redaction(sold))
    assert (await sold.shown(order, support))["notes"] == []
    assert await bodies(webhook, sold.email) == []


@pytest.mark.parametrize("topic", ["customers/create", "carts/update", "app/uninstalled"])
async def test_the_body_of_a_topic_that_is_not_used_is_not_kept(webhook: Served, topic: str) -> None:
    body = orjson.dumps({"email": f"{topic.replace('/', '.')}@example.org", "phone": "555"})
    headers = shopify(body, x_shopify_topic=topic)
    answer = await deliver(webhook, "shopify/orders", body, headers)
    assert (answer.status_code, answer.json()) == (200, {"status": "ignored"})
    door = Door(webhook)
    [row] = await door.deliveries(("state", "body", "people"), delivery_id=headers["x-shopify-webhook-id"])
    assert (row.state, row.body, row.people) == ("IGNORED", b"", [])

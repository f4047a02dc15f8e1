"""A person who lives in every subgraph: registers, designs, orders, is served, is told of by other shops."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from shared.core.ids import new_id
from shared.events import inspection
from shared.events.broker import Broker
from subgraphs.order.enums import OrderStatus
from subgraphs.order.service.placement import NewAddress, NewLine
from tests.analytics.tracking import event, track
from tests.builder.support import config, run, words
from tests.order.carts import design_quote, line, ready_cart
from tests.order.factories import move, place
from tests.order.facts import reconcile
from tests.order.operations import operate
from tests.support.accounts import LOG_IN, mailed, open_account
from tests.support.apps import Served
from tests.support.authenticator import Authenticator
from tests.support.second_factor import CONFIRM, ENROL, code_of, let_time_pass
from tests.support.second_factor import LOG_IN as SECOND_FACTOR_LOG_IN
from tests.support.waiting import eventually
from tests.user.passkeys import add
from tests.user.test_addresses import CREATE as CREATE_ADDRESS
from tests.user.test_addresses import HOME
from tests.user.test_devices import register as register_device
from tests.user.test_pets import CREATE as CREATE_PET
from tests.webhook.processing import work
from tests.webhook.senders import deliver, shopify, stripe, stripe_event
from tests.webhook.webhook_story import Life

EMAIL = "zoraida.quillfeather@example.org"
PASSWORD = "wisteria in november"
PERSONAL = {
    "name": "Zoraida Quillfeather",
    "email": EMAIL,
    "picture": "pictures.example/zoraida.png",
    "breed": "Quillfeather hound",
    "device": "The Quillfeather telephone",
    "passkey": "Key of the Quillfeathers",
    "design": "For Barnaby of the Wisteria",
    "engraving": "Barnaby Q",
    "idempotency key": "zoraida-key-1",
    "address's name": "Cottage of the Quillfeathers",
    "pet": "Barnabas Quillfeather",
    "push token": "token-of-zoraida-quillfeather",
    "street": "17 Wisteria Crescent",
    "flat": "Flat Zq9",
    "city": "Nether Quill",
    "region": "Quillshire",
    "postal code": "ZQ1 7XW",
    "phone": "+44 1632 960123",
    "reason": "My aunt Philippa moved away",
    "client event": "zoraida-click-1",
    "property": "searched for quillfeather ribbons",
    "note": "Ring twice for Philippa",
    "staff's reason": "Waits until Philippa is home",
    "staff's note": "Philippa rang about the wisteria pattern",
    "staff's answer": "Dear Philippa, it is on its way",
    "refund's reason": "The buckle pinched Philippa",
    "scan's place": "Porch of Wisteria Crescent",
    "scan's words": "Handed to Philippa at the door",
}
UPDATE = """
mutation ($avatar: String!, $breed: String!) {
  profileUpdate(input: { version: 1, avatarUrl: $avatar }) { __typename }
  preferencesUpdate(input: { version: 1, petBreed: $breed }) { __typename }
}
"""
CANCEL = """
mutation ($id: ID!, $reason: String!) {
  orderCancel(input: { orderId: $id, version: 1, reason: $reason }) { __typename }
}
"""


@dataclass
class Subgraphs:
    """All subgraphs, publishing and hearing."""

    user: Served
    builder: Served
    order: Served
    webhook: Served
    analytics: Served
    audit: Served

    @property
    def all(self) -> Sequence[Served]:
        return [self.user, self.builder, self.order, self.webhook, self.analytics, self.audit]

    async def all_through(self) -> bool:
        """Tell whether every event was published and handled, those too that were told because of others."""
        return all([await self._nothing_waits() for _ in range(2)])

    async def _nothing_waits(self) -> bool:
        broker = Broker(self.user.runtime.redis)
        for subgraph in self.all:
            if (await inspection.unpublished(subgraph.database)).count or await inspection.parked(subgraph.database):
                return False
        for subgraph in self.all:
            if subgraph.subgraph.handlers and await inspection.group_lag(broker, subgraph.subgraph.name):
                return False
        return True


async def live(subgraphs: Subgraphs, staff: str) -> tuple[str, str]:
    """Leave traces of a person everywhere; returns their id and access token."""
    user_id = (await open_account(subgraphs.user, email=EMAIL, name=PERSONAL["name"], password=PASSWORD)).id
    answer = await subgraphs.user.execute(
        LOG_IN.replace("Anna's phone", PERSONAL["device"]), email=EMAIL, password=PASSWORD
    )
    token = answer.data["sessionCreate"]["accessToken"]
    token = await log_in_by_halves(subgraphs.user, user_id, token)
    picture = f"https://{PERSONAL['picture']}"
    changed = await subgraphs.user.execute(UPDATE, token, avatar=picture, breed=PERSONAL["breed"])
    assert set(map(str, changed.data.values())) == {
        "{'__typename': 'ProfileUpdateSuccess'}",
        "{'__typename': 'PreferencesUpdateSuccess'}",
    }
    await add(subgraphs.user, token, Authenticator(), PERSONAL["passkey"])
    saved = {"label": PERSONAL["address's name"], "address": HOME | {"addressLine1": PERSONAL["street"]}}
    answer = await subgraphs.user.execute(CREATE_ADDRESS, token, input=saved)
    assert answer.data["addressCreate"]["__typename"] == "AddressCreateSuccess"
    answer = await subgraphs.user.execute(CREATE_PET, token, input={"name": PERSONAL["pet"], "species": "DOG"})
    assert answer.data["petCreate"]["__typename"] == "PetCreateSuccess"
    registered = await register_device(subgraphs.user, token, PERSONAL["push token"])
    assert registered["__typename"] == "DeviceRegisterSuccess"
    design = await run(
        subgraphs.builder,
        "designCreate",
        token,
        name=PERSONAL["design"],
        config=config(text=words(content=PERSONAL["engraving"])),
        idempotencyKey=PERSONAL["idempotency key"],
    )
    await order_something(subgraphs, user_id, token, staff, design["design"]["id"])
    await fill_cart(subgraphs.order, user_id, token, design["design"]["id"])
    tracked = event(
        subject=...,
        clientEventId=f"{PERSONAL['client event']} {new_id('cli')}",
        properties={"said": PERSONAL["property"]},
    )
    assert (await track(subgraphs.analytics, tracked, token=token))["accepted"] == 1
    await eventually(subgraphs.all_through, pause=0.1)
    await receive_webhooks(subgraphs)
    return user_id, token


async def log_in_by_halves(user: Served, user_id: str, token: str) -> str:
    """Add a second factor, and leave a log-in without its code; returns the new token of the session."""
    secret = (await user.execute(ENROL, token)).data["totpEnrol"]["secret"]
    confirmed = (await user.execute(CONFIRM, token, code=code_of(secret))).data["totpConfirm"]
    await let_time_pass(user, user_id)
    log_in = SECOND_FACTOR_LOG_IN.replace("Anna's phone", PERSONAL["device"])
    begun = (await user.execute(log_in, email=EMAIL, password=PASSWORD)).data["sessionCreate"]
    assert begun["__typename"] == "SecondFactorChallenge"
    assert await mailed(user, to=EMAIL)
    return str(confirmed["accessToken"])


async def order_something(subgraphs: Subgraphs, user_id: str, token: str, staff: str, design_id: str) -> None:
    address = NewAddress(
        PERSONAL["name"],
        PERSONAL["street"],
        PERSONAL["city"],
        PERSONAL["postal code"],
        "GB",
        PERSONAL["flat"],
        PERSONAL["region"],
        PERSONAL["phone"],
    )
    lines = [NewLine(f"Collar {PERSONAL['design']}", 1, 2490, design_id), NewLine("Leash, 2 m", 1, 1990)]
    about: dict[str, Any] = {"lines": lines, "address": address, "contact_email": EMAIL, "discount_minor": 0}
    placed = await place(subgraphs.order, user_id, **about)
    cancelled = await subgraphs.order.execute(CANCEL, token, id=placed.id, reason=PERSONAL["reason"])
    assert cancelled.data["orderCancel"]["__typename"] == "OrderCancelSuccess"
    await be_served(subgraphs.order, await place(subgraphs.order, user_id, **about), staff)


async def fill_cart(order: Served, user_id: str, token: str, design_id: str) -> None:
    """Leave a cart that is not ordered, with all that is asked for an order."""
    quoted = design_quote(user_id, subject_id=design_id, title=PERSONAL["design"])
    address = {
        "recipient": PERSONAL["name"],
        "addressLine1": PERSONAL["street"],
        "addressLine2": PERSONAL["flat"],
        "city": PERSONAL["city"],
        "region": PERSONAL["region"],
        "postalCode": PERSONAL["postal code"],
        "countryCode": "GB",
        "phone": PERSONAL["phone"],
    }
    cart, _ = await ready_cart(order, token, line(order, quoted), email=EMAIL, address=address)
    assert cart["shippingAddress"]["recipient"] == PERSONAL["name"]


async def be_served(order: Served, placed: Any, staff: str) -> None:
    """Have staff write wherever they can write something about an order."""
    await move(order, placed.id, OrderStatus.PAID, OrderStatus.IN_PRODUCTION)
    of_order = {"orderId": placed.id}
    held = {"version": 3, "reason": PERSONAL["staff's reason"]}
    refund = {"version": 5, "amount": "1.00", "reason": PERSONAL["refund's reason"]}
    results = [
        await operate(order, staff, "orderHold", **of_order, **held),
        await operate(order, staff, "orderRelease", **of_order, version=4),
        await operate(order, staff, "orderNoteAdd", **of_order, text=PERSONAL["staff's note"], visibility="INTERNAL"),
        await operate(order, staff, "orderNoteAdd", **of_order, text=PERSONAL["staff's answer"], visibility="CUSTOMER"),
        await operate(order, staff, "orderRefund", **of_order, **refund),
        await operate(order, staff, "shipmentCreate", **of_order, carrier="DHL", trackingNumber=new_id("trk")),
    ]
    assert all(result["__typename"].endswith("Success") for result in results), results
    said = {"location": PERSONAL["scan's place"], "description": PERSONAL["scan's words"], "status": "DELIVERED"}
    scanned = await operate(order, staff, "shipmentScanAdd", shipmentId=results[-1]["shipment"]["id"], **said)
    assert scanned["order"]["status"] == "DELIVERED"


async def receive_webhooks(subgraphs: Subgraphs) -> str:
    """Have the outside world send what it knows of the person: verified, forged and not JSON at all.

    Returns what the shop system calls the order that it told of.
    """
    story = Life(random.Random(1), random.randrange(10**6, 10**9), design_id=new_id("des"))
    story.order["line_items"][0]["name"] = f"Collar {PERSONAL['design']}"
    story.order |= {"contact_email": EMAIL, "email": EMAIL.upper(), "note": PERSONAL["note"]}
    story.order["shipping_address"] |= {
        "name": PERSONAL["name"],
        "address1": PERSONAL["street"],
        "address2": PERSONAL["flat"],
        "city": PERSONAL["city"],
        "province": PERSONAL["region"],
        "zip": PERSONAL["postal code"],
        "phone": PERSONAL["phone"],
    }
    for posting in story.created():
        answer = await deliver(subgraphs.webhook, posting.path, posting.body, posting.headers())
        assert answer.status_code == 200
    person = {"name": PERSONAL["name"], "email": EMAIL.upper(), "phone": PERSONAL["phone"]}
    ordered = {"id": 1, "customer": person, "note": PERSONAL["note"], "address1": PERSONAL["street"]}
    body = orjson.dumps(ordered)
    assert (await deliver(subgraphs.webhook, "shopify/orders", body, shopify(body))).status_code == 200
    escaped = body.replace(b"@", b"\\u0040")
    forged = shopify(body)
    assert (await deliver(subgraphs.webhook, "shopify/orders", escaped, forged)).status_code == 401
    broken = body[:-1]
    assert (await deliver(subgraphs.webhook, "shopify/orders", broken, forged)).status_code == 401
    payment: dict[str, Any] = {"object": {"receipt_email": EMAIL, "shipping": person}}
    paid = stripe_event(data=payment)
    assert (await deliver(subgraphs.webhook, "stripe/payment", paid, stripe(paid))).status_code == 200
    await work(subgraphs.webhook)
    await eventually(subgraphs.all_through, pause=0.1)
    await reconcile(subgraphs.order)
    return story.external_id

"""Reads from a running shop what arguments can name, and adds what a seeded one lacks."""

from typing import Any

from tests.differential.features import Feature
from tests.differential.harness import CREATE, Harness
from tests.differential.values import NAMES_OF_TYPES, Pools, fitting

STAFF_SEES = """{
  users(first: 12) { nodes { id } }
  orders(first: 30) { nodes { id number version customer { id } lines { design { id } } } }
  webhookDeliveries(first: 15) { nodes { id } }
  experiments(first: 10) { nodes { id key } }
  exports(first: 5) { nodes { id } }
  auditEntries(first: 15) { nodes { id action subject { subjectId } } }
  presets(first: 10) { nodes { id } }
  products { id }
}"""
CUSTOMER_SEES = "{ me { id } designs(first: 20) { nodes { id } } orders: me { orders(first: 20) { nodes { id } } } }"
CURSORS = "{ orders: orderFeedCursor webhooks: webhookFeedCursor }"
ON_HOLD = """
mutation ($id: ID!, $version: Int!) {
  orderHold(input: { orderId: $id, version: $version }) { __typename }
}"""
EXPORT = """
mutation { exportCreate(input: { format: CSV, idempotencyKey: "differential" }) { __typename } }"""
SHARE = """
mutation ($id: ID!) {
  designShare(input: { id: $id }) { ... on DesignShareSuccess { token } ... on Problem { message } }
}"""


async def fill(harness: Harness, features: frozenset[Feature]) -> Pools:
    """Return what arguments can name."""
    for name in NAMES_OF_TYPES if Feature.TYPE_NAMES in features else ():
        await harness.data("customer", CREATE, name=name, key=name)
    cursors = await harness.data("admin", CURSORS)
    await harness.data("admin", EXPORT)
    staff = await harness.data("admin", STAFF_SEES)
    for each in staff["orders"]["nodes"][-3:]:
        await harness.data("support", ON_HOLD, id=each["id"], version=each["version"])
    own = await harness.data("customer", CUSTOMER_SEES)
    designs = [each["id"] for each in own["designs"]["nodes"]]
    tokens = [(await harness.data("customer", SHARE, id=each))["designShare"]["token"] for each in designs[:3]]
    orders = staff["orders"]["nodes"]
    ids: dict[str, list[str]] = {
        "usr": [own["me"]["id"], own["me"]["id"], *_ids(staff["users"]["nodes"])],
        "des": designs + [line["design"]["id"] for order in orders for line in order["lines"] if line["design"]],
        "ord": _ids(own["orders"]["orders"]["nodes"]) + _ids(orders),
        "whd": _ids(staff["webhookDeliveries"]["nodes"]),
        "exp": _ids(staff["experiments"]["nodes"]),
        "xpt": _ids(staff["exports"]["nodes"]),
        "aud": _ids(staff["auditEntries"]["nodes"]),
        "pre": _ids(staff["presets"]["nodes"]),
        "prd": _ids(staff["products"]),
    }
    texts = {
        "token": tokens,
        "key": [each["key"] for each in staff["experiments"]["nodes"]],
        "text": [each["number"] for each in orders[:5]],
        "search": ["collar", "travel", *NAMES_OF_TYPES[:3]],
        "actions": [each["action"] for each in staff["auditEntries"]["nodes"]],
        "afterCursor": list(cursors.values()),
        "name": ["design_viewed", "order.created", "config_changed"],
    }
    return Pools(fitting(ids), fitting(texts))


def _ids(nodes: list[dict[str, Any]]) -> list[str]:
    return [each["id"] for each in nodes]

"""The operations of staff and customers as documents, and a short way to send them."""

from typing import Any

from tests.support.apps import Served

_PROBLEMS = "... on Problem { code message } ... on InvalidInputProblem { fields { path code } }"
_VERSIONED = {"orderHold", "orderRelease", "orderRefund", "orderStatusAdvance"}
_ORDER = "order { id number status version refunded { amount } timeline { version status reason actorKind } }"
_RESULTS = {
    "orderHold": _ORDER,
    "orderRelease": _ORDER,
    "orderStatusAdvance": _ORDER,
    "orderReorder": "order { id number status version total { amount } lines { title quantity } reorderable }",
    "orderNoteAdd": "order { id } note { id text visibility author { id } }",
    "shipmentCreate": "order { status } shipment { id carrier trackingNumber status completes scans { id } }",
    "shipmentScanAdd": "order { status version } shipment { status scans { status description } }",
    "orderRefund": f"{_ORDER} refund {{ id amount {{ amount currencyCode }} reason }}",
}


def document(name: str) -> str:
    """Return the mutation of a name with all that its result shows."""
    kind = name[0].upper() + name[1:]
    success = f"... on {kind}Success {{ {_RESULTS[name]} }}"
    conflict = "... on ConflictProblem { currentVersion }" if name in _VERSIONED else ""
    return (
        f"mutation ($input: {kind}Input!) {{ {name}(input: $input) {{ __typename {success} {_PROBLEMS} {conflict} }} }}"
    )


async def operate(order: Served, token: str | None, name: str, **given: Any) -> Any:
    """Send a mutation and return its result."""
    return (await order.execute(document(name), token, input=given)).data[name]

"""Guests' passes to one order that do not open it: over, made by somebody else, or changed."""

import hashlib
import hmac
import time

from shared.core import base64url
from tests.access.fixtures import Scenario

MAC_BYTES = 32


def sealed(key: bytes, order_id: str, until: int) -> str:
    """Make a pass as the shop does."""
    content = f"{order_id}.{until}".encode()
    return base64url.encode(hmac.digest(key, content, hashlib.sha256) + content)


def bad_passes(scenario: Scenario) -> dict[str, str]:
    """Return what is no pass to the owner's order, by what is wrong with it."""
    good, key = scenario.facts["pass"], scenario.settings.derive_key("guest tracking")
    mac, content = base64url.decode(good)[:MAC_BYTES], base64url.decode(good)[MAC_BYTES:].decode()
    order_id, until = content.split(".")
    assert good == sealed(key, order_id, int(until))
    moved = content.replace(order_id, scenario.facts["other order"])
    return {
        "expired": sealed(key, order_id, int(time.time()) - 1),
        "forged": sealed(b"the key of somebody else", order_id, int(until)),
        "made to last": base64url.encode(mac + f"{order_id}.{int(until) + 1}".encode()),
        "moved to another order": base64url.encode(mac + moved.encode()),
        "cut short": good[:-2],
        "empty": "",
        "a token of staff": scenario.callers["admin"].token or "",
    }

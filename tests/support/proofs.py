"""Takes from answers what proves something and depends on the second at which it is made."""

import re
from typing import Any

LINK = re.compile(r"expires=\d+&signature=[\w-]+")
# Base64 of an HMAC-SHA256, an order's id and an expiry: after 32 bytes of any value, `ord_` is always `vcmRf`.
TRACKING_TOKEN = re.compile(r"[\w-]{43}vcmRf[\w-]+")


def without_proofs(value: Any) -> Any:
    """Return a value of JSON without the proofs in its links, and without its tracking tokens."""
    if isinstance(value, str):
        return TRACKING_TOKEN.sub("tracking-token", LINK.sub("expires=&signature=", value))
    if isinstance(value, dict):
        return {name: without_proofs(each) for name, each in value.items()}
    if isinstance(value, list):
        return [without_proofs(each) for each in value]
    return value

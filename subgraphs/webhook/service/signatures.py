"""Verifies who sent a webhook, over the raw body and in constant time.

Shopify: https://shopify.dev/docs/apps/build/webhooks/subscribe/https
Stripe: https://docs.stripe.com/webhooks#verify-manually
Standard Webhooks: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping, Sequence

from subgraphs.webhook.enums import WebhookVerdict

TOLERANCE_SECONDS = 300
UNIX_SECONDS = re.compile(r"[0-9]{1,12}", re.ASCII)


def verify_shopify(keys: Sequence[bytes], headers: Mapping[str, str], body: bytes, _now: float) -> WebhookVerdict:
    """Judge base64 HMAC-SHA256 of the body. No time is signed, so a late delivery is as good as a timely one."""
    given = headers.get("x-shopify-hmac-sha256", "").strip()
    if not given:
        return WebhookVerdict.MISSING
    expected = [base64.b64encode(_digest(key, body)) for key in keys]
    return WebhookVerdict.VERIFIED if _any_equal(expected, [given]) else WebhookVerdict.WRONG


def verify_stripe(keys: Sequence[bytes], headers: Mapping[str, str], body: bytes, now: float) -> WebhookVerdict:
    """Judge `t=<seconds>,v1=<hex>[,v1=…]`: HMAC-SHA256 of `<t>.<body>`, of which any may match."""
    parts = [part.strip().partition("=") for part in headers.get("stripe-signature", "").split(",")]
    times = [value for name, _, value in parts if name == "t"]
    given = [value for name, _, value in parts if name == "v1"]
    if not times or not given or not UNIX_SECONDS.fullmatch(times[0]):
        return WebhookVerdict.MISSING
    expected = [_digest(key, times[0].encode() + b"." + body).hex().encode() for key in keys]
    return _in_time(times[0], now) if _any_equal(expected, given) else WebhookVerdict.WRONG


def verify_standard(keys: Sequence[bytes], headers: Mapping[str, str], body: bytes, now: float) -> WebhookVerdict:
    """Judge space-separated `v1,<base64>`: HMAC-SHA256 of `<id>.<timestamp>.<body>`, of which any may match."""
    identity, time = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    parts = [part.partition(",") for part in headers.get("webhook-signature", "").split(" ")]
    given = [value for version, _, value in parts if version == "v1"]
    if not identity or not given or not UNIX_SECONDS.fullmatch(time):
        return WebhookVerdict.MISSING
    signed = b".".join((_raw(identity), time.encode(), body))
    expected = [base64.b64encode(_digest(key, signed)) for key in keys]
    return _in_time(time, now) if _any_equal(expected, given) else WebhookVerdict.WRONG


def _digest(key: bytes, message: bytes) -> bytes:
    return hmac.digest(key, message, hashlib.sha256)


def _raw(header: str) -> bytes:
    # Header text is latin-1 on the wire; a text that is not cannot be a signature, and must not raise either.
    return header.encode("latin-1", "replace")


def _any_equal(expected: Iterable[bytes], given: Iterable[str]) -> bool:
    candidates = [_raw(text) for text in given]
    return any([hmac.compare_digest(one, other) for one in expected for other in candidates])  # noqa: C419


def _in_time(seconds: str, now: float) -> WebhookVerdict:
    return WebhookVerdict.VERIFIED if abs(now - int(seconds)) <= TOLERANCE_SECONDS else WebhookVerdict.STALE

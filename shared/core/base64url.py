"""Bytes as text for addresses, cursors and tokens: base64url without padding (RFC 4648, section 5)."""

import base64


def encode(content: bytes) -> str:
    """Return bytes as text."""
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def decode(text: str) -> bytes:
    """Return the bytes that `encode` made a text of; raises ValueError for a text that it never makes."""
    return base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), b"-_", validate=True)

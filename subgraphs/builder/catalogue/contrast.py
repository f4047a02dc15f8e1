"""Tells whether a thread can be read on its ground: by contrast, as WCAG 2.2 defines it, not by hue.

https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio
"""

from functools import cache

from subgraphs.builder.catalogue import PALETTE
from subgraphs.builder.enums import Color

LEAST_CONTRAST = 1.5
"""Far below what small print needs: letters on a collar are large, and thread shines."""


@cache
def is_readable(thread: Color, ground: Color) -> bool:
    """Return whether letters of a colour can be told from a ground of another."""
    darker, lighter = sorted((_luminance(thread), _luminance(ground)))
    return (lighter + 0.05) / (darker + 0.05) >= LEAST_CONTRAST


def _luminance(color: Color) -> float:
    red, green, blue = (_linear(int(PALETTE[color][place : place + 2], 16) / 255) for place in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4

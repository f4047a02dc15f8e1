"""Colours and what light makes of them."""

from subgraphs.builder.catalogue import PALETTE
from subgraphs.builder.enums import Color

INK = "#14110F"
LIGHT = "#FFFFFF"


def shade_of(color: Color) -> str:
    """Return a colour of the palette as screens show it."""
    return PALETTE[color]


def mix(first: str, second: str, share: float) -> str:
    """Return a colour between two, with a share of the second."""
    pairs = zip(_channels(first), _channels(second), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def darker(shade: str, share: float) -> str:
    """Return a shade with less light."""
    return mix(shade, INK, share)


def lighter(shade: str, share: float) -> str:
    """Return a shade with more light."""
    return mix(shade, LIGHT, share)


def brightness(shade: str) -> float:
    """Return how bright a shade looks, from 0 to 1 (the weights of ITU-R BT.709)."""
    red, green, blue = _channels(shade)
    return (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255


def _channels(shade: str) -> tuple[int, int, int]:
    return int(shade[1:3], 16), int(shade[3:5], 16), int(shade[5:7], 16)

"""Writes SVG: a few elements, and every attribute and text escaped, whatever it holds."""

import unicodedata
from collections.abc import Iterable, Sequence
from typing import NewType
from xml.sax.saxutils import escape, quoteattr

Markup = NewType("Markup", str)
"""SVG that `element` has written. Nothing else makes it, so nothing unescaped gets in."""

ELEMENTS = frozenset(
    (
        *("svg", "title", "defs", "g", "path", "rect", "circle", "ellipse"),
        *("pattern", "stop", "clipPath", "linearGradient", "radialGradient"),
    )
)
Number = int | float
Stop = tuple[Number, str] | tuple[Number, str, Number]


def element(name: str, *children: Markup, **attributes: str | Number) -> Markup:
    """Write an element; `stroke_width` stands for `stroke-width`. Names with capitals stay as they are."""
    if name not in ELEMENTS:
        raise ValueError(f"`{name}` is not an element that drawings use")
    written = "".join(f" {key.replace('_', '-')}={_quoted(value)}" for key, value in attributes.items())
    return Markup(f"<{name}{written}>{''.join(children)}</{name}>" if children else f"<{name}{written}/>")


def words(text: str) -> Markup:
    """Write text; characters that XML cannot hold are left out."""
    return Markup(escape("".join(character for character in text if unicodedata.category(character) not in _INVALID)))


def number(value: Number) -> str:
    """Write a coordinate, as short as a picture needs it."""
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


_INVALID = frozenset({"Cc", "Cs", "Cn", "Co"})


def _quoted(value: str | Number) -> str:
    return quoteattr(value) if isinstance(value, str) else f'"{number(value)}"'


class Canvas:
    """Collects what is drawn, and the gradients, patterns and clips that it refers to."""

    def __init__(self, scale: float = 1) -> None:
        self.scale = scale
        """How large one of its units is on the finished picture."""
        self._defined: dict[str, Markup] = {}
        self._drawn: list[Markup] = []

    def add(self, *drawn: Markup) -> None:
        """Draw on top of what is there."""
        self._drawn += drawn

    def take(self, other: "Canvas", transform: str) -> None:
        """Draw another canvas on top, moved as a whole."""
        self._defined |= other._defined
        self._drawn.append(group(other._drawn, transform=transform))

    def define(self, key: str, markup: Markup) -> str:
        """Keep a definition that carries the id `key`, once, and return how to refer to it."""
        self._defined.setdefault(key, markup)
        return f"url(#{key})"

    def linear(
        self, key: str, stops: Iterable[Stop], x1: Number = 0, y1: Number = 0, x2: Number = 0, y2: Number = 1
    ) -> str:
        """Define a gradient from one point of a shape's box to another; from top to bottom unless told."""
        return self.define(key, element("linearGradient", *_stops(stops), id=key, x1=x1, y1=y1, x2=x2, y2=y2))

    def radial(self, key: str, stops: Iterable[Stop], cx: Number = 0.5, cy: Number = 0.5, r: Number = 0.5) -> str:
        """Define a gradient around a point of a shape's box."""
        return self.define(key, element("radialGradient", *_stops(stops), id=key, cx=cx, cy=cy, r=r))

    def clip(self, key: str, *shapes: Markup) -> str:
        """Define what a part of the drawing is cut to."""
        return self.define(key, element("clipPath", *shapes, id=key))

    def tile(self, key: str, width: int, height: int, *drawn: Markup, transform: str | None = None) -> str:
        """Define a pattern that repeats.

        Unless a transform says otherwise, it is measured in units of the finished picture, however large the canvas is
        drawn: a tile of whole pixels is copied, any other is sampled anew for each pixel (decision 22).
        """
        attributes = {"patternUnits": "userSpaceOnUse", "patternTransform": transform or f"scale({1 / self.scale:.8f})"}
        return self.define(key, element("pattern", *drawn, id=key, width=width, height=height, **attributes))

    def finish(self, size: int, title: str) -> str:
        """Return the whole document."""
        return element(
            "svg",
            element("title", words(title)),
            element("defs", *self._defined.values()),
            *self._drawn,
            xmlns="http://www.w3.org/2000/svg",
            viewBox=f"0 0 {size} {size}",
            role="img",
        )


def path(d: str, fill: str = "none", **attributes: str | Number) -> Markup:
    """Write a path."""
    return element("path", d=d, fill=fill, **attributes)


def group(drawn: Sequence[Markup], **attributes: str | Number) -> Markup:
    """Write a group."""
    return element("g", *drawn, **attributes)


def _stops(stops: Iterable[Stop]) -> list[Markup]:
    return [
        element("stop", offset=stop[0], stop_color=stop[1], **({"stop_opacity": stop[2]} if len(stop) > 2 else {}))
        for stop in stops
    ]

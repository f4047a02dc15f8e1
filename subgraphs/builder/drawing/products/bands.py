"""Bands that run around something round: what lies on them turns away from the viewer towards the sides."""

import math
from dataclasses import dataclass

from subgraphs.builder.drawing.look import Box, Place
from subgraphs.builder.drawing.svg import number

_STEEPEST = 1.25
"""Nothing is turned further than this, in radians: beyond, it would be seen from its edge."""


@dataclass(frozen=True)
class Band:
    """The outside of an upright cylinder, seen a little from above: its upper edge is half an ellipse."""

    x: float
    y: float
    rx: float
    ry: float
    height: float
    # How much narrower the lower edge is; 1 is a cylinder.
    taper: float = 1.0

    def front(self) -> str:
        """Return the outline of the half that faces the viewer."""
        low = self.rx * self.taper, self.ry * self.taper
        n = number
        return (
            f"M{n(self.x - self.rx)} {n(self.y)}A{n(self.rx)} {n(self.ry)} 0 0 0 {n(self.x + self.rx)} {n(self.y)}"
            f"L{n(self.x + low[0])} {n(self.y + self.height)}"
            f"A{n(low[0])} {n(low[1])} 0 0 1 {n(self.x - low[0])} {n(self.y + self.height)}Z"
        )

    def back(self) -> str:
        """Return the outline of the inside of the half behind."""
        r, n = f"{number(self.rx)} {number(self.ry)}", number
        left, right, low = n(self.x - self.rx), n(self.x + self.rx), n(self.y + self.height)
        return f"M{left} {n(self.y)}A{r} 0 0 1 {right} {n(self.y)}V{low}A{r} 0 0 0 {left} {low}Z"

    def line(self, share: float) -> str:
        """Return the curve around the front at a share of the band's height."""
        rx, ry = self._radii(share)
        n = number
        y = self.y + self.height * share
        return f"M{n(self.x - rx)} {n(y)}A{n(rx)} {n(ry)} 0 0 0 {n(self.x + rx)} {n(y)}"

    def place(self, share: float, around: float = 0.0) -> Place:
        """Return where things on the front go: along the curve at a share of the height, from an angle on."""

        def at(along: float, below: float) -> str:
            here = share + below / self.height
            rx, ry = self._radii(here)
            asked = around + along / self.rx
            angle = max(-_STEEPEST, min(_STEEPEST, asked))
            slope = -math.sin(angle) * ry / rx
            x, y = self.x + rx * math.sin(angle), self.y + self.height * here + ry * math.cos(angle)
            # Further round it would come back towards the middle; here it goes off to the side.
            x += rx * (asked - angle)
            return f"matrix({math.cos(angle):.4f} {slope:.4f} 0 1 {number(x)} {number(y)})"

        return at

    def window(self, field: Box) -> str:
        """Return what of the front lies between the sides of a field, and more above and below."""
        side = self.rx * math.sin(field.width / 2 / self.rx)
        low, n = side * (2 * self.taper - 1), number
        top, bottom = n(self.y - self.height), n(self.y + 2 * self.height)
        high = side * (2 - self.taper)
        return f"M{n(self.x - high)} {top}H{n(self.x + high)}L{n(self.x + low)} {bottom}H{n(self.x - low)}Z"

    def _radii(self, share: float) -> tuple[float, float]:
        scale = 1 + (self.taper - 1) * share
        return self.rx * scale, self.ry * scale

"""How a configuration looks, whatever the product: its fabric, metal, lettering and motifs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from subgraphs.builder.catalogue import METALS
from subgraphs.builder.catalogue.config import DesignConfig, DesignLayer
from subgraphs.builder.drawing.motifs import OUTLINES
from subgraphs.builder.drawing.shades import INK, LIGHT, brightness, darker, lighter, mix, shade_of
from subgraphs.builder.drawing.svg import Canvas, Markup, element, group, number, path
from subgraphs.builder.drawing.textures import pattern_of, texture_of
from subgraphs.builder.enums import HardwareFinish, Material, Motif, Pattern, TextTechnique
from subgraphs.builder.lettering import set_line

Place = Callable[[float, float], str]
"""Where something that lies so far along a line and so far above it goes: a transform."""
_LONGEST_LINE = 40
"""More than any product takes: what was stored under other rules is drawn up to here."""
HARD = frozenset({Material.STAINLESS_STEEL, Material.BRASS, Material.ALUMINIUM, Material.CERAMIC, Material.BAMBOO})


@dataclass(frozen=True)
class Box:
    """A rectangle by its middle."""

    x: float
    y: float
    width: float
    height: float


class Look:
    """The paints of one configuration on a canvas."""

    def __init__(self, canvas: Canvas, config: DesignConfig) -> None:
        self.canvas = canvas
        self.config = config
        self.ground = shade_of(config.primary_color)
        self.accent = shade_of(config.secondary_color) if config.secondary_color else None
        self.is_light = brightness(self.ground) > 0.6

    @property
    def trim(self) -> str:
        """Edges and linings: the second colour, or a shade of the first."""
        if self.accent is not None:
            return self.accent
        return darker(self.ground, 0.22) if self.is_light else lighter(self.ground, 0.18)

    @property
    def edge(self) -> str:
        """The line around a part."""
        return darker(self.ground, 0.28 if self.is_light else 0.5)

    @cached_property
    def fabric(self) -> str:
        """The ground with its pattern, for `fill` or `stroke`."""
        return self.fabric_of(1.0)

    def fabric_of(self, scale: float) -> str:
        """Return the ground with its pattern so large."""
        if self.config.pattern is Pattern.SOLID or self.accent is None:
            return self.ground
        return pattern_of(self.canvas, self.config.pattern, self.ground, self.accent, scale)

    @cached_property
    def texture(self) -> str | None:
        """What lies over the fabric so that it looks like its material."""
        return texture_of(self.canvas, self.config.material, dark_ground=not self.is_light)

    def surface(self, d: str, fill: str | None = None, **attributes: str | float) -> Markup:
        """Return a part made of the fabric and its texture."""
        parts = [path(d, fill or self.fabric, **attributes)]
        if self.texture is not None:
            parts.append(path(d, self.texture))
        return group(parts)

    def stitches(self, d: str, width: float = 2.6, shade: str | None = None) -> Markup:
        """Return a seam along a path; materials that are moulded have none."""
        if self.config.material in HARD or self.config.material is Material.BIOTHANE:
            return group([])
        thread = shade or (mix(self.trim, LIGHT, 0.25) if brightness(self.trim) > 0.25 else lighter(self.ground, 0.35))
        return path(
            d, stroke=thread, stroke_opacity=0.85, stroke_width=width, stroke_dasharray="9 6", stroke_linecap="round"
        )

    def metal(self, finish: HardwareFinish | None = None) -> str:
        """Return the paint of buckles and rings."""
        shade = METALS[finish or self.config.hardware or HardwareFinish.NICKEL]
        return self.metallic("metal", shade)

    def metallic(self, key: str, shade: str) -> str:
        """Return the paint of a polished piece in a shade."""
        stops = [(0, lighter(shade, 0.55)), (0.28, shade), (0.5, lighter(shade, 0.7)), (0.68, shade)]
        return self.canvas.linear(key, [*stops, (1, darker(shade, 0.38))], x2=0.35)

    @property
    def metal_edge(self) -> str:
        """The line around metal parts."""
        return darker(METALS[self.config.hardware or HardwareFinish.NICKEL], 0.55)

    def ring(self, x: float, y: float, radius: float, width: float) -> Markup:
        """Return a metal ring."""
        d = circle(x, y, radius)
        return group(
            [
                path(d, stroke=self.metal_edge, stroke_width=width + 3),
                path(d, stroke=self.metal(), stroke_width=width),
                path(d, stroke=LIGHT, stroke_opacity=0.35, stroke_width=width * 0.22),
            ]
        )

    def write(self, box: Box, place: Place | None = None, content: str | None = None) -> Markup:
        """Return the design's text, as large as fits into a box; `place` bends its line."""
        text = self.config.text
        if text is None:
            return group([])
        line = set_line(text.font, (text.content if content is None else content)[:_LONGEST_LINE])
        if not line.glyphs or line.width <= 0:
            return group([])
        size = min(box.height / max(line.cap_height, 0.6), box.width / line.width)
        rise = line.cap_height * size / 2
        if place is None:
            start = f"translate({number(box.x - line.width * size / 2)} {number(box.y + rise)}) scale({number(size)})"
            whole = element("path", d="".join(glyph.outline for glyph in line.glyphs))
            return self._inked(group([whole], transform=start), size)
        placed = []
        for glyph in line.glyphs:
            bend = place((glyph.middle - line.width / 2) * size, rise)
            shift = f"scale({number(size)}) translate({number(-glyph.middle)} 0)"
            placed.append(element("path", d=glyph.outline, transform=f"{bend} {shift}"))
        return self._inked(group(placed), size)

    def _inked(self, outlines: Markup, size: float) -> Markup:
        """Paint outlines, which have no fill of their own."""
        text = self.config.text
        assert text is not None  # noqa: S101 (there is a text to write)
        drop = max(size * 0.025, 0.8)

        def paint(fill: str, dx: float = 0.0, dy: float = 0.0, opacity: float = 1) -> Markup:
            return group([outlines], fill=fill, transform=f"translate({number(dx)} {number(dy)})", opacity=opacity)

        if text.technique is TextTechnique.EMBROIDERY and text.color is not None:
            thread = shade_of(text.color)
            halo = self._halo(outlines, thread, size)
            sheen = self._thread_sheen(thread, size)
            return group([*halo, paint(INK, drop, drop * 1.3, 0.35), paint(thread), paint(sheen)])
        # An engraving is burnt dark; but through the colour of aluminium it lays bare the metal.
        brightest_cut = 0.6 if self.config.material is Material.ALUMINIUM else 0.2
        is_dark = brightness(self.ground) > brightest_cut
        cut, gleam = (darker(self.ground, 0.72), LIGHT) if is_dark else (lighter(self.ground, 0.72), INK)
        return group([*self._halo(outlines, cut, size), paint(gleam, drop * 0.7, drop, 0.5), paint(cut)])

    def _halo(self, outlines: Markup, ink: str, size: float) -> list[Markup]:
        """Return a seam around the letters where pattern or ground would swallow them."""
        apart = brightness(ink) - brightness(self.ground)
        if abs(apart) < 0.14:
            darken = apart > 0 and brightness(self.ground) > 0.25
            shade = darker(self.ground, 0.5) if darken else lighter(self.ground, 0.6)
        elif self.accent is not None and self.config.pattern is not Pattern.SOLID:
            shade = self.ground
        else:
            return []
        # In units of the outlines, which are scaled to the size of the letters.
        seam = group([outlines], fill=shade, stroke=shade, stroke_width=max(0.16, 5 / size), stroke_linejoin="round")
        return [group([seam], opacity=0.9)]

    def _thread_sheen(self, thread: str, size: float) -> str:
        return self.canvas.tile(
            f"thread-{round(size)}",
            4,
            4,
            path("M0 1H4", stroke=lighter(thread, 0.4), stroke_width=1, stroke_opacity=0.4),
            path("M0 3H4", stroke=darker(thread, 0.3), stroke_width=1, stroke_opacity=0.4),
            # In units of the outlines, which are scaled to the size of the letters.
            transform=f"rotate(62) scale({1 / size:.6f})",
        )

    def layers(self, field: Box, shapes: Sequence[str], place: Place | None = None) -> Markup:
        """Return the design's motifs on a field, cut to shapes, none of which is larger than the field."""
        clips = [self.canvas.clip(f"field-{index}", path(shape, INK)) for index, shape in enumerate(shapes)]
        drawn = []
        for layer in self.config.layers:
            if layer.hidden or layer.size <= 0:
                continue
            x, y = (layer.x / 100 - 0.5) * field.width, (layer.y / 100 - 0.5) * field.height
            at = place(x, y) if place is not None else f"translate({number(field.x + x)} {number(field.y + y)})"
            cut = self._motif(layer, at, field.height * layer.size / 200)
            # Each by itself: a group that is cut is painted apart, and its edges depend on all that is in it.
            for clip in clips:
                cut = group([cut], clip_path=clip)
            drawn.append(cut)
        return group(drawn)

    def _motif(self, layer: DesignLayer, at: str, radius: float) -> Markup:
        turn = 0 if layer.motif is Motif.BADGE else layer.rotation % 360
        turned = f" rotate({turn})" if turn else ""
        shade = shade_of(layer.color)
        return path(
            OUTLINES[layer.motif],
            shade,
            # Less than the circle, which the line around it must not leave.
            transform=f"{at}{turned} scale({number(radius * 0.97)})",
            stroke=darker(shade, 0.45),
            stroke_opacity=0.55,
            stroke_linejoin="round",
            stroke_width=min(2.4 / radius, 0.06),
        )


def circle(x: float, y: float, radius: float) -> str:
    """Return the path of a circle."""
    return ellipse(x, y, radius, radius)


def ellipse(x: float, y: float, rx: float, ry: float) -> str:
    """Return the path of an ellipse."""
    r = f"{number(rx)} {number(ry)} 0 0 1 {number(x)}"
    return f"M{number(x)} {number(y - ry)}A{r} {number(y + ry)}A{r} {number(y - ry)}Z"


def rounded(x: float, y: float, width: float, height: float, radius: float) -> str:
    """Return the path of a rectangle with round corners, by its top left."""
    n = number
    turn = f"a{n(radius)} {n(radius)} 0 0 1"
    across, down = n(width - 2 * radius), n(height - 2 * radius)
    r = n(radius)
    return (
        f"M{n(x + radius)} {n(y)}h{across}{turn} {r} {r}v{down}{turn} -{r} {r}h-{across}{turn} -{r} -{r}"
        f"v-{down}{turn} {r} -{r}Z"
    )


def wrap(content: str, most_lines: int) -> Sequence[str]:
    """Break a text at spaces into lines of about the same length, no more than `most_lines`."""
    words = content.split()
    best: list[str] = [" ".join(words)]
    for count in range(2, min(most_lines, len(words)) + 1):
        lines = _broken(words, count)
        if max(map(len, lines)) < max(map(len, best)):
            best = lines
    return best


def _broken(words: Sequence[str], count: int) -> list[str]:
    total = len(" ".join(words))
    for limit in range(-(-total // count), total + 1):
        lines: list[str] = []
        for word in words:
            if lines and len(lines[-1]) + 1 + len(word) <= limit:
                lines[-1] += " " + word
            else:
                lines.append(word)
        if len(lines) <= count:
            return lines
    return [" ".join(words)]

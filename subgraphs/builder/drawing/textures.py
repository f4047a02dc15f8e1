"""Patterns of two colours, and the textures that make a material look like itself."""

from subgraphs.builder.drawing.motifs import OUTLINES
from subgraphs.builder.drawing.shades import INK, LIGHT, mix
from subgraphs.builder.drawing.svg import Canvas, Markup, element, group, path
from subgraphs.builder.enums import Material, Motif, Pattern

TILE = {
    Pattern.STRIPES: (36, 36),
    Pattern.PLAID: (84, 84),
    Pattern.DOTS: (40, 40),
    Pattern.CHEVRON: (48, 40),
    Pattern.PAWS: (80, 80),
}


def pattern_of(canvas: Canvas, pattern: Pattern, ground: str, accent: str, scale: float) -> str:
    """Return the paint of a pattern of two colours, so large as whole pixels allow."""
    width, height = TILE[pattern]
    across, down = round(width * scale * canvas.scale), round(height * scale * canvas.scale)
    drawn = [element("rect", width=width, height=height, fill=ground), *_PATTERNS[pattern](ground, accent)]
    fitted = group(drawn, transform=f"scale({across / width:.6f} {down / height:.6f})")
    return canvas.tile(f"fabric-{across}-{down}", across, down, fitted)


def _stripes(_ground: str, accent: str) -> list[Markup]:
    return [element("rect", width=14, height=36, x=11, fill=accent)]


def _plaid(ground: str, accent: str) -> list[Markup]:
    blend = mix(ground, accent, 0.5)
    return [
        element("rect", y=10, width=84, height=30, fill=accent, fill_opacity=0.55),
        element("rect", x=10, width=30, height=84, fill=accent, fill_opacity=0.55),
        element("rect", x=10, y=10, width=30, height=30, fill=accent),
        path("M0 62H84M62 0V84", stroke=mix(blend, LIGHT, 0.55), stroke_width=3, stroke_opacity=0.8),
        path("M0 70H84M70 0V84", stroke=mix(accent, INK, 0.35), stroke_width=3, stroke_opacity=0.55),
    ]


def _dots(_ground: str, accent: str) -> list[Markup]:
    return [element("circle", cx=10, cy=10, r=6.5, fill=accent), element("circle", cx=30, cy=30, r=6.5, fill=accent)]


def _chevron(_ground: str, accent: str) -> list[Markup]:
    zigzag = "M-6 {0}L0 {1}L24 {2}L48 {1}L54 {0}"
    lines = "".join(zigzag.format(26 + shift, 30 + shift, 12 + shift) for shift in (-40, 0, 40))
    return [path(lines, stroke=accent, stroke_width=11, stroke_linejoin="miter")]


def _paws(_ground: str, accent: str) -> list[Markup]:
    paw = OUTLINES[Motif.PAW]
    return [
        path(paw, accent, transform="translate(21 21) rotate(-18) scale(15)"),
        path(paw, accent, transform="translate(60 61) rotate(20) scale(15)"),
    ]


_PATTERNS = {
    Pattern.STRIPES: _stripes,
    Pattern.PLAID: _plaid,
    Pattern.DOTS: _dots,
    Pattern.CHEVRON: _chevron,
    Pattern.PAWS: _paws,
}


def texture_of(canvas: Canvas, material: Material, *, dark_ground: bool) -> str | None:
    """Return the paint that is laid over a fabric so that it looks like its material; some are smooth."""
    if material not in _TEXTURES:
        return None
    width, height, dark, light = _TEXTURES[material]
    # What is dark shows its threads by their light, what is light by their shadow.
    strength = (0.16, 0.2) if dark_ground else (0.13, 0.35)
    drawn = [
        path(dark, stroke=INK, stroke_width=1.2, stroke_opacity=strength[0], stroke_linecap="round"),
        path(light, stroke=LIGHT, stroke_width=1.2, stroke_opacity=strength[1], stroke_linecap="round"),
    ]
    return canvas.tile("texture", width, height, *drawn)


_BRUSHED = (90, 12, "M0 2H52M70 5H90M12 9H80", "M20 3.5H84M0 7H40M50 11H90")
# The tile's width and height, the strokes that lie in shadow, and those that catch the light.
_TEXTURES: dict[Material, tuple[int, int, str, str]] = {
    Material.NYLON: (6, 6, "M0 6L6 0", "M-1 4L4 -1M3 8L8 3"),
    Material.LEATHER: (
        *(34, 34),
        "M3 5q3 2 6 0M17 3q2 3 6 1M27 12q2 2 5 -1M6 17q3 -2 6 1M19 19q3 3 6 0M4 28q2 2 5 0M14 29q3 -2 6 0",
        "M4 8q3 2 5 0M18 7q3 2 5 0M27 15q2 2 4 0M8 20q2 -1 4 1M20 23q3 1 5 -1M5 31q2 1 4 0M28 30q2 1 3 0",
    ),
    Material.HEMP: (10, 10, "M0 2.5H5M5 7.5H10M2.5 5V10M7.5 0V5", "M0 4.5H5M5 9.5H10M4.5 5V10M9.5 0V5"),
    Material.COTTON: (5, 5, "M0 1H5M1 0V5", "M0 3.5H5M3.5 0V5"),
    Material.LINEN: (23, 19, "M0 3H14M8 9H23M0 15H10M4 0V12M12 6V19M19 0V9", "M14 5H23M0 11H9M11 17H23M7 4V19M16 0V13"),
    Material.FLEECE: (
        *(18, 16),
        "M2 5q2 -4 5 -1M10 12q3 -4 5 0M11 3q2 -2 4 1",
        "M3 11q2 -4 5 -1M12 7q2 -3 4 0M1 1q2 2 4 0",
    ),
    Material.STAINLESS_STEEL: _BRUSHED,
    Material.BRASS: _BRUSHED,
    Material.ALUMINIUM: (120, 16, "M0 3H60M80 8H120", "M30 6H110M0 12H50"),
    Material.BAMBOO: (26, 60, "M4 0V34M11 20V60M19 0V26M23 40V60", "M7 10V48M15 0V30M21 30V60"),
}

"""A collar that stands closed: its buckle behind, its ring in front."""

from subgraphs.builder.drawing.look import Box, Look, circle, rounded
from subgraphs.builder.drawing.products.bands import Band
from subgraphs.builder.drawing.shades import INK, LIGHT, darker, lighter
from subgraphs.builder.drawing.svg import Markup, group, number, path
from subgraphs.builder.enums import Material, Pattern, Size, TextPosition

_WIDTH = {Size.EXTRA_SMALL: 104, Size.SMALL: 114, Size.MEDIUM: 124, Size.LARGE: 136, Size.EXTRA_LARGE: 148}
_AROUND = {TextPosition.LEFT: -0.52, TextPosition.RIGHT: 0.52}
FIELD = Box(400, 0, 620, 124)
"""That of a middle size; the others' are as high as their band."""


def draw(look: Look) -> None:
    """Draw it."""
    canvas, width = look.canvas, _WIDTH[look.config.size]
    band = Band(x=400, y=392 - width / 2, rx=302, ry=104, height=width)
    _inside(look, band)
    canvas.add(_buckle(look, band))
    canvas.add(_ring(look, band))
    front = band.front()
    canvas.add(path(front, look.edge, stroke=look.edge, stroke_width=4, stroke_linejoin="round"))
    canvas.add(look.surface(front, _ground(look)))
    canvas.add(group(_lines(look, band), clip_path=canvas.clip("front", path(front, INK))))
    for share in (0.12, 0.88):
        canvas.add(look.stitches(band.line(share)))
    field = Box(FIELD.x, FIELD.y, FIELD.width * width / FIELD.height, width)
    canvas.add(look.layers(field, [front, band.window(field)], band.place(0.5)))
    canvas.add(_light(look, front))
    if look.config.text is not None:
        around = _AROUND.get(look.config.text.position, 0.0)
        subgraph = 330.0 if around == 0 else 250.0
        canvas.add(look.write(Box(400, 0, subgraph, width * 0.42), band.place(0.5, around)))


def _lines(look: Look, band: Band) -> list[Markup]:
    shares: tuple[float, ...] = ()
    width = 0.0
    if look.accent is not None and look.config.pattern is Pattern.STRIPES:
        shares, width = (0.3, 0.7), band.height * 0.15
    elif look.accent is not None and look.config.pattern is Pattern.SOLID:
        shares, width = (0.03, 0.97), band.height * 0.12
    drawn = [path(band.line(share), stroke=look.accent or "none", stroke_width=width) for share in shares]
    if look.config.material is Material.BIOTHANE:
        drawn += [
            path(band.line(share), stroke=LIGHT, stroke_opacity=opacity, stroke_width=band.height * broad)
            for share, broad, opacity in ((0.24, 0.26, 0.16), (0.2, 0.1, 0.3))
        ]
    if look.texture is not None and shares:
        drawn.append(path(band.front(), look.texture))
    return drawn


def _ground(look: Look) -> str:
    return look.ground if look.config.pattern is Pattern.STRIPES else look.fabric_of(0.95)


def _inside(look: Look, band: Band) -> None:
    lining = darker(look.ground, 0.42) if not look.is_light else darker(look.ground, 0.3)
    back = band.back()
    look.canvas.add(path(back, darker(lining, 0.3), stroke=look.edge, stroke_width=4, stroke_linejoin="round"))
    shade = look.canvas.linear("lining", [(0, lighter(lining, 0.14)), (0.5, lining), (1, darker(lining, 0.55))])
    look.canvas.add(path(back, shade), path(back, look.texture or "none"))


def _light(look: Look, front: str) -> Markup:
    gloss = 0.34 if look.config.material is Material.BIOTHANE else 0.16
    across = [(0, INK, 0.55), (0.16, INK, 0.16), (0.4, LIGHT, gloss), (0.58, LIGHT, gloss * 0.4), (0.85, INK, 0.18)]
    turned = look.canvas.linear("turned", [*across, (1, INK, 0.6)], x2=1, y2=0)
    return path(front, turned)


def _buckle(look: Look, band: Band) -> Markup:
    top, tall = band.y - band.ry - 8, band.height + 14
    d = rounded(308, top, 184, tall, 20)
    slots = rounded(326, top + 20, 24, tall - 40, 8) + rounded(450, top + 20, 24, tall - 40, 8)
    clasp = rounded(362, top + tall * 0.26, 76, tall * 0.48, 12)
    return group(
        [
            path(d, look.metal(), stroke=look.metal_edge, stroke_width=3),
            path(slots, darker(look.ground, 0.6), stroke=look.metal_edge, stroke_width=2),
            path(clasp, look.metal(), stroke=look.metal_edge, stroke_width=2.5, stroke_opacity=0.7),
            path(
                f"M312 {number(top + 16)}Q312 {number(top + 5)} 328 {number(top + 4)}H470",
                stroke=LIGHT,
                stroke_opacity=0.55,
                stroke_width=3,
                stroke_linecap="round",
            ),
        ]
    )


def _ring(look: Look, band: Band) -> Markup:
    low = band.y + band.height + band.ry
    loop = rounded(384, low - 26, 32, 44, 8)
    d_ring = f"M364 {number(low + 16)}H436C446 {number(low + 84)} 354 {number(low + 84)} 364 {number(low + 16)}Z"
    return group(
        [
            path(d_ring, stroke=look.metal_edge, stroke_width=15, stroke_linejoin="round"),
            path(d_ring, stroke=look.metal(), stroke_width=11, stroke_linejoin="round"),
            path(loop, darker(look.ground, 0.25), stroke=look.edge, stroke_width=3),
            path(circle(400, low + 6, 5), look.metal(), stroke=look.metal_edge, stroke_width=1.5),
        ]
    )

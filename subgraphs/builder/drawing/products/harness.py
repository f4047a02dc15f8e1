"""A harness from the front: straps over the shoulders, a padded chest piece, and the girth to both sides."""

from subgraphs.builder.drawing.look import Box, Look, circle, rounded
from subgraphs.builder.drawing.shades import INK, LIGHT, darker
from subgraphs.builder.drawing.svg import Markup, group, path
from subgraphs.builder.enums import Material, TextPosition

FIELD = Box(400, 503, 432, 320)
_NECK = "M292 388C196 316 190 92 400 92C610 92 604 316 508 388"
_GIRTH_BEHIND = "M98 498C98 400 250 366 400 366C550 366 702 400 702 498"
_CHEST = (
    "M280 352C318 388 360 396 400 396C440 396 482 388 520 352C548 346 566 370 566 402C566 438 588 462 612 476"
    "C618 530 606 576 580 600C536 640 470 660 400 660C330 660 264 640 220 600C194 576 182 530 188 476"
    "C212 462 234 438 234 402C234 370 252 346 280 352Z"
)
_SEAM = (
    "M286 370C322 404 362 412 400 412C438 412 478 404 514 370C540 366 550 384 550 404C550 442 572 472 596 486"
    "C600 530 590 568 568 588C528 624 466 642 400 642C334 642 272 624 232 588C210 568 200 530 204 486"
    "C228 472 250 442 250 404C250 384 260 366 286 370Z"
)
_LEFT = "M212 580C140 566 100 536 98 496"
_RIGHT = "M588 580C660 566 700 536 702 496"
_SIDE = {TextPosition.LEFT: -1, TextPosition.RIGHT: 1}


def draw(look: Look) -> None:
    """Draw it."""
    canvas = look.canvas
    canvas.add(_strap(look, _GIRTH_BEHIND, 50, inside=True), _strap(look, _NECK, 58))
    canvas.add(_strap(look, _LEFT, 66), _strap(look, _RIGHT, 66))
    canvas.add(_slider(look, 246, 214, 74), _slider(look, 554, 214, -74))
    canvas.add(_buckle(look, 140, 552, 30), _buckle(look, 660, 552, -30))
    canvas.add(path(_CHEST, look.edge, stroke=look.edge, stroke_width=6, stroke_linejoin="round"))
    canvas.add(look.surface(_CHEST, look.fabric_of(1.1)))
    canvas.add(path(_CHEST, stroke=look.trim, stroke_width=9, stroke_linejoin="round"), look.stitches(_SEAM))
    canvas.add(look.layers(FIELD, [_CHEST]))
    canvas.add(_padding(look), _chest_ring(look))
    if look.config.text is not None:
        side = _SIDE.get(look.config.text.position, 0)
        box = Box(400 + side * 96, 574, 150, 54) if side else Box(400, 566, 320, 84)
        canvas.add(look.write(box))


def _strap(look: Look, d: str, width: float, *, inside: bool = False) -> Markup:
    ground = darker(look.ground, 0.5) if inside else look.fabric_of(0.7)
    parts = [path(d, stroke=look.edge, stroke_width=width + 6), path(d, stroke=ground, stroke_width=width)]
    if look.texture is not None:
        parts.append(path(d, stroke=look.texture, stroke_width=width))
    if not inside:
        if look.accent is not None:
            parts.append(path(d, stroke=look.accent, stroke_width=width * 0.14, stroke_opacity=0.9))
        parts.append(path(d, stroke=LIGHT, stroke_opacity=0.1, stroke_width=width * 0.45))
    else:
        parts.append(path(d, stroke=INK, stroke_opacity=0.3, stroke_width=width))
    return group(parts)


def _padding(look: Look) -> Markup:
    gloss = 0.36 if look.config.material is Material.BIOTHANE else 0.2
    light = [(0, LIGHT, gloss), (0.5, LIGHT, 0.04), (0.8, INK, 0.08), (1, INK, 0.36)]
    sides = [(0, INK, 0.3), (0.16, INK, 0.04), (0.45, LIGHT, 0.1), (0.84, INK, 0.05), (1, INK, 0.32)]
    down = look.canvas.linear("padding", light)
    return group([path(_CHEST, down), path(_CHEST, look.canvas.linear("across", sides, x2=1, y2=0))])


def _chest_ring(look: Look) -> Markup:
    patch = rounded(372, 404, 56, 44, 10)
    return group(
        [
            path(patch, darker(look.ground, 0.3), stroke=look.edge, stroke_width=3),
            look.stitches(rounded(378, 410, 44, 32, 6), 2),
            look.ring(400, 462, 30, 11),
            path("M384 432H416V446H384Z", darker(look.ground, 0.45)),
        ]
    )


def _slider(look: Look, x: float, y: float, angle: float) -> Markup:
    frame = rounded(x - 44, y - 20, 88, 40, 10)
    slots = rounded(x - 34, y - 12, 68, 9, 4) + rounded(x - 34, y + 3, 68, 9, 4)
    parts = [path(frame, look.metal(), stroke=look.metal_edge, stroke_width=3), path(slots, darker(look.ground, 0.55))]
    return group(parts, transform=f"rotate({angle - 90 if angle > 0 else angle + 90} {x} {y})")


def _buckle(look: Look, x: float, y: float, angle: float) -> Markup:
    frame, clasp = rounded(x - 32, y - 44, 64, 88, 14), rounded(x - 18, y - 26, 36, 52, 9)
    parts = [
        path(frame, look.metal(), stroke=look.metal_edge, stroke_width=3),
        path(clasp, look.metal(), stroke=look.metal_edge, stroke_width=2.5, stroke_opacity=0.75),
        path(circle(x, y, 6), look.metal_edge),
    ]
    return group(parts, transform=f"rotate({angle} {x} {y})")

"""A bed: a padded rim around a mattress, lower in front, where the pet steps in."""

from subgraphs.builder.drawing.look import Box, Look
from subgraphs.builder.drawing.products.bands import Band
from subgraphs.builder.drawing.shades import INK, LIGHT, darker, lighter, mix
from subgraphs.builder.drawing.svg import Markup, element, group, path
from subgraphs.builder.enums import TextPosition

FIELD = Box(400, 392, 477, 212)
_OUTSIDE = "M54 398C54 226 168 168 400 168C632 168 746 226 746 398C746 572 652 640 400 640C148 640 54 572 54 398Z"
_OPENING = "M146 376C146 282 226 250 400 250C574 250 654 282 654 376C654 468 580 500 400 500C220 500 146 468 146 376Z"
_MATTRESS = "M166 392C166 318 240 288 400 288C560 288 634 318 634 392C634 470 562 496 400 496C238 496 166 470 166 392Z"
_CREST = "M104 386C104 262 194 212 400 212C606 212 696 262 696 386C696 500 610 556 400 556C190 556 104 500 104 386Z"
_PIPING = "M56 430C64 560 160 614 400 614C640 614 736 560 744 430"
_SEAMS = (
    "M150 262C176 288 186 306 190 330M650 262C624 288 614 306 610 330M112 548C156 520 176 496 186 470"
    "M688 548C644 520 624 496 614 470"
)
_RIM = Band(x=400, y=508, rx=330, ry=52, height=84, taper=0.86)


def draw(look: Look) -> None:
    """Draw it."""
    canvas = look.canvas
    canvas.add(path(_OUTSIDE, look.edge, stroke=look.edge, stroke_width=5))
    canvas.add(look.surface(_OUTSIDE, look.fabric_of(1.2)), _swell(look))
    for width, opacity in ((54, 0.1), (30, 0.12), (12, 0.14)):
        canvas.add(path(_CREST, stroke=LIGHT, stroke_width=width, stroke_opacity=opacity))
    canvas.add(path(_PIPING, stroke=look.trim, stroke_width=7), look.stitches(_PIPING, 2))
    canvas.add(path(_SEAMS, stroke=INK, stroke_opacity=0.3, stroke_width=5, stroke_linecap="round"))
    canvas.add(path(_OPENING, darker(look.ground, 0.55)))
    canvas.add(_mattress(look))
    canvas.add(path(_OPENING, stroke=look.trim, stroke_width=9), look.stitches(_OPENING, 2.2))
    if look.config.text is not None:
        if look.config.text.position is TextPosition.RIM:
            canvas.add(look.write(Box(400, 0, 400, 46), _RIM.place(0.3)))
        else:
            canvas.add(look.write(Box(400, 396, 330, 66)))


def _swell(look: Look) -> Markup:
    light = [(0, LIGHT, 0.3), (0.16, LIGHT, 0.12), (0.3, INK, 0.16), (0.68, INK, 0.05), (0.8, LIGHT, 0.2)]
    down = look.canvas.linear("swell", [*light, (0.9, INK, 0.06), (1, INK, 0.42)])
    across = look.canvas.linear(
        "across", [(0, INK, 0.38), (0.1, INK, 0.04), (0.5, LIGHT, 0.05), (0.9, INK, 0.06), (1, INK, 0.4)], x2=1, y2=0
    )
    return group([path(_OUTSIDE, down), path(_OUTSIDE, across)])


def _mattress(look: Look) -> Markup:
    cover = mix(look.accent, LIGHT, 0.5) if look.accent is not None else lighter(look.ground, 0.55)
    parts = [path(_MATTRESS, darker(cover, 0.12), stroke=darker(cover, 0.4), stroke_width=3)]
    if look.texture is not None:
        parts.append(path(_MATTRESS, look.texture))
    soft = [(0, LIGHT, 0.5), (0.7, LIGHT, 0.12), (1, INK, 0.22)]
    parts.append(path(_MATTRESS, look.canvas.radial("soft", soft, cy=0.55, r=0.62)))
    tufts = [element("ellipse", cx=x, cy=y, rx=7, ry=4, fill=darker(cover, 0.35)) for x, y in _TUFTS]
    creases = [
        path(
            f"M{x - 34} {y - 7}Q{x} {y + 3} {x + 34} {y - 7}",
            stroke=darker(cover, 0.4),
            stroke_opacity=0.3,
            stroke_width=3,
            stroke_linecap="round",
        )
        for x, y in _TUFTS
    ]
    layers = look.layers(FIELD, [_MATTRESS])
    return group([*parts, *creases, *tufts, layers])


_TUFTS = ((268, 344), (400, 330), (532, 344), (252, 438), (400, 456), (548, 438))

"""A leash in coils, its handle to the left and its clip to the right, one stretch of it straight in front."""

from subgraphs.builder.drawing.look import Box, Look, circle, rounded
from subgraphs.builder.drawing.shades import INK, LIGHT, darker
from subgraphs.builder.drawing.svg import Markup, group, path
from subgraphs.builder.enums import Material, Pattern, Size, TextPosition

_WIDTH = {Size.SMALL: 42, Size.MEDIUM: 50, Size.LARGE: 58}
_HANDLE = "M262 566C120 566 60 500 76 398C90 308 170 292 206 356C236 412 214 520 262 566"
_OUTER = "M262 566C180 540 176 300 262 206C360 104 600 106 672 226C734 334 660 452 520 468C400 480 300 440 296 352"
_INNER = "M296 352C292 262 380 208 470 216C560 224 606 290 580 346C552 404 440 412 404 356"
_FRONT = "M196 566H612"
_X = {TextPosition.LEFT: 318}


def draw(look: Look) -> None:
    """Draw it."""
    width = _WIDTH.get(look.config.size, 50)
    for stretch in (_INNER, _OUTER, _HANDLE, _FRONT):
        look.canvas.add(_strap(look, stretch, width))
    look.canvas.add(_keeper(look, 222, width), _keeper(look, 582, width), _clip(look))
    if look.config.text is not None:
        x = _X.get(look.config.text.position, 402)
        look.canvas.add(look.write(Box(x, 566, 300 if x == 402 else 150, width * 0.56)))


def _strap(look: Look, d: str, width: float) -> Markup:
    whole = {"stroke_linejoin": "round", "stroke_linecap": "butt"}
    shade = path(d, stroke=INK, stroke_opacity=0.16, stroke_width=width + 14, transform="translate(5 10)", **whole)
    parts = [shade, path(d, stroke=look.edge, stroke_width=width + 5, **whole)]
    striped = look.config.pattern is Pattern.STRIPES and look.accent is not None
    ground = look.ground if striped else look.fabric_of(0.72)
    parts.append(path(d, stroke=ground, stroke_width=width, **whole))
    if striped and look.accent is not None:
        parts += [
            path(d, stroke=look.accent, stroke_width=width * 0.62, **whole),
            path(d, stroke=look.ground, stroke_width=width * 0.26, **whole),
        ]
    elif look.accent is not None and look.config.pattern is Pattern.SOLID:
        parts += [
            path(d, stroke=look.accent, stroke_width=width, **whole),
            path(d, stroke=look.ground, stroke_width=width * 0.78, **whole),
        ]
    if look.texture is not None:
        parts.append(path(d, stroke=look.texture, stroke_width=width, **whole))
    shine = 0.3 if look.config.material is Material.BIOTHANE else 0.12
    parts.append(path(d, stroke=LIGHT, stroke_opacity=shine, stroke_width=width * 0.3, **whole))
    return group(parts)


def _keeper(look: Look, x: float, width: float) -> Markup:
    d = rounded(x - 17, 566 - width / 2 - 8, 34, width + 16, 8)
    return group(
        [
            path(d, darker(look.ground, 0.35), stroke=look.edge, stroke_width=3),
            path(circle(x, 566, 8), look.metal(), stroke=look.metal_edge, stroke_width=2),
        ]
    )


def _clip(look: Look) -> Markup:
    swivel = rounded(634, 546, 34, 40, 9)
    eye = "M604 538V594H640V538Z"
    hook = "M668 566C690 566 694 534 722 532C756 530 768 560 764 592C760 630 724 646 700 628C692 622 690 614 694 606"
    gate = "M694 606C690 590 690 578 694 562"
    strokes = {"stroke_linecap": "round", "stroke_linejoin": "round"}
    return group(
        [
            path(eye, stroke=look.metal_edge, stroke_width=15, **strokes),
            path(eye, stroke=look.metal(), stroke_width=11, **strokes),
            path(hook, stroke=look.metal_edge, stroke_width=25, **strokes),
            path(hook, stroke=look.metal(), stroke_width=20, **strokes),
            path(gate, stroke=look.metal_edge, stroke_width=14, **strokes),
            path(gate, stroke=look.metal(), stroke_width=10, **strokes),
            path(swivel, look.metal(), stroke=look.metal_edge, stroke_width=3),
            path("M640 554H662", stroke=LIGHT, stroke_opacity=0.7, stroke_width=3, **strokes),
            path("M716 538C744 534 758 560 755 586", stroke=LIGHT, stroke_opacity=0.6, stroke_width=3.5, **strokes),
        ]
    )

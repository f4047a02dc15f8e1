"""A bandana that is tied: a triangle under a rolled edge, its knot above."""

from subgraphs.builder.drawing.look import Box, Look
from subgraphs.builder.drawing.shades import INK, LIGHT, darker
from subgraphs.builder.drawing.svg import Markup, group, path

FIELD = Box(400, 491, 594, 440)
_CLOTH = "M112 276C250 312 550 312 688 276C640 420 540 590 400 706C260 590 160 420 112 276Z"
_HEM = "M140 300C262 330 538 330 660 300C612 424 524 572 400 676C276 572 188 424 140 300Z"
_ROLL = (
    "M96 254C108 214 160 206 208 222C330 256 470 256 592 222C640 206 692 214 704 254"
    "C708 286 668 298 640 300C500 332 300 332 160 300C132 298 92 286 96 254Z"
)
_LEFT_END = "M388 208C340 196 262 150 226 92C276 96 300 84 318 70C350 118 390 160 410 190Z"
_RIGHT_END = "M412 208C460 196 538 150 574 92C524 96 500 84 482 70C450 118 410 160 390 190Z"
_KNOT = "M352 212C352 178 372 166 400 166C428 166 448 178 448 212C448 246 430 258 400 258C370 258 352 246 352 212Z"
_FOLDS = (
    "M190 262C260 282 330 286 372 284M428 290C500 288 560 278 612 256M150 246C200 262 240 268 276 270"
    "M524 268C570 262 620 250 652 238"
)


def draw(look: Look) -> None:
    """Draw it."""
    canvas = look.canvas
    for end in (_LEFT_END, _RIGHT_END):
        canvas.add(_piece(look, end), path(end, _shadow(look)))
    canvas.add(_piece(look, _CLOTH))
    if look.accent is not None:
        canvas.add(path(_HEM, stroke=look.accent, stroke_width=7, stroke_opacity=0.9, stroke_linejoin="round"))
    canvas.add(look.stitches(_HEM))
    canvas.add(look.layers(FIELD, [_CLOTH]))
    canvas.add(_drape(look))
    canvas.add(look.write(Box(400, 410, 330, 88)))
    canvas.add(_piece(look, _ROLL), path(_ROLL, _shadow(look)))
    canvas.add(path(_FOLDS, stroke=INK, stroke_opacity=0.28, stroke_width=4, stroke_linecap="round"))
    canvas.add(_piece(look, _KNOT), path(_KNOT, _shadow(look)))
    canvas.add(
        path(
            "M372 184C378 204 378 226 370 246M428 184C422 204 422 226 430 246M400 172V252",
            stroke=INK,
            stroke_opacity=0.25,
            stroke_width=4,
            stroke_linecap="round",
        )
    )


def _piece(look: Look, d: str) -> Markup:
    outline = path(d, look.edge, stroke=look.edge, stroke_width=5, stroke_linejoin="round")
    return group([outline, look.surface(d, look.fabric_of(1.15))])


def _shadow(look: Look) -> str:
    return look.canvas.linear("roll", [(0, LIGHT, 0.22), (0.35, LIGHT, 0.05), (0.7, INK, 0.12), (1, INK, 0.42)])


def _drape(look: Look) -> Markup:
    fall = look.canvas.linear("fall", [(0, INK, 0.4), (0.14, INK, 0.06), (0.5, LIGHT, 0.06), (1, INK, 0.16)])
    sides = [(0, INK, 0.25), (0.3, LIGHT, 0.08), (0.42, INK, 0.07), (0.56, LIGHT, 0.13), (0.78, INK, 0.06)]
    across = look.canvas.linear("across", [*sides, (1, darker(look.ground, 0.8), 0.3)], x2=1, y2=0)
    return group([path(_CLOTH, fall), path(_CLOTH, across)])

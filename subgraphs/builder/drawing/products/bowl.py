"""A bowl on its rubber ring, seen a little from above."""

from subgraphs.builder.drawing.look import Box, Look, ellipse
from subgraphs.builder.drawing.products.bands import Band
from subgraphs.builder.drawing.shades import INK, LIGHT, darker, lighter
from subgraphs.builder.drawing.svg import Markup, Stop, group, path
from subgraphs.builder.enums import Material, Pattern, TextPosition

FIELD = Box(400, 0, 590, 236)
_BODY = Band(x=400, y=300, rx=286, ry=92, height=236, taper=0.76)
_METAL = frozenset({Material.STAINLESS_STEEL})


def draw(look: Look) -> None:
    """Draw it."""
    canvas = look.canvas
    foot = Band(x=400, y=520, rx=222, ry=71, height=30, taper=1.03)
    canvas.add(path(foot.front(), "#2b2a2c", stroke="#1a191b", stroke_width=3))
    canvas.add(path(foot.line(0.4), stroke=LIGHT, stroke_opacity=0.16, stroke_width=5))
    body = _BODY.front()
    canvas.add(path(body, look.edge, stroke=look.edge, stroke_width=4, stroke_linejoin="round"))
    canvas.add(look.surface(body, _ground(look)))
    if look.config.pattern is Pattern.STRIPES and look.accent is not None:
        lines = [
            path(_BODY.line(share), stroke=look.accent, stroke_width=width)
            for share, width in ((0.2, 20), (0.3, 5), (0.74, 5), (0.84, 20))
        ]
        canvas.add(group(lines, clip_path=canvas.clip("body", path(body, INK))))
    canvas.add(look.layers(FIELD, [body, _BODY.window(FIELD)], _BODY.place(0.5)))
    canvas.add(_light(look, body))
    if look.config.text is not None:
        rim = look.config.text.position is TextPosition.RIM
        box = Box(400, 0, 330, 26) if rim else Box(400, 0, 350, 74)
        canvas.add(look.write(box, _BODY.place(0.1 if rim else 0.5)))
    _opening(look)


def _ground(look: Look) -> str:
    return look.ground if look.config.pattern is Pattern.STRIPES else look.fabric_of(1.15)


def _light(look: Look, body: str) -> Markup:
    shiny = look.config.material in (Material.CERAMIC, Material.STAINLESS_STEEL)
    gleam = 0.55 if shiny else 0.2
    across: list[Stop] = [(0, INK, 0.42), (0.12, INK, 0.1), (0.24, LIGHT, gleam), (0.38, LIGHT, 0.03)]
    across.append((0.62, INK, 0.12))
    if look.config.material in _METAL:
        across += [(0.74, LIGHT, 0.3), (0.84, INK, 0.05)]
    round_light = look.canvas.linear("turned", [*across, (0.93, INK, 0.3), (1, INK, 0.45)], x2=1, y2=0)
    low = look.canvas.linear("low", [(0, INK, 0), (0.65, INK, 0), (1, INK, 0.28)])
    return group([path(body, round_light), path(body, low)])


def _opening(look: Look) -> None:
    canvas = look.canvas
    rim = look.trim if look.accent is not None else lighter(look.ground, 0.25)
    rim_paint = look.metallic("rim", rim) if look.config.material in _METAL else rim
    canvas.add(path(ellipse(400, 300, 290, 95), rim_paint, stroke=look.edge, stroke_width=3.5))
    inner = lighter(look.ground, 0.3) if look.config.material is Material.CERAMIC else darker(look.ground, 0.08)
    stops = [(0, darker(inner, 0.5)), (0.45, darker(inner, 0.18)), (1, lighter(inner, 0.2))]
    canvas.add(
        path(ellipse(400, 304, 264, 80), canvas.linear("inside", stops), stroke=INK, stroke_opacity=0.3, stroke_width=2)
    )
    canvas.add(path(ellipse(400, 340, 196, 40), canvas.radial("deep", [(0, LIGHT, 0.28), (1, LIGHT, 0)])))
    canvas.add(
        path("M120 284A290 95 0 0 1 400 207", stroke=LIGHT, stroke_opacity=0.6, stroke_width=5, stroke_linecap="round")
    )

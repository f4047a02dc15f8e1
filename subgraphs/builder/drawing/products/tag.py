"""A tag on its ring; what is engraved on the reverse shows on a second tag that is turned round."""

from subgraphs.builder.drawing.look import Box, Look, circle, wrap
from subgraphs.builder.drawing.shades import INK, LIGHT, darker, lighter
from subgraphs.builder.drawing.svg import Markup, group, path
from subgraphs.builder.enums import Pattern, Size, TextPosition

FIELD = Box(400, 448, 480, 480)
"""On a tag that is drawn smaller it is smaller as well."""
_RADIUS = 238
_MOST_LINES = {Size.SMALL: 2, Size.MEDIUM: 3, Size.LARGE: 4}


def draw(look: Look) -> None:
    """Draw it."""
    text = look.config.text
    reverse = text is not None and text.position is TextPosition.BACK
    if not reverse:
        _tag(look, FIELD.x, FIELD.y, _RADIUS, front=True, lettered=text is not None)
        return
    look.canvas.add(group([_disc(look, 250, 396, 168, front=True)], transform="rotate(-7 250 396)"))
    look.canvas.add(look.ring(232, 196, 40, 11))
    _tag(look, 478, 482, 216, front=False, lettered=True)


def _tag(look: Look, x: float, y: float, radius: float, *, front: bool, lettered: bool) -> None:
    look.canvas.add(_disc(look, x, y, radius, front=front))
    if lettered and look.config.text is not None:
        lines = wrap(look.config.text.content, _MOST_LINES.get(look.config.size, 3))
        step = min(radius * 0.95 / len(lines), radius * 0.5)
        for index, line in enumerate(lines):
            above = (index - (len(lines) - 1) / 2) * step
            subgraph = 2 * (max(radius * 0.8, abs(above) + 1) ** 2 - above**2) ** 0.5 * 0.94
            look.canvas.add(look.write(Box(x, y + radius * 0.07 + above, subgraph, step * 0.56), content=line))
    look.canvas.add(look.ring(x, y - radius - 22, 50, 14))


def _disc(look: Look, x: float, y: float, radius: float, *, front: bool) -> Markup:
    canvas, hole = look.canvas, circle(x, y - radius * 0.83, radius * 0.075)
    tab = circle(x, y - radius * 0.9, radius * 0.21)
    whole = circle(x, y, radius)
    metal = look.metallic("disc", look.ground)
    field = Box(x, y, FIELD.width * radius / _RADIUS, FIELD.height * radius / _RADIUS)
    drawn = [path(tab + whole, look.edge, stroke=look.edge, stroke_width=5), path(tab, metal), path(whole, metal)]
    if front and look.config.pattern is not Pattern.SOLID and look.accent is not None:
        drawn.append(path(whole, look.fabric_of(1.1), fill_opacity=0.8))
    if look.texture is not None:
        drawn.append(path(tab + whole, look.texture, fill_opacity=0.8))
    if front:
        drawn.append(look.layers(field, [whole]))
    gleam = [(0, LIGHT, 0.5), (0.3, LIGHT, 0), (0.62, INK, 0), (1, INK, 0.34)]
    drawn += [
        path(whole, canvas.linear("gleam", gleam, x1=0.15, x2=0.85)),
        path(
            circle(x, y, radius * 0.92),
            stroke=look.accent or darker(look.ground, 0.4),
            stroke_opacity=0.75,
            stroke_width=radius * 0.022,
        ),
        path(circle(x + 1.5, y + 2, radius * 0.92), stroke=LIGHT, stroke_opacity=0.5, stroke_width=2),
        path(hole, "#efe9df", stroke=darker(look.ground, 0.6), stroke_width=3),
        path(circle(x, y, radius - 2), stroke=lighter(look.ground, 0.6), stroke_opacity=0.7, stroke_width=3),
    ]
    return group(drawn)

"""Text as outlines, so that a drawing looks the same everywhere and holds no text that a browser would lay out.

HarfBuzz (https://harfbuzz.github.io) shapes the text: ligatures, kerning, and the joins of handwriting.
"""

from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import uharfbuzz as hb

from subgraphs.builder.enums import Font

_FILES = {
    Font.SANS: "Nunito-ExtraBold.ttf",
    Font.SERIF: "Bitter-Bold.ttf",
    Font.SCRIPT: "Pacifico-Regular.ttf",
    Font.BLOCK: "Anton-Regular.ttf",
    Font.TYPEWRITER: "CourierPrime-Bold.ttf",
}
HEART = "♥"
"""No font has it, so it is drawn."""
HEART_OUTLINE = (
    "M0 .86C-.3 .6 -.88 .2 -.88 -.28C-.88 -.58 -.66 -.74 -.44 -.74C-.24 -.74 -.08 -.62 0 -.44"
    "C.08 -.62 .24 -.74 .44 -.74C.66 -.74 .88 -.58 .88 -.28C.88 .2 .3 .6 0 .86Z"
)
"""A heart within the circle of radius 1 around 0."""
_HEART_WIDTH = 0.95


@dataclass(frozen=True)
class Glyph:
    """An outline in units of the font's size, y downwards, and where its middle lies on the line."""

    outline: str
    middle: float


@dataclass(frozen=True)
class Line:
    """A line of text from 0 to `width`, in units of the font's size; its capitals are `cap_height` high."""

    glyphs: tuple[Glyph, ...]
    width: float
    cap_height: float


class _Pen:
    """Writes an outline as path data, moved and scaled to units of the font's size."""

    def __init__(self, scale: float, x: float, y: float) -> None:
        self._scale, self._x, self._y = scale, x, y
        self.data: list[str] = []

    def _point(self, x: float, y: float) -> str:
        return f"{_short(self._x + x * self._scale)} {_short(-(self._y + y * self._scale))}"

    def move(self, x: float, y: float) -> None:
        self.data.append("M" + self._point(x, y))

    def line(self, x: float, y: float) -> None:
        self.data.append("L" + self._point(x, y))

    def cubic(self, x1: float, y1: float, x2: float, y2: float, x: float, y: float) -> None:
        self.data.append(f"C{self._point(x1, y1)} {self._point(x2, y2)} {self._point(x, y)}")

    def quadratic(self, x1: float, y1: float, x: float, y: float) -> None:
        self.data.append(f"Q{self._point(x1, y1)} {self._point(x, y)}")

    def close(self) -> None:
        self.data.append("Z")


def can_write(font: Font, character: str) -> bool:
    """Tell whether a lettering has a character."""
    return character == HEART or all(ord(it) in _characters(font) for it in _as_written(font, character))


def written_length(font: Font, text: str) -> int:
    """Return how many letters are written: `ß` is two in capitals."""
    return len(_as_written(font, text))


@lru_cache(maxsize=2048)
def set_line(font: Font, text: str) -> Line:
    """Set a line of text; a character that the lettering lacks becomes a gap of its own."""
    glyphs: list[Glyph] = []
    at = 0.0
    cap_height = _cap_height(font)
    written = _as_written(font, text)
    for index, part in enumerate(written.split(HEART)):
        if index:
            glyphs.append(Glyph(_heart(at, cap_height), at + cap_height * _HEART_WIDTH / 2))
            at += cap_height * _HEART_WIDTH
        if part:
            at = _shape(font, part, at, glyphs)
    return Line(tuple(glyphs), at, cap_height)


def _shape(font: Font, text: str, at: float, glyphs: list[Glyph]) -> float:
    shaper = _shaper(font)
    scale = 1 / shaper.face.upem
    buffer = hb.Buffer()
    buffer.add_str(text)
    # Given rather than guessed: the direction of a text follows from its characters otherwise.
    buffer.direction, buffer.script, buffer.language = "ltr", "Latn", "en"
    hb.shape(shaper, buffer)
    for info, position in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        advance = position.x_advance * scale
        if info.codepoint:
            pen = _Pen(scale, at + position.x_offset * scale, position.y_offset * scale)
            shaper.draw_glyph(info.codepoint, _pen_functions(), pen)
            glyphs.append(Glyph("".join(pen.data), at + advance / 2))
        at += advance
    return at


def _as_written(font: Font, text: str) -> str:
    return text.upper() if font is Font.BLOCK else text


def _heart(at: float, cap_height: float) -> str:
    radius = cap_height * _HEART_WIDTH / 2
    middle, height = at + radius, -cap_height * 0.48
    commands = []
    numbers: list[float] = []
    # The outline's numbers come in pairs, each after its command or another pair.
    for token in HEART_OUTLINE.replace("C", " C ").replace("M", " M ").replace("Z", " Z ").split():
        if token.isalpha():
            commands.append(token)
            continue
        numbers.append(float(token))
        if len(numbers) == 2:
            commands.append(f"{_short(middle + numbers[0] * radius)} {_short(height + numbers[1] * radius)}")
            numbers = []
    return " ".join(commands)


def _short(value: float) -> str:
    return f"{value:.3f}".rstrip("0").rstrip(".")


@cache
def _shaper(font: Font) -> Any:
    file = Path(__file__).parent / "fonts" / _FILES[font]
    return hb.Font(hb.Face(hb.Blob.from_file_path(str(file))))


@cache
def _characters(font: Font) -> frozenset[int]:
    return frozenset(_shaper(font).face.unicodes)


@cache
def _cap_height(font: Font) -> float:
    shaper = _shaper(font)
    extents = shaper.get_glyph_extents(shaper.get_nominal_glyph(ord("H")))
    return float(extents.y_bearing) / float(shaper.face.upem)


@cache
def _pen_functions() -> Any:
    functions = hb.DrawFuncs()
    functions.set_move_to_func(lambda x, y, pen: pen.move(x, y))
    functions.set_line_to_func(lambda x, y, pen: pen.line(x, y))
    functions.set_cubic_to_func(lambda x1, y1, x2, y2, x, y, pen: pen.cubic(x1, y1, x2, y2, x, y))
    functions.set_quadratic_to_func(lambda x1, y1, x, y, pen: pen.quadratic(x1, y1, x, y))
    functions.set_close_path_func(lambda pen: pen.close())
    return functions

"""Drawings of designs: any configuration as SVG, whether or not the catalogue still offers it.

`draw` is a pure function of the configuration. `content_hash` names a picture by what is in it, so that a picture
can be kept and asked for again as long as nothing that is seen has changed.
"""

import hashlib

import orjson

from subgraphs.builder.catalogue import CATALOGUE
from subgraphs.builder.catalogue.config import DesignConfig
from subgraphs.builder.catalogue.layers import optimized
from subgraphs.builder.drawing.look import Look
from subgraphs.builder.drawing.products import bandana, bed, bowl, collar, harness, leash, tag
from subgraphs.builder.drawing.shades import INK
from subgraphs.builder.drawing.svg import Canvas, element
from subgraphs.builder.enums import ProductKind, Size

SIDE = 800
_PAPER = "#f6f2ea"
REVISION = 3
"""Count it up whenever a change of this package changes a picture: pictures that are kept are then drawn anew."""
_PRODUCTS = {
    ProductKind.COLLAR: collar.draw,
    ProductKind.HARNESS: harness.draw,
    ProductKind.LEASH: leash.draw,
    ProductKind.TAG: tag.draw,
    ProductKind.BED: bed.draw,
    ProductKind.BOWL: bowl.draw,
    ProductKind.BANDANA: bandana.draw,
}
_FLOORS = {
    ProductKind.COLLAR: (576, 276),
    ProductKind.HARNESS: (664, 250),
    ProductKind.TAG: (704, 200),
    ProductKind.BED: (628, 326),
    ProductKind.BOWL: (622, 262),
    ProductKind.BANDANA: (712, 150),
}
"""Where the shadow of a product lies, and how far it reaches; what lies flat has a shadow of its own."""
SCALE = {Size.EXTRA_SMALL: 0.84, Size.SMALL: 0.88, Size.MEDIUM: 0.92, Size.LARGE: 0.96, Size.EXTRA_LARGE: 1.0}


def draw(config: DesignConfig) -> str:
    """Return the picture of a configuration as an SVG document."""
    product, backdrop = Canvas(SCALE[config.size]), Canvas()
    if config.product in _FLOORS:
        below, reach = _FLOORS[config.product]
        floor = product.radial("floor", [(0, INK, 0.42), (0.6, INK, 0.16), (1, INK, 0)])
        product.add(element("ellipse", cx=SIDE / 2, cy=below, rx=reach, ry=38, fill=floor))
    _PRODUCTS[config.product](Look(product, config))
    backdrop.add(element("rect", width=SIDE, height=SIDE, fill=_PAPER))
    backdrop.take(product, centred(product.scale))
    return backdrop.finish(SIDE, describe(config))


def centred(scale: float) -> str:
    """Return how a product lies in the middle of a picture."""
    return f"translate({SIDE / 2} {SIDE / 2}) scale({scale}) translate(-{SIDE / 2} -{SIDE / 2})"


def describe(config: DesignConfig) -> str:
    """Say in words what the picture shows, for those who cannot see it."""
    ground = config.primary_color.name.lower()
    made_of = config.material.name.lower().replace("_", " ")
    said = f"{CATALOGUE[config.product].title} of {ground} {made_of}"
    if config.secondary_color is not None:
        said += f" with {config.pattern.name.lower()} in {config.secondary_color.name.lower()}"
    if config.text is not None:
        said += f", reading \u201c{config.text.content}\u201d"
    return said


def content_hash(config: DesignConfig) -> str:
    """Return the name of a configuration's picture: the same for configurations that look the same."""
    seen = orjson.dumps([REVISION, optimized(config).to_json()], option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(seen).hexdigest()[:32]

"""What of a design's layers can be seen, and their normal form.

A layer is a motif within a circle on the product's field. It cannot be seen when it is hidden, when its circle lies
beside the field, or when a layer above it covers the circle whole.
"""

import math
from dataclasses import replace

from subgraphs.builder.catalogue import CATALOGUE
from subgraphs.builder.catalogue.config import DesignConfig, DesignLayer
from subgraphs.builder.enums import Motif

SOLID_RADIUS = {Motif.BADGE: 0.94, Motif.HEART: 0.38, Motif.STAR: 0.34}
"""The disc in the middle of a motif of radius 1 that it covers without a hole; none for the motifs left out."""
_MARGIN = 1.5
"""How far, in per cent of the field's height, the edges of what covers and what is covered keep apart."""


def optimized(config: DesignConfig) -> DesignConfig:
    """Return a configuration with the same price and picture, and nothing in it that cannot be seen."""
    if not config.layers:
        return config
    rules = CATALOGUE[config.product].layers
    aspect = rules.aspect if rules is not None else 1.0
    kept: list[DesignLayer] = []
    for layer in reversed(config.layers):
        if not layer.hidden and _touches_field(layer, aspect) and not any(_covers(it, layer, aspect) for it in kept):
            kept.append(_normal(layer))
    return replace(config, layers=kept[::-1])


def _normal(layer: DesignLayer) -> DesignLayer:
    return replace(layer, rotation=0 if layer.motif is Motif.BADGE else layer.rotation % 360)


def _touches_field(layer: DesignLayer, aspect: float) -> bool:
    radius = layer.size / 2 + _MARGIN
    beside = max(0 - layer.x, layer.x - 100, 0) * aspect
    above = max(0 - layer.y, layer.y - 100, 0)
    return math.hypot(beside, above) < radius


def _covers(upper: DesignLayer, lower: DesignLayer, aspect: float) -> bool:
    solid = SOLID_RADIUS.get(upper.motif, 0.0) * upper.size / 2
    apart = math.hypot((upper.x - lower.x) * aspect, upper.y - lower.y)
    return apart + lower.size / 2 + _MARGIN <= solid

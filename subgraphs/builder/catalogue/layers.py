"""What of a design's layers can be seen, and their normal form.

A layer is a motif within a circle on the product's field. It cannot be seen when it is hidden, when its circle lies
beside the field, or when a layer above it covers the circle whole.
"""

import math
from dataclasses import replace

from subgraphs.builder.catalogue import CATALOGUE
from subgraphs.builder.catalogue.config import DesignConfig, DesignLayer
from subgraphs.builder.catalogue.rules import LayerRules
from subgraphs.builder.enums import Motif

SOLID_RADIUS = {Motif.BADGE: 0.94, Motif.HEART: 0.38, Motif.STAR: 0.34}
"""The disc in the middle of a motif of radius 1 that it covers without a hole; none for the motifs left out."""
_MARGIN = 1.5
"""How far, in per cent of the field's height, the edges of what covers and what is covered keep apart."""
_ROUND = 1.4
"""How much further a motif may reach around something that narrows, such as a bowl towards its foot."""


def optimized(config: DesignConfig) -> DesignConfig:
    """Return a configuration with the same price and picture, and nothing in it that cannot be seen."""
    rules = CATALOGUE[config.product].layers
    if rules is None or not config.layers:
        return config
    kept: list[DesignLayer] = []
    for layer in reversed(config.layers):
        seen = not layer.hidden and _touches_field(layer, rules)
        if seen and not any(_covers(above, layer, rules) for above in kept):
            kept.append(_normal(layer))
    return replace(config, layers=kept[::-1])


def _normal(layer: DesignLayer) -> DesignLayer:
    return replace(layer, rotation=0 if layer.motif is Motif.BADGE else layer.rotation % 360)


def _touches_field(layer: DesignLayer, rules: LayerRules) -> bool:
    radius = layer.size / 2
    beside = max(0 - layer.x, layer.x - 100, 0) * rules.aspect
    above = max(0 - layer.y, layer.y - 100, 0)
    if rules.curved:
        return beside < radius * _ROUND + _MARGIN and above < radius + _MARGIN
    return math.hypot(beside, above) < radius + _MARGIN


def _covers(upper: DesignLayer, lower: DesignLayer, rules: LayerRules) -> bool:
    apart = math.hypot((upper.x - lower.x) * rules.aspect, upper.y - lower.y)
    if rules.curved and apart > 0:
        return False
    solid = SOLID_RADIUS.get(upper.motif, 0.0) * upper.size / 2
    return apart + lower.size / 2 + _MARGIN <= solid

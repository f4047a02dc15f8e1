"""Configurations at random: of all that can be written down, and of all that the catalogue allows."""

import random
from dataclasses import replace

from subgraphs.builder import demo
from subgraphs.builder.catalogue import CATALOGUE
from subgraphs.builder.catalogue.config import DesignConfig, DesignLayer, DesignText
from subgraphs.builder.enums import (
    Color,
    Font,
    HardwareFinish,
    Material,
    Motif,
    Pattern,
    ProductKind,
    Size,
    TextPosition,
    TextTechnique,
)

HOSTILE = (
    "<script>alert(1)</script>",
    "]]></title><image href='http://x/'/>",
    '"onload="x',
    "&#x3c;b&#x3e;",
    "url(#x) javascript:",
    "\u202eevil",
    "犬猫",
    "e\u0301\u0302",
    "",
    " ",
    "\ud800",
    "\ufffe\u0001\x7f",
    "x" * 400,
    "♥♥♥",
    "\u0132\u017f\u0138\u1e9e",
)


def anything(rng: random.Random) -> DesignConfig:
    """Return a configuration that fits the types; nearly always it breaks rules."""
    return DesignConfig(
        product=rng.choice(list(ProductKind)),
        size=rng.choice(list(Size)),
        material=rng.choice(list(Material)),
        primary_color=rng.choice(list(Color)),
        secondary_color=rng.choice([None, *Color]),
        pattern=rng.choice(list(Pattern)),
        hardware=rng.choice([None, *HardwareFinish]),
        text=_any_text(rng) if rng.random() < 0.7 else None,
        layers=[_any_layer(rng) for _ in range(rng.choice((0, 0, 1, 3, 9)))],
    )


def allowed(rng: random.Random) -> DesignConfig:
    """Return a configuration that the catalogue allows, often with layers that cannot be seen."""
    config = demo.random_config(rng)[1]
    rules = CATALOGUE[config.product].layers
    if rules is None or rng.random() < 0.2:
        return config
    config.layers = [
        DesignLayer(
            motif=rng.choice(rules.motifs),
            color=rng.choice(rules.colors),
            x=rng.choice((-25, -6, 0, 50, 50, 52, 70, 106, 125)),
            y=rng.choice((-25, 0, 50, 50, 51, 100, 125)),
            size=rng.choice((10, 15, 30, 60, 100)),
            rotation=rng.choice((-360, -90, 0, 15, 360)),
            hidden=rng.random() < 0.2,
        )
        for _ in range(rng.randint(1, rules.most))
    ]
    if rng.random() < 0.3 and Motif.BADGE in rules.motifs:
        # A patch that hides what lies under its middle.
        last = config.layers[-1]
        config.layers[-1] = replace(last, motif=Motif.BADGE, x=50, y=50, size=100, hidden=False)
    return config


def nearly_allowed(rng: random.Random) -> DesignConfig:
    """Return a configuration that the catalogue allows but for one or two choices, which may be right as well."""
    config, other = allowed(rng), anything(rng)
    for name in rng.sample(("size", "material", "primary_color", "secondary_color", "pattern", "hardware", "text"), 2):
        setattr(config, name, getattr(other, name))
    return config


def _any_text(rng: random.Random) -> DesignText:
    return DesignText(
        content=rng.choice((*HOSTILE, *demo.PET_NAMES)),
        technique=rng.choice(list(TextTechnique)),
        font=rng.choice(list(Font)),
        position=rng.choice(list(TextPosition)),
        color=rng.choice([None, *Color]),
    )


def _any_layer(rng: random.Random) -> DesignLayer:
    return DesignLayer(
        motif=rng.choice(list(Motif)),
        color=rng.choice(list(Color)),
        x=rng.choice((-(2**31), -25, 0, 50, 2**31 - 1)),
        y=rng.choice((-(2**31), 0, 50, 100)),
        size=rng.choice((-5, 0, 1, 50, 100, 2**31 - 1)),
        rotation=rng.choice((-(2**31), -1, 0, 45, 359, 361, 2**31 - 1)),
        hidden=rng.random() < 0.3,
    )

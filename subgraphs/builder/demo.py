"""Plausible content for demonstrations: presets, products, and any number of designs. Pure data, no database."""

import datetime as dt
import random
from dataclasses import dataclass
from typing import Any

from shared.ids import id_at
from shared.money import CurrencyCode
from subgraphs.builder.catalogue import CATALOGUE, pricing
from subgraphs.builder.catalogue.config import DesignConfig, DesignText
from subgraphs.builder.catalogue.rules import MaterialRule, ProductRules
from subgraphs.builder.enums import (
    Color,
    DesignStatus,
    Font,
    HardwareFinish,
    Material,
    Pattern,
    PresetCategory,
    ProductKind,
    Size,
    TextPosition,
    TextTechnique,
)

# All short enough for the smallest product.
PET_NAMES = (
    *("Bella", "Luna", "Max", "Charlie", "Milo", "Coco", "Rocky", "Daisy", "Oscar", "Ruby", "Teddy", "Nala", "Simba"),
    *("Loki", "Willow", "Poppy", "Bruno", "Amelie", "Balu", "Findus", "Momo", "Emma", "Sam", "Lucky", "Pepper"),
    *("Hazel", "Archie", "Frida", "Otto", "Kira", "Rosie", "Tiger", "Smokey", "Ginger", "Félix", "Zoë", "Bär"),
)
OCCASIONS = ("everyday", "weekend", "travel", "winter", "summer", "birthday", "garden", "Sunday", "forest", "city")
# Presets and products keep their ids from one seeding to the next.
_EPOCH = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
_TEXT_SHARE, _TRIM_SHARE, _PRESET_SHARE = 0.6, 0.3, 0.2
_RULES = tuple(CATALOGUE.values())


@dataclass(frozen=True)
class DemoPreset:
    """A preset by name and category."""

    name: str
    category: PresetCategory
    config: DesignConfig


def _embroidered(content: str, font: Font, color: Color, position: TextPosition = TextPosition.CENTER) -> DesignText:
    return DesignText(content=content, technique=TextTechnique.EMBROIDERY, font=font, position=position, color=color)


def _engraved(content: str, font: Font, position: TextPosition = TextPosition.CENTER) -> DesignText:
    return DesignText(content=content, technique=TextTechnique.ENGRAVING, font=font, position=position)


PRESETS = (
    DemoPreset(
        "Harbour Stripe Collar",
        PresetCategory.EVERYDAY,
        DesignConfig(
            product=ProductKind.COLLAR,
            size=Size.MEDIUM,
            material=Material.NYLON,
            primary_color=Color.NAVY,
            secondary_color=Color.WHITE,
            pattern=Pattern.STRIPES,
            hardware=HardwareFinish.NICKEL,
        ),
    ),
    DemoPreset(
        "Heritage Leather Collar",
        PresetCategory.ELEGANT,
        DesignConfig(
            product=ProductKind.COLLAR,
            size=Size.LARGE,
            material=Material.LEATHER,
            primary_color=Color.BROWN,
            hardware=HardwareFinish.BRASS,
            text=_engraved("Charlie", Font.SERIF),
        ),
    ),
    DemoPreset(
        "First Steps Collar",
        PresetCategory.LITTLE_ONES,
        DesignConfig(
            product=ProductKind.COLLAR,
            size=Size.EXTRA_SMALL,
            material=Material.NYLON,
            primary_color=Color.PINK,
            secondary_color=Color.WHITE,
            pattern=Pattern.PAWS,
            hardware=HardwareFinish.ROSE_GOLD,
            text=_embroidered("Coco", Font.SCRIPT, Color.WHITE),
        ),
    ),
    DemoPreset(
        "Tidewater Collar",
        PresetCategory.OUTDOOR,
        DesignConfig(
            product=ProductKind.COLLAR,
            size=Size.MEDIUM,
            material=Material.BIOTHANE,
            primary_color=Color.TEAL,
            hardware=HardwareFinish.BLACK,
        ),
    ),
    DemoPreset(
        "Trailblazer Harness",
        PresetCategory.OUTDOOR,
        DesignConfig(
            product=ProductKind.HARNESS,
            size=Size.LARGE,
            material=Material.NYLON,
            primary_color=Color.ORANGE,
            secondary_color=Color.BLACK,
            pattern=Pattern.CHEVRON,
            hardware=HardwareFinish.BLACK,
            text=_embroidered("ROCKY", Font.BLOCK, Color.BLACK, TextPosition.LEFT),
        ),
    ),
    DemoPreset(
        "Highland Fleece Harness",
        PresetCategory.SEASONAL,
        DesignConfig(
            product=ProductKind.HARNESS,
            size=Size.SMALL,
            material=Material.FLEECE,
            primary_color=Color.RED,
            secondary_color=Color.BLACK,
            pattern=Pattern.PLAID,
            hardware=HardwareFinish.NICKEL,
        ),
    ),
    DemoPreset(
        "City Walk Leash",
        PresetCategory.EVERYDAY,
        DesignConfig(
            product=ProductKind.LEASH,
            size=Size.MEDIUM,
            material=Material.NYLON,
            primary_color=Color.BLACK,
            secondary_color=Color.TEAL,
            pattern=Pattern.STRIPES,
            hardware=HardwareFinish.BLACK,
        ),
    ),
    DemoPreset(
        "Saddler's Leash",
        PresetCategory.ELEGANT,
        DesignConfig(
            product=ProductKind.LEASH,
            size=Size.MEDIUM,
            material=Material.LEATHER,
            primary_color=Color.TAN,
            secondary_color=Color.BROWN,
            hardware=HardwareFinish.BRASS,
        ),
    ),
    DemoPreset(
        "Find Me Tag",
        PresetCategory.EVERYDAY,
        DesignConfig(
            product=ProductKind.TAG,
            size=Size.MEDIUM,
            material=Material.STAINLESS_STEEL,
            primary_color=Color.SILVER,
            hardware=HardwareFinish.NICKEL,
            text=_engraved("+44 20 7946 0123", Font.SANS, TextPosition.BACK),
        ),
    ),
    DemoPreset(
        "Old Gold Tag",
        PresetCategory.ELEGANT,
        DesignConfig(
            product=ProductKind.TAG,
            size=Size.SMALL,
            material=Material.BRASS,
            primary_color=Color.GOLD,
            hardware=HardwareFinish.BRASS,
            text=_engraved("Luna", Font.SCRIPT),
        ),
    ),
    DemoPreset(
        "Confetti Tag",
        PresetCategory.PLAYFUL,
        DesignConfig(
            product=ProductKind.TAG,
            size=Size.LARGE,
            material=Material.ALUMINIUM,
            primary_color=Color.PURPLE,
            secondary_color=Color.PINK,
            pattern=Pattern.DOTS,
            hardware=HardwareFinish.NICKEL,
            text=_engraved("I'm Milo. Call my human!", Font.SANS),
        ),
    ),
    DemoPreset(
        "Linen Siesta Bed",
        PresetCategory.ELEGANT,
        DesignConfig(
            product=ProductKind.BED,
            size=Size.LARGE,
            material=Material.LINEN,
            primary_color=Color.CREAM,
            secondary_color=Color.TAN,
            pattern=Pattern.STRIPES,
        ),
    ),
    DemoPreset(
        "Fireside Bed",
        PresetCategory.SEASONAL,
        DesignConfig(
            product=ProductKind.BED,
            size=Size.MEDIUM,
            material=Material.FLEECE,
            primary_color=Color.RED,
            secondary_color=Color.NAVY,
            pattern=Pattern.PLAID,
            text=_embroidered("Bruno", Font.SERIF, Color.CREAM, TextPosition.RIM),
        ),
    ),
    DemoPreset(
        "Paw Print Bowl",
        PresetCategory.PLAYFUL,
        DesignConfig(
            product=ProductKind.BOWL,
            size=Size.MEDIUM,
            material=Material.CERAMIC,
            primary_color=Color.WHITE,
            secondary_color=Color.BLUE,
            pattern=Pattern.PAWS,
            text=_engraved("Oscar", Font.BLOCK),
        ),
    ),
    DemoPreset(
        "Camp Kitchen Bowl",
        PresetCategory.OUTDOOR,
        DesignConfig(
            product=ProductKind.BOWL,
            size=Size.LARGE,
            material=Material.STAINLESS_STEEL,
            primary_color=Color.BLACK,
        ),
    ),
    DemoPreset(
        "Picnic Bandana",
        PresetCategory.PLAYFUL,
        DesignConfig(
            product=ProductKind.BANDANA,
            size=Size.MEDIUM,
            material=Material.COTTON,
            primary_color=Color.YELLOW,
            secondary_color=Color.WHITE,
            pattern=Pattern.DOTS,
            text=_embroidered("Daisy", Font.SCRIPT, Color.NAVY),
        ),
    ),
    DemoPreset(
        "Holly Bandana",
        PresetCategory.SEASONAL,
        DesignConfig(
            product=ProductKind.BANDANA,
            size=Size.SMALL,
            material=Material.COTTON,
            primary_color=Color.RED,
            secondary_color=Color.GREEN,
            pattern=Pattern.PLAID,
            text=_embroidered("Ho ho ho!", Font.BLOCK, Color.WHITE),
        ),
    ),
)


def preset_rows() -> list[dict[str, Any]]:
    """Return PRESETS as rows of `builder_preset`, ready for COPY, with ids that never change."""
    return [
        {
            "id": _fixed_id("pre", number),
            "name": preset.name,
            "category": preset.category.name,
            "product_kind": preset.config.product.name,
            "config": preset.config.to_json(),
            "position": number,
        }
        for number, preset in enumerate(PRESETS, 1)
    ]


def product_rows() -> list[dict[str, Any]]:
    """Return the products of the catalogue as rows of `product`, ready for COPY, with ids that never change."""
    return [
        {
            "id": _fixed_id("prd", number),
            "kind": rules.product.name,
            "handle": rules.title.lower().replace(" ", "-"),
            "title": rules.title,
            "description": rules.description,
            "active": True,
        }
        for number, rules in enumerate(CATALOGUE.values(), 1)
    ]


def design_row(
    rng: random.Random, owner_id: str, currency: CurrencyCode, made: dt.datetime, status: DesignStatus
) -> dict[str, Any]:
    """Make a design of somebody as a row of `saved_design`, ready for COPY."""
    preset_id = None
    if rng.random() < _PRESET_SHARE:
        number = rng.randrange(len(PRESETS))
        preset_id, name, config = _fixed_id("pre", number + 1), PRESETS[number].name, PRESETS[number].config
    else:
        name, config = random_config(rng)
    return {
        "id": id_at("des", made, rng),
        "owner_id": owner_id,
        "name": name,
        "product_kind": config.product.name,
        "config": config.to_json(),
        "price_minor": pricing.unit_price(config, currency),
        "currency": currency.name,
        "status": status.name,
        "version": 1 if status is DesignStatus.DRAFT else 2,
        "preset_id": preset_id,
        "created_at": made,
        "updated_at": made,
    }


def random_config(rng: random.Random) -> tuple[str, DesignConfig]:
    """Return a design's name and a configuration that the catalogue allows, the same for the same generator."""
    rules = _RULES[rng.randrange(len(_RULES))]
    material, pet = rng.choice(rules.materials), rng.choice(PET_NAMES)
    pattern, ground = rng.choice(material.patterns), rng.choice(material.colors)
    trimmed = pattern is not Pattern.SOLID or rng.random() < _TRIM_SHARE
    config = DesignConfig(
        product=rules.product,
        size=rng.choice(rules.sizes).size,
        material=material.material,
        primary_color=ground,
        secondary_color=rng.choice(rules.color_pairs[ground]) if trimmed else None,
        pattern=pattern,
        hardware=rng.choice(rules.hardware).finish if rules.hardware else None,
        text=_random_text(rng, rules, material, ground, pet) if rng.random() < _TEXT_SHARE else None,
    )
    return f"{pet}'s {rng.choice(OCCASIONS)} {rules.product.name.lower()}", config


def _random_text(
    rng: random.Random, rules: ProductRules, material: MaterialRule, ground: Color, pet: str
) -> DesignText | None:
    technique = rules.technique(rng.choice(material.techniques)) if material.techniques else None
    if technique is None:
        return None
    threads = [color for color in technique.colors if color is not ground]
    return DesignText(
        content=pet,
        technique=technique.technique,
        font=rng.choice(technique.fonts),
        position=rng.choice(rules.text_positions),
        color=rng.choice(threads) if threads else None,
    )


def _fixed_id(prefix: str, number: int) -> str:
    return id_at(prefix, _EPOCH, random.Random(number))

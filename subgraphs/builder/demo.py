"""Plausible content for demonstrations: presets, products, and any number of designs. Pure data, no database."""

import datetime as dt
import random
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from shared.core.handles import handle_of
from shared.core.ids import id_at, id_of_version
from shared.graph.money import CurrencyCode
from subgraphs.builder.catalogue import CATALOGUE, pricing
from subgraphs.builder.catalogue.config import DesignConfig, DesignLayer, DesignText
from subgraphs.builder.catalogue.contrast import is_readable
from subgraphs.builder.catalogue.rules import MaterialRule, ProductRules
from subgraphs.builder.enums import Color, DesignStatus, Pattern, PresetCategory
from subgraphs.builder.service.preset_prices import price_values

# All short enough for the smallest product.
PET_NAMES = (
    *("Bella", "Luna", "Max", "Charlie", "Milo", "Coco", "Rocky", "Daisy", "Oscar", "Ruby", "Teddy", "Nala", "Simba"),
    *("Loki", "Willow", "Poppy", "Bruno", "Amelie", "Balu", "Findus", "Momo", "Emma", "Sam", "Lucky", "Pepper"),
    *("Hazel", "Archie", "Frida", "Otto", "Kira", "Rosie", "Tiger", "Smokey", "Ginger", "Félix", "Zoë", "Bär"),
)
OCCASIONS = ("everyday", "weekend", "travel", "winter", "summer", "birthday", "garden", "Sunday", "forest", "city")
# Presets and products keep their ids from one seeding to the next.
_EPOCH = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
_TEXT_SHARE, _TRIM_SHARE, _PRESET_SHARE, _LAYERS_SHARE = 0.6, 0.3, 0.2, 0.15
_RULES = tuple(CATALOGUE.values())


@dataclass(frozen=True)
class DemoPreset:
    """A preset by name and category."""

    name: str
    category: PresetCategory
    config: DesignConfig


def _presets() -> Iterator[DemoPreset]:
    read = tomllib.loads((Path(__file__).parent / "catalogue" / "presets.toml").read_text("utf-8"))
    nothing = {"secondary_color": None, "pattern": Pattern.SOLID.value, "hardware": None}
    for preset in read["presets"]:
        text = {"color": None} | preset["text"] if "text" in preset else None
        config = nothing | preset["config"] | {"text": text, "layers": preset.get("layers", [])}
        yield DemoPreset(preset["name"], PresetCategory(preset["category"]), DesignConfig.from_json(config))


PRESETS = tuple(_presets())


def preset_rows() -> list[dict[str, object]]:
    """Return PRESETS as rows of `builder_preset`, ready for COPY, with ids that never change."""
    return [
        {
            "id": _fixed_id("pre", number),
            "handle": handle_of(preset.name),
            "name": preset.name,
            "category": preset.category.name,
            "product_kind": preset.config.product.name,
            "config": preset.config.to_json(),
            "position": number,
            **price_values(preset.config),
        }
        for number, preset in enumerate(PRESETS, 1)
    ]


def preset_version_rows() -> list[dict[str, object]]:
    """Return the first versions of PRESETS as rows of `preset_version`, ready for COPY."""
    kept = ("name", "product_kind", "config")
    return [
        {"id": id_of_version("prv", str(row["id"]), 1), "preset_id": row["id"], "version": 1}
        | {name: row[name] for name in kept}
        for row in preset_rows()
    ]


def product_rows() -> list[dict[str, object]]:
    """Return the products of the catalogue as rows of `product`, ready for COPY, with ids that never change."""
    return [
        {
            "id": _fixed_id("prd", number),
            "kind": rules.product.name,
            "handle": handle_of(rules.title),
            "title": rules.title,
            "description": rules.description,
            "active": True,
        }
        for number, rules in enumerate(CATALOGUE.values(), 1)
    ]


def design_row(
    rng: random.Random, owner_id: str, currency: CurrencyCode, made: dt.datetime, status: DesignStatus
) -> dict[str, object]:
    """Make a design of somebody as a row of `saved_design`, ready for COPY."""
    start = random_start(rng)
    preset_id, name, config = start if start is not None else (None, *random_config(rng))
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


def random_start(rng: random.Random) -> tuple[str, str, DesignConfig] | None:
    """Return the id, name and configuration of the preset that a design starts with; None where it starts with none."""
    if rng.random() >= _PRESET_SHARE:
        return None
    number = int(len(PRESETS) * rng.random() ** 2)
    return _fixed_id("pre", number + 1), PRESETS[number].name, PRESETS[number].config


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
        layers=_random_layers(rng, rules) if rng.random() < _LAYERS_SHARE else [],
    )
    return f"{pet}'s {rng.choice(OCCASIONS)} {rules.product.name.lower()}", config


def _random_text(
    rng: random.Random, rules: ProductRules, material: MaterialRule, ground: Color, pet: str
) -> DesignText | None:
    technique = rules.technique(rng.choice(material.techniques)) if material.techniques else None
    if technique is None:
        return None
    threads = [color for color in technique.colors if is_readable(color, ground)]
    return DesignText(
        content=pet,
        technique=technique.technique,
        font=rng.choice(technique.fonts),
        position=rng.choice(rules.text_positions),
        color=rng.choice(threads) if threads else None,
    )


def _random_layers(rng: random.Random, rules: ProductRules) -> list[DesignLayer]:
    if rules.layers is None:
        return []
    return [
        DesignLayer(
            motif=rng.choice(rules.layers.motifs),
            color=rng.choice(rules.layers.colors),
            x=rng.choice((12, 30, 70, 88)),
            y=rng.choice((20, 50)),
            size=rng.choice((25, 35, 45)),
            rotation=rng.choice((-15, 0, 0, 20)),
        )
        for _ in range(rng.randint(1, rules.layers.most))
    ]


def _fixed_id(prefix: str, number: int) -> str:
    return id_at(prefix, _EPOCH, random.Random(number))

"""What customers read of the catalogue: one file in `languages/` each, read once."""

from enum import Enum
from functools import cached_property
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from shared.graph.languages import read_texts
from subgraphs.builder.catalogue.pricing import Item
from subgraphs.builder.enums import (
    Color,
    DimensionKind,
    Font,
    HardwareFinish,
    Material,
    MeasurementUnit,
    Motif,
    Pattern,
    PetMeasure,
    PresetCategory,
    PriceItemKind,
    ProductKind,
    Size,
    TextPosition,
    TextTechnique,
)


class Texts(BaseModel):
    """The texts of one language. `dimension_texts` and the like hold places for what varies."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    decimal_mark: str
    motif: str
    motifs: str
    percent_off: str
    products: dict[ProductKind, str]
    categories: dict[PresetCategory, str]
    sizes: dict[Size, str]
    materials: dict[Material, str]
    colors: dict[Color, str]
    patterns: dict[Pattern, str]
    hardware: dict[HardwareFinish, str]
    techniques: dict[TextTechnique, str]
    fonts: dict[Font, str]
    positions: dict[TextPosition, str]
    motif_names: dict[Motif, str]
    measures: dict[PetMeasure, str]
    dimensions: dict[DimensionKind, str]
    dimension_texts: dict[DimensionKind, str]
    units: dict[MeasurementUnit, str]

    @cached_property
    def _labels(self) -> dict[Enum, str]:
        named = (self.products, self.categories, self.sizes, self.materials, self.colors, self.patterns, self.hardware)
        more = (self.techniques, self.fonts, self.positions, self.motif_names, self.measures, self.dimensions)
        return {choice: label for labels in (*named, *more) for choice, label in labels.items()}

    def label(self, choice: Enum) -> str:
        """Return the name of a choice."""
        return self._labels[choice]

    def label_of_item(self, item: Item) -> str:
        """Return what a line of a quote is for."""
        if not isinstance(item.subject, int):
            return self.label(item.subject)
        if item.kind is PriceItemKind.QUANTITY_DISCOUNT:
            return self.percent_off.format(percent=item.subject)
        return self.motif if item.subject == 1 else self.motifs.format(count=item.subject)


TEXTS = read_texts(Path(__file__).with_name("languages"), Texts)

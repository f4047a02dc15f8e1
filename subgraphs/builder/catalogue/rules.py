"""The form of a product's file in the catalogue: what it allows, and what each choice costs."""

from decimal import Decimal

from pydantic import BaseModel, ConfigDict, Field

from shared.graph.money import Price
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
    ProductKind,
    Size,
    TextPosition,
    TextTechnique,
)


class _Rule(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Surcharge(_Rule):
    """A choice that costs so much on top."""

    price: Price


class FitRule(_Rule):
    """The pets that a size fits: a measure of theirs from so much up to, but not including, so much."""

    measure: PetMeasure
    least: int = Field(ge=0)
    below: int


class DimensionRule(_Rule):
    """How long, wide or large something is; what can be adjusted goes up to `most`."""

    kind: DimensionKind
    value: Decimal = Field(gt=0)
    most: Decimal | None = None
    unit: MeasurementUnit


class SizeRule(Surcharge):
    """A size on offer: what it measures, what a piece weighs with its packaging (in the heaviest material), whom it
    fits, how many characters of text it takes, and its surcharge."""

    size: Size
    dimensions: tuple[DimensionRule, ...] = Field(min_length=1)
    grams: int = Field(ge=1)
    fit: FitRule
    text_length: int = Field(ge=1)


class TechniqueRule(Surcharge):
    """A way to apply text: its fonts, its thread colours (none where it has no colour) and what it costs."""

    technique: TextTechnique
    fonts: tuple[Font, ...] = Field(min_length=1)
    colors: tuple[Color, ...] = ()
    price_per_character: Price


class MaterialRule(Surcharge):
    """A material on offer, with the colours, patterns and text techniques that it takes, and its surcharge."""

    material: Material
    colors: tuple[Color, ...] = Field(min_length=1)
    patterns: tuple[Pattern, ...] = Field(min_length=1)
    techniques: tuple[TextTechnique, ...] = ()


class HardwareRule(Surcharge):
    """A finish of the metal parts, and its surcharge."""

    finish: HardwareFinish


class PatternRule(Surcharge):
    """The surcharge of a pattern."""

    pattern: Pattern


class LayerRules(Surcharge):
    """How many layers a product takes, of which motifs and colours; its field is `aspect` times as wide as high."""

    most: int = Field(ge=1)
    motifs: tuple[Motif, ...] = Field(min_length=1)
    colors: tuple[Color, ...] = Field(min_length=1)
    aspect: float = Field(gt=0)
    # Whether the field goes around something round, so that what lies further out looks narrower.
    curved: bool = False


class QuantityBreak(_Rule):
    """From so many pieces on, so many per cent off."""

    quantity: int = Field(ge=2)
    percent: int = Field(ge=1, le=50)


class ProductRules(_Rule):
    """All that one product allows. Every material's every primary colour has its entry in `color_pairs`."""

    product: ProductKind
    title: str
    description: str
    price: Price
    sizes: tuple[SizeRule, ...] = Field(min_length=1)
    materials: tuple[MaterialRule, ...] = Field(min_length=1)
    hardware: tuple[HardwareRule, ...] = ()
    patterns: tuple[PatternRule, ...] = ()
    color_pairs: dict[Color, tuple[Color, ...]] = {}
    text_positions: tuple[TextPosition, ...] = ()
    techniques: tuple[TechniqueRule, ...] = ()
    layers: LayerRules | None = None
    quantity_breaks: tuple[QuantityBreak, ...] = ()

    def size(self, size: Size) -> SizeRule | None:
        """Return the rule of a size, or None where it is not on offer; likewise the methods below."""
        return next((rule for rule in self.sizes if rule.size is size), None)

    def material(self, material: Material) -> MaterialRule | None:
        return next((rule for rule in self.materials if rule.material is material), None)

    def finish(self, finish: HardwareFinish) -> HardwareRule | None:
        return next((rule for rule in self.hardware if rule.finish is finish), None)

    def technique(self, technique: TextTechnique) -> TechniqueRule | None:
        return next((rule for rule in self.techniques if rule.technique is technique), None)

    def pattern(self, pattern: Pattern) -> PatternRule | None:
        return next((rule for rule in self.patterns if rule.pattern is pattern), None)

"""What a product allows, as forms need it: the catalogue's rules, named in a language."""

from decimal import Decimal
from functools import cache
from typing import Annotated, TypeAlias

import strawberry

from shared.graph.languages import Language
from shared.graph.row_types import RowType
from subgraphs.builder.catalogue import CATALOGUE, METALS, PALETTE
from subgraphs.builder.catalogue.measurements import Quantity, metric, unit_of
from subgraphs.builder.catalogue.rules import (
    DimensionRule,
    FitRule,
    HardwareRule,
    LayerRules,
    MaterialRule,
    ProductRules,
    QuantityBreak,
    SizeRule,
    TechniqueRule,
)
from subgraphs.builder.catalogue.texts import TEXTS, Texts
from subgraphs.builder.catalogue.validation import LAYER_LIMITS, PUNCTUATION
from subgraphs.builder.enums import (
    Color,
    DimensionKind,
    Font,
    HardwareFinish,
    Material,
    MeasurementSystem,
    MeasurementUnit,
    Motif,
    Pattern,
    PetMeasure,
    ProductKind,
    Size,
    TextPosition,
    TextTechnique,
)

Units: TypeAlias = Annotated[
    MeasurementSystem, strawberry.argument(description="The units that measurements are shown in.")
]


@strawberry.type(description="A colour, its name and its screen value.")
class ColorOption:
    color: Color = strawberry.field(description="The colour.")
    label: str = strawberry.field(description="Its name, such as `Navy`.")

    @strawberry.field(description="The sRGB value as a hex code, such as `#C8313A`.")
    def hex(self) -> str:
        return PALETTE[self.color]

    @classmethod
    def of(cls, color: Color, texts: Texts) -> "ColorOption":
        """Name a colour."""
        return cls(color=color, label=texts.label(color))


@strawberry.type(description="A length, weight or volume, or a range of them.")
class Measurement:
    value: Decimal = strawberry.field(description="The number of units, or the lower end of the range.")
    most: Decimal | None = strawberry.field(description="The upper end of the range; null if it is no range.")
    unit: MeasurementUnit = strawberry.field(description="The unit.")
    text: str = strawberry.field(description="The measurement as text, such as `34–46 cm`.")  # noqa: RUF001

    @classmethod
    def of(cls, quantity: Quantity, texts: Texts) -> "Measurement":
        """Show a quantity."""
        return cls(value=quantity.value, most=quantity.most, unit=quantity.unit, text=quantity.text(texts))


@strawberry.type(description="The range of pet measurements that a size fits.")
class SizeFit:
    measure: PetMeasure = strawberry.field(
        description="The measurement that determines the size, in centimetres or kilograms."
    )
    least: int = strawberry.field(description="The smallest measurement that fits, in centimetres or kilograms.")
    below: int = strawberry.field(description="The upper end of the range, exclusive, in centimetres or kilograms.")
    label: str = strawberry.field(description="The name of the measurement, such as `Neck`.")
    range: Measurement = strawberry.field(description="The range in the units that were asked for.")

    @classmethod
    def of(cls, rule: FitRule, texts: Texts, units: MeasurementSystem) -> "SizeFit":
        """Show whom a size fits."""
        quantity = Quantity(Decimal(rule.least), Decimal(rule.below), unit_of(rule.measure)).in_units_of(units)
        return cls(
            measure=rule.measure,
            least=rule.least,
            below=rule.below,
            label=texts.label(rule.measure),
            range=Measurement.of(quantity, texts),
        )


@strawberry.type(description="One dimension of a size.")
class SizeDimension:
    kind: DimensionKind = strawberry.field(description="What it measures.")
    label: str = strawberry.field(description="The name of what it measures, such as `Width`.")
    measurement: Measurement = strawberry.field(description="How much it is; a range if it can be adjusted.")
    text: strawberry.Private[str]

    @classmethod
    def of(cls, rule: DimensionRule, texts: Texts, units: MeasurementSystem) -> "SizeDimension":
        """Show a dimension."""
        measurement = Measurement.of(Quantity(rule.value, rule.most, rule.unit).in_units_of(units), texts)
        text = texts.dimension_texts[rule.kind].format(measurement.text)
        return cls(kind=rule.kind, label=texts.label(rule.kind), measurement=measurement, text=text)


@strawberry.type(description="A size to choose from.")
class SizeOption:
    size: Size = strawberry.field(description="The size.")
    label: str = strawberry.field(description="Its name, such as `Extra small`.")
    measure: str = strawberry.field(description="The dimensions as text, such as `Neck 34–46 cm, 20 mm wide`.")  # noqa: RUF001
    dimensions: list[SizeDimension] = strawberry.field(description="The dimensions of this size, with their units.")
    fit: SizeFit = strawberry.field(description="The pets this size fits.")
    text_length: int = strawberry.field(description="The maximum number of characters of a text on this size.")

    @classmethod
    def of(cls, rule: SizeRule, texts: Texts, units: MeasurementSystem) -> "SizeOption":
        """Show the rule of a size."""
        dimensions = [SizeDimension.of(dimension, texts, units) for dimension in rule.dimensions]
        return cls(
            size=rule.size,
            label=texts.label(rule.size),
            measure=", ".join(dimension.text for dimension in dimensions),
            dimensions=dimensions,
            fit=SizeFit.of(rule.fit, texts, units),
            text_length=rule.text_length,
        )


@strawberry.type(description="A pattern and its name.")
class PatternOption:
    pattern: Pattern = strawberry.field(description="The pattern.")
    label: str = strawberry.field(description="Its name, such as `Stripes`.")


@strawberry.type(description="A material to choose from and the options it allows.")
class MaterialOption:
    material: Material = strawberry.field(description="The material.")
    label: str = strawberry.field(description="Its name, such as `Stainless steel`.")
    colors: list[ColorOption] = strawberry.field(description="The primary colours available in this material.")
    patterns: list[Pattern] = strawberry.field(description="The patterns available on this material.")
    pattern_options: list[PatternOption] = strawberry.field(description="The same patterns with their names.")
    techniques: list[TextTechnique] = strawberry.field(
        description="The ways to apply text to this material; empty if it allows no text."
    )

    @classmethod
    def of(cls, rule: MaterialRule, texts: Texts) -> "MaterialOption":
        """Show the rule of a material."""
        return cls(
            material=rule.material,
            label=texts.label(rule.material),
            colors=[ColorOption.of(color, texts) for color in rule.colors],
            patterns=list(rule.patterns),
            pattern_options=[PatternOption(pattern=it, label=texts.label(it)) for it in rule.patterns],
            techniques=list(rule.techniques),
        )


@strawberry.type(description="A finish of the metal parts, its name and its screen value.")
class HardwareOption:
    finish: HardwareFinish = strawberry.field(description="The finish.")
    label: str = strawberry.field(description="Its name, such as `Rose gold`.")
    hex: str = strawberry.field(description="The sRGB value as a hex code, such as `#CFA544`.")

    @classmethod
    def of(cls, rule: HardwareRule, texts: Texts) -> "HardwareOption":
        """Show a finish on offer."""
        return cls(finish=rule.finish, label=texts.label(rule.finish), hex=METALS[rule.finish])


@strawberry.type(description="A primary colour and the secondary colours it may be combined with.")
class ColorPairOption:
    primary: Color = strawberry.field(description="The primary colour, which covers the ground of the product.")
    label: str = strawberry.field(description="The name of the primary colour.")
    secondary: list[ColorOption] = strawberry.field(description="The secondary colours that may be combined with it.")


@strawberry.type(description="A position of a text and its name.")
class TextPositionOption:
    position: TextPosition = strawberry.field(description="The position.")
    label: str = strawberry.field(description="Its name, such as `Centre`.")


@strawberry.type(description="A font and its name.")
class FontOption:
    font: Font = strawberry.field(description="The font.")
    label: str = strawberry.field(description="Its name, such as `Script`.")


@strawberry.type(description="A way to apply text to the product.")
class TechniqueOption:
    technique: TextTechnique = strawberry.field(description="The technique.")
    label: str = strawberry.field(description="Its name, such as `Embroidery`.")
    fonts: list[Font] = strawberry.field(description="The fonts to choose from.")
    font_options: list[FontOption] = strawberry.field(description="The same fonts with their names.")
    colors: list[ColorOption] = strawberry.field(
        description="The thread colours to choose from; empty if the technique has no colour."
    )

    @classmethod
    def of(cls, rule: TechniqueRule, texts: Texts) -> "TechniqueOption":
        """Show the rule of a technique."""
        return cls(
            technique=rule.technique,
            label=texts.label(rule.technique),
            fonts=list(rule.fonts),
            font_options=[FontOption(font=font, label=texts.label(font)) for font in rule.fonts],
            colors=[ColorOption.of(color, texts) for color in rule.colors],
        )


@strawberry.type(description="A motif and its name.")
class MotifOption:
    motif: Motif = strawberry.field(description="The motif.")
    label: str = strawberry.field(description="Its name, such as `Paw`.")


@strawberry.type(description="The range of one numeric field of a layer.")
class LayerLimit:
    field: str = strawberry.field(description="The name of the field in `DesignLayerInput`, such as `rotation`.")
    least: int = strawberry.field(description="The smallest allowed value.")
    most: int = strawberry.field(description="The largest allowed value.")


@strawberry.type(description="The motifs that a product allows.")
class LayerOptions:
    most: int = strawberry.field(description="The maximum number of layers of a design.")
    motifs: list[Motif] = strawberry.field(description="The motifs to choose from.")
    motif_options: list[MotifOption] = strawberry.field(description="The same motifs with their names.")
    colors: list[ColorOption] = strawberry.field(description="The colours a motif may have.")
    aspect: float = strawberry.field(
        description="The width of the area for motifs divided by its height, such as `2.5`."
    )
    limits: list[LayerLimit] = strawberry.field(description="The allowed range of each numeric field of a layer.")

    @classmethod
    def of(cls, rules: LayerRules, texts: Texts) -> "LayerOptions":
        """Show the rules of layers."""
        return cls(
            most=rules.most,
            motifs=list(rules.motifs),
            motif_options=[MotifOption(motif=motif, label=texts.label(motif)) for motif in rules.motifs],
            colors=[ColorOption.of(color, texts) for color in rules.colors],
            aspect=rules.aspect,
            limits=[LayerLimit(field=name, least=least, most=most) for name, (least, most) in LAYER_LIMITS.items()],
        )


@strawberry.type(description="A quantity discount.")
class QuantityBreakOption(RowType[QuantityBreak]):
    quantity: int = strawberry.field(description="The number of pieces from which the discount applies.")
    percent: int = strawberry.field(description="The discount in percent, such as `10`.")


@strawberry.type(
    description="All options a product allows: everything needed to build a configuration form, in the language and "
    "the units that were asked for."
)
class ProductOptions:
    product: ProductKind = strawberry.field(description="The product.")
    label: str = strawberry.field(description="The name of the product, such as `Collar`.")
    sizes: list[SizeOption] = strawberry.field(description="The sizes to choose from.")
    materials: list[MaterialOption] = strawberry.field(description="The materials to choose from.")
    hardware: list[HardwareFinish] = strawberry.field(
        description="The finishes for the metal parts; empty if the product has no metal parts."
    )
    hardware_options: list[HardwareOption] = strawberry.field(description="The same finishes with their names.")
    color_pairs: list[ColorPairOption] = strawberry.field(
        description="The secondary colours that may be combined with each primary colour."
    )
    text_positions: list[TextPosition] = strawberry.field(
        description="The positions a text may have; empty if the product takes no text."
    )
    text_position_options: list[TextPositionOption] = strawberry.field(
        description="The same positions with their names."
    )
    text_punctuation: str = strawberry.field(
        description="The characters a text may contain in addition to Latin letters and digits, as one string."
    )
    techniques: list[TechniqueOption] = strawberry.field(
        description="The ways to apply text to the product; empty if it takes no text."
    )
    layers: LayerOptions | None = strawberry.field(description="The motifs the product allows; null if it allows none.")
    quantity_breaks: list[QuantityBreakOption] = strawberry.field(
        description="The quantity discounts; empty if there are none."
    )

    @strawberry.field(description="The size that fits a pet; null if no size fits.")
    def size_for(
        self,
        measure: Annotated[
            int,
            strawberry.argument(
                description="The pet's measurement named by `sizes.fit.measure`: in centimetres or kilograms, or with "
                "IMPERIAL in inches or pounds."
            ),
        ],
        units: Annotated[
            MeasurementSystem, strawberry.argument(description="The units of `measure`.")
        ] = MeasurementSystem.METRIC,
    ) -> Size | None:
        for rule in CATALOGUE[self.product].sizes:
            is_metric = units is MeasurementSystem.METRIC
            amount = Decimal(measure) if is_metric else metric(rule.fit.measure, Decimal(measure))
            if rule.fit.least <= amount < rule.fit.below:
                return rule.size
        return None

    @classmethod
    def of(cls, product: ProductKind, language: Language, units: MeasurementSystem) -> "ProductOptions":
        """Show the rules of a product."""
        return _options(product, language, units)


@cache
def _options(product: ProductKind, language: Language, units: MeasurementSystem) -> ProductOptions:
    rules, texts = CATALOGUE[product], TEXTS[language]
    return ProductOptions(
        product=product,
        label=texts.label(product),
        sizes=[SizeOption.of(rule, texts, units) for rule in rules.sizes],
        materials=[MaterialOption.of(rule, texts) for rule in rules.materials],
        hardware=[rule.finish for rule in rules.hardware],
        hardware_options=[HardwareOption.of(rule, texts) for rule in rules.hardware],
        color_pairs=_color_pairs(rules, texts),
        text_positions=list(rules.text_positions),
        text_position_options=[TextPositionOption(position=it, label=texts.label(it)) for it in rules.text_positions],
        text_punctuation="".join(sorted(PUNCTUATION)),
        techniques=[TechniqueOption.of(rule, texts) for rule in rules.techniques],
        layers=LayerOptions.of(rules.layers, texts) if rules.layers is not None else None,
        quantity_breaks=QuantityBreakOption.from_rows(rules.quantity_breaks),
    )


def _color_pairs(rules: ProductRules, texts: Texts) -> list[ColorPairOption]:
    return [
        ColorPairOption(
            primary=primary, label=texts.label(primary), secondary=[ColorOption.of(color, texts) for color in partners]
        )
        for primary, partners in rules.color_pairs.items()
    ]

"""What a product allows, as forms need it: the catalogue's rules, shown."""

from typing import Annotated

import strawberry

from shared.graph.row_types import RowType
from subgraphs.builder.catalogue import CATALOGUE, PALETTE
from subgraphs.builder.catalogue.rules import FitRule, LayerRules, MaterialRule, ProductRules, QuantityBreak, SizeRule
from subgraphs.builder.catalogue.validation import LAYER_LIMITS, PUNCTUATION
from subgraphs.builder.enums import (
    Color,
    Font,
    HardwareFinish,
    Material,
    Motif,
    Pattern,
    PetMeasure,
    ProductKind,
    Size,
    TextPosition,
    TextTechnique,
)


@strawberry.type(description="A colour and its screen value.")
class ColorOption:
    color: Color = strawberry.field(description="The colour.")

    @strawberry.field(description="The sRGB value as a hex code, such as `#C8313A`.")
    def hex(self) -> str:
        return PALETTE[self.color]


@strawberry.type(description="The range of pet measurements that a size fits.")
class SizeFit(RowType[FitRule]):
    measure: PetMeasure = strawberry.field(
        description="The measurement that determines the size, in centimetres or kilograms."
    )
    least: int = strawberry.field(description="The smallest measurement that fits.")
    below: int = strawberry.field(description="The upper end of the range, exclusive.")


@strawberry.type(description="A size to choose from.")
class SizeOption:
    size: Size = strawberry.field(description="The size.")
    measure: str = strawberry.field(description="The measurements as text, such as `Neck 34–46 cm, 20 mm wide`.")  # noqa: RUF001
    fit: SizeFit = strawberry.field(description="The pets this size fits.")
    text_length: int = strawberry.field(description="The maximum number of characters of a text on this size.")

    @classmethod
    def of(cls, rule: SizeRule) -> "SizeOption":
        """Show the rule of a size."""
        fit = SizeFit.from_row(rule.fit)
        return cls(size=rule.size, measure=rule.measure, fit=fit, text_length=rule.text_length)


@strawberry.type(description="A material to choose from and the options it allows.")
class MaterialOption:
    material: Material = strawberry.field(description="The material.")
    colors: list[ColorOption] = strawberry.field(description="The primary colours available in this material.")
    patterns: list[Pattern] = strawberry.field(description="The patterns available on this material.")
    techniques: list[TextTechnique] = strawberry.field(
        description="The ways to apply text to this material; empty if it allows no text."
    )

    @classmethod
    def of(cls, rule: MaterialRule) -> "MaterialOption":
        """Show the rule of a material."""
        return cls(
            material=rule.material,
            colors=[ColorOption(color=color) for color in rule.colors],
            patterns=list(rule.patterns),
            techniques=list(rule.techniques),
        )


@strawberry.type(description="A primary colour and the secondary colours it may be combined with.")
class ColorPairOption:
    primary: Color = strawberry.field(description="The primary colour, which covers the ground of the product.")
    secondary: list[ColorOption] = strawberry.field(description="The secondary colours that may be combined with it.")


@strawberry.type(description="A way to apply text to the product.")
class TechniqueOption:
    technique: TextTechnique = strawberry.field(description="The technique.")
    fonts: list[Font] = strawberry.field(description="The fonts to choose from.")
    colors: list[ColorOption] = strawberry.field(
        description="The thread colours to choose from; empty if the technique has no colour."
    )


@strawberry.type(description="The range of one numeric field of a layer.")
class LayerLimit:
    field: str = strawberry.field(description="The name of the field in `DesignLayerInput`, such as `rotation`.")
    least: int = strawberry.field(description="The smallest allowed value.")
    most: int = strawberry.field(description="The largest allowed value.")


@strawberry.type(description="The motifs that a product allows.")
class LayerOptions:
    most: int = strawberry.field(description="The maximum number of layers of a design.")
    motifs: list[Motif] = strawberry.field(description="The motifs to choose from.")
    colors: list[ColorOption] = strawberry.field(description="The colours a motif may have.")
    aspect: float = strawberry.field(
        description="The width of the area for motifs divided by its height, such as `2.5`."
    )
    limits: list[LayerLimit] = strawberry.field(description="The allowed range of each numeric field of a layer.")

    @classmethod
    def of(cls, rules: LayerRules) -> "LayerOptions":
        """Show the rules of layers."""
        return cls(
            most=rules.most,
            motifs=list(rules.motifs),
            colors=[ColorOption(color=color) for color in rules.colors],
            aspect=rules.aspect,
            limits=[LayerLimit(field=name, least=least, most=most) for name, (least, most) in LAYER_LIMITS.items()],
        )


@strawberry.type(description="A quantity discount.")
class QuantityBreakOption(RowType[QuantityBreak]):
    quantity: int = strawberry.field(description="The number of pieces from which the discount applies.")
    percent: int = strawberry.field(description="The discount in percent, such as `10`.")


@strawberry.type(description="All options a product allows: everything needed to build a configuration form.")
class ProductOptions:
    product: ProductKind = strawberry.field(description="The product.")
    sizes: list[SizeOption] = strawberry.field(description="The sizes to choose from.")
    materials: list[MaterialOption] = strawberry.field(description="The materials to choose from.")
    hardware: list[HardwareFinish] = strawberry.field(
        description="The finishes for the metal parts; empty if the product has no metal parts."
    )
    color_pairs: list[ColorPairOption] = strawberry.field(
        description="The secondary colours that may be combined with each primary colour."
    )
    text_positions: list[TextPosition] = strawberry.field(
        description="The positions a text may have; empty if the product takes no text."
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
                description="The pet's measurement named by `sizes.fit.measure`, in centimetres or kilograms."
            ),
        ],
    ) -> Size | None:
        fitting = (rule.size for rule in CATALOGUE[self.product].sizes if rule.fit.least <= measure < rule.fit.below)
        return next(fitting, None)

    @classmethod
    def of(cls, product: ProductKind) -> "ProductOptions":
        """Show the rules of a product."""
        return _options(CATALOGUE[product])


def _options(rules: ProductRules) -> ProductOptions:
    return ProductOptions(
        product=rules.product,
        sizes=[SizeOption.of(rule) for rule in rules.sizes],
        materials=[MaterialOption.of(rule) for rule in rules.materials],
        hardware=[rule.finish for rule in rules.hardware],
        color_pairs=[
            ColorPairOption(primary=primary, secondary=[ColorOption(color=color) for color in partners])
            for primary, partners in rules.color_pairs.items()
        ],
        text_positions=list(rules.text_positions),
        text_punctuation="".join(sorted(PUNCTUATION)),
        techniques=[
            TechniqueOption(
                technique=rule.technique,
                fonts=list(rule.fonts),
                colors=[ColorOption(color=color) for color in rule.colors],
            )
            for rule in rules.techniques
        ],
        layers=LayerOptions.of(rules.layers) if rules.layers is not None else None,
        quantity_breaks=[QuantityBreakOption.from_row(rule) for rule in rules.quantity_breaks],
    )

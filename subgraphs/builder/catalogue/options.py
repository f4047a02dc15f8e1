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


@strawberry.type(description="A colour, and how screens show it.")
class ColorOption:
    color: Color = strawberry.field(description="The colour.")

    @strawberry.field(description="Its sRGB value, such as `#C8313A`.")
    def hex(self) -> str:
        return PALETTE[self.color]


@strawberry.type(description="Which pets a size fits.")
class SizeFit(RowType[FitRule]):
    measure: PetMeasure = strawberry.field(description="What to measure, in centimetres or kilograms.")
    least: int = strawberry.field(description="It fits from this on.")
    below: int = strawberry.field(description="And up to, but not including, this.")


@strawberry.type(description="A size on offer.")
class SizeOption:
    size: Size = strawberry.field(description="The size.")
    measure: str = strawberry.field(description="What it measures, in words.")
    fit: SizeFit = strawberry.field(description="Which pets it fits.")
    text_length: int = strawberry.field(description="How many characters a text may have.")

    @classmethod
    def of(cls, rule: SizeRule) -> "SizeOption":
        """Show the rule of a size."""
        fit = SizeFit.from_row(rule.fit)
        return cls(size=rule.size, measure=rule.measure, fit=fit, text_length=rule.text_length)


@strawberry.type(description="A material on offer, and what it takes.")
class MaterialOption:
    material: Material = strawberry.field(description="The material.")
    colors: list[ColorOption] = strawberry.field(description="The ground colours that it comes in.")
    patterns: list[Pattern] = strawberry.field(description="The patterns that it takes.")
    techniques: list[TextTechnique] = strawberry.field(description="How text gets onto it; none if it takes no text.")

    @classmethod
    def of(cls, rule: MaterialRule) -> "MaterialOption":
        """Show the rule of a material."""
        return cls(
            material=rule.material,
            colors=[ColorOption(color=color) for color in rule.colors],
            patterns=list(rule.patterns),
            techniques=list(rule.techniques),
        )


@strawberry.type(description="The colours that go with a ground colour.")
class ColorPairOption:
    primary: Color = strawberry.field(description="The ground colour.")
    secondary: list[ColorOption] = strawberry.field(description="What it may be combined with.")


@strawberry.type(description="A way to put text onto the product.")
class TechniqueOption:
    technique: TextTechnique = strawberry.field(description="How it is done.")
    fonts: list[Font] = strawberry.field(description="The letterings to choose from.")
    colors: list[ColorOption] = strawberry.field(description="The thread colours; none where text has no colour.")


@strawberry.type(description="A number of a layer, and what it may be.")
class LayerLimit:
    field: str = strawberry.field(description="The field of `DesignLayerInput`, such as `rotation`.")
    least: int = strawberry.field(description="The least that it may be.")
    most: int = strawberry.field(description="The most that it may be.")


@strawberry.type(description="What motifs a product takes.")
class LayerOptions:
    most: int = strawberry.field(description="How many layers a design may have.")
    motifs: list[Motif] = strawberry.field(description="The motifs on offer.")
    colors: list[ColorOption] = strawberry.field(description="The colours that motifs come in.")
    aspect: float = strawberry.field(description="How many times as wide as high the field is that they lie on.")
    limits: list[LayerLimit] = strawberry.field(description="What the numbers of a layer may be.")

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


@strawberry.type(description="So many pieces, and what they save.")
class QuantityBreakOption(RowType[QuantityBreak]):
    quantity: int = strawberry.field(description="From how many pieces on.")
    percent: int = strawberry.field(description="How many per cent are taken off.")


@strawberry.type(description="All that a product allows: enough to draw its form.")
class ProductOptions:
    product: ProductKind = strawberry.field(description="The product.")
    sizes: list[SizeOption] = strawberry.field(description="The sizes on offer.")
    materials: list[MaterialOption] = strawberry.field(description="The materials on offer.")
    hardware: list[HardwareFinish] = strawberry.field(
        description="The finishes of the metal parts; none if there are no metal parts."
    )
    color_pairs: list[ColorPairOption] = strawberry.field(description="Which second colour goes with which first.")
    text_positions: list[TextPosition] = strawberry.field(description="Where a text may be put.")
    text_punctuation: str = strawberry.field(
        description="What a text may hold beside Latin letters and digits, as one text."
    )
    techniques: list[TechniqueOption] = strawberry.field(description="How text gets onto the product.")
    layers: LayerOptions | None = strawberry.field(description="What motifs it takes; null if it takes none.")
    quantity_breaks: list[QuantityBreakOption] = strawberry.field(description="What ordering several saves.")

    @strawberry.field(description="The size that fits a pet; null if none does.")
    def size_for(
        self,
        measure: Annotated[int, strawberry.argument(description="What `sizes.fit.measure` asks for, measured.")],
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

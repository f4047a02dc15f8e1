"""What is asked of the builder subgraph."""

from decimal import Decimal

import strawberry
from strawberry import UNSET

from shared.graph.money import CurrencyCode
from shared.graph.updates import UpdateInput
from subgraphs.builder.catalogue.config import DesignConfig, DesignLayer, DesignText
from subgraphs.builder.enums import (
    Color,
    DesignStatus,
    Font,
    HardwareFinish,
    Material,
    Motif,
    Pattern,
    PresetCategory,
    ProductKind,
    ShareMode,
    Size,
    TextPosition,
    TextTechnique,
)

KEY = (
    "A unique key for this request, 1 to 100 characters, such as a UUID. A retry with the same key and input returns "
    "the first result instead of making another."
)
VERSION = "The `version` of the design when the client last read it."


@strawberry.input(description="A text on a product. `productOptions` lists the allowed values.")
class DesignTextInput:
    content: str = strawberry.field(
        description="The characters of the text. `SizeOption.textLength` gives the maximum length for each size."
    )
    technique: TextTechnique = strawberry.field(description="How the text is applied to the product.")
    font: Font = strawberry.field(description="The font of the text.")
    position: TextPosition = strawberry.field(description="The position of the text on the product.")
    color: Color | None = strawberry.field(
        default=None, description="The colour of the thread. Required for embroidery; leave it out for an engraving."
    )

    def to_text(self) -> DesignText:
        """Return the text that is asked for, not checked yet."""
        return DesignText(
            content=self.content, technique=self.technique, font=self.font, position=self.position, color=self.color
        )


@strawberry.input(description="A motif on a product. `productOptions` lists the allowed values.")
class DesignLayerInput:
    motif: Motif = strawberry.field(description="The motif.")
    color: Color = strawberry.field(description="The colour of the motif.")
    x: int = strawberry.field(
        description="The horizontal position of its centre, in percent of the motif area's width from the left: "
        "-25 to 125."
    )
    y: int = strawberry.field(
        description="The vertical position of its centre, in percent of the motif area's height from the top: -25 "
        "to 125."
    )
    size: int = strawberry.field(description="Its size, in percent of the motif area's height: 10 to 100.")
    rotation: int = strawberry.field(default=0, description="Its clockwise rotation in degrees: -360 to 360.")
    hidden: bool = strawberry.field(
        default=False, description="Whether to hide the motif. A hidden motif is neither drawn nor charged for."
    )

    def to_layer(self) -> DesignLayer:
        """Return the layer that is asked for, not checked yet."""
        return DesignLayer(
            motif=self.motif,
            color=self.color,
            x=self.x,
            y=self.y,
            size=self.size,
            rotation=self.rotation,
            hidden=self.hidden,
        )


@strawberry.input(
    description="The configuration of a design. `productOptions` lists the allowed values for each product."
)
class DesignConfigInput:
    product: ProductKind = strawberry.field(description="The kind of product.")
    size: Size = strawberry.field(description="The size.")
    material: Material = strawberry.field(description="The material of the product.")
    primary_color: Color = strawberry.field(description="The primary colour, which covers the ground of the product.")
    secondary_color: Color | None = strawberry.field(
        default=None, description="The colour of the pattern and trim. Required for every pattern except SOLID."
    )
    pattern: Pattern = strawberry.field(default=Pattern.SOLID, description="The pattern that covers the product.")
    hardware: HardwareFinish | None = strawberry.field(
        default=None,
        description="The finish of the metal parts. Required if the product has metal parts; otherwise leave it out.",
    )
    text: DesignTextInput | None = strawberry.field(
        default=None, description="The text on the product; leave it out for none."
    )
    layers: list[DesignLayerInput] = strawberry.field(
        default_factory=list,
        description="The motifs on the product, from bottom to top. `ProductOptions.layers` gives the limits.",
    )

    def to_config(self) -> DesignConfig:
        """Return the configuration that is asked for, not checked yet."""
        return DesignConfig(
            product=self.product,
            size=self.size,
            material=self.material,
            primary_color=self.primary_color,
            secondary_color=self.secondary_color,
            pattern=self.pattern,
            hardware=self.hardware,
            text=self.text.to_text() if self.text else None,
            layers=[layer.to_layer() for layer in self.layers],
        )


@strawberry.input(description="What to price.")
class PriceQuoteInput:
    config: DesignConfigInput = strawberry.field(description="The configuration to price.")
    quantity: int = strawberry.field(
        default=1,
        description="The number of pieces, 1 to 1,000. A quantity break lowers the price of all pieces, so 50 may cost "
        "less than 46.",
    )
    currency: CurrencyCode = strawberry.field(default=CurrencyCode.EUR, description="The currency of the price.")


@strawberry.input(description="A new design.")
class DesignCreateInput:
    name: str = strawberry.field(description="The name, 1 to 80 characters.")
    config: DesignConfigInput = strawberry.field(description="The configuration of the design.")
    currency: CurrencyCode = strawberry.field(
        default=CurrencyCode.EUR,
        description="The currency the design is priced in from now on. It cannot be changed later.",
    )
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input(description="A new design that starts from a preset.")
class DesignCreateFromPresetInput:
    preset_id: strawberry.ID = strawberry.field(description="The preset to start from.")
    name: str | None = strawberry.field(
        default=None, description="The name of the design, up to 80 characters; default: the preset's name."
    )
    currency: CurrencyCode = strawberry.field(
        default=CurrencyCode.EUR,
        description="The currency the design is priced in from now on. It cannot be changed later.",
    )
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input(
    description="Changes to a design. Send at least one of `name` and `config`; a field that is left out does "
    "not change, and none can be removed."
)
class DesignUpdateInput(UpdateInput):
    id: strawberry.ID = strawberry.field(description="The id of the design to change, `des_…`.")
    version: int = strawberry.field(description=VERSION)
    name: str | None = strawberry.field(default=UNSET, description="The new name, 1 to 80 characters.")
    config: DesignConfigInput | None = strawberry.field(
        default=UNSET, description="The new configuration. It replaces the present one as a whole."
    )


@strawberry.input(description="The design to archive and its version.")
class DesignDeleteInput:
    id: strawberry.ID = strawberry.field(description="The id of the design to archive, `des_…`.")
    version: int = strawberry.field(description=VERSION)


@strawberry.input(description="The design to copy and the name of the copy.")
class DesignDuplicateInput:
    id: strawberry.ID = strawberry.field(
        description="The id of the design to copy, `des_…`. The original does not change."
    )
    name: str | None = strawberry.field(
        default=None, description="The name of the copy, up to 80 characters; default: the name of the original."
    )
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input(description="A new link to a design that the viewer owns.")
class DesignShareInput:
    id: strawberry.ID = strawberry.field(description="The id of the design to share, `des_…`. The viewer must own it.")
    mode: ShareMode = strawberry.field(
        default=ShareMode.VIEW, description="What the link allows: to view the design, or also to copy it."
    )
    days: int | None = strawberry.field(
        default=30,
        description="The number of days until the link expires, 1 to 365; null for a link that does not expire.",
    )
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input(description="The link to revoke.")
class DesignShareRevokeInput:
    id: strawberry.ID = strawberry.field(description="The link's id, `shr_…`.")


@strawberry.input(description="The link to a shared design and the name of the copy.")
class DesignCreateFromShareInput:
    token: str = strawberry.field(description="The token of the link. The link's mode must be COPY.")
    name: str | None = strawberry.field(
        default=None, description="The name of the copy, up to 80 characters; default: the name of the original."
    )
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input(description="A new preset.")
class PresetCreateInput:
    name: str = strawberry.field(description="The name, 1 to 80 characters.")
    category: PresetCategory = strawberry.field(description="The category of the preset.")
    config: DesignConfigInput = strawberry.field(
        description="The configuration that designs from this preset start with."
    )
    position: int | None = strawberry.field(
        default=None, description="The position in the shop's order, 0 to 1,000,000; default: after the last preset."
    )
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input(
    description="Changes to a preset. Send at least one field besides `id` and `version`; a field that is left "
    "out does not change, and none can be removed."
)
class PresetUpdateInput(UpdateInput):
    id: strawberry.ID = strawberry.field(description="The id of the preset to change, `pre_…`.")
    version: int = strawberry.field(description="The `version` of the preset when the client last read it.")
    name: str | None = strawberry.field(default=UNSET, description="The new name, 1 to 80 characters.")
    category: PresetCategory | None = strawberry.field(default=UNSET, description="The category of the preset.")
    config: DesignConfigInput | None = strawberry.field(
        default=UNSET, description="The new configuration. It replaces the present one as a whole."
    )
    position: int | None = strawberry.field(
        default=UNSET, description="The new position in the shop's order, 0 to 1,000,000."
    )


@strawberry.input(description="The preset to archive and its version.")
class PresetArchiveInput:
    id: strawberry.ID = strawberry.field(description="The id of the preset to archive, `pre_…`.")
    version: int = strawberry.field(description="The `version` of the preset when the client last read it.")


@strawberry.input(description="Which designs to list: those that meet all given conditions.")
class DesignFilter:
    status: DesignStatus | None = strawberry.field(
        default=None, description="Only designs with this status; default: every status except ARCHIVED."
    )
    product: ProductKind | None = strawberry.field(default=None, description="Only designs of this product.")
    search: str | None = strawberry.field(
        default=None,
        description="Only items whose name has words that begin so, up to 200 characters. Case and accents do not "
        "matter: `jose` finds `José`.",
    )


@strawberry.input(
    description="Which presets to list: those that meet all given conditions. A list means any of its values; an empty "
    "one asks for nothing."
)
class PresetFilter:
    categories: list[PresetCategory] | None = strawberry.field(
        default=None, description="Only presets in one of these categories."
    )
    products: list[ProductKind] | None = strawberry.field(
        default=None, description="Only presets of one of these products."
    )
    materials: list[Material] | None = strawberry.field(
        default=None, description="Only presets of one of these materials."
    )
    colors: list[Color] | None = strawberry.field(
        default=None, description="Only presets whose primary colour is one of these."
    )
    price_below: Decimal | None = strawberry.field(
        default=None, description="Only presets that cost less than this, such as `50.00`, in the list's currency."
    )


@strawberry.input(description="Which of all customers' designs to list: those that meet all given conditions.")
class AllDesignsFilter:
    owner_id: strawberry.ID | None = strawberry.field(default=None, description="Only this user's designs.")
    status: DesignStatus | None = strawberry.field(
        default=None, description="Only designs with this status; default: every status except ARCHIVED."
    )
    product: ProductKind | None = strawberry.field(default=None, description="Only designs of this product.")
    search: str | None = strawberry.field(
        default=None,
        description="Only designs whose name has words that begin so, or the design with this id, up to 200 "
        "characters. Case and accents do not matter: `jose` finds `José`.",
    )

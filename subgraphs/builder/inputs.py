"""What is asked of the builder subgraph."""

import strawberry

from shared.graph.money import CurrencyCode
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

KEY = "Any text that is new with each request, up to 100 characters; a retry with it gets the first result again."
VERSION = "The design's version as it was read."


@strawberry.input(description="A text on a product. What is possible stands in `productOptions`.")
class DesignTextInput:
    content: str = strawberry.field(description="The text itself; how long it may be depends on the size.")
    technique: TextTechnique = strawberry.field(description="How the text gets onto the product.")
    font: Font = strawberry.field(description="The lettering.")
    position: TextPosition = strawberry.field(description="Where the text is put.")
    color: Color | None = strawberry.field(default=None, description="The thread's colour; none for an engraving.")

    def to_text(self) -> DesignText:
        """Return the text that is asked for, not checked yet."""
        return DesignText(
            content=self.content,
            technique=self.technique,
            font=self.font,
            position=self.position,
            color=self.color,
        )


@strawberry.input(description="A motif on a product. What is possible stands in `productOptions`.")
class DesignLayerInput:
    motif: Motif = strawberry.field(description="What it shows.")
    color: Color = strawberry.field(description="Its colour.")
    x: int = strawberry.field(description="Its middle, in per cent of the field's width from the left.")
    y: int = strawberry.field(description="Its middle, in per cent of the field's height from the top.")
    size: int = strawberry.field(description="How large it is, in per cent of the field's height.")
    rotation: int = strawberry.field(default=0, description="How far it is turned clockwise, in degrees.")
    hidden: bool = strawberry.field(default=False, description="Leave it out for now: neither shown nor paid for.")

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


@strawberry.input(description="What a design is made of. What is possible stands in `productOptions`.")
class DesignConfigInput:
    product: ProductKind = strawberry.field(description="What is designed.")
    size: Size = strawberry.field(description="The size.")
    material: Material = strawberry.field(description="What it is made of.")
    primary_color: Color = strawberry.field(description="The ground colour.")
    secondary_color: Color | None = strawberry.field(
        default=None, description="The colour of pattern and trim; every pattern but SOLID needs it."
    )
    pattern: Pattern = strawberry.field(default=Pattern.SOLID, description="What covers the product.")
    hardware: HardwareFinish | None = strawberry.field(
        default=None, description="The finish of the metal parts; needed where the product has some."
    )
    text: DesignTextInput | None = strawberry.field(default=None, description="A text on it, if any.")
    layers: list[DesignLayerInput] = strawberry.field(
        default_factory=list, description="Motifs on it, from the lowest to the topmost."
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


@strawberry.input(description="A new design.")
class DesignCreateInput:
    name: str = strawberry.field(description="What to call it, up to 80 characters.")
    config: DesignConfigInput = strawberry.field(description="What it is made of.")
    currency: CurrencyCode = strawberry.field(
        default=CurrencyCode.EUR, description="The currency that it is priced in from now on."
    )
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input(description="A new design that starts as a preset.")
class DesignCreateFromPresetInput:
    preset_id: strawberry.ID = strawberry.field(description="The preset to start from.")
    name: str | None = strawberry.field(default=None, description="What to call it; the preset's name unless told.")
    currency: CurrencyCode = strawberry.field(
        default=CurrencyCode.EUR, description="The currency that it is priced in from now on."
    )
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input(description="Changes to a design. Fields that are left out stay as they are.")
class DesignUpdateInput:
    id: strawberry.ID = strawberry.field(description="The design to change.")
    version: int = strawberry.field(description=VERSION)
    name: str | None = strawberry.field(default=None, description="A new name, up to 80 characters.")
    config: DesignConfigInput | None = strawberry.field(
        default=None, description="What it is made of from now on, as a whole."
    )


@strawberry.input(description="A design that its owner no longer wants.")
class DesignDeleteInput:
    id: strawberry.ID = strawberry.field(description="The design to archive.")
    version: int = strawberry.field(description=VERSION)


@strawberry.input(description="A design to copy.")
class DesignDuplicateInput:
    id: strawberry.ID = strawberry.field(description="The design to copy; it stays as it is.")
    name: str | None = strawberry.field(default=None, description="What to call the copy; the same unless told.")
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input(description="A link to a design of one's own.")
class DesignShareInput:
    id: strawberry.ID = strawberry.field(description="The design to open to others.")
    mode: ShareMode = strawberry.field(default=ShareMode.VIEW, description="What the link lets its holder do.")
    days: int | None = strawberry.field(
        default=30, description="How many days it stays open, 1 to 365; null for until it is revoked."
    )
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input(description="A link that is to be closed.")
class DesignShareRevokeInput:
    id: strawberry.ID = strawberry.field(description="The link's id, `shr_…`.")


@strawberry.input(description="A copy of a design that somebody has shared.")
class DesignCreateFromShareInput:
    token: str = strawberry.field(description="The link's token; the link must be one for copying.")
    name: str | None = strawberry.field(default=None, description="What to call the copy; the same unless told.")
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input(description="A new preset.")
class PresetCreateInput:
    name: str = strawberry.field(description="What to call it, up to 80 characters.")
    category: PresetCategory = strawberry.field(description="What it is made for.")
    config: DesignConfigInput = strawberry.field(description="What a design made of it starts with.")
    position: int | None = strawberry.field(
        default=None, description="Its place in the shop's order, 0 to 1,000,000; the last unless told."
    )
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input(description="Changes to a preset. Fields that are left out stay as they are.")
class PresetUpdateInput:
    id: strawberry.ID = strawberry.field(description="The preset to change.")
    version: int = strawberry.field(description="The preset's version as it was read.")
    name: str | None = strawberry.field(default=None, description="A new name, up to 80 characters.")
    category: PresetCategory | None = strawberry.field(default=None, description="What it is made for.")
    config: DesignConfigInput | None = strawberry.field(
        default=None, description="What a design made of it starts with, as a whole."
    )
    position: int | None = strawberry.field(default=None, description="Its place in the shop's order.")


@strawberry.input(description="A preset that the shop no longer shows.")
class PresetArchiveInput:
    id: strawberry.ID = strawberry.field(description="The preset to archive.")
    version: int = strawberry.field(description="The preset's version as it was read.")


@strawberry.input(description="Which designs to list. Conditions that are left out let all pass.")
class DesignFilter:
    status: DesignStatus | None = strawberry.field(
        default=None, description="Only those that have come this far; all but the archived ones unless told."
    )
    product: ProductKind | None = strawberry.field(default=None, description="Only designs of this product.")
    search: str | None = strawberry.field(default=None, description="Part of a name; case does not matter.")

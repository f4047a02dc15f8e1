"""What a design is made of: one typed configuration for all products, stored as JSON and shown as it is."""

from typing import NotRequired, TypedDict

import strawberry

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


class TextData(TypedDict):
    """A `DesignText` as it is stored."""

    content: str
    technique: str
    font: str
    position: str
    color: str | None


class LayerData(TypedDict):
    """A `DesignLayer` as it is stored."""

    motif: str
    color: str
    x: int
    y: int
    size: int
    # What is written by hand, such as the shop's presets, may lack these.
    rotation: NotRequired[int]
    hidden: NotRequired[bool]


class ConfigData(TypedDict):
    """A `DesignConfig` as it is stored."""

    product: str
    size: str
    material: str
    primary_color: str
    secondary_color: str | None
    pattern: str
    hardware: str | None
    text: TextData | None
    # Designs of the time before there were layers have none.
    layers: NotRequired[list[LayerData]]


@strawberry.type(description="A text on a product.")
class DesignText:
    content: str = strawberry.field(description="The characters of the text.")
    technique: TextTechnique = strawberry.field(description="How the text is applied to the product.")
    font: Font = strawberry.field(description="The font of the text.")
    position: TextPosition = strawberry.field(description="The position of the text on the product.")
    color: Color | None = strawberry.field(default=None, description="The colour of the thread; null for an engraving.")

    def to_json(self) -> TextData:
        """Return the text as it is stored."""
        return {
            "content": self.content,
            "technique": self.technique.value,
            "font": self.font.value,
            "position": self.position.value,
            "color": self.color.value if self.color else None,
        }

    @classmethod
    def from_json(cls, stored: TextData) -> "DesignText":
        """Read a text back as `to_json` wrote it."""
        return cls(
            content=stored["content"],
            technique=TextTechnique(stored["technique"]),
            font=Font(stored["font"]),
            position=TextPosition(stored["position"]),
            color=Color(stored["color"]) if stored["color"] else None,
        )


@strawberry.type(description="A motif on a product.")
class DesignLayer:
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
        default=False, description="Whether the motif is hidden. A hidden motif is neither drawn nor charged for."
    )

    def to_json(self) -> LayerData:
        """Return the layer as it is stored."""
        return {
            "motif": self.motif.value,
            "color": self.color.value,
            "x": self.x,
            "y": self.y,
            "size": self.size,
            "rotation": self.rotation,
            "hidden": self.hidden,
        }

    @classmethod
    def from_json(cls, stored: LayerData) -> "DesignLayer":
        """Read a layer back as `to_json` wrote it."""
        return cls(
            motif=Motif(stored["motif"]),
            color=Color(stored["color"]),
            x=stored["x"],
            y=stored["y"],
            size=stored["size"],
            rotation=stored.get("rotation", 0),
            hidden=stored.get("hidden", False),
        )


@strawberry.type(description="The configuration of a design: product, size, materials, colours, text and motifs.")
class DesignConfig:
    product: ProductKind = strawberry.field(description="The kind of product.")
    size: Size = strawberry.field(description="The size. `ProductOptions.sizes` gives its measurements.")
    material: Material = strawberry.field(description="The material of the product.")
    primary_color: Color = strawberry.field(description="The primary colour, which covers the ground of the product.")
    secondary_color: Color | None = strawberry.field(
        default=None, description="The colour of the pattern and trim; null if there is none."
    )
    pattern: Pattern = strawberry.field(default=Pattern.SOLID, description="The pattern that covers the product.")
    hardware: HardwareFinish | None = strawberry.field(
        default=None, description="The finish of the metal parts; null if the product has none."
    )
    text: DesignText | None = strawberry.field(
        default=None, description="The text on the product; null if there is none."
    )
    layers: list[DesignLayer] = strawberry.field(
        default_factory=list, description="The motifs on the product, from bottom to top. The text lies on top of them."
    )

    def to_json(self) -> ConfigData:
        """Return the configuration as it is stored."""
        return {
            "product": self.product.value,
            "size": self.size.value,
            "material": self.material.value,
            "primary_color": self.primary_color.value,
            "secondary_color": self.secondary_color.value if self.secondary_color else None,
            "pattern": self.pattern.value,
            "hardware": self.hardware.value if self.hardware else None,
            "text": self.text.to_json() if self.text else None,
            "layers": [layer.to_json() for layer in self.layers],
        }

    @classmethod
    def from_json(cls, stored: ConfigData) -> "DesignConfig":
        """Read a configuration back as `to_json` wrote it."""
        return cls(
            product=ProductKind(stored["product"]),
            size=Size(stored["size"]),
            material=Material(stored["material"]),
            primary_color=Color(stored["primary_color"]),
            secondary_color=Color(stored["secondary_color"]) if stored["secondary_color"] else None,
            pattern=Pattern(stored["pattern"]),
            hardware=HardwareFinish(stored["hardware"]) if stored["hardware"] else None,
            text=DesignText.from_json(stored["text"]) if stored["text"] else None,
            layers=[DesignLayer.from_json(layer) for layer in stored.get("layers", ())],
        )

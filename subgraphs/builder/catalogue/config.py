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
    content: str = strawberry.field(description="The text itself.")
    technique: TextTechnique = strawberry.field(description="How the text gets onto the product.")
    font: Font = strawberry.field(description="The lettering.")
    position: TextPosition = strawberry.field(description="Where the text is put.")
    color: Color | None = strawberry.field(default=None, description="The thread's colour; null for an engraving.")

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
    motif: Motif = strawberry.field(description="What it shows.")
    color: Color = strawberry.field(description="Its colour.")
    x: int = strawberry.field(description="Its middle, in per cent of the field's width from the left.")
    y: int = strawberry.field(description="Its middle, in per cent of the field's height from the top.")
    size: int = strawberry.field(description="How large it is, in per cent of the field's height.")
    rotation: int = strawberry.field(default=0, description="How far it is turned clockwise, in degrees.")
    hidden: bool = strawberry.field(
        default=False, description="Whether it is left out for now; it is neither shown nor paid for."
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


@strawberry.type(description="What a design is made of.")
class DesignConfig:
    product: ProductKind = strawberry.field(description="What is designed.")
    size: Size = strawberry.field(description="The size; what it measures stands in the product's options.")
    material: Material = strawberry.field(description="What it is made of.")
    primary_color: Color = strawberry.field(description="The ground colour.")
    secondary_color: Color | None = strawberry.field(
        default=None, description="The colour of pattern and trim; null for none."
    )
    pattern: Pattern = strawberry.field(default=Pattern.SOLID, description="What covers the product.")
    hardware: HardwareFinish | None = strawberry.field(
        default=None, description="The finish of buckles and rings; null where the product has none."
    )
    text: DesignText | None = strawberry.field(default=None, description="A text on it; null for none.")
    layers: list[DesignLayer] = strawberry.field(
        default_factory=list, description="Motifs on it, from the lowest to the topmost; the text lies over them."
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

"""The enumerations of the builder subgraph, stored and shown alike."""

import enum

from shared.graph.enums import graphql_enum


@graphql_enum(
    "A kind of product that customers can design.",
    COLLAR="A collar, worn around the neck.",
    HARNESS="A harness, worn around the chest and back.",
    LEASH="A leash, clipped to a collar or harness.",
    TAG="An identification tag that hangs from the collar.",
    BED="A bed.",
    BOWL="A bowl for food or water.",
    BANDANA="A bandana, tied around the neck.",
)
class ProductKind(enum.Enum):
    COLLAR = "COLLAR"
    HARNESS = "HARNESS"
    LEASH = "LEASH"
    TAG = "TAG"
    BED = "BED"
    BOWL = "BOWL"
    BANDANA = "BANDANA"


@graphql_enum(
    "A size. Its measurements depend on the product; see `ProductOptions.sizes`.",
    EXTRA_SMALL="For pets up to about 5 kg.",
    SMALL="For pets of about 5 to 10 kg.",
    MEDIUM="For pets of about 10 to 25 kg.",
    LARGE="For pets of about 25 to 45 kg.",
    EXTRA_LARGE="For pets over about 45 kg.",
)
class Size(enum.Enum):
    EXTRA_SMALL = "EXTRA_SMALL"
    SMALL = "SMALL"
    MEDIUM = "MEDIUM"
    LARGE = "LARGE"
    EXTRA_LARGE = "EXTRA_LARGE"


@graphql_enum(
    "The material of a product.",
    LEATHER="Vegetable-tanned leather.",
    NYLON="Woven nylon webbing.",
    BIOTHANE="Coated webbing that water runs off.",
    HEMP="Hemp webbing with a fleece lining.",
    COTTON="Cotton canvas.",
    LINEN="Washed linen.",
    FLEECE="Polyester fleece.",
    STAINLESS_STEEL="Brushed stainless steel.",
    BRASS="Solid brass.",
    ALUMINIUM="Anodised aluminium.",
    CERAMIC="Glazed stoneware.",
    BAMBOO="Pressed bamboo fibre.",
)
class Material(enum.Enum):
    LEATHER = "LEATHER"
    NYLON = "NYLON"
    BIOTHANE = "BIOTHANE"
    HEMP = "HEMP"
    COTTON = "COTTON"
    LINEN = "LINEN"
    FLEECE = "FLEECE"
    STAINLESS_STEEL = "STAINLESS_STEEL"
    BRASS = "BRASS"
    ALUMINIUM = "ALUMINIUM"
    CERAMIC = "CERAMIC"
    BAMBOO = "BAMBOO"


@graphql_enum(
    "A colour from the shop's palette.",
    BLACK="Soft black.",
    WHITE="Warm white.",
    GREY="Mid grey.",
    BROWN="Chestnut brown.",
    TAN="Light tan.",
    CREAM="Pale cream.",
    RED="Poppy red.",
    ORANGE="Signal orange.",
    YELLOW="Sunflower yellow.",
    GREEN="Forest green.",
    TEAL="Deep teal.",
    BLUE="Royal blue.",
    NAVY="Dark navy blue.",
    PURPLE="Violet.",
    PINK="Rose pink.",
    SILVER="Silver.",
    GOLD="Old gold.",
)
class Color(enum.Enum):
    BLACK = "BLACK"
    WHITE = "WHITE"
    GREY = "GREY"
    BROWN = "BROWN"
    TAN = "TAN"
    CREAM = "CREAM"
    RED = "RED"
    ORANGE = "ORANGE"
    YELLOW = "YELLOW"
    GREEN = "GREEN"
    TEAL = "TEAL"
    BLUE = "BLUE"
    NAVY = "NAVY"
    PURPLE = "PURPLE"
    PINK = "PINK"
    SILVER = "SILVER"
    GOLD = "GOLD"


@graphql_enum(
    "The finish of buckles, rings and clips.",
    NICKEL="Silver-coloured nickel.",
    BRASS="Polished brass.",
    BLACK="Matt black.",
    ROSE_GOLD="Rose gold plating.",
)
class HardwareFinish(enum.Enum):
    NICKEL = "NICKEL"
    BRASS = "BRASS"
    BLACK = "BLACK"
    ROSE_GOLD = "ROSE_GOLD"


@graphql_enum(
    "The pattern that covers a product. Every pattern except SOLID requires a secondary colour.",
    SOLID="The primary colour alone.",
    STRIPES="Stripes in the secondary colour.",
    PLAID="A tartan of both colours.",
    DOTS="Dots in the secondary colour.",
    CHEVRON="Zigzag lines in the secondary colour.",
    PAWS="Paw prints in the secondary colour.",
)
class Pattern(enum.Enum):
    SOLID = "SOLID"
    STRIPES = "STRIPES"
    PLAID = "PLAID"
    DOTS = "DOTS"
    CHEVRON = "CHEVRON"
    PAWS = "PAWS"


@graphql_enum(
    "How text is applied to a product.",
    ENGRAVING="Engraved into the material. The text has no colour of its own.",
    EMBROIDERY="Embroidered with coloured thread.",
)
class TextTechnique(enum.Enum):
    ENGRAVING = "ENGRAVING"
    EMBROIDERY = "EMBROIDERY"


@graphql_enum(
    "The font of a text.",
    SANS="Plain letters without serifs.",
    SERIF="Classic letters with serifs.",
    SCRIPT="Joined handwriting.",
    BLOCK="Heavy capitals.",
    TYPEWRITER="Letters of equal width.",
)
class Font(enum.Enum):
    SANS = "SANS"
    SERIF = "SERIF"
    SCRIPT = "SCRIPT"
    BLOCK = "BLOCK"
    TYPEWRITER = "TYPEWRITER"


@graphql_enum(
    "The position of a text on the product.",
    CENTER="In the middle of the front.",
    LEFT="At the left end.",
    RIGHT="At the right end.",
    BACK="On the reverse side.",
    RIM="Along the rim.",
)
class TextPosition(enum.Enum):
    CENTER = "CENTER"
    LEFT = "LEFT"
    RIGHT = "RIGHT"
    BACK = "BACK"
    RIM = "RIM"


@graphql_enum(
    "A motif that a layer shows.",
    PAW="A paw print.",
    BONE="A bone.",
    HEART="A heart.",
    STAR="A star with five points.",
    BADGE="A round patch; other layers may lie on it.",
    CROWN="A crown.",
    FLOWER="A flower with five petals.",
    MOON="A crescent moon.",
    BOLT="A bolt of lightning.",
    LEAF="A leaf.",
)
class Motif(enum.Enum):
    PAW = "PAW"
    BONE = "BONE"
    HEART = "HEART"
    STAR = "STAR"
    BADGE = "BADGE"
    CROWN = "CROWN"
    FLOWER = "FLOWER"
    MOON = "MOON"
    BOLT = "BOLT"
    LEAF = "LEAF"


@graphql_enum(
    "The measurement of a pet that determines its size.",
    NECK="Around the neck where the collar sits, in centimetres.",
    CHEST="Around the chest behind the front legs, in centimetres.",
    LENGTH="From the nose to the base of the tail, in centimetres.",
    WEIGHT="The body weight, in kilograms.",
)
class PetMeasure(enum.Enum):
    NECK = "NECK"
    CHEST = "CHEST"
    LENGTH = "LENGTH"
    WEIGHT = "WEIGHT"


@graphql_enum(
    "What a dimension of a product measures.",
    NECK="The neck that it goes around.",
    CHEST="The chest that it goes around.",
    LENGTH="Its length.",
    WIDTH="Its width.",
    DIAMETER="Its diameter.",
    FOLD="The length along its fold.",
    CAPACITY="How much it holds.",
)
class DimensionKind(enum.Enum):
    NECK = "NECK"
    CHEST = "CHEST"
    LENGTH = "LENGTH"
    WIDTH = "WIDTH"
    DIAMETER = "DIAMETER"
    FOLD = "FOLD"
    CAPACITY = "CAPACITY"


@graphql_enum(
    "The units that measurements are shown in.",
    METRIC="Millimetres, centimetres, metres, litres and kilograms.",
    IMPERIAL="Inches, feet, fluid ounces of the United States and pounds, rounded to one decimal.",
)
class MeasurementSystem(enum.Enum):
    METRIC = "METRIC"
    IMPERIAL = "IMPERIAL"


@graphql_enum(
    "The unit of a measurement.",
    MILLIMETER="Millimetre.",
    CENTIMETER="Centimetre.",
    METER="Metre.",
    LITER="Litre.",
    KILOGRAM="Kilogram.",
    INCH="Inch.",
    FOOT="Foot.",
    FLUID_OUNCE="Fluid ounce of the United States.",
    POUND="Pound.",
)
class MeasurementUnit(enum.Enum):
    MILLIMETER = "MILLIMETER"
    CENTIMETER = "CENTIMETER"
    METER = "METER"
    LITER = "LITER"
    KILOGRAM = "KILOGRAM"
    INCH = "INCH"
    FOOT = "FOOT"
    FLUID_OUNCE = "FLUID_OUNCE"
    POUND = "POUND"


@graphql_enum(
    "What a link to a design allows.",
    VIEW="View the design.",
    COPY="View the design and copy it with `designCreateFromShare`.",
)
class ShareMode(enum.Enum):
    VIEW = "VIEW"
    COPY = "COPY"


@graphql_enum(
    "The image format of a picture.",
    PNG="A PNG image, for `<img>` and e-mail.",
    SVG="An SVG drawing, sharp at any size.",
)
class PreviewFormat(enum.Enum):
    PNG = "png"
    SVG = "svg"


@graphql_enum(
    "The status of a design.",
    DRAFT="The design can be changed.",
    ORDERED="The design was ordered and can no longer be changed. Duplicate it to continue working on it.",
    ARCHIVED="The design was deleted with `designDelete`. Orders that contain it still show it.",
)
class DesignStatus(enum.Enum):
    DRAFT = "DRAFT"
    ORDERED = "ORDERED"
    ARCHIVED = "ARCHIVED"


@graphql_enum(
    "The order of a list of designs.",
    NEWEST="By creation time, newest first.",
    OLDEST="By creation time, oldest first.",
    RECENTLY_UPDATED="By the time of the last change, latest first.",
    NAME="By name, from A to Z.",
)
class DesignSort(enum.Enum):
    NEWEST = "NEWEST"
    OLDEST = "OLDEST"
    RECENTLY_UPDATED = "RECENTLY_UPDATED"
    NAME = "NAME"


@graphql_enum(
    "The order of a list of presets.",
    SHOP="In the order the shop has set.",
    NAME="By name, from A to Z.",
    NEWEST="By creation time, newest first.",
    POPULAR="By the pieces sold of the preset and of designs that started with it, most first. The count of a preset "
    "may change between two pages: then it may be on both, or on neither.",
    PRICE_ASC="By price, cheapest first, without those that the catalogue no longer offers.",
    PRICE_DESC="By price, most expensive first, without those that the catalogue no longer offers.",
)
class PresetSort(enum.Enum):
    SHOP = "SHOP"
    NAME = "NAME"
    NEWEST = "NEWEST"
    POPULAR = "POPULAR"
    PRICE_ASC = "PRICE_ASC"
    PRICE_DESC = "PRICE_DESC"


@graphql_enum(
    "The category of a preset.",
    EVERYDAY="For everyday use.",
    OUTDOOR="For mud, water and long walks.",
    ELEGANT="For portraits and special occasions.",
    SEASONAL="For a holiday or season.",
    PLAYFUL="Bright and cheerful.",
    LITTLE_ONES="For kittens, puppies and small breeds.",
)
class PresetCategory(enum.Enum):
    EVERYDAY = "EVERYDAY"
    OUTDOOR = "OUTDOOR"
    ELEGANT = "ELEGANT"
    SEASONAL = "SEASONAL"
    PLAYFUL = "PLAYFUL"
    LITTLE_ONES = "LITTLE_ONES"


@graphql_enum(
    "The part of a configuration that a line of a price quote is for.",
    BASE="The product itself.",
    SIZE="The surcharge for the size.",
    MATERIAL="The surcharge for the material.",
    PATTERN="The surcharge for the pattern.",
    HARDWARE="The surcharge for the hardware finish.",
    TEXT="The engraving or embroidery of a text.",
    LAYERS="The motifs that are visible.",
    QUANTITY_DISCOUNT="The quantity discount, a negative amount.",
)
class PriceItemKind(enum.Enum):
    BASE = "BASE"
    SIZE = "SIZE"
    MATERIAL = "MATERIAL"
    PATTERN = "PATTERN"
    HARDWARE = "HARDWARE"
    TEXT = "TEXT"
    LAYERS = "LAYERS"
    QUANTITY_DISCOUNT = "QUANTITY_DISCOUNT"


@graphql_enum(
    "The reason why a design or preset has no quote.",
    ARCHIVED="The design or preset is archived.",
    WITHDRAWN="The product is not on sale.",
    NOT_OFFERED="The catalogue no longer offers this combination of choices.",
)
class NoQuoteReason(enum.Enum):
    ARCHIVED = "ARCHIVED"
    WITHDRAWN = "WITHDRAWN"
    NOT_OFFERED = "NOT_OFFERED"

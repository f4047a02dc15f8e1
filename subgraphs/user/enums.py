"""The enumerations of the user room, stored and shown alike."""

import enum

from shared.enums import graphql_enum


@graphql_enum(
    "What a person may do.",
    CUSTOMER="Designs and buys.",
    SUPPORT="Reads everything and moves orders.",
    ADMIN="May do everything.",
)
class Role(enum.Enum):
    CUSTOMER = "CUSTOMER"
    SUPPORT = "SUPPORT"
    ADMIN = "ADMIN"


@graphql_enum("The look of the apps.", SYSTEM="As the device is set.", LIGHT="Dark on light.", DARK="Light on dark.")
class Theme(enum.Enum):
    SYSTEM = "SYSTEM"
    LIGHT = "LIGHT"
    DARK = "DARK"


@graphql_enum("What kind of animal the default pet is.", DOG="A dog.", CAT="A cat.", OTHER="Any other animal.")
class PetSpecies(enum.Enum):
    DOG = "DOG"
    CAT = "CAT"
    OTHER = "OTHER"


@graphql_enum(
    "The size class of the default pet.",
    EXTRA_SMALL="Up to 5 kg, such as a Chihuahua.",
    SMALL="5 to 10 kg, such as a Jack Russell terrier.",
    MEDIUM="10 to 25 kg, such as a Cocker spaniel.",
    LARGE="25 to 45 kg, such as a Labrador.",
    EXTRA_LARGE="Over 45 kg, such as a Great Dane.",
)
class PetSize(enum.Enum):
    EXTRA_SMALL = "EXTRA_SMALL"
    SMALL = "SMALL"
    MEDIUM = "MEDIUM"
    LARGE = "LARGE"
    EXTRA_LARGE = "EXTRA_LARGE"

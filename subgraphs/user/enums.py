"""The enumerations of the user subgraph, stored and shown alike."""

import enum

from shared.graph.enums import graphql_enum


@graphql_enum(
    "A role, which decides what a user may do.",
    CUSTOMER="Designs and buys products.",
    SUPPORT="Reads all data and manages orders.",
    ADMIN="May do everything.",
)
class Role(enum.Enum):
    CUSTOMER = "CUSTOMER"
    SUPPORT = "SUPPORT"
    ADMIN = "ADMIN"


@graphql_enum(
    "The colour theme of the apps.",
    SYSTEM="Follows the setting of the device.",
    LIGHT="Dark text on a light background.",
    DARK="Light text on a dark background.",
)
class Theme(enum.Enum):
    SYSTEM = "SYSTEM"
    LIGHT = "LIGHT"
    DARK = "DARK"


@graphql_enum(
    "The order of a list of users.",
    NEWEST="By the time of registration, newest first.",
    OLDEST="By the time of registration, oldest first.",
)
class UserSort(enum.Enum):
    NEWEST = "NEWEST"
    OLDEST = "OLDEST"


@graphql_enum("The species of a pet.", DOG="A dog.", CAT="A cat.", OTHER="Any other animal.")
class PetSpecies(enum.Enum):
    DOG = "DOG"
    CAT = "CAT"
    OTHER = "OTHER"


@graphql_enum(
    "The size class of a pet.",
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


@graphql_enum(
    "The platform of a device, whose service delivers push messages.",
    ANDROID="Android: Firebase Cloud Messaging.",
    IOS="iOS and iPadOS: Apple Push Notification service.",
)
class DevicePlatform(enum.Enum):
    ANDROID = "ANDROID"
    IOS = "IOS"


class ProofPurpose(enum.Enum):
    """What a mailed proof is good for; never shown."""

    PASSWORD_RESET = "PASSWORD_RESET"  # noqa: S105
    EMAIL_CHANGE = "EMAIL_CHANGE"
    EMAIL_CHANGE_UNDO = "EMAIL_CHANGE_UNDO"


@graphql_enum(
    "What the verification of a token from an e-mail has changed.",
    REGISTERED="A new account is open; the user can log in.",
    EMAIL_CHANGED="An account has a new e-mail address to log in with.",
)
class EmailVerification(enum.Enum):
    REGISTERED = "REGISTERED"
    EMAIL_CHANGED = "EMAIL_CHANGED"


class SessionEnd(enum.Enum):
    """Why a session was ended before its time; told by event alone."""

    REVOKED = "REVOKED"
    PASSWORD_CHANGED = "PASSWORD_CHANGED"  # noqa: S105
    ROLES_CHANGED = "ROLES_CHANGED"
    REFRESH_REUSED = "REFRESH_REUSED"
    ACCOUNT_DELETED = "ACCOUNT_DELETED"
    LIMIT = "LIMIT"
    SECOND_FACTOR_CHANGED = "SECOND_FACTOR_CHANGED"
    SUSPENDED = "SUSPENDED"


class LogInRefusal(enum.Enum):
    """Why a log-in was refused; told by event alone."""

    WRONG_CREDENTIALS = "WRONG_CREDENTIALS"
    WRONG_CODE = "WRONG_CODE"
    RATE_LIMITED = "RATE_LIMITED"
    COPIED_PASSKEY = "COPIED_PASSKEY"

"""The enumerations of the audit subgraph, stored and shown alike."""

import enum

from shared.graph.enums import graphql_enum


@graphql_enum(
    "The kind of actor that performed an action.",
    USER="A user who was logged in.",
    SYSTEM="The system itself, or a client that was not logged in.",
)
class AuditActorKind(enum.Enum):
    USER = "USER"
    SYSTEM = "SYSTEM"


@graphql_enum(
    "The kind of damage to the log.",
    CHANGED="The content or the hash of the entry was changed.",
    REMOVED="The entry was removed.",
    INSERTED="The entry was inserted and was not written by this system.",
)
class AuditDamage(enum.Enum):
    CHANGED = "CHANGED"
    REMOVED = "REMOVED"
    INSERTED = "INSERTED"

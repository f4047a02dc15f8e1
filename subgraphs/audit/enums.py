"""The enumerations of the audit subgraph, stored and shown alike."""

import enum

from shared.graph.enums import graphql_enum


@graphql_enum(
    "What kind of actor did something.",
    USER="A person who was logged in.",
    SYSTEM="The system itself, or somebody who was not logged in.",
)
class AuditActorKind(enum.Enum):
    USER = "USER"
    SYSTEM = "SYSTEM"


@graphql_enum(
    "What is wrong with the first broken place of the log.",
    CHANGED="The entry is not what was written: its content or its hash was changed.",
    REMOVED="An entry that was written here is gone.",
    INSERTED="The entry was not written by this system.",
)
class AuditDamage(enum.Enum):
    CHANGED = "CHANGED"
    REMOVED = "REMOVED"
    INSERTED = "INSERTED"

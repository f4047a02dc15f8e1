"""The enumerations of the analytics room, stored and shown alike."""

import enum

from shared.enums import graphql_enum


@graphql_enum(
    "Who told of an event.",
    CLIENT="An app or a website, by `eventsTrack` or `/collect`.",
    DOMAIN="Another subgraph: something that certainly happened, such as `order.created`.",
)
class EventSource(enum.Enum):
    CLIENT = "CLIENT"
    DOMAIN = "DOMAIN"


@graphql_enum(
    "What became of one event of a batch.",
    ACCEPTED="Stored, durably.",
    DUPLICATE="Its client event id is known already; nothing was stored or counted again.",
    IGNORED="The sender asked not to be tracked: nothing was stored.",
    REJECTED="It breaks rules; `problems` names them. The other events of the batch are not affected.",
)
class EventStatus(enum.Enum):
    ACCEPTED = "ACCEPTED"
    DUPLICATE = "DUPLICATE"
    IGNORED = "IGNORED"
    REJECTED = "REJECTED"


@graphql_enum(
    "Where an experiment stands.",
    DRAFT="Being prepared: nobody is assigned, and its key is not known in public.",
    RUNNING="Subjects are assigned to its variants.",
    STOPPED="Over for good: nobody gets a variant any more.",
)
class ExperimentStatus(enum.Enum):
    DRAFT = "DRAFT"
    RUNNING = "RUNNING"
    STOPPED = "STOPPED"


@graphql_enum(
    "Which of GrowthBook's published hashes places a subject.",
    V1="1,000 buckets; only to stay compatible with older experiments.",
    V2="10,000 buckets, without the bias of the first.",
)
class HashVersion(enum.Enum):
    V1 = "V1"
    V2 = "V2"


@graphql_enum(
    "Why a subject has its variant, or none.",
    ASSIGNED="The subject is in the experiment.",
    NOT_TARGETED="The subject's attributes are not among those that the experiment asks for.",
    OUTSIDE_NAMESPACE="The subject's place in the namespace belongs to other experiments.",
    NOT_COVERED="The subject is in the share that the experiment leaves alone.",
    ENDED="The experiment was stopped.",
)
class DecisionReason(enum.Enum):
    ASSIGNED = "ASSIGNED"
    NOT_TARGETED = "NOT_TARGETED"
    OUTSIDE_NAMESPACE = "OUTSIDE_NAMESPACE"
    NOT_COVERED = "NOT_COVERED"
    ENDED = "ENDED"

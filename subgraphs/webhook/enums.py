"""The enumerations of the webhook subgraph, stored and shown alike."""

import enum

from shared.graph.enums import graphql_enum


@graphql_enum(
    "Who sends webhooks to the shop.",
    SHOPIFY="The shop system: orders, refunds, fulfilments and products.",
    STRIPE="The payment provider.",
    INTERNAL="The company's own systems, by the Standard Webhooks protocol.",
)
class WebhookSource(enum.Enum):
    SHOPIFY = "SHOPIFY"
    STRIPE = "STRIPE"
    INTERNAL = "INTERNAL"


@graphql_enum(
    "How far a delivery has come.",
    RECEIVED="Verified and stored; it waits to be applied.",
    PROCESSED="Applied.",
    FAILED="The last attempt to apply it failed; it is tried again.",
    DEAD="Every attempt failed; somebody has to look at it.",
    IGNORED="Kept without effect: its topic is of no use here, or a member of staff discarded it.",
    REJECTED="The signature did not prove who sent it; it has no effect.",
)
class WebhookState(enum.Enum):
    RECEIVED = "RECEIVED"
    PROCESSED = "PROCESSED"
    FAILED = "FAILED"
    DEAD = "DEAD"
    IGNORED = "IGNORED"
    REJECTED = "REJECTED"


WAITING = (WebhookState.RECEIVED, WebhookState.FAILED)
"""The states of deliveries that are still to be applied."""


@graphql_enum(
    "What the signature of a delivery proved.",
    VERIFIED="It was made by the sender, in time.",
    MISSING="There was none, or it was not in the sender's form.",
    WRONG="It was not made with a secret that is valid here, or the body was altered.",
    STALE="It was made by the sender, but more than five minutes from now.",
)
class WebhookVerdict(enum.Enum):
    VERIFIED = "VERIFIED"
    MISSING = "MISSING"
    WRONG = "WRONG"
    STALE = "STALE"

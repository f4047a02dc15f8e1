"""The enumerations of the webhook subgraph, stored and shown alike."""

import enum

from shared.graph.enums import graphql_enum


@graphql_enum(
    "A sender of webhooks to the shop.",
    SHOPIFY="The shop system Shopify: orders, refunds, fulfilments and products.",
    STRIPE="The payment provider Stripe.",
    INTERNAL="The company's own systems, by the Standard Webhooks protocol.",
)
class WebhookSource(enum.Enum):
    SHOPIFY = "SHOPIFY"
    STRIPE = "STRIPE"
    INTERNAL = "INTERNAL"


@graphql_enum(
    "The state of a delivery.",
    RECEIVED="Verified and stored; waits to be applied.",
    PROCESSED="Applied.",
    FAILED="The last attempt to apply it failed; another one follows automatically.",
    DEAD="Every attempt failed; staff must replay or discard it.",
    IGNORED="Kept without effect: its topic is not used here, it was discarded by staff, or its body was "
    "erased before it was applied.",
    REJECTED="The signature is missing, wrong or too old; the delivery has no effect.",
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
DISCARDABLE = (*WAITING, WebhookState.DEAD)
"""The states of deliveries that can have no effect any more by a decision of staff."""


@graphql_enum(
    "The order of a list of deliveries.",
    NEWEST="By the time of arrival, newest first.",
    OLDEST="By the time of arrival, oldest first.",
)
class WebhookDeliverySort(enum.Enum):
    NEWEST = "NEWEST"
    OLDEST = "OLDEST"


@graphql_enum(
    "The result of checking a delivery's signature.",
    VERIFIED="The signature is valid.",
    MISSING="There is no signature, or it is not in the sender's format.",
    WRONG="The signature was not made with a valid secret, or the body was altered.",
    STALE="The signature is valid, but its time differs by more than five minutes from the time of arrival.",
)
class WebhookVerdict(enum.Enum):
    VERIFIED = "VERIFIED"
    MISSING = "MISSING"
    WRONG = "WRONG"
    STALE = "STALE"

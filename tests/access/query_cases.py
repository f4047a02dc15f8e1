"""The questions that are put to a place: each of its root fields, and each entity that it knows."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from graphql import GraphQLObjectType, GraphQLSchema, build_schema, get_named_type, is_interface_type, is_object_type

from petplus import registry
from petplus.generated.access_page import Policy
from petplus.local.node import ROUTER
from shared.graph.row_types import RowType
from tests.access.fixtures import Scenario
from tests.access.requests import PERIOD, root_operation, selection

NODES = {"node": 'node(id: "{}")', "nodes": 'nodes(ids: ["{}"])'}
ENTITIES = "query ($of: [_Any!]!) {{ _entities(representations: $of) {{ ... on {kind} {{ {below} }} }} }}"
PREFIXES = {
    "User": "usr",
    "Design": "des",
    "Order": "ord",
    "OrderLine": "oln",
    "Preset": "pre",
    "PresetVersion": "prv",
    "Product": "prd",
    "WebhookDelivery": "whd",
    "Experiment": "exp",
    "Export": "xpt",
    "AuditEntry": "aud",
}
_DAY = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=1)
# What the demo shop has no value for. Whoever sees what leads there may see it: none of it has a rule of its own.
EMPTY = {
    "AnalyticsEvent.clientEventId",
    "AnalyticsEvent.designId",
    "AnalyticsEvent.subject",
    "AuditBreak.damage",
    "AuditBreak.entry",
    "AuditBreak.sequence",
    "AuditChange.before",
    "AuditEntry.traceId",
    "AuditVerification.firstBroken",
    "BestSeller.preset",
    "Cart.discountCode",
    "Cart.order",
    "CartProblem.code",
    "CartProblem.lineId",
    "CartProblem.message",
    "ClientConfig.minimumVersion",
    "CacheInvalidation.entity",
    "CacheInvalidation.eventId",
    "CacheInvalidation.heardAt",
    "CacheInvalidation.id",
    "CacheInvalidation.purgedAt",
    "CacheInvalidationConnection.edges",
    "CacheInvalidationConnection.nodes",
    "CacheInvalidationEdge.cursor",
    "CacheInvalidationEdge.node",
    "Conversion.sampleRatio",
    "ConversionGroup.adjusted",
    "ConversionGroup.comparison",
    "ConversionGroup.variant",
    "Design.preset",
    "DesignDelta.removedIds",
    "DesignConfig.text",
    "DesignShare.revokedAt",
    "DesignText.color",
    "DesignText.content",
    "DesignText.font",
    "DesignText.position",
    "DesignText.technique",
    "ExportSelection.designId",
    "ExportSelection.since",
    "ExportSelection.source",
    "ExportSelection.subject",
    "ExportSelection.until",
    "GuestOrder.shopNumber",
    "Metric.currency",
    "Metric.product",
    "Metric.source",
    "Metric.status",
    "Order.shop",
    "OrderDelta.removedIds",
    "Order.shopNumber",
    "OrderTimelineEntry.reason",
    "Preset.archivedAt",
    "ProductOptions.sizeFor",
    "SampleRatio.mismatch",
    "SampleRatio.pValue",
    "Session.revokedAt",
    "ShippingAddress.addressLine2",
    "ShippingAddress.phone",
    "ShippingAddress.region",
    "VariantComparison.interval",
    "VariantComparison.pValue",
    "VariantComparison.sequentialInterval",
    "VariantComparison.sequentialPValue",
    "VariantComparison.uplift",
    "VariantDecision.assignedAt",
    "VariantDecision.variant",
    "WebhookAttempt.error",
    "WebhookAttempt.nextAttemptAt",
    "WebhookDelivery.discardedBy",
    "WebhookDelivery.error",
    "WebhookStats.oldestWaitingAt",
    "PresetVersion.config",
    "PresetVersion.preset",
    "WebhookAttempt.durationMs",
    "WebhookDelivery.requestId",
    "WebhookDelivery.traceId",
}
BY_ID = {"user", "design", "order", "preset", "product", "webhookDelivery", "experiment", "export", "auditEntry"}


@dataclass
class Operation:
    """One question; `about` names it, `parent` is the type that its answer is an object of."""

    about: str
    subgraph: str | None
    query: str
    parent: str
    variables: dict[str, Any] = field(default_factory=dict)


@cache
def graph(subgraph: str | None) -> GraphQLSchema:
    if subgraph is not None:
        return registry.load(subgraph).schema._schema
    return build_schema((ROUTER / "schema.graphql").read_text())


def literal(value: Any) -> str:
    """Write a configuration as GraphQL does: its texts are values of enumerations."""
    return "{" + ", ".join(f"{name}: {each}" for name, each in value.items() if each is not None) + "}"


def arguments(scenario: Scenario, name: str, ids: dict[str, str]) -> str:
    """Return the arguments of a root field that ask about the owner's things."""
    facts = scenario.facts
    given = {
        "sharedDesign": f'token: "{facts["token"]}"',
        "orderLookup": f'number: "{facts["number"]}", email: "{facts["email"]}"',
        "orderByToken": f'token: "{facts["pass"]}"',
        "orderStatus": f'number: "{facts["number"]}", email: "{facts["email"]}"',
        "productOptions": f"product: {facts['config']['product']}",
        "productByHandle": 'handle: "custom-collar"',
        "presetByHandle": 'handle: "harbour-stripe-collar"',
        "cart": f'id: "{ids["crt"]}"',
        "priceQuote": f"input: {{ config: {literal(facts['config'])} }}",
        "metrics": f'name: "order.created", {PERIOD}',
        "experimentVariants": f'keys: ["{facts["key"]}"], subject: "{ids["usr"]}"',
        "products": "active: null",
        "auditSummary": f'atFrom: "{_DAY - dt.timedelta(days=20)}T00:00:00Z", atBefore: "{_DAY}T00:00:00Z"',
        "bestSellers": 'placedFrom: "2020-01-01T00:00:00Z", placedBefore: "2100-01-01T00:00:00Z", currency: EUR',
        "clientConfig": 'app: "mobile", version: "1.4.0"',
        "experimentVariant": f'key: "{facts["key"]}", subject: "{ids["usr"]}"',
    }
    if name in BY_ID:
        kind = next(kind for kind in PREFIXES if kind.lower() == name.lower())
        return f'id: "{ids[PREFIXES[kind]]}"'
    return given.get(name, "")


def questions(scenario: Scenario, rules: Policy, subgraph: str | None) -> Iterator[Operation]:
    """Yield the root fields of one place, and what it knows of entities."""
    schema = graph(subgraph)
    assert schema.query_type is not None
    for name, definition in schema.query_type.fields.items():
        if is_interface_type(get_named_type(definition.type)):
            yield from _of_nodes(scenario, rules, name)
        elif not name.startswith("_"):
            query = root_operation(rules, "query", name, definition, arguments(scenario, name, scenario.ids))
            yield Operation(name, subgraph, query, "Query")
    for kind in registry.load(subgraph).schema.entities if subgraph else ():
        below = selection(rules, schema.type_map[kind])  # type: ignore[arg-type]
        of = {"of": [{"__typename": kind, "id": scenario.ids[PREFIXES[kind]]}]}
        yield Operation(f"_entities {kind}", subgraph, ENTITIES.format(kind=kind, below=below), kind, of)


def _of_nodes(scenario: Scenario, rules: Policy, name: str) -> Iterator[Operation]:
    """Yield the questions for one object of each type by its id."""
    schema = graph(None)
    for kind in schema.get_possible_types(schema.type_map["Node"]):  # type: ignore[arg-type]
        given = NODES[name].format(scenario.ids[PREFIXES[kind.name]])
        query = f"{{ {given} {{ __typename ... on {kind.name} {{ {selection(rules, kind)} }} }} }}"
        yield Operation(f"{name} {kind.name}", None, query, "Query")


def owned(subgraph: str) -> set[str]:
    """Return the entities that a subgraph keeps; of others it knows the id."""
    return {name for name, kind in registry.load(subgraph).schema.entities.items() if issubclass(kind, RowType)}


def readable(schema: GraphQLSchema) -> set[str]:
    """Return all fields of objects (`Order.number`) that queries lead to."""
    assert schema.query_type is not None
    waiting, found = [schema.query_type], dict[str, GraphQLObjectType]()
    while waiting:
        kind = waiting.pop()
        found[kind.name] = kind
        for definition in kind.fields.values():
            inner = get_named_type(definition.type)
            if is_object_type(inner) and inner.name not in found:
                waiting.append(inner)
    return {f"{kind.name}.{name}" for kind in found.values() for name in kind.fields if not name.startswith("_")}

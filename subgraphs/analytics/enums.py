"""The enumerations of the analytics subgraph, stored and shown alike."""

import enum

from shared.graph.enums import graphql_enum


@graphql_enum(
    "Who reported an event.",
    CLIENT="An app or website, through `eventsTrack` or `POST /collect`.",
    DOMAIN="A subgraph. The event is a confirmed fact, such as `order.created`.",
)
class EventSource(enum.Enum):
    CLIENT = "CLIENT"
    DOMAIN = "DOMAIN"


@graphql_enum(
    "The outcome for one event of a batch.",
    ACCEPTED="The event is stored durably.",
    DUPLICATE="An event with the same client event id was already received. Nothing is stored or counted again.",
    IGNORED="The sender asked not to be tracked, or is a bot by its `User-Agent`. Nothing is stored.",
    REJECTED="The event is invalid; `problems` lists the reasons. Other events of the batch are not affected.",
)
class EventStatus(enum.Enum):
    ACCEPTED = "ACCEPTED"
    DUPLICATE = "DUPLICATE"
    IGNORED = "IGNORED"
    REJECTED = "REJECTED"


@graphql_enum(
    "The status of an experiment.",
    DRAFT="In preparation: no subjects are assigned, and the key behaves as if it did not exist.",
    RUNNING="Running: subjects are assigned to variants.",
    STOPPED="Stopped permanently: no subject gets a variant.",
)
class ExperimentStatus(enum.Enum):
    DRAFT = "DRAFT"
    RUNNING = "RUNNING"
    STOPPED = "STOPPED"


@graphql_enum(
    "The version of GrowthBook's published hash that places a subject.",
    V1="1,000 buckets. Only for compatibility with older experiments.",
    V2="10,000 buckets, without the bias of V1.",
)
class HashVersion(enum.Enum):
    V1 = "V1"
    V2 = "V2"


@graphql_enum(
    "The reason a subject got a variant or none.",
    ASSIGNED="The subject is in the experiment and has a variant.",
    NOT_TARGETED="The subject's attributes do not meet the experiment's targeting.",
    OUTSIDE_NAMESPACE="The subject is outside the experiment's share of its namespace.",
    NOT_COVERED="The subject is outside the experiment's coverage.",
    ENDED="The experiment was stopped.",
)
class DecisionReason(enum.Enum):
    ASSIGNED = "ASSIGNED"
    NOT_TARGETED = "NOT_TARGETED"
    OUTSIDE_NAMESPACE = "OUTSIDE_NAMESPACE"
    NOT_COVERED = "NOT_COVERED"
    ENDED = "ENDED"


@graphql_enum("The length of a time interval, in UTC.", HOUR="One hour.", DAY="One day.")
class Granularity(enum.Enum):
    HOUR = "HOUR"
    DAY = "DAY"


@graphql_enum(
    "A dimension that metrics can be grouped by.",
    SOURCE="The source of the events, CLIENT or DOMAIN.",
    PRODUCT="The product of the design or preset that was created.",
    CURRENCY="The currency of the order or payment.",
    STATUS="The status that the order or parcel reached.",
)
class MetricDimension(enum.Enum):
    SOURCE = "SOURCE"
    PRODUCT = "PRODUCT"
    CURRENCY = "CURRENCY"
    STATUS = "STATUS"


@graphql_enum(
    "A step of the funnel, from first to last.",
    CONFIG_CHANGED="A configuration was changed in the builder (the event `config_changed`).",
    DESIGN_CREATED="A design was created (the event `design.created`).",
    ADD_TO_CART="An item was added to the cart (`add_to_cart` of a client, `cart.items_added` of the shop).",
    CHECKOUT_STARTED="The checkout was started (`checkout_started` of a client), or a cart was ordered "
    "(`cart.checked_out`).",
    ORDER_CREATED="An order was placed (the event `order.created`).",
)
class FunnelStep(enum.Enum):
    CONFIG_CHANGED = "config_changed"
    DESIGN_CREATED = "design.created"
    ADD_TO_CART = "add_to_cart"
    CHECKOUT_STARTED = "checkout_started"
    ORDER_CREATED = "order.created"


@graphql_enum(
    "The time after the first step within which later steps count, inclusive.",
    HOUR="1 hour.",
    DAY="24 hours.",
    WEEK="7 days.",
    MONTH="30 days.",
)
class FunnelWindow(enum.Enum):
    HOUR = "HOUR"
    DAY = "DAY"
    WEEK = "WEEK"
    MONTH = "MONTH"


@graphql_enum(
    "Whether subjects have an account. A subject is a person: a user with all visitors that they were, or a visitor.",
    REGISTERED="Users, including those who have since deleted their account.",
    ANONYMOUS="Anonymous visitors, identified by an id from their client, who are not known to be users.",
)
class Audience(enum.Enum):
    REGISTERED = "REGISTERED"
    ANONYMOUS = "ANONYMOUS"


@graphql_enum(
    "The data that a report is computed from.",
    AGGREGATES="The aggregated counts, at most one or two minutes old. Fast for any number of events.",
    EVENTS="The individual events, up to the present and as far back as they are kept. Slow for many "
    "events; fails with `REPORT_TOO_SLOW` after 8 seconds.",
)
class ReportBasis(enum.Enum):
    AGGREGATES = "AGGREGATES"
    EVENTS = "EVENTS"


@graphql_enum(
    "The format of an export's file. Columns have the names of the fields of `AnalyticsEvent`.",
    CSV="Comma-separated values in UTF-8 (RFC 4180) with a header line. All values are quoted and null "
    "is left empty; a value that begins with `'` or that a spreadsheet could run as a formula is "
    "preceded by `'`, which the reader must remove.",
    CSV_EXCEL="As CSV, with a byte order mark (U+FEFF) at the beginning, by which Excel recognises UTF-8. Without it, "
    "Excel shows letters such as ü as two others.",
    NDJSON="One JSON object per line, with `properties` as an object.",
    PARQUET="Apache Parquet, compressed with zstd, with `properties` as a JSON string.",
)
class ExportFormat(enum.Enum):
    CSV = "CSV"
    CSV_EXCEL = "CSV_EXCEL"
    NDJSON = "NDJSON"
    PARQUET = "PARQUET"


@graphql_enum(
    "The state of an export.",
    QUEUED="Waiting to start, or to start again because a user whose events it contained deleted their account.",
    RUNNING="The file is being written.",
    DONE="The file is complete and can be downloaded.",
    FAILED="The export failed repeatedly and was abandoned. Create another one.",
    EXPIRED="The file was deleted because it expired or because a user whose events it contained deleted "
    "their account.",
)
class ExportState(enum.Enum):
    QUEUED = "QUEUED"
    RUNNING = "RUNNING"
    DONE = "DONE"
    FAILED = "FAILED"
    EXPIRED = "EXPIRED"

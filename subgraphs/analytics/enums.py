"""The enumerations of the analytics subgraph, stored and shown alike."""

import enum

from shared.graph.enums import graphql_enum


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


@graphql_enum("How finely time is divided, in UTC.", HOUR="By the hour.", DAY="By the day.")
class Granularity(enum.Enum):
    HOUR = "HOUR"
    DAY = "DAY"


@graphql_enum(
    "What metrics can be divided by.",
    SOURCE="Who told of the events.",
    PRODUCT="The product of a design that was made.",
    CURRENCY="The currency of an order or a payment.",
    STATUS="The status that an order reached.",
)
class MetricDimension(enum.Enum):
    SOURCE = "SOURCE"
    PRODUCT = "PRODUCT"
    CURRENCY = "CURRENCY"
    STATUS = "STATUS"


@graphql_enum(
    "A step of the funnel, in this order.",
    CONFIG_CHANGED="Something was changed in the builder.",
    DESIGN_CREATED="A design was saved.",
    ADD_TO_CART="Something was put into the cart.",
    CHECKOUT_STARTED="The checkout was begun.",
    ORDER_CREATED="An order was placed.",
)
class FunnelStep(enum.Enum):
    CONFIG_CHANGED = "config_changed"
    DESIGN_CREATED = "design.created"
    ADD_TO_CART = "add_to_cart"
    CHECKOUT_STARTED = "checkout_started"
    ORDER_CREATED = "order.created"


@graphql_enum(
    "How long after the first step the others count, that moment included.",
    HOUR="One hour.",
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
    "Whether subjects have an account.",
    REGISTERED="Users, those who deleted their account meanwhile included.",
    ANONYMOUS="Visitors, by ids of their clients.",
)
class Audience(enum.Enum):
    REGISTERED = "REGISTERED"
    ANONYMOUS = "ANONYMOUS"


@graphql_enum(
    "What a report is computed of.",
    AGGREGATES="What the aggregation has counted, at most a minute or two ago: fast for any number of events.",
    EVENTS="The single events, up to this moment and as far back as they are kept: slow for many, and refused with "
    "`REPORT_TOO_SLOW` after 8 s.",
)
class ReportBasis(enum.Enum):
    AGGREGATES = "AGGREGATES"
    EVENTS = "EVENTS"


@graphql_enum(
    "How an export's file is written. Columns are named as the fields of `AnalyticsEvent`.",
    CSV="Comma-separated values in UTF-8 (RFC 4180), a line of names first, all values in quotes; nothing between two "
    "commas is null. A text that a spreadsheet might take for a formula, or that begins with `'`, has a `'` before it: "
    "drop that one to have the text as it was.",
    NDJSON="A JSON object a line, `properties` as an object in it.",
    PARQUET="Apache Parquet, compressed with zstd; `properties` as JSON text.",
)
class ExportFormat(enum.Enum):
    CSV = "CSV"
    NDJSON = "NDJSON"
    PARQUET = "PARQUET"


@graphql_enum(
    "Where an export stands.",
    QUEUED="Not begun; or to be begun anew, since somebody whose events stood in it has deleted their account.",
    RUNNING="Being written.",
    DONE="The file can be fetched.",
    FAILED="Given up after repeated failures; ask for another.",
    EXPIRED="The file was deleted: its time was over, or somebody whose events stood in it has deleted their account.",
)
class ExportState(enum.Enum):
    QUEUED = "QUEUED"
    RUNNING = "RUNNING"
    DONE = "DONE"
    FAILED = "FAILED"
    EXPIRED = "EXPIRED"

"""Reads `limits.json`: the limits that the router and the subgraphs share, each written once.

The file is package data of `shared`, so that an installed package has it without the router. The router reads the same
file; its image contains `router/` and `shared/limits.json`.
"""

from importlib.resources import files

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel


class _Section(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, extra="forbid", frozen=True)


class DocumentLimits(_Section):
    """The maximum size of a GraphQL document, with fragments written out."""

    characters: int
    tokens: int
    depth: int
    fields: int
    repeated_fields: int
    aliases: int
    root_fields: int
    directives: int
    fragments: int
    operations: int


class VariableLimits(_Section):
    """The maximum size of variables. A subgraph accepts more values: the router sends it representations."""

    depth: int
    values: int
    values_at_subgraphs: int


class CostRules(_Section):
    """How the cost of an operation is estimated, and its maximum."""

    maximum: int
    change: int
    unpaged_list: int
    default_page: int
    largest_page: int


class AccessTokenRules(_Section):
    """How access tokens are verified."""

    clock_leeway_seconds: int
    jwks_minimum_interval_seconds: float
    verified_tokens_cached: int


class CharacterLimit(_Section):
    """The maximum length of a text."""

    characters: int


class WebSocketLimits(_Section):
    """What a WebSocket at the router may send before it is initialised, and how much it may run at once."""

    init_bytes: int
    init_seconds: int
    operations: int
    ping_seconds: int


class ConnectionLimits(_Section):
    """How slow a connection with the router may be, and how many requests it may carry at once."""

    headers_seconds: int
    request_seconds: int
    idle_seconds: int
    pipelined_requests: int


class HeldBytes(_Section):
    """What the router holds for one network: received and not handled, or unread. A request without a response counts
    as so many bytes beside its body."""

    per_connection: int
    minimum: int
    request: int
    unread_of_socket: int


class KeptDocuments(_Section):
    """How much memory the router uses for parsed documents, and for operations that are ready to run."""

    bytes: int
    prepared_bytes: int


class ResponseCacheLimits(_Section):
    """Which answers the router caches, and for how long."""

    characters: int
    seconds: int


class RateLimitMemory(_Section):
    """Of how many clients the router remembers that they are refused."""

    blocked_clients: int


class AdmissionLimits(_Section):
    """How many operations run at once, how many wait and for how long, and what one network or site has of that.

    As many streams as operations begin at once; `waiting_streams` of them wait, at the router and at a subgraph.
    """

    requests: int
    waiting: int
    calls_of_subgraph: int
    requests_at_subgraph: int
    waiting_at_subgraph: int
    waiting_streams: int
    places_share: int
    """One of how many places a site may hold."""
    waiting_share: int
    """One of how many waiting places a network may have."""
    wait_milliseconds: int
    """In all queues together, from when the router has received an operation."""
    least_wait_milliseconds: int
    """What a call may wait for even if its operation runs for long."""
    stream_wait_milliseconds: int
    retry_after_seconds: int
    recent_seconds: int


class SharedLimits(_Section):
    """The whole file."""

    body_bytes: int
    document: DocumentLimits
    variables: VariableLimits
    cost: CostRules
    access_tokens: AccessTokenRules
    extensions: CharacterLimit
    subscription: CharacterLimit
    web_socket: WebSocketLimits
    connections: ConnectionLimits
    held_bytes: HeldBytes
    kept_documents: KeptDocuments
    response_cache: ResponseCacheLimits
    rate_limit: RateLimitMemory
    admission: AdmissionLimits


LIMITS = SharedLimits.model_validate_json(files("shared").joinpath("limits.json").read_bytes())

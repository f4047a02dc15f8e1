"""The rows of docs/limits.md for the router, and all rows by their sections."""

from collections.abc import Mapping, Sequence

from petplus.generated.door import REQUEST, Door, mebibytes, setting
from petplus.generated.shop_doors import ACCOUNTS, ANALYTICS, INSIDE, SHOP
from petplus.header_timeout import HEAD_SECONDS
from shared.core.limits_file import LIMITS
from shared.graph.execution.documents import CHARACTERS_KEPT
from shared.graph.references import LARGEST_ENTITY_BATCH
from shared.http.middleware import BODY_SECONDS
from subgraphs.order.service import status_feed
from subgraphs.user.service import keys

_D, _V, _C = LIMITS.document, LIMITS.variables, LIMITS.cost
_S, _N = LIMITS.web_socket, LIMITS.connections
_A = LIMITS.admission
_OF_OTHER_QUEUES = {
    "callsOfSubgraph",
    "leastWaitMilliseconds",
    "requestsAtSubgraph",
    "waitingAtSubgraph",
    "waitingStreams",
    "streamWaitMilliseconds",
}
_REFUSED = "refused before it runs"
_BUSY = "429 `RATE_LIMITED` with `Retry-After`, before it is parsed"

_CONNECTIONS = (
    Door(
        "connection",
        f"{setting('PETPLUS_CONNECTIONS_PER_ADDRESS')}, WebSockets apart",
        "network; trusted proxies are not counted",
        "closed at once; a WebSocket: 429",
        f"{_N.idle_seconds} s without a request",
        "router/test_disconnects.py::test_one_address_has_only_so_many_connections",
        ("connections.idleSeconds",),
    ),
    Door(
        "slow request",
        f"{_N.headers_seconds} s for the headers, {_N.request_seconds} s for the whole; at subgraphs "
        f"{HEAD_SECONDS:g} s and {BODY_SECONDS:g} s",
        "connection",
        "closed; a slow body at subgraphs: 408 `BODY_TOO_SLOW`",
        REQUEST,
        "router/test_disconnects.py::test_connections_that_send_no_request_are_let_go",
        ("connections.headersSeconds", "connections.requestSeconds"),
    ),
    Door(
        "pipelined requests",
        f"{_N.pipelined_requests} at once",
        "connection",
        "closed",
        REQUEST,
        "router/test_connections.py::test_requests_that_wait_for_no_response_close_the_connection",
        ("connections.pipelinedRequests",),
    ),
    Door(
        "unread responses",
        f"{setting('PETPLUS_WRITE_TIMEOUT')} ms without progress",
        "connection",
        "closed",
        "until it is closed",
        "router/test_connections.py::test_a_client_that_reads_nothing_is_disconnected",
    ),
    Door(
        "what is held for one network",
        f"{LIMITS.held_bytes.per_connection:,} bytes for each connection that it may open, at least "
        f"{LIMITS.held_bytes.minimum:,}, once received and not handled, and once unread; a request that is not "
        f"answered counts as {LIMITS.held_bytes.request:,}",
        "address or /64",
        f"429 with `Retry-After`; sockets are closed, and of a socket with {LIMITS.held_bytes.unread_of_socket:,} "
        "unread bytes no more is read",
        "until it is handled or read",
        "router/test_held_bytes.py::test_bodies_that_do_not_end_are_refused_beyond_the_limit_of_their_network",
        ("heldBytes.perConnection", "heldBytes.minimum", "heldBytes.request", "heldBytes.unreadOfSocket"),
    ),
    Door(
        "headers",
        "16 KiB (Node's maximum); a foreign host is not answered",
        "request",
        "431; 421 `MISDIRECTEDREQUEST`",
        REQUEST,
        "router/test_hosts.py::test_a_name_that_was_rebound_to_the_router_is_misdirected",
    ),
    Door(
        "WebSocket before `connection_init`",
        f"{_S.init_bytes:,} bytes in {_S.init_seconds} s; a pong every {_S.ping_seconds} s",
        "socket",
        "closed with 4400, 4408 or without a code",
        "parameters that are read: until it closes",
        "router/test_connections.py::test_a_large_init_closes_the_socket",
        ("webSocket.initBytes", "webSocket.initSeconds", "webSocket.pingSeconds"),
    ),
    Door(
        "operations of a WebSocket",
        f"{_S.operations} at once, of {LIMITS.body_bytes:,} bytes each",
        "socket",
        "`LIMIT_EXCEEDED`; a larger message closes it",
        "until they complete",
        "router/test_streams.py::test_a_web_socket_that_sends_too_much_is_closed",
        ("webSocket.operations", "bodyBytes"),
    ),
    Door(
        "subscription, over any transport",
        f"{setting('PETPLUS_SUBSCRIPTIONS_PER_CLIENT')}; {LIMITS.subscription.characters:,} characters of document and "
        f"variables each; {status_feed.MOST_WAITING} changes that wait to be read",
        "client",
        "`LIMIT_EXCEEDED`; one that does not read gets an error that tells it to resume, or in `myOrderFeed` and "
        "`orderUpdated` reads the rest from the database",
        "until it ends",
        "router/test_connections.py::test_a_client_follows_so_many_subscriptions_and_another_when_one_ends",
        ("subscription.characters",),
    ),
)
_OPERATIONS = (
    Door(
        "operations at once, at the router",
        f"{_A.requests}, of one site {_A.requests // _A.places_share}; {_A.waiting:,} waiting, of one network "
        f"{_A.waiting // _A.waiting_share:,}, in turn by network; an operation waits {_A.wait_milliseconds} ms "
        "(`PETPLUS_REQUEST_WAIT`) in all, at subgraphs too",
        "all together, with a share for each /48 or address",
        f"{_BUSY}; those of the network that was admitted most often go",
        REQUEST,
        "router/test_admission.py::test_beyond_its_share_of_operations_a_network_is_refused_and_others_are_answered",
        tuple(f"admission.{name}" for name in _A.model_dump(by_alias=True) if name not in _OF_OTHER_QUEUES),
    ),
    Door(
        "streams that begin, at the router and at a subgraph",
        f"as many at once as operations, apart from them; {_A.waiting_streams:,} waiting, of one network "
        f"{_A.waiting_streams // _A.waiting_share:,}, {_A.stream_wait_milliseconds // 1000} s each; none is counted "
        "once it has begun",
        "as operations",
        _BUSY,
        "until it has begun",
        "shared/test_admission.py::"
        "test_a_thousand_streams_of_one_network_wait_for_longer_than_operations_and_all_begin",
        ("admission.waitingStreams", "admission.streamWaitMilliseconds"),
    ),
    Door(
        "calls to a subgraph at once",
        f"{_A.calls_of_subgraph} of each router, of one site {_A.calls_of_subgraph // _A.places_share}, in turn by "
        f"network; a call may wait for {_A.least_wait_milliseconds} ms at least; streams that begin are counted apart",
        "all together, with a share for each /48 or address",
        "`RATE_LIMITED` at the fields, with `Retry-After`",
        REQUEST,
        "router/test_admission.py::test_beyond_its_share_of_calls_a_network_gets_no_field_of_a_subgraph_and_others_do",
        ("admission.callsOfSubgraph", "admission.leastWaitMilliseconds"),
    ),
    Door(
        "operations at once, at a subgraph",
        f"{_A.requests_at_subgraph}, of one site {_A.requests_at_subgraph // _A.places_share}; "
        f"{_A.waiting_at_subgraph} waiting, of one network {_A.waiting_at_subgraph // _A.waiting_share}, as at the "
        "router",
        "all together, with a share for each /48 or address",
        _BUSY,
        REQUEST,
        "shared/test_admission.py::test_a_subgraph_that_is_full_refuses_an_operation_before_it_is_parsed",
        ("admission.requestsAtSubgraph", "admission.waitingAtSubgraph"),
    ),
    Door(
        "body",
        f"{LIMITS.body_bytes:,} bytes, not compressed",
        "request",
        "413",
        REQUEST,
        "router/test_requests.py::test_a_body_of_two_megabytes_is_refused",
        ("bodyBytes",),
    ),
    Door(
        "document",
        f"{_D.characters:,} characters, {_D.tokens:,} tokens, {_D.fields:,} fields, each at most "
        f"{_D.repeated_fields} times in a set, {_D.depth} levels, {_D.aliases} aliases, {_D.root_fields} root fields, "
        f"{_D.directives} directives, {_D.fragments} fragments, {_D.operations} operations; 20 ms of CPU measured",
        "request",
        f"`LIMIT_EXCEEDED`, {_REFUSED}",
        "see documents kept",
        "router/test_limits.py::test_a_document_just_below_a_limit_runs_and_one_just_above_does_not",
        tuple(f"document.{name}" for name in _D.model_dump(by_alias=True)),
    ),
    Door(
        "variables",
        f"{_V.values:,} values, {_V.depth} levels; {_V.values_at_subgraphs:,} values at subgraphs, where the "
        "router sends "
        f"{LARGEST_ENTITY_BATCH:,} references at most",
        "request",
        f"`LIMIT_EXCEEDED`, {_REFUSED}",
        REQUEST,
        "router/test_limits.py::test_variables_are_limited",
        tuple(f"variables.{name}" for name in _V.model_dump(by_alias=True)),
    ),
    Door(
        "`extensions`",
        f"{LIMITS.extensions.characters:,} characters",
        "request",
        "`LIMIT_EXCEEDED`",
        REQUEST,
        "router/test_connections.py::test_large_extensions_are_refused",
        ("extensions.characters",),
    ),
    Door(
        "GET query",
        "public trusted documents; variables in the 16 KiB of the headers",
        "as by POST",
        "405",
        "10 s at a CDN",
        "router/test_get.py::test_anything_else_is_refused_by_get_and_does_nothing",
    ),
    Door(
        "cost of an operation",
        f"{_C.maximum:,}: {_C.change} for a change, 1 for an object, a list by its page ({_C.default_page} "
        "by default, "
        f"{_C.largest_page} at most) or {_C.unpaged_list} without pages",
        "request",
        f"`LIMIT_EXCEEDED`, {_REFUSED}",
        REQUEST,
        "shared/test_limits.py::test_an_operation_that_is_too_dear_is_refused_and_one_just_below_is_not",
        tuple(f"cost.{name}" for name in _C.model_dump(by_alias=True)),
    ),
    Door(
        "cost over time",
        f"{setting('PETPLUS_COST_BUCKET')} at once, {setting('PETPLUS_COST_RESTORE')} each second; a document "
        "that does "
        f"not run costs {_C.change}. One Redis key of about 200 bytes; {LIMITS.rate_limit.blocked_clients:,} refused "
        "clients in memory",
        "client",
        "429 `RATE_LIMITED` with `Retry-After`",
        "21 s without a request",
        "router/test_limits.py::test_a_bucket_that_is_empty_refuses_with_the_seconds_to_wait_and_is_of_one_client_alone",
        ("rateLimit.blockedClients",),
    ),
    Door(
        "documents kept",
        f"{mebibytes(LIMITS.kept_documents.bytes)} at the router, those that do not run included, and "
        f"{mebibytes(LIMITS.kept_documents.prepared_bytes)} of operations with their plans; at each subgraph "
        f"{CHARACTERS_KEPT:,} characters, about 40 MB",
        "all together",
        "the least recently used go",
        "until they go, or the schema changes",
        "router/test_document_cache.py::test_a_thousand_large_documents_that_do_not_run_stay_within_the_bytes",
        ("keptDocuments.bytes", "keptDocuments.preparedBytes"),
    ),
    Door(
        "cached answers",
        f"{LIMITS.response_cache.characters:,} characters each, in the cache's `maxmemory`",
        "the bucket of cost",
        "not kept; a full cache removes what ends first",
        f"{LIMITS.response_cache.seconds} s, or until something that they show changes",
        "shared/test_redis_memory.py::test_a_full_cache_removes_what_ends_first_and_takes_what_is_new",
        ("responseCache.characters", "responseCache.seconds"),
    ),
    Door(
        "access tokens",
        f"{LIMITS.access_tokens.verified_tokens_cached:,} verified ones in each process; keys are fetched every "
        f"{LIMITS.access_tokens.jwks_minimum_interval_seconds:g} s at most for unknown ones",
        "all together",
        "401; the oldest are verified again",
        f"{keys.ACCESS_TOKEN_SECONDS // 60} minutes and {LIMITS.access_tokens.clock_leeway_seconds} s of leeway",
        "router/test_access.py::test_a_new_key_is_found_and_one_that_is_gone_is_asked_for_only_now_and_then",
        tuple(f"accessTokens.{name}" for name in LIMITS.access_tokens.model_dump(by_alias=True)),
    ),
)
DOORS: Mapping[str, Sequence[Door]] = {
    "Connections": _CONNECTIONS,
    "Operations": _OPERATIONS,
    "Accounts": ACCOUNTS,
    "The shop": SHOP,
    "Events and reports": ANALYTICS,
    "Behind the doors": INSIDE,
}

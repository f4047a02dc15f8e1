"""The GraphQL endpoint of a subgraph: POST for queries and mutations, SSE for subscriptions.

Strawberry's ASGI endpoint, made strict (a malformed request is a coded 4xx, never a 500), with subscriptions run by
`shared.http.subscriptions`. It follows the draft of GraphQL over HTTP
(https://graphql.github.io/graphql-over-http/draft/; docs/decisions/0034-status-of-request-errors.md). It is a plain
route: FastAPI would resolve dependencies, of which there are none, at the cost of a tenth of a small request.
"""

import contextlib
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import replace
from typing import Any, Literal, cast

import orjson
from cross_web import HTTPException
from graphql import GraphQLError, GraphQLSyntaxError, OperationType
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.http import GraphQLHTTPResponse, GraphQLRequestData
from strawberry.subscriptions import GRAPHQL_SSE_PROTOCOL
from strawberry.types import ExecutionResult, SubscriptionExecutionResult
from strawberry.types.unset import UNSET

from shared.core.errors import TooManyRequests, Unauthenticated, Unavailable
from shared.core.observability import ORIGIN
from shared.graph.context import Context
from shared.graph.execution.limits import IntrospectionDisabled, LimitExceeded, check_values
from shared.graph.execution.masking import format_error
from shared.graph.schema import SubgraphSchema
from shared.http.draining import STOPPING, Drain
from shared.http.middleware import error_body
from shared.http.mutual_tls import FROM_ROUTER
from shared.http.negotiation import GRAPHQL_RESPONSE, JSON, accepts_events, is_json_in_utf_8, response_type
from shared.http.request import ADDRESS, PATH
from shared.http.sse import EventStream, encoded
from shared.http.subscriptions import Subscriptions
from shared.runtime import Runtime
from shared.security.client_network import network_of

RETRY_AFTER_SECONDS = 2
SSE: Literal["sse"] = "sse"
"""Strawberry's name for a request that is answered by server-sent events."""
NULL_ESCAPED = b"\\u0000"


class GraphQLEndpoint(GraphQL[Context, None]):
    """Serves one schema.

    What Strawberry hands to the methods that it calls is `Any` here: its own types name web sockets and batches too,
    neither of which this endpoint serves.
    """

    def __init__(self, schema: SubgraphSchema, runtime: "RuntimeHolder", drain: Drain) -> None:
        self._graph = schema
        self._drain = drain
        self._subscriptions = Subscriptions(schema, self._shown)
        self._runtime = runtime
        self._route = Route(PATH, self)
        super().__init__(
            schema, graphql_ide=None, allow_queries_via_get=False, subscription_protocols=(GRAPHQL_SSE_PROTOCOL,)
        )

    def route(self) -> Route:
        """Return the one route, `/graphql`."""
        return self._route

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        # FastAPI sets this for its own routes, and the metrics of requests use it.
        scope["route"] = self._route
        request = Request(scope, receive)
        response = _unsupported(request) or await self.run(request)
        await response(scope, receive, send)

    async def get_context(self, request: Request | WebSocket, response: Response | WebSocket) -> Context:
        runtime = self._runtime.value
        viewer = await runtime.verifier.viewer(request.headers.get("authorization"))
        ORIGIN.set(replace(ORIGIN.get(), actor=viewer.id))
        return Context(
            runtime=runtime,
            viewer=viewer,
            request=cast("Request", request),
            response=cast("Response", response),
            address=network_of(client_address(request)),
        )

    async def run(self, request: Any, context: Any = UNSET, root_value: Any = UNSET) -> Any:
        try:
            return await super().run(request, context, root_value)
        except HTTPException as error:
            return _refused(request, error.status_code, "BAD_REQUEST", error.reason)
        except (LimitExceeded, IntrospectionDisabled) as error:
            status = 400 if response_type(request.headers.get("accept", "")) == GRAPHQL_RESPONSE else 200
            return _refused(request, status, error.code, error.message, error.details)

    async def execute_operation(
        self,
        request: Request,
        request_adapter: Any,
        request_data: Any,
        context: Context,
        root_value: None,
        sub_response: Response,
    ) -> Any:
        if request_data.protocol == SSE:
            operation = self._graph.operation(request_data.query, request_data.operation_name)
            if isinstance(operation, list):
                return self._refused(operation)
            if operation.operation is OperationType.SUBSCRIPTION:
                if self._drain.takes_no_streams:
                    raise Unavailable(STOPPING)
                alone = replace(context, request=None, response=None)
                return self._subscriptions.follow(
                    request_data.query, request_data.operation_name, request_data.variables, alone
                )
        results = await super().execute_operation(
            request, request_adapter, request_data, context, root_value, sub_response
        )
        if isinstance(results, SubscriptionExecutionResult):
            return self._events(cast("AsyncGenerator[ExecutionResult, None]", results))
        return results

    async def _create_streaming_response(
        self, request: Request, result: Any, protocol: object, sub_response: Response
    ) -> Any:
        return EventStream(result, self._graph.name, self._drain)

    async def _refused(self, errors: Sequence[GraphQLError]) -> AsyncGenerator[bytes, None]:
        """Yield the one event of a stream of which nothing is executed."""
        yield encoded(self._shown(None, errors))

    async def _events(self, results: AsyncGenerator[ExecutionResult, None]) -> AsyncGenerator[bytes, None]:
        """Yield what Strawberry answers as server-sent events."""
        async with aclosing(results):
            async for result in results:
                yield encoded(self._shown(result.data, result.errors))

    def decode_json(self, data: str | bytes) -> dict[str, object]:
        try:
            value = orjson.loads(data)
        except orjson.JSONDecodeError:
            raise HTTPException(400, "The request body is not valid JSON in UTF-8.") from None
        if not isinstance(value, dict):
            raise HTTPException(400, "The request body must be a JSON object with a `query`.")
        return value

    def encode_json(self, data: object) -> bytes:
        return orjson.dumps(data)

    async def parse_http_body(self, request: Any) -> GraphQLRequestData:
        data = _request_of(self.decode_json(await request.get_body()), request.headers.get("accept", ""))
        check_values(data.variables)
        # JSON has no other way to write it.
        if NULL_ESCAPED in await request.get_body() and has_null_character(data.variables):
            raise HTTPException(400, "Text must not contain the character U+0000.")
        with contextlib.suppress(GraphQLSyntaxError):  # reported with the other errors of documents
            self._graph.documents.check(
                data.query or "",
                data.operation_name,
                data.variables or {},
                signed=FROM_ROUTER in request._request.scope,
                introspects=not self._runtime.value.settings.is_production,
            )
        return data

    async def process_result(self, request: Request, result: ExecutionResult) -> GraphQLHTTPResponse:
        return cast("GraphQLHTTPResponse", self._shown(result.data, result.errors))

    def create_response(self, response_data: Any, sub_response: Response) -> Response:
        media_type = sub_response.media_type or JSON
        response = Response(
            self.encode_json(response_data), _status(response_data, media_type), headers=_content_type(media_type)
        )
        for cookie in sub_response.headers.getlist("set-cookie"):
            response.headers.append("set-cookie", cookie)
        return response

    async def get_sub_response(self, request: Request | WebSocket) -> Response:
        return Response(media_type=response_type(request.headers.get("accept", "")))

    def _shown(self, data: object, errors: Sequence[GraphQLError] | None) -> dict[str, object]:
        """Return a result as clients get it. That of a request error, which precedes execution, has no data."""
        if not errors:
            return {"data": data}
        suggests = not self._runtime.value.settings.is_production
        shown = [format_error(error, suggests=suggests) for error in errors]
        if data is None and all(error.path is None for error in errors):
            return {"errors": shown}
        return {"data": data, "errors": shown}


class RuntimeHolder:
    """Gives the endpoint its runtime, which opens only when the application starts."""

    value: Runtime


def _unsupported(request: Request) -> Response | None:
    """Return the refusal of a request whose method, coding or media type is not served; None for all others."""
    headers = request.headers
    if request.method != "POST":
        return _refused(request, 405, "BAD_REQUEST", "Send a POST request.", headers={"allow": "POST"})
    if headers.get("content-encoding", "identity").strip().lower() != "identity":
        identity = {"accept-encoding": "identity"}
        return _refused(request, 415, "BAD_REQUEST", "Send the body without a content coding.", headers=identity)
    if not is_json_in_utf_8(headers.get("content-type", "")):
        return _refused(request, 415, "BAD_REQUEST", f"Send the body as `{JSON}` in UTF-8.")
    return None


def _request_of(body: Mapping[str, object], accept: str) -> GraphQLRequestData:
    """Read the parameters of a request; others are left to future versions of the protocol. Raises HTTPException."""
    query, name = body.get("query"), body.get("operationName")
    variables, extensions = body.get("variables"), body.get("extensions")
    if query is not None and not isinstance(query, str):
        raise HTTPException(400, "`query` must be a string.")
    if not query:
        raise HTTPException(400, "The request has no `query`.")
    if name is not None and not isinstance(name, str):
        raise HTTPException(400, "`operationName` must be a string or null.")
    if variables is not None and not isinstance(variables, dict):
        raise HTTPException(400, "`variables` must be an object or null.")
    if extensions is not None and not isinstance(extensions, dict):
        raise HTTPException(400, "`extensions` must be an object or null.")
    return GraphQLRequestData(query, variables, name, extensions, SSE if accepts_events(accept) else "http")


def _status(response: Mapping[str, object], media_type: str) -> int:
    """Return the status of a response to a well-formed request."""
    if "data" in response or media_type != GRAPHQL_RESPONSE:
        return 200
    errors = cast("Sequence[Mapping[str, Mapping[str, object]]]", response["errors"])
    return 500 if any(error["extensions"]["code"] == "INTERNAL_SERVER_ERROR" for error in errors) else 400


def _content_type(media_type: str) -> dict[str, str]:
    return {"content-type": f"{media_type}; charset=utf-8"}


def _refused(
    request: Request,
    status: int,
    code: str,
    message: str,
    details: Mapping[str, object] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return the response to a request of which nothing was executed, in the media type that the client prefers."""
    media_type = response_type(request.headers.get("accept", ""))
    return refusal(status, code, message, {**(headers or {}), **_content_type(media_type)}, details)


def has_null_character(value: object) -> bool:
    """Return whether any text in a JSON value contains U+0000, which PostgreSQL cannot store."""
    if isinstance(value, str):
        return "\x00" in value
    if isinstance(value, dict):
        return any(has_null_character(k) or has_null_character(v) for k, v in value.items())
    if isinstance(value, list):
        return any(has_null_character(v) for v in value)
    return False


def client_address(request: HTTPConnection) -> str:
    """Return the address of the client: the one that the router has named, or else the peer of the connection."""
    signed: str | None = request.scope.get(ADDRESS)
    if signed is not None:
        return signed
    return request.client.host if request.client else ""


def refusal(
    status: int,
    code: str,
    message: str,
    headers: Mapping[str, str] | None = None,
    details: Mapping[str, object] | None = None,
) -> Response:
    """Return the response to a refused request: one error with a code, in GraphQL's form on other routes too."""
    return Response(error_body(code, message, details), status, headers, media_type=JSON)


def too_many_requests(error: TooManyRequests, headers: Mapping[str, str] | None = None) -> Response:
    """Return the response to a request beyond a limit: the header and the error say when to try again."""
    after = {"retry-after": str(error.retry_after)}
    return refusal(429, error.code, error.message, {**(headers or {}), **after}, error.details)


def unauthenticated(_request: Request, error: Exception) -> Response:
    """Answer a request whose access token is not valid."""
    assert isinstance(error, Unauthenticated)  # noqa: S101 (registered for this type alone)
    return refusal(401, error.code, error.message, {"www-authenticate": "Bearer"})


def unavailable(_request: Request, error: Exception) -> Response:
    """Answer a request that cannot start because something is unavailable, and any such request of another route."""
    assert isinstance(error, Unavailable)  # noqa: S101 (registered for this type alone)
    return refusal(503, error.code, error.message, {"retry-after": str(RETRY_AFTER_SECONDS)})

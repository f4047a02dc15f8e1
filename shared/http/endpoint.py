"""The GraphQL endpoint of a subgraph: POST for queries and mutations, SSE for subscriptions.

Strawberry's ASGI endpoint, made strict (a malformed request is a coded 4xx, never a 500), with subscriptions run by
`shared.http.subscriptions`. It is a plain route: FastAPI would resolve dependencies, of which there are none, at the
cost of a tenth of a small request.
"""

import contextlib
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import replace
from typing import Any, cast

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

from shared.core.errors import Unauthenticated, Unavailable
from shared.core.observability import ORIGIN
from shared.graph.context import Context
from shared.graph.execution.limits import IntrospectionDisabled, LimitExceeded, check_values
from shared.graph.execution.masking import format_error
from shared.graph.schema import SubgraphSchema
from shared.http.middleware import error_body
from shared.http.request import ADDRESS, PATH
from shared.http.sse import EventStream, encoded
from shared.http.subscriptions import Subscriptions
from shared.runtime import Runtime

RETRY_AFTER_SECONDS = 2
SSE = "sse"
"""Strawberry's name for a request that is answered by server-sent events."""
NULL_ESCAPED = b"\\u0000"


class GraphQLEndpoint(GraphQL[Context, None]):
    """Serves one schema.

    What Strawberry hands to the methods that it calls is `Any` here: its own types name web sockets and batches too,
    neither of which this endpoint serves.
    """

    def __init__(self, schema: SubgraphSchema, runtime: "RuntimeHolder") -> None:
        self._graph = schema
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
        response = await self.run(Request(scope, receive))
        await response(scope, receive, send)

    async def get_context(self, request: Request | WebSocket, response: object) -> Context:
        runtime = self._runtime.value
        viewer = await runtime.verifier.viewer(request.headers.get("authorization"))
        ORIGIN.set(replace(ORIGIN.get(), actor=viewer.id))
        return Context(
            runtime=runtime, viewer=viewer, request=cast("Request", request), address=client_address(request)
        )

    async def run(self, request: Any, context: Any = UNSET, root_value: Any = UNSET) -> Any:
        try:
            return await super().run(request, context, root_value)
        except HTTPException as error:
            return refusal(error.status_code, "BAD_REQUEST", error.reason)
        except (LimitExceeded, IntrospectionDisabled) as error:
            return refusal(400, error.code, error.message, details=error.details)

    async def execute_operation(
        self,
        request: Request,
        request_adapter: Any,
        request_data: Any,
        context: Context,
        root_value: None,
        sub_response: Response,
    ) -> Any:
        try:
            subscribes = request_data.protocol == SSE and self._subscribes(request_data)
        except GraphQLSyntaxError as error:
            return self._refused(error)
        if subscribes:
            alone = replace(context, request=None)
            return self._subscriptions.follow(
                request_data.query, request_data.operation_name, request_data.variables, alone
            )
        results = await super().execute_operation(
            request, request_adapter, request_data, context, root_value, sub_response
        )
        if isinstance(results, SubscriptionExecutionResult):
            return self._events(cast("AsyncGenerator[ExecutionResult, None]", results))
        return results

    def _subscribes(self, data: GraphQLRequestData) -> bool:
        """Return whether a request is a valid subscription; Strawberry answers all others, as a stream or not."""
        document = self._graph.documents.read(data.query or "")
        operation = document.operation(data.operation_name)
        is_subscription = operation is not None and operation.operation is OperationType.SUBSCRIPTION
        return is_subscription and not self._graph.errors_of(document)

    async def _create_streaming_response(
        self, request: Request, result: Any, protocol: object, sub_response: Response
    ) -> Any:
        return EventStream(result)

    async def _refused(self, error: GraphQLError) -> AsyncGenerator[bytes, None]:
        """Yield what Strawberry would break off the stream with."""
        yield encoded(self._shown(None, [error]))

    async def _events(self, results: AsyncGenerator[ExecutionResult, None]) -> AsyncGenerator[bytes, None]:
        """Yield what Strawberry answers as server-sent events."""
        async with aclosing(results):
            async for result in results:
                yield encoded(self._shown(result.data, result.errors))

    def decode_json(self, data: str | bytes) -> object:
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
        data = cast("GraphQLRequestData", await super().parse_http_body(request))
        if data.operation_name is not None and not isinstance(data.operation_name, str):
            raise HTTPException(400, "`operationName` must be a string or null.")
        if not data.query:
            raise HTTPException(400, "The request has no `query`.")
        check_values(data.variables)
        # JSON has no other way to write it.
        if NULL_ESCAPED in await request.get_body() and has_null_character(data.variables):
            raise HTTPException(400, "Text must not contain the character U+0000.")
        with contextlib.suppress(GraphQLSyntaxError):  # reported with the other errors of documents
            self._graph.documents.check(
                data.query,
                data.operation_name,
                data.variables or {},
                signed=ADDRESS in request._request.scope,
                introspects=not self._runtime.value.settings.is_production,
            )
        return data

    async def process_result(self, request: Request, result: ExecutionResult) -> GraphQLHTTPResponse:
        return cast("GraphQLHTTPResponse", self._shown(result.data, result.errors))

    def _shown(self, data: object, errors: Sequence[GraphQLError] | None) -> dict[str, object]:
        """Return a result as clients get it."""
        if not errors:
            return {"data": data}
        suggests = not self._runtime.value.settings.is_production
        return {"data": data, "errors": [format_error(error, suggests=suggests) for error in errors]}


class RuntimeHolder:
    """Gives the endpoint its runtime, which opens only when the application starts."""

    value: Runtime


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
    """Return the address of the client: the one that the router has signed, or else the peer of the connection."""
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
    return Response(error_body(code, message, details), status, headers, media_type="application/json")


def unauthenticated(_request: Request, error: Exception) -> Response:
    """Answer a request whose access token is not valid."""
    assert isinstance(error, Unauthenticated)  # noqa: S101 (registered for this type alone)
    return refusal(401, error.code, error.message, {"www-authenticate": "Bearer"})


def unavailable(_request: Request, error: Exception) -> Response:
    """Answer a request that cannot start because something is unavailable, and any such request of another route."""
    assert isinstance(error, Unavailable)  # noqa: S101 (registered for this type alone)
    return refusal(503, error.code, error.message, {"retry-after": str(RETRY_AFTER_SECONDS)})

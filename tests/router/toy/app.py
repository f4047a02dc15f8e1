"""Serves the stand-ins: `python -m tests.router.toy.app ROLE PORT`, where ROLE is people or order.

people answers user at /user/graphql and builder at /builder/graphql; /webhook/graphql answers garbage, of which
the `traceparent` may choose one, and /analytics/graphql never. order answers at /graphql. Nobody plays audit.
"""

import asyncio
import os
import sys
from collections.abc import Mapping

import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.responses import FileResponse, HTMLResponse
from strawberry.fastapi import GraphQLRouter
from strawberry.federation import Schema
from strawberry.http.streaming import HTTPStreamTransport, SSETransport
from strawberry.subscriptions import GRAPHQL_SSE_PROTOCOL

from tests.router.toy.orders import order_schema
from tests.router.toy.people import builder_schema, user_schema

HEARTBEAT_SECONDS = 0.5
INVALID_RESPONSES = [
    "",
    "null",
    "[]",
    "{}",
    '{"data": null}',
    '{"data": "text"}',
    '{"data": []}',
    '{"data": {}}',
    '{"data": {"_entities": null, "webhookHealth": 5}}',
    '{"data": {"_entities": [], "webhookHealth": 5}}',
    '{"data": {"_entities": [{"deliveries": "1"}, {"deliveries": "2"}], "webhookHealth": 5}}',
    '{"errors": []}',
    '{"errors": "text", "data": {}}',
    '{"errors": [{}], "data": {}}',
]
"""What webhook answers to a request whose `traceparent` is a number."""


class LineFeedSSETransport(SSETransport):
    """Strawberry's event stream, with the line ends that the router's parser understands, and more signs of life."""

    def __init__(self) -> None:
        super().__init__(heartbeat_interval=HEARTBEAT_SECONDS)

    def encode_event(self, event: str, data: str | None = None) -> str:
        return super().encode_event(event, data).replace("\r\n", "\n")

    def encode_comment(self, comment: str) -> str:
        return super().encode_comment(comment).replace("\r\n", "\n")


class StreamingRouter(GraphQLRouter[dict[str, object], None]):
    """A router whose subscriptions are answered as server-sent events."""

    stream_transport_classes_by_protocol: Mapping[str, type[HTTPStreamTransport]] = {
        GRAPHQL_SSE_PROTOCOL: LineFeedSSETransport
    }


def _router(schema: Schema) -> StreamingRouter:
    return StreamingRouter(schema, path="/graphql", subscription_protocols=(GRAPHQL_SSE_PROTOCOL,))


async def _garbage(request: Request) -> Response:
    number = request.headers.get("traceparent", "")
    if number.isdigit():
        return Response(INVALID_RESPONSES[int(number)], media_type="application/json")
    return HTMLResponse("<h1>Traceback</h1> postgres://admin:hunter2@db.internal:5432", status_code=500)


async def _keys() -> FileResponse:
    return FileResponse(os.environ["TOY_KEYS"], media_type="application/json")


async def _silence() -> None:
    await asyncio.Event().wait()


def application(role: str) -> FastAPI:
    """The ASGI application of one process of toys."""
    app = FastAPI()
    if role == "order":
        app.include_router(_router(order_schema))
        return app
    app.include_router(_router(user_schema), prefix="/user")
    app.include_router(_router(builder_schema), prefix="/builder")
    app.post("/webhook/graphql")(_garbage)
    app.post("/analytics/graphql")(_silence)
    app.get("/.well-known/jwks.json")(_keys)
    return app


if __name__ == "__main__":
    uvicorn.run(
        application(sys.argv[1]), host="127.0.0.1", port=int(sys.argv[2]), log_level="warning", timeout_keep_alive=75
    )

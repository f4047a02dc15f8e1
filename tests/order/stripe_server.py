"""A server on this machine that answers as Stripe does, as far as the adapter asks, and keeps what it was asked."""

import itertools
import time
import types
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, ForwardRef, Literal, Union, get_args, get_origin
from urllib.parse import parse_qsl

from fastapi import FastAPI, Request
from starlette.responses import JSONResponse
from stripe import StripeObject

from tests.support.apps import listen


def assert_form(kind: type[StripeObject], document: Mapping[str, Any]) -> None:
    """Fail where a document has a field, or a word, that Stripe's SDK does not know in an object of a kind."""
    known = {
        name: each for base in reversed(kind.__mro__) for name, each in vars(base).get("__annotations__", {}).items()
    }
    for name, value in document.items():
        assert name in known, f"{kind.__name__} has no {name}"
        words = _words(known[name])
        assert not words or value is None or value in words, f"{kind.__name__}.{name} cannot be {value!r}"


def _words(kind: Any) -> tuple[Any, ...]:
    if isinstance(kind, (str, ForwardRef)):
        return ()
    if get_origin(kind) is Literal:
        return get_args(kind)
    if get_origin(kind) in (Union, types.UnionType):
        parts = [part for part in get_args(kind) if part is not type(None)]
        return _words(parts[0]) if len(parts) == 1 else ()
    return ()


@dataclass
class StripeServer:
    """What the server has, and was asked; `failures` are answered first, each once: a status and an error."""

    url: str = ""
    asked: list[tuple[str, str | None, dict[str, str]]] = field(default_factory=list)
    failures: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    intents: dict[str, dict[str, Any]] = field(default_factory=dict)
    refunds: dict[str, dict[str, Any]] = field(default_factory=dict)
    by_key: dict[str, dict[str, Any]] = field(default_factory=dict)
    numbers: Any = field(default_factory=lambda: itertools.count(1))

    def intent(self, given: Mapping[str, str]) -> dict[str, Any]:
        key = f"pi_3Q{next(self.numbers):08}"
        made = {
            "id": key,
            "object": "payment_intent",
            "amount": int(given["amount"]),
            "amount_received": 0,
            "client_secret": f"{key}_secret_abc",
            "created": int(time.time()),
            "currency": given["currency"],
            "description": given["description"],
            "livemode": False,
            "metadata": {"order_id": given["metadata[order_id]"]},
            "receipt_email": given.get("receipt_email"),
            "status": "requires_payment_method",
        }
        return self.intents.setdefault(key, made)

    def refund(self, given: Mapping[str, str]) -> dict[str, Any]:
        key = f"re_3Q{next(self.numbers):08}"
        made = {
            "id": key,
            "object": "refund",
            "amount": int(given["amount"]),
            "created": int(time.time()),
            "currency": "eur",
            "metadata": {name: given[f"metadata[{name}]"] for name in ("order_id", "refund_id")},
            "payment_intent": given["payment_intent"],
            "status": "succeeded",
        }
        return self.refunds.setdefault(key, made)

    def answer(self, method: str, path: str, key: str | None, given: Mapping[str, str]) -> tuple[int, dict[str, Any]]:
        if self.failures:
            return self.failures.pop(0)
        if key is not None and key in self.by_key:
            return 200, self.by_key[key]
        match (method, path.removeprefix("/v1/").split("/")):
            case ("POST", ["payment_intents"]):
                made = self.intent(given)
            case ("POST", ["payment_intents", intent_id, "cancel"]):
                intent = self.intents[intent_id]
                if intent["status"] in ("succeeded", "processing", "canceled"):
                    error = {"code": "payment_intent_unexpected_state", "type": "invalid_request_error"}
                    return 400, {"error": error | {"message": "A customer's secret."}}
                intent["status"] = "canceled"
                return 200, intent
            case ("GET", ["payment_intents", intent_id]):
                return 200, self.intents[intent_id]
            case ("GET", ["refunds"]):
                rows = [each for each in self.refunds.values() if each["payment_intent"] == given["payment_intent"]]
                return 200, {"object": "list", "data": rows, "has_more": False, "url": "/v1/refunds"}
            case ("POST", ["refunds"]):
                made = self.refund(given)
            case _:
                return 404, {"error": {"code": "resource_missing", "type": "invalid_request_error"}}
        if key is not None:
            self.by_key[key] = dict(made)
        return 200, made


@asynccontextmanager
async def stripe_server() -> AsyncIterator[StripeServer]:
    """Serve it until the end of the block."""
    server, app = StripeServer(), FastAPI()

    @app.api_route("/v1/{path:path}", methods=["GET", "POST"])
    async def answer(request: Request) -> JSONResponse:
        given = dict(parse_qsl((await request.body()).decode())) | dict(request.query_params)
        key = request.headers.get("idempotency-key")
        if request.method == "POST":
            server.asked.append((request.url.path, key, given))
        status, body = server.answer(request.method, request.url.path, key, given)
        return JSONResponse(body, status, {"request-id": "req_1"})

    async with listen(app) as url:
        server.url = url
        yield server

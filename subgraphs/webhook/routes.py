"""REST of the webhook subgraph: where the outside world delivers."""

import datetime as dt

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from shared.core.scheduling import Priority, prioritised
from shared.graph.access import rule
from shared.http.endpoint import RuntimeHolder, client_address, refusal
from shared.security.pseudonyms import Pseudonymizer
from subgraphs.webhook.enums import WebhookSource
from subgraphs.webhook.errors import BadSignature, MalformedDelivery
from subgraphs.webhook.service.intake import Delivery, receive
from subgraphs.webhook.service.rejections import Rejections
from subgraphs.webhook.settings import WebhookSecrets

LARGEST_DELIVERY = 8 * 2**20
"""Bytes. An order of 500 lines has 1.5 MB, and twice as much once it is fulfilled."""
_SENDER = rule(remark="who signs with the sender's secret")


def routes(holder: RuntimeHolder) -> APIRouter:
    """Return the subgraph's REST routes."""
    router = APIRouter(prefix="/webhooks")

    async def take(source: WebhookSource, request: Request) -> Response:
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
            return refusal(415, "UNSUPPORTED_MEDIA_TYPE", "Send the delivery as `application/json`.")
        delivery = Delivery(source, request.headers, await request.body(), client_address(request))
        runtime = holder.value
        secrets = runtime.resource(WebhookSecrets)
        takes_tests = source is WebhookSource.STRIPE and secrets.takes_stripe_tests
        try:
            with prioritised(Priority.REQUEST):
                outcome = await receive(
                    runtime.database,
                    secrets,
                    runtime.resource(Pseudonymizer),
                    runtime.resource(Rejections),
                    delivery,
                    dt.datetime.now(dt.UTC),
                    takes_tests=takes_tests or not runtime.settings.is_production,
                )
        except BadSignature as error:
            return refusal(401, error.code, error.message)
        except MalformedDelivery as error:
            return refusal(400, error.code, error.message)
        return JSONResponse({"status": outcome.value})

    # Shopify names one address per subscription: both take any of its topics, so none is lost to a mix-up.
    @router.post("/shopify/orders", openapi_extra=_SENDER)
    @router.post("/shopify/products", openapi_extra=_SENDER)
    async def shopify(request: Request) -> Response:
        return await take(WebhookSource.SHOPIFY, request)

    @router.post("/stripe/payment", openapi_extra=_SENDER)
    async def stripe(request: Request) -> Response:
        return await take(WebhookSource.STRIPE, request)

    @router.post("/internal", openapi_extra=_SENDER)
    async def internal(request: Request) -> Response:
        return await take(WebhookSource.INTERNAL, request)

    return router

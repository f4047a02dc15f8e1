"""REST of the order subgraph: links by which mails about orders are ended (RFC 8058), and simulated payments."""

from collections.abc import Mapping
from typing import cast
from urllib.parse import parse_qsl

import orjson
from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from shared.core.errors import TooManyRequests
from shared.graph.access import rule
from shared.http.endpoint import RuntimeHolder, client_address, refusal
from subgraphs.order.enums import PaymentProviderKind
from subgraphs.order.payment_models import SimulatedPayment
from subgraphs.order.payments import simulated_page
from subgraphs.order.payments.simulated import CARD_BY_NUMBER, SimulatedProvider
from subgraphs.order.payments.simulated import PATH as PAYMENTS
from subgraphs.order.service.payments import Payments
from subgraphs.order.service.unsubscription import PATH, WINDOW_SECONDS, Unsubscriber

# Nothing is loaded, nothing runs, and the form is sent nowhere else.
HEADERS = {
    "content-security-policy": "default-src 'none'; form-action 'self'; frame-ancestors 'none'",
    "x-robots-tag": "noindex",
}
_PAGE = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{title}</title></head>
<body><main><h1>{title}</h1>{content}</main></body>
</html>
"""
_ASK = (
    "<p>You get no more mails about your orders. Mails about the security of an account are sent all the same.</p>"
    '<form method="post"><input type="hidden" name="List-Unsubscribe" value="One-Click">'
    '<button type="submit">Stop mails about orders</button></form>'
)
_DONE = "<p>You get no more mails about your orders. If you have an account, its preferences turn them on again.</p>"
_WRONG = "<p>Copy the whole link of the mail, and open it again.</p>"
_WAIT = "<p>Wait some minutes, and try again.</p>"


def routes(holder: RuntimeHolder) -> APIRouter:
    """Return the subgraph's REST routes."""
    router = APIRouter()
    _add_unsubscription(router, holder)
    _add_simulated_payments(router, holder)
    return router


def _add_unsubscription(router: APIRouter, holder: RuntimeHolder) -> None:
    async def answer(request: Request, token: str, *, stops: bool) -> HTMLResponse:
        unsubscriber = holder.value.resource(Unsubscriber)
        try:
            about = await unsubscriber.read(token, client_address(request))
        except TooManyRequests:
            return _page(429, "Too many requests", _WAIT, {"retry-after": str(WINDOW_SECONDS)})
        if about is None:
            return _page(404, "This link is not valid", _WRONG)
        if not stops:
            return _page(200, "Stop mails about orders?", _ASK)
        await unsubscriber.stop_mails(about)
        return _page(200, "Mails about orders are stopped", _DONE)

    holder_of_link = rule(remark="who holds the link of a mail")

    # Scanners follow the links of mails, so a GET changes nothing.
    @router.api_route(f"{PATH}{{token}}", methods=["GET", "HEAD"], openapi_extra=holder_of_link)
    async def ask(request: Request, token: str) -> HTMLResponse:
        return await answer(request, token, stops=False)

    @router.post(f"{PATH}{{token}}", openapi_extra=holder_of_link)
    async def stop(request: Request, token: str) -> HTMLResponse:
        """End the mails. The body, `List-Unsubscribe=One-Click`, is not read: it says nothing that POST does not."""
        return await answer(request, token, stops=True)


def _add_simulated_payments(router: APIRouter, holder: RuntimeHolder) -> None:
    """Serve the simulated provider's page, where that provider takes the payments, to who has a payment's secret.

    A page of another site cannot send the form for a visitor, since it does not know the secret.
    """
    holder_of_secret = rule(remark="who has the payment's client secret, where payments are simulated")

    async def opened(payment_id: str, secret: str) -> tuple[SimulatedProvider, SimulatedPayment] | None:
        runtime = holder.value
        if runtime.resource(Payments).of(PaymentProviderKind.SIMULATED) is None:
            return None
        provider = runtime.resource(SimulatedProvider)
        payment = await provider.opened(payment_id, secret)
        return (provider, payment) if payment is not None else None

    @router.get(f"{PAYMENTS}{{payment_id}}", openapi_extra=holder_of_secret)
    async def show(payment_id: str, secret: str = "") -> Response:
        found = await opened(payment_id, secret)
        if found is None:
            return _unknown_payment()
        return HTMLResponse(simulated_page.render(found[1], secret), headers=simulated_page.HEADERS)

    @router.post(f"{PAYMENTS}{{payment_id}}", openapi_extra=holder_of_secret)
    async def pay(request: Request, payment_id: str) -> Response:
        """Pay with `card`, or `answer` the bank with `approve` or `refuse`: as a form, or as JSON."""
        is_json = request.headers.get("content-type", "").partition(";")[0].strip().lower() == "application/json"
        fields = _fields(await request.body(), is_json=is_json)
        found = await opened(payment_id, fields.get("secret", ""))
        if found is None:
            return _unknown_payment()
        provider, payment = found
        card, answer = CARD_BY_NUMBER.get(fields.get("card", "").replace(" ", "")), fields.get("answer")
        if card is not None:
            payment = await provider.pay(payment.id, card)
        elif answer in ("approve", "refuse"):
            payment = await provider.confirm(payment.id, approved=answer == "approve")
        else:
            return refusal(400, "BAD_REQUEST", "Send `card`, one of the test cards, or `answer`: approve or refuse.")
        if is_json:
            error = {"code": payment.failure} if payment.failure is not None else None
            return JSONResponse({"id": payment.id, "status": payment.state.value, "error": error})
        # So that a reload pays nothing again.
        return RedirectResponse(f"{PAYMENTS}{payment.id}?secret={fields['secret']}", 303, simulated_page.HEADERS)


def _unknown_payment() -> Response:
    return refusal(404, "NOT_FOUND", "There is no such payment, or the secret is wrong.")


def _fields(body: bytes, *, is_json: bool) -> Mapping[str, str]:
    """Return the texts that a body names; what cannot be read names none."""
    if not is_json:
        return dict(parse_qsl(body.decode("ascii", "replace")))
    try:
        document: object = orjson.loads(body)
    except orjson.JSONDecodeError:
        return {}
    given = cast("dict[str, object]", document) if isinstance(document, dict) else {}
    return {name: value for name, value in given.items() if isinstance(value, str)}


def _page(status: int, title: str, content: str, more: dict[str, str] | None = None) -> HTMLResponse:
    return HTMLResponse(_PAGE.format(title=title, content=content), status, HEADERS | (more or {}))

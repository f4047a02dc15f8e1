"""REST of the order subgraph: the links by which mails about orders are ended (RFC 8058)."""

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

from shared.core.errors import TooManyRequests
from shared.graph.access import rule
from shared.http.endpoint import RuntimeHolder, client_address
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

    return router


def _page(status: int, title: str, content: str, more: dict[str, str] | None = None) -> HTMLResponse:
    return HTMLResponse(_PAGE.format(title=title, content=content), status, HEADERS | (more or {}))

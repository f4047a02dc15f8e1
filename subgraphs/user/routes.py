"""REST of the user subgraph: the public keys that verify access tokens, and pictures of users."""

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from shared.core.errors import TooManyRequests
from shared.graph.access import ANYBODY, rule
from shared.http.endpoint import RuntimeHolder, client_address, refusal, too_many_requests
from subgraphs.user.service.avatars import Avatars
from subgraphs.user.service.keys import KeyRing

# The address names the picture: the same bytes for ever. Only the person's own programs keep them.
HEADERS = {
    "cache-control": "private, max-age=31536000, immutable",
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; sandbox",
    "cross-origin-resource-policy": "cross-origin",
}
UNKEPT = {"cache-control": "no-store", "x-content-type-options": "nosniff"}


def routes(holder: RuntimeHolder) -> APIRouter:
    """Return the subgraph's REST routes."""
    router = APIRouter()

    @router.get("/.well-known/jwks.json", openapi_extra=ANYBODY)
    async def jwks() -> JSONResponse:
        ring = holder.value.resource(KeyRing)
        # Who asks may have been shown a key that another process has made this very moment.
        await ring.refresh(oldest=0)
        return JSONResponse(ring.jwks(), headers={"cache-control": "public, max-age=60"})

    @router.api_route(
        "/avatars/{name}.jpg", methods=["GET", "HEAD"], openapi_extra=rule(remark="who holds an `avatarUrl`")
    )
    async def avatar(request: Request, name: str) -> Response:
        """Show a picture to whoever holds its address."""
        try:
            picture = await holder.value.resource(Avatars).show(name, client_address(request))
        except TooManyRequests as error:
            return too_many_requests(error, UNKEPT)
        if picture is None:
            return refusal(
                404, "NOT_FOUND", "The picture does not exist (any more); request a new `avatarUrl`.", UNKEPT
            )
        return Response(picture, headers=HEADERS, media_type="image/jpeg")

    return router

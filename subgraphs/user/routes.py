"""REST of the user subgraph: the public keys that verify access tokens."""

from fastapi import APIRouter
from starlette.responses import JSONResponse

from shared.graph.access import ANYBODY
from shared.http.endpoint import RuntimeHolder
from subgraphs.user.service.keys import KeyRing


def routes(holder: RuntimeHolder) -> APIRouter:
    """Return the subgraph's REST routes."""
    router = APIRouter()

    @router.get("/.well-known/jwks.json", openapi_extra=ANYBODY)
    async def jwks() -> JSONResponse:
        ring = holder.value.resource(KeyRing)
        # Who asks may have been shown a key that another process has made this very moment.
        await ring.refresh(oldest=0)
        return JSONResponse(ring.jwks(), headers={"cache-control": "public, max-age=60"})

    return router

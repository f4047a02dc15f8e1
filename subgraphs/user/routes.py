"""REST of the user room: the public keys that verify access tokens."""

from fastapi import APIRouter
from starlette.responses import JSONResponse

from shared.http import RuntimeHolder
from subgraphs.user.service.keys import KeyRing


def routes(holder: RuntimeHolder) -> APIRouter:
    """Return the room's REST routes."""
    router = APIRouter()

    @router.get("/.well-known/jwks.json")
    async def jwks() -> JSONResponse:
        keys = holder.value.resource(KeyRing).jwks()
        return JSONResponse(keys, headers={"cache-control": "public, max-age=60"})

    return router

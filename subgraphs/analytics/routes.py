"""REST of the analytics room: the address that browsers' beacons are sent to."""

from typing import Any

import orjson
from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from shared.errors import InvalidInput
from shared.http import RuntimeHolder, refusal
from subgraphs.analytics.enums import EventStatus
from subgraphs.analytics.errors import RETRY_AFTER_SECONDS, IntakeFull
from subgraphs.analytics.service.intake import Intake, track_events

# `navigator.sendBeacon` sends a text as text/plain, which browsers let pass between sites without asking first.
BEACON_TYPES = frozenset({"application/json", "text/plain"})


def routes(holder: RuntimeHolder) -> APIRouter:
    """Return the room's REST routes."""
    router = APIRouter()

    @router.post("/collect")
    async def collect(request: Request) -> Response:
        """Take in `{"events": […]}`, as `eventsTrack` does; answers 202 and how many of each verdict."""
        runtime = holder.value
        viewer = await runtime.verifier.viewer(request.headers.get("authorization"))
        media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if media_type not in BEACON_TYPES:
            return refusal(415, "UNSUPPORTED_MEDIA_TYPE", "Send JSON as application/json or text/plain.")
        try:
            events = _events(await request.body())
            verdicts = await track_events(runtime.database, runtime.resource(Intake), viewer.id, events, "events")
        except IntakeFull as error:
            return refusal(429, error.code, error.message, {"retry-after": str(RETRY_AFTER_SECONDS)})
        except InvalidInput as error:
            return refusal(400, error.code, error.message)
        statuses = [verdict.status for verdict in verdicts]
        counts = {
            "accepted": statuses.count(EventStatus.ACCEPTED),
            "duplicates": statuses.count(EventStatus.DUPLICATE),
            "rejected": statuses.count(EventStatus.REJECTED),
        }
        return JSONResponse(counts, 202)

    return router


def _events(body: bytes) -> list[Any]:
    try:
        given = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise InvalidInput("The body is not valid JSON in UTF-8.") from None
    events = given.get("events") if isinstance(given, dict) else None
    if not isinstance(events, list):
        raise InvalidInput("The body must be an object with a list `events`.")
    return events

"""REST of the analytics room: the address that browsers' beacons are sent to."""

import asyncio
import datetime as dt

import orjson
from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from shared.errors import InvalidInput
from shared.http import RuntimeHolder, refusal
from shared.middleware import LARGEST_BODY
from shared.moments import parse_moment
from subgraphs.analytics.enums import EventStatus
from subgraphs.analytics.errors import RETRY_AFTER_SECONDS, IntakeFull
from subgraphs.analytics.service.intake import Intake, Sent, not_to_be_tracked, track_events
from subgraphs.analytics.service.recording import Recorder

# `navigator.sendBeacon` sends a text as text/plain, which browsers let pass between sites without asking first.
BEACON_TYPES = frozenset({"application/json", "text/plain"})
BODY_SECONDS = 10
COUNTS = {
    "accepted": EventStatus.ACCEPTED,
    "duplicates": EventStatus.DUPLICATE,
    "ignored": EventStatus.IGNORED,
    "rejected": EventStatus.REJECTED,
}


def routes(holder: RuntimeHolder) -> APIRouter:
    """Return the room's REST routes."""
    router = APIRouter()

    @router.post("/collect")
    async def collect(request: Request) -> Response:
        """Take in `{"events": […], "sentAt": …, "doNotTrack": …}`, as `eventsTrack` does; answers 202 and counts."""
        runtime = holder.value
        viewer = await runtime.verifier.viewer(request.headers.get("authorization"))
        media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if media_type not in BEACON_TYPES:
            return refusal(415, "UNSUPPORTED_MEDIA_TYPE", "Send JSON as application/json or text/plain.")
        try:
            # Before the body is read: what there is no room for must not take any.
            with runtime.resource(Intake).place(_length(request)):
                async with asyncio.timeout(BODY_SECONDS):
                    body = await request.body()
                sent = _sent(body, request)
                verdicts = await track_events(runtime.resource(Recorder), viewer.id, sent, "events")
        except IntakeFull as error:
            return refusal(429, error.code, error.message, {"retry-after": str(RETRY_AFTER_SECONDS)})
        except InvalidInput as error:
            return refusal(400, error.code, error.message)
        except TimeoutError:
            return refusal(408, "REQUEST_TIMEOUT", f"Send the body within {BODY_SECONDS} s.")
        statuses = [verdict.status for verdict in verdicts]
        return JSONResponse({name: statuses.count(status) for name, status in COUNTS.items()}, 202)

    return router


def _length(request: Request) -> int:
    declared = request.headers.get("content-length", "")
    # The body limit has refused what is longer, and stops what grows longer.
    return int(declared) if declared.isdecimal() else LARGEST_BODY


def _sent(body: bytes, request: Request) -> Sent:
    try:
        given = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise InvalidInput("The body is not valid JSON in UTF-8.") from None
    events = given.get("events") if isinstance(given, dict) else None
    if not isinstance(events, list):
        raise InvalidInput("The body must be an object with a list `events`.")
    opted_out = given.get("doNotTrack", False)
    if not isinstance(opted_out, bool):
        raise InvalidInput("`doNotTrack` must be true or false.")
    return Sent(events, _sent_at(given.get("sentAt")), opted_out or not_to_be_tracked(request.headers))


def _sent_at(given: object) -> dt.datetime | None:
    if given is None:
        return None
    try:
        return parse_moment(given if isinstance(given, str) else "")
    except ValueError:
        raise InvalidInput("`sentAt` must be an ISO 8601 moment such as `2026-05-01T12:00:00Z`.") from None

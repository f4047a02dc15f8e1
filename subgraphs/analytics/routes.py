"""REST of the analytics subgraph: the address that browsers' beacons are sent to, and the files of exports."""

import asyncio
import datetime as dt

import orjson
from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from shared.core.errors import InvalidInput, TooManyRequests
from shared.graph.access import rule
from shared.graph.datetimes import parse_datetime
from shared.http.byte_ranges import Unsatisfiable, read_range
from shared.http.endpoint import RuntimeHolder, client_address, refusal, too_many_requests
from shared.http.middleware import LARGEST_BODY
from subgraphs.analytics.enums import EventStatus
from subgraphs.analytics.service.event_storage import Recorder
from subgraphs.analytics.service.exports.downloads import Downloads
from subgraphs.analytics.service.exports.formats import FORMATS
from subgraphs.analytics.service.intake_limits import IntakeLimits
from subgraphs.analytics.service.tracking import Intake, Sent, is_ignored, track_events
from subgraphs.analytics.types import READ

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
    """Return the subgraph's REST routes."""
    router = APIRouter()

    @router.post("/collect", openapi_extra=rule(remark="events of a user by that user alone"))
    async def collect(request: Request) -> Response:
        """Take in `{"events": […], "sentAt": …, "doNotTrack": …}`, as `eventsTrack` does; answers 202 and counts."""
        runtime = holder.value
        viewer = await runtime.verifier.viewer(request.headers.get("authorization"))
        media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if media_type not in BEACON_TYPES:
            return refusal(415, "UNSUPPORTED_MEDIA_TYPE", "Send JSON as application/json or text/plain.")
        try:
            # Before the body is read: what there is no capacity for must not take any.
            with runtime.resource(Intake).place(_length(request)):
                async with asyncio.timeout(BODY_SECONDS):
                    body = await request.body()
                sent = _sent(body, request)
                await runtime.resource(IntakeLimits).count_events(viewer.id, client_address(request), len(sent.events))
                verdicts = await track_events(runtime.resource(Recorder), viewer.id, sent, "events")
        except TooManyRequests as error:
            return too_many_requests(error)
        except InvalidInput as error:
            return refusal(400, error.code, error.message)
        except TimeoutError:
            return refusal(408, "REQUEST_TIMEOUT", f"Send the body within {BODY_SECONDS} s.")
        statuses = [verdict.status for verdict in verdicts]
        return JSONResponse({name: statuses.count(status) for name, status in COUNTS.items()}, 202)

    @router.api_route(
        "/exports/{export_id}",
        methods=["GET", "HEAD"],
        openapi_extra=rule(scope=READ, remark="or who holds a `downloadUrl` until it is over"),
    )
    async def download(request: Request, export_id: str) -> Response:
        """Send the file of an export, or a range of it, to holders of `analytics:read` and of a `downloadUrl`."""
        runtime = holder.value
        downloads = runtime.resource(Downloads)
        viewer = await runtime.verifier.viewer(request.headers.get("authorization"))
        given = request.query_params
        try:
            await runtime.resource(IntakeLimits).count_file(client_address(request))
        except TooManyRequests as error:
            return too_many_requests(error)
        reader = viewer.id if viewer.has_scope(READ) else None
        linked = given.get("for", "")
        if downloads.opens(export_id, linked, given.get("expires", ""), given.get("signature", "")):
            reader = linked
        export = await downloads.find(export_id) if reader is not None else None
        if export is None or reader is None:
            return refusal(
                404, "NOT_FOUND", "The file does not exist or its link has expired; request a new `downloadUrl`."
            )
        etag = f'"{export_id}"'
        headers = {"etag": etag, "accept-ranges": "bytes"}
        if request.headers.get("if-none-match", "") == etag:
            return Response(status_code=304, headers=headers)
        try:
            # A range of another file than this one is the whole of this one (RFC 9110, 13.1.5).
            same = request.headers.get("if-range", etag) == etag
            part = read_range(request.headers.get("range"), export.bytes) if same else None
        except Unsatisfiable:
            headers["content-range"] = f"bytes */{export.bytes}"
            return refusal(416, "RANGE_NOT_SATISFIABLE", f"The file has {export.bytes} bytes.", headers)
        first, end = part or (0, export.bytes)
        kind = FORMATS[export.format]
        headers |= {
            "content-type": kind.media_type,
            "content-length": str(end - first),
            "content-disposition": f'attachment; filename="events-{export_id}.{kind.suffix}"',
        }
        if part is not None:
            headers["content-range"] = f"bytes {first}-{end - 1}/{export.bytes}"
        status = 200 if part is None else 206
        if request.method == "HEAD":
            return Response(status_code=status, headers=headers)
        await downloads.note(export_id, reader, given.get("signature", "") if linked == reader else "")
        return StreamingResponse(downloads.content(export_id, first, end), status, headers)

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
    return Sent(events, _sent_at(given.get("sentAt")), opted_out or is_ignored(request.headers))


def _sent_at(given: object) -> dt.datetime | None:
    if given is None:
        return None
    try:
        return parse_datetime(given if isinstance(given, str) else "")
    except ValueError:
        raise InvalidInput("`sentAt` must be a time of RFC 3339 such as `2026-05-01T12:00:00Z`.") from None

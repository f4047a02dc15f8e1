"""REST of the builder subgraph: pictures of designs, shared designs, presets, products and unsaved configurations."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from shared.core.errors import TooManyRequests
from shared.graph.access import ANYBODY, rule
from shared.http.endpoint import RuntimeHolder, client_address, refusal, too_many_requests
from subgraphs.builder.enums import PreviewFormat
from subgraphs.builder.loaders import READ
from subgraphs.builder.service.previews import DEFAULT_SIZE, NAME, SIZES, SIZES_RULE, Previews, Subject

# A design may change, or be closed to the viewer, at any moment: caches ask first, and an answer of 304 costs nothing.
PRIVATE = "private, no-cache"
PUBLIC = "public, max-age=300"
# An address that names the picture it gets: the same bytes for ever.
_LASTING = "max-age=31536000, immutable"
MEDIA_TYPES = {PreviewFormat.PNG: "image/png", PreviewFormat.SVG: "image/svg+xml"}
HEADERS = {
    "x-content-type-options": "nosniff",
    # A drawing is opened as a page too: it runs nothing, and asks for nothing.
    "content-security-policy": "default-src 'none'; sandbox",
    "cross-origin-resource-policy": "cross-origin",
}

UNKEPT = {"cache-control": "no-store", "x-content-type-options": "nosniff"}


def routes(holder: RuntimeHolder) -> APIRouter:
    """Return the subgraph's REST routes."""
    router = APIRouter()

    async def show(request: Request, subject: Subject | None, form: PreviewFormat, caching: str) -> Response:
        previews = holder.value.resource(Previews)
        try:
            await previews.count(client_address(request))
        except TooManyRequests as error:
            return too_many_requests(error, UNKEPT)
        size = _size(request)
        if size is None:
            return refusal(400, "INVALID_INPUT", SIZES_RULE, UNKEPT)
        if subject is None:
            return refusal(
                404,
                "NOT_FOUND",
                "The picture does not exist or its link has expired; request a new `previewUrl`.",
                UNKEPT,
            )
        etag = subject.etag(form, size)
        named = request.query_params.get(NAME) == subject.name
        lasting = f"{caching.partition(',')[0]}, {_LASTING}"
        headers = HEADERS | {"etag": etag, "cache-control": lasting if named else caching}
        if caching == PRIVATE:
            headers["vary"] = "authorization"
        if _has(request, etag):
            return Response(status_code=304, headers=headers)
        try:
            if subject.is_unsaved and form is PreviewFormat.PNG:
                await previews.count_unsaved(client_address(request))
        except TooManyRequests as error:
            return too_many_requests(error, UNKEPT)
        picture = await previews.picture(subject, form, size)
        return Response(picture, headers=headers, media_type=MEDIA_TYPES[form])

    @router.api_route(
        "/designs/{design_id}/preview.{form}",
        methods=["GET", "HEAD"],
        openapi_extra=rule(owner=True, scope=READ, remark="or who holds a `previewUrl`"),
    )
    async def design(request: Request, design_id: str, form: PreviewFormat) -> Response:
        """Show a design to its owner, to staff, and to whoever holds a `previewUrl` of it."""
        runtime = holder.value
        previews = runtime.resource(Previews)
        viewer = await runtime.verifier.viewer(request.headers.get("authorization"))
        given = request.query_params
        subject = await previews.design(viewer, design_id, given.get(NAME, ""), given.get("signature", ""))
        return await show(request, subject, form, PRIVATE)

    @router.api_route(
        "/shared/{token}/preview.{form}",
        methods=["GET", "HEAD"],
        openapi_extra=rule(remark="who holds the link's token"),
    )
    async def shared(request: Request, token: str, form: PreviewFormat) -> Response:
        """Show a design to whoever holds a link's token."""
        return await show(request, await holder.value.resource(Previews).shared(token), form, PRIVATE)

    @router.api_route("/presets/{preset_id}/preview.{form}", methods=["GET", "HEAD"], openapi_extra=ANYBODY)
    async def preset(request: Request, preset_id: str, form: PreviewFormat) -> Response:
        """Show a preset to anybody."""
        return await show(request, await holder.value.resource(Previews).preset(preset_id), form, PUBLIC)

    @router.api_route("/preset-versions/{version_id}/preview.{form}", methods=["GET", "HEAD"], openapi_extra=ANYBODY)
    async def preset_version(request: Request, version_id: str, form: PreviewFormat) -> Response:
        """Show a version of a preset to anybody."""
        return await show(request, await holder.value.resource(Previews).preset_version(version_id), form, PUBLIC)

    @router.api_route("/products/{product_id}/preview.{form}", methods=["GET", "HEAD"], openapi_extra=ANYBODY)
    async def product(request: Request, product_id: str, form: PreviewFormat) -> Response:
        """Show a product to anybody."""
        return await show(request, await holder.value.resource(Previews).product(product_id), form, PUBLIC)

    @router.api_route(
        "/configurations/{content}/preview.{form}",
        methods=["GET", "HEAD"],
        openapi_extra=rule(remark="who holds a `previewUrl`"),
    )
    async def configuration(request: Request, content: str, form: PreviewFormat) -> Response:
        """Show an unsaved configuration to whoever holds a `previewUrl` of it, which contains it."""
        signature = request.query_params.get("signature", "")
        return await show(request, holder.value.resource(Previews).config(content, signature), form, PUBLIC)

    return router


def _size(request: Request) -> int | None:
    given = request.query_params.getlist("size")
    if not given:
        return DEFAULT_SIZE
    known = {str(size): size for size in SIZES}
    return known.get(given[0]) if len(given) == 1 else None


def _has(request: Request, etag: str) -> bool:
    """Tell whether the client has the picture; entity tags are compared weakly, as RFC 9110 wants here."""
    named = [tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")]
    return etag in named or named == ["*"]

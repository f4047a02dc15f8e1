"""What the builder adds to the lines of orders: the picture of what was ordered."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Self

import strawberry
from strawberry import federation

from shared.core.ids import is_id
from shared.graph.access import rule
from shared.graph.context import Info
from shared.graph.references import Stub
from shared.security.signed_ids import SignedIds
from subgraphs.builder import models
from subgraphs.builder.enums import PreviewFormat
from subgraphs.builder.loaders import DesignById, PresetVersionById
from subgraphs.builder.service.previews import DEFAULT_SIZE, Previews
from subgraphs.builder.shop_types import Form, Side, picture_name, previews_of


@federation.type(keys=["id"])
class OrderLine(Stub, prefix="oln"):
    id: strawberry.ID = strawberry.field(description="The line's id, `oln_…`.")
    pictured: str | None = federation.field(
        default=None, external=True, description="What the line shows, signed by the order subgraph."
    )

    @federation.field(
        requires=["pictured"],
        description="The URL of a picture of what was ordered, for use in `<img>`, also for guests of the order. It "
        "changes exactly when the picture does. Null for a product without a design, and for a design that is not the "
        "customer's.",
        metadata=rule(remark="who sees the line"),
    )
    def preview_url(self, info: Info, format: Form = PreviewFormat.PNG, size: Side = DEFAULT_SIZE) -> str | None:
        previews = previews_of(info, size)
        key = info.context.resource(SignedIds).read(self.pictured or "")
        if key is not None and is_id("des", key):
            return info.context.loader(DesignById).then(key, partial(_of_design, previews, format, size))
        if key is not None and is_id("prv", key):
            return info.context.loader(PresetVersionById).then(key, partial(_of_version, previews, format, size))
        return None

    @classmethod
    async def resolve_required(cls, info: Info, given: Sequence[Mapping[str, object]]) -> list[Self | None]:
        """Return the line of each representation, with what the order subgraph says that it shows."""
        lines = await cls.resolve_references(info, [str(each["id"]) for each in given])
        for line, each in zip(lines, given, strict=True):
            pictured = each.get("pictured")
            if line is not None and isinstance(pictured, str):
                line.pictured = pictured
        return lines


def _of_design(previews: Previews, form: PreviewFormat, size: int, row: models.SavedDesign | None) -> str | None:
    return previews.url_of_design(row.id, picture_name(row.config), form, size) if row is not None else None


def _of_version(previews: Previews, form: PreviewFormat, size: int, row: models.PresetVersion | None) -> str | None:
    if row is None:
        return None
    return previews.url_of(f"preset-versions/{row.id}", picture_name(row.config), form, size)

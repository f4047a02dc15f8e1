"""What is stored of designs: the designs themselves, presets to start from, and the shop's products."""

import datetime as dt
from typing import Annotated, TypeAlias

from sqlalchemy import (
    BigInteger,
    Computed,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from shared.database import database, idempotency
from shared.database.text_search import words_of
from shared.events import outbox
from shared.graph.money import CurrencyCode
from shared.live import entity_changes
from subgraphs.builder.catalogue.config import ConfigData
from subgraphs.builder.enums import Color, DesignStatus, Material, PresetCategory, ProductKind, ShareMode


class Base(database.Base):
    __abstract__ = True
    metadata = outbox.subgraph_metadata()


idempotency.add_table(Base.metadata)
entity_changes.add_tables(Base.metadata)

PresetPrice: TypeAlias = Annotated[int | None, mapped_column(BigInteger)]
_IN_SHOP = text("archived_at IS NULL")


class Product(Base):
    """A mirror of the shop's catalogue: names and texts. What a product allows stands in `catalogue`."""

    __tablename__ = "product"

    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[ProductKind] = mapped_column(unique=True)
    handle: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    description: Mapped[str]
    # The product's id in the shop that is mirrored.
    external_id: Mapped[str | None] = mapped_column(unique=True)
    # That shop: no other may change it.
    shop: Mapped[str | None]
    active: Mapped[bool] = mapped_column(default=True)
    # The shop's own time of what is shown here, where it has told anything.
    told_at: Mapped[dt.datetime | None]
    updated_at: Mapped[dt.datetime] = mapped_column(server_default=func.now())


class ProductReport(Base):
    """What a shop reported last of a product of its own; several may have had one handle, one after the other."""

    __tablename__ = "product_report"

    external_id: Mapped[str] = mapped_column(primary_key=True)
    shop: Mapped[str | None]
    handle: Mapped[str | None] = mapped_column(index=True)
    title: Mapped[str | None]
    description: Mapped[str | None]
    active: Mapped[bool]
    # The shop's own time of what it reported, and when it sent that; null where it only reported that it is gone.
    told_at: Mapped[dt.datetime | None]
    sent_at: Mapped[dt.datetime | None]
    gone_at: Mapped[dt.datetime | None]


class BuilderPreset(Base):
    __tablename__ = "builder_preset"

    id: Mapped[str] = mapped_column(primary_key=True)
    # Its name in URLs, which stays when it is renamed; null where an earlier version made it.
    handle: Mapped[str | None] = mapped_column(unique=True)
    name: Mapped[str]
    category: Mapped[PresetCategory]
    product_kind: Mapped[ProductKind]
    config: Mapped[ConfigData] = mapped_column(JSONB)
    position: Mapped[int]
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    archived_at: Mapped[dt.datetime | None]
    created_at: Mapped[dt.datetime] = mapped_column(server_default=func.now())
    # What lists are filtered by, of the configuration.
    material: Mapped[Material] = mapped_column(Computed("config ->> 'material'", persisted=True))
    primary_color: Mapped[Color] = mapped_column(Computed("config ->> 'primary_color'", persisted=True))
    # What a piece costs in minor units, by the catalogue that `priced_by` names; null where that does not offer it, and
    # where an earlier version wrote the preset (`service/preset_prices.py`).
    price_eur: Mapped[PresetPrice]
    price_gbp: Mapped[PresetPrice]
    price_usd: Mapped[PresetPrice]
    price_chf: Mapped[PresetPrice]
    price_jpy: Mapped[PresetPrice]
    priced_by: Mapped[str | None]
    # Pieces sold of it and of designs that started with it (`service/preset_sales.py`).
    units_sold: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")

    __table_args__ = (
        Index(None, "position", "id"),
        Index(None, "category", "position", "id"),
        Index("builder_preset_archived", "archived_at", "id", postgresql_where=text("archived_at IS NOT NULL")),
        *[
            Index(f"builder_preset_in_shop_{name}", name, *after, postgresql_where=_IN_SHOP)
            for name, after in {
                "product_kind": ("position", "id"),
                "material": ("position", "id"),
                "primary_color": ("position", "id"),
                "price_eur": ("id",),
                "price_gbp": ("id",),
                "price_usd": ("id",),
                "price_chf": ("id",),
                "price_jpy": ("id",),
                "priced_by": (),
                "units_sold": ("id",),
            }.items()
        ],
        Index("builder_preset_words", words_of("name"), postgresql_using="gin"),
    )


class PresetVersion(Base):
    """What a preset was in one of its versions, so that what was ordered of it can be made however it changes later."""

    __tablename__ = "preset_version"

    # Made of the preset's id and the version (`id_of_version`), so that an order can name it.
    id: Mapped[str] = mapped_column(primary_key=True)
    preset_id: Mapped[str] = mapped_column(ForeignKey(BuilderPreset.id))
    version: Mapped[int]
    name: Mapped[str]
    product_kind: Mapped[ProductKind]
    config: Mapped[ConfigData] = mapped_column(JSONB)

    __table_args__ = (UniqueConstraint("preset_id", "version"),)


class PresetOrder(Base):
    """What an order holds of presets, as far as it counts for them."""

    __tablename__ = "preset_order"

    order_id: Mapped[str] = mapped_column(primary_key=True)
    # Pieces by the preset's id.
    units: Mapped[dict[str, int]] = mapped_column(JSONB)
    # Whether they are counted in `builder_preset.units_sold`.
    is_sold: Mapped[bool]


class SavedDesign(Base):
    __tablename__ = "saved_design"

    id: Mapped[str] = mapped_column(primary_key=True)
    owner_id: Mapped[str]
    name: Mapped[str]
    product_kind: Mapped[ProductKind]
    config: Mapped[ConfigData] = mapped_column(JSONB)
    price_minor: Mapped[int]
    currency: Mapped[CurrencyCode]
    status: Mapped[DesignStatus] = mapped_column(default=DesignStatus.DRAFT)
    version: Mapped[int] = mapped_column(default=1)
    # The version that brought the present configuration, by which the price of an earlier one is not that of this.
    config_version: Mapped[int] = mapped_column(default=1, server_default="1")
    preset_id: Mapped[str | None] = mapped_column(ForeignKey(BuilderPreset.id))
    created_at: Mapped[dt.datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[dt.datetime] = mapped_column(server_default=func.now())

    __table_args__ = (
        Index(None, "owner_id", "created_at", "id"),
        Index(None, "owner_id", "updated_at", "id"),
        Index(None, "created_at", "id"),
        Index(None, "updated_at", "id"),
        Index(None, "name", "id"),
        Index(None, "status", "created_at", "id"),
        Index(None, "product_kind", "created_at", "id"),
        Index("saved_design_words", words_of("name"), postgresql_using="gin"),
    )


class DesignShare(Base):
    """A link by which others see a design. Only a digest of its token is stored."""

    __tablename__ = "design_share"

    id: Mapped[str] = mapped_column(primary_key=True)
    design_id: Mapped[str] = mapped_column(ForeignKey(SavedDesign.id, ondelete="CASCADE"))
    mode: Mapped[ShareMode]
    token_digest: Mapped[str] = mapped_column(unique=True)
    views: Mapped[int] = mapped_column(default=0, server_default="0")
    created_at: Mapped[dt.datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[dt.datetime | None]
    revoked_at: Mapped[dt.datetime | None]

    __table_args__ = (Index(None, "design_id", "created_at", "id"),)


class Preview(Base):
    """A cache of pictures, named by what they show. Any row may be deleted at any time."""

    __tablename__ = "preview"

    content_hash: Mapped[str] = mapped_column(primary_key=True)
    size: Mapped[int] = mapped_column(primary_key=True)
    png: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[dt.datetime] = mapped_column(server_default=func.now(), index=True)


class DesignPicture(Base):
    """That a picture was kept for a design, in its present or an earlier configuration: it goes with the design."""

    __tablename__ = "design_picture"

    content_hash: Mapped[str] = mapped_column(primary_key=True)
    size: Mapped[int] = mapped_column(primary_key=True)
    design_id: Mapped[str] = mapped_column(primary_key=True, index=True)

    __table_args__ = (
        ForeignKeyConstraint(["content_hash", "size"], [Preview.content_hash, Preview.size], ondelete="CASCADE"),
    )

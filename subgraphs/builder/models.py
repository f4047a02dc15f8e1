"""What is stored of designs: the designs themselves, presets to start from, and the shop's products."""

import datetime as dt

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, LargeBinary, UniqueConstraint, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from shared.database import database, idempotency
from shared.events import outbox
from shared.graph.money import CurrencyCode
from subgraphs.builder.catalogue.config import ConfigData
from subgraphs.builder.enums import DesignStatus, PresetCategory, ProductKind, ShareMode


class Base(database.Base):
    __abstract__ = True
    metadata = outbox.subgraph_metadata()


idempotency.add_table(Base.metadata)


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
    name: Mapped[str]
    category: Mapped[PresetCategory]
    product_kind: Mapped[ProductKind]
    config: Mapped[ConfigData] = mapped_column(JSONB)
    position: Mapped[int]
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    archived_at: Mapped[dt.datetime | None]
    created_at: Mapped[dt.datetime] = mapped_column(server_default=func.now())

    __table_args__ = (Index(None, "position", "id"), Index(None, "category", "position", "id"))


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

    __table_args__ = (Index(None, "owner_id", "created_at", "id"), Index(None, "owner_id", "updated_at", "id"))


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

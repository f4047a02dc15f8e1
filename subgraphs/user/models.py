"""What is stored of users: profile, credentials apart from it, preferences, sessions and signing keys."""

import datetime as dt

from sqlalchemy import ForeignKey, Index, Text, func
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from shared import database, outbox
from shared.money import CurrencyCode
from subgraphs.user.enums import PetSize, PetSpecies, Theme


class Base(database.Base):
    __abstract__ = True
    metadata = outbox.room_metadata()


class UserProfile(Base):
    __tablename__ = "user_profile"

    id: Mapped[str] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    avatar_url: Mapped[str | None]
    roles: Mapped[list[str]] = mapped_column(ARRAY(Text))
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[dt.datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[dt.datetime] = mapped_column(server_default=func.now())

    __table_args__ = (Index(None, "created_at", "id"), Index(None, "name"))


class UserCredential(Base):
    __tablename__ = "user_credential"

    user_id: Mapped[str] = mapped_column(ForeignKey(UserProfile.id, ondelete="CASCADE"), primary_key=True)
    password_hash: Mapped[str]
    changed_at: Mapped[dt.datetime] = mapped_column(server_default=func.now())


class UserPreferences(Base):
    __tablename__ = "user_preferences"

    user_id: Mapped[str] = mapped_column(ForeignKey(UserProfile.id, ondelete="CASCADE"), primary_key=True)
    locale: Mapped[str] = mapped_column(default="en-GB")
    currency: Mapped[CurrencyCode] = mapped_column(default=CurrencyCode.EUR)
    theme: Mapped[Theme] = mapped_column(default=Theme.SYSTEM)
    marketing_emails: Mapped[bool] = mapped_column(default=False)
    order_emails: Mapped[bool] = mapped_column(default=True)
    pet_species: Mapped[PetSpecies | None]
    pet_breed: Mapped[str | None]
    pet_size: Mapped[PetSize | None]
    version: Mapped[int] = mapped_column(default=1)


class UserSession(Base):
    __tablename__ = "user_session"

    id: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey(UserProfile.id, ondelete="CASCADE"), index=True)
    device: Mapped[str]
    created_at: Mapped[dt.datetime] = mapped_column(server_default=func.now())
    last_seen_at: Mapped[dt.datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[dt.datetime]
    revoked_at: Mapped[dt.datetime | None]


class SigningKey(Base):
    __tablename__ = "signing_key"

    kid: Mapped[str] = mapped_column(primary_key=True)
    # The private key as a PEM, encrypted under a key derived from PETPLUS_SECRET_KEY.
    sealed_pem: Mapped[str]
    created_at: Mapped[dt.datetime] = mapped_column(server_default=func.now())
    retired_at: Mapped[dt.datetime | None]

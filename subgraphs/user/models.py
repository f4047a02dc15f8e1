"""What is stored of users: profile, credentials apart from it, preferences, addresses, pets, sessions, proofs, keys."""

import datetime as dt

from sqlalchemy import BigInteger, ForeignKey, Index, Text, func, text, true
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from shared.database import database, idempotency
from shared.database.text_search import words_of
from shared.events import outbox
from shared.graph.money import CurrencyCode
from subgraphs.user.enums import DevicePlatform, PetSize, PetSpecies, ProofPurpose, Theme


class Base(database.Base):
    __abstract__ = True
    metadata = outbox.subgraph_metadata()


idempotency.add_table(Base.metadata)


class UserProfile(Base):
    __tablename__ = "user_profile"

    id: Mapped[str] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    # When the person proved that the address is theirs; before that nobody can log in.
    email_verified_at: Mapped[dt.datetime | None]
    name: Mapped[str]
    # An address elsewhere, or the name of a picture that was uploaded: at most one of them.
    avatar_url: Mapped[str | None]
    avatar_name: Mapped[str | None]
    roles: Mapped[list[str]] = mapped_column(ARRAY(Text))
    # When staff suspended the account, so that nobody can log in to it, and why.
    suspended_at: Mapped[dt.datetime | None]
    suspension_reason: Mapped[str | None]
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[dt.datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[dt.datetime] = mapped_column(server_default=func.now())

    __table_args__ = (
        Index(None, "created_at", "id"),
        Index(None, "name"),
        Index("user_profile_suspended", "created_at", "id", postgresql_where=text("suspended_at IS NOT NULL")),
        Index("user_profile_words", words_of("name", "email"), postgresql_using="gin"),
    )


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
    order_pushes: Mapped[bool] = mapped_column(default=True, server_default=true())
    pet_species: Mapped[PetSpecies | None]
    pet_breed: Mapped[str | None]
    pet_size: Mapped[PetSize | None]
    version: Mapped[int] = mapped_column(default=1)


class Avatar(Base):
    """The picture that a user has uploaded, encoded anew."""

    __tablename__ = "avatar"

    user_id: Mapped[str] = mapped_column(ForeignKey(UserProfile.id, ondelete="CASCADE"), primary_key=True)
    # A keyed digest of the account and the content.
    name: Mapped[str] = mapped_column(unique=True)
    content: Mapped[bytes]
    created_at: Mapped[dt.datetime] = mapped_column(server_default=func.now())


class Address(Base):
    """Where a customer has goods sent: the parts of a cart's address, by the same names."""

    __tablename__ = "address"

    id: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey(UserProfile.id, ondelete="CASCADE"), index=True)
    label: Mapped[str | None]
    recipient: Mapped[str]
    address_line1: Mapped[str]
    address_line2: Mapped[str | None]
    city: Mapped[str]
    region: Mapped[str | None]
    postal_code: Mapped[str | None]
    country_code: Mapped[str]
    phone: Mapped[str | None]
    is_default: Mapped[bool]
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[dt.datetime] = mapped_column(server_default=func.now())

    __table_args__ = (Index("address_default", "user_id", unique=True, postgresql_where=text("is_default")),)


class Pet(Base):
    """An animal that a customer buys for. Its measures are whole millimetres and grams."""

    __tablename__ = "pet"

    id: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey(UserProfile.id, ondelete="CASCADE"), index=True)
    name: Mapped[str]
    species: Mapped[PetSpecies]
    breed: Mapped[str | None]
    size: Mapped[PetSize | None]
    neck_millimetres: Mapped[int | None]
    chest_millimetres: Mapped[int | None]
    back_millimetres: Mapped[int | None]
    length_millimetres: Mapped[int | None]
    weight_grams: Mapped[int | None]
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[dt.datetime] = mapped_column(server_default=func.now())


class UserSession(Base):
    __tablename__ = "user_session"

    id: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey(UserProfile.id, ondelete="CASCADE"), index=True)
    device: Mapped[str]
    created_at: Mapped[dt.datetime] = mapped_column(server_default=func.now())
    last_seen_at: Mapped[dt.datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[dt.datetime] = mapped_column(index=True)
    revoked_at: Mapped[dt.datetime | None]
    # Of the only refresh token that is still good; its number counts those before it.
    refresh_hash: Mapped[str | None]
    refresh_number: Mapped[int] = mapped_column(default=0, server_default="0")
    refreshed_at: Mapped[dt.datetime | None]
    # When its owner last authenticated, and how (`amr` values of RFC 8176). Of sessions from before this was kept, the
    # default demands that it is done anew before what needs a recent authentication.
    authenticated_at: Mapped[dt.datetime] = mapped_column(server_default=text("'epoch'::timestamptz"))
    methods: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{pwd}'::text[]"))
    # A keyed digest of the network address that the log-in came from.
    address_digest: Mapped[str | None]


class Device(Base):
    """Where an app that is logged in gets push messages; it goes with its session."""

    __tablename__ = "device"

    id: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey(UserProfile.id, ondelete="CASCADE"), index=True)
    session_id: Mapped[str] = mapped_column(ForeignKey(UserSession.id, ondelete="CASCADE"), unique=True)
    platform: Mapped[DevicePlatform]
    push_token: Mapped[str]
    # SHA-256: tokens may be longer than an index takes.
    token_digest: Mapped[str] = mapped_column(unique=True)
    registered_at: Mapped[dt.datetime]


class SentPush(Base):
    """That a device was sent a change of an order."""

    __tablename__ = "sent_push"

    device_id: Mapped[str] = mapped_column(ForeignKey(Device.id, ondelete="CASCADE"), primary_key=True)
    order_id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    sent_at: Mapped[dt.datetime] = mapped_column(server_default=func.now(), index=True)


class TotpFactor(Base):
    """An app that shows codes (TOTP, RFC 6238): the second factor of an account, once a code has confirmed it."""

    __tablename__ = "totp_factor"

    user_id: Mapped[str] = mapped_column(ForeignKey(UserProfile.id, ondelete="CASCADE"), primary_key=True)
    id: Mapped[str]
    # Encrypted under a key derived from PETPLUS_SECRET_KEY, together with the user's id.
    sealed_secret: Mapped[str]
    created_at: Mapped[dt.datetime] = mapped_column(server_default=func.now())
    # Until when a code may confirm it; null from then on.
    expires_at: Mapped[dt.datetime | None] = mapped_column(index=True)
    confirmed_at: Mapped[dt.datetime | None]
    # The time step of the last code that was accepted: that code and those before it are good for nothing.
    last_step: Mapped[int] = mapped_column(BigInteger, default=0)
    # Wrong codes since a moment, and since the last right one.
    wrong_codes: Mapped[int] = mapped_column(default=0)
    wrong_since: Mapped[dt.datetime | None]
    wrong_in_row: Mapped[int] = mapped_column(default=0)


class RecoveryCode(Base):
    """A code that stands in for the second factor once; deleted when it is used."""

    __tablename__ = "recovery_code"

    code_hash: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey(UserProfile.id, ondelete="CASCADE"), index=True)
    created_at: Mapped[dt.datetime] = mapped_column(server_default=func.now())


class LogInChallenge(Base):
    """A log-in whose password was right, until the second factor is given. It holds what the password was right for."""

    __tablename__ = "log_in_challenge"

    id: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey(UserProfile.id, ondelete="CASCADE"), index=True)
    factor_id: Mapped[str]
    roles: Mapped[list[str]] = mapped_column(ARRAY(Text))
    password_changed_at: Mapped[dt.datetime]
    device: Mapped[str]
    wrong_codes: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[dt.datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[dt.datetime] = mapped_column(index=True)


class Passkey(Base):
    """A public key that an authenticator has made for an account (WebAuthn Level 2)."""

    __tablename__ = "passkey"

    id: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey(UserProfile.id, ondelete="CASCADE"), index=True)
    # As base64url, by which clients and authenticators name it.
    credential_id: Mapped[str] = mapped_column(unique=True)
    # A COSE_Key (RFC 9052).
    public_key: Mapped[bytes]
    name: Mapped[str]
    # The latest that the authenticator has reported: 32 bits without a sign, 0 where it does not count.
    sign_count: Mapped[int] = mapped_column(BigInteger)
    # How it can be reached, such as `internal`: a hint for browsers.
    transports: Mapped[list[str]] = mapped_column(ARRAY(Text))
    # Whether it may leave its device; this never changes. And whether it has.
    backup_eligible: Mapped[bool]
    backed_up: Mapped[bool]
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[dt.datetime] = mapped_column(server_default=func.now())
    last_used_at: Mapped[dt.datetime | None]


class UsedChallenge(Base):
    """A challenge of a passkey ceremony that has succeeded, until it would have expired."""

    __tablename__ = "used_challenge"

    id: Mapped[str] = mapped_column(primary_key=True)
    expires_at: Mapped[dt.datetime] = mapped_column(index=True)


class Registration(Base):
    """An account that is asked for, until somebody proves that the address is theirs."""

    __tablename__ = "registration"

    id: Mapped[str] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(index=True)
    name: Mapped[str]
    # The language of its mails, and the locale that the account begins with.
    locale: Mapped[str | None]
    mails: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[dt.datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[dt.datetime] = mapped_column(index=True)


class EmailProof(Base):
    """Something that whoever reads an address's mails may do: set a new password, or move an account there or back."""

    __tablename__ = "email_proof"

    id: Mapped[str] = mapped_column(primary_key=True)
    purpose: Mapped[ProofPurpose]
    email: Mapped[str] = mapped_column(index=True)
    user_id: Mapped[str | None] = mapped_column(ForeignKey(UserProfile.id, ondelete="CASCADE"), index=True)
    created_at: Mapped[dt.datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[dt.datetime] = mapped_column(index=True)
    used_at: Mapped[dt.datetime | None]


class Revocation(Base):
    """A session or a signing key whose access tokens are void, until the last of them has ended."""

    __tablename__ = "revocation"

    id: Mapped[str] = mapped_column(primary_key=True)
    ends_at: Mapped[dt.datetime] = mapped_column(index=True)


class SigningKey(Base):
    __tablename__ = "signing_key"

    kid: Mapped[str] = mapped_column(primary_key=True)
    # The private key as a PEM, encrypted under a key derived from PETPLUS_SECRET_KEY.
    sealed_pem: Mapped[str]
    created_at: Mapped[dt.datetime] = mapped_column(server_default=func.now())
    # Verifiers know a key before it signs.
    signs_from: Mapped[dt.datetime] = mapped_column(server_default=func.now())
    retired_at: Mapped[dt.datetime | None]
    revoked_at: Mapped[dt.datetime | None]

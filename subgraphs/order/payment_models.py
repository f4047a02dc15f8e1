"""What is stored of payments: those begun, refunds sent to their providers, and what the simulated provider knows."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from shared.graph.money import CurrencyCode
from subgraphs.order.enums import PaymentProviderKind, PaymentState, SimulatedPaymentState
from subgraphs.order.models import Base, Minor, Order, OrderRefund


class OrderPayment(Base):
    """A payment that was begun at a provider for what an order costs. Of one amount at most one is not cancelled.

    The provider's secret for the client is not stored: the provider is asked for it again.
    """

    __tablename__ = "order_payment"

    id: Mapped[str] = mapped_column(primary_key=True)
    order_id: Mapped[str] = mapped_column(ForeignKey(Order.id, ondelete="CASCADE"), index=True)
    # By which the provider makes it once, however often it is asked.
    key: Mapped[str] = mapped_column(unique=True)
    provider: Mapped[PaymentProviderKind]
    # Null until the provider has answered.
    provider_id: Mapped[str | None]
    amount_minor: Mapped[Minor]
    currency: Mapped[CurrencyCode]
    state: Mapped[PaymentState]
    created_at: Mapped[dt.datetime] = mapped_column(server_default=func.now())

    __table_args__ = (CheckConstraint("amount_minor > 0", name="positive"), UniqueConstraint("provider", "provider_id"))


class RefundPart(Base):
    """The part of a refund that one payment gives back. Most refunds have one part."""

    __tablename__ = "refund_part"

    refund_id: Mapped[str] = mapped_column(ForeignKey(OrderRefund.id, ondelete="CASCADE"), primary_key=True)
    payment_id: Mapped[str] = mapped_column(
        ForeignKey(OrderPayment.id, ondelete="CASCADE"), primary_key=True, index=True
    )
    order_id: Mapped[str] = mapped_column(ForeignKey(Order.id, ondelete="CASCADE"), index=True)
    amount_minor: Mapped[Minor]
    # The provider's id of it, once the provider has taken it.
    provider_id: Mapped[str | None] = mapped_column(unique=True)
    # The provider's code for why it does not make it.
    refusal: Mapped[str | None]
    created_at: Mapped[dt.datetime] = mapped_column(server_default=func.now())

    __table_args__ = (CheckConstraint("amount_minor > 0", name="positive"),)


class SimulatedPayment(Base):
    """A payment at the simulated provider, which keeps its own books as any provider does."""

    __tablename__ = "simulated_payment"

    id: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    order_id: Mapped[str]
    number: Mapped[str]
    amount_minor: Mapped[Minor]
    currency: Mapped[CurrencyCode]
    state: Mapped[SimulatedPaymentState]
    # The code of the last attempt that failed.
    failure: Mapped[str | None]
    charge_id: Mapped[str]
    refunded_minor: Mapped[Minor] = mapped_column(server_default="0")
    created_at: Mapped[dt.datetime] = mapped_column(server_default=func.now())


class SimulatedRefund(Base):
    """A refund at the simulated provider."""

    __tablename__ = "simulated_refund"

    id: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    payment_id: Mapped[str] = mapped_column(ForeignKey(SimulatedPayment.id, ondelete="CASCADE"), index=True)
    refund_id: Mapped[str]
    amount_minor: Mapped[Minor]
    created_at: Mapped[dt.datetime] = mapped_column(server_default=func.now())


class SimulatedEvent(Base):
    """A webhook of the simulated provider that was not taken yet."""

    __tablename__ = "simulated_event"

    id: Mapped[str] = mapped_column(primary_key=True)
    body: Mapped[dict[str, object]]
    created_at: Mapped[dt.datetime] = mapped_column(server_default=func.now())

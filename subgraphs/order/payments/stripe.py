"""Payments by Stripe's PaymentIntents: https://docs.stripe.com/api/payment_intents, through its SDK."""

from collections.abc import Iterator
from contextlib import contextmanager

import stripe
from stripe import (
    APIConnectionError,
    APIError,
    AuthenticationError,
    HTTPXClient,
    PaymentIntent,
    RateLimitError,
    StripeClient,
    StripeError,
)
from stripe.params import PaymentIntentCreateParams

from shared.core.observability import log
from subgraphs.order.enums import PaymentProviderKind, PaymentState
from subgraphs.order.payments.port import (
    PaymentRequest,
    ProviderAway,
    ProviderPayment,
    ProviderRefund,
    ProviderRefused,
    RefundRequest,
)

SECONDS = 8.0
"""How long each attempt of a call may take."""
RETRIES = 2
"""How often the SDK repeats a call with the same key: after errors of the network, and while another call has it."""
_AWAY = (APIConnectionError, APIError, RateLimitError)
_MISCONFIGURED = (AuthenticationError, stripe.PermissionError)
_NOT_NOW = (409, 429)
_TAKEN = {"processing", "requires_capture", "succeeded"}


class StripeProvider:
    """Takes payments by the account that a key belongs to."""

    kind = PaymentProviderKind.STRIPE

    def __init__(
        self, api_key: str, publishable_key: str, url: str, *, seconds: float = SECONDS, retries: int = RETRIES
    ) -> None:
        self.publishable_key: str | None = publishable_key
        self._takes_money = not api_key.startswith(("sk_test_", "rk_test_"))
        self._http = HTTPXClient(timeout=seconds)
        self._stripe = StripeClient(
            api_key, base_addresses={"api": url}, http_client=self._http, max_network_retries=retries
        ).v1

    async def close(self) -> None:
        """Close all connections."""
        await self._http.close_async()  # type: ignore[no-untyped-call]  # the SDK gives it no types

    def url_of(self, payment: ProviderPayment) -> str | None:
        return None

    async def create(self, request: PaymentRequest) -> ProviderPayment:
        if request.test and self._takes_money:
            raise ProviderRefused("test_order")
        asked: PaymentIntentCreateParams = {
            "amount": request.amount_minor,
            "currency": request.currency.lower(),
            "automatic_payment_methods": {"enabled": True},
            "description": f"Order {request.number}",
            "metadata": {"order_id": request.order_id},
        }
        if request.email is not None:
            asked["receipt_email"] = request.email
        with _errors():
            return _payment(await self._stripe.payment_intents.create_async(asked, {"idempotency_key": request.key}))

    async def find(self, payment_id: str) -> ProviderPayment:
        with _errors():
            return _payment(await self._stripe.payment_intents.retrieve_async(payment_id))

    async def cancel(self, payment_id: str) -> bool:
        try:
            with _errors():
                await self._stripe.payment_intents.cancel_async(payment_id, {"cancellation_reason": "abandoned"})
        except ProviderRefused as refusal:
            if refusal.code != "payment_intent_unexpected_state":
                raise
            return (await self.find(payment_id)).state is PaymentState.CANCELLED
        return True

    async def refund(self, request: RefundRequest) -> ProviderRefund:
        with _errors():
            # Stripe forgets keys after a day; what was made with one stays in the list.
            made = await self._stripe.refunds.list_async({"payment_intent": request.payment_id, "limit": 100})
            for each in made.data:
                if each.metadata and each.metadata.to_dict().get("refund_id") == request.refund_id:
                    return ProviderRefund(each.id)
            refund = await self._stripe.refunds.create_async(
                {
                    "payment_intent": request.payment_id,
                    "amount": request.amount_minor,
                    "metadata": {"order_id": request.order_id, "refund_id": request.refund_id},
                },
                {"idempotency_key": request.key},
            )
        return ProviderRefund(refund.id)


def _payment(intent: PaymentIntent) -> ProviderPayment:
    status = intent.status
    cancelled = PaymentState.CANCELLED if status == "canceled" else PaymentState.OPEN
    return ProviderPayment(intent.id, intent.client_secret or "", PaymentState.TAKEN if status in _TAKEN else cancelled)


@contextmanager
def _errors() -> Iterator[None]:
    """Raise what Stripe answers as the port's errors: its texts may hold what a customer has typed, or the key."""
    try:
        yield
    except _MISCONFIGURED as error:
        log.error("stripe refuses the key", status=error.http_status, request=error.request_id)
        raise ProviderAway("Stripe does not accept PETPLUS_STRIPE_API_KEY") from None
    except StripeError as error:
        if isinstance(error, _AWAY) or error.http_status in _NOT_NOW:
            raise ProviderAway(f"Stripe does not answer: {type(error).__name__} {error.http_status}") from None
        log.warning("stripe refused", code=error.code, status=error.http_status, request=error.request_id)
        raise ProviderRefused(error.code or "refused") from None

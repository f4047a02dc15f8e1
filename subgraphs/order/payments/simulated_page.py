"""The page on which a simulated payment is made: plain HTML that needs no script, and styles of its own."""

import base64
import hashlib
from collections.abc import Mapping

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from shared.graph.money import Money
from subgraphs.order.enums import SimulatedPaymentState
from subgraphs.order.payment_models import SimulatedPayment
from subgraphs.order.payments.simulated import ACTION, CANCELED, CARDS, DECLINED, OPEN, PATH, SUCCEEDED

STYLE = """
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { margin: 0; background: light-dark(#f4f5f7, #16181c); color: light-dark(#1c1f24, #eceef1); }
main { max-width: 26rem; margin: 8vh auto; padding: 1.5rem 2rem 2rem; border-radius: 12px;
  background: light-dark(#fff, #22262d); box-shadow: 0 1px 6px rgb(0 0 0 / 15%); }
h1 { margin: 0 0 1rem; font-size: 1.4rem; }
.mode { margin: 0 0 .5rem; font-size: .85rem; color: light-dark(#8a4b00, #ffc078); }
dl { margin: 0 0 1.25rem; }
dl div { display: flex; justify-content: space-between; padding: .25rem 0; }
dd { margin: 0; font-weight: 600; }
.failure { padding: .6rem .8rem; border-radius: 8px; background: light-dark(#fdecea, #4a2020); }
fieldset { margin: 0 0 1.25rem; padding: 0; border: 0; }
legend { margin-bottom: .5rem; }
label { display: flex; gap: .75rem; padding: .6rem .25rem; border-top: 1px solid light-dark(#dfe2e7, #3a404a); }
label b { display: block; font-variant-numeric: tabular-nums; }
button { width: 100%; margin-top: .5rem; padding: .7rem; border: 0; border-radius: 8px; background: #0b5cad;
  color: #fff; font: inherit; font-weight: 600; cursor: pointer; }
button.second { background: light-dark(#e4e7eb, #3a404a); color: inherit; }
:focus-visible { outline: 3px solid #f5a623; outline-offset: 2px; }
"""
_STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
HEADERS: Mapping[str, str] = {
    # Nothing is loaded, nothing runs, and the form is sent nowhere else.
    "content-security-policy": f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; form-action 'self'; "
    "frame-ancestors 'none'",
    # The address holds the secret of the payment.
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
    "x-robots-tag": "noindex",
}
_TITLES: Mapping[SimulatedPaymentState, str] = {
    OPEN: "Pay your order",
    ACTION: "Confirm your payment",
    SUCCEEDED: "Your payment is made",
    CANCELED: "This payment is cancelled",
}
_OUTCOMES: Mapping[SimulatedPaymentState, str] = {
    SUCCEEDED: "You can close this page. The order shows the payment in a moment.",
    CANCELED: "The order needs no payment any more, or has another one.",
}
_environment = Environment(
    loader=PackageLoader("subgraphs.order"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def render(payment: SimulatedPayment, secret: str) -> str:
    """Return the page of a payment in its present state, for a client that has its secret."""
    money = Money.of(payment.amount_minor, payment.currency)
    failures = {DECLINED: "The card was declined. Nothing was paid; try another one."}
    failure = failures.get(payment.failure, "The payment was not confirmed. Try again.") if payment.failure else None
    return _environment.get_template("simulated_payment.html.j2").render(
        title=_TITLES[payment.state],
        style=Markup(STYLE),  # noqa: S704 (constant)
        number=payment.number,
        amount=f"{money.amount} {money.currency_code.value}",
        failure=failure if payment.state is OPEN else None,
        asks_for_card=payment.state is OPEN,
        asks_for_approval=payment.state is ACTION,
        cards=[{"number": card.number, "shown": _shown(card.number), "outcome": card.outcome} for card in CARDS],
        outcome=_OUTCOMES.get(payment.state),
        action=f"{PATH}{payment.id}",
        secret=secret,
    )


def _shown(number: str) -> str:
    return " ".join(number[place : place + 4] for place in range(0, len(number), 4))

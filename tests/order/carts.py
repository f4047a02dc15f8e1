"""Carts for tests: quotes as the builder signs them, and the operations of carts as documents."""

import time
from typing import Any

from shared.core.ids import new_id
from shared.security.quotes import Quote, QuoteSigner
from tests.support.apps import Served

CART = """
id version currencyCode discountCode contactEmail shippingMethod expiresAt
lines {
  id title quantity unitPrice { amount } subtotal { amount } discount { amount } total { amount }
  design { id } preset { id } quoteExpiresAt
}
shippingAddress { recipient addressLine1 addressLine2 city region postalCode countryCode phone }
shippingRates { method amount { amount } days { least most } }
cost {
  subtotal { amount } quantityDiscount { amount } discount { amount } shipping { amount } tax { amount }
  includedTax { amount } total { amount currencyCode }
}
problems { code message lineId }
order { id number status }
"""
_RESULTS = {"cartCreate": f"cart {{ {CART} }} token"}
_ORDER = """order {
  id number status version total { amount } subtotal { amount } discount { amount } shipping { amount } tax { amount }
  includedTax { amount } customer { id } lines { title quantity design { id } }
}
payment { provider amount { amount currencyCode } clientSecret }
trackingToken"""
_RESULTS["checkoutComplete"] = _ORDER
_PROBLEM = "... on Problem { code message }"
_INVALID = "... on InvalidInputProblem { fields { path code } }"
_MORE = {"checkoutComplete": "... on CheckoutRefusedProblem { problems { code message lineId } }"}
SHOW = f"query ($id: ID!, $opener: String) {{ cart(id: $id, token: $opener) {{ {CART} }} }}"
MINE = f"{{ me {{ cart {{ {CART} }} }} }}"
ADDRESS = {
    "recipient": "Anna Muster",
    "addressLine1": "Hauptstraße 1",
    "city": "Wien",
    "postalCode": "1010",
    "countryCode": "AT",
}


def quote(**changes: Any) -> Quote:
    """Return a quote of a preset: 24.90 a collar, 10 % off from 5 pieces, valid for a day."""
    given: dict[str, Any] = {
        "subject": "preset",
        "subject_id": new_id("pre"),
        "version": 1,
        "product": "COLLAR",
        "title": "Collar Rex",
        "owner_id": None,
        "currency": "EUR",
        "unit_price_minor": 2490,
        "quantity_breaks": ((5, 10),),
        "grams": 100,
        "expires_at": int(time.time()) + 86_400,
    }
    return Quote(**given | changes)


def design_quote(owner_id: str, **changes: Any) -> Quote:
    """Return a quote of a design of somebody's."""
    given = {"subject": "design", "subject_id": new_id("des"), "owner_id": owner_id, "title": "For Rex"}
    return quote(**given | changes)


def line(order: Served, quoted: Quote, quantity: int = 1) -> dict[str, Any]:
    """Return the input of a line."""
    return {"quote": signed_quote(order, quoted), "quantity": quantity}


def signed_quote(order: Served, quoted: Quote) -> str:
    """Return the token of a quote."""
    return order.runtime.resource(QuoteSigner).sign(quoted)


async def cart_operation(order: Served, who: str | None, name: str, **given: Any) -> Any:
    """Send a mutation of carts and return its result."""
    kind = name[0].upper() + name[1:]
    success = f"... on {kind}Success {{ {_RESULTS.get(name, f'cart {{ {CART} }}')} }}"
    invalid = "" if name == "cartClaim" else _INVALID
    conflict = "" if name in ("cartCreate", "cartClaim") else "... on ConflictProblem { currentVersion }"
    below = f"__typename {success} {_PROBLEM} {invalid} {_MORE.get(name, '')} {conflict}"
    query = f"mutation ($input: {kind}Input!) {{ {name}(input: $input) {{ {below} }} }}"
    return (await order.execute(query, who, input=given)).data[name]


async def new_cart(order: Served, who: str | None, *lines: dict[str, Any], currency: str = "EUR") -> tuple[Any, Any]:
    """Make a cart; returns it, and what names it in inputs."""
    made = await cart_operation(order, who, "cartCreate", currency=currency, lines=list(lines))
    assert made["__typename"] == "CartCreateSuccess", made
    return made["cart"], {"cartId": made["cart"]["id"], "token": made["token"]}


async def ready_cart(
    order: Served, who: str | None, *lines: dict[str, Any], email: str | None = None, **delivery: Any
) -> tuple[Any, Any]:
    """Make a cart that can be ordered; returns it, and what names it in inputs."""
    cart, named = await new_cart(order, who, *(lines or [line(order, quote(), 2)]))
    given = {"email": email or f"{new_id('any')}@example.com", "address": ADDRESS, "shippingMethod": "STANDARD"}
    set_ = await cart_operation(order, who, "cartDeliverySet", **named, version=cart["version"], **given | delivery)
    assert set_["__typename"] == "CartDeliverySetSuccess", set_
    assert set_["cart"]["problems"] == [], set_
    return set_["cart"], named


async def shown(order: Served, who: str | None, named: Any) -> Any:
    """Return a cart as somebody sees it."""
    return (await order.execute(SHOW, who, id=named["cartId"], opener=named.get("token"))).data["cart"]


def codes(cart: Any) -> list[str]:
    """Return the codes of a cart's problems."""
    return [problem["code"] for problem in cart["problems"]]


def quantities(cart: Any) -> dict[str, int]:
    """Return the number of pieces of each design or preset."""
    return {(each["design"] or each["preset"])["id"]: each["quantity"] for each in cart["lines"]}

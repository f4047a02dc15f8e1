"""The operations of a purchase in the shop's own checkout, in `test_checkout.py`."""

from typing import Any

import httpx

from tests.support.http import http_client
from tests.support.payment_form import send_payment_form
from tests.support.shop import Shop

CONFIRMED = "4000002500003155"
"""The test card whose payments the payer's bank has confirmed."""

QUOTE = """
query ($design: ID!) {
  design(id: $design) {
    quote(currency: EUR) { __typename ... on Quote { token unitPrice { amount } quantityBreaks { quantity percent } } }
  }
}"""
CODE = """
mutation ($input: DiscountCodeCreateInput!) {
  discountCodeCreate(input: $input) { __typename ... on Problem { message } }
}"""
CREATE = """
mutation ($input: CartCreateInput!) {
  cartCreate(input: $input) { __typename ... on CartCreateSuccess { cart { id version } } ... on Problem { message } }
}"""
APPLY = """
mutation ($input: CartDiscountApplyInput!) {
  cartDiscountApply(input: $input) {
    __typename ... on CartDiscountApplySuccess { cart { version } } ... on Problem { message }
  }
}"""
DELIVER = """
mutation ($input: CartDeliverySetInput!) {
  cartDeliverySet(input: $input) {
    __typename
    ... on CartDeliverySetSuccess {
      cart {
        version problems { code message }
        cost {
          subtotal { amount } quantityDiscount { amount } discount { amount } shipping { amount } tax { amount }
          includedTax { amount } total { amount }
        }
      }
    }
    ... on Problem { message }
  }
}"""
COMPLETE = """
mutation ($input: CheckoutCompleteInput!) {
  checkoutComplete(input: $input) {
    __typename
    ... on CheckoutCompleteSuccess {
      order { id number status source total { amount } discount { amount } includedTax { amount } }
      payment { provider url clientSecret amount { amount } }
    }
    ... on Problem { message }
  }
}"""
ORDER = """
query ($id: ID!) {
  order(id: $id) {
    id version status total { amount } paid { amount } refunded { amount } owed { amount }
    lines { title quantity design { id status } }
    ledger { kind provider state amount { amount } }
    refunds { state amount { amount } reason }
    tasks { kind doneAt }
    shipments { id trackingNumber status }
    timeline { version status actorKind }
    auditTrail(first: 100) { nodes { action } }
  }
}"""
ADVANCE = """
mutation ($input: OrderStatusAdvanceInput!) { orderStatusAdvance(input: $input) { __typename } }"""
SEND = """
mutation ($input: ShipmentCreateInput!) {
  shipmentCreate(input: $input) {
    __typename ... on ShipmentCreateSuccess { shipment { id } } ... on Problem { message }
  }
}"""
REFUND = """
mutation ($input: OrderRefundInput!) {
  orderRefund(input: $input) {
    __typename ... on OrderRefundSuccess { refund { state amount { amount } } } ... on Problem { message }
  }
}"""
ADDRESS = {
    "recipient": "Sam Story",
    "addressLine1": "Main Street 1",
    "city": "Berlin",
    "postalCode": "10115",
    "countryCode": "DE",
}


async def mutate(shop: Shop, query: str, token: str | None, **given: object) -> Any:
    """Send a mutation that has one input, and return its result; fails with what the shop says where it fails."""
    [result] = (await shop.execute(query, token, input=given)).data.values()
    assert result["__typename"].endswith("Success"), result
    return result


async def pay(url: str, **given: str) -> str:
    """Send a form of the payment's page, as the payer's browser does; returns the payment's status."""
    async with http_client() as browser:
        assert (await browser.get(url)).status_code == httpx.codes.OK
        answer = await send_payment_form(browser, url, **given)
    assert answer.status_code == httpx.codes.OK, answer.text
    status: str = answer.json()["status"]
    return status

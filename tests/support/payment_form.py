"""The form of the simulated provider's payment page, as a payer's browser sends it."""

from urllib.parse import parse_qs, urlsplit

import httpx


async def send_payment_form(browser: httpx.AsyncClient, url: str, **given: str) -> httpx.Response:
    """Send the form of a payment's page: the payment's secret, and what is given, such as a card."""
    page = urlsplit(url)
    form = {"secret": parse_qs(page.query)["secret"][0], **given}
    return await browser.post(page._replace(query="").geturl(), json=form)

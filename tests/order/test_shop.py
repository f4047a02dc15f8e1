"""What the shop as a whole offers: anybody reads it, and it is what carts accept."""

from shared.graph.money import CurrencyCode
from subgraphs.order.pricing.shipping import shipping_rates
from tests.support.apps import Served

SHOP = "{ shop { currencies countries locales languages } }"


async def test_anybody_reads_what_customers_can_choose(order: Served) -> None:
    with order.statements() as sent:
        shop = (await order.execute(SHOP)).data["shop"]
    assert sent == []
    assert shop["currencies"] == [each.name for each in CurrencyCode]
    assert shop["locales"] == ["en", "de", "nl", "fr"]
    assert shop["languages"] == ["EN", "DE", "NL", "FR"]
    assert {"DE", "GB", "US"} <= set(shop["countries"])
    assert shop["countries"] == sorted(set(shop["countries"]))


async def test_orders_are_delivered_to_each_of_the_countries_in_each_of_the_currencies(order: Served) -> None:
    shop = (await order.execute(SHOP)).data["shop"]
    for country in shop["countries"]:
        for currency in shop["currencies"]:
            assert shipping_rates(country, 500, CurrencyCode[currency], 0)
    assert shipping_rates("KP", 500, CurrencyCode.EUR, 0) == []

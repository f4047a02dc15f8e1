"""The shop's own carts are steps of the funnel, as what clients tell of theirs is."""

import datetime as dt

import pytest
from sqlalchemy import text

from shared.core.ids import new_id
from subgraphs.analytics.service.aggregation.run import aggregate
from subgraphs.builder.events import DesignCreated
from subgraphs.order.events import CartCheckedOut, CartItem, CartItemsAdded
from tests.analytics.test_persons import BASES, acts, buys, empty, funnel, identify
from tests.analytics.tracking import receive_event
from tests.support.apps import Identities, Served

ITEMS = [CartItem(product="COLLAR", design_id=None, quantity=2), CartItem(product="TAG", design_id=None, quantity=1)]


async def fills_and_orders(analytics: Served, customer: str | None, visitor: str | None) -> str:
    """Have the order subgraph tell of a cart that is filled and ordered now; returns its id."""
    cart, now = new_id("crt"), dt.datetime.now(dt.UTC)
    of = {"cart_id": cart, "customer_id": customer, "visitor": visitor, "items": ITEMS}
    await receive_event(analytics, CartItemsAdded(**of))
    order = await buys(analytics, customer, visitor)
    placed_at = order.placed_at or now
    await receive_event(analytics, CartCheckedOut(**of, order_id=order.order_id, placed_at=placed_at))
    return cart


@pytest.mark.parametrize("fills", ["as a customer", "as a guest"])
async def test_a_cart_leads_through_the_funnel(analytics: Served, support: str, people: Identities, fills: str) -> None:
    await empty(analytics)
    user_id, visitor = new_id("usr"), new_id("vis")
    await identify(analytics, people.token(user_id), visitor)
    await acts(analytics, "config_changed", visitor, hours=1)
    await receive_event(analytics, DesignCreated(design_id=new_id("des"), owner_id=user_id, product="COLLAR"))
    await fills_and_orders(analytics, user_id if fills == "as a customer" else None, visitor)
    await aggregate(analytics.database)
    for basis in BASES:
        assert await funnel(analytics, support, basis) == [1, 1, 1, 1, 1]


async def test_a_cart_without_an_order_is_a_loss_of_the_funnel(
    analytics: Served, support: str, people: Identities
) -> None:
    await empty(analytics)
    user_id = new_id("usr")
    await acts(analytics, "config_changed", user_id, people.token(user_id), hours=1)
    await receive_event(analytics, DesignCreated(design_id=new_id("des"), owner_id=user_id, product="COLLAR"))
    filled = CartItemsAdded(cart_id=new_id("crt"), customer_id=user_id, visitor=None, items=ITEMS)
    await receive_event(analytics, filled)
    await aggregate(analytics.database)
    for basis in BASES:
        assert await funnel(analytics, support, basis) == [1, 1, 1, 0, 0]


@pytest.mark.parametrize("visitor", [None, "undefined", "usr_01m8n5r1ngf8vb6qdnyjzzxjc7"])
async def test_a_guests_cart_counts_for_a_true_visitor_alone(analytics: Served, visitor: str | None) -> None:
    cart = await fills_and_orders(analytics, None, visitor)
    async with analytics.database.read() as connection:
        found = text("SELECT name, subject, properties FROM analytics_event WHERE properties ->> 'cartId' = :cart")
        rows = sorted(await connection.execute(found, {"cart": cart}))
    assert [(row.name, row.subject, row.properties["quantity"]) for row in rows] == [
        ("cart.checked_out", None, 3),
        ("cart.items_added", None, 3),
    ]

"""Orders opened by a guest's token: of a look-up, and of the link in a mail."""

import datetime as dt
from pathlib import Path

import pytest
from sqlalchemy import update

from shared.core.errors import TooManyRequests
from shared.core.ids import new_id
from shared.security.rate_limit import SlidingWindowLimiter
from subgraphs.order.models import Order
from subgraphs.order.service import guests
from subgraphs.order.service.guests import GuestLookup
from tests.order.factories import place
from tests.order.mails import html_of, mails_of, text_of
from tests.support.apps import Served

OPEN = """
query ($given: String!) {
  orderByToken(token: $given) {
    orderId number status trackingToken total { amount } lines { title design { id } preset { id } }
  }
}
"""


def token_of(order: Served, order_id: str) -> str:
    return order.runtime.resource(GuestLookup).issue(order_id)[0]


async def test_a_token_opens_its_order_and_is_not_renewed(order: Served) -> None:
    placed = await place(order, None, new_id("des"))
    token = token_of(order, placed.id)
    with order.statements() as sent:
        found = (await order.execute(OPEN, given=token)).data["orderByToken"]
    assert found == {
        "orderId": placed.id,
        "number": placed.number,
        "status": "PENDING",
        "trackingToken": token,
        "total": {"amount": found["total"]["amount"]},
        "lines": [{"title": "Collar 0", "design": None, "preset": None}],
    }
    assert len(sent) == 2


async def test_every_token_that_opens_nothing_gets_the_same_answer_for_the_same_work(
    order: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    placed, corrected, forgotten = [await place(order, None) for _ in range(3)]
    good = token_of(order, placed.id)
    others = [token_of(order, each.id) for each in (corrected, forgotten)]
    async with order.database.write() as session:
        later = {"contact_corrected_at": dt.datetime.now(dt.UTC) + dt.timedelta(seconds=5)}
        await session.execute(update(Order).where(Order.id == corrected.id).values(later))
        await session.execute(update(Order).where(Order.id == forgotten.id).values(contact_email=None))
    monkeypatch.setattr(guests, "PASS_SECONDS", -1)
    expired = token_of(order, placed.id)
    monkeypatch.undo()
    unknown = token_of(order, new_id("ord"))
    other_start = ("B" if good.startswith("A") else "A") + good[1:]
    for token in ("", "x", "💥", good[:-1], other_start, good + "AAAA", "A" * 5000, expired, unknown, *others):
        with order.statements() as sent:
            answer = await order.execute(OPEN, given=token)
        assert (answer.data, answer.codes, len(sent)) == ({"orderByToken": None}, [], 1), token
    assert (await order.execute(OPEN, given=good)).data["orderByToken"]["number"] == placed.number


async def test_wrong_tokens_are_limited_as_guesses_and_right_ones_are_not(
    order: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    placed = await place(order, None)
    lookup, token = order.runtime.resource(GuestLookup), token_of(order, placed.id)
    few = SlidingWindowLimiter(order.runtime.redis, new_id("tst"), most=3, seconds=600)
    monkeypatch.setattr(lookup, "_guesses", few)
    for _ in range(5):
        assert await lookup.order_of(token, "2001:db8:5::1") is not None
    for _ in range(3):
        assert await lookup.order_of("wrong", "2001:db8:5::1") is None
    for each in (token, "wrong"):
        with pytest.raises(TooManyRequests):
            await lookup.order_of(each, "2001:db8:5::1")
    assert await lookup.order_of(token, "2001:db8:6::1") is not None


async def test_the_link_in_a_guests_mail_opens_the_order(order: Served, tmp_path: Path) -> None:
    placed = await place(order, None)
    [mail] = await mails_of(order, placed.id, tmp_path)
    page = f"https://allpetplus.example/orders/{placed.id}#token="
    token = text_of(mail).partition(page)[2].split()[0]
    assert f'href="{page}{token}"' in html_of(mail)
    assert (await order.execute(OPEN, given=token)).data["orderByToken"]["number"] == placed.number


async def test_the_link_in_a_customers_mail_needs_a_log_in(order: Served, customer_id: str, tmp_path: Path) -> None:
    placed = await place(order, customer_id)
    [mail] = await mails_of(order, placed.id, tmp_path)
    for shown in (text_of(mail), html_of(mail)):
        assert f"https://allpetplus.example/orders/{placed.id}" in shown
        assert "token=" not in shown.partition("/orders/")[2].split()[0]


LINES = """query ($id: ID!) { order(id: $id) { lines { title design { id } pictured } } }"""
NODES = """query ($representations: [_Any!]!) { _entities(representations: $representations) {
  ... on OrderLine { title design { id } } } }"""


async def line_of(order: Served, token: str, order_id: str) -> str:
    """Return the id of an order's first line."""
    asked = "query ($id: ID!) { order(id: $id) { lines { id } } }"
    return str((await order.execute(asked, token, id=order_id)).data["order"]["lines"][0]["id"])


async def test_designs_of_lines_are_shown_to_who_may_read_them(
    order: Served, customer: str, customer_id: str, support: str, stranger: str
) -> None:
    design = new_id("des")
    placed = await place(order, customer_id, design)
    for token in (customer, support):
        [line] = (await order.execute(LINES, token, id=placed.id)).data["order"]["lines"]
        assert line["design"] == {"id": design}
        assert line["pictured"].startswith(f"{design}.")
    key = await line_of(order, customer, placed.id)
    representations = [{"__typename": "OrderLine", "id": each} for each in (key, new_id("oln"), "x")]
    shown = (await order.execute(NODES, customer, representations=representations)).data["_entities"]
    assert shown == [{"title": "Collar 0", "design": {"id": design}}, None, None]
    for nobody in (stranger, None):
        hidden = await order.execute(NODES, nobody, representations=representations)
        assert hidden.data == {"_entities": [None, None, None]}


async def test_many_lines_cost_as_much_as_one(order: Served, customer: str, customer_id: str) -> None:
    placed = [await place(order, customer_id, new_id("des")) for _ in range(3)]
    keys = [await line_of(order, customer, each.id) for each in placed]
    costs = []
    for some in (keys[:1], keys):
        representations = [{"__typename": "OrderLine", "id": each} for each in some]
        with order.statements() as sent:
            shown = (await order.execute(NODES, customer, representations=representations)).data["_entities"]
        assert len([line for line in shown if line]) == len(some)
        costs.append(len(sent))
    assert costs[0] == costs[1] == 2

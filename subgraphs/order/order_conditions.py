"""What a filter asks of an order, as conditions for which there are indexes."""

from collections.abc import Sequence

from sqlalchemy import SQLColumnExpression, Text, any_, bindparam, exists, func, literal_column, or_
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.sql.elements import ColumnElement

from shared.core.validation import Checks
from shared.database.text_search import among, has_words
from shared.graph.loaders import in_keys
from subgraphs.order.inputs import OrderFilter, OrderTotalRange
from subgraphs.order.models import Order, OrderLine, Shipment


def order_conditions(wanted: OrderFilter | None, *, of_one_customer: bool = False) -> list[ColumnElement[bool]]:
    """Return what a checked filter asks of an order: of all, or of those of one customer, by which they are found."""
    if wanted is None:
        return []
    conditions: list[ColumnElement[bool]] = []
    if wanted.status is not None:
        conditions.append(in_keys(Order.status, [status.value for status in wanted.status]))
    if wanted.placed_from is not None:
        conditions.append(Order.placed_at >= wanted.placed_from)
    if wanted.placed_before is not None:
        conditions.append(Order.placed_at < wanted.placed_before)
    if wanted.customer_id is not None:
        conditions.append(Order.customer_id == wanted.customer_id)
    if wanted.ids is not None:
        conditions.append(in_keys(Order.id, wanted.ids))
    if wanted.numbers is not None:
        conditions.append(_has_number(wanted.numbers))
    if wanted.total is not None:
        conditions += _within(wanted.total)
    if wanted.source is not None:
        conditions.append(Order.source == wanted.source)
    if wanted.product:
        conditions.append(exists().where(OrderLine.order_id == Order.id, OrderLine.product == wanted.product.upper()))
    conditions += _of_parcels(wanted)
    if wanted.text:
        of_one = of_one_customer or wanted.customer_id is not None
        conditions.append(_mentions_of_one(wanted.text) if of_one else _mentions(wanted.text))
    return conditions


def _has_number(numbers: Sequence[str]) -> ColumnElement[bool]:
    in_shop = func.upper(func.ltrim(Order.shop_number, literal_column("'#'")))
    return or_(in_keys(Order.number, numbers), _any_of(in_shop, [number.lstrip("#") for number in numbers]))


def _any_of(value: SQLColumnExpression[str], keys: Sequence[str]) -> ColumnElement[bool]:
    return value == any_(bindparam(None, list(keys), type_=ARRAY(Text)))


def _within(total: OrderTotalRange) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [Order.currency == total.currency]
    least, most = [total.minor(Checks("filter"), name) for name in ("least", "most")]
    if least is not None:
        conditions.append(Order.total_minor >= least)
    if most is not None:
        conditions.append(Order.total_minor <= most)
    return conditions


def _of_parcels(wanted: OrderFilter) -> list[ColumnElement[bool]]:
    parcel = (Shipment.order_id == Order.id, ~Shipment.withdrawn)
    conditions: list[ColumnElement[bool]] = []
    if wanted.carrier:
        conditions.append(exists().where(*parcel, Shipment.carrier == wanted.carrier))
    if wanted.tracking_number:
        conditions.append(exists().where(*parcel, _has_tracking_number(wanted.tracking_number)))
    return conditions


def _has_tracking_number(number: str) -> ColumnElement[bool]:
    return func.upper(Shipment.tracking_number) == number.upper()


def _mentions(text: str) -> ColumnElement[bool]:
    parcels = has_words(text, Shipment.tracking_number) & ~Shipment.withdrawn
    return among(
        Order.id,
        (Order.id, _in_order(text)),
        (Shipment.order_id, parcels),
        (OrderLine.order_id, has_words(text, OrderLine.title)),
    )


def _mentions_of_one(text: str) -> ColumnElement[bool]:
    """Look at the few orders of a customer, instead of finding those of all that have the words."""
    parcels = (Shipment.order_id == Order.id, ~Shipment.withdrawn, has_words(text, Shipment.tracking_number))
    lines = (OrderLine.order_id == Order.id, has_words(text, OrderLine.title))
    return or_(_in_order(text), exists().where(*parcels), exists().where(*lines))


def _in_order(text: str) -> ColumnElement[bool]:
    return has_words(text, Order.number, Order.shop_number, Order.contact_email, Order.recipient)

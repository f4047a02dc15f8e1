"""Changes what a cart holds: adds, changes and removes lines, all of a request or none."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from shared.core.validation import Checks
from shared.database.database import Database
from shared.database.rows import many
from shared.events.outbox import record
from shared.graph.loaders import in_keys
from shared.security.quotes import ExpiredQuote, InvalidQuote, QuoteSigner
from subgraphs.order.cart_inputs import (
    CartLineInput,
    CartLinesAddInput,
    CartLinesRemoveInput,
    CartLinesUpdateInput,
    CartLineUpdateInput,
)
from subgraphs.order.cart_models import Cart, CartLine
from subgraphs.order.events import CartItem, CartItemsAdded
from subgraphs.order.service.carts.holders import Holder, change_cart, open_cart
from subgraphs.order.service.carts.items import MOST_PIECES, Item, added, excess, with_quantities

_LINE = CartLine.__table__


async def add_lines(database: Database, signer: QuoteSigner, holder: Holder, given: CartLinesAddInput) -> Cart:
    """Add pieces and return the cart's row.

    Raises InvalidInput, NotFound, VersionConflict, IllegalState or Unauthenticated.
    """
    async with database.write() as session:
        cart = await open_cart(session, holder, given.cart_id, given.version)
        before = await items_of(session, cart.id)
        checks = Checks()
        more = read_lines(checks, signer, cart, given.lines)
        if not given.lines:
            checks.refuse("lines", "TOO_SHORT", "Send at least one line.")
        after = added(before, more)
        check_size(checks, after)
        return await store(session, cart, before, after, more)


async def update_lines(database: Database, signer: QuoteSigner, holder: Holder, given: CartLinesUpdateInput) -> Cart:
    """Change quantities and quotes of lines and return the cart's row; raises as `add_lines`."""
    async with database.write() as session:
        cart = await open_cart(session, holder, given.cart_id, given.version)
        before = await items_of(session, cart.id)
        checks = Checks()
        after = _updated(checks, signer, cart, before, given.lines)
        check_size(checks, after)
        return await store(session, cart, before, after)


async def remove_lines(database: Database, holder: Holder, given: CartLinesRemoveInput) -> Cart:
    """Remove lines and return the cart's row; raises as `add_lines`."""
    async with database.write() as session:
        cart = await open_cart(session, holder, given.cart_id, given.version)
        before = await items_of(session, cart.id)
        checks, known = Checks(), {item.id for item in before}
        for place, line_id in enumerate(given.line_ids):
            if line_id not in known:
                _refuse_unknown(checks, f"lineIds.{place}")
        checks.raise_if_any()
        return await store(session, cart, before, [item for item in before if item.id not in set(given.line_ids)])


async def items_of(session: AsyncSession, cart_id: str) -> list[Item]:
    """Return the lines of a cart in their order."""
    wanted = select(_LINE).where(CartLine.cart_id == cart_id).order_by(CartLine.position)
    return [Item.of_row(row) for row in await many(session, CartLine, wanted)]


def read_lines(checks: Checks, signer: QuoteSigner, cart: Cart, given: Iterable[CartLineInput]) -> list[Item]:
    """Return what is to be added to a cart; what is wrong is noted in `checks`."""
    items = []
    for place, line in enumerate(given):
        if not 1 <= line.quantity <= MOST_PIECES:
            checks.refuse(f"lines.{place}.quantity", "OUT_OF_RANGE", f"Order 1 to {MOST_PIECES:,} pieces.")
        quoted = _read_quote(checks, signer, cart, f"lines.{place}.quote", line.quote)
        if quoted is not None:
            items.append(replace(quoted, quantity=line.quantity))
    return items


def check_size(checks: Checks, items: Sequence[Item]) -> None:
    """Raise InvalidInput for what was noted, and for more than a cart may hold."""
    too_much = excess(items)
    if too_much is not None:
        checks.refuse("lines", "OUT_OF_RANGE", too_much)
    checks.raise_if_any()


async def store(
    session: AsyncSession, cart: Cart, before: Sequence[Item], after: Sequence[Item], more: Sequence[Item] = ()
) -> Cart:
    """Store the lines that a locked cart has now, publish what was added, and return its row."""
    await store_items(session, cart, before, after)
    changed = await change_cart(session, cart)
    if more:
        await record(session, items_added(changed, more))
    return changed


async def store_items(session: AsyncSession, cart: Cart, before: Sequence[Item], after: Sequence[Item]) -> None:
    """Bring the rows of a cart's lines from what they were to what they are."""
    known, kept = {item.id: item for item in before}, {item.id for item in after}
    gone = [item.id for item in before if item.id not in kept]
    if gone:
        await session.execute(delete(CartLine).where(in_keys(CartLine.id, gone)))
    new = [item for item in after if known.get(item.id) != item]
    if not new:
        return
    # Positions of lines that are gone stay free.
    rows = {item.id: {**asdict(item), "cart_id": cart.id, "currency": cart.currency} for item in new}
    last = await session.scalar(
        select(CartLine.position).where(CartLine.cart_id == cart.id).order_by(CartLine.position.desc()).limit(1)
    )
    for place, item in enumerate(new, start=(last or 0) + 1):
        rows[item.id] |= {"position": place}
    statement = insert(_LINE).values(list(rows.values()))
    changed = {name: statement.excluded[name] for name in asdict(new[0]) if name != "id"}
    await session.execute(statement.on_conflict_do_update(index_elements=["id"], set_=changed))


def items_added(cart: Cart, more: Iterable[Item]) -> CartItemsAdded:
    """Return the event that pieces were added to a cart."""
    return CartItemsAdded(
        cart_id=cart.id, customer_id=cart.customer_id, visitor=cart.visitor, items=[event_item(item) for item in more]
    )


def event_item(item: Item) -> CartItem:
    """Return a line as events have it."""
    return CartItem(product=item.product, design_id=item.design_id, quantity=item.quantity)


def _updated(
    checks: Checks, signer: QuoteSigner, cart: Cart, items: Sequence[Item], given: Sequence[CartLineUpdateInput]
) -> list[Item]:
    known = {item.id: item for item in items}
    quantities: dict[str, int] = {}
    for place, change in enumerate(given):
        path, item = f"lines.{place}", known.get(change.line_id)
        if item is None:
            _refuse_unknown(checks, f"{path}.lineId")
            continue
        if change.quantity is not None:
            quantities[item.id] = change.quantity
            if not 0 <= change.quantity <= MOST_PIECES:
                checks.refuse(f"{path}.quantity", "OUT_OF_RANGE", f"Order up to {MOST_PIECES:,} pieces.")
        if change.quote is not None:
            quoted = _read_quote(checks, signer, cart, f"{path}.quote", change.quote)
            if quoted is not None and quoted.subject_id != item.subject_id:
                checks.refuse(f"{path}.quote", "OTHER_SUBJECT", "Send a quote of the line's own design or preset.")
            elif quoted is not None:
                known[item.id] = item.quoted_by(quoted)
    if not given:
        checks.refuse("lines", "TOO_SHORT", "Send at least one change.")
    checks.raise_if_any()
    return with_quantities(known.values(), quantities)


def _read_quote(checks: Checks, signer: QuoteSigner, cart: Cart, path: str, token: str) -> Item | None:
    """Return the line of one piece that a quote makes, or note why it makes none."""
    try:
        quote = signer.read(token)
    except ExpiredQuote:
        checks.refuse(path, "QUOTE_EXPIRED", "The quote has expired: get a new one from the design or preset.")
        return None
    except InvalidQuote:
        checks.refuse(path, "INVALID_QUOTE", "Send the `token` of a quote as the graph returned it.")
        return None
    if quote.currency != cart.currency.value:
        checks.refuse(path, "OTHER_CURRENCY", f"Get a quote in the cart's currency, {cart.currency.value}.")
    elif quote.subject == "design" and (cart.customer_id is None or quote.owner_id != cart.customer_id):
        message = "A design is ordered by its owner alone: log in, and claim the cart with `cartClaim`."
        checks.refuse(path, "NOT_YOURS", message)
    else:
        return Item.of_quote(quote, 1)
    return None


def _refuse_unknown(checks: Checks, path: str) -> None:
    checks.refuse(path, "UNKNOWN_LINE", "This is not the id of a line of the cart.")


async def outdate_lines(session: AsyncSession, subject_id: str, version: int) -> None:
    """Mark the lines of carts whose quotes are of earlier versions of a design or preset than one that changed it."""
    earlier = (CartLine.subject_id == subject_id, CartLine.version < version)
    await session.execute(update(CartLine).where(*earlier).values(outdated=True))

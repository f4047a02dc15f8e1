"""Addresses that a customer has saved, one of them to be offered first: kept by the customer alone."""

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from shared.core.ids import new_id
from shared.core.validation import Checks
from shared.database import idempotency
from shared.database.database import Database
from shared.database.rows import one
from shared.events.outbox import record
from shared.graph.postal_addresses import check_address
from subgraphs.user.errors import too_many_addresses, unknown_address
from subgraphs.user.events import UserUpdated
from subgraphs.user.inputs import AddressCreateInput, AddressUpdateInput
from subgraphs.user.models import Address
from subgraphs.user.service.account_lock import lock_account
from subgraphs.user.service.own_rows import change_own_row, count_own_rows, own_row

MOST = 20
"""Of one account."""
LONGEST_LABEL = 40
_COLUMNS = Address.__table__.columns


async def add_address(database: Database, user_id: str, given: AddressCreateInput) -> Address:
    """Save an address and return its row; raises InvalidInput, NotFound or IllegalState."""
    checks = Checks()
    values = check_address(checks, "address", given.address)
    label = _checked_label(checks, given.label)
    idempotency.check_key(checks, given.idempotency_key)
    checks.raise_if_any()
    address_id = new_id("adr")
    async with database.write() as session:
        await lock_account(session, user_id)
        first = await idempotency.claim(session, user_id, "addressCreate", given.idempotency_key, given, address_id)
        if first is not None:
            return await own_row(session, Address, user_id, first, unknown_address)
        others = await count_own_rows(session, Address, user_id, MOST, too_many_addresses)
        is_default = given.is_default or not others
        if is_default:
            await _have_no_default(session, user_id)
        row = {"id": address_id, "user_id": user_id, "label": label, "is_default": is_default, "version": 1, **values}
        address = await one(session, Address, insert(Address).values(row).returning(*_COLUMNS))
        await _record_change(session, user_id)
    return address


async def change_address(database: Database, user_id: str, given: AddressUpdateInput) -> Address:
    """Change an address and return its row; raises InvalidInput, NotFound or VersionConflict."""
    checks = Checks()
    changes = given.changes(checks, removable={"label"})
    if given.address:
        del changes["address"]
        changes |= check_address(checks, "address", given.address)
    if isinstance(given.label, str):
        changes["label"] = _checked_label(checks, given.label)
    checks.raise_if_any()
    async with database.write() as session:
        address = await change_own_row(session, Address, user_id, given.id, given.version, changes, unknown_address)
        await _record_change(session, user_id)
    return address


async def make_default(database: Database, user_id: str, address_id: str) -> Address:
    """Have an address offered first and return its row; raises NotFound."""
    async with database.write() as session:
        await lock_account(session, user_id)
        address = await own_row(session, Address, user_id, address_id, unknown_address)
        if not address.is_default:
            await _have_no_default(session, user_id)
            address = await _become_default(session, address_id)
            await _record_change(session, user_id)
    return address


async def remove_address(database: Database, user_id: str, address_id: str) -> None:
    """Delete an address; after the default, the oldest that is left becomes it. Raises NotFound."""
    removed = delete(Address).where(Address.id == address_id, Address.user_id == user_id)
    async with database.write() as session:
        await lock_account(session, user_id)
        was_default = await session.scalar(removed.returning(Address.is_default))
        if was_default is None:
            raise unknown_address()
        if was_default:
            left = select(Address.id).where(Address.user_id == user_id).order_by(Address.id).limit(1)
            oldest = await session.scalar(left)
            if oldest is not None:
                await _become_default(session, oldest)
        await _record_change(session, user_id)


async def _have_no_default(session: AsyncSession, user_id: str) -> None:
    """Make room for another default: there are never two of them."""
    await session.execute(
        update(Address)
        .where(Address.user_id == user_id, Address.is_default)
        .values(is_default=False, version=Address.version + 1)
    )


async def _become_default(session: AsyncSession, address_id: str) -> Address:
    chosen = update(Address).where(Address.id == address_id).values(is_default=True, version=Address.version + 1)
    return await one(session, Address, chosen.returning(*_COLUMNS))


async def _record_change(session: AsyncSession, user_id: str) -> None:
    await record(session, UserUpdated(user_id=user_id, fields=["addresses"]))


def _checked_label(checks: Checks, label: str | None) -> str | None:
    return checks.text("label", label, shortest=0, longest=LONGEST_LABEL) or None if label else None

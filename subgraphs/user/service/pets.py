"""Pets of a customer and their measures: kept by the customer alone."""

import dataclasses

from sqlalchemy import delete, insert
from sqlalchemy.ext.asyncio import AsyncSession
from strawberry.utils.str_converters import to_camel_case

from shared.core.ids import new_id
from shared.core.validation import Checks
from shared.database import idempotency
from shared.database.database import Database
from shared.database.rows import one
from shared.events.outbox import record
from subgraphs.user.errors import too_many_pets, unknown_pet
from subgraphs.user.events import UserUpdated
from subgraphs.user.inputs import PetCreateInput, PetMeasuresInput, PetUpdateInput
from subgraphs.user.models import Pet
from subgraphs.user.service.account_lock import lock_account
from subgraphs.user.service.own_rows import change_own_row, count_own_rows, own_row

MOST = 20
"""Of one account."""
LONGEST_NAME = 60
LONGEST_BREED = 80
SMALLEST = 10
"""Millimetres or grams."""
LARGEST = {"weight_grams": 200_000}
LARGEST_LENGTH = 3000


async def add_pet(database: Database, user_id: str, given: PetCreateInput) -> Pet:
    """Add a pet and return its row; raises InvalidInput, NotFound or IllegalState."""
    checks = Checks()
    values = {
        "name": checks.text("name", given.name, longest=LONGEST_NAME),
        "species": given.species,
        "breed": _checked_breed(checks, given.breed),
        "size": given.size,
        **_checked_measures(checks, given.measures),
    }
    idempotency.check_key(checks, given.idempotency_key)
    checks.raise_if_any()
    pet_id = new_id("pet")
    async with database.write() as session:
        await lock_account(session, user_id)
        first = await idempotency.claim(session, user_id, "petCreate", given.idempotency_key, given, pet_id)
        if first is not None:
            return await own_row(session, Pet, user_id, first, unknown_pet)
        await count_own_rows(session, Pet, user_id, MOST, too_many_pets)
        row = {"id": pet_id, "user_id": user_id, "version": 1, **values}
        pet = await one(session, Pet, insert(Pet).values(row).returning(*Pet.__table__.columns))
        await _record_change(session, user_id)
    return pet


async def change_pet(database: Database, user_id: str, given: PetUpdateInput) -> Pet:
    """Change a pet and return its row; raises InvalidInput, NotFound or VersionConflict."""
    checks = Checks()
    changes = given.changes(checks, removable={"breed", "size", "measures"})
    if isinstance(given.name, str):
        changes["name"] = checks.text("name", given.name, longest=LONGEST_NAME)
    if isinstance(given.breed, str):
        changes["breed"] = _checked_breed(checks, given.breed)
    if "measures" in changes:
        del changes["measures"]
        changes |= _checked_measures(checks, given.measures)
    checks.raise_if_any()
    async with database.write() as session:
        pet = await change_own_row(session, Pet, user_id, given.id, given.version, changes, unknown_pet)
        await _record_change(session, user_id)
    return pet


async def remove_pet(database: Database, user_id: str, pet_id: str) -> None:
    """Delete a pet; raises NotFound."""
    removed = delete(Pet).where(Pet.id == pet_id, Pet.user_id == user_id).returning(Pet.id)
    async with database.write() as session:
        if await session.scalar(removed) is None:
            raise unknown_pet()
        await _record_change(session, user_id)


async def _record_change(session: AsyncSession, user_id: str) -> None:
    await record(session, UserUpdated(user_id=user_id, fields=["pets"]))


def _checked_breed(checks: Checks, breed: str | None) -> str | None:
    return checks.text("breed", breed, longest=LONGEST_BREED) if breed else None


def _checked_measures(checks: Checks, given: PetMeasuresInput | None) -> dict[str, object]:
    """Return all measures by the names of columns, those too that are not known."""
    measures: dict[str, int | None] = dataclasses.asdict(given or PetMeasuresInput())
    for name, value in measures.items():
        largest = LARGEST.get(name, LARGEST_LENGTH)
        if value is not None and not SMALLEST <= value <= largest:
            message = f"Send a whole number from {SMALLEST} to {largest:,}."
            checks.refuse(f"measures.{to_camel_case(name)}", "OUT_OF_RANGE", message)
    return {**measures}

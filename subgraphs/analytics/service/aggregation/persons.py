"""Persons: users together with the visitors that they were. What is counted, is counted by person.

A link counts once the aggregation has applied it, in the transaction that counts both anew as one. So the
aggregates never show half of a link, however late it comes.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import TypedDict

from sqlalchemy import ARRAY, BindParameter, Text, bindparam, insert, text
from sqlalchemy.ext.asyncio import AsyncSession

from subgraphs.analytics.models import SubjectRecount

ALWAYS = dt.date.min
OUTCOMES_ONLY = dt.date.max
"""A day from which on there are no events: outcomes of experiments are worked out anew, and nothing else."""

_APPLY = text(
    "UPDATE visitor_link SET applied = true WHERE visitor IN"
    " (SELECT visitor FROM visitor_link WHERE NOT applied ORDER BY linked_at LIMIT :most FOR UPDATE SKIP LOCKED)"
    " RETURNING user_id"
)
_APPLY_OF = text("UPDATE visitor_link SET applied = true WHERE user_id = :user AND NOT applied RETURNING visitor")
_TAKE = text(
    "WITH taken AS (DELETE FROM subject_recount WHERE id IN"
    " (SELECT id FROM subject_recount ORDER BY id LIMIT :most) RETURNING subject, since)"
    " SELECT coalesce(link.user_id, taken.subject) AS person, min(taken.since) AS since"
    " FROM taken LEFT JOIN visitor_link AS link ON link.visitor = taken.subject AND link.applied GROUP BY person"
)
_MEMBERS = text(
    "SELECT person, person AS subject FROM unnest(:persons) AS person UNION ALL"
    " SELECT link.user_id, link.visitor FROM unnest(:persons) AS person"
    " JOIN visitor_link AS link ON link.user_id = person AND link.applied"
).bindparams(bindparam("persons", type_=ARRAY(Text)))


class Members(TypedDict):
    """Parameters of statements: persons, and beside each one of the subjects that the person is."""

    persons: list[str]
    subjects: list[str]


MEMBER = "member AS (SELECT * FROM unnest(:persons, :subjects) AS member (person, subject))"
"""`Members` as a table of statements."""


def member_parameters() -> list[BindParameter[Sequence[str]]]:
    """Return the parameters of MEMBER."""
    return [bindparam(name, type_=ARRAY(Text)) for name in ("persons", "subjects")]


async def recount_from(session: AsyncSession, since: dt.date, subjects: Iterable[str]) -> None:
    """Have subjects counted anew from a day on, because events of theirs were changed."""
    rows = [{"subject": subject, "since": since} for subject in sorted(set(subjects))]
    if rows:
        await session.execute(insert(SubjectRecount), rows)


async def take_changes(session: AsyncSession, most: int) -> dict[str, dt.date]:
    """Apply links that wait, and return the persons to be counted anew, with the day from which on."""
    linked = list(await session.scalars(_APPLY, {"most": most}))
    changed: dict[str, dt.date] = {row.person: row.since for row in await session.execute(_TAKE, {"most": most})}
    return changed | dict.fromkeys(linked, ALWAYS)


async def apply_links_of(session: AsyncSession, user_id: str) -> bool:
    """Apply the links of a user, and tell whether there were any that waited."""
    return (await session.execute(_APPLY_OF, {"user": user_id})).first() is not None


async def members_of(session: AsyncSession, persons: Iterable[str]) -> Members:
    """Return all subjects of some persons: each person itself, and the visitors that it was."""
    rows = (await session.execute(_MEMBERS, {"persons": list(persons)})).all()
    return {"persons": [row.person for row in rows], "subjects": [row.subject for row in rows]}


def merged(first: Mapping[str, dt.date], second: Mapping[str, dt.date]) -> dict[str, dt.date]:
    """Return all persons of both, each with the earlier day."""
    return {key: min(first.get(key, OUTCOMES_ONLY), second.get(key, OUTCOMES_ONLY)) for key in {**first, **second}}

"""Migrations only expand: the version before still runs on a database that a later version has migrated.

So a release is rolled out process by process, and taken back without its database. What is no longer used is removed
by a migration of a later release, which is listed in `shared/database/expansion.py`.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from petplus import registry
from shared.database.expansion import CONTRACTING, NOTHING, READS_AND_WRITES, WRITES, Lock, contractions, locks


def revisions() -> Iterator[Path]:
    for name in registry.NAMES:
        yield from sorted(registry.load(name).migrations.glob("[0-9]*.py"))


def name_of(path: Path) -> str:
    return f"{path.parents[1].name}/{path.stem}"


@pytest.mark.parametrize("path", list(revisions()), ids=name_of)
def test_a_migration_only_expands(path: Path) -> None:
    found = contractions(path.read_text())
    assert bool(found) == (name_of(path) in CONTRACTING), found


def test_each_listed_migration_exists() -> None:
    assert {name_of(path) for path in revisions()} >= CONTRACTING


@pytest.mark.parametrize(
    "line",
    [
        'op.drop_column("shop_order", "note")',
        'op.drop_table("shop_order")',
        'op.rename_table("shop_order", "orders")',
        'op.alter_column("shop_order", "note", new_column_name="remark")',
        'op.alter_column("shop_order", "note", type_=sa.Text())',
        'op.alter_column("shop_order", "note", nullable=False)',
        'op.add_column("shop_order", sa.Column("note", sa.Text(), nullable=False))',
        'op.create_index("order_note", "shop_order", ["note"])',
        'op.execute("ALTER TABLE shop_order RENAME COLUMN note TO remark")',
        'op.execute("ALTER TABLE shop_order ALTER COLUMN note TYPE text")',
        'op.execute("CREATE INDEX order_note ON shop_order (note)")',
    ],
)
def test_what_the_version_before_would_not_survive_is_found(line: str) -> None:
    assert len(contractions(f'"""Change orders."""\n\n\ndef upgrade() -> None:\n    {line}\n')) == 1


@pytest.mark.parametrize(
    "line",
    [
        'op.create_table("note", sa.Column("id", sa.Text(), nullable=False))',
        'op.add_column("shop_order", sa.Column("note", sa.Text(), nullable=True))',
        'op.add_column("shop_order", sa.Column("notes", sa.Integer(), server_default="0", nullable=False))',
        'op.create_index("order_note", "shop_order", ["note"], postgresql_concurrently=True)',
        'op.alter_column("shop_order", "note", nullable=True)',
    ],
)
def test_what_the_version_before_survives_may_be_done(line: str) -> None:
    assert contractions(f'"""Change orders."""\n\n\ndef upgrade() -> None:\n    {line}\n') == []


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('op.create_table("note", sa.Column("id", sa.Text()))', []),
        ('op.add_column("shop_order", sa.Column("note", sa.Text()))', [Lock("shop_order", READS_AND_WRITES)]),
        ('op.create_index("order_note", "shop_order", ["note"])', [Lock("shop_order", WRITES)]),
        (
            'op.create_index("order_note", "shop_order", ["note"], postgresql_concurrently=True)',
            [Lock("shop_order", NOTHING)],
        ),
        (
            'op.create_table("note", sa.ForeignKeyConstraint(["order_id"], ["shop_order.id"]))',
            [Lock("shop_order", WRITES)],
        ),
        ('op.execute("ALTER TABLE shop_order ADD note text")', [Lock("shop_order", READS_AND_WRITES)]),
        (
            'op.execute("CREATE TRIGGER t AFTER INSERT ON shop_order EXECUTE FUNCTION f()")',
            [Lock("shop_order", WRITES)],
        ),
        ('op.execute("CREATE TABLE note (id text); CREATE INDEX i ON note (id)")', []),
    ],
)
def test_what_a_migration_locks_is_known(line: str, expected: list[Lock]) -> None:
    assert locks(f'"""Change orders."""\n\n\ndef upgrade() -> None:\n    {line}\n') == expected


@pytest.mark.parametrize("path", list(revisions()), ids=name_of)
def test_what_each_migration_locks_was_made_before_it(path: Path) -> None:
    before = [each.read_text() for each in path.parent.glob("[0-9]*.py") if each.stem < path.stem]
    made_by_helpers = {"inbox", "outbox", "dead_letter", "entity_change", "entity_change_pruned", "pgqueuer"}
    missing = [
        each.table
        for each in locks(path.read_text())
        if each.table not in made_by_helpers and not any(each.table in text for text in before)
    ]
    assert missing == []

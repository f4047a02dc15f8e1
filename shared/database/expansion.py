"""What a migration means for those who run while it does, as far as its source tells.

While a release is rolled out, processes of the version before run on the new tables. So migrations only expand, but
for those of `CONTRACTING`. tests/architecture/test_migrations.py holds each to it; `petplus migrate --plan` shows it.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

CONTRACTING = {
    # From before the rule. A later one says which release stopped using what it removes.
    "analytics/0003_take_events_in_batches",
    "audit/0002_note_purges_before_they_are_done",
    "builder/0005_keep_reports_of_products",
    "builder/0009_find_presets",
    "builder/0010_find_designs",
    "order/0003_life_of_an_order",
    "order/0004_scans_know_who_recorded_them",
    "order/0005_receive_deliveries",
    "order/0009_shops_and_kinds_of_lines",
    "order/0010_ledger_and_tasks",
    "order/0017_released_uses_of_codes",
    "order/0019_find_orders",
    "user/0003_identity",
    "user/0004_mailed_tokens",
    "webhook/0002_find_deliveries_by_person",
    "webhook/0003_process_deliveries",
    "webhook/0005_deliveries_of_one_event",
}
"""Migrations that the version before does not survive, or that lock a table for long, by subgraph and file."""

_REMOVALS = {"drop_column", "drop_table", "drop_constraint", "drop_index", "rename_table"}
_CHANGES = {"type_": "changes a type", "new_column_name": "renames a column", "nullable": "forbids null"}
_CONTRACTING_SQL = {
    "removes or renames something": r"\b(DROP|RENAME)\b",
    "changes a type": r"\bALTER COLUMN \S+ (SET DATA )?TYPE\b",
    "forbids null": r"\bSET NOT NULL\b",
    "locks a table for an index": r"\bCREATE (UNIQUE )?INDEX (?!CONCURRENTLY)",
}

READS_AND_WRITES = "reads and writes"
WRITES = "writes"
NOTHING = "nothing"
_STOPPED = (NOTHING, WRITES, READS_AND_WRITES)
_TABLE = r"(?:ONLY\s+)?(?:IF (?:NOT )?EXISTS\s+)?\"?(?P<table>[a-z_]+)\"?"
_LOCKING_SQL = (
    (rf"\bALTER TABLE\s+{_TABLE}", READS_AND_WRITES),
    (rf"\bDROP TABLE\s+{_TABLE}", READS_AND_WRITES),
    (rf"\bTRUNCATE\s+(?:TABLE\s+)?{_TABLE}", READS_AND_WRITES),
    (rf"\bCREATE (?:UNIQUE )?INDEX (?!CONCURRENTLY)[^;]*?\bON\s+{_TABLE}", WRITES),
    (rf"\bCREATE (?:UNIQUE )?INDEX CONCURRENTLY[^;]*?\bON\s+{_TABLE}", NOTHING),
    (rf"\bCREATE (?:CONSTRAINT )?TRIGGER[^;]*?\bON\s+{_TABLE}", WRITES),
    (rf"\bREFERENCES\s+{_TABLE}", WRITES),
    (rf"\bUPDATE\s+{_TABLE}\s+SET\b", "writes to the rows it changes"),
)


@dataclass(frozen=True)
class Lock:
    """What waits for a migration at a table that was there before: `stops` is for reading, as `WRITES`."""

    table: str
    stops: str

    def __str__(self) -> str:
        return f"{self.table} (stops {self.stops})"


def contractions(source: str) -> list[str]:
    """Return what the version before would not survive, or what stops it for long, as far as the source tells."""
    tree = ast.parse(source)
    calls, made = _calls(tree)
    found = [each for call in calls for each in _contractions_of(call, made)]
    for text in _texts(tree):
        found += [what for what, pattern in _CONTRACTING_SQL.items() if re.search(pattern, text, re.IGNORECASE)]
    return found


def locks(source: str) -> list[Lock]:
    """Return the tables that a migration locks, by name, each once with the most that it stops there.

    SQL that is made of parts when the migration runs is not seen.
    """
    tree = ast.parse(source)
    calls, made = _calls(tree)
    found: dict[str, str] = {}
    taken = [each for call in calls for each in _locks_of(call)]
    for text in _texts(tree):
        made |= {match["table"] for match in re.finditer(rf"\bCREATE TABLE\s+{_TABLE}", text, re.IGNORECASE)}
        for pattern, stops in _LOCKING_SQL:
            taken += [(match["table"], stops) for match in re.finditer(pattern, text, re.IGNORECASE)]
    for table, stops in taken:
        if table and table not in made and _rank(stops) >= _rank(found.get(table, NOTHING)):
            found[table] = stops
    return [Lock(table, stops) for table, stops in sorted(found.items())]


def _rank(stops: str) -> int:
    return _STOPPED.index(stops) if stops in _STOPPED else 0


def _calls(tree: ast.AST) -> tuple[list[ast.Call], set[str]]:
    """Return the operations of Alembic, and the tables that they make."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and _operation(node)]
    return calls, {_text(call.args[0]) for call in calls if _operation(call) == "create_table"}


def _texts(tree: ast.AST) -> list[str]:
    """Return all literal texts but the first one, which is the module's own."""
    return [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)][1:]


def _contractions_of(call: ast.Call, made: set[str]) -> Iterator[str]:
    operation, given = _operation(call), _given(call)
    if operation in _REMOVALS:
        yield f"{operation}: removes or renames something"
    if operation == "alter_column":
        yield from (
            what for name, what in _CHANGES.items() if name in given and not (name == "nullable" and _is(given, name))
        )
    if operation == "add_column" and _text(call.args[0]) not in made and _needs_a_value(call.args[1]):
        yield "adds a column without a default that forbids null"
    if operation == "create_index" and _text(call.args[1]) not in made and not _is(given, "postgresql_concurrently"):
        yield "locks a table for an index"


def _locks_of(call: ast.Call) -> Iterator[tuple[str, str]]:
    operation, given = _operation(call), _given(call)
    names = [_text(each) for each in call.args]
    if operation in {"add_column", "alter_column", "drop_column", "drop_table", "rename_table"}:
        yield names[0], READS_AND_WRITES
    elif operation in {"drop_constraint", "create_check_constraint", "create_unique_constraint", "create_primary_key"}:
        yield names[1], READS_AND_WRITES
    elif operation == "create_foreign_key":
        yield names[1], WRITES
        yield names[2], WRITES
    elif operation == "create_index":
        yield names[1], NOTHING if _is(given, "postgresql_concurrently") else WRITES
    elif operation == "drop_index":
        table = _text(given["table_name"]) if "table_name" in given else ""
        yield table, NOTHING if _is(given, "postgresql_concurrently") else READS_AND_WRITES
    elif operation == "create_table":
        for each in ast.walk(call):
            if isinstance(each, ast.Call) and _called(each) in {"ForeignKeyConstraint", "ForeignKey"}:
                yield from ((table, WRITES) for table in _referenced(each))


def _referenced(call: ast.Call) -> set[str]:
    """Return the tables of `ForeignKey("table.column")` and `ForeignKeyConstraint([…], ["table.column"])`."""
    texts = [_text(node) for node in ast.walk(call.args[-1]) if isinstance(node, ast.Constant)]
    return {text.rpartition(".")[0] for text in texts if "." in text}


def _operation(call: ast.Call) -> str:
    """Return the name of an operation of Alembic, or nothing."""
    function = call.func
    if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name) and function.value.id == "op":
        return function.attr
    return ""


def _given(call: ast.Call) -> dict[str, ast.expr]:
    return {each.arg: each.value for each in call.keywords if each.arg}


def _needs_a_value(column: ast.expr) -> bool:
    if not isinstance(column, ast.Call):
        return True
    given = _given(column)
    makes_values = any(isinstance(each, ast.Call) and _called(each) in {"Identity", "Computed"} for each in column.args)
    return "nullable" in given and not _is(given, "nullable") and "server_default" not in given and not makes_values


def _called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else ""


def _is(given: dict[str, ast.expr], name: str) -> bool:
    value = given.get(name)
    return isinstance(value, ast.Constant) and value.value is True


def _text(node: ast.expr) -> str:
    return str(node.value) if isinstance(node, ast.Constant) else ""

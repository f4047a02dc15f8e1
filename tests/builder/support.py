"""Operations and configurations that the builder's tests share."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, text

from shared.events.outbox import OUTBOX
from subgraphs.builder.models import SavedDesign
from tests.support.apps import Answer, Served

INVALID = "... on InvalidInputProblem { fields { path code } }"
CONFLICT = "... on ConflictProblem { currentVersion }"
PROBLEMS = {
    "designCreate": INVALID,
    "designCreateFromPreset": INVALID,
    "designUpdate": INVALID + CONFLICT,
    "designDelete": CONFLICT,
    "designDuplicate": INVALID,
    "designCreateFromShare": INVALID,
}

DESIGN = """
id name status version price { amount currencyCode } owner { id } preset { name } product { title }
config {
  product size material primaryColor secondaryColor pattern hardware
  text { content technique font position color }
  layers { motif color x y size rotation hidden }
}
"""


def mutation(name: str) -> str:
    """Return the operation of one of the builder's mutations, named by its field."""
    kind = name[0].upper() + name[1:]
    success = f"... on {kind}Success {{ design {{ {DESIGN} }} }}"
    problems = f"... on Problem {{ code message }} {PROBLEMS[name]}"
    return f"mutation ($input: {kind}Input!) {{ result: {name}(input: $input) {{ __typename {success} {problems} }} }}"


def config(**changes: Any) -> dict[str, Any]:
    """Return a collar with a name on it, as clients write it."""
    collar = {
        "product": "COLLAR",
        "size": "MEDIUM",
        "material": "NYLON",
        "primaryColor": "NAVY",
        "secondaryColor": "WHITE",
        "pattern": "STRIPES",
        "hardware": "BRASS",
        "text": words(),
        "layers": [],
    }
    return collar | changes


def words(**changes: Any) -> dict[str, Any]:
    """Return a text that the collar of `config` takes."""
    text = {"content": "Rex", "technique": "EMBROIDERY", "font": "SANS", "position": "LEFT", "color": "GOLD"}
    return text | changes


def patch(**changes: Any) -> dict[str, Any]:
    """Return a layer that the collar of `config` takes, in its middle unless told otherwise."""
    layer = {"motif": "PAW", "color": "WHITE", "x": 50, "y": 50, "size": 60, "rotation": 0, "hidden": False}
    return layer | changes


async def run(served: Served, mutation_name: str, token: str | None, /, **given: Any) -> Any:
    """Call a mutation and return its result, which may be a problem."""
    return (await served.execute(mutation(mutation_name), token, input=given)).data["result"]


async def attempt(served: Served, mutation_name: str, token: str | None, /, **given: Any) -> Answer:
    """Call a mutation and return the whole answer."""
    return await served.execute(mutation(mutation_name), token, input=given)


@dataclass
class Maker:
    """Makes designs of one customer."""

    served: Served
    token: str

    async def __call__(self, **changes: Any) -> Any:
        """Make a design and return it as the graph shows it."""
        given = {"name": "Rex's collar", "config": config(), **changes}
        result = await run(self.served, "designCreate", self.token, **given)
        assert result["__typename"] == "DesignCreateSuccess", result
        return result["design"]


async def stored(served: Served) -> list[Any]:
    """Return all that the subgraph stores and has published, to tell that nothing was changed."""
    async with served.database.read() as connection:
        designs = (await connection.execute(select(SavedDesign.__table__).order_by(SavedDesign.id))).all()
        events = (await connection.execute(select(OUTBOX.c.event_id).order_by(OUTBOX.c.id))).all()
        keys = (await connection.execute(text("SELECT * FROM idempotency_key ORDER BY 1, 2, 3"))).all()
    return [designs, events, keys]


async def events_of(served: Served, design_id: str) -> list[tuple[str, dict[str, Any]]]:
    """Return the events of a design in order, as type and data."""
    statement = select(OUTBOX.c.type, OUTBOX.c.data).where(OUTBOX.c.subject == design_id).order_by(OUTBOX.c.id)
    async with served.database.read() as connection:
        return [(row.type, row.data) for row in await connection.execute(statement)]

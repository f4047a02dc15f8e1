"""What can no longer be ordered: noted as the builder tells it, and taken back where a product is sold again."""

import pytest
from sqlalchemy import select

from shared.core.ids import new_id
from shared.events.event import Event
from subgraphs.builder.events import (
    CHANGED,
    DesignDeleted,
    DesignOrdered,
    DesignOrderRefused,
    PresetArchived,
    ProductUpdated,
)
from subgraphs.order.enums import SubjectKind
from subgraphs.order.models import OrderLine
from subgraphs.order.service.availability import Subject, subjects_of, withdrawn
from subgraphs.order.service.ordered_designs import lines_of
from subgraphs.order.service.placement import NewLine
from tests.order.factories import place
from tests.order.facts import receive
from tests.order.test_transitions import stored
from tests.support.apps import Served


async def among(order: Served, *subjects: Subject) -> set[Subject]:
    async with order.database.write() as session:
        return await withdrawn(session, subjects)


@pytest.mark.parametrize("kind", list(SubjectKind))
async def test_what_is_withdrawn_is_known_from_then_on(order: Served, kind: SubjectKind) -> None:
    gone, other = Subject(kind, new_id("x")), Subject(kind, new_id("x"))
    events: dict[SubjectKind, Event] = {
        SubjectKind.DESIGN: DesignDeleted(design_id=gone.id, owner_id=new_id("usr")),
        SubjectKind.PRESET: PresetArchived(preset_id=gone.id, version=2),
        SubjectKind.PRODUCT: ProductUpdated(product_id=new_id("prd"), product=gone.id, active=False),
    }
    assert await among(order, gone, other) == set()
    for _ in range(2):
        await receive(order, events[kind])
    assert await among(order, gone, other) == {gone}


async def test_a_product_that_is_on_sale_again_is_withdrawn_no_more(order: Served) -> None:
    subject = Subject(SubjectKind.PRODUCT, new_id("kind"))
    told = [False, True, None, False]
    known = []
    for active in told:
        await receive(order, ProductUpdated(product_id=new_id("prd"), product=subject.id, active=active))
        known.append(bool(await among(order, subject)))
    assert known == [True, False, False, True]


async def test_many_subjects_cost_one_statement(order: Served) -> None:
    subjects = [it for key in range(20) for it in subjects_of(f"des_{key}", f"pre_{key}", f"KIND_{key}")]
    assert len(subjects) == 60
    costs = []
    for asked in (subjects[:1], subjects, []):
        with order.statements() as sent:
            await among(order, *asked)
        costs.append(len([it for it in sent if "withdrawn_item" in it]))
    assert costs == [1, 1, 0]


async def test_a_line_keeps_what_was_quoted_and_events_tell_it(order: Served, customer_id: str) -> None:
    design, preset = new_id("des"), new_id("pre")
    lines = [
        NewLine("Custom Collar", 1, 2490, design, product="COLLAR", quoted_version=3),
        NewLine("Comet Leash", 2, 1990, preset_id=preset, product="LEASH", quoted_version=7),
    ]
    placed = await place(order, customer_id, lines=lines)
    _, _, [event] = await stored(order, placed.id)
    expected = [
        {"design_id": design, "quantity": 1, "design_version": 3, "preset_id": None},
        {"design_id": None, "quantity": 2, "design_version": None, "preset_id": preset},
    ]
    assert event.data["lines"] == expected
    columns = OrderLine.product, OrderLine.preset_id, OrderLine.quoted_version
    async with order.database.write() as session:
        found = select(*columns).where(OrderLine.order_id == placed.id).order_by(OrderLine.position)
        assert [tuple(row) for row in await session.execute(found)] == [("COLLAR", None, 3), ("LEASH", preset, 7)]
        told = await lines_of(session, [placed.id])
    assert [line.model_dump() for line in told[placed.id]] == expected


async def test_a_design_that_was_changed_after_its_quote_is_a_task_for_staff(
    order: Served, support: str, customer_id: str
) -> None:
    design = new_id("des")
    placed = await place(order, customer_id, design)
    shown = """query ($id: ID!) { order(id: $id) { lines { design { id } } notes { text } tasks { kind } } }"""
    about = {"order_id": placed.id, "customer_id": customer_id, "design_id": design}
    for _ in range(2):
        await receive(order, DesignOrderRefused(**about, refusal=CHANGED))
    found = (await order.execute(shown, support, id=placed.id)).data["order"]
    text = f"It names the design {design}, which was changed after its price was quoted: decide what is to be made."
    assert found["notes"] == [{"text": text}]
    assert [line["design"] for line in found["lines"]] == [None]
    assert [task["kind"] for task in found["tasks"]] == ["DESIGN_REFUSED"]


async def test_an_ordered_design_tells_its_product(order: Served, customer_id: str) -> None:
    design = new_id("des")
    placed = await place(order, customer_id, design)
    await receive(order, DesignOrdered(design_id=design, order_id=placed.id, product="COLLAR"))
    async with order.database.read() as connection:
        found = await connection.execute(select(OrderLine.product).where(OrderLine.order_id == placed.id))
    assert list(found.scalars()) == ["COLLAR"]

"""What batches bring is awaited for all who asked together, and fails where graphql-core would have it fail."""

import asyncio
import json
from collections.abc import Callable, Coroutine
from contextvars import ContextVar
from functools import partial
from typing import Any

import pytest
from differential.comparing import DROPS_COROUTINES, Comparison, executed, zoo_schema
from differential.late import Batches
from differential.zoo import Node, Visit
from graphql import GraphQLError, parse
from strawberry_compiled import CompiledExecutor, Later, compiled_executor

pytestmark = DROPS_COROUTINES
CALM = next(seed for seed in range(100) if Visit(seed, 2).maker._odd == 0)
SCHEMA = zoo_schema()
COUNTS: ContextVar[bool] = ContextVar("counts")
LOADED = """
query Loaded($yes: Boolean!, $no: Boolean!) {
  home {
    loadedFamily { name loaded { place loadedFar { name secretOrNone } } loadedFamily(count: 1) { loadedText } }
    children { loadedText secretLoaded { name leaves { price } } ...Late @include(if: $yes) }
    childrenOrNone { loadedFar { children { loadedText } } }
    again: loaded @skip(if: $no) { promised { loadedText } odd { loadedText } }
  }
  family { loaded { loadedFamily { loadedText place } } loadedFar { name } }
}
fragment Late on Node { loaded { later { loaded { name } } } }
"""


async def test_a_document_of_what_batches_bring_has_the_same_answers_in_many_worlds() -> None:
    comparison, parsed = Comparison(), parse(LOADED)
    for seed in range(150):
        for level in (0, 1, 2):
            variables = {"yes": seed % 2 == 0, "no": seed % 3 == 0}
            await comparison.compare(parsed, LOADED, variables, partial(Visit, seed, level))


def family_of(visit: Visit, count: int) -> Visit:
    """Give the home so many children, each with a child of its own."""
    visit.home.children = [visit.maker.node(0) for _ in range(count)]
    for child in visit.home.children:
        child.child = visit.maker.node(0)
    return visit


def counting(counted: list[Any]) -> Callable[..., "asyncio.Task[Any]"]:
    COUNTS.set(True)

    def made(loop: asyncio.AbstractEventLoop, coroutine: Coroutine[Any, Any, Any], **more: Any) -> "asyncio.Task[Any]":
        # Servers that other tests have left running make tasks as well, with contexts of their own.
        if COUNTS.get(False):
            counted.append(coroutine)
        return asyncio.Task(coroutine, loop=loop, **more)

    return made


async def test_waiting_for_batches_takes_no_task_for_each_object_that_asks() -> None:
    document = parse("{ home { children { loaded { name loadedFar { name } } loadedText } } }")
    tasks_by_count = {}
    for count in (1, 50):
        executor: type[CompiledExecutor] = compiled_executor(compile_at=1)
        made: list[Any] = []
        asyncio.get_running_loop().set_task_factory(counting(made))
        try:
            body = await executed(SCHEMA, document, {}, family_of(Visit(CALM, 2), count), executor)
        finally:
            asyncio.get_running_loop().set_task_factory(None)
        answer = json.loads(body)
        # (`loadedFar` of a node without a child is null where it may not be.)
        assert len(answer["data"]["home"]["children"]) == count
        tasks_by_count[count] = len(made)
    assert tasks_by_count[1] == tasks_by_count[50]


async def test_a_batch_that_fails_nulls_each_field_that_waited_for_it() -> None:
    document = parse("{ home { name children { name loaded { name } } } }")
    visit = family_of(Visit(CALM, 2), 3)
    visit.home.children[1].child = GraphQLError("the database is away")  # type: ignore[assignment]
    answer = json.loads(await executed(SCHEMA, document, {}, visit, compiled_executor(compile_at=1)))
    assert [child["loaded"] for child in answer["data"]["home"]["children"]] == [None] * 3
    assert {error["message"] for error in answer["errors"]} == {"the database is away"}
    assert [error["path"][2] for error in answer["errors"]] == [0, 1, 2]


async def test_an_execution_that_is_given_up_leaves_the_batch_to_others() -> None:
    future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()

    class Slow(Batches):
        def later(self, _group: str, _value: Any, make: Callable[[Any], Any]) -> Any:
            return Later(future, "key", make)

    class Waits(Visit):
        def __post_init__(self) -> None:
            super().__post_init__()
            self.batches = Slow()

    document, executor = parse("{ home { loaded { name } } }"), compiled_executor(compile_at=1)
    given_up = asyncio.create_task(executed(SCHEMA, document, {}, Waits(CALM, 2), executor))
    patient = asyncio.create_task(executed(SCHEMA, document, {}, Waits(CALM, 2), executor))
    await asyncio.sleep(0)
    given_up.cancel()
    with pytest.raises(asyncio.CancelledError):
        await given_up
    assert not future.cancelled()
    node: Node = Visit(CALM, 2).home
    future.set_result({"key": node})
    assert json.loads(await patient)["data"]["home"]["loaded"] == {"name": node.name}


async def test_awaiting_it_and_giving_up_leaves_the_batch_to_others() -> None:
    future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()

    async def awaited() -> Any:
        return await Later(future, "key", str.upper)

    given_up, patient = asyncio.create_task(awaited()), asyncio.create_task(awaited())
    await asyncio.sleep(0)
    given_up.cancel()
    with pytest.raises(asyncio.CancelledError):
        await given_up
    future.set_result({"key": "value"})
    assert await patient == "VALUE"

"""The values of a batch are awaited together, and its errors are reported where graphql-core reports them."""

import asyncio
import json
from collections.abc import Callable, Coroutine
from contextvars import ContextVar
from functools import partial
from typing import Any

import pytest
from differential.batches import Batches
from differential.comparison import DROPS_COROUTINES, Comparison, executed, sample_schema
from differential.sample_schema import Node, SampleContext
from graphql import GraphQLError, parse
from strawberry_compiled import CompiledExecutor, LoaderPromise, compiled_executor

pytestmark = DROPS_COROUTINES
REGULAR_SEED = next(seed for seed in range(100) if SampleContext(seed, 2).factory._odd_share == 0)
SCHEMA = sample_schema()
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


async def test_a_document_of_loader_promises_has_the_same_answers_for_many_seeds() -> None:
    comparison, parsed = Comparison(), parse(LOADED)
    for seed in range(150):
        for level in (0, 1, 2):
            variables = {"yes": seed % 2 == 0, "no": seed % 3 == 0}
            await comparison.compare(parsed, LOADED, variables, partial(SampleContext, seed, level))


def family_of(context: SampleContext, count: int) -> SampleContext:
    """Give `home` this number of children, each with a child of its own."""
    context.home.children = [context.factory.node(0) for _ in range(count)]
    for child in context.home.children:
        child.child = context.factory.node(0)
    return context


def counting(counted: list[Any]) -> Callable[..., "asyncio.Task[Any]"]:
    COUNTS.set(True)

    def made(loop: asyncio.AbstractEventLoop, coroutine: Coroutine[Any, Any, Any], **more: Any) -> "asyncio.Task[Any]":
        # Only tasks of this test are counted: others have another context.
        if COUNTS.get(False):
            counted.append(coroutine)
        return asyncio.Task(coroutine, loop=loop, **more)

    return made


async def test_the_number_of_tasks_does_not_depend_on_the_number_of_promises() -> None:
    document = parse("{ home { children { loaded { name loadedFar { name } } loadedText } } }")
    tasks_by_count = {}
    for count in (1, 50):
        executor: type[CompiledExecutor] = compiled_executor(compile_threshold=1)
        made: list[Any] = []
        asyncio.get_running_loop().set_task_factory(counting(made))
        try:
            body = await executed(SCHEMA, document, {}, family_of(SampleContext(REGULAR_SEED, 2), count), executor)
        finally:
            asyncio.get_running_loop().set_task_factory(None)
        answer = json.loads(body)
        # (`loadedFar` of a node without a child is null although it must not be, so only the length is compared.)
        assert len(answer["data"]["home"]["children"]) == count
        tasks_by_count[count] = len(made)
    assert tasks_by_count[1] == tasks_by_count[50]


async def test_a_batch_that_fails_makes_each_of_its_fields_null() -> None:
    document = parse("{ home { name children { name loaded { name } } } }")
    context = family_of(SampleContext(REGULAR_SEED, 2), 3)
    context.home.children[1].child = GraphQLError("the database is unavailable")  # type: ignore[assignment]
    answer = json.loads(await executed(SCHEMA, document, {}, context, compiled_executor(compile_threshold=1)))
    assert [child["loaded"] for child in answer["data"]["home"]["children"]] == [None] * 3
    assert {error["message"] for error in answer["errors"]} == {"the database is unavailable"}
    assert [error["path"][2] for error in answer["errors"]] == [0, 1, 2]


async def test_cancelling_an_execution_does_not_cancel_the_batch() -> None:
    future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()

    class SharedBatch(Batches):
        def promise(self, _group: str, _value: Any, convert: Callable[[Any], Any]) -> Any:
            return LoaderPromise(future, "key", convert)

    class SharedBatchContext(SampleContext):
        def __post_init__(self) -> None:
            super().__post_init__()
            self.batches = SharedBatch()

    document, executor = parse("{ home { loaded { name } } }"), compiled_executor(compile_threshold=1)
    cancelled = asyncio.create_task(executed(SCHEMA, document, {}, SharedBatchContext(REGULAR_SEED, 2), executor))
    waiting = asyncio.create_task(executed(SCHEMA, document, {}, SharedBatchContext(REGULAR_SEED, 2), executor))
    await asyncio.sleep(0)
    cancelled.cancel()
    with pytest.raises(asyncio.CancelledError):
        await cancelled
    assert not future.cancelled()
    node: Node = SampleContext(REGULAR_SEED, 2).home
    future.set_result({"key": node})
    assert json.loads(await waiting)["data"]["home"]["loaded"] == {"name": node.name}


async def test_cancelling_a_task_that_awaits_a_promise_does_not_cancel_the_batch() -> None:
    future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()

    async def awaited() -> Any:
        return await LoaderPromise(future, "key", str.upper)

    cancelled, waiting = asyncio.create_task(awaited()), asyncio.create_task(awaited())
    await asyncio.sleep(0)
    cancelled.cancel()
    with pytest.raises(asyncio.CancelledError):
        await cancelled
    future.set_result({"key": "value"})
    assert await waiting == "VALUE"

"""The cache of plans: its size, its threshold, and one plan for each combination of conditions."""

import gc
import inspect
import json
import weakref
from typing import Any

import pytest
from differential.comparison import executed, sample_schema
from differential.sample_schema import SampleContext
from graphql import parse
from strawberry_compiled import CompiledExecutor, compiled_executor
from strawberry_compiled.plans import MAX_PLANS

REGULAR_SEED = next(seed for seed in range(100) if SampleContext(seed, 2).factory._odd_share == 0)
SCHEMA = sample_schema()


async def run(executor: type[CompiledExecutor], document: Any, **variables: Any) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(
        await executed(SCHEMA, document, variables, SampleContext(REGULAR_SEED, 2), executor)
    )
    assert answer["errors"] == []
    data: dict[str, Any] = answer["data"]
    return data


def compiled_selections(executor: type[CompiledExecutor]) -> int:
    return sum(
        len(plan.compiler._selections)
        for operation in executor.plans._operations.values()
        for plan in operation._plans.values()
    )


async def test_an_operation_is_compiled_at_its_second_execution() -> None:
    executor, document = compiled_executor(), parse("{ home { name leaves { text } } }")
    first = await run(executor, document)
    assert compiled_selections(executor) == 0
    assert await run(executor, document) == first
    assert compiled_selections(executor) == 2


async def test_at_most_max_operations_are_kept() -> None:
    executor = compiled_executor(max_operations=3, compile_threshold=1)
    for number in range(10):
        await run(executor, parse(f"{{ a{number}: home {{ name }} }}"))
    assert len(executor.plans) == 3


async def test_the_least_recently_used_operation_leaves_the_cache() -> None:
    executor, document = compiled_executor(max_operations=2, compile_threshold=1), parse("{ home { name } }")
    for number in range(5):
        await run(executor, document)
        await run(executor, parse(f"{{ a{number}: home {{ name }} }}"))
    assert id(document.definitions[0]) in executor.plans._operations


async def test_each_combination_of_conditions_has_a_plan_of_its_own() -> None:
    executor = compiled_executor(compile_threshold=1)
    document = parse("query ($a: Boolean!) { home { name @include(if: $a) color @skip(if: $a) } }")
    for _ in range(2):
        assert list((await run(executor, document, a=True))["home"]) == ["name"]
        assert list((await run(executor, document, a=False))["home"]) == ["color"]


async def test_combinations_beyond_the_maximum_are_executed_without_a_plan() -> None:
    names = [f"v{number}" for number in range(5)]
    assert 2 ** len(names) > MAX_PLANS
    executor = compiled_executor(compile_threshold=1)
    fields = " ".join(f"{name}: name @include(if: ${name})" for name in names)
    document = parse(f"query ({' '.join(f'${name}: Boolean!' for name in names)}) {{ home {{ __typename {fields} }} }}")
    for number in range(2 ** len(names)):
        chosen = {name: bool(number >> place & 1) for place, name in enumerate(names)}
        home = (await run(executor, document, **chosen))["home"]
        assert set(home) == {"__typename", *[name for name in names if chosen[name]]}
    (operation,) = executor.plans._operations.values()
    assert len(operation._plans) == MAX_PLANS


@pytest.mark.parametrize("level", [0, 1])
async def test_where_a_guard_denies_access_the_extension_itself_raises(level: int) -> None:
    executor, document = compiled_executor(compile_threshold=1), parse("{ home { name secret } }")
    answer = json.loads(await executed(SCHEMA, document, {}, SampleContext(REGULAR_SEED, level), executor))
    assert answer["data"] is None
    assert [error["path"] for error in answer["errors"]] == [["home", "secret"]]
    assert answer["errors"][0]["message"].startswith("level 2 at")


async def test_a_plan_keeps_nothing_of_a_caller() -> None:
    executor, context = compiled_executor(compile_threshold=1), SampleContext(REGULAR_SEED, 2)
    document = parse("query ($yes: Boolean!, $n: Int) { home { name @include(if: $yes) some(count: $n) { name } } }")
    caller = weakref.ref(context)
    json.loads(await executed(SCHEMA, document, {"yes": True, "n": 1}, context, executor))
    assert compiled_selections(executor) > 0
    del context
    gc.collect()
    assert caller() is None
    [operation] = executor.plans._operations.values()
    [plan] = operation._plans.values()
    kept = inspect.getclosurevars(plan.compiler._collect).nonlocals["values"]
    assert kept.coerced == {"yes": True}
    assert set(kept.sources) == {"yes"}

"""What is remembered of operations: only those that come again, no more than so many, and each for its own choice."""

import gc
import inspect
import json
import weakref
from typing import Any

import pytest
from differential.comparing import executed, zoo_schema
from differential.zoo import Visit
from graphql import parse
from strawberry_compiled import CompiledExecutor, compiled_executor
from strawberry_compiled.plans import CHOICES_KEPT

CALM = next(seed for seed in range(100) if Visit(seed, 2).maker._odd == 0)
SCHEMA = zoo_schema()


async def run(executor: type[CompiledExecutor], document: Any, **variables: Any) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(await executed(SCHEMA, document, variables, Visit(CALM, 2), executor))
    assert answer["errors"] == []
    data: dict[str, Any] = answer["data"]
    return data


def compiled_selections(executor: type[CompiledExecutor]) -> int:
    return sum(
        len(plan.compiler._made)
        for operation in executor.plans._operations.values()
        for plan in operation._plans.values()
    )


async def test_an_operation_is_compiled_when_it_comes_again() -> None:
    executor, document = compiled_executor(), parse("{ home { name leaves { text } } }")
    first = await run(executor, document)
    assert compiled_selections(executor) == 0
    assert await run(executor, document) == first
    assert compiled_selections(executor) == 2


async def test_no_more_operations_are_kept_than_were_asked_for() -> None:
    executor = compiled_executor(kept=3, compile_at=1)
    for number in range(10):
        await run(executor, parse(f"{{ a{number}: home {{ name }} }}"))
    assert len(executor.plans) == 3


async def test_operations_that_are_kept_are_those_used_last() -> None:
    executor, document = compiled_executor(kept=2, compile_at=1), parse("{ home { name } }")
    for number in range(5):
        await run(executor, document)
        await run(executor, parse(f"{{ a{number}: home {{ name }} }}"))
    assert id(document.definitions[0]) in executor.plans._operations


async def test_each_choice_of_conditional_parts_has_a_plan_of_its_own() -> None:
    executor = compiled_executor(compile_at=1)
    document = parse("query ($a: Boolean!) { home { name @include(if: $a) color @skip(if: $a) } }")
    for _ in range(2):
        assert list((await run(executor, document, a=True))["home"]) == ["name"]
        assert list((await run(executor, document, a=False))["home"]) == ["color"]


async def test_more_choices_than_are_kept_are_answered_without_plans() -> None:
    names = [f"v{number}" for number in range(5)]
    assert 2 ** len(names) > CHOICES_KEPT
    executor = compiled_executor(compile_at=1)
    fields = " ".join(f"{name}: name @include(if: ${name})" for name in names)
    document = parse(f"query ({' '.join(f'${name}: Boolean!' for name in names)}) {{ home {{ __typename {fields} }} }}")
    for number in range(2 ** len(names)):
        chosen = {name: bool(number >> place & 1) for place, name in enumerate(names)}
        home = (await run(executor, document, **chosen))["home"]
        assert set(home) == {"__typename", *[name for name in names if chosen[name]]}
    (operation,) = executor.plans._operations.values()
    assert len(operation._plans) == CHOICES_KEPT


@pytest.mark.parametrize("level", [0, 1])
async def test_a_guard_that_refuses_is_answered_by_the_extension_itself(level: int) -> None:
    executor, document = compiled_executor(compile_at=1), parse("{ home { name secret } }")
    answer = json.loads(await executed(SCHEMA, document, {}, Visit(CALM, level), executor))
    assert answer["data"] is None
    assert [error["path"] for error in answer["errors"]] == [["home", "secret"]]
    assert answer["errors"][0]["message"].startswith("level 2 at")


async def test_nothing_of_a_caller_is_kept_with_what_was_compiled() -> None:
    executor, visit = compiled_executor(compile_at=1), Visit(CALM, 2)
    document = parse("query ($yes: Boolean!, $n: Int) { home { name @include(if: $yes) some(count: $n) { name } } }")
    caller = weakref.ref(visit)
    json.loads(await executed(SCHEMA, document, {"yes": True, "n": 1}, visit, executor))
    assert compiled_selections(executor) > 0
    del visit
    gc.collect()
    assert caller() is None
    [operation] = executor.plans._operations.values()
    [plan] = operation._plans.values()
    kept = inspect.getclosurevars(plan.compiler._collect).nonlocals["values"]
    assert kept.coerced == {"yes": True}
    assert set(kept.sources) == {"yes"}

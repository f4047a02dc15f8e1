"""Fingerprints of the functions of graphql-core and Strawberry whose steps compiled code follows.

A failure names a function that an upgrade has changed. Compare it with the code that follows it, then pin its new
fingerprint.
"""

import importlib
import inspect
from collections.abc import Callable
from typing import Any

import pytest
from differential.fingerprints import fingerprint
from graphql.execution.collect_fields import collect_subfields
from graphql.execution.executor import Executor, collect_iterator_awaitables
from graphql.execution.incremental.incremental_executor import IncrementalExecutor
from graphql.pyutils import gather_with_cancel
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext
from strawberry.schema.schema_converter import CustomGraphQLEnumType, GraphQLCoreConverter, get_arguments
from strawberry.types.union import StrawberryUnion

# A function, the code in `strawberry_compiled` that follows it, and its fingerprint.
PINNED: list[tuple[Callable[..., Any], str, str]] = [
    (
        Executor.execute_root_grouped_field_set,
        "executor.CompiledExecutor.execute_root_grouped_field_set",
        "1d53af2248ac",
    ),
    (Executor.execute_fields, "selection.Selection.execute", "797f54fbd779"),
    (Executor.execute_field, "fields.compile_field", "5281dc836ecc"),
    (Executor.complete_value, "completion.compile_completion", "06c34f7681a1"),
    (Executor.complete_awaitable_value, "fields._async_method", "9a67e9f91f0a"),
    (Executor.complete_iterable_value, "completion.ObjectList", "bdb49d2d91f1"),
    (Executor.complete_list_item_value, "completion.ObjectList", "8883b4d65a1a"),
    (Executor.complete_leaf_value, "leaves.coercion_lines", "a8c54d5838ad"),
    (Executor.complete_object_value, "executor.CompiledExecutor.collect_and_execute_subfields", "55e77f58eca1"),
    (Executor.collect_and_execute_subfields, "executor.CompiledExecutor.collect_and_execute_subfields", "98432d93fb1b"),
    (Executor.collect_subfields, "plans.collector", "53924d281ad7"),
    (
        IncrementalExecutor.execute_collected_subfields,
        "executor.CompiledExecutor.collect_and_execute_subfields",
        "4be78f15f06f",
    ),
    (StrawberryGraphQLCoreExecutionContext.build_resolve_info, "selection.Field.info", "d600ee836119"),
    (collect_subfields, "plans.collector", "1657a3c68d28"),
    (collect_iterator_awaitables, "completion.ObjectList", "9b7cec217514"),
    (gather_with_cancel, "selection._gathered", "3f50ff071528"),
    (GraphQLCoreConverter.from_resolver, "analysis.classify_field", "bcac1354fecd"),
    (CustomGraphQLEnumType.coerce_output_value, "leaves._enum_lines", "e4a086ff6db8"),
    (get_arguments, "fields.Arguments", "622f5399b812"),
    (StrawberryUnion.get_type_resolver, "executor.CompiledExecutor._type_of_class", "be50312e4ae2"),
]


@pytest.mark.parametrize(("function", "follower", "pinned"), PINNED, ids=[each[0].__qualname__ for each in PINNED])
def test_a_function_that_compiled_code_follows_is_unchanged(
    function: Callable[..., Any], follower: str, pinned: str
) -> None:
    assert fingerprint(function) == pinned, f"{function.__qualname__} has changed: look at {follower}"


def test_the_code_that_follows_each_function_exists() -> None:
    for _, follower, _ in PINNED:
        module, *names = follower.split(".")
        found: Any = importlib.import_module(f"strawberry_compiled.{module}")
        for name in names:
            found = inspect.getattr_static(found, name)
        assert found is not None, follower

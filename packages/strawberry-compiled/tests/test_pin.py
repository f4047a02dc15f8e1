"""What compiled execution knows of graphql-core and Strawberry. A failure here names what an upgrade has changed:
compare the named function with the one that follows its steps, and then take over its new fingerprint."""

import hashlib
import inspect
from collections.abc import Callable
from typing import Any

import pytest
from graphql.execution.collect_fields import collect_subfields
from graphql.execution.executor import Executor, collect_iterator_awaitables
from graphql.execution.incremental.incremental_executor import IncrementalExecutor
from graphql.pyutils import gather_with_cancel
from strawberry.permission import PermissionExtension
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext
from strawberry.schema.schema_converter import CustomGraphQLEnumType, GraphQLCoreConverter, get_arguments
from strawberry.types.union import StrawberryUnion

# A function, and what of ours follows it.
KNOWN: list[tuple[Callable[..., Any], str, str]] = [
    (Executor.execute_root_grouped_field_set, "executor.execute_root_grouped_field_set", "1d53af2248ac"),
    (Executor.execute_fields, "selection.full, finish_fields, abandon_fields", "797f54fbd779"),
    (Executor.execute_field, "fields.runner", "5281dc836ecc"),
    (Executor.complete_value, "completion.completion", "06c34f7681a1"),
    (Executor.complete_awaitable_value, "fields._async_method", "9a67e9f91f0a"),
    (Executor.complete_iterable_value, "completion.ObjectList", "bdb49d2d91f1"),
    (Executor.complete_list_item_value, "completion.ObjectList", "8883b4d65a1a"),
    (Executor.complete_leaf_value, "leaves", "a8c54d5838ad"),
    (Executor.complete_object_value, "executor.collect_and_execute_subfields", "55e77f58eca1"),
    (Executor.collect_and_execute_subfields, "executor.collect_and_execute_subfields", "98432d93fb1b"),
    (Executor.collect_subfields, "plans.Plan.sub_fields", "53924d281ad7"),
    (IncrementalExecutor.execute_collected_subfields, "executor.collect_and_execute_subfields", "4be78f15f06f"),
    (StrawberryGraphQLCoreExecutionContext.build_resolve_info, "selection.Field.info", "d600ee836119"),
    (collect_subfields, "plans.Plan.sub_fields", "1657a3c68d28"),
    (collect_iterator_awaitables, "completion.ObjectList", "9b7cec217514"),
    (gather_with_cancel, "selection.finish_fields", "3f50ff071528"),
    (GraphQLCoreConverter.from_resolver, "analysis.examine, fields", "bcac1354fecd"),
    (CustomGraphQLEnumType.coerce_output_value, "leaves", "e4a086ff6db8"),
    (get_arguments, "fields.Arguments", "622f5399b812"),
    (StrawberryUnion.get_type_resolver, "executor._type_of_class", "be50312e4ae2"),
    (PermissionExtension.resolve, "shared.access", "9d951f67b6ad"),
    (PermissionExtension.resolve_async, "shared.access", "bdc50d3884c7"),
]


def fingerprint(function: Callable[..., Any]) -> str:
    return hashlib.sha256(inspect.getsource(function).encode()).hexdigest()[:12]


@pytest.mark.parametrize(("function", "follower", "known"), KNOWN, ids=[each[0].__qualname__ for each in KNOWN])
def test_what_compiled_code_follows_is_as_it_was(function: Callable[..., Any], follower: str, known: str) -> None:
    assert fingerprint(function) == known, f"{function.__qualname__} has changed: look at {follower}"

"""The executor as compiled code sees it: graphql-core's, with what is cached for the duration of one operation."""

from typing import Any

from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext


class OperationExecutor(StrawberryGraphQLCoreExecutionContext):
    """Executes one operation. Both caches are set when a plan for the operation is found."""

    arguments_read: dict[int, Any]
    """Values of arguments by the id of their `Arguments`, where no resolver can change them."""
    arguments_converted: dict[int, Any]
    """Converted values by the id of the values in `arguments_read`."""

"""Compiled execution for Strawberry: selections become Python functions, graphql-core executes the rest."""

from strawberry_compiled.analysis import Guard
from strawberry_compiled.executor import CompiledExecutor, compiled_executor
from strawberry_compiled.loader_promise import LoaderPromise

__all__ = ["CompiledExecutor", "Guard", "LoaderPromise", "compiled_executor"]

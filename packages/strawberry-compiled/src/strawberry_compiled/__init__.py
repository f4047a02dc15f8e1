"""Compiled execution for Strawberry: selections become functions, graphql-core keeps the last word. See README.md."""

from strawberry_compiled.analysis import Guard
from strawberry_compiled.executor import CompiledExecutor, compiled_executor
from strawberry_compiled.later import Later

__all__ = ["CompiledExecutor", "Guard", "Later", "compiled_executor"]

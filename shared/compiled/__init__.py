"""Compiled execution for Strawberry: selections become functions, graphql-core keeps the last word. See README.md."""

from shared.compiled.analysis import Guard
from shared.compiled.executor import CompiledExecutor, compiled_executor
from shared.compiled.later import Later

__all__ = ["CompiledExecutor", "Guard", "Later", "compiled_executor"]

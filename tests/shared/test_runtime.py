"""Resources of a running subgraph: made on first use, unless they hold something open."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from shared.core.settings import Settings, SettingsError
from shared.runtime import ResourceError, Runtime, open_runtime


class Opened:
    def __init__(self) -> None:
        self.is_open = True

    @classmethod
    @asynccontextmanager
    async def open(cls, _runtime: Runtime) -> AsyncIterator["Opened"]:
        opened = cls()
        yield opened
        opened.is_open = False


class Made:
    def __init__(self, runtime: Runtime) -> None:
        self.opened = runtime.resource(Opened)


class FromRuntime:
    def __init__(self, made: Made) -> None:
        self.made = made

    @classmethod
    def from_runtime(cls, runtime: Runtime) -> "FromRuntime":
        return cls(runtime.resource(Made))


class First:
    def __init__(self, runtime: Runtime) -> None:
        runtime.resource(Second)


class Second:
    def __init__(self, runtime: Runtime) -> None:
        runtime.resource(First)


class Misconfigured:
    def __init__(self, _runtime: Runtime) -> None:
        raise SettingsError("PETPLUS_COLOR is wrong.")


async def test_a_resource_is_made_on_first_use_and_then_kept(settings: Settings) -> None:
    async with open_runtime("order", settings, (Opened,)) as runtime:
        assert set(runtime.resources) == {Opened}
        made = runtime.resource(FromRuntime)
        assert made.made.opened is runtime.resource(Opened)
        assert runtime.resource(FromRuntime) is made
        assert made.made.opened.is_open
    assert not made.made.opened.is_open


async def test_the_order_of_the_list_does_not_matter(settings: Settings) -> None:
    async with open_runtime("order", settings, (FromRuntime, Opened)) as runtime:
        assert set(runtime.resources) == {FromRuntime, Made, Opened}


async def test_a_resource_that_must_be_opened_is_not_made(settings: Settings) -> None:
    async with open_runtime("order", settings, ()) as runtime:
        with pytest.raises(ResourceError, match=r"^Opened is not open: list it in the subgraph's `resources`\.$"):
            runtime.resource(Made)


async def test_resources_that_need_each_other_are_an_error_that_names_them(settings: Settings) -> None:
    async with open_runtime("order", settings, ()) as runtime:
        with pytest.raises(ResourceError, match=r"^These need each other: First -> Second -> First\.$"):
            runtime.resource(First)
        assert runtime.resources == {}


async def test_a_listed_resource_with_a_wrong_setting_stops_the_start(settings: Settings) -> None:
    with pytest.raises(SettingsError, match="PETPLUS_COLOR"):
        async with open_runtime("order", settings, (Misconfigured,)):
            pass

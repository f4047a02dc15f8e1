"""The engines that can route: one is a part of the shop, the others are programs of their own."""

from enum import StrEnum


class Engine(StrEnum):
    """What composes answers."""

    GATEWAY = "gateway"
    HIVE = "hive"

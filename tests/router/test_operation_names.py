"""Operations have names of their own, by which logs and metrics tell them apart."""

import json
from collections import Counter

from petplus.local.node import ROUTER


def test_no_two_operations_of_the_router_and_the_apps_share_a_name() -> None:
    manifest = json.loads((ROUTER / "operations" / "manifest.json").read_text(encoding="utf-8"))
    names = Counter(operation["name"] for operation in manifest["operations"])
    assert {"WebCart", "WebShop", "WebShopCurrencies"} < set(names)
    assert [name for name, count in names.items() if count > 1] == []

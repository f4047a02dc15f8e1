"""Values that cannot work are refused with a sentence that says what to change, and nothing is rendered."""

from pathlib import Path
from typing import Any

import pytest

from tests.chart.helm import RefusedError, render, write_values
from tests.chart.scenarios import EVERYTHING, PUBLIC, SCENARIOS

FROM_CHECKS = [
    ({"public": {"origin": ""}}, "public.origin is empty: set it to the address by which clients reach the shop"),
    ({"public": {"filesOrigin": ""}}, "public.filesOrigin is empty"),
    ({"public": {"filesOrigin": "https://shop.example"}}, "public.filesOrigin is public.origin: choose another host"),
    ({"passkeys": {"domain": ""}}, "passkeys.domain is empty"),
    ({"passkeys": {"domain": "pets.example"}}, "Passkeys of passkeys.domain pets.example cannot be used at"),
    ({"passkeys": {"origins": ["https://evilshop.example"]}}, "cannot be used at https://evilshop.example"),
    (
        {"subgraphs": {"order": {"maxReplicas": 20}}},
        "databases.main gets 848 connections, and 780 of its 800 are for the shop",
    ),
    ({"databases": {"main": {"maxConnections": 100}}}, "lower maxReplicas or poolSize, raise max_connections"),
    ({"databases": {"main": {"reservedConnections": 100}}}, "and 700 of its 800 are for the shop"),
    ({"subgraphs": {"order": {"minReplicas": 11}}}, "subgraphs.order.minReplicas is 11 and maxReplicas is 10"),
    ({"workers": {"main": {"minReplicas": 5}}}, "workers.main.minReplicas is 5 and maxReplicas is 4"),
    ({"router": {"minReplicas": 11}}, "router.minReplicas is 11 and maxReplicas is 10"),
    ({"subgraphs": {"order": {"database": "orders"}}}, "subgraphs.order.database is orders, which is not in databases"),
    ({"workers": {"main": {"subgraphs": ["order"]}}}, "No worker carries the events of analytics"),
    ({"workers": {"main": {"image": "subgraphs"}}}, "set workers.main.image to analytics"),
    ({"payments": {"provider": "stripe", "stripePublishableKey": ""}}, "payments.stripePublishableKey is empty"),
    ({"secrets": {"external": {"store": {"name": ""}}}}, "secrets.external.store.name is empty"),
    ({"gateway": {"className": ""}}, "gateway.className is empty"),
    ({"public": {"origin": "http://shop.example"}}, "it must begin with https://"),
    ({"public": {"trustedProxies": []}}, "public.trustedProxies is empty"),
]
FROM_SCHEMA = [
    ({"setting": {}}, "'setting'"),
    ({"subgraphs": {"orders": {}}}, "'orders'"),
    ({"subgraphs": {"order": {"replicas": 2}}}, "'replicas'"),
    ({"settings": {"PETPLUS_LOG_LEVL": "info"}}, "PETPLUS_LOG_LEVL"),
    ({"settings": {"PETPLUS_SECRET_KEY": "a secret"}}, "PETPLUS_SECRET_KEY"),
    ({"settings": {"PETPLUS_STRIPE_API_KEY": "a secret"}}, "PETPLUS_STRIPE_API_KEY"),
    ({"settings": {"PETPLUS_LOG_LEVEL": 1}}, "want string"),
    ({"image": {"router": {"tag": "latest"}}}, "/image/router/tag"),
    ({"image": {"router": {"digest": "sha256:1"}}}, "/image/router/digest"),
    ({"timeouts": {"drainSeconds": 0}}, "/timeouts/drainSeconds"),
    ({"timeouts": {"startSeconds": 60}}, "/timeouts/startSeconds"),
    ({"payments": {"provider": "simulated"}}, "/payments/provider"),
    ({"router": {"minReplicas": 0}}, "/router/minReplicas"),
    ({"router": {"resources": {"limits": None}}}, "/router/resources"),
    ({"databases": {"main": {"host": "owner:password@postgresql"}}}, "/databases/main/host"),
    ({"public": {"origin": "https://shop.example/"}}, "/public/origin"),
    ({"networkPolicy": {"clients": [{}]}}, "/networkPolicy/clients/0"),
]


def merged(first: Any, second: Any) -> Any:
    if not (isinstance(first, dict) and isinstance(second, dict)):
        return second
    return first | {key: merged(first.get(key), value) for key, value in second.items()}


@pytest.mark.parametrize(("change", "sentence"), [*FROM_CHECKS, *FROM_SCHEMA], ids=lambda each: str(each)[:60])
def test_values_that_cannot_work_are_refused(change: dict[str, Any], sentence: str, tmp_path: Path) -> None:
    usual = merged(PUBLIC, EVERYTHING)
    render([write_values(tmp_path, usual)])
    with pytest.raises(RefusedError) as refused:
        render([write_values(tmp_path, merged(usual, change))])
    assert sentence in str(refused.value)


def test_the_chart_alone_says_what_it_needs() -> None:
    with pytest.raises(RefusedError, match=r"public\.origin is empty: set it to the address"):
        render([])


def test_a_long_name_is_refused(tmp_path: Path) -> None:
    values = SCENARIOS["defaults"].paths(tmp_path)
    assert render(values, release="s" * 40).objects
    with pytest.raises(RefusedError, match="is longer than 40 characters"):
        render(values, release="s" * 41)

"""The doctor finds what is wrong, names it and says what to do."""

from petplus.doctor import examine
from shared.core.settings import Settings


async def test_a_shop_that_does_not_run_gets_an_advice_for_each_part(settings: Settings) -> None:
    lonely = settings.model_copy(update={"port": 1200})
    findings = {finding.what: finding async for finding in examine(lonely)}
    assert findings["schemas"].is_well
    assert findings["broker"].is_well
    assert findings["order database"].fact.endswith("up to date")
    assert findings["router"].advice == "Start `petplus up`."
    assert findings["order"].advice == "Start `petplus up`, or `petplus serve order` for it alone."


async def test_servers_that_do_not_answer_are_named(settings: Settings) -> None:
    nowhere = "postgresql+asyncpg://nobody@127.0.0.1:1/nothing"
    broken = settings.model_copy(update={"database_url": nowhere, "redis_url": "redis://127.0.0.1:1", "port": 1200})
    findings = {finding.what: finding async for finding in examine(broken)}
    assert findings["broker"].advice.startswith("It does not answer")
    assert findings["user database"].advice.startswith("It does not answer")

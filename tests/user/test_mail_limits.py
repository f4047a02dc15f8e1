"""Mails are counted for whom they go to, and nobody can use up the mails by which an owner gets back in."""

import pytest

from shared.core.errors import TooManyRequests
from subgraphs.user.service.log_in import LogIn
from subgraphs.user.service.recovery import Recovery
from subgraphs.user.service.registration import MOST_MAILS_TO_ADDRESS
from tests.support.accounts import PASSWORD, REGISTER, log_in, mailed, open_account, text_of, token_in, wanted
from tests.support.apps import Served
from tests.user.test_passwords import ASK, CHANGE, MOVE, NEW, RESET, outcome
from tests.user.test_registration import AGAIN

HOME, ELSEWHERE = "198.51.100.7", "203.0.113.9"


async def register(user: Served, email: str, times: int) -> list[str | None]:
    """Register an address some times, as anybody may; returns the codes of the answers."""
    answers = [await user.execute(REGISTER, input=wanted(email=email)) for _ in range(times)]
    return [answer.data["accountRegister"].get("code") for answer in answers]


async def test_registrations_by_strangers_keep_nobody_from_setting_a_new_password(user: Served) -> None:
    account = await open_account(user)
    codes = await register(user, account.email, MOST_MAILS_TO_ADDRESS)
    assert codes == [*[None] * (MOST_MAILS_TO_ADDRESS - 1), "RATE_LIMITED"]
    await mailed(user, to=account.email)
    asked = (await user.execute(ASK, email=account.email)).data["passwordResetRequest"]
    assert asked["__typename"] == "PasswordResetRequestSuccess"
    [mail] = await mailed(user, to=account.email)
    done = (await user.execute(RESET, proof=token_in(mail), new=NEW)).data["passwordReset"]
    assert done["__typename"] == "PasswordResetSuccess"


async def test_resets_by_strangers_leave_the_owner_a_mail_that_works_and_more_where_they_logged_in(
    user: Served,
) -> None:
    account = await open_account(user)
    await user.runtime.resource(LogIn).by_password(account.email, PASSWORD, "", HOME)
    recovery = user.runtime.resource(Recovery)
    for _ in range(MOST_MAILS_TO_ADDRESS):
        await recovery.ask_for_reset(account.email, ELSEWHERE)
    with pytest.raises(TooManyRequests):
        await recovery.ask_for_reset(account.email, ELSEWHERE)
    mails = await mailed(user, to=account.email)
    assert len(mails) == MOST_MAILS_TO_ADDRESS
    await recovery.ask_for_reset(account.email, HOME)
    [own] = await mailed(user, to=account.email)
    done = (await user.execute(RESET, proof=token_in(own), new=NEW)).data["passwordReset"]
    assert done["__typename"] == "PasswordResetSuccess"
    late = (await user.execute(RESET, proof=token_in(mails[0]), new=PASSWORD)).data["passwordReset"]
    assert late["fields"] == [{"path": "input.token", "code": "INVALID_TOKEN"}]


async def test_a_thief_who_uses_up_the_resets_and_changes_the_password_does_not_keep_the_account(user: Served) -> None:
    account = await open_account(user)
    thief = await log_in(user, account)
    for _ in range(MOST_MAILS_TO_ADDRESS):
        await user.runtime.resource(Recovery).ask_for_reset(account.email, ELSEWHERE)
    changed = await user.execute(CHANGE, thief["accessToken"], old=PASSWORD, new="a thief was here 7")
    assert changed.data["passwordChange"]["__typename"] == "PasswordChangeSuccess"
    *_, told = await mailed(user, to=account.email)
    assert (told["Subject"], "good for 1 hour, once" in text_of(told)) == ("Your password was changed", True)
    done = (await user.execute(RESET, proof=token_in(told), new=NEW)).data["passwordReset"]
    assert done["__typename"] == "PasswordResetSuccess"
    outcomes = [await outcome(user, account, each) for each in ("a thief was here 7", NEW)]
    assert outcomes == ["UnauthenticatedProblem", "SessionCreateSuccess"]


async def test_mails_that_are_sent_again_count_for_their_recipient_whatever_the_receipt(user: Served) -> None:
    email = wanted()["email"]
    registered = [(await user.execute(REGISTER, input=wanted(email=email))).data["accountRegister"] for _ in range(3)]
    receipts = [answer["receipt"] for answer in registered]
    codes = list[str | None]()
    for number in range(6):
        again = await user.execute(AGAIN, receipt=receipts[number % 3])
        codes.append(again.data["emailVerificationRequest"].get("code"))
    assert codes == [None, None, *["RATE_LIMITED"] * 4]
    # Nor is anybody else kept from theirs.
    assert await register(user, wanted()["email"], 1) == [None]


async def test_registrations_by_strangers_keep_no_owner_from_another_address(user: Served) -> None:
    account = await open_account(user)
    session = await log_in(user, account)
    await register(user, account.email, MOST_MAILS_TO_ADDRESS)
    await mailed(user, to=account.email)
    answers = [
        await user.execute(MOVE, session["accessToken"], email=f"new{number}.{account.email}", password=PASSWORD)
        for number in range(6)
    ]
    codes = [answer.data["emailChange"].get("code") for answer in answers]
    assert codes == [*[None] * 5, "RATE_LIMITED"]
    # Each was told to the present address, and no other was made.
    assert len(await mailed(user, to=account.email)) == 5

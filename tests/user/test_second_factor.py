"""Second factors: added by a code, asked for after the password, good once, and removed by a code."""

import asyncio
import datetime as dt
from urllib.parse import parse_qs, unquote, urlsplit

from sqlalchemy import select, update

from shared.core.ids import new_id
from subgraphs.user.jobs import JOBS
from subgraphs.user.models import RecoveryCode, TotpFactor, UserSession
from subgraphs.user.service.job_types import USER_SYNC
from subgraphs.user.service.totp import TotpSecrets
from tests.support.accounts import log_in, mailed, open_account, token_in
from tests.support.apps import Identities, Served
from tests.support.second_factor import (
    ANSWER,
    CONFIRM,
    ENROL,
    LOG_IN,
    REMOVE,
    answered,
    challenged,
    code_of,
    let_time_pass,
    log_in_with_code,
    problem,
    protect,
    wrong_code,
)
from tests.user.events import published
from tests.user.test_authentication import viewer_of
from tests.user.test_sessions import OTHER_SECRET, refresh

ME = "{ me { id secondFactorSince recoveryCodesLeft sessions(first: 100) { nodes { id revokedAt } } } }"
REPLACE = """
mutation {
  recoveryCodesReplace {
    __typename ... on RecoveryCodesReplaceSuccess { recoveryCodes } ... on Problem { code }
  }
}
"""
REMOVE_FOR = """
mutation ($id: ID!) {
  userSecondFactorRemove(input: { userId: $id }) {
    __typename ... on UserSecondFactorRemoveSuccess { user { id secondFactorSince } } ... on Problem { code }
  }
}
"""
ASK_RESET = "mutation ($email: String!) { passwordResetRequest(input: { email: $email }) { __typename } }"
RESET = """
mutation ($proof: String!, $password: String!) {
  passwordReset(input: { token: $proof, password: $password }) {
    __typename ... on SecondFactorChallenge { challenge } ... on Problem { code }
  }
}
"""
SET_ROLES = """
mutation ($id: ID!, $version: Int!, $roles: [Role!]!) {
  userRolesSet(input: { userId: $id, version: $version, roles: $roles }) { __typename ... on Problem { code } }
}
"""
EXPORT = "mutation { accountExport { ... on AccountExportSuccess { document } ... on Problem { code } } }"


async def sessions_of(user: Served, user_id: str) -> list[tuple[str, bool]]:
    """Return the sessions of somebody, and whether each is open."""
    found = select(UserSession.id, UserSession.revoked_at).where(UserSession.user_id == user_id)
    async with user.database.read() as connection:
        return sorted((row.id, row.revoked_at is None) for row in await connection.execute(found))


async def test_a_factor_is_added_by_a_code_and_other_sessions_end(user: Served) -> None:
    account = await open_account(user)
    other, token = [(await log_in(user, account))["accessToken"] for _ in range(2)]
    enrolled = (await user.execute(ENROL, token)).data["totpEnrol"]
    address = urlsplit(enrolled["uri"])
    asked = parse_qs(address.query)
    assert (address.scheme, address.netloc, unquote(address.path)) == (
        "otpauth",
        "totp",
        f"/All Pet Plus:{account.email}",
    )
    assert (asked["secret"], asked["issuer"], enrolled["expiresIn"]) == ([enrolled["secret"]], ["All Pet Plus"], 600)
    assert (await user.execute(ME, token)).data["me"]["secondFactorSince"] is None

    confirmed = (await user.execute(CONFIRM, token, code=code_of(enrolled["secret"]))).data["totpConfirm"]
    assert (len(confirmed["recoveryCodes"]), len(set(confirmed["recoveryCodes"]))) == (10, 10)
    assert (await viewer_of(user, confirmed["accessToken"])).methods == {"pwd", "otp", "mfa"}
    shown = (await user.execute(ME, confirmed["accessToken"])).data["me"]
    assert (shown["recoveryCodesLeft"], shown["secondFactorSince"] is not None) == (10, True)
    assert (await user.execute(ME, other)).codes == ["UNAUTHENTICATED"]
    assert [is_open for _, is_open in await sessions_of(user, account.id)].count(True) == 1
    assert (await refresh(user, confirmed["refreshToken"]))["__typename"] == "SessionRefreshSuccess"
    assert await published(user, account.id, "user.second_factor_added") == {
        "user.second_factor_added": [{"user_id": account.id}]
    }
    [mail] = await mailed(user, to=account.email)
    assert "second factor" in mail["Subject"]


async def test_a_wrong_code_adds_nothing(user: Served) -> None:
    account = await open_account(user)
    token = (await log_in(user, account))["accessToken"]
    assert problem(await user.execute(CONFIRM, token, code="123456")) == "ILLEGAL_STATE"
    secret = (await user.execute(ENROL, token)).data["totpEnrol"]["secret"]
    for code in (wrong_code(secret), "", "12345", "\u0661" * 6, "x" * 5000, code_of(secret, steps=3)):
        assert problem(await user.execute(CONFIRM, token, code=code)) == "WRONG_CODE"
    shown = (await user.execute(ME, token)).data["me"]
    assert (shown["secondFactorSince"], shown["recoveryCodesLeft"]) == (None, 0)
    assert (await log_in(user, account))["accessToken"]


async def test_the_secret_is_sealed_and_codes_are_hashed(user: Served) -> None:
    who = await protect(user)
    async with user.database.read() as connection:
        sealed = str(await connection.scalar(select(TotpFactor.sealed_secret).where(TotpFactor.user_id == who.id)))
        hashes = list(await connection.scalars(select(RecoveryCode.code_hash).where(RecoveryCode.user_id == who.id)))
    assert who.secret not in sealed
    assert not {code.replace("-", "") for code in who.recovery_codes} & set(hashes)


async def test_a_secret_is_good_for_its_own_account_alone(user: Served) -> None:
    mine, theirs = await protect(user), await protect(user)
    async with user.database.write() as session:
        sealed = select(TotpFactor.sealed_secret).where(TotpFactor.user_id == mine.id).scalar_subquery()
        await session.execute(update(TotpFactor).where(TotpFactor.user_id == theirs.id).values(sealed_secret=sealed))
    challenge = await challenged(user, theirs.account)
    assert (await answered(user, challenge, code_of(mine.secret)))["code"] == "WRONG_CODE"
    assert (await answered(user, challenge, theirs.recovery_codes[0]))["__typename"] == "SessionConfirmSuccess"


async def test_a_log_in_needs_a_code_after_the_password(user: Served) -> None:
    who = await protect(user)
    before = await sessions_of(user, who.id)
    answer = (await user.execute(LOG_IN, email=who.account.email, password=who.account.password)).data["sessionCreate"]
    assert (set(answer), answer["expiresIn"]) == ({"__typename", "challenge", "expiresIn"}, 300)
    assert await sessions_of(user, who.id) == before
    # It opens nothing by itself, wherever it is sent.
    assert (await user.execute("{ me { id } }", answer["challenge"])).codes == ["UNAUTHENTICATED"]
    assert (await refresh(user, answer["challenge"]))["code"] == "INVALID_REFRESH_TOKEN"
    assert problem(await user.execute(RESET, proof=answer["challenge"], password="wisteria in may")) == "INVALID_INPUT"

    tokens = await answered(user, answer["challenge"], code_of(who.secret))
    assert tokens["user"] == {"id": who.id, "name": "Anna"}
    viewer = await viewer_of(user, tokens["accessToken"])
    assert (viewer.id, set(viewer.methods)) == (who.id, {"pwd", "otp", "mfa"})
    assert len(await sessions_of(user, who.id)) == len(before) + 1
    assert (await answered(user, answer["challenge"], code_of(who.secret, steps=1)))["code"] == "INVALID_CHALLENGE"


async def test_a_clock_may_be_wrong_by_one_step(user: Served) -> None:
    who = await protect(user)
    for steps, accepted in ((-1, True), (1, True), (-3, False), (3, False)):
        await let_time_pass(user, who.id)
        answer = await answered(user, await challenged(user, who.account), code_of(who.secret, steps=steps))
        assert (answer["__typename"] == "SessionConfirmSuccess") is accepted, steps


async def test_a_code_is_good_once(user: Served) -> None:
    who = await protect(user)
    later, now = code_of(who.secret, steps=1), code_of(who.secret)
    assert (await answered(user, await challenged(user, who.account), later))["__typename"] == "SessionConfirmSuccess"
    before = await sessions_of(user, who.id)
    for code in (later, now):
        assert (await answered(user, await challenged(user, who.account), code))["code"] == "WRONG_CODE"
    assert problem(await user.execute(REMOVE, who.token, code=later)) == "WRONG_CODE"
    assert await sessions_of(user, who.id) == before


async def test_of_one_code_used_twice_at_once_one_wins(user: Served) -> None:
    who = await protect(user)
    before = await sessions_of(user, who.id)
    challenges = [await challenged(user, who.account) for _ in range(4)]
    code = code_of(who.secret)
    answers = await asyncio.gather(*[answered(user, challenge, code) for challenge in [*challenges, challenges[0]]])
    assert [answer["__typename"] for answer in answers].count("SessionConfirmSuccess") == 1
    assert len(await sessions_of(user, who.id)) == len(before) + 1


async def test_a_code_of_another_account_is_wrong(user: Served) -> None:
    mine, theirs = await protect(user), await protect(user)
    challenge = await challenged(user, theirs.account)
    for code in (code_of(mine.secret), mine.recovery_codes[0]):
        assert (await answered(user, challenge, code))["code"] == "WRONG_CODE"
    assert (await user.execute(ME, mine.token)).data["me"]["recoveryCodesLeft"] == 10


async def test_a_new_password_by_mail_is_no_way_around_the_factor(user: Served) -> None:
    who = await protect(user)
    assert (await user.execute(ASK_RESET, email=who.account.email)).data
    mails = await mailed(user, to=who.account.email)
    token = token_in(next(mail for mail in mails if mail["Subject"] == "Set a new password"))
    reset = (await user.execute(RESET, proof=token, password="wisteria in november")).data["passwordReset"]
    assert reset["__typename"] == "SecondFactorChallenge"
    assert [is_open for _, is_open in await sessions_of(user, who.id)].count(True) == 0
    assert (await answered(user, reset["challenge"], wrong_code(who.secret)))["code"] == "WRONG_CODE"
    tokens = await answered(user, reset["challenge"], code_of(who.secret))
    assert tokens["__typename"] == "SessionConfirmSuccess"


async def test_a_recovery_code_is_good_once_and_told(user: Served) -> None:
    who = await protect(user)
    await mailed(user, to=who.account.email)
    code = who.recovery_codes[3]
    first = await answered(user, await challenged(user, who.account), f" {code.upper().replace('-', ' ')} ")
    assert first["__typename"] == "SessionConfirmSuccess"
    assert (await viewer_of(user, first["accessToken"])).methods == {"pwd", "otp", "mfa"}
    assert (await answered(user, await challenged(user, who.account), code))["code"] == "WRONG_CODE"
    assert (await user.execute(ME, who.token)).data["me"]["recoveryCodesLeft"] == 9
    used = await published(user, who.id, "user.recovery_code_used")
    assert used == {"user.recovery_code_used": [{"user_id": who.id, "count": 9}]}
    [mail] = await mailed(user, to=who.account.email)
    assert "recovery code" in mail["Subject"]


async def test_of_one_recovery_code_used_twice_at_once_one_wins(user: Served) -> None:
    who = await protect(user)
    challenges = [await challenged(user, who.account) for _ in range(4)]
    code = who.recovery_codes[0]
    answers = await asyncio.gather(*[answered(user, challenge, code) for challenge in challenges])
    assert sorted(answer.get("code", "") for answer in answers) == ["", *["WRONG_CODE"] * 3]


async def test_new_recovery_codes_replace_the_old_ones(user: Served) -> None:
    who = await protect(user)
    codes = (await user.execute(REPLACE, who.token)).data["recoveryCodesReplace"]["recoveryCodes"]
    assert (len(set(codes)), set(codes) & set(who.recovery_codes)) == (10, set())
    challenge = await challenged(user, who.account)
    assert (await answered(user, challenge, who.recovery_codes[0]))["code"] == "WRONG_CODE"
    assert (await answered(user, challenge, codes[0]))["__typename"] == "SessionConfirmSuccess"
    subjects = [mail["Subject"] for mail in await mailed(user, to=who.account.email)]
    assert "Your account has new recovery codes" in subjects
    without = (await log_in(user, await open_account(user)))["accessToken"]
    assert problem(await user.execute(REPLACE, without)) == "ILLEGAL_STATE"


async def test_a_factor_is_removed_by_a_code_and_all_sessions_end(user: Served) -> None:
    who = await protect(user)
    second = await log_in_with_code(user, who)
    assert problem(await user.execute(REMOVE, who.token, code=wrong_code(who.secret))) == "WRONG_CODE"
    assert (await user.execute(ME, second["accessToken"])).data["me"]["secondFactorSince"] is not None
    removed = (await user.execute(REMOVE, who.token, code=who.recovery_codes[0])).data["totpRemove"]
    assert (await viewer_of(user, removed["accessToken"])).methods == {"pwd"}
    for ended in (who.token, second["accessToken"]):
        assert (await user.execute(ME, ended)).codes == ["UNAUTHENTICATED"]
    shown = (await user.execute(ME, removed["accessToken"])).data["me"]
    assert (shown["secondFactorSince"], shown["recoveryCodesLeft"]) == (None, 0)
    assert (await log_in(user, who.account))["accessToken"]
    assert "Your account has no second factor any more" in [
        mail["Subject"] for mail in await mailed(user, to=who.account.email)
    ]
    assert problem(await user.execute(REMOVE, removed["accessToken"], code="123456")) == "ILLEGAL_STATE"


async def test_concurrent_enrolments_make_one_factor(user: Served) -> None:
    account = await open_account(user)
    token = (await log_in(user, account))["accessToken"]
    enrolled = await asyncio.gather(*[user.execute(ENROL, token) for _ in range(5)])
    secrets = [answer.data["totpEnrol"]["secret"] for answer in enrolled]
    confirmed = [await user.execute(CONFIRM, token, code=code_of(secret)) for secret in secrets]
    assert [answer.data["totpConfirm"]["__typename"] for answer in confirmed].count("TotpConfirmSuccess") == 1
    assert problem(await user.execute(ENROL, token)) == "ILLEGAL_STATE"


async def test_of_one_confirmation_sent_twice_at_once_one_wins(user: Served) -> None:
    account = await open_account(user)
    token = (await log_in(user, account))["accessToken"]
    code = code_of((await user.execute(ENROL, token)).data["totpEnrol"]["secret"])
    answers = await asyncio.gather(*[user.execute(CONFIRM, token, code=code) for _ in range(4)])
    assert sorted(problem(answer) for answer in answers) == [*["ILLEGAL_STATE"] * 3, "TotpConfirmSuccess"]
    shown = (await user.execute(ME, token)).data["me"]
    assert shown["recoveryCodesLeft"] == 10


async def test_an_enrolment_that_nobody_confirms_is_over_after_ten_minutes(user: Served) -> None:
    account = await open_account(user)
    token = (await log_in(user, account))["accessToken"]
    secret = (await user.execute(ENROL, token)).data["totpEnrol"]["secret"]
    async with user.database.write() as session:
        over = dt.datetime.now(dt.UTC) - dt.timedelta(seconds=1)
        await session.execute(update(TotpFactor).where(TotpFactor.user_id == account.id).values(expires_at=over))
    assert problem(await user.execute(CONFIRM, token, code=code_of(secret))) == "ILLEGAL_STATE"
    who = await protect(user)
    await JOBS[USER_SYNC](user.runtime, {})
    async with user.database.read() as connection:
        kept = select(TotpFactor.user_id).where(TotpFactor.user_id.in_([account.id, who.id]))
        assert list(await connection.scalars(kept)) == [who.id]


async def test_staff_remove_the_factor_of_somebody_who_has_lost_it(
    user: Served, people: Identities, support: str
) -> None:
    who, chief = await protect(user), await protect(user)
    admin = people.token(chief.id, "ADMIN")
    challenge = await challenged(user, who.account)
    for token, code in ((support, "FORBIDDEN"), (who.token, "FORBIDDEN"), (None, "UNAUTHENTICATED")):
        assert problem(await user.execute(REMOVE_FOR, token, id=who.id)) == code
    assert problem(await user.execute(REMOVE_FOR, admin, id=chief.id)) == "ILLEGAL_STATE"
    assert problem(await user.execute(REMOVE_FOR, admin, id=new_id("usr"))) == "NOT_FOUND"
    assert (await user.execute(ME, who.token)).data["me"]["recoveryCodesLeft"] == 10
    removed = (await user.execute(REMOVE_FOR, admin, id=who.id)).data["userSecondFactorRemove"]
    assert removed["user"] == {"id": who.id, "secondFactorSince": None}
    assert (await user.execute(ME, who.token)).codes == ["UNAUTHENTICATED"]
    assert (await answered(user, challenge, code_of(who.secret)))["code"] == "INVALID_CHALLENGE"
    assert problem(await user.execute(REMOVE_FOR, admin, id=who.id)) == "ILLEGAL_STATE"
    told = await published(user, who.id, "user.second_factor_removed")
    assert told == {"user.second_factor_removed": [{"user_id": who.id, "by_staff": True}]}


async def test_an_unreadable_secret_leaves_the_recovery_codes(user: Served) -> None:
    """As after a change of PETPLUS_SECRET_KEY."""
    who = await protect(user)
    changed = user.runtime.settings.model_copy(update={"secret_key": OTHER_SECRET})
    async with user.database.write() as session:
        sealed = TotpSecrets(changed).seal(who.secret, who.id)
        await session.execute(update(TotpFactor).where(TotpFactor.user_id == who.id).values(sealed_secret=sealed))
    challenge = await challenged(user, who.account)
    assert (await answered(user, challenge, code_of(who.secret)))["code"] == "WRONG_CODE"
    assert (await answered(user, challenge, who.recovery_codes[0]))["__typename"] == "SessionConfirmSuccess"


async def test_an_export_tells_of_the_factor_and_holds_no_secret(user: Served) -> None:
    who = await protect(user)
    await challenged(user, who.account)
    document = (await user.execute(EXPORT, who.token)).data["accountExport"]["document"]
    assert all(f'"{name}"' in document for name in ("confirmed_at", "recoveryCodes", "openLogIns", "authenticated_at"))
    async with user.database.read() as connection:
        sealed = await connection.scalar(select(TotpFactor.sealed_secret).where(TotpFactor.user_id == who.id))
        hashes = list(await connection.scalars(select(RecoveryCode.code_hash).where(RecoveryCode.user_id == who.id)))
    assert [word for word in (who.secret, sealed, *hashes, *who.recovery_codes) if str(word) in document] == []


async def test_no_event_and_no_job_holds_a_secret(user: Served) -> None:
    who = await protect(user)
    challenge = await challenged(user, who.account)
    code = code_of(who.secret)
    await user.execute(ANSWER, challenge=challenge, code=code)
    await user.execute(ANSWER, challenge=await challenged(user, who.account), code=who.recovery_codes[0])
    said = str(await published(user, who.id))
    async with user.database.read() as connection:
        said += str((await connection.exec_driver_sql("SELECT encode(payload, 'escape') FROM pgqueuer")).all())
    secrets = (who.secret, challenge, *who.recovery_codes, *(one.replace("-", "") for one in who.recovery_codes))
    assert [word for word in secrets if word in said] == []


async def test_factors_of_many_users_cost_one_statement(user: Served, support: str) -> None:
    ids = [(await open_account(user)).id for _ in range(3)]
    query = """query ($all: [_Any!]!) {
      _entities(representations: $all) { ... on User { secondFactorSince recoveryCodesLeft } }
    }"""
    costs = []
    for asked in (ids[:1], ids):
        with user.statements() as sent:
            answer = await user.execute(query, support, all=[{"__typename": "User", "id": key} for key in asked])
        assert answer.data["_entities"] == [{"secondFactorSince": None, "recoveryCodesLeft": 0}] * len(asked)
        costs.append(len(sent))
    assert costs[0] == costs[1]

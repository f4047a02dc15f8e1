"""Root fields that change users."""

from typing import Annotated

import strawberry

from shared.graph.access import ANYBODY, OWN, rule, scoped, signed_in
from shared.graph.context import Info
from shared.security.pseudonyms import Pseudonymizer
from subgraphs.user.inputs import (
    AccountDeleteInput,
    AccountRegisterInput,
    EmailChangeInput,
    EmailVerificationRequestInput,
    EmailVerifyInput,
    PasswordChangeInput,
    PasswordResetInput,
    PasswordResetRequestInput,
    PreferencesUpdateInput,
    ProfileUpdateInput,
    SessionCreateInput,
    SessionRefreshInput,
    SessionRevokeInput,
    SessionsRevokeAllInput,
    UserRolesSetInput,
)
from subgraphs.user.loaders import ProfileById
from subgraphs.user.results import (
    AccountDeleteResult,
    AccountDeleteSuccess,
    AccountExportResult,
    AccountExportSuccess,
    AccountRegisterResult,
    AccountRegisterSuccess,
    EmailChangeResult,
    EmailChangeSuccess,
    EmailVerificationRequestResult,
    EmailVerificationRequestSuccess,
    EmailVerifyResult,
    EmailVerifySuccess,
    PasswordChangeResult,
    PasswordChangeSuccess,
    PasswordResetRequestResult,
    PasswordResetRequestSuccess,
    PasswordResetResult,
    PasswordResetSuccess,
    PreferencesUpdateResult,
    PreferencesUpdateSuccess,
    ProfileUpdateResult,
    ProfileUpdateSuccess,
    SessionCreateResult,
    SessionCreateSuccess,
    SessionRefreshResult,
    SessionRefreshSuccess,
    SessionRevokeResult,
    SessionRevokeSuccess,
    SessionsRevokeAllResult,
    SessionsRevokeAllSuccess,
    UserRolesSetResult,
    UserRolesSetSuccess,
)
from subgraphs.user.service import account_export as exporting
from subgraphs.user.service import accounts, erasure, registration
from subgraphs.user.service import email_verification as verifying
from subgraphs.user.service.mailed_tokens import ProofTokens
from subgraphs.user.service.password_check import PasswordCheck
from subgraphs.user.service.passwords import Passwords
from subgraphs.user.service.recovery import Recovery
from subgraphs.user.service.registration import MailLimits
from subgraphs.user.service.revocation import SessionRevoker
from subgraphs.user.service.sessions import Sessions
from subgraphs.user.types import Preferences, Session, User

CHECK_MAIL = "We have sent a mail to this address: follow what it says."


@strawberry.type
class Mutation:
    @strawberry.mutation(
        description="Ask for an account. Nothing is made yet: a mail goes to the address, and `emailVerify` opens the "
        "account with its token. The answer is the same for an address that has an account; its owner is told by mail.",
        metadata=ANYBODY,
    )
    async def account_register(
        self, info: Info, input: Annotated[AccountRegisterInput, strawberry.argument(description="The account.")]
    ) -> AccountRegisterResult:
        context = info.context
        limits, passwords = context.resource(MailLimits), context.resource(Passwords)
        receipt = await registration.register(context.database, passwords, limits, input, context.address)
        return AccountRegisterSuccess(receipt=strawberry.ID(receipt), message=CHECK_MAIL)

    @strawberry.mutation(
        description="Have the mail of a registration sent once more.",
        metadata=rule(remark="who holds the receipt"),
    )
    async def email_verification_request(
        self,
        info: Info,
        input: Annotated[EmailVerificationRequestInput, strawberry.argument(description="The registration.")],
    ) -> EmailVerificationRequestResult:
        context = info.context
        await registration.mail_again(context.database, context.resource(MailLimits), input.receipt, context.address)
        return EmailVerificationRequestSuccess(message=CHECK_MAIL)

    @strawberry.mutation(
        description="Prove by a mailed token that an address is one's own: opens the account that was registered, or "
        "moves an account to its new address.",
        metadata=rule(remark="who holds the mailed token"),
    )
    async def email_verify(
        self, info: Info, input: Annotated[EmailVerifyInput, strawberry.argument(description="The proof.")]
    ) -> EmailVerifyResult:
        context = info.context
        tokens, pseudonymizer = context.resource(ProofTokens), context.resource(Pseudonymizer)
        recovery = context.resource(Recovery)
        user_id, verified = await verifying.verify_email(context.database, tokens, pseudonymizer, recovery, input.token)
        return EmailVerifySuccess(user_id=strawberry.ID(user_id), verified=verified)

    @strawberry.mutation(
        description="Log in: exchange e-mail address and password for tokens. After ten wrong passwords within a "
        "minute further tries are `RATE_LIMITED`, however they are sent.",
        metadata=rule(remark="who knows the password"),
    )
    async def session_create(
        self, info: Info, input: Annotated[SessionCreateInput, strawberry.argument(description="The credentials.")]
    ) -> SessionCreateResult:
        context = info.context
        sessions = context.resource(Sessions)
        tokens = await sessions.log_in(input.email, input.password, input.device, context.address)
        context.authenticate_as(tokens.profile.id)
        return SessionCreateSuccess.of(tokens)

    @strawberry.mutation(
        description="Exchange a refresh token for new tokens. Each is good for one use: used a second time it ends the "
        "session, with `REFRESH_TOKEN_REUSED`. Of requests under way at the same time one wins, and the others get "
        "`REFRESH_TOKEN_SPENT`.",
        metadata=rule(remark="who holds the refresh token"),
    )
    async def session_refresh(
        self, info: Info, input: Annotated[SessionRefreshInput, strawberry.argument(description="The token.")]
    ) -> SessionRefreshResult:
        context = info.context
        tokens = await context.resource(Sessions).refresh(input.refresh_token)
        context.authenticate_as(tokens.profile.id)
        return SessionRefreshSuccess.of(tokens)

    @strawberry.mutation(
        description="End a session: log out, here or elsewhere.",
        extensions=signed_in(),
        metadata=rule(owner=True, scope="users:write"),
    )
    async def session_revoke(
        self, info: Info, input: Annotated[SessionRevokeInput, strawberry.argument(description="The session.")]
    ) -> SessionRevokeResult:
        row = await info.context.resource(Sessions).end(info.context.viewer, input.session_id)
        return SessionRevokeSuccess(session=Session.from_row(row))

    @strawberry.mutation(
        description="End all of one's own sessions: log out everywhere.",
        extensions=signed_in(),
        metadata=OWN,
    )
    async def sessions_revoke_all(
        self, info: Info, input: Annotated[SessionsRevokeAllInput, strawberry.argument(description="Which of them.")]
    ) -> SessionsRevokeAllResult:
        revoked = await info.context.resource(Sessions).end_all(info.context.viewer, input.keep_current)
        return SessionsRevokeAllSuccess(revoked=revoked)

    @strawberry.mutation(
        description="Change one's own password; all other sessions end.",
        extensions=signed_in(),
        metadata=OWN,
    )
    async def password_change(
        self, info: Info, input: Annotated[PasswordChangeInput, strawberry.argument(description="Old and new.")]
    ) -> PasswordChangeResult:
        context = info.context
        recovery, session_id = context.resource(Recovery), context.viewer.session_id
        await recovery.change_password(context.user_id, session_id, input.current_password, input.new_password)
        profile = await context.loader(ProfileById).load(context.user_id)
        assert profile is not None  # noqa: S101 (its password has just been changed)
        return PasswordChangeSuccess(user=User.from_row(profile))

    @strawberry.mutation(
        description="Have a token for a new password mailed to an address. The answer is the same whether or not it "
        "has an account.",
        metadata=ANYBODY,
    )
    async def password_reset_request(
        self, info: Info, input: Annotated[PasswordResetRequestInput, strawberry.argument(description="The address.")]
    ) -> PasswordResetRequestResult:
        await info.context.resource(Recovery).ask_for_reset(input.email, info.context.address)
        return PasswordResetRequestSuccess(message=CHECK_MAIL)

    @strawberry.mutation(
        description="Set a new password with a mailed token. It ends all sessions and logs in, so that it is also the "
        "way in for somebody whose log-ins are refused because others guess at the password.",
        metadata=rule(remark="who holds the mailed token"),
    )
    async def password_reset(
        self, info: Info, input: Annotated[PasswordResetInput, strawberry.argument(description="Token and password.")]
    ) -> PasswordResetResult:
        context = info.context
        proof_id = context.resource(ProofTokens).read(input.token)
        sessions, recovery = context.resource(Sessions), context.resource(Recovery)
        device = sessions.check_device(input.device)
        profile = await recovery.reset_password(proof_id, input.password)
        tokens = await sessions.begin(profile, device, context.address)
        context.authenticate_as(profile.id)
        return PasswordResetSuccess.of(tokens)

    @strawberry.mutation(
        description="Ask for another address to log in with. A mail goes there, and `emailVerify` makes the change "
        "with its token; then the old address is told.",
        extensions=signed_in(),
        metadata=OWN,
    )
    async def email_change(
        self, info: Info, input: Annotated[EmailChangeInput, strawberry.argument(description="The address.")]
    ) -> EmailChangeResult:
        context = info.context
        recovery = context.resource(Recovery)
        await recovery.ask_for_change(context.user_id, input.email, input.password, context.address)
        return EmailChangeSuccess(message=CHECK_MAIL)

    @strawberry.mutation(
        description="Change one's own profile.",
        extensions=signed_in(),
        metadata=OWN,
    )
    async def profile_update(
        self, info: Info, input: Annotated[ProfileUpdateInput, strawberry.argument(description="The changes.")]
    ) -> ProfileUpdateResult:
        profile = await accounts.update_profile(info.context.database, info.context.user_id, input)
        return ProfileUpdateSuccess(user=User.from_row(profile))

    @strawberry.mutation(
        description="Change one's own preferences.",
        extensions=signed_in(),
        metadata=OWN,
    )
    async def preferences_update(
        self, info: Info, input: Annotated[PreferencesUpdateInput, strawberry.argument(description="The changes.")]
    ) -> PreferencesUpdateResult:
        preferences = await accounts.update_preferences(info.context.database, info.context.user_id, input)
        return PreferencesUpdateSuccess(preferences=Preferences.from_row(preferences))

    @strawberry.mutation(
        description="A copy of all personal data: what the account itself holds comes as a document, and the rest is "
        "to be selected below `user`, page by page.",
        extensions=signed_in(),
        metadata=OWN,
    )
    async def account_export(self, info: Info) -> AccountExportResult:
        profile, document = await exporting.export_account(info.context.database, info.context.user_id)
        name = f"{profile.id}.json"
        return AccountExportSuccess(filename=name, document=document, user=User.from_row(profile))

    @strawberry.mutation(
        description="Delete one's own account, and with it all personal data wherever the shop keeps them. "
        "Orders stay in the books without a name.",
        extensions=signed_in(),
        metadata=OWN,
    )
    async def account_delete(
        self, info: Info, input: Annotated[AccountDeleteInput, strawberry.argument(description="The confirmation.")]
    ) -> AccountDeleteResult:
        context = info.context
        check, revoker = context.resource(PasswordCheck), context.resource(SessionRevoker)
        pseudonymizer = context.resource(Pseudonymizer)
        await erasure.delete_account(context.database, check, pseudonymizer, revoker, context.user_id, input.password)
        return AccountDeleteSuccess(user_id=strawberry.ID(context.user_id))

    @strawberry.mutation(
        description="Set what a user may do. It ends their sessions.", extensions=scoped("users:write")
    )
    async def user_roles_set(
        self, info: Info, input: Annotated[UserRolesSetInput, strawberry.argument(description="User and roles.")]
    ) -> UserRolesSetResult:
        context = info.context
        revoker = context.resource(SessionRevoker)
        profile = await accounts.set_roles(context.database, revoker, input.user_id, input.version, input.roles)
        return UserRolesSetSuccess(user=User.from_row(profile))

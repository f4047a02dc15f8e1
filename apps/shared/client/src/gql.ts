/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** A passkey to log in with. */
export type PasskeyLoginInput = {
  /** A name for the device that is logged in, up to 200 characters; default: empty. */
  device?: string;
  /** The result of `navigator.credentials.get()` as JSON text: `JSON.stringify(credential)` in browsers, `authenticationResponseJson` on Android; up to 16,384 characters. */
  response: string;
};

/** A passkey to authenticate with once more. */
export type PasskeyReauthenticateInput = {
  /** The result of `navigator.credentials.get()` as JSON text, for the options of `passkeyReauthenticationStart`; up to 16,384 characters. */
  response: string;
};

/** Why a mutation did not succeed. New codes may be added: treat an unknown one by the type of its problem. */
export type ProblemCode =
  /** Staff have suspended the account. */
  | 'ACCOUNT_SUSPENDED'
  /** The challenge of the passkey has expired or was used. */
  | 'CHALLENGE_EXPIRED'
  /** The cart cannot be ordered as it is. */
  | 'CHECKOUT_REFUSED'
  /** Too many wrong codes were sent. */
  | 'CODES_LOCKED'
  /** A code of the second factor is required. */
  | 'CODE_REQUIRED'
  /** The current state of the object does not allow this. */
  | 'ILLEGAL_STATE'
  /** The user authenticated too long ago for this. */
  | 'INSUFFICIENT_USER_AUTHENTICATION'
  /** The challenge of the second factor is wrong or has expired. */
  | 'INVALID_CHALLENGE'
  /** The input breaks rules. */
  | 'INVALID_INPUT'
  /** The refresh token is wrong, or its session has ended. */
  | 'INVALID_REFRESH_TOKEN'
  /** The object does not exist or is not visible to the viewer. */
  | 'NOT_FOUND'
  /** A rate limit was reached. */
  | 'RATE_LIMITED'
  /** The refresh token was exchanged before and its successor used, so its session was ended. */
  | 'REFRESH_TOKEN_REUSED'
  /** The user authenticated again a moment ago, which replaced the refresh token. */
  | 'REFRESH_TOKEN_SPENT'
  /** The access token is missing or no longer accepted, or the viewer must log in. */
  | 'UNAUTHENTICATED'
  /** Something that this needs is unavailable. */
  | 'UNAVAILABLE'
  /** The object has changed since the client read it. */
  | 'VERSION_CONFLICT'
  /** The one-time code or recovery code is wrong or was used. */
  | 'WRONG_CODE'
  /** The e-mail address or the password is wrong. */
  | 'WRONG_CREDENTIALS'
  /** The answer of the passkey is not accepted. */
  | 'WRONG_PASSKEY'
  /** The password is wrong. */
  | 'WRONG_PASSWORD';

/** The second step of a log-in. */
export type SessionConfirmInput = {
  /** The `challenge` that `sessionCreate` or `passwordReset` returned, valid for five minutes. */
  challenge: string;
  /** The six-digit code that the user's app shows, or one of the recovery codes. Spaces are ignored. */
  code: string;
};

/** Credentials to log in with. */
export type SessionCreateInput = {
  /** A name by which the user recognises the device, such as `Anna's phone`; up to 200 characters, default: empty. */
  device?: string;
  /** The account's e-mail address. */
  email: string;
  /** The account's password. */
  password: string;
};

/** What proves once more that the user is present. Send exactly one of the two. */
export type SessionReauthenticateInput = {
  /** A code of the account's second factor, or one of the recovery codes. */
  code?: string | null | undefined;
  /** The account's password, if the account has no second factor. */
  password?: string | null | undefined;
};

/** A refresh token to exchange for new tokens. */
export type SessionRefreshInput = {
  /** The latest refresh token of the session, which cannot be used again; null for the one in the session cookie. */
  refreshToken?: string | null | undefined;
};

/** Which session to end. */
export type SessionRevokeInput = {
  /** The id of one of `User.sessions`; to log out, the one that is `current`. With the scope `users:write` any user's session can be ended. */
  sessionId: string | number;
};

/** A code that proves that the user's app holds the secret. */
export type TotpConfirmInput = {
  /** The six-digit code that the user's app shows. */
  code: string;
};

/** Confirms that the viewer's second factor is to be removed. */
export type TotpRemoveInput = {
  /** The six-digit code that the user's app shows, or one of the recovery codes. */
  code: string;
};

type ProblemFields_CheckoutRefusedProblem_Fragment = { __typename: 'CheckoutRefusedProblem', code: ProblemCode, message: string };

type ProblemFields_ConflictProblem_Fragment = { __typename: 'ConflictProblem', code: ProblemCode, message: string };

type ProblemFields_IllegalStateProblem_Fragment = { __typename: 'IllegalStateProblem', code: ProblemCode, message: string };

type ProblemFields_InvalidInputProblem_Fragment = { __typename: 'InvalidInputProblem', code: ProblemCode, message: string, fields: Array<{ __typename: 'InvalidField', path: string, code: string, message: string }> };

type ProblemFields_NotFoundProblem_Fragment = { __typename: 'NotFoundProblem', code: ProblemCode, message: string };

type ProblemFields_RateLimitedProblem_Fragment = { __typename: 'RateLimitedProblem', code: ProblemCode, message: string };

type ProblemFields_ReauthenticationProblem_Fragment = { __typename: 'ReauthenticationProblem', code: ProblemCode, message: string };

type ProblemFields_UnauthenticatedProblem_Fragment = { __typename: 'UnauthenticatedProblem', code: ProblemCode, message: string };

type ProblemFields_UnavailableProblem_Fragment = { __typename: 'UnavailableProblem', code: ProblemCode, message: string };

export type ProblemFieldsFragment =
  | ProblemFields_CheckoutRefusedProblem_Fragment
  | ProblemFields_ConflictProblem_Fragment
  | ProblemFields_IllegalStateProblem_Fragment
  | ProblemFields_InvalidInputProblem_Fragment
  | ProblemFields_NotFoundProblem_Fragment
  | ProblemFields_RateLimitedProblem_Fragment
  | ProblemFields_ReauthenticationProblem_Fragment
  | ProblemFields_UnauthenticatedProblem_Fragment
  | ProblemFields_UnavailableProblem_Fragment
;

export type SessionLogInMutationVariables = Exact<{
  input: SessionCreateInput;
}>;


export type SessionLogInMutation = { __typename: 'Mutation', sessionCreate:
    | { __typename: 'InvalidInputProblem', code: ProblemCode, message: string, fields: Array<{ __typename: 'InvalidField', path: string, code: string, message: string }> }
    | { __typename: 'RateLimitedProblem', code: ProblemCode, message: string }
    | { __typename: 'SecondFactorChallenge', challenge: string }
    | { __typename: 'SessionCreateSuccess', accessToken: string, expiresIn: number, refreshToken: string | null, secondFactorRequired: boolean }
    | { __typename: 'UnauthenticatedProblem', code: ProblemCode, message: string }
   };

export type SessionConfirmMutationVariables = Exact<{
  input: SessionConfirmInput;
}>;


export type SessionConfirmMutation = { __typename: 'Mutation', sessionConfirm:
    | { __typename: 'RateLimitedProblem', code: ProblemCode, message: string }
    | { __typename: 'SessionConfirmSuccess', accessToken: string, expiresIn: number, refreshToken: string | null, secondFactorRequired: boolean }
    | { __typename: 'UnauthenticatedProblem', code: ProblemCode, message: string }
   };

export type SessionRefreshMutationVariables = Exact<{
  input: SessionRefreshInput;
}>;


export type SessionRefreshMutation = { __typename: 'Mutation', sessionRefresh:
    | { __typename: 'SessionRefreshSuccess', accessToken: string, expiresIn: number, refreshToken: string | null, secondFactorRequired: boolean }
    | { __typename: 'UnauthenticatedProblem', code: ProblemCode, message: string }
   };

export type SessionReauthenticateMutationVariables = Exact<{
  input: SessionReauthenticateInput;
}>;


export type SessionReauthenticateMutation = { __typename: 'Mutation', sessionReauthenticate:
    | { __typename: 'IllegalStateProblem', code: ProblemCode, message: string }
    | { __typename: 'InvalidInputProblem', code: ProblemCode, message: string, fields: Array<{ __typename: 'InvalidField', path: string, code: string, message: string }> }
    | { __typename: 'NotFoundProblem', code: ProblemCode, message: string }
    | { __typename: 'RateLimitedProblem', code: ProblemCode, message: string }
    | { __typename: 'SessionReauthenticateSuccess', accessToken: string, expiresIn: number, refreshToken: string | null, secondFactorRequired: boolean }
    | { __typename: 'UnauthenticatedProblem', code: ProblemCode, message: string }
   };

export type SessionViewerQueryVariables = Exact<{ [key: string]: never; }>;


export type SessionViewerQuery = { __typename: 'Query', me: { __typename: 'User', id: string, name: string | null, email: string | null, scopes: Array<string> | null } | null };

export type SessionCurrentQueryVariables = Exact<{
  page: number;
}>;


export type SessionCurrentQuery = { __typename: 'Query', me: { __typename: 'User', id: string, sessions: { __typename: 'SessionConnection', nodes: Array<{ __typename: 'Session', id: string, current: boolean }> } | null } | null };

export type SessionEndMutationVariables = Exact<{
  input: SessionRevokeInput;
}>;


export type SessionEndMutation = { __typename: 'Mutation', sessionRevoke:
    | { __typename: 'NotFoundProblem', code: ProblemCode, message: string }
    | { __typename: 'SessionRevokeSuccess', session: { __typename: 'Session', id: string } }
    | { __typename: 'UnauthenticatedProblem', code: ProblemCode, message: string }
   };

type SessionParts_PasskeyLoginSuccess_Fragment = { __typename: 'PasskeyLoginSuccess', accessToken: string, expiresIn: number, refreshToken: string | null, secondFactorRequired: boolean };

type SessionParts_PasskeyReauthenticateSuccess_Fragment = { __typename: 'PasskeyReauthenticateSuccess', accessToken: string, expiresIn: number, refreshToken: string | null, secondFactorRequired: boolean };

type SessionParts_PasswordResetSuccess_Fragment = { __typename: 'PasswordResetSuccess', accessToken: string, expiresIn: number, refreshToken: string | null, secondFactorRequired: boolean };

type SessionParts_SessionConfirmSuccess_Fragment = { __typename: 'SessionConfirmSuccess', accessToken: string, expiresIn: number, refreshToken: string | null, secondFactorRequired: boolean };

type SessionParts_SessionCreateSuccess_Fragment = { __typename: 'SessionCreateSuccess', accessToken: string, expiresIn: number, refreshToken: string | null, secondFactorRequired: boolean };

type SessionParts_SessionReauthenticateSuccess_Fragment = { __typename: 'SessionReauthenticateSuccess', accessToken: string, expiresIn: number, refreshToken: string | null, secondFactorRequired: boolean };

type SessionParts_SessionRefreshSuccess_Fragment = { __typename: 'SessionRefreshSuccess', accessToken: string, expiresIn: number, refreshToken: string | null, secondFactorRequired: boolean };

type SessionParts_TotpConfirmSuccess_Fragment = { __typename: 'TotpConfirmSuccess', accessToken: string, expiresIn: number, refreshToken: string | null, secondFactorRequired: boolean };

type SessionParts_TotpRemoveSuccess_Fragment = { __typename: 'TotpRemoveSuccess', accessToken: string, expiresIn: number, refreshToken: string | null, secondFactorRequired: boolean };

export type SessionPartsFragment =
  | SessionParts_PasskeyLoginSuccess_Fragment
  | SessionParts_PasskeyReauthenticateSuccess_Fragment
  | SessionParts_PasswordResetSuccess_Fragment
  | SessionParts_SessionConfirmSuccess_Fragment
  | SessionParts_SessionCreateSuccess_Fragment
  | SessionParts_SessionReauthenticateSuccess_Fragment
  | SessionParts_SessionRefreshSuccess_Fragment
  | SessionParts_TotpConfirmSuccess_Fragment
  | SessionParts_TotpRemoveSuccess_Fragment
;

export type SessionPasskeyStartMutationVariables = Exact<{ [key: string]: never; }>;


export type SessionPasskeyStartMutation = { __typename: 'Mutation', passkeyLoginStart:
    | { __typename: 'PasskeyLoginStartSuccess', options: string }
    | { __typename: 'RateLimitedProblem', code: ProblemCode, message: string }
   };

export type SessionPasskeyLogInMutationVariables = Exact<{
  input: PasskeyLoginInput;
}>;


export type SessionPasskeyLogInMutation = { __typename: 'Mutation', passkeyLogin:
    | { __typename: 'InvalidInputProblem', code: ProblemCode, message: string, fields: Array<{ __typename: 'InvalidField', path: string, code: string, message: string }> }
    | { __typename: 'PasskeyLoginSuccess', accessToken: string, expiresIn: number, refreshToken: string | null, secondFactorRequired: boolean }
    | { __typename: 'RateLimitedProblem', code: ProblemCode, message: string }
    | { __typename: 'UnauthenticatedProblem', code: ProblemCode, message: string }
   };

export type SessionPasskeyProofStartMutationVariables = Exact<{ [key: string]: never; }>;


export type SessionPasskeyProofStartMutation = { __typename: 'Mutation', passkeyReauthenticationStart:
    | { __typename: 'IllegalStateProblem', code: ProblemCode, message: string }
    | { __typename: 'PasskeyReauthenticationStartSuccess', options: string }
    | { __typename: 'UnauthenticatedProblem', code: ProblemCode, message: string }
   };

export type SessionPasskeyProofMutationVariables = Exact<{
  input: PasskeyReauthenticateInput;
}>;


export type SessionPasskeyProofMutation = { __typename: 'Mutation', passkeyReauthenticate:
    | { __typename: 'InvalidInputProblem', code: ProblemCode, message: string, fields: Array<{ __typename: 'InvalidField', path: string, code: string, message: string }> }
    | { __typename: 'NotFoundProblem', code: ProblemCode, message: string }
    | { __typename: 'PasskeyReauthenticateSuccess', accessToken: string, expiresIn: number, refreshToken: string | null, secondFactorRequired: boolean }
    | { __typename: 'RateLimitedProblem', code: ProblemCode, message: string }
    | { __typename: 'UnauthenticatedProblem', code: ProblemCode, message: string }
   };

export type SessionTotpConfirmMutationVariables = Exact<{
  input: TotpConfirmInput;
}>;


export type SessionTotpConfirmMutation = { __typename: 'Mutation', totpConfirm:
    | { __typename: 'IllegalStateProblem', code: ProblemCode, message: string }
    | { __typename: 'NotFoundProblem', code: ProblemCode, message: string }
    | { __typename: 'ReauthenticationProblem', code: ProblemCode, message: string }
    | { __typename: 'TotpConfirmSuccess', recoveryCodes: Array<string>, accessToken: string, expiresIn: number, refreshToken: string | null, secondFactorRequired: boolean }
    | { __typename: 'UnauthenticatedProblem', code: ProblemCode, message: string }
   };

export type SessionTotpRemoveMutationVariables = Exact<{
  input: TotpRemoveInput;
}>;


export type SessionTotpRemoveMutation = { __typename: 'Mutation', totpRemove:
    | { __typename: 'IllegalStateProblem', code: ProblemCode, message: string }
    | { __typename: 'NotFoundProblem', code: ProblemCode, message: string }
    | { __typename: 'RateLimitedProblem', code: ProblemCode, message: string }
    | { __typename: 'ReauthenticationProblem', code: ProblemCode, message: string }
    | { __typename: 'TotpRemoveSuccess', accessToken: string, expiresIn: number, refreshToken: string | null, secondFactorRequired: boolean }
    | { __typename: 'UnauthenticatedProblem', code: ProblemCode, message: string }
   };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}
export const ProblemFieldsFragmentDoc = new TypedDocumentString(`
    fragment ProblemFields on Problem {
  __typename
  code
  message
  ... on InvalidInputProblem {
    __typename
    fields {
      __typename
      path
      code
      message
    }
  }
}
    `, {"fragmentName":"ProblemFields"}) as unknown as TypedDocumentString<ProblemFieldsFragment, unknown>;
export const SessionPartsFragmentDoc = new TypedDocumentString(`
    fragment SessionParts on SessionTokens {
  __typename
  accessToken
  expiresIn
  refreshToken
  secondFactorRequired
}
    `, {"fragmentName":"SessionParts"}) as unknown as TypedDocumentString<SessionPartsFragment, unknown>;
export const SessionLogInDocument = new TypedDocumentString(`
    mutation SessionLogIn($input: SessionCreateInput!) {
  __typename
  sessionCreate(input: $input) {
    __typename
    ...SessionParts
    ... on SecondFactorChallenge {
      __typename
      challenge
    }
    ...ProblemFields
  }
}
    fragment ProblemFields on Problem {
  __typename
  code
  message
  ... on InvalidInputProblem {
    __typename
    fields {
      __typename
      path
      code
      message
    }
  }
}
fragment SessionParts on SessionTokens {
  __typename
  accessToken
  expiresIn
  refreshToken
  secondFactorRequired
}`, {"hash":"sha256:c996888aeadc62de4e22ffba912a143e0f30663fe728d7fa0442b54f5cc56735"}) as unknown as TypedDocumentString<SessionLogInMutation, SessionLogInMutationVariables>;
export const SessionConfirmDocument = new TypedDocumentString(`
    mutation SessionConfirm($input: SessionConfirmInput!) {
  __typename
  sessionConfirm(input: $input) {
    __typename
    ...SessionParts
    ...ProblemFields
  }
}
    fragment ProblemFields on Problem {
  __typename
  code
  message
  ... on InvalidInputProblem {
    __typename
    fields {
      __typename
      path
      code
      message
    }
  }
}
fragment SessionParts on SessionTokens {
  __typename
  accessToken
  expiresIn
  refreshToken
  secondFactorRequired
}`, {"hash":"sha256:658582d2790008f662b6336d639c7e2c96ced58142209d27f38b1e5f08ba626b"}) as unknown as TypedDocumentString<SessionConfirmMutation, SessionConfirmMutationVariables>;
export const SessionRefreshDocument = new TypedDocumentString(`
    mutation SessionRefresh($input: SessionRefreshInput!) {
  __typename
  sessionRefresh(input: $input) {
    __typename
    ...SessionParts
    ...ProblemFields
  }
}
    fragment ProblemFields on Problem {
  __typename
  code
  message
  ... on InvalidInputProblem {
    __typename
    fields {
      __typename
      path
      code
      message
    }
  }
}
fragment SessionParts on SessionTokens {
  __typename
  accessToken
  expiresIn
  refreshToken
  secondFactorRequired
}`, {"hash":"sha256:6b455e92bdb923c3ca9857cce3a24c3ec3ea1ad7323d1c8f83be1b6a7bd5fcc3"}) as unknown as TypedDocumentString<SessionRefreshMutation, SessionRefreshMutationVariables>;
export const SessionReauthenticateDocument = new TypedDocumentString(`
    mutation SessionReauthenticate($input: SessionReauthenticateInput!) {
  __typename
  sessionReauthenticate(input: $input) {
    __typename
    ...SessionParts
    ...ProblemFields
  }
}
    fragment ProblemFields on Problem {
  __typename
  code
  message
  ... on InvalidInputProblem {
    __typename
    fields {
      __typename
      path
      code
      message
    }
  }
}
fragment SessionParts on SessionTokens {
  __typename
  accessToken
  expiresIn
  refreshToken
  secondFactorRequired
}`, {"hash":"sha256:6868a445738ee5442545e0c44f14a3fd6f6df94fba2214fc84cddbf0848d1095"}) as unknown as TypedDocumentString<SessionReauthenticateMutation, SessionReauthenticateMutationVariables>;
export const SessionViewerDocument = new TypedDocumentString(`
    query SessionViewer {
  __typename
  me {
    __typename
    id
    name
    email
    scopes
  }
}
    `, {"hash":"sha256:95ecd5c7ebea2e094de88288707733017a59f659863498edb44245336a8f0e69"}) as unknown as TypedDocumentString<SessionViewerQuery, SessionViewerQueryVariables>;
export const SessionCurrentDocument = new TypedDocumentString(`
    query SessionCurrent($page: Int!) {
  __typename
  me {
    __typename
    id
    sessions(first: $page) {
      __typename
      nodes {
        __typename
        id
        current
      }
    }
  }
}
    `, {"hash":"sha256:3d61113a20456673598c2043c41d013e1bf44a6171485c045cdb3c53fcc626c0"}) as unknown as TypedDocumentString<SessionCurrentQuery, SessionCurrentQueryVariables>;
export const SessionEndDocument = new TypedDocumentString(`
    mutation SessionEnd($input: SessionRevokeInput!) {
  __typename
  sessionRevoke(input: $input) {
    __typename
    ... on SessionRevokeSuccess {
      __typename
      session {
        __typename
        id
      }
    }
    ...ProblemFields
  }
}
    fragment ProblemFields on Problem {
  __typename
  code
  message
  ... on InvalidInputProblem {
    __typename
    fields {
      __typename
      path
      code
      message
    }
  }
}`, {"hash":"sha256:02a93f2aab1478a67c1f161bea6e1b654a09c0189db491541087c131e5409921"}) as unknown as TypedDocumentString<SessionEndMutation, SessionEndMutationVariables>;
export const SessionPasskeyStartDocument = new TypedDocumentString(`
    mutation SessionPasskeyStart {
  __typename
  passkeyLoginStart {
    __typename
    ... on PasskeyLoginStartSuccess {
      __typename
      options
    }
    ...ProblemFields
  }
}
    fragment ProblemFields on Problem {
  __typename
  code
  message
  ... on InvalidInputProblem {
    __typename
    fields {
      __typename
      path
      code
      message
    }
  }
}`, {"hash":"sha256:629413e90702a749354b3ea5c54cb48aa129db46a02100c7ec774625b9e5c8a7"}) as unknown as TypedDocumentString<SessionPasskeyStartMutation, SessionPasskeyStartMutationVariables>;
export const SessionPasskeyLogInDocument = new TypedDocumentString(`
    mutation SessionPasskeyLogIn($input: PasskeyLoginInput!) {
  __typename
  passkeyLogin(input: $input) {
    __typename
    ...SessionParts
    ...ProblemFields
  }
}
    fragment ProblemFields on Problem {
  __typename
  code
  message
  ... on InvalidInputProblem {
    __typename
    fields {
      __typename
      path
      code
      message
    }
  }
}
fragment SessionParts on SessionTokens {
  __typename
  accessToken
  expiresIn
  refreshToken
  secondFactorRequired
}`, {"hash":"sha256:842363d3006fe823a6bfa53ad782437d73a0cf8e643ec5beef7dc640725769bc"}) as unknown as TypedDocumentString<SessionPasskeyLogInMutation, SessionPasskeyLogInMutationVariables>;
export const SessionPasskeyProofStartDocument = new TypedDocumentString(`
    mutation SessionPasskeyProofStart {
  __typename
  passkeyReauthenticationStart {
    __typename
    ... on PasskeyReauthenticationStartSuccess {
      __typename
      options
    }
    ...ProblemFields
  }
}
    fragment ProblemFields on Problem {
  __typename
  code
  message
  ... on InvalidInputProblem {
    __typename
    fields {
      __typename
      path
      code
      message
    }
  }
}`, {"hash":"sha256:ce31d91f26dcae948deee2ffc3c6b14ce5873ef02282800f6c5601b45319a6ed"}) as unknown as TypedDocumentString<SessionPasskeyProofStartMutation, SessionPasskeyProofStartMutationVariables>;
export const SessionPasskeyProofDocument = new TypedDocumentString(`
    mutation SessionPasskeyProof($input: PasskeyReauthenticateInput!) {
  __typename
  passkeyReauthenticate(input: $input) {
    __typename
    ...SessionParts
    ...ProblemFields
  }
}
    fragment ProblemFields on Problem {
  __typename
  code
  message
  ... on InvalidInputProblem {
    __typename
    fields {
      __typename
      path
      code
      message
    }
  }
}
fragment SessionParts on SessionTokens {
  __typename
  accessToken
  expiresIn
  refreshToken
  secondFactorRequired
}`, {"hash":"sha256:beadbd17ccc7d75b3b2af9d60d86b0a036777eaa310fa809ae449a80dfd43296"}) as unknown as TypedDocumentString<SessionPasskeyProofMutation, SessionPasskeyProofMutationVariables>;
export const SessionTotpConfirmDocument = new TypedDocumentString(`
    mutation SessionTotpConfirm($input: TotpConfirmInput!) {
  __typename
  totpConfirm(input: $input) {
    __typename
    ...SessionParts
    ... on TotpConfirmSuccess {
      __typename
      recoveryCodes
    }
    ...ProblemFields
  }
}
    fragment ProblemFields on Problem {
  __typename
  code
  message
  ... on InvalidInputProblem {
    __typename
    fields {
      __typename
      path
      code
      message
    }
  }
}
fragment SessionParts on SessionTokens {
  __typename
  accessToken
  expiresIn
  refreshToken
  secondFactorRequired
}`, {"hash":"sha256:72bae9eac94f5433af0280ae246ec166ce9259fb9965a61616c3ae38ed60453f"}) as unknown as TypedDocumentString<SessionTotpConfirmMutation, SessionTotpConfirmMutationVariables>;
export const SessionTotpRemoveDocument = new TypedDocumentString(`
    mutation SessionTotpRemove($input: TotpRemoveInput!) {
  __typename
  totpRemove(input: $input) {
    __typename
    ...SessionParts
    ...ProblemFields
  }
}
    fragment ProblemFields on Problem {
  __typename
  code
  message
  ... on InvalidInputProblem {
    __typename
    fields {
      __typename
      path
      code
      message
    }
  }
}
fragment SessionParts on SessionTokens {
  __typename
  accessToken
  expiresIn
  refreshToken
  secondFactorRequired
}`, {"hash":"sha256:3996411a3a319fc13b88f278e09d118860d51ee9441e26609945df010de5084e"}) as unknown as TypedDocumentString<SessionTotpRemoveMutation, SessionTotpRemoveMutationVariables>;
"""Who calls and what that proves: access tokens, revocation, rate limits, signatures, sealed and pseudonymous data."""

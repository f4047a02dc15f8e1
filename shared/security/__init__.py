"""Authentication and data protection: access tokens, revocation, rate limits, signatures, sealing and pseudonyms."""

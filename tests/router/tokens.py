"""Access tokens as the user subgraph would sign them, and the key set that verifies them."""

import json
import time
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey

ISSUER, AUDIENCE = "https://allpetplus.example", "https://api.allpetplus.example"
KEY = ECKey.generate_key("P-256", {"kid": "key-1", "use": "sig", "alg": "ES256"})
NEXT_KEY = ECKey.generate_key("P-256", {"kid": "key-2", "use": "sig", "alg": "ES256"})


def key_set(*keys: ECKey) -> str:
    """Return the public halves of some keys as a JWKS."""
    return json.dumps({"keys": [key.as_dict(private=False) for key in keys]})


def token(subject: str = "usr_1", scope: str = "", key: ECKey = KEY, **changes: Any) -> str:
    """Return an access token; `changes` replaces claims, and None leaves one out."""
    claims = {"iss": ISSUER, "aud": AUDIENCE, "sub": subject, "exp": int(time.time()) + 300, "scope": scope} | changes
    kept = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode({"alg": "ES256", "kid": key.kid}, kept, key)

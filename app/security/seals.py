"""What the program must read again and nobody else may: sealed under the server's key (AES-256-GCM)."""

from hashlib import sha256

from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from app.domain.visitors import masked

_SEAL = {"alg": "dir", "enc": "A256GCM"}


def sealed(plain: str, server_key: bytes) -> str:
    """The text, encrypted: a copy of the database alone opens nothing."""
    return jwe.encrypt_compact(_SEAL, plain, _sealer(server_key))


def unsealed(text: str, server_key: bytes) -> str:
    """Open what `sealed` made. Raises JoseError where the server's key is another one."""
    return (jwe.decrypt_compact(text, _sealer(server_key)).plaintext or b"").decode()


def masked_phone(text: str, server_key: bytes) -> str | None:
    """A sealed phone as it is shown; None where it was sealed under another key."""
    try:
        return masked(unsealed(text, server_key))
    except JoseError:
        return None


def _sealer(server_key: bytes) -> OctKey:
    return OctKey.import_key(sha256(b"seal:" + server_key).digest())

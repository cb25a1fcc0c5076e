"""Password hashing (Argon2id, RFC 9106), in threads and only a few at a time: each takes 64 MiB."""

import asyncio
from dataclasses import dataclass, field
from unicodedata import normalize

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.security.secrets import made_password

_AT_ONCE = 2


@dataclass(frozen=True)
class NewPassword:
    """A password on its way into an account: hashed before the journal is taken."""

    hash: str
    shown: str | None = field(repr=False)
    """The words of a password that was made here; None where its giver knows them."""


class Passwords:
    """Hashes and checks passwords. Belongs to one running program."""

    def __init__(self, *, quick: bool = False) -> None:
        """`quick` is for tests: the same algorithm with the least work."""
        self._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1) if quick else PasswordHasher()
        self.turn = asyncio.Semaphore(_AT_ONCE)
        """Whoever hashes waits for it."""
        self._nobody = self._hasher.hash("nobody has this password")

    def hash(self, password: str) -> str:
        """Hash now, in this thread."""
        return self._hasher.hash(_as_one(password))

    async def new(self, given: str | None = None) -> NewPassword:
        """The password given, or one made here, hashed in a thread."""
        password = made_password() if given is None else given
        async with self.turn:
            hashed = await asyncio.to_thread(self.hash, password)
        return NewPassword(hashed, password if given is None else None)

    async def matches(self, password: str, stored: str | None) -> bool:
        """Whether the password is the stored one, in a turn. An unknown account (None) takes as long as a known one."""
        right = await asyncio.to_thread(self._check, password, stored or self._nobody)
        return right and stored is not None

    def _check(self, password: str, stored: str) -> bool:
        try:
            return self._hasher.verify(stored, _as_one(password))
        except (VerificationError, InvalidHashError):
            return False


def _as_one(password: str) -> str:
    """The same password from every keyboard: some send an accented letter as one sign, others as two."""
    return normalize("NFKC", password)

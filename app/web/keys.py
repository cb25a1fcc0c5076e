"""The keys that sign access tokens: kept sealed in the database, the first one made at the first start."""

from app import models
from app.database import Database
from app.queries.accounts import signing_keys
from app.security.tokens import Keyring, new_signing_key, sealed, unsealed


async def first_keyring(database: Database, server_key: bytes, *, issuer: str, audience: str) -> Keyring:
    """The keyring at the start of a process. Two first starts at once leave two keys, both good."""
    async with database.bookkeeping() as books:
        if not await signing_keys(books.session):
            key = new_signing_key()
            books.session.add(
                models.SigningKey(
                    kid=str(key.kid),
                    public=dict(key.as_dict(private=False)),
                    sealed=sealed(key, server_key),
                    created_at=books.at,
                )
            )
    return await keyring(database, server_key, like=Keyring((), issuer=issuer, audience=audience))


async def keyring(database: Database, server_key: bytes, *, like: Keyring) -> Keyring:
    """All keys that the database knows now, for the same issuer and audience."""
    async with database.reading() as reading:
        rows = await signing_keys(reading.session)
    keys = [unsealed(row.sealed, server_key) for row in rows]
    return Keyring(keys, issuer=like.issuer, audience=like.audience)

"""Proving that a phone is one's own."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.dialects.postgresql import insert

from app import models
from app.domain.messages import MessageKind
from app.domain.names import Language
from app.domain.roles import Permission
from app.domain.visitors import CODE_LIFE
from app.journal import Journal


@dataclass(frozen=True)
class NewPhoneCode:
    """A code for a phone, hashed and sealed before the journal is taken."""

    phone_mark: bytes
    code_hash: bytes
    sealed_phone: str
    sealed_code: str
    is_sent: bool
    """Whether it goes out: a phone gets a few an hour, whoever asks, and a mall sends so many."""
    wait: timedelta
    """How long until whoever asked may ask again."""


@dataclass(frozen=True)
class PhoneConfirmationView:
    """What is said to whoever asks for a code, the same for every phone."""

    expires_at: datetime
    next_allowed_at: datetime


async def confirm(journal: Journal, asked: NewPhoneCode, *, language: Language) -> PhoneConfirmationView:
    """Send a code to a phone; the one before is dead. Nothing is recorded: it is no history of the mall."""
    journal.caller.must(Permission.CONFIRM_PHONES, journal.mall_id)
    until = journal.at + CODE_LIFE
    if asked.is_sent:
        await _keep(journal, asked, until)
        message = models.Message(
            mall_id=journal.mall_id,
            kind=MessageKind.PHONE_CODE,
            language=language,
            created_at=journal.at,
            expires_at=until,
            sealed_phone=asked.sealed_phone,
            sealed_code=asked.sealed_code,
        )
        journal.session.add(message)
    return PhoneConfirmationView(until, journal.at + asked.wait)


async def _keep(journal: Journal, asked: NewPhoneCode, until: datetime) -> None:
    kept = models.PhoneConfirmation
    new = {"code_hash": asked.code_hash, "tries": 0, "expires_at": until}
    statement = insert(kept).values(mall_id=journal.mall_id, phone_mark=asked.phone_mark, **new)
    await journal.session.execute(
        statement.on_conflict_do_update(index_elements=[kept.mall_id, kept.phone_mark], set_=new)
    )

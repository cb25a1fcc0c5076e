"""Whose phone it is: codes that go to a phone, and what is typed of them.

A code is tried before the journal is taken and outside the act: a wrong one stays counted when the act is refused.
"""

from sqlalchemy import case, update

from app import models
from app.actions.visitors import NewPhoneCode
from app.auth.brute_force import attempt_key, register
from app.database import Database
from app.domain.errors import RateLimited
from app.domain.malls import MallRef
from app.domain.paces import CODES_OF_ADDRESS, CODES_OF_ASKER, CODES_OF_MALL, CODES_OF_PHONE
from app.domain.visitors import MOST_TRIES, ShownPhone, phone_of
from app.security.seals import sealed
from app.security.secrets import new_phone_code, phone_code_hash, phone_everywhere, phone_mark


class PhoneCodes:
    """The codes of one program's malls."""

    def __init__(self, database: Database, server_key: bytes) -> None:
        self._database, self._server_key = database, server_key

    async def new(self, mall: MallRef, address: str, written: str) -> NewPhoneCode:
        """A code for a phone, counted. Raises PhoneInvalid, PhoneForeign, or RateLimited.

        The refusal depends on what this address itself has asked for. That others ask for the same phone is not told:
        past its own pace, or the mall's, the phone gets no message, and the answer is the same. All but the mall's pace
        go over all malls.
        """
        phone = phone_of(written)
        mark = phone_mark(self._server_key, mall.id, phone)
        everywhere = phone_everywhere(self._server_key, phone).hex()
        of_asker = attempt_key("phone_code", everywhere, address)
        of_address = attempt_key("phone_code_address", address)
        wait = await register(self._database, {of_asker: CODES_OF_ASKER, of_address: CODES_OF_ADDRESS})
        code = new_phone_code()
        return NewPhoneCode(
            mark,
            phone_code_hash(self._server_key, mark, code),
            sealed(phone, self._server_key),
            sealed(code, self._server_key),
            is_sent=await self._has_room(mall, everywhere),
            wait=wait,
        )

    async def shown(self, mall: MallRef, written: str, code: str | None) -> ShownPhone:
        """A phone with the code that was typed for it, counted if it is wrong. Raises PhoneInvalid or PhoneForeign."""
        phone = phone_of(written)
        mark = phone_mark(self._server_key, mall.id, phone)
        if code is None:
            return ShownPhone(mark, None)
        if not await self._try(mall, mark, code):
            return ShownPhone(mark, is_proven=False)
        return ShownPhone(mark, is_proven=True, sealed=sealed(phone, self._server_key))

    async def _has_room(self, mall: MallRef, everywhere: str) -> bool:
        of_phone, of_mall = attempt_key("phone_code_phone", everywhere), attempt_key("phone_code_mall", mall.id)
        try:
            await register(self._database, {of_phone: CODES_OF_PHONE, of_mall: CODES_OF_MALL})
        except RateLimited:
            return False
        return True

    async def _try(self, mall: MallRef, mark: bytes, code: str) -> bool:
        """Whether the code is the phone's. One statement looks and counts: many at once are no more than in a row."""
        kept = models.PhoneConfirmation
        is_right = kept.code_hash == phone_code_hash(self._server_key, mark, code)
        async with self._database.without_journal() as unit:
            right = await unit.session.scalar(
                update(kept)
                .where(
                    kept.mall_id == mall.id,
                    kept.phone_mark == mark,
                    kept.tries < MOST_TRIES,
                    kept.expires_at > self._database.clock.of(mall.id, unit.at),
                )
                .values(tries=kept.tries + case((is_right, 0), else_=1))
                .returning(is_right),
                execution_options={"synchronize_session": False},
            )
        return bool(right)

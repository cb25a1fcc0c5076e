"""What visitors read on their phones."""

from app.domain.names import Language, LocalizedText
from app.domain.visitors import CODE_LIFE

_MINUTES = int(CODE_LIFE.total_seconds()) // 60


def phone_code(language: Language, mall_name: LocalizedText, code: str) -> str:
    """The code by which somebody proves that the phone is theirs."""
    name = mall_name[language.value]
    if language is Language.ID:
        return f"{name}: kode Anda {code}, berlaku {_MINUTES} menit. Jangan berikan kepada siapa pun."
    return f"{name}: your code is {code}, valid for {_MINUTES} minutes. Do not give it to anybody."


def ticket_near(language: Language, mall_name: LocalizedText, number: str, service_name: LocalizedText) -> str:
    """That the turn of a ticket is near."""
    name, service = mall_name[language.value], service_name[language.value]
    if language is Language.ID:
        return f"{name}: giliran nomor {number} ({service}) sudah dekat. Silakan bersiap di ruang tunggu."
    return f"{name}: the turn of number {number} ({service}) is near. Please be in the waiting area."
